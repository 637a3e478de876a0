"""What every rehearsal needs: the guide's blocks, a clean copy of the tree, and a drawing that must be read."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "deploy"
DRAWING = (ROOT / "docs" / "2048.json").read_bytes()
_PATIENCE = 60.0
_KEPT = re.compile(r"PIP_|SSL_CERT|REQUESTS_CA|PYENV_")
"""How this machine reaches packages and Pythons; nothing else of its environment is handed on."""

Environment = dict[str, str]


class MissingError(RuntimeError):
    """This machine lacks something that the rehearsal needs."""


def needs(*programs: str) -> None:
    """Raises MissingError unless all programs are installed."""
    absent = [program for program in programs if shutil.which(program) is None]
    if absent:
        raise MissingError(f"there is no {', '.join(absent)}")


def block(host: str, language: str, which: int = 0) -> str:
    """A code block of a guide: the `which`-th of that language."""
    guide = (GUIDES / f"{host}.md").read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    return str(found[which])


def files() -> list[str]:
    """What a commit of the present tree would hold."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in listed if (ROOT / name).is_file()]


def copy_tree(target: Path) -> None:
    """The present tree, as a clean clone would hold it."""
    for name in files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)


def make_repository(target: Path) -> None:
    """A repository with the present tree as its one commit, for the guides to clone."""
    copy_tree(target)
    who = ["-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet"], ["add", "--all"], [*who, "commit", "--quiet", "--message", "rehearsal"]):
        subprocess.run(["git", *command], cwd=target, check=True)


def environment(home: Path, **more: str) -> Environment:
    """A bare environment with `home` as home."""
    kept = {name: value for name, value in os.environ.items() if _KEPT.match(name)}
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(home), **kept, **more}


def run(script: str, cwd: Path, env: Environment) -> None:
    """Runs a block of a guide as the shell would; any command that fails ends it."""
    done = subprocess.run(["bash", "-euc", script], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{script}\nended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(address: str, body: bytes | None = None, **headers: str) -> tuple[int, str, bytes]:
    """(status, content type, body) of an answer; a body makes it a POST of JSON."""
    asked = urllib.request.Request(address, body, {"Content-Type": "application/json", **headers})  # noqa: S310 - ours
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - ours
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


def wait(address: str, process: subprocess.Popen[bytes] | None = None) -> None:
    """Waits until the server below `address` is ready."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and (process is None or process.poll() is None):
        try:
            if fetch(f"{address}/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"nothing ready at {address}")


def check_reading(address: str) -> None:
    """The drawing of a 2048 must be read there, and a wrong body refused as a problem."""
    status, _, body = fetch(f"{address}/api/v1/recognize", DRAWING)
    if status != 200 or json.loads(body)["text"] != "2048":
        raise RuntimeError(f"{address} answers {status}: {body[:300]!r}")
    status, kind, _ = fetch(f"{address}/api/v1/recognize", b"{")
    if (status, kind) != (400, "application/problem+json"):
        raise RuntimeError(f"{address} answers a bad request with {status} {kind}")


@contextmanager
def started(command: list[str], cwd: Path, env: Environment, **more: object) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a server until the block ends; it must then end well by itself."""
    process = subprocess.Popen(command, cwd=cwd, env=env, **more)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def disk(folder: Path) -> int:
    """MiB that a folder takes on disk, links counted once."""
    seen: dict[tuple[int, int], int] = {}
    for path in (folder, *folder.rglob("*")):
        stat = path.lstat()
        seen[stat.st_dev, stat.st_ino] = stat.st_blocks * 512
    return -(-sum(seen.values()) // 2**20)

"""Heroku and hosts like it: a build from three files, a compressed slug, and 512 MB of memory."""

from __future__ import annotations

import fnmatch
import os
import shutil
import signal
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.benchmarks.serving_bodies import BODIES, line, post
from model.benchmarks.serving_load import load
from model.benchmarks.serving_process import pss
from scripts.rehearsals.stage import check_reading, copy_tree, environment, free_port, needs, run, started, wait

SLUG = 170
"""MB that the compressed packages and our files may take; Heroku allows 500."""
MEMORY = 512
"""MB of the smallest dyno."""
_NAMES = {"requirements.txt", "uv.lock", "poetry.lock", "Pipfile.lock", "Pipfile", "pylock.toml", "setup.py"}
_REQUESTS = 1000
_CGROUP = Path("/sys/fs/cgroup/memory")


def rehearse() -> dict[str, int]:
    """Builds, weighs, and serves under a memory limit."""
    with tempfile.TemporaryDirectory() as scratch:
        app = Path(scratch, "app")
        copy_tree(app)
        python = "python" + (app / ".python-version").read_text().strip()
        needs(python)
        found = _NAMES & {path.name for path in app.iterdir()}
        if found != {"requirements.txt"}:
            raise RuntimeError(f"the buildpack refuses {' and '.join(sorted(found))}")
        for pattern in (app / ".slugignore").read_text().split():
            for path in [path for path in app.iterdir() if fnmatch.fnmatch(path.name, pattern.strip("/"))]:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        env = environment(Path(scratch))
        packages = app / ".heroku"
        run(f"{python} -m venv --without-pip {packages}", app, env)
        pip = f"{python} -m pip --python {packages}/bin/python --disable-pip-version-check"
        run(f"{pip} install --quiet --no-cache-dir --require-hashes -r requirements.txt", app, env)
        slug = _compressed(app)
        if slug > SLUG:
            raise RuntimeError(f"the slug has {slug} MB, at most {SLUG} are wanted")
        return {"slug": slug, "memory": _served(app, env)}


def _compressed(app: Path) -> int:
    """MB of the app in a compressed archive."""
    with tempfile.NamedTemporaryFile(suffix=".tar.gz") as file:
        with tarfile.open(file.name, "w:gz", compresslevel=6) as archive:
            archive.add(app, "app")
        return -(-Path(file.name).stat().st_size // 10**6)


def _served(app: Path, env: dict[str, str]) -> int:
    """Runs the line of Procfile as a dyno does; MB of memory after many requests."""
    port = free_port()
    kind, _, command = (app / "Procfile").read_text().strip().partition(": ")
    if kind != "web":
        raise RuntimeError(f"Procfile begins with {kind!r}")
    path = f"{app}/.heroku/bin:{env['PATH']}"
    dyno = {**env, "PATH": path, "PORT": str(port), "WEB_CONCURRENCY": "2", "GLYPHLINE_RATE_LIMIT": ""}
    with _limit() as enter, started(["bash", "-c", f"{enter}exec env {command}"], app, dyno) as web:
        wait(f"http://127.0.0.1:{port}", web)
        check_reading(f"http://127.0.0.1:{port}")
        mixed = [post(form, line(count)) for form in BODIES for count in (1, 3, 8)]
        found = load(port, mixed, clients=8, count=_REQUESTS)
        if found.lost or set(found.statuses) != {200}:
            raise RuntimeError(f"of {_REQUESTS} requests {found.lost} were lost, answered {dict(found.statuses)}")
        children = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split()
        taken = sum(pss(int(pid)) for pid in [web.pid, *children])
        web.send_signal(signal.SIGTERM)
        if web.wait(30):
            raise RuntimeError(f"ended with {web.returncode} after SIGTERM")
    if taken > MEMORY:
        raise RuntimeError(f"takes {taken:.0f} MB of {MEMORY}")
    return round(taken)


@contextmanager
def _limit() -> Iterator[str]:
    """A memory cgroup (version 1) where one can be made; gives the shell command by which a process enters it."""
    group = _CGROUP / f"glyphline-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text(f"{MEMORY * 10**6}")
    except OSError:
        yield ""
        return
    try:
        yield f"echo $$ > {group}/tasks; "
    finally:
        group.rmdir()

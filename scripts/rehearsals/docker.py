"""Docker: the image built and used by Buildah in a chroot, on a base of Debian's."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.rehearsals.stage import DRAWING, MissingError, check_reading, copy_tree, disk, free_port, needs, wait

_BASE = "localhost/glyphline-base"
_IMAGE = "localhost/glyphline"
_PACKAGES = "python3.11,python3.11-venv,python3-distutils,ca-certificates"
_HOSTS_FILES = ("/etc/ssl/certs", "/etc/pip.conf")
"""How this machine reaches packages: its certificates and pip's settings, lent to the build."""


def rehearse() -> dict[str, int]:
    """Builds the image, serves from it, reads a folder with it, and asks its health check."""
    engine = subprocess.run(["docker", "info"], capture_output=True, check=False) if shutil.which("docker") else None
    if engine and engine.returncode == 0:
        raise MissingError("Docker itself runs here: build and run the image as the guide says")
    needs("buildah", "debootstrap")
    if os.geteuid():
        raise MissingError("Buildah's chroot needs root")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        copy_tree(folder / "tree")
        with _buildah(folder) as buildah:
            _make_base(buildah, folder)
            lent = [f"--volume={path}:{path}:ro" for path in _HOSTS_FILES if Path(path).exists()]
            lent += [f"--env={name}" for name in os.environ if name.startswith(("PIP_", "SSL_CERT"))]
            build = ["build", "--isolation=chroot", "--pull=never", f"--build-arg=PYTHON={_BASE}", *lent]
            buildah(*build, f"--tag={_IMAGE}", "--format=docker", str(folder / "tree"))
            return _used(buildah, folder)


class _Buildah:
    def __init__(self, folder: Path) -> None:
        self.store = [f"--root={folder}/store", f"--runroot={folder}/run", "--storage-driver=vfs"]
        self.env = {**os.environ, "TMPDIR": str(folder), "BUILDAH_ISOLATION": "chroot"}

    def command(self, *arguments: str) -> list[str]:
        return ["buildah", *self.store, *arguments]

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, env=self.env, check=False)
        if done.returncode:
            raise RuntimeError(f"buildah {' '.join(arguments)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout.strip()


@contextmanager
def _buildah(folder: Path) -> Iterator[_Buildah]:
    buildah = _Buildah(folder)
    try:
        yield buildah
    finally:
        buildah("rm", "--all")


def _make_base(buildah: _Buildah, folder: Path) -> None:
    """A Debian with Python 3.11 under the name of the base image."""
    root = folder / "base"
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", "bookworm", str(root)],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    (root / "usr/local/bin/python").symlink_to("/usr/bin/python3.11")
    base = buildah("from", "scratch")
    buildah("add", "--quiet", base, str(root), "/")
    buildah("commit", "--quiet", base, _BASE)
    shutil.rmtree(root)


def _used(buildah: _Buildah, folder: Path) -> dict[str, int]:
    """Both ways of using the image, as its own user."""
    made = buildah("from", "--pull=never", _IMAGE)
    root = Path(buildah("mount", made))
    image = sum(disk(root / name) for name in ("opt/glyphline", "app"))
    entry = ["/app/scripts/entrypoint.sh"]
    drawings = folder / "drawings"
    drawings.mkdir(mode=0o755)
    (drawings / "2048.json").write_bytes(DRAWING)
    folder.chmod(0o755)
    read = buildah("run", f"--volume={drawings}:/data:ro", made, "--", *entry, "read", "/data")
    if "2048" not in read.replace("2048.json", ""):
        raise RuntimeError(f"the folder is read as {read!r}")
    port = free_port()
    env = [f"--env=PORT={port}", "--env=HOST=127.0.0.1", "--env=WEB_CONCURRENCY=1"]
    command = buildah.command("run", *env, made, "--", *entry)
    server = subprocess.Popen(command, env=buildah.env, start_new_session=True)
    try:
        wait(f"http://127.0.0.1:{port}", server)
        check_reading(f"http://127.0.0.1:{port}")
        buildah("run", *env, made, "--", "python", "/app/scripts/healthcheck.py")
        user = buildah("run", made, "--", "id", "-u")
        if user == "0":
            raise RuntimeError("the image runs as root")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)
    return {"image": image}

"""PythonAnywhere: a home of 512 MiB, the WSGI file under uWSGI, one process, no threads."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.rehearsals.stage import (
    block,
    check_reading,
    disk,
    environment,
    fetch,
    free_port,
    make_repository,
    needs,
    run,
    started,
    wait,
)

QUOTA = 512
"""MiB of disk of a free account."""


def rehearse() -> dict[str, int]:
    """Installs, serves, reads a drawing, and follows the guide's way to bring it up to date."""
    needs("git", "python3.11", "uwsgi")
    with tempfile.TemporaryDirectory() as scratch:
        repository, home = Path(scratch, "repository"), Path(scratch, "home")
        home.mkdir()
        make_repository(repository)
        with _quota(home):
            env = environment(home, GLYPHLINE=repository.as_uri())
            run(block("pythonanywhere", "sh", 0), home, env)
            file = home / "wsgi.py"
            file.write_text(block("pythonanywhere", "python"))
            port = free_port()
            command = ["uwsgi", "--plugin", "python3", "--http-socket", f"127.0.0.1:{port}", "--processes", "1"]
            command += ["--master", "--virtualenv", str(home / "venv"), "--wsgi-file", str(file), "--die-on-term"]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            with started([*command, "--lazy-apps"], home, env, **quiet) as process:
                wait(f"http://127.0.0.1:{port}", process)
                check_reading(f"http://127.0.0.1:{port}")
                if b"<canvas" not in fetch(f"http://127.0.0.1:{port}/")[2]:
                    raise RuntimeError("the page is not served")
                os.kill(process.pid, signal.SIGHUP)  # what Reload does
                wait(f"http://127.0.0.1:{port}", process)
                check_reading(f"http://127.0.0.1:{port}")
            run(block("pythonanywhere", "sh", 1), home, env)
            taken = disk(home)
    if taken > QUOTA:
        raise RuntimeError(f"takes {taken} MiB of {QUOTA}")
    return {"disk": taken}


@contextmanager
def _quota(home: Path) -> Iterator[None]:
    """Makes `home` a file system of that size where this may be done; what is too much then fails at once."""
    options = ["-t", "tmpfs", "-o", f"size={QUOTA}m,mode=0755", "tmpfs", str(home)]
    mounted = subprocess.run(["mount", *options], capture_output=True, check=False).returncode == 0
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(home)], check=True)

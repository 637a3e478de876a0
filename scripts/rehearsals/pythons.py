"""Every Python that the project allows: set up from the lock file, served, and read with."""

from __future__ import annotations

import re
import subprocess
import tempfile
import tomllib
from pathlib import Path

from scripts.rehearsals.stage import (
    ROOT,
    MissingError,
    check_reading,
    copy_tree,
    environment,
    free_port,
    run,
    started,
    wait,
)


def rehearse() -> dict[str, int]:
    """Serves and reads with each in turn; the minor versions of the first and the last, and how many they are."""
    minors = allowed()
    with tempfile.TemporaryDirectory() as scratch:
        for minor in minors:
            home = Path(scratch, str(minor))
            copy_tree(home)
            env = environment(home)
            if subprocess.run([f"python3.{minor}", "-c", ""], env=env, capture_output=True, check=False).returncode:
                raise MissingError(f"there is no python3.{minor} that runs")
            run(f"make .venv/installed PYTHON=python3.{minor}", home, env)
            text = subprocess.check_output(
                [home / ".venv/bin/python", "-m", "model", "read", "docs/2048.json"], cwd=home, env=env, text=True
            )
            if "docs/2048.json,2048," not in text:
                raise RuntimeError(f"python3.{minor} reads {text!r}")
            port = free_port()
            with started(["make", "serve", f"PORT={port}", f"PYTHON=python3.{minor}"], home, env) as server:
                wait(f"http://127.0.0.1:{port}", server)
                check_reading(f"http://127.0.0.1:{port}")
    return {"first": minors[0], "last": minors[-1], "count": len(minors)}


def allowed() -> range:
    """The minor versions of Python 3 that `pyproject.toml` names."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    low, high = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", asked).groups()  # type: ignore[union-attr]
    return range(int(low), int(high))

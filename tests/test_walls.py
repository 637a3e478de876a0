"""The walls between the parts, and what set-up may hold."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.txt", "requirements/train.txt", "requirements/test.txt"]

_LOADED = """
import importlib, json, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(package, "__path__", []), name + "."):
        if not found.name.endswith("__main__") and found.name != "webapp.wsgi":
            importlib.import_module(found.name)
print(json.dumps(sorted(sys.modules)))
"""


def loaded_with(*names: str) -> set[str]:
    """All modules in memory after importing `names` and everything in them, in a fresh process."""
    command = [sys.executable, "-c", _LOADED, *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def inside(modules: set[str], *roots: str) -> set[str]:
    return {name for name in modules if any(name == root or name.startswith(f"{root}.") for root in roots)}


def test_serving_never_loads_training() -> None:
    modules = loaded_with("webapp", "model.reading")
    assert {"webapp.api", "model.reading.recognizer"} <= modules
    assert not inside(modules, "tensorflow", "keras", "model.training")


def test_reading_knows_nothing_of_the_web() -> None:
    modules = loaded_with("model.reading")
    assert "model.reading.recognizer" in modules
    assert not inside(modules, "webapp", "flask", "werkzeug", "pydantic")


def test_reading_folders_needs_what_serving_needs_and_no_more() -> None:
    modules = loaded_with("model.folders", "model.commands.read")
    assert "model.folders.cores" in modules
    assert not inside(modules, "tensorflow", "keras", "tqdm", "matplotlib", "scipy", "webapp", "flask")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells a process's threads")
@pytest.mark.parametrize("name", ["webapp", "model.reading.recognizer", "model.folders.cores"])
def test_what_reads_starts_no_threads(name: str) -> None:
    count = f"import {name}, os; print(len(os.listdir('/proc/self/task')))"
    free = {key: value for key, value in os.environ.items() if not key.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", count], cwd=ROOT, env=free, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


def test_the_model_never_asks_for_the_web() -> None:
    # training is read and not imported: that would take TensorFlow ten seconds
    for path in (ROOT / "model").rglob("*.py"):
        lines = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(from|import)\s+(webapp|flask)\b", lines, re.MULTILINE), path


def pins(lock: str) -> dict[str, set[str]]:
    """Package → pinned versions, with the hashes that must stand below each."""
    found: dict[str, set[str]] = {}
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8"))
    for block in blocks:
        if block.startswith("#"):
            continue
        match = re.match(r"([a-z0-9-]+)==([^\s;]+)", block)
        assert match, block
        assert "--hash=sha256:" in block, block
        found.setdefault(match[1], set()).add(match[2])
    return found


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def test_the_locks_agree_and_serving_needs_no_tensorflow() -> None:
    serve, train, test = (pins(lock) for lock in LOCKS)
    assert not {"tensorflow", "tensorflow-cpu", "keras", "pytest", "playwright"} & serve.keys()
    assert {"tensorflow-cpu", "keras"} <= train.keys() <= test.keys()
    assert all(train[name] == versions for name, versions in serve.items())
    assert all(test[name] == versions for name, versions in train.items())


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_records_no_address_and_no_path(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if re.search(r"://|(^|[\s=@])/|--(index|extra|find)", line)]


def test_run_time_packages_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    asked = {
        block.split("==")[0]
        for block in re.split(r"\n(?=\S)", lock)
        if re.search(rf"#.*\b{project['name']} \(pyproject.toml\)", block)
    }
    assert asked == names(project["dependencies"])
    assert names(project["dependencies"]) <= pins("requirements.txt").keys()


def test_one_lock_file_at_the_root() -> None:
    # buildpacks refuse a root that names its packages in two ways
    known = {"requirements.txt", "uv.lock", "poetry.lock", "Pipfile.lock", "Pipfile", "pylock.toml"}
    assert [path.name for path in ROOT.iterdir() if path.name in known] == ["requirements.txt"]

"""What hosts need, and the guides to them: their blocks run, and their figures are those that were recorded."""

from __future__ import annotations

import importlib.util
import json
import os
import runpy
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from model.benchmarks.serving_page import with_tables
from scripts.rehearsals import nginx, pythons, stage
from scripts.rehearse import RECORDED, with_figures
from tests.test_walls import inside, loaded_with, pins

ROOT = Path(__file__).resolve().parent.parent
GUIDES = sorted((ROOT / "docs" / "deploy").glob("*.md"))
SPEED = ROOT / "model" / "benchmarks" / "serving.json"
FIGURES = json.loads(RECORDED.read_text())


def test_starting_loads_only_what_serving_needs() -> None:
    modules = loaded_with("webapp.wsgi")
    assert "model.reading.recognizer" in modules
    unwanted = ("tensorflow", "keras", "skimage", "scipy", "matplotlib", "pandas", "onnxruntime", "prometheus_client")
    assert not inside(modules, *unwanted)
    assert not inside(modules, "model.training", "model.benchmarks", "tqdm")


def test_the_packages_that_serve_fit_small_hosts() -> None:
    sizes = {}
    for name in pins("requirements.txt").keys() - {"colorama"}:  # which is for Windows
        sizes[name] = sum(file.size or 0 for file in distribution(name).files or ()) / 2**20
    assert sum(sizes.values()) < 330, sorted(sizes.items(), key=lambda item: -item[1])[:5]


def test_figures_that_hosts_limit() -> None:
    assert FIGURES["heroku"]["slug"] <= 170
    assert FIGURES["heroku"]["memory"] <= 512
    assert FIGURES["pythonanywhere"]["disk"] <= 512


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_figures_in_the_guides_are_those_recorded(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    assert with_figures(text, FIGURES) == text


@pytest.mark.skipif(not SPEED.exists(), reason="the server's speed was not recorded yet")
def test_tables_of_speed_are_those_recorded() -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    recorded = json.loads(SPEED.read_text())
    assert with_tables(page, recorded) == page


def test_the_version_of_python_is_one_that_the_project_allows() -> None:
    version = (ROOT / ".python-version").read_text().strip()
    assert int(version.split(".")[1]) in pythons.allowed()


def test_every_python_that_the_project_allows_was_rehearsed() -> None:
    allowed = pythons.allowed()
    assert FIGURES["pythons"] == {"first": allowed[0], "last": allowed[-1], "count": len(allowed)}


def test_procfile_names_the_server_and_the_hosts_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    kind, _, command = (ROOT / "Procfile").read_text().partition(":")
    assert kind == "web"
    assert command.split()[-2:] == ["gunicorn", "webapp.wsgi:app"]
    for pair in command.split()[:-2]:
        monkeypatch.setenv(*pair.split("=", 1))
    monkeypatch.setenv("PORT", "1234")
    monkeypatch.setenv("WEB_CONCURRENCY", "7")
    settings = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert settings["bind"] == "0.0.0.0:1234"
    assert settings["workers"] == 7
    assert settings["preload_app"] is True
    monkeypatch.setenv("HOST", "::1")
    monkeypatch.delenv("WEB_CONCURRENCY")
    settings = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert settings["bind"] == "[::1]:1234"
    assert 1 <= settings["workers"] <= (os.cpu_count() or 1)


def test_the_wsgi_file_of_the_guide_serves(tmp_path: Path) -> None:
    (tmp_path / "glyphline").symlink_to(ROOT)
    file = tmp_path / "wsgi.py"
    call = """
from werkzeug.test import Client
answer = Client(application).post("/api/v1/recognize", data=sys.stdin.buffer.read(), content_type="application/json")
print(answer.status_code, answer.get_json()["text"])
"""
    file.write_text(stage.block("pythonanywhere", "python") + call)
    environment = {**os.environ, "HOME": str(tmp_path)}
    command = [sys.executable, str(file)]
    done = subprocess.run(command, input=stage.DRAWING, env=environment, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.decode().split()[-2:] == ["200", "2048"]


@pytest.mark.skipif(shutil.which("nginx") is None, reason="there is no nginx")
def test_everything_works_behind_nginx_below_a_prefix() -> None:
    assert nginx.rehearse()["pages"] > 5


def test_the_image_is_made_of_files_that_are_there_and_let_through() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = [
        name for line in lines if line.startswith("COPY ") and "--from" not in line for name in line.split()[1:-1]
    ]
    assert {"model", "webapp", "requirements.txt"} <= set(copied)
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for name in copied:
        assert (ROOT / name).exists(), name
        assert name in let_through, name
    assert any(line.startswith("USER ") and line.split()[1].partition(":")[0] not in ("root", "0") for line in lines)


def test_the_image_reads_as_well_as_it_serves(tmp_path: Path) -> None:
    (tmp_path / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (tmp_path / "python").chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    command = ["sh", str(ROOT / "scripts" / "entrypoint.sh"), "read", str(ROOT / "docs" / "2048.json")]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "2048" in done.stdout.replace("2048.json", "")


def test_a_block_that_fails_ends_its_rehearsal(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        stage.run("true\n(exit 3)\ntouch after", tmp_path, stage.environment(tmp_path))
    assert not (tmp_path / "after").exists()
    stage.run(": > before", tmp_path, stage.environment(tmp_path))
    assert stage.disk(tmp_path) <= 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "nowhere"], "nowhere"),
        (["--backend", "keras", "--model", "nowhere"], "no Keras weights"),
    ],
)
def test_a_model_that_cannot_be_used_is_told_in_one_line(arguments: list[str], said: str) -> None:
    if "keras" in arguments and importlib.util.find_spec("keras") is None:
        pytest.skip("there is no Keras")
    command = [sys.executable, "-m", "webapp", "--port", "0", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [row for row in done.stderr.splitlines() if not row.startswith(("INFO", "WARNING", "I0", "W0"))]
    assert done.returncode == 2
    assert len(lines) == 1
    assert said in lines[0]

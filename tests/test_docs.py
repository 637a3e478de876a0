"""What the README says, done."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from model.benchmarks.forms import FORMS, png_of
from model.benchmarks.specimens import write

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(start: str) -> list[str]:
    return re.findall(rf"^{start} .*$", README, re.MULTILINE)


def test_the_curl_calls_work_as_printed(address: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "drawing.png").write_bytes(png_of(write("2048")))
    calls = commands("curl")
    assert len(calls) == 2
    for call in calls:
        local = call.replace("http://127.0.0.1:8000", address)
        done = subprocess.run(local, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True)  # noqa: S602
        assert done.stdout.startswith('{"text":"2048","confidence":'), call
        assert len(json.loads(done.stdout)["glyphs"]) == 4


def test_every_file_that_the_readme_names_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)
    named = re.findall(r"`((?:model|webapp|static|templates|tests)/[^`*]*)`", README)
    assert linked
    assert named
    for name in linked + named:
        assert (ROOT / name).exists(), name


def test_every_command_line_call_is_known() -> None:
    from model.__main__ import parser

    calls = commands("python -m model")
    assert calls
    for call in calls:
        parser().parse_args(call.split()[3:])


def test_every_make_target_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for call in commands("make"):
        assert f"\n{call.split()[1]}:" in makefile


def test_the_table_of_readings_is_the_recorded_one() -> None:
    recorded = json.loads((ROOT / "model/benchmarks/reading.json").read_text())
    exact = {(row["set"], row["form"]): f"{row['exact']:.3f}" for row in recorded}
    for title, name in (("CROHME numbers", "crohme-numbers"), ("UNIPEN numbers", "unipen-numbers")):
        cells = " | ".join(exact[name, form] for form in FORMS)
        assert re.search(rf"^\| {title} \| \d+ \| {re.escape(cells)} \|$", README, re.MULTILINE)

"""What docs/reading-folders.md says, done."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from model.__main__ import main, parser
from model.benchmarks.serving_page import table
from model.benchmarks.specimens import write
from model.commands.bench_read import photo_table
from model.training.forms import png_of

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reading-folders.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_command_works_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("scans/0001", "2048"), ("scans/0002", "731"), ("scans/three", "3"), ("more/deep/a", "47")):
        path = tmp_path / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png_of(write(text)))
    (tmp_path / "words.txt").write_text("2048\n731\n3\n")
    monkeypatch.chdir(tmp_path)
    told: list[str] = []
    for call in re.findall(r"^python -m model read .*$", TEXT, re.MULTILINE):
        words = shlex.split(call.partition(" < ")[0])[3:]
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((ROOT / "docs/2048.json").read_bytes())))
        assert main(words) == 0, call
        told.append(capsys.readouterr().out)
    assert len(told) >= 9
    read = re.findall(r"^(scans/\d+\.png,\d+),", TEXT, re.MULTILINE)
    assert read == re.findall(r"^(scans/\d+\.png,\d+),", told[0], re.MULTILINE)
    assert "051, scans/three.png\n" in "".join(told)
    assert (tmp_path / "why" / "scans" / "0001.png.html").exists()
    assert (tmp_path / "table.csv").read_text().splitlines()[2].startswith("more/deep/a.png,47,")


def test_its_options_are_those_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["read", "--help"])
    options = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help", "--line", "--model"}
    assert options == set(re.findall(r"--[a-z]+", TEXT)) - {"--data", "--record", "--part", "--max"}


def test_the_table_of_photos_is_the_recorded_one() -> None:
    recorded = json.loads((ROOT / "model/benchmarks/photos.json").read_text())
    assert table(photo_table(recorded)) in TEXT


def test_the_tables_of_folders_are_the_recorded_ones() -> None:
    recorded = json.loads((ROOT / "model/benchmarks/folder.json").read_text())
    assert set(recorded) == {"folder-kills", "folder-memory", "folder-share"}
    for name, rows in recorded.items():
        assert f"<!-- table {name} -->\n{table(rows)}\n" in TEXT


def test_what_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert links
    for link in links:
        assert (PAGE.parent / link).exists(), link

"""`python -m model read`: the forms it takes are the API's, its table, its page, and its errors of one line."""

from __future__ import annotations

import base64
import io
import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient

from model.__main__ import main
from model.benchmarks.forms import png_of
from model.benchmarks.specimens import write
from model.commands.drawings import load_drawing
from model.reading.ink import Stroke
from model.reading.recognizer import Recognizer

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "2048.json"
DRAWN = write("47").strokes


def painted(strokes: tuple[Stroke, ...]) -> str:
    """A data URL of strokes on a canvas of 260 by 160."""
    canvas = np.full((160, 260), 255, np.uint8)
    for stroke in strokes:
        cv2.polylines(canvas, [np.rint(stroke.points).astype(np.int32)], False, 0, 4, cv2.LINE_AA)
    return f"data:image/png;base64,{base64.b64encode(cv2.imencode('.png', canvas)[1].tobytes()).decode()}"


def columns(stroke: Stroke) -> dict[str, Any]:
    return {"x": stroke.points[:, 0].tolist(), "y": stroke.points[:, 1].tolist()}


BODIES: dict[str, dict[str, Any]] = {
    "points": {"strokes": [*map(columns, DRAWN), {"x": [], "y": []}], "alphabet": "digits"},
    "pictures": {"strokes": [{"image": painted((s,)), "x": 3, "y": 4, "t": [s.start, s.end]} for s in DRAWN]},
    "frames": {"frames": [{"image": painted(DRAWN[: i + 1]), "t": s.end} for i, s in enumerate(DRAWN)]},
    "image": {"image": painted(DRAWN), "pixel_ratio": 2, "alternatives": 1},
    "groups": {"strokes": list(map(columns, DRAWN)), "groups": [[0, 1], [2, 3]], "alphabet": "alphanumeric"},
    "lexicon": {"strokes": list(map(columns, DRAWN)), "lexicon": ["41", "47"]},
    "nothing": {"strokes": []},
}


@pytest.mark.parametrize("form", BODIES)
def test_a_body_is_read_as_the_api_reads_it(
    recognizer: Recognizer, client: FlaskClient, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "ink.json"
    path.write_text(json.dumps(BODIES[form]))
    drawing = load_drawing(str(path))
    reading = recognizer.read(drawing.ink, drawing.options)
    answer = client.post("/api/v1/recognize", json=BODIES[form]).get_json()
    assert (reading.text, reading.alphabet) == (answer["text"], answer["alphabet"])
    assert reading.confidence == pytest.approx(answer["confidence"], abs=1e-6)
    assert [list(glyph.strokes) for glyph in reading.glyphs] == [glyph["strokes"] for glyph in answer["glyphs"]]
    assert len(reading.alternatives) == len(answer["alternatives"])


def test_the_example_is_told_glyph_by_glyph(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(EXAMPLE)]) == 0
    first, second, *table = capsys.readouterr().out.splitlines()
    assert first == "2048"
    assert second.startswith("confidence 99.")
    rows = [[cell.strip() for cell in line.split("|")] for line in table[3:]]
    assert [(row[1], row[4]) for row in rows] == [("2", "0"), ("0", "1"), ("4", "2 3"), ("8", "4")]


def test_the_alphabet_of_the_command_goes_before_the_file_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(EXAMPLE), "--alphabet", "letters"]) == 0
    assert not any(char.isdigit() for char in capsys.readouterr().out.splitlines()[0])


def test_a_picture_and_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "drawing.png"
    path.write_bytes(png_of(write("47")))
    assert main(["read", str(path)]) == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(EXAMPLE.read_bytes())))
    assert main(["read", "-"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "47"
    assert "2048" in told


def test_a_line_of_an_ink_file_and_its_page(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = data / "ink" / "unipen_words.jsonl.xz", tmp_path / "why.html"
    assert main(["read", str(path), "--line", "6", "--explain", str(out)]) == 0
    assert capsys.readouterr().out.startswith("5\n")
    text = out.read_text(encoding="utf-8")
    assert "unipen_words.jsonl.xz, line 6" in text
    assert "<dt>written</dt><dd>5</dd>" in text


BAD: dict[str, tuple[bytes, list[str]]] = {
    "nothing.bin": (b"", []),
    "text.txt": (b"hello", []),
    "cut.json": (b'{"strokes":[', []),
    "list.json": (b"[]", []),
    "deep.json": (b'{"strokes":' + b"[" * 100_000, []),
    "forms.json": (b'{"strokes":[],"image":"x"}', []),
    "columns.json": (b'{"strokes":[{"x":[1],"y":[1,2]}]}', []),
    "far.json": (b'{"strokes":[{"x":[1e39,1],"y":[1,2]}]}', []),
    "nan.json": (b'{"strokes":[{"x":[NaN],"y":[1]}]}', []),
    "word.json": (b'{"strokes":[{"x":"word","y":"word"}]}', []),
    "alphabet.json": (b'{"strokes":[],"alphabet":"runes"}', []),
    "picture.json": (b'{"image":"data:image/png;base64,AAAA"}', []),
    "twice.json": (b'{"strokes":[{"x":[1],"y":[1]}],"groups":[[0],[0]]}', []),
    "ink.jsonl": (b"{}\n", []),
    "short.jsonl": (b"", ["--line", "3"]),
    "zero.jsonl": (b"", ["--line", "0"]),
    "line.json": (b'{"strokes":[]}', ["--line", "3"]),
    "explain.json": (b'{"strokes":[]}', ["--explain", "why.txt"]),
    "model.json": (b'{"strokes":[]}', ["--model", "no/such/folder"]),
}


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_and_status_2(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, more = BAD[name]
    path = tmp_path / name
    path.write_bytes(data)
    assert main(["read", str(path), *more]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("python -m model: ")
    assert told.err.count("\n") == 1


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err

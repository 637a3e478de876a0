"""`python -m model read`: the forms it takes are the API's, its tables, its pages, and its errors."""

from __future__ import annotations

import base64
import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient
from test_sharelink import link as link_of
from test_sharelink import number, signed

from model.__main__ import main
from model.benchmarks.specimens import write
from model.folders.loading import load
from model.folders.sources import Sources
from model.reading.ink import Stroke
from model.reading.recognizer import Recognizer
from model.training.forms import png_of

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
    drawn = load(*Sources([str(path)])).drawn
    reading = recognizer.read(drawn.ink, drawn.options)
    answer = client.post("/api/v1/recognize", json=BODIES[form]).get_json()
    assert (reading.text, reading.alphabet) == (answer["text"], answer["alphabet"])
    assert reading.confidence == pytest.approx(answer["confidence"], abs=1e-6)
    assert [list(glyph.strokes) for glyph in reading.glyphs] == [glyph["strokes"] for glyph in answer["glyphs"]]
    assert len(reading.alternatives) == len(answer["alternatives"])


def table(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    """The CSV rows on standard output."""
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_one_drawing_is_told_glyph_by_glyph_and_has_its_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "why.html"
    assert main(["read", str(EXAMPLE), "--explain", str(out)]) == 0
    first, second, *told = capsys.readouterr().out.splitlines()
    assert first == "2048"
    assert second.startswith("confidence 99.")
    rows = [[cell.strip() for cell in line.split("|")] for line in told[3:]]
    assert [(row[1], row[4]) for row in rows] == [("2", "0"), ("0", "1"), ("4", "2 3"), ("8", "4")]
    assert "2048.json" in out.read_text(encoding="utf-8")


def test_a_table_has_a_row_a_drawing_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("47", "12", "3"):
        (tmp_path / f"{text}.png").write_bytes(png_of(write(text)))
    assert main(["read", str(EXAMPLE), str(tmp_path)]) == 0
    rows = table(capsys)
    assert [(Path(row["path"]).stem, row["text"]) for row in rows] == [(t, t) for t in ("2048", "12", "3", "47")]
    assert all(0.9 < float(row["confidence"]) <= 1 and row["error"] == "" for row in rows)


def test_three_pictures_give_three_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in "358":
        (tmp_path / f"{text}.png").write_bytes(png_of(write(text)))
    assert main(["read", str(tmp_path), "--code", "--upper"]) == 0
    codes = {"051": "3.png", "053": "5.png", "056": "8.png"}
    assert capsys.readouterr().out == "".join(f"{code}, {tmp_path / name}\n" for code, name in codes.items())


def test_a_row_a_character(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(EXAMPLE), "--characters"]) == 0
    rows = table(capsys)
    assert [(row["glyph"], row["text"]) for row in rows] == [("0", "2"), ("1", "0"), ("2", "4"), ("3", "8")]
    assert sorted(float(row["x"]) for row in rows) == [float(row["x"]) for row in rows]
    assert main(["read", str(EXAMPLE), "--characters", "--format", "jsonl"]) == 0
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(o["text"], f"{o['box']['width']:.1f}") for o in objects] == [(r["text"], r["width"]) for r in rows]


def test_json_lines_hold_the_alternatives(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(EXAMPLE), "--format", "jsonl"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["text"], answer["alphabet"], answer["alternatives"][0]["text"]) == ("2048", "digits", "2048")


def test_the_command_s_alphabet_and_words_go_before_the_file_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(EXAMPLE), "--alphabet", "letters"]) == 0
    assert not any(char.isdigit() for char in table(capsys)[0]["text"])
    words = tmp_path / "words.txt"
    words.write_text("1066\n2044\n")
    assert main(["read", str(EXAMPLE), "--lexicon", str(words)]) == 0
    assert table(capsys)[0]["text"] == "2044"


def test_upper_adds_up_what_differs_in_case_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ring.png"
    path.write_bytes(png_of(write("0")))
    assert main(["read", str(path), "--alphabet", "letters"]) == 0
    exact = table(capsys)[0]
    assert main(["read", str(path), "--alphabet", "letters", "--upper"]) == 0
    upper = table(capsys)[0]
    assert upper["text"] == exact["text"].upper() == "O"
    assert float(upper["confidence"]) > float(exact["confidence"])


def test_standard_input_may_be_one_drawing_or_one_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = EXAMPLE.read_bytes()
    line = json.dumps(json.loads(body)).encode() + b"\n"
    for given, names in (
        (body, ["-"]),
        (png_of(write("2048")), ["-"]),
        (line, ["-"]),
        (line * 3, ["-:1", "-:2", "-:3"]),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        assert main(["read", "-"]) == 0
        assert [(row["path"], row["text"]) for row in table(capsys)] == [(name, "2048") for name in names]


def test_a_share_link_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    strokes = [number(len(DRAWN))]
    last = np.zeros(2, int)
    for stroke in DRAWN:
        tenths = np.rint(stroke.points * 10).astype(int)
        steps = np.diff(tenths, axis=0, prepend=last[None])
        last = tenths[-1]
        strokes += [number(0), number(len(tenths)), *(signed(int(v)) for column in steps.T for v in column)]
    link = link_of(number(0), number(0), number(1), *strokes)
    assert main(["read", link]) == 0
    assert [(row["path"], row["text"]) for row in table(capsys)] == [(link, "47")]
    assert main(["read", link[:-5]]) == 1
    assert "damaged" in table(capsys)[0]["error"]


def test_a_line_of_an_ink_file_and_its_page(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = data / "ink" / "unipen_words.jsonl.xz", tmp_path / "why.html"
    assert main(["read", str(path), "--line", "6", "--explain", str(out)]) == 0
    assert capsys.readouterr().out.startswith("5\n")
    text = out.read_text(encoding="utf-8")
    assert "unipen_words.jsonl.xz:6" in text
    assert "<dt>written</dt><dd>5</dd>" in text


def test_a_folder_of_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("a.png", "deep/b.png"):
        (tmp_path / "in" / name).write_bytes(png_of(write("47")))
    assert main(["read", str(tmp_path / "in"), "--explain", str(tmp_path / "why")]) == 0
    assert [row["text"] for row in table(capsys)] == ["47", "47"]
    pages = sorted(path.name for path in (tmp_path / "why").rglob("*.html"))
    assert pages == ["a.png.html", "b.png.html"]
    assert main(["read", str(tmp_path / "in"), "--explain", str(tmp_path / "why.html")]) == 2


BROKEN: dict[str, bytes] = {
    "nothing.bin": b"",
    "text.txt": b"hello",
    "cut.json": b'{"strokes":[',
    "list.json": b"[]",
    "deep.json": b'{"strokes":' + b"[" * 100_000,
    "forms.json": b'{"strokes":[],"image":"x"}',
    "columns.json": b'{"strokes":[{"x":[1],"y":[1,2]}]}',
    "far.json": b'{"strokes":[{"x":[1e39,1],"y":[1,2]}]}',
    "nan.json": b'{"strokes":[{"x":[NaN],"y":[1]}]}',
    "word.json": b'{"strokes":[{"x":"word","y":"word"}]}',
    "alphabet.json": b'{"strokes":[],"alphabet":"runes"}',
    "picture.json": b'{"image":"data:image/png;base64,AAAA"}',
    "twice.json": b'{"strokes":[{"x":[1],"y":[1]}],"groups":[[0],[0]]}',
    "ink.jsonl": b"{}\n",
    "sample.jsonl": b'{"text":"1","glyphs":[{}],"strokes":[]}\n',
    "cut.jsonl.xz": b"\xfd7zXZ\0\0",
    "cut.tif": b"II*\0\x08",
    "cut.png": png_of(write("4"))[:100],
}


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
def test_what_is_broken_is_a_row_and_the_rest_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, data in BROKEN.items():
        (tmp_path / name).write_bytes(data)
    paths = [str(tmp_path / name) for name in (*BROKEN, "missing.json")]
    assert main(["read", *paths, str(EXAMPLE)]) == 1
    *rows, last = table(capsys)
    assert [row["path"].split(":")[0] for row in rows] == paths
    for row in rows:
        assert row["error"], row
        assert "\n" not in row["error"]
        assert row["text"] == row["confidence"] == ""
    assert (last["text"], last["error"]) == ("2048", "")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--explain", "why.txt"],
        ["--model", "no/such/folder"],
        ["--resume"],
        ["--code", "--format", "csv"],
        ["--jobs", "0"],
        ["--lexicon", "no/such/file"],
        ["--line", "0", "--explain", "why.html"],
        ["--explain", "why.html", "--out", "t.csv"],
        ["--explain", "why.html", "--code"],
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(EXAMPLE), *wrong]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("python -m model: ")
    assert told.err.count("\n") == 1


def test_a_folder_without_drawings_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("nothing drawn")
    assert main(["read", str(tmp_path)]) == 2
    assert "nothing to read" in capsys.readouterr().err

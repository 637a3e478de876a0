"""Ink of others, there and back, and any file told apart by what it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.benchmarks.specimens import write
from model.formats.columns import Columns, FormatError
from model.formats.files import read_ink
from model.formats.handwriting import from_handwriting, to_handwriting
from model.formats.inkml import from_inkml, to_inkml, truth
from model.formats.quick_draw import from_quick_draw, to_quick_draw
from model.formats.signature_pad import from_signature_pad, to_signature_pad
from model.reading.recognizer import Recognizer
from model.training.forms import png_of

# what six decimals hold
places = st.integers(-(10**9), 10**9).map(lambda n: n / 1000)


@st.composite
def drawings(draw: st.DrawFn, times: bool | None = None, pressure: bool = False) -> list[Columns]:
    timed = draw(st.booleans()) if times is None else times
    now, strokes = 0, []
    for count in draw(st.lists(st.integers(1, 6), max_size=4)):
        stroke = Columns(
            x=draw(st.lists(places, min_size=count, max_size=count)),
            y=draw(st.lists(places, min_size=count, max_size=count)),
        )
        if timed:
            steps = draw(st.lists(st.integers(0, 50), min_size=count, max_size=count))
            stroke["t"] = [float(now := now + step) for step in steps]
        if pressure:
            stroke["p"] = draw(st.lists(st.integers(0, 8).map(lambda n: n / 8), min_size=count, max_size=count))
        strokes.append(stroke)
    return strokes


SETTINGS = settings(max_examples=60)


@SETTINGS
@given(strokes=st.booleans().flatmap(lambda p: drawings(pressure=p)))
def test_inkml_there_and_back(strokes: list[Columns]) -> None:
    assert from_inkml(to_inkml(strokes)) == strokes


@SETTINGS
@given(strokes=drawings())
def test_quick_draw_there_and_back(strokes: list[Columns]) -> None:
    assert from_quick_draw(json.loads(json.dumps(to_quick_draw(strokes)))) == strokes


@SETTINGS
@given(strokes=drawings(times=True, pressure=True))
def test_signature_pad_there_and_back(strokes: list[Columns]) -> None:
    assert from_signature_pad(json.loads(json.dumps(to_signature_pad(strokes)))) == strokes


@SETTINGS
@given(strokes=drawings())
def test_handwriting_there_and_back(strokes: list[Columns]) -> None:
    begin = strokes[0].get("t", [0.0])[0] if strokes else 0.0
    for stroke in strokes:
        if "t" in stroke:
            stroke["t"] = [t - begin for t in stroke["t"]]
    assert from_handwriting(json.loads(json.dumps(to_handwriting(strokes)))) == strokes


CHANNELS = '<channel name="X"/><channel name="Y" orientation="-ve"/><channel name="T" units="s"/>'


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("<ink><trace>1 2, 3 4</trace></ink>", [{"x": [1, 3], "y": [2, 4]}]),
        ("<ink><trace>10-5 3, 4 -5,</trace></ink>", None),
        ("<ink><trace>10-5, 4 .5</trace></ink>", [{"x": [10, 4], "y": [-5, 0.5]}]),
        ("<ink><trace>1 2, '3 '4, 1 1, \"1 \"0, * *</trace></ink>", [{"x": [1, 4, 5, 7, 9], "y": [2, 6, 7, 8, 9]}]),
        ("<ink><trace>1 2, '3 4, !9 1</trace></ink>", [{"x": [1, 4, 9], "y": [2, 4, 1]}]),
        ("<ink><trace>#F -#A</trace></ink>", [{"x": [15], "y": [-10]}]),
        (
            '<ink><traceGroup><trace type="penUp">1 1</trace><trace>2 2</trace></traceGroup></ink>',
            [{"x": [2], "y": [2]}],
        ),
        (
            f"<ink><traceFormat>{CHANNELS}</traceFormat><trace>1 2 0.5, 3 4 1</trace></ink>",
            [{"x": [1, 3], "y": [-2, -4], "t": [500, 1000]}],
        ),
        (
            f"<ink><traceFormat>{CHANNELS}</traceFormat><trace>1 1 5</trace><trace>1 1 4</trace></ink>",
            [{"x": [1], "y": [-1]}] * 2,  # times that run backward are left out
        ),
        (
            f'<ink><traceFormat>{CHANNELS}</traceFormat><trace timeOffset="7">1 1 1</trace></ink>',
            [{"x": [1], "y": [-1], "t": [1007]}],
        ),
        (
            '<ink><definitions><traceFormat xml:id="a"><channel name="Y"/><channel name="X"/></traceFormat>'
            '<context xml:id="c" traceFormatRef="#a"/></definitions><trace contextRef="#c">1 2</trace></ink>',
            [{"x": [2], "y": [1]}],
        ),
        ('<ink><trace>1 1</trace><trace continuation="end">2 2</trace></ink>', [{"x": [1, 2], "y": [1, 2]}]),
        (
            '<ink><traceFormat><channel name="X" units="mm"/><channel name="Y" units="in"/></traceFormat>'
            "<trace>25.4 1</trace></ink>",
            [{"x": [96], "y": [96]}],
        ),
    ],
)
def test_what_inkml_may_say(document: str, expected: Any) -> None:
    if expected is None:
        with pytest.raises(FormatError, match="3 values"):
            from_inkml(document)
        return
    found = from_inkml(document)
    assert [{name: pytest.approx(column) for name, column in stroke.items()} for stroke in found] == expected


@pytest.mark.parametrize(
    "document",
    [
        "",
        "<svg/>",
        "<ink><trace>1 2</ink>",
        "<ink><trace>a b</trace></ink>",
        "<ink><trace>1e99 1</trace></ink>",
        "<ink><trace>1</trace></ink>",
        '<!DOCTYPE ink [<!ENTITY a "1 2">]><ink><trace>&a;</trace></ink>',
        '<ink><traceFormat><channel name="X"/></traceFormat><trace>1</trace></ink>',
        "<ink><trace>#FFFFFFFFFFFFFFFFFFFFFFFFFFF 1</trace></ink>",
        "<ink>" + "<traceGroup>" * 5,
    ],
)
def test_what_is_no_inkml(document: str) -> None:
    with pytest.raises(FormatError):
        from_inkml(document)


def test_inkml_may_say_what_was_written() -> None:
    assert truth('<ink><annotation type="truth">$2048$</annotation></ink>') == "2048"
    assert truth("<ink/>") is None


@pytest.mark.parametrize(
    "old", [[[{"x": 1, "y": 2, "time": 3}]], [{"points": [{"x": 1, "y": 2, "time": 3}], "color": "black"}]]
)
def test_signature_pads_of_all_ages(old: Any) -> None:
    assert from_signature_pad(old) == [{"x": [1], "y": [2], "t": [3]}]


SPECIMEN = [
    Columns(x=s.points[:, 0].tolist(), y=s.points[:, 1].tolist(), t=[8.0 * i + 1000 * n for i in range(len(s.points))])
    for n, s in enumerate(write("47").strokes)
]
FILES: dict[str, bytes] = {
    "a body": json.dumps({"strokes": SPECIMEN, "alphabet": "digits"}).encode(),
    "inkml": to_inkml(SPECIMEN).encode(),
    "inkml with a mark": b"\xef\xbb\xbf" + to_inkml(SPECIMEN).encode(),
    "quick draw": json.dumps({"word": "47", "drawing": to_quick_draw(SPECIMEN)}).encode(),
    "the drawing alone": json.dumps(to_quick_draw(SPECIMEN)).encode(),
    "signature_pad": json.dumps(to_signature_pad(SPECIMEN)).encode(),
    "handwriting": json.dumps(to_handwriting(SPECIMEN)).encode(),
    "a picture": png_of(write("47")),
}


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_file_reads_alike(recognizer: Recognizer, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "named anyhow"
    path.write_bytes(FILES[kind])
    (drawn,) = read_ink(path.read_bytes())
    assert recognizer.read(drawn.ink, drawn.options).text == "47"


def test_a_file_of_many_drawings() -> None:
    rows = [{"word": word, "drawing": [[[0, i], [5, 5], [0, 9]]]} for i, word in enumerate(("line", "dash"), 1)]
    drawn = read_ink("\n".join(map(json.dumps, rows)).encode())
    assert [d.written for d in drawn] == ["line", "dash"]
    assert [float(d.ink.strokes[0].points[-1, 0]) for d in drawn] == [1, 2]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"[]",
        b"{}",
        b'{"a": 1}',
        b"[1, 2]",
        b"[[[1], [2, 3]]]",
        b'[[{"x": 1}]]',
        b'[[{"x": 1, "y": true}]]',
        b'[[{"x": 1e7, "y": 1}]]',
        b'[[{"x": NaN, "y": 1}]]',
        b'{"strokes": [{"x": [NaN], "y": [1]}]}',
        b'{"strokes": [{"x": ["1"], "y": [1, 2]}]}',
        b'{"drawing": 5}',
        b"[" * 100_000,
        b'{"drawing": []}\n{"drawing": ',
        b"\x89PNG\r\n\x1a\n",
        b"<ink",
    ],
)
def test_a_file_of_something_else(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read_ink(data)
    assert str(caught.value)
    assert "\n" not in str(caught.value)

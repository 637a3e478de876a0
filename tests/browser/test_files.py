"""Files and links as functions, run in Chromium: what goes out comes back, and damage is told in words."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from model.reading.sharelink import parse_share_link

WAYS = "/static/js/ways"
EDGES: list[list[dict[str, Any]]] = [
    [{"x": [5], "y": [7.25], "t": [0]}],  # a dot
    [{"x": [-300.5, 1200], "y": [0, -0.01], "t": [12.5, 12.5]}, {"x": [0.05], "y": [0.15], "t": [99999999.99]}],
    [{"x": [1, 1, 1], "y": [2, 2, 2], "t": [0, 1, 2], "p": [0, 0.5, 1], "pointer": "pen", "width": 10}],
    [{"x": [999999.99], "y": [-999999.99], "t": [0]}],
]


def drawings(count: int = 30) -> list[list[dict[str, Any]]]:
    """Random ink at the page's own precision: hundredths of pixels and ms, thousandths of force."""
    random = np.random.default_rng(5)
    made = []
    for _ in range(count):
        now, strokes = float(random.uniform(0, 1e6)), []
        for _ in range(random.integers(1, 9)):
            n = int(random.integers(1, 60))
            steps = random.normal(0, 10 ** random.uniform(-1, 2), (2, n)).cumsum(axis=1) + random.uniform(
                0, 800, (2, 1)
            )
            t = now + random.exponential(6, n).cumsum()
            now = float(t[-1]) + 90
            stroke: dict[str, Any] = {"x": steps[0], "y": steps[1], "t": t}
            stroke = {name: [round(float(v), 2) for v in column] for name, column in stroke.items()}
            if random.random() < 0.3:
                stroke |= {"p": [round(float(p), 3) for p in random.random(n)], "pointer": "pen"}
            strokes.append(stroke)
        made.append(strokes)
    return [*made, *EDGES]


@pytest.fixture(scope="module")
def modules(browser: Browser, address: str) -> Iterator[Page]:
    """An empty page of the application's origin, to import modules into."""
    page = browser.new_page()
    page.goto(address + "/healthz")
    yield page
    page.close()


def run(page: Page, imports: str, file: str, body: str, given: Any = None) -> Any:
    """What `body` gives with `given` in its hands and `imports` from a module of the page."""
    return page.evaluate(f"async given => {{ const {{{imports}}} = await import('{WAYS}/{file}.js'); {body} }}", given)


def test_inkml_brings_the_ink_back_as_it_was(modules: Page) -> None:
    given = drawings()
    body = "return given.map(strokes => fromInkml(toInkml({strokes, width: 800, height: 300})));"
    for strokes, back in zip(given, run(modules, "toInkml, fromInkml", "formats/inkml", body, given), strict=True):
        kept = [{name: stroke[name] for name in ("x", "y", "t", "p") if name in stroke} for stroke in strokes]
        assert back == {"strokes": kept, "width": 800, "height": 300}


def test_json_brings_the_ink_back_as_it_was(modules: Page) -> None:
    given = drawings()
    body = (
        "return given.map(strokes => fromJson(JSON.stringify(contract("
        "{strokes, paper: {width: 800, height: 300}, alphabet: 'digits', words: ['12']}))));"
    )
    for strokes, back in zip(given, run(modules, "contract, fromJson", "formats/json", body, given), strict=True):
        kept = [{name: stroke[name] for name in ("x", "y", "t", "p") if name in stroke} for stroke in strokes]
        assert back == {"strokes": kept, "width": 800, "height": 300, "alphabet": "digits", "words": ["12"]}


def rounded(values: list[float], scale: int, first: float = 0) -> list[float]:
    return [math.floor(value * scale + 0.5) / scale - first for value in values]


def test_a_link_of_the_page_is_read_alike_by_the_page_and_by_python(modules: Page) -> None:
    given = drawings()
    body = (
        "return given.map(strokes => { const link = toFragment({strokes, width: 801, height: 3, alphabet: 'letters'});"
        " return [link, fromFragment(link)]; });"
    )
    for strokes, (link, page) in zip(
        given, run(modules, "toFragment, fromFragment", "share", body, given), strict=True
    ):
        python = parse_share_link("https://example.org/below/" + link)
        assert python == {
            "width": 801,
            "height": 3,
            "alphabet": "letters",
            "strokes": [{k: v for k, v in stroke.items() if k in "xytp"} for stroke in page["strokes"]],
        }
        begin = math.floor(strokes[0]["t"][0] + 0.5)
        for stroke, back in zip(strokes, page["strokes"], strict=True):
            assert back["x"] == pytest.approx(rounded(stroke["x"], 10), abs=1e-6)
            assert back["y"] == pytest.approx(rounded(stroke["y"], 10), abs=1e-6)
            assert back["t"] == rounded(stroke["t"], 1, begin)
            assert back.get("p", []) == pytest.approx(rounded(stroke.get("p", []), 100), abs=1e-9)
            assert back.get("width") == stroke.get("width")


def test_a_link_takes_about_four_characters_a_point(modules: Page) -> None:
    body = "const strokes = written('2048', {width: 800, height: 300}); return strokes;"
    strokes = run(modules, "written", "typing", body)
    link = run(modules, "toFragment", "share", "return toFragment({strokes: given, width: 800, height: 300});", strokes)
    assert len(link) < 4.5 * sum(len(stroke["x"]) for stroke in strokes) + 60


def test_a_damaged_link_is_told_in_words(modules: Page) -> None:
    good = run(modules, "toFragment", "share", "return toFragment({strokes: given});", EDGES[1])
    cuts = [good[:n] for n in range(len("#ink="), len(good))]
    swaps = [good[:n] + ("A" if good[n] != "A" else "Q") + good[n + 1 :] for n in range(len("#ink=1"), len(good))]
    body = (
        "return given.map(link => { try { fromFragment(link); return ''; }"
        " catch (error) { return `${error.constructor.name} ${error.message}`; } });"
    )
    told = run(modules, "fromFragment", "share", body, [*cuts, *swaps])
    assert set(told) == {"Unreadable This link is damaged: perhaps it was cut off on its way. Ask for it again."}
    newer = run(modules, "fromFragment", "share", body, ["#ink=2" + good[6:], "#other"])
    assert "newer Glyphline" in newer[0]
    assert "no ink" in newer[1]


BAD = {
    "formats/json": [
        '{"strokes": [{"x": [1',
        "[]",
        "null",
        "3",
        '{"strokes": []}',
        '{"strokes": [{"x": [], "y": []}]}',
        '{"strokes": [{"x": [1, 2], "y": [1]}]}',
        '{"strokes": [{"x": [1], "y": ["1"]}]}',
        '{"strokes": [{"x": [1], "y": [1e999]}]}',
        '{"strokes": [{"x": [1, 2], "y": [1, 2], "t": [5, 4]}]}',
        '{"strokes": [{"x": [1], "y": [null]}]}',
        '{"strokes": [{"image": "data:image/png;base64,AA", "x": 1, "y": 1}]}',
        '{"strokes": [7]}',
        json.dumps({"strokes": [{"x": [1], "y": [1]}] * 513}),
        json.dumps({"strokes": [{"x": [1] * 10_001, "y": [1] * 10_001}]}),
        json.dumps({"strokes": [{"x": [1] * 9_000, "y": [1] * 9_000}] * 6}),
    ],
    "formats/inkml": [
        "<ink><trace>1 2, 3",
        "<ink/>",
        "<ink><trace> , </trace></ink>",
        "<ink><trace>1 2, 3</trace></ink>",
        "<ink><trace>1 two</trace></ink>",
        "<html><body>Sign in</body></html>",
        '<ink><traceFormat><channel name="X"/><channel name="F"/></traceFormat><trace>1 2</trace></ink>',
    ],
    "formats/svg": [
        "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0",
        "<svg xmlns='http://www.w3.org/2000/svg'><rect width='4' height='4'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><path d='nonsense'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><path d='M'/><polyline points='nonsense'/></svg>",
        f"<svg xmlns='http://www.w3.org/2000/svg'><path d='{'M0 0h1' * 513}'/></svg>",
    ],
}


@pytest.mark.parametrize("file", BAD)
def test_a_damaged_file_is_told_in_words(modules: Page, file: str) -> None:
    name = {"formats/json": "fromJson", "formats/inkml": "fromInkml", "formats/svg": "fromSvg"}[file]
    body = (
        f"return given.map(text => {{ try {{ return 'taken: ' + JSON.stringify({name}(text)); }}"
        " catch (error) { return `${error.constructor.name}: ${error.message}`; } });"
    )
    for text, told in zip(BAD[file], run(modules, name, file, body, BAD[file]), strict=True):
        assert told.startswith("Unreadable: "), (text[:100], told)
        assert told.endswith("."), told


def test_inkml_of_other_programs(modules: Page) -> None:
    """Channels in any order, seconds, steps and changes of steps, traces with clocks of their own, lifted pens."""
    text = """<i:ink xmlns:i="http://www.w3.org/2003/InkML"><i:definitions><i:traceFormat>
      <i:channel name="Y"/><i:channel name="T" units="s"/><i:channel name="X"/></i:traceFormat></i:definitions>
      <i:traceGroup><i:trace>10 0 100, '2'.5"3, 2 .5 1</i:trace>
      <i:trace type="penUp">1 1 1</i:trace><i:trace>20 0 7, *!9 -3</i:trace></i:traceGroup></i:ink>"""
    back = run(modules, "fromInkml", "formats/inkml", "return fromInkml(given);", text)
    assert back["strokes"] == [
        {"y": [10, 12, 14], "x": [100, 103, 107], "t": [0, 500, 1000]},
        {"y": [20, 20], "x": [7, -3], "t": [1120, 10120]},
    ]
    plain = "<ink><trace>1 2, 3 4</trace><trace>5 6</trace></ink>"
    back = run(modules, "fromInkml", "formats/inkml", "return fromInkml(given);", plain)
    assert back["strokes"] == [{"x": [1, 3], "y": [2, 4], "t": [0, 8]}, {"x": [5], "y": [6], "t": [128]}]


def test_svg_of_other_programs(modules: Page) -> None:
    text = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><path d="M0 0H50"/></defs>
      <g transform="translate(10 20) scale(2)"><path d="M0 0H10M0 10h4"/><line x1="1" y1="2" x2="1" y2="22"/></g>
      <polyline points="0,0 8,0 8,8"/></svg>"""
    strokes = run(modules, "fromSvg", "formats/svg", "return fromSvg(given);", text)["strokes"]
    ends = [[stroke["x"][0], stroke["y"][0], stroke["x"][-1], stroke["y"][-1]] for stroke in strokes]
    wanted = [[10, 20, 30, 20], [10, 40, 18, 40], [12, 24, 12, 64], [0, 0, 8, 8]]
    for got, want in zip(ends, wanted, strict=True):
        assert got == pytest.approx(want, abs=0.01)
    corner = len(strokes[3]["x"]) // 2
    assert [strokes[3]["x"][corner], strokes[3]["y"][corner]] == pytest.approx([8, 0], abs=0.2)


@pytest.mark.parametrize("unit", [0.001, 1, 20_000])
def test_svg_is_followed_alike_whatever_its_unit(modules: Page, unit: float) -> None:
    """An arc, a dot and a line, each move but the first a step from where the pen was."""
    text = f"""<svg xmlns="http://www.w3.org/2000/svg"><g transform="scale({unit})">
      <path d="M2 12a10 10 0 0 1 20 0m-10 4h0m-10 4h20zm5 -2v-1"/></g></svg>"""
    strokes = run(modules, "fromSvg", "formats/svg", "return fromSvg(given);", text)["strokes"]
    arc, dot, flat, short = (np.array([stroke["x"], stroke["y"]]).T / unit for stroke in strokes)
    assert 400 < len(arc) < 600
    assert np.hypot(*(arc - (12, 12)).T) == pytest.approx(np.full(len(arc), 10), abs=0.05)
    assert dot == pytest.approx(np.array([[12, 16]]), abs=0.02)
    assert [*flat[0], *flat[-1]] == pytest.approx([2, 20, 2, 20], abs=0.02)
    assert [*short[0], *short[-1]] == pytest.approx([7, 18, 7, 17], abs=0.02)


def test_a_long_scribble_of_svg_is_followed_in_longer_steps(modules: Page) -> None:
    text = f"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0{'h300v1h-300v1' * 200}'/></svg>"
    [stroke] = run(modules, "fromSvg", "formats/svg", "return fromSvg(given);", text)["strokes"]
    assert 5000 < len(stroke["x"]) <= 10_000
    assert [min(stroke["x"]), max(stroke["x"]), stroke["y"][-1]] == pytest.approx([0, 300, 400], abs=15)


def test_every_character_is_written_at_a_persons_pace(modules: Page) -> None:
    chars = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    given = [*chars, "Two words here", "a b\tc", ""]
    body = "return given.map(text => written(text, {width: 600, height: 240}));"
    made = run(modules, "written", "typing", body, given)
    assert made.pop() == []
    for text, strokes in zip(given, made, strict=False):
        assert strokes, text
        clock = -200.0
        for stroke in strokes:
            x, y, t = np.array(stroke["x"]), np.array(stroke["y"]), np.array(stroke["t"])
            assert len(x) == len(y) == len(t) >= 2
            assert x.min() >= 0, text
            assert y.min() >= 0, text
            assert x.max() <= 600, text
            assert y.max() <= 240, text
            assert t[0] - clock >= 100  # the pen was in the air
            assert set(np.diff(t)) == {8}
            speed = np.hypot(np.diff(x), np.diff(y)) / 8
            assert speed.max() < 2.5, text  # CSS pixels a millisecond: a quick hand
            clock = float(t[-1])
    words = "return undrawable(given);"
    assert run(modules, "undrawable", "typing", words, "naïve 3.14 née") == ["ï", ".", "é"]


@pytest.mark.parametrize("text", ["0123456789", "Hello", "hello world", "The quick brown fox", "NOPQRSTUVWXYZ"])
def test_typed_text_is_read_as_typed(modules: Page, address: str, text: str) -> None:
    strokes = run(modules, "written", "typing", "return written(given, {width: 800, height: 400});", text)
    posted = modules.request.post(f"{address}/api/v1/recognize", data={"strokes": strokes})
    assert posted.json()["text"].replace("\n", " ") == text

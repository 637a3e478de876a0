"""The benchmark: what counts as right, how figures come about, which drawings are measured, and the page of errors."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.__main__ import main
from model.benchmarks.drawings import DRAWINGS, breaking, nothing, shown, straight
from model.benchmarks.reading import measure
from model.benchmarks.specimens import HAND, write
from model.benchmarks.suites import SUITES, lexicon_of, load_suite
from model.benchmarks.tally import Outcome, calibration_error, edit_distance, figures, grouped, touches
from model.benchmarks.worst import worst_page
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.training.forms import FLAT, FORMS
from model.training.inkdata import InkSample, is_validation


def number(text: str = "2048", groups: tuple[tuple[int, ...], ...] = ((0,), (1,), (2, 3), (4,))) -> InkSample:
    """Our own 2048, with any truth."""
    return InkSample("own/1", "own", text, tuple(zip(text, groups, strict=True)), write("2048"))


def outcomes(recognizer: Recognizer, *samples: InkSample, form: str = "points") -> list[Outcome]:
    return measure(recognizer, samples, Options("digits"), [form])[form]


def test_edits_are_counted() -> None:
    assert [edit_distance(*pair) for pair in (("", "abc"), ("12", "12"), ("kitten", "sitting"))] == [3, 0, 3]


def test_calibration_is_the_mean_gap_of_its_bins() -> None:
    sure = np.array([0.95, 0.95, 0.95, 0.95])
    assert calibration_error(sure, np.array([True, True, True, False])) == pytest.approx(0.2)
    assert calibration_error(np.array([0.25, 1.0]), np.array([False, True])) == pytest.approx(0.125)


@pytest.mark.parametrize("form", FORMS)
def test_a_right_reading_is_right_in_every_figure(recognizer: Recognizer, form: str) -> None:
    row = figures(outcomes(recognizer, number(), form=form))
    flat = form in FLAT
    assert (row["n"], row["exact"], row["any_case"], row["cer"], row["cut"]) == (1, 1, 1, 0, 1)
    assert (row["f1"], row["lattice"]) == (None if flat else 1, 1)
    assert row["calibration"] == pytest.approx(1 - (row["confidence"] or 0))
    stages = [row[f"ms_{stage}"] for stage in ("segment", "normalize", "classify", "text")]
    assert 0 < sum(stage or 0 for stage in stages) <= (row["ms_p50"] or 0)


def test_wrong_texts_and_cuts_count_by_how_wrong_they_are(recognizer: Recognizer) -> None:
    row = figures(outcomes(recognizer, number(), number("2047", ((0,), (1, 4), (2, 3), (0, 4)))))
    assert row["exact"] == 0.5
    assert row["cer"] == 1 / 8
    assert row["cut"] == 0.5
    assert row["f1"] == 2 * (4 + 2) / 16
    assert row["lattice"] == 0.5  # 0 and 8 stand too far apart to be one glyph


def test_of_nothing_only_nothing_is_right(recognizer: Recognizer) -> None:
    dash, two = (nothing(kind, paths) for kind, paths in (("dash", [straight(40, 60, 120, 62)]), ("two", HAND["2"][0])))
    two = replace(two, ink=write("2"))
    blank = nothing("blank", [])
    row = figures(outcomes(recognizer, dash, two, blank))
    assert row["exact"] == pytest.approx(2 / 3, abs=1e-4)
    assert row["answered"] == pytest.approx(1 / 3, abs=1e-4)
    assert row["cer"] is row["cut"] is row["f1"] is row["lattice"] is None


def test_touching_is_by_ink_and_not_by_boxes() -> None:
    assert not touches(number())
    seven, four = straight(0, 0, 50, 0), straight(40, 20, 40, 90)  # stands under the bar
    apart = replace(nothing("", [seven, four]), text="71", groups=(("7", (0,)), ("1", (1,))))
    assert not touches(apart)
    met = replace(nothing("", [seven, straight(40, 1, 40, 90)]), text="71", groups=apart.groups)
    assert touches(met)


def test_figures_are_broken_down_by_length_touch_and_drawing(recognizer: Recognizer) -> None:
    drawing = DRAWINGS["two 0 touching"](HAND, np.random.default_rng(0))
    parts = grouped(outcomes(recognizer, number(), replace(drawing, kind="zeros"), nothing("blank", [])))
    assert {name: {part: row["n"] for part, row in rows.items()} for name, rows in parts.items()} == {
        "length": {"2": 1, "4": 1},
        "touching": {"no": 1, "yes": 1},
        "drawing": {"zeros": 1, "blank": 1},
    }


def test_a_frame_sent_twice_and_the_edge_of_the_canvas() -> None:
    twice = DRAWINGS["a frame twice"](HAND, np.random.default_rng(0))
    assert [stroke.index for stroke in shown(twice, "frames").strokes] == [0, 1]
    cut = DRAWINGS["off the canvas"](HAND, np.random.default_rng(0))
    assert cut.edge is not None
    assert max(stroke.points[:, 0].max() for stroke in shown(cut, "points").strokes) > cut.edge + 1
    assert max(stroke.points[:, 0].max() for stroke in shown(cut, "pictures").strokes) <= cut.edge + 2


def test_whoever_lacks_a_character_draws_what_he_can() -> None:
    kinds = [
        drawing.kind for drawing in breaking([("one", {"1": HAND["1"], "2": HAND["2"]})], np.random.default_rng(0))
    ]
    assert kinds == ["a frame twice", "blank", "single dot", "dash", "scribble", "spiral"]


def test_suites_are_of_held_out_writers_and_always_the_same(data: Path) -> None:
    suite = SUITES["touching-numbers"]
    first, again = (load_suite(data / "ink", suite, 20) for _ in range(2))
    assert len(first) == 20
    assert all(is_validation(sample.writer) for sample in first)
    assert [sample.text for sample in first] == [sample.text for sample in again]
    assert np.array_equal(first[3].ink.strokes[0].points, again[3].ink.strokes[0].points)
    assert len({sample.name for sample in load_suite(data / "ink", SUITES["junk"], 20)}) == 2


def test_the_page_shows_what_was_misread_the_surest_first(recognizer: Recognizer) -> None:
    right, wrong, unsure = outcomes(recognizer, number(), number("<20>"), number("9999"))
    page = worst_page([("s", "points", o) for o in (right, replace(unsure, confidence=0.1), wrong)])
    assert page.count("<figure>") == page.count("<svg") == 2
    assert page.index("<b>&lt;20&gt;</b> read as <b>2048</b>") < page.index("<b>9999</b> read as <b>2048</b>")
    assert "<20>" not in page
    assert "http" not in page
    assert len(set(re.findall(r'stroke="(rgb[^"]*)"', page))) == 4  # a colour for each glyph


def test_the_command_prints_records_and_shows(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record, worst = tmp_path / "record.json", tmp_path / "worst"
    given = [
        "--data",
        str(data / "ink"),
        "--max",
        "6",
        "--form",
        "points",
        "--record",
        str(record),
        "--worst",
        str(worst),
    ]
    assert main(["bench", "reading", "--set", "composed-numbers", "--set", "junk", *given]) == 0
    rows = json.loads(record.read_text())
    assert [(row["set"], row["form"], row["n"]) for row in rows] == [
        ("composed-numbers", "points", 6),
        ("junk", "points", 6),
    ]
    assert set(rows[1]["by"]["drawing"]) == {"doodle", "strokes"}
    printed = capsys.readouterr().out
    assert "| composed-numbers | points | 6 | " in printed
    assert "| junk | points | drawing doodle | 3 | " in printed
    assert (worst / "index.html").read_text().startswith("<!doctype html>")


def test_a_lexicon_holds_what_was_written_and_others_up_to_its_size() -> None:
    others = [f"word{i}" for i in range(1000)]
    words = lexicon_of([number(), replace(number(), text="7"), replace(number(), text="word3")], others, 100)
    assert {"2048", "7", "word3"} <= set(words)
    assert len(words) == len(set(words)) == 100
    assert lexicon_of([number()], others[:5], 100) == ("2048", *others[:5])

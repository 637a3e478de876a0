"""Why a drawing was read so: the parts are the scores, and the page holds all of it and needs nothing else."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from model.benchmarks.specimens import digit_paths, timed, write
from model.explaining.explanation import Explanation, explain
from model.explaining.page import page
from model.reading.classify import Scores
from model.reading.features import GLYPH, PAIR
from model.reading.ink import Box, Ink, Stroke
from model.reading.joins import Joins, Judged, Perceptron
from model.reading.lattice import Lattice, Weights
from model.reading.proximity import Proximity
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.reading.segment import Cuts, Hypothesis
from model.training.forms import FORMS

ROOT = Path(__file__).resolve().parents[2]
SCRIBBLE = np.cumsum(np.random.default_rng(3).normal(0, 18, (60, 2)), axis=0).astype(np.float32) + 200
FOUR_AND_SCRIBBLE = timed([SCRIBBLE, *[path * 80 + np.array([500, 40], np.float32) for path in digit_paths("4")]])

DRAWINGS = {
    "number": (write("2048"), Options()),
    "number as letters": (write("2048"), Options("letters")),
    "pictures": (FORMS["pictures"](write("47")), Options()),
    "flat image": (FORMS["image"](write("47")), Options()),
    "groups": (write("44"), Options(groups=((0, 1), (2,)))),
    "word list": (write("2048"), Options(lexicon=("2098", "7777", "2o4B", "20é8", "<&\x00>"))),
    "no such word": (write("11"), Options(lexicon=("abcdefghij",))),
    "scribble": (timed([SCRIBBLE]), Options()),
    "scribble and number": (FOUR_AND_SCRIBBLE, Options()),
    "many glyphs": (write("204813579620481357962048"), Options()),
    "nothing": (Ink(()), Options()),
}


@pytest.fixture(scope="module", params=DRAWINGS)
def explanation(request: pytest.FixtureRequest, recognizer: Recognizer) -> Explanation:
    ink, options = DRAWINGS[request.param]
    return explain(recognizer.trace(ink, options))


def whole(explanation: Explanation) -> ElementTree.Element:
    return ElementTree.fromstring(page(explanation, "a <name> & more", "net 1").removeprefix("<!doctype html>"))  # noqa: S314


def classed(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [node for node in root.iter() if name in node.get("class", "").split()]


def test_a_reading_is_the_same_whether_it_is_explained_or_not(recognizer: Recognizer) -> None:
    trace = recognizer.trace(write("2048"), Options())
    assert trace.reading.alternatives == recognizer.read(write("2048")).alternatives


def test_the_score_of_every_way_is_the_sum_of_its_terms(explanation: Explanation) -> None:
    assert explanation.answer is explanation.ways[0]
    for way in explanation.ways:
        assert sum(way.terms().values()) == pytest.approx(way.score, abs=1e-9)


def test_what_is_said_of_a_rival_adds_up_to_its_lag(explanation: Explanation) -> None:
    lexicon = explanation.trace.options.lexicon is not None
    answer = explanation.answer
    for rival in explanation.rivals:
        lead = answer.score - rival.way.score
        if rival.way is answer or (lexicon and rival is explanation.rivals[0]):
            lead += sum(answer.spelling(explanation.labels, lexicon).values())
            lead -= sum(rival.way.spelling(rival.labels, lexicon).values())
        assert rival.lead == pytest.approx(lead, abs=1e-9)
        assert rival.lead >= -1e-9


def test_labels_that_differ_are_told_apart_by_their_probabilities(recognizer: Recognizer) -> None:
    found = explain(recognizer.trace(write("2048"), Options("digits")))
    first, second = found.trace.reading.alternatives[:2]
    assert found.rivals[0].text == second.text
    assert found.rivals[0].way is found.answer
    assert found.rivals[0].lead == pytest.approx(math.log(first.confidence / second.confidence), abs=1e-6)


def test_the_parts_are_what_the_features_weigh() -> None:
    shape = Hypothesis((0,), (0,), Box(0, 0, 1, 1), gap=0.2, pause=math.e, line=0, size=1, tears=1)
    dot = Stroke.from_points([0, 1], [0, 1], None, 0)
    cuts = Cuts((shape,), ((0,),), 1.0, Proximity.of((dot,), 1.0))
    given = {"class": 0.5, "classes": 1.0, "characters": 2.0, "gap": -2.0, "tears": -3.0, "pause": -0.5}
    glyph = Perceptron.by_hand(given, GLYPH)
    joins = Joins(glyph, Perceptron.by_hand({}, PAIR))
    lattice = Lattice(Judged(cuts, joins), _clear_scores(), "digits", Weights())
    parts = {name: float(values[0]) for name, values in lattice.parts.items()}
    assert parts["class"] == pytest.approx(1.5 * math.log(0.9), abs=1e-6)
    assert parts["character"] == pytest.approx(2 * math.log(0.8), abs=1e-6)
    assert parts["shape"] == pytest.approx(-2.0 * 0.2 - 3.0 - 0.5, abs=1e-6)
    assert sum(parts.values()) == pytest.approx(float(lattice.edges[0]))


def _clear_scores() -> Scores:
    p = np.full((1, 62), 0.1 / 61, np.float32)
    p[0, 7] = 0.9
    return Scores(np.log(p), np.log(np.float32([0.8])), np.log(np.float32([0.2])))


def test_the_page_is_well_formed_and_needs_nothing_else(explanation: Explanation) -> None:
    root = whole(explanation)
    assert not [node.tag for node in root.iter() if node.tag in ("script", "link", "iframe", "object")]
    for node in root.iter():
        for name, value in node.attrib.items():
            assert name not in ("href", "srcset"), value
            assert name != "src" or value.startswith("data:image/png;base64,")
    assert set(re.findall(r"url\(([^)]*)\)", ElementTree.tostring(root, "unicode"))) <= {"#hatch"}


def test_the_page_shows_every_glyph_and_hypothesis_and_the_rivals(explanation: Explanation) -> None:
    root = whole(explanation)
    cards = [next(iter(classed(card, "read"))).text for card in classed(root, "card")]
    answer = [label or "no character" for label in explanation.labels]
    assert cards[: len(answer)] == answer
    trace = explanation.trace
    assert len(classed(root, "ink")) >= len(trace.ink.strokes)
    assert len(classed(root, "bar")) == len(trace.cuts.hypotheses)
    assert len(classed(root, "best")) == len(answer)
    assert len(classed(root, "rival")) == len(explanation.rivals)
    quoted = [node.text for node in root.iter("q")]
    assert all(rival.text in quoted for rival in explanation.rivals if "\x00" not in rival.text)


def test_the_tooltip_of_a_bar_adds_up(explanation: Explanation) -> None:
    svg = "{http://www.w3.org/2000/svg}"
    for bar in classed(whole(explanation), "bar"):
        _, *lines = (bar.findtext(f"{svg}title") or "").splitlines()
        *parts, score = (float(line.split()[-1].replace("\N{MINUS SIGN}", "-")) for line in lines)
        assert sum(parts) == pytest.approx(score, abs=0.0006 * (len(parts) + 1))


def test_a_sure_number_has_a_runner_up_and_another_cut(thorough: Recognizer) -> None:
    found = explain(thorough.trace(write("2048"), Options()))
    same, other = found.rivals
    assert same.way.path.hypotheses == found.answer.path.hypotheses
    assert other.way.path.hypotheses != found.answer.path.hypotheses
    assert any(row.difference > 0 for row in other.rows)


def test_rejected_ink_is_hatched(recognizer: Recognizer) -> None:
    root = whole(explain(recognizer.trace(FOUR_AND_SCRIBBLE, Options())))
    kinds = [node.get("class") for node in classed(root, "ink")][:3]
    assert kinds == ["ink rejected", "ink g1", "ink g1"]
    assert "stroke: url(#hatch)" in (root.findtext("head/style") or "")


def test_explaining_asks_neither_for_training_nor_for_the_web() -> None:
    asked = "import sys, model.explaining.page; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"tensorflow", "keras", "flask", "pydantic", "webapp"}
    assert "model.training" not in done.stdout.split()

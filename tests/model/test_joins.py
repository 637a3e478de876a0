"""What is one glyph and what are two: the features, the networks, and how they are learned."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import check_grad

from model.benchmarks.specimens import write
from model.reading.classify import WEIGHTS, ModelError
from model.reading.features import GLYPH, PAIR, PairFeatures
from model.reading.joins import Joins, Judged, Perceptron
from model.reading.segment import segment
from model.training import crf
from model.training.crf import Field, fit
from model.training.joins import learn_joins, mean_joins

RNG = np.random.default_rng(2)


def random_network(inputs: int) -> Perceptron:
    return Perceptron(
        np.array(0.5), RNG.normal(size=inputs), RNG.normal(size=(inputs, 3)), RNG.normal(size=3), RNG.normal(size=3)
    )


JOINS = Joins(random_network(len(GLYPH)), random_network(len(PAIR)))


def test_features_are_finite_and_named() -> None:
    for text in ("1", "4715", "00"):
        cuts = segment(write(text))
        k = len(cuts.hypotheses)
        features = Judged(cuts, JOINS).features(*np.log(RNG.random((3, k))), lettered=True)
        assert features.shape == (k, len(GLYPH))
        assert np.isfinite(features).all()
        pairs = PairFeatures(cuts)([0] * k, list(range(k)))
        assert pairs.shape == (k, len(PAIR))
        assert np.isfinite(pairs).all()


def test_what_is_out_of_the_question_is_not_more_so() -> None:
    cuts = segment(write("1"))
    worst = Judged(cuts, JOINS).features(*np.full((3, len(cuts.hypotheses)), -1e9), lettered=False)
    assert np.isfinite(worst).all()
    assert np.abs(worst).max() < 100


def test_saved_networks_come_back(tmp_path: Path) -> None:
    joins = Joins(random_network(len(GLYPH)), random_network(len(PAIR)))
    joins.save(tmp_path)
    again = Joins.load(tmp_path)
    features = RNG.normal(size=(5, len(GLYPH)))
    assert again.glyph(features) == pytest.approx(joins.glyph(features), abs=0.05)


def test_the_mean_scores_as_its_members_do_on_average() -> None:
    several = [Joins(random_network(len(GLYPH)), random_network(len(PAIR))) for _ in range(3)]
    mean = mean_joins(several)
    glyphs, pairs = RNG.normal(size=(7, len(GLYPH))), RNG.normal(size=(7, len(PAIR)))
    assert mean.glyph(glyphs) == pytest.approx(np.mean([joins.glyph(glyphs) for joins in several], axis=0))
    assert mean.pair(pairs) == pytest.approx(np.mean([joins.pair(pairs) for joins in several], axis=0))


def test_half_of_what_was_known_is_kept(written: Path, tmp_path: Path) -> None:
    new, kept = tmp_path / "new", tmp_path / "kept"
    for folder in (new, kept):
        folder.mkdir()
        learn_joins(written, WEIGHTS, folder, count=8, keep=folder is kept)
    both, features = [Joins.load(WEIGHTS), Joins.load(new)], RNG.normal(size=(7, len(GLYPH)))
    expected = np.mean([joins.glyph(features) for joins in both], axis=0)
    assert Joins.load(kept).glyph(features) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("damage", ["{", "[]", '{"glyph": {}, "pair": {}}', "features", "shape"])
def test_a_damaged_file_is_named(damage: str, tmp_path: Path) -> None:
    Joins(random_network(len(GLYPH)), random_network(len(PAIR))).save(tmp_path)
    path = tmp_path / "joins.json"
    table = json.loads(path.read_text())
    if damage == "features":
        table["glyph"]["features"][0] = "colour"
    elif damage == "shape":
        table["pair"]["linear"].pop()
    path.write_text(json.dumps(table) if damage in ("features", "shape") else damage)
    with pytest.raises(ModelError, match=r"joins\.json"):
        Joins.load(tmp_path)


def lessons(count: int) -> Field:
    """Two ways a drawing: true is the one whose glyphs' first features are larger, whatever the second says."""
    field = Field()
    for _ in range(count):
        glyphs, pairs = RNG.normal(size=(4, 2)), RNG.normal(size=(2, 3))
        first = glyphs[:2, 0].sum() > glyphs[2:, 0].sum()
        field.add(glyphs, pairs, [((0, 1), (0,)), ((2, 3), (1,))], [0.0, 0.0], [bool(first), not first], 1.0)
    return field


def test_fitting_finds_what_tells_true_from_false() -> None:
    glyph, _, probability = fit(lessons(200), 2, np.random.default_rng(0))
    assert probability > 0.9
    low, high = glyph(np.array([[-1.0, 0.0], [1.0, 0.0]]))
    assert high - low > 1
    high, low = glyph(np.array([[0.0, 1.0], [0.0, -1.0]]))
    assert abs(high - low) < 1


def test_the_gradient_is_that_of_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = []

    def checked(loss, begin, **_):  # type: ignore[no-untyped-def]
        wrong.append(check_grad(lambda p: loss(p)[0], lambda p: loss(p)[1], begin))
        return type("Found", (), {"x": begin})

    monkeypatch.setattr(crf, "minimize", checked)
    fit(lessons(5), 3, np.random.default_rng(0))
    assert wrong[0] < 1e-4

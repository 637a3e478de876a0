"""Evaluation: intervals, what counts as right, calibration, judges, and the command with its report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.__main__ import main
from model.reading.alphabet import CLASSES
from model.reading.classify import WEIGHTS, Classifier, ModelError, Scores
from model.training.architectures import build
from model.training.data import GlyphSet, members
from model.training.datasets import official
from model.training.evaluation.answers import ALL, ANY_CASE_LETTERS, DIGITS, MERGED_47, Answers
from model.training.evaluation.figures import Measuring, Reliability, Result
from model.training.evaluation.intervals import share_interval, wilson
from model.training.evaluation.judges import KerasNets, load_judge
from model.training.evaluation.sets import EvaluationSet, SharedFolder, junk_of_pictures

ROOT = Path(__file__).resolve().parents[2]
EVEN = np.zeros(62, np.float32)


def glyphs(text: str) -> GlyphSet:
    allowed = np.stack([members(char) for char in text])
    return GlyphSet(np.zeros((len(text), 28, 28), np.uint8), allowed, np.zeros(len(text), bool))


def scores(*answers: dict[str, float]) -> Scores:
    """Log-probabilities with the given probabilities, and next to nothing for the rest."""
    p = np.full((len(answers), 62), 1e-9, np.float32)
    for row, answer in zip(p, answers, strict=True):
        for char, value in answer.items():
            row[CLASSES.index(char)] = value
    return Scores(np.log(p / p.sum(axis=1, keepdims=True)), np.zeros(len(p), np.float32), np.zeros(len(p), np.float32))


def test_wilsons_interval_is_the_published_one() -> None:
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)  # Newcombe 1998, table I, method 3
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_writers_that_are_all_right_or_all_wrong_make_a_share_less_sure() -> None:
    right = np.repeat([True, True, True, False], 50)
    writers = np.repeat(["a", "b", "c", "d"], 50)
    low, high = share_interval(right, writers)
    alone = share_interval(right, None)
    assert low < alone[0] - 0.1
    assert high > alone[1] + 0.1


def test_answers_merge_as_the_sets_do() -> None:
    assert [len(a.members) for a in (ALL, DIGITS, MERGED_47, ANY_CASE_LETTERS)] == [62, 10, 47, 26]
    assert {"Cc", "A", "a"} <= set(MERGED_47.labels)
    with pytest.raises(ValueError, match="overlap: C"):
        Answers.of([members("Cc"), members("C")])


def test_a_merged_answer_is_as_probable_as_its_members_together() -> None:
    given = EvaluationSet("x", "x", glyphs("C"), MERGED_47, EVEN)
    found = Result.of(given, scores({"C": 0.3, "c": 0.3, "G": 0.4}), EVEN)
    assert found.labels[found.answer[0]] == "Cc"
    assert np.exp(found.log_p[0].max()) == pytest.approx(0.6, abs=1e-4)


def test_only_glyphs_with_a_possible_answer_count() -> None:
    given = EvaluationSet("x", "x", glyphs("1A2"), DIGITS, EVEN, np.array(["a", "b", "c"]))
    found = Result.of(given, scores({"l": 0.9, "1": 0.1}, {"A": 1.0}, {"Z": 0.6, "7": 0.3, "2": 0.1}), EVEN)
    assert (found.accuracy.value, found.accuracy.n, found.top_3.value) == (0.5, 2, 1.0)
    assert found.confusion[1, 1] == found.confusion[2, 7] == 1
    assert [(label, recall.value, wrong) for label, recall, _, wrong in found.classes()] == [
        ("1", 1.0, []),
        ("2", 0.0, [("7", 1)]),
    ]
    with pytest.raises(ValueError, match="no glyph"):
        Result.of(EvaluationSet("x", "x", glyphs("A"), DIGITS, EVEN), scores({"A": 1.0}), EVEN)


def test_a_sets_frequencies_take_the_place_of_those_that_the_judge_added() -> None:
    often_o = EVEN.copy()
    often_o[CLASSES.index("O")] = 3.0
    ring = scores({"0": 0.6, "O": 0.4})
    plain, informed = (
        Result.of(EvaluationSet("x", "x", glyphs("O"), ALL, often_o), ring, added) for added in (EVEN, often_o)
    )
    assert plain.accuracy.value == 0
    assert plain.informed_accuracy.value == 1
    assert informed.informed_accuracy.value == 0  # the judge's answer held them already


def test_calibration_error_is_the_gap_of_confidence_and_accuracy() -> None:
    sure = np.array([0.99] * 4 + [0.55] * 2, np.float32)
    right = np.array([True, True, True, False, True, False])
    found = Reliability.of("digits", sure, right, np.array(["a", "b", "c", "d", "e", "f"]))
    assert found.error == pytest.approx((4 * (0.99 - 0.75) + 2 * (0.55 - 0.5)) / 6, abs=1e-5)
    assert found.counts[-1] == 4
    assert found.counts[8] == 2


@pytest.mark.parametrize("gap", [0.0, 0.2])
def test_the_interval_of_a_calibration_error_holds_the_estimate_and_the_truth(gap: float) -> None:
    missed = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        sure = rng.uniform(0.4, 0.99, 600).astype(np.float32)
        right = rng.random(600) < sure - gap  # so the true error is `gap`, whatever the bins
        found = Reliability.of("digits", sure, right, np.repeat([f"w{i}" for i in range(30)], 20))
        assert found.interval[0] <= found.error <= found.interval[1]
        missed += not found.interval[0] <= gap <= found.interval[1]
    assert missed <= 2


def test_an_ensemble_answers_with_the_mean_of_its_members_probabilities() -> None:
    rng = np.random.default_rng(0)
    first, second = (rng.normal(0, 2, (3, 63)).astype(np.float32) for _ in range(2))
    nets = KerasNets([lambda *_, **__: first, lambda *_, **__: second])
    found = nets.classify(np.zeros((3, 28, 28), np.float32))
    alone = [Scores.of(logits) for logits in (first, second)]
    assert np.exp(found.log_p) == pytest.approx(np.mean([np.exp(s.log_p) for s in alone], axis=0), abs=1e-5)
    assert np.exp(found.log_junk) == pytest.approx(np.mean([np.exp(s.log_junk) for s in alone], axis=0), abs=1e-5)


def test_weights_that_are_none_are_refused_by_name(tmp_path: Path) -> None:
    other, broken = tmp_path / "notes.txt", tmp_path / "broken.keras"
    other.write_text("x")
    broken.write_text("x")
    with pytest.raises(ValueError, match=r"notes\.txt"):
        load_judge([other])
    with pytest.raises(ValueError, match=r"broken\.keras is no Keras model"):
        load_judge([broken])
    with pytest.raises(ValueError, match=r"gone\.keras: no such file"):
        load_judge([tmp_path / "gone.keras"])
    (tmp_path / "broken.tflite").write_text("x")
    with pytest.raises(ModelError, match=r"broken\.tflite: no net that LiteRT can run"):
        load_judge([tmp_path / "broken.tflite"])


def test_a_net_for_pictures_of_another_size_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "large.keras"
    build("xs", height=32, width=36).save(path)
    with pytest.raises(ValueError, match=r"large\.keras takes pictures of 32×36, expected 28×28"):
        load_judge([path])


def test_a_bare_litert_file_judges_as_its_folder_does_before_calibration() -> None:
    pictures = np.random.default_rng(0).random((2, 28, 28), np.float32)
    bare, whole = load_judge([WEIGHTS / "glyph.tflite"]), load_judge([WEIGHTS])
    assert isinstance(whole, Classifier)
    assert bare.classify(pictures).log_p == pytest.approx(Scores.of(whole.logits(pictures)).log_p)


def test_glyphs_that_sets_share_are_classified_once(data: Path) -> None:
    class Counting(KerasNets):
        seen = 0

        def classify(self, pictures: np.ndarray, _: np.ndarray | None = None, /) -> Scores:
            self.seen += len(pictures)
            return Scores.of(np.zeros((len(pictures), 63), np.float32))

    judge, folder = Counting([]), SharedFolder(data, ["ink-digits", "ink-letters", "ink"])
    measuring = Measuring(judge)
    found = [measuring.result(given) for given in folder.sets()]
    list(measuring.reliabilities(folder))
    assert [len(result.truth) for result in found] == [80, 16, 96]
    assert judge.seen == 96


def test_the_command_prints_and_reports(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--set", "byclass", "--set", "ink", "--set", "junk", "--max", "40", "--report", str(tmp_path)]
    assert main(["evaluate", "--data", str(data), *options]) == 0
    said = capsys.readouterr().out
    assert "| EMNIST by-class test, 62 classes | 10 | " in said
    for row in ("| digits | ", "| merged | 40 | ", "| borrowed | ", "| half | ", "| doodle | ", "| all | "):
        assert row in said
    numbers = json.loads((tmp_path / "figures.json").read_text())
    ink = next(found for found in numbers["sets"] if found["set"] == "ink")
    right = sum(row[i] for i, row in enumerate(ink["confusion"]))
    assert right / ink["accuracy"]["n"] == pytest.approx(ink["accuracy"]["value"])
    assert len(ink["confusion"]) == 62
    page = (tmp_path / "index.html").read_text()
    pictures = {path.name for path in tmp_path.glob("*.png")}
    assert {"reliability.png", "byclass-reliability.png", "ink-confusion.png"} <= pictures
    assert [row["alphabet"] for row in numbers["calibration"]][-1] == "EMNIST by-class test, 62 classes"
    assert all(f"src='{name}'" in page for name in pictures)
    assert ("ink-errors-1.png" in pictures) == (right < ink["accuracy"]["n"])


def test_an_official_dataset_is_evaluated(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    digest = np.zeros(0, np.uint64)
    splits = official.Splits(glyphs("00123"), glyphs("0123456789"), 3, digest, digest)
    monkeypatch.setattr(official, "load", lambda *_: splits)
    assert main(["evaluate", "--dataset", "mnist"]) == 0
    said = capsys.readouterr().out
    assert "| mnist test, 10 classes | 10 | 10.00% |" in said
    assert "mnist: removed from train, as the test set holds the same image: 3\n" in said
    assert "\n| mnist test, 10 classes | 10 | " in said.partition("| calibration by alphabet")[2]


def test_junk_is_made_of_a_sets_own_pictures(data: Path) -> None:
    digits = next(iter(SharedFolder(data, ["ink-digits"]).sets())).glyphs
    kinds = dict(junk_of_pictures(digits, 30))
    assert list(kinds) == ["two pictures as one", "half a picture"]
    for glyphs_made in kinds.values():
        assert glyphs_made.images.shape == (30, 28, 28)
        assert glyphs_made.junk.all()
        assert glyphs_made.images.reshape(30, -1).any(axis=1).all()
    # two digits are wider than high, one is not
    wide = [(np.ptp(np.nonzero(i)[1]) > np.ptp(np.nonzero(i)[0])) for i in kinds["two pictures as one"].images]
    assert np.mean(wide) > 0.6
    blank = GlyphSet(np.zeros((3, 28, 28), np.uint8), np.ones((3, 62), bool), np.zeros(3, bool))
    assert not list(junk_of_pictures(blank))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ([], "give --data"),
        (["--data", ".", "--set", "nist"], "unknown set 'nist'"),
        (["--data", "tests"], "expected one of emnist"),
        (["--data", ".", "--max", "0"], "at least one glyph"),
        (["--dataset", "mnist", "a", "b"], "one path"),
        (["--dataset", "mnist", "--report", "README.md"], "README.md: expected a folder"),
    ],
)
def test_bad_input_is_one_line(options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", *options]) == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert said.count("\n") == 1


def test_a_recurrent_net_is_loaded_by_a_process_that_built_none(tmp_path: Path) -> None:
    path = tmp_path / "rcnn.keras"
    build("rcnn").save(path)
    asked = "import sys, pathlib, model.training.evaluation.judges as j; j.load_net(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", asked, str(path)], cwd=ROOT, check=True)

"""docs/training.md, followed from its first command to its last on a few pictures."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from official_files import half, write_idx

from model.__main__ import main
from model.training.datasets.registry import DATASETS
from model.training.rivals import RIVALS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "training.md").read_text(encoding="utf-8")
CALLS = [shlex.split(call) for call in re.findall(r"^python -m model (.*)$", PAGE, re.MULTILINE)]

SHORT = {
    "train": ["--epochs", "0", "--images", "16", "--batch", "16", "--drawings", "4"],
    "study": ["--epochs", "0", "--images", "16", "--batch", "16"],
    "reproduce": ["--images", "16", "--max", "64"],
    "evaluate": ["--max", "20"],
    "online": ["--count", "64"],
    "joins": ["--count", "12"],
    "sequence": ["--count", "64", "--passes", "1"],
}
"""What makes a command short; the last of an option counts."""


def official(folder: Path) -> None:
    """MNIST and the splits of EMNIST that the page names, each of a few pictures."""
    for name in ("mnist", "emnist-byclass", "emnist-bymerge", "emnist-balanced", "emnist-mnist"):
        dataset, place = DATASETS[name], folder / name.split("-")[0]
        place.mkdir(parents=True, exist_ok=True)
        write_idx(place, dataset, half(dataset, 200, 1), half(dataset, 70, 2))


@pytest.mark.usefixtures("step_by_step")
@pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions_eagerly`:UserWarning")
def test_every_command_of_the_page_does_what_it_says(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "project"
    home.mkdir()
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "data").symlink_to(shared)
    official(home / "downloads")
    monkeypatch.chdir(home)
    monkeypatch.setattr("model.training.restore._STATISTICS", 1)
    for call in CALLS:
        assert main([*call, *SHORT.get(call[0], [])]) == 0, (call, capsys.readouterr().err)
    said = capsys.readouterr().out
    for name, rival in RIVALS.items():
        table = said.partition(f"reference {name.upper()} claims: {rival.claim}")[2].splitlines()[4:6]
        assert [row.split("|")[1].strip() for row in table] == [f"reference-{name}", "s"]
    assert (home / "samples.png").exists()
    assert (home / "runs" / "mnist" / "report" / "index.html").exists()
    assert sorted(path.name for path in (home / "runs" / "served").iterdir()) == [
        "glyph.json",
        "glyph.tflite",
        "joins.json",
        "line.json",
        "online.json",
        "online.tflite",
        "sequence.json",
        "sequence.tflite",
    ]


def test_the_page_names_every_command_that_learns() -> None:
    learning = {"train", "restore", "study", "reproduce", "online", "sequence", "joins", "line"}
    assert learning | {"data", "evaluate", "export"} <= {call[0] for call in CALLS}

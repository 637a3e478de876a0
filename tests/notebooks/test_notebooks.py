"""The notebooks: each runs on data of our own drawing, and what is kept of the real run is in step, clean and light."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from scripts import notebooks
from tests.notebooks.small import write_data

SCRIPTS = notebooks.scripts()
each_script = pytest.mark.parametrize("script", SCRIPTS, ids=[script.stem for script in SCRIPTS])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


def kept(script: Path) -> NotebookNode:
    return nbformat.read(script.with_suffix(".ipynb"), as_version=4)


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def complaints(notebook: NotebookNode) -> list[str]:
    """What stands in a notebook's outputs that is no answer: errors and warnings."""
    bad = [o for o in outputs(notebook) if o.output_type == "error" or o.get("name") == "stderr"]
    return [str(o.get("text") or o.get("evalue")) for o in bad]


def test_the_four_are_there() -> None:
    assert [script.stem for script in SCRIPTS] == ["01-data", "02-training", "03-segmentation", "04-errors"]
    assert sorted(path.stem for path in notebooks.FOLDER.glob("*.ipynb")) == [script.stem for script in SCRIPTS]


@each_script
def test_it_runs_on_a_little_data(script: Path, data: Path) -> None:
    done = notebooks.run(script, data, most=12)
    assert complaints(done) == []
    assert sum("image/png" in output.get("data", {}) for output in outputs(done)) >= 5


@each_script
def test_the_notebook_says_what_its_script_says(script: Path) -> None:
    said, meant = kept(script), notebooks.written(script)
    assert [(cell.cell_type, cell.source) for cell in said.cells] == [(c.cell_type, c.source) for c in meant.cells]


@each_script
def test_it_was_run_from_top_to_bottom_without_complaint(script: Path) -> None:
    notebook = kept(script)
    nbformat.validate(notebook)
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in codes] == list(range(1, len(codes) + 1))
    assert complaints(notebook) == []


@each_script
def test_nothing_kept_tells_of_the_machine(script: Path) -> None:
    told = json.dumps([*outputs(kept(script))])
    without_pictures = re.sub(r'"image/png": "[^"]*"', "", told)
    assert not re.search(r"/(home|work|tmp|root|usr|var)/|[A-Z]:\\\\|\d\d:\d\d:\d\d|Warning", without_pictures)


@each_script
def test_pictures_are_light_and_say_what_they_show(script: Path) -> None:
    pictures = [output for output in outputs(kept(script)) if "image/png" in output.get("data", {})]
    assert len(pictures) >= 5
    for picture in pictures:
        assert len(base64.b64decode(picture.data["image/png"])) < 150_000
        assert picture.metadata["image/png"]["alt"]


def test_all_of_them_are_light() -> None:
    assert sum(script.with_suffix(".ipynb").stat().st_size for script in SCRIPTS) < 3_000_000


@each_script
def test_measured_numbers_stand_in_outputs_alone(script: Path) -> None:
    for cell in notebooks.written(script).cells:
        if cell.cell_type == "markdown":
            told = re.sub(r"(CC BY |Apache-)\d\.\d", "", " ".join(cell.source.split()))
            assert not re.search(r"\d\s?%|\d\.\d|\d,\d{3}", told), told


TINY = """# %% [markdown]
# Two and two.

# %%
print(2 + 2)
"""


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The script of a notebook that was run, in a folder of its own, with data beside it."""
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    (tmp_path / "ink").mkdir()
    script = tmp_path / "00-tiny.py"
    script.write_text(TINY)
    assert notebooks.main(["--data", str(tmp_path)]) == 0
    return script


def test_prose_and_layout_are_taken_over_without_a_run(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny.write_text(TINY.replace("Two and two.", "A sum.").replace("2 + 2", "2+2"))
    assert notebooks.main(["--prose"]) == 0
    told = kept(tiny)
    assert [cell.source for cell in told.cells] == ["A sum.", "print(2+2)"]
    assert told.cells[1].outputs[0].text == "4\n"
    tiny.write_text(TINY.replace("2 + 2", "2 + 3"))
    assert notebooks.main(["--prose"]) == 1
    assert "run it again" in capsys.readouterr().err
    assert kept(tiny) == told


def test_a_notebook_that_fails_is_left_as_it_was(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = kept(tiny)
    tiny.write_text(TINY.replace("2 + 2", "1 / 0"))
    assert notebooks.main(["--data", str(tiny.parent), "00-tiny"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert kept(tiny) == before


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--data", "nowhere"], "nowhere: expected a folder"),
        (["--data", ".", "05-none"], "no notebook 05-none; there are 01-data"),
    ],
)
def test_bad_input_is_named(arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        notebooks.main(arguments)
    assert left.value.code == 2
    assert complaint in capsys.readouterr().err

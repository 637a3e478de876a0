"""Many drawings at once: which are read and in which order, and tables that survive any end of the run."""

from __future__ import annotations

import json
import lzma
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest

from model.__main__ import main
from model.benchmarks.folder import amiss, render
from model.benchmarks.specimens import write
from model.folders.batch import page_name
from model.folders.loading import load
from model.folders.output import opened
from model.folders.progress import Progress
from model.folders.rows import TABLES, Format, Row, Table, records
from model.folders.sources import Sources
from model.folders.tiff import page_as_png
from model.reading.alphabet import CLASSES
from model.reading.imagefile import PictureError
from model.reading.ink import Ink
from model.reading.recognizer import Recognizer
from model.training.data import INK_FILES
from model.training.forms import png_of
from model.training.inkdata import is_validation

ROOT = Path(__file__).resolve().parents[2]
HELD_OUT = next(writer for writer in map(str, range(60)) if is_validation(f"own:{writer}"))


def names(*paths: Path | str, without: Path | None = None) -> list[str]:
    return [source.name for source in Sources([str(path) for path in paths], without)]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Empty files: names alone count."""
    for name in ("b.png", "a.JPG", "deep/er/c.tiff.png", "deep/notes.txt", ".hidden.png", ".git/d.png", "z.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path)
    return tmp_path


def test_a_folder_s_drawings_come_by_name_and_each_once(tree: Path) -> None:
    wanted = [str(tree / name) for name in ("a.JPG", "b.png", "deep/er/c.tiff.png")]
    assert names(tree) == wanted
    assert names(tree / "b.png", tree, tree / "a.JPG") == [wanted[1], wanted[0], wanted[2]]
    assert names(tree, without=tree / "b.png") == [wanted[0], wanted[2]]
    assert names(tree / "deep" / "**" / "*.png") == wanted[2:]
    assert Sources([str(tree)]).count() == 3


def test_a_file_of_lines_is_a_drawing_a_line(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text('{"strokes":[]}\n\n{"strokes":[]}\n')
    assert names(path) == [f"{path}:1", f"{path}:3"]
    assert [source.name for source in Sources([str(path)], line=3)] == [f"{path}:3"]
    assert [source.error for source in Sources([str(path)], line=4)] == ["has no line 4"]


def test_the_pages_of_a_tiff_are_drawings(tmp_path: Path, recognizer: Recognizer) -> None:
    pages = [cv2.imdecode(np.frombuffer(png_of(write(t)), np.uint8), cv2.IMREAD_UNCHANGED)[..., 3] for t in "47"]
    one, two = tmp_path / "one.tif", tmp_path / "two.tiff"
    cv2.imwrite(str(one), 255 - pages[0])
    cv2.imwritemulti(str(two), pages)
    assert names(tmp_path) == [str(one), f"{two}:1", f"{two}:2"]
    read = [recognizer.read(load(source).drawn.ink).text for source in Sources([str(tmp_path)])]
    assert read == ["4", "4", "7"]
    with pytest.raises(PictureError, match="2 pages"):
        page_as_png(two.read_bytes(), 2)
    wide = two.read_bytes().replace(pages[0].shape[1].to_bytes(2, "little"), (60_000).to_bytes(2, "little"))
    with pytest.raises(PictureError, match="60000"):
        page_as_png(wide, 0)


@pytest.mark.parametrize(
    ("name", "lies"),
    [
        ("a/b.png", "a/b.png.html"),
        ("a.png", "a.png.html"),
        ("../../a.png", "=up/=up/a.png.html"),
        ("/data/a.png", "=root/data/a.png.html"),
        ("-", "-.html"),
        (f"https://example.org/#ink=1{'x' * 999}", "link-4599b3f6.html"),
    ],
)
def test_pages_lie_as_their_drawings_do_and_never_outside(name: str, lies: str) -> None:
    assert str(page_name(name)) == lies


ROWS = [
    Row("a.png", "12", 0.5),
    Row('b, "c".png', "two\nlines", 0.25),
    Row("d\udc80.png", error='is "cut" off, within\nits header'),
    Row("e.png"),
]


def written(path: Path, table: Table, rows: list[Row], resume: bool = False) -> list[str]:
    """Writes those rows that are not there yet, as a run would: the names of all that it read."""
    sources = Sources([row.path for row in rows])
    with opened(path, table, sources, resume) as out:
        left = {source.name for source in sources}
        out.write([row for row in rows if row.path in left])
        assert out.written == len(rows)
    return sorted(left)


@pytest.mark.parametrize("characters", [False, True])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "code"])
def test_a_table_torn_at_any_byte_is_taken_up_where_it_was(tmp_path: Path, kind: Format, characters: bool) -> None:
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    written(whole, TABLES[kind](characters), ROWS)
    data = whole.read_bytes()
    for length in range(len(data) + 1):
        torn.write_bytes(data[:length])
        written(torn, TABLES[kind](characters), ROWS, resume=True)
        assert torn.read_bytes() == data, data[:length]


def test_what_stands_in_a_table_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    written(path, TABLES["csv"](), ROWS[:3])
    assert written(path, TABLES["csv"](), ROWS, resume=True) == ["e.png"]


def test_records_may_hold_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    written(path, TABLES["csv"](), ROWS)
    with path.open("rb") as file:
        assert len(list(records(file, quoted=True))) == 1 + len(ROWS)


def test_a_table_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawing, out = tmp_path / "4.png", tmp_path / "out.csv"
    drawing.write_bytes(png_of(write("4")))
    assert main(["read", str(drawing), "--out", str(out)]) == 0
    kept = out.read_bytes()
    assert main(["read", str(drawing), "--out", str(out)]) == 2
    assert main(["read", str(drawing), "--out", str(out), "--resume", "--characters"]) == 2
    assert main(["read", str(drawing), "--out", str(out), "--resume"]) == 0
    assert out.read_bytes() == kept
    assert "--resume" in capsys.readouterr().err


def test_a_broken_drawing_of_an_earlier_run_still_counts(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    (tmp_path / "b.png").write_bytes(png_of(write("4")))
    call = ["read", str(tmp_path), "--out", str(tmp_path / "out.csv")]
    assert main(call) == 1
    assert main([*call, "--resume"]) == 1


def test_what_is_amiss_in_a_table_is_counted(tmp_path: Path) -> None:
    folder, out, whole = tmp_path / "in", tmp_path / "out.csv", tmp_path / "whole.csv"
    folder.mkdir()
    rows = [Row(str(folder / f"{i}-{i}.png"), str(i), 0.5) for i in range(4)]
    for row in rows:
        Path(row.path).write_bytes(b"")
    nothing = {"rows": 4, "missing": 0, "doubled": 0, "out of order": 0, "other": 0, "misread": 0}
    written(whole, TABLES["csv"](), rows)
    assert amiss(folder, whole, whole) == nothing
    out.write_bytes(b"".join(TABLES["csv"]().lines(row) for row in (rows[1], rows[1], rows[0])))
    out.write_bytes(TABLES["csv"]().head + out.read_bytes())
    found = amiss(folder, out, whole)
    assert found == {"rows": 3, "missing": 2, "doubled": 1, "out of order": 2, "other": 2, "misread": 0}
    out.write_bytes(whole.read_bytes().replace(b",3,", b",8,"))
    assert amiss(folder, out, whole) == {**nothing, "other": 1, "misread": 1}


def test_drawings_are_composed_of_what_others_wrote(tmp_path: Path) -> None:
    hand = {char: write(str(i % 10)) for i, char in enumerate(CLASSES)}
    (tmp_path / "ink").mkdir()
    for name in INK_FILES:
        with lzma.open(tmp_path / "ink" / f"{name}.jsonl.xz", "wt") as file:
            file.writelines(f"{ink_line(char, ink)}\n" for char, ink in hand.items())
    for more in ({}, {"data": tmp_path / "ink"}):
        folder = tmp_path / f"in{len(more)}"
        render(folder, 10, np.random.default_rng(0), **more)
        texts = [path.stem.split("-")[1] for path in sorted(folder.iterdir())]
        assert len(texts) == 10
        assert "".join(texts).isdigit() is not bool(more)
        assert all(load(source).drawn.ink.strokes for source in Sources([str(folder)]))


def ink_line(char: str, ink: Ink) -> str:
    """A character of a writer who is never trained on, as a line of an ink file."""
    strokes = [{"x": s.points[:, 0].tolist(), "y": s.points[:, 1].tolist(), "t": None} for s in ink.strokes]
    glyphs = [{"char": char, "strokes": list(range(len(strokes)))}]
    return json.dumps({"id": "own/1", "writer": HELD_OUT, "text": char, "glyphs": glyphs, "strokes": strokes})


def test_progress_tells_rate_and_time_left() -> None:
    progress = Progress(1000, 100, StringIO())
    progress.add(300)
    assert progress.line(3.0) == "400 of 1,000 read, 100/s, 0:06 left"
    unknown = Progress(None, 0, StringIO())
    unknown.add(5000)
    assert unknown.line(10.0) == "5,000 read, 500/s"

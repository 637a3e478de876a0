"""What the README and the docs say, done."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from model.benchmarks.specimens import write
from model.training.forms import FORMS, png_of

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "model").rglob("*.md")])


def commands(start: str) -> list[str]:
    return re.findall(rf"^{start} .*$", README, re.MULTILINE)


def test_the_curl_calls_work_as_printed(address: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "drawing.png").write_bytes(png_of(write("2048")))
    calls = commands("curl")
    assert len(calls) == 2
    for call in calls:
        local = call.replace("http://127.0.0.1:8000", address)
        done = subprocess.run(local, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True)  # noqa: S602
        assert done.stdout.startswith('{"text":"2048","confidence":'), call
        assert len(json.loads(done.stdout)["glyphs"]) == 4


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
        assert (page.parent / name).exists(), name
    for name in re.findall(r"`((?:model|webapp|static|templates|tests|scripts)/[^`*<{ ]*)`", text):
        assert (ROOT / name).exists(), name


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in links: small letters, no punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_place_that_a_page_points_to_is_a_heading(page: Path) -> None:
    for name, anchor in re.findall(r"\]\(([^)#:\s]*)#([^)]*)\)", page.read_text(encoding="utf-8")):
        assert anchor in anchors(page.parent / name if name else page), (name, anchor)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_line_call_of_a_page_is_known(page: Path) -> None:
    from model.__main__ import parser

    for call in re.findall(r"^python -m model (.*?)(?: [<>|].*)?$", page.read_text(encoding="utf-8"), re.MULTILINE):
        parser().parse_args(shlex.split(call))


def test_every_picture_is_shown_somewhere_and_light() -> None:
    shown = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.name in shown
        assert picture.stat().st_size < 150_000, picture.name


def test_the_pages_are_found() -> None:
    assert {"README.md", "how-reading-works.md", "MODEL_CARD.md", "heroku.md"} <= {page.name for page in PAGES}


def test_the_figures_draw_themselves(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("figures", ROOT / "scripts" / "figures.py")
    assert spec is not None
    assert spec.loader is not None
    figures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(figures)
    figures.main(tmp_path)
    drawn = {path.name for path in tmp_path.iterdir()}
    assert drawn == {path.name for path in (ROOT / "docs" / "images").glob("reading-*.png")}


def test_every_make_target_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for call in commands("make"):
        assert f"\n{call.split()[1]}:" in makefile


def test_the_table_of_readings_is_the_recorded_one() -> None:
    recorded = json.loads((ROOT / "model/benchmarks/reading.json").read_text())
    exact = {(row["set"], row["form"]): f"{row['exact']:.3f}" for row in recorded}
    for title, name in (("CROHME numbers", "crohme-numbers"), ("UNIPEN numbers", "unipen-numbers")):
        cells = " | ".join(exact[name, form] for form in FORMS)
        assert re.search(rf"^\| {title} \| \d+ \| {re.escape(cells)} \|$", README, re.MULTILINE)

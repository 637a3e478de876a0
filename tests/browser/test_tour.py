"""The tour of the page shows every point with a picture, and names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOUR = (ROOT / "docs" / "page.md").read_text(encoding="utf-8")
POINTS = re.split(r"^## (?=\d)", TOUR, flags=re.MULTILINE)[1:]


def test_every_point_has_its_tests_and_but_for_the_figures_its_picture() -> None:
    assert [int(point.partition(".")[0]) for point in POINTS] == list(range(1, 10))
    for point in POINTS:
        assert "| what | held by |" in point, point[:20]
        assert re.search(r"!\[[^]]{20,}\]\(images/page-\S+\.png\)", point) or point.startswith("8."), point[:20]


def test_every_test_that_it_names_is_there() -> None:
    there = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", TOUR)
    assert len(named) > 70
    assert [name for name in named if f"def {name}(" not in there] == []

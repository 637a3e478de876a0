"""What was recorded of the server → the tables of docs/performance.md."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_DIGITS = {"kB": 1, "requests/s": 0, "echo requests/s": 0, "first answer, s": 2, "slowest, s": 2, "exact": 3}
"""Decimals of columns; others have two below 10, one below 100 and none above."""


def with_tables(page: str, recorded: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """`page` with each table anew that stands between `<!-- table NAME -->` and `<!-- end -->` and was recorded."""

    def anew(match: re.Match[str]) -> str:
        if match[1] not in recorded:
            return match[0]
        return f"<!-- table {match[1]} -->\n{table(recorded[match[1]])}\n<!-- end -->"

    return re.sub(r"<!-- table ([\w-]+) -->\n.*?<!-- end -->", anew, page, flags=re.DOTALL)


def update(page: Path, recorded: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Writes the tables into the page."""
    page.write_text(with_tables(page.read_text(encoding="utf-8"), recorded), encoding="utf-8")


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of the same keys as Markdown."""
    keys = list(rows[0])
    lines = [keys, ["---"] * len(keys), *([_cell(key, row[key]) for key in keys] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(key: str, value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.{_DIGITS.get(key, 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0)}f}"

"""An evaluation to read: markdown tables for the terminal, and a folder with a page, its pictures and every number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from tqdm import tqdm

from model.training.evaluation.figures import Evaluation, Reliability, Result, Share
from model.training.evaluation.plots import draw_confusion, draw_errors, draw_reliability

Row = tuple[str, ...]

RESULTS: Row = ("held-out set", "n", "accuracy", "95 %", "top 3", "95 %", "with the set's frequencies", "95 %")
CALIBRATION: Row = ("calibration by alphabet, ink of held-out writers, and by set of pictures", "n", "error", "95 %")
JUNK: Row = ("junk accepted where 95 % of the characters are", "n", "accepted", "95 %")
_CLASSES: Row = ("class", "n", "recall", "95 %", "precision", "mostly taken for")


def _cells(share: Share) -> Row:
    return f"{share.value:.2%}", _range(share.interval)


def _range(interval: tuple[float, float]) -> str:
    return f"{100 * interval[0]:.2f} to {100 * interval[1]:.2f}"


def result_row(result: Result) -> Row:
    """The cells of `RESULTS`."""
    shares = result.accuracy, result.top_3, result.informed_accuracy
    return result.name, f"{len(result.truth):,}", *(cell for share in shares for cell in _cells(share))


def calibration_row(found: Reliability) -> Row:
    """The cells of `CALIBRATION`."""
    return found.alphabet, f"{found.n:,}", f"{found.error:.2%}", _range(found.interval)


def junk_row(kind: str, share: Share) -> Row:
    """The cells of `JUNK`."""
    return kind, f"{share.n:,}", *_cells(share)


def markdown_head(heads: Row) -> str:
    """The first two lines of a markdown table."""
    return f"{markdown_row(heads)}\n|{'---|' * len(heads)}"


def markdown_row(cells: Row) -> str:
    """One line of a markdown table."""
    return f"| {' | '.join(cells)} |"


def write_report(evaluation: Evaluation, title: str, folder: Path) -> Path:
    """Writes `index.html`, its pictures and `figures.json`; returns the page.

    Args:
        evaluation: What was found.
        title: What was evaluated.
        folder: Made if need be; files of the same names are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = [_table(RESULTS, map(result_row, evaluation.results))]
    if evaluation.calibrated:
        parts.append(_table(CALIBRATION, map(calibration_row, evaluation.calibrated)))
    if evaluation.reliabilities:
        draw_reliability(evaluation.reliabilities, folder / "reliability.png")
        parts.append(_image("reliability.png"))
    if evaluation.junk:
        parts.append(_table(JUNK, (junk_row(*item) for item in evaluation.junk.items())))
    for result in tqdm(evaluation.results, desc="report", unit="set", leave=False):
        draw_confusion(result, folder / f"{result.key}-confusion.png")
        sheets = [page.name for page in draw_errors(result, folder / f"{result.key}-errors")]
        missed = int((result.answer != result.truth).sum())
        parts += [
            f"<h2>{escape(result.name)}</h2>",
            _image(f"{result.key}-confusion.png"),
            *_reliability(result, folder),
            _folded("Classes", _table(_CLASSES, _class_rows(result))),
            _folded(f"All {missed:,} errors: written→answered, confidence in %", "".join(map(_image, sheets))),
        ]
    page = folder / "index.html"
    page.write_text(_PAGE.format(title=escape(title), body="\n".join(parts)), encoding="utf-8")
    numbers = {"what": title, **figures(evaluation)}
    (folder / "figures.json").write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    return page


def _reliability(result: Result, folder: Path) -> Iterator[str]:
    """The picture of a set of pictures' reliability; that of ink is drawn by alphabet."""
    if result.writers is None:
        draw_reliability([result.reliability], folder / f"{result.key}-reliability.png")
        yield _image(f"{result.key}-reliability.png")


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """Every number, ready for JSON."""
    return {
        "sets": [
            {
                "set": result.key,
                "name": result.name,
                "accuracy": _numbers(result.accuracy),
                "top_3": _numbers(result.top_3),
                "with_frequencies": _numbers(result.informed_accuracy),
                "labels": result.labels,
                "confusion": result.confusion.tolist(),
                "classes": [
                    {"class": label, "recall": _numbers(recall), "precision": precision, "taken_for": dict(wrong)}
                    for label, recall, precision, wrong in result.classes()
                ],
            }
            for result in evaluation.results
        ],
        "calibration": [
            {
                "alphabet": found.alphabet,
                "n": found.n,
                "error": found.error,
                "interval": found.interval,
                "counts": found.counts.tolist(),
                "confidence": found.confidence.tolist(),
                "accuracy": found.accuracy.tolist(),
            }
            for found in evaluation.calibrated
        ],
        "junk": {kind: _numbers(share) for kind, share in evaluation.junk.items()},
    }


def _numbers(share: Share) -> dict[str, Any]:
    return {"value": share.value, "interval": share.interval, "n": share.n}


def _class_rows(result: Result) -> Iterable[Row]:
    for label, recall, precision, wrong in result.classes():
        taken = ", ".join(f"{c} {count / recall.n:.1%}" for c, count in wrong)
        yield label, f"{recall.n:,}", *_cells(recall), f"{precision:.2%}", taken


def _table(heads: Row, rows: Iterable[Row]) -> str:
    lines = [_line("th", heads), *(_line("td", row) for row in rows)]
    return f"<div class='wide'><table>{''.join(lines)}</table></div>"


def _line(kind: str, cells: Row) -> str:
    return f"<tr>{''.join(f'<{kind}>{escape(cell)}</{kind}>' for cell in cells)}</tr>"


def _image(name: str) -> str:
    return f"<img src='{name}' alt='' loading='lazy'>"


def _folded(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>{body}</details>"


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; color: #1b2733; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }}
.wide {{ overflow-x: auto }}
table {{ border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; font-size: .9rem }}
th, td {{ padding: .3rem .8rem; border-bottom: 1px solid #dde3e8; text-align: right }}
th:first-child, td:first-child, td:last-child {{ text-align: left }}
img {{ max-width: 100%; display: block; margin: 1rem 0 }}
summary {{ cursor: pointer; padding: .4rem 0; font-weight: 600 }}
</style>
<h1>{title}</h1>
{body}
</html>
"""

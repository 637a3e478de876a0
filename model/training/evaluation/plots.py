"""Pictures of an evaluation: the confusion matrix, the reliability diagrams and every error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.normalize import SIDE
from model.training.evaluation.figures import Reliability, Result

# figures are made without pyplot, whose state would need a display and grow with every one
_INK, _ACCENT, _PALE = "#1b2733", "#c4472b", "#9fb4c7"
_STYLE: dict[Any, Any] = {
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}
_COLUMNS, _ROWS, _GAP = 20, 15, 12
"""Errors a page, and the pixels below each for its caption."""


def draw_confusion(result: Result, path: Path) -> None:
    """Truth down, answer across, counts in a logarithmic colour, so that rare mistakes show beside what is right."""
    k = len(result.labels)
    size = max(5.0, k * 0.2)
    with mpl.rc_context(_STYLE):
        figure = Figure((size + 1.2, size), layout="constrained")
        axes = figure.add_subplot()
        counts = np.ma.masked_equal(result.confusion, 0)
        shown = axes.imshow(counts, cmap="viridis_r", norm=LogNorm(1, max(2, int(result.confusion.max()))))
        axes.set_xticks(range(k), result.labels, family="monospace")
        axes.set_yticks(range(k), result.labels, family="monospace")
        axes.tick_params(top=True, labeltop=True, length=0)
        axes.set_xticks(np.arange(k + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(k + 1) - 0.5, minor=True)
        axes.grid(which="minor", color="#e6eaee", linewidth=0.5)
        axes.tick_params(which="minor", length=0)
        if k <= len("0123456789"):
            for (row, column), count in np.ndenumerate(result.confusion):
                if count:
                    axes.text(column, row, f"{count:,}", ha="center", va="center", color=_contrast(row == column))
        axes.set_xlabel("answered")
        axes.set_ylabel("written")
        axes.set_title(f"{result.name}: {result.accuracy.value:.2%} of {len(result.truth):,}")
        figure.colorbar(shown, ax=axes, shrink=0.6, label="glyphs")
        figure.savefig(path, dpi=110)


def _contrast(on_diagonal: bool) -> str:
    return "white" if on_diagonal else _INK


def draw_reliability(reliabilities: Sequence[Reliability], path: Path) -> None:
    """For each alphabet how often an answer is right against how sure it was, and below how often it was so sure."""
    with mpl.rc_context(_STYLE):
        figure = Figure((4 * len(reliabilities), 5.6), layout="constrained")
        panels = figure.subplots(2, len(reliabilities), sharex=True, squeeze=False, height_ratios=(3, 1))
        for axes, below, found in zip(*panels, reliabilities, strict=True):
            used = found.counts > 0
            axes.plot((0, 1), (0, 1), color=_PALE, linestyle="--", linewidth=1)
            # rarer confidences are less sure: the points' areas say how many answers each stands for
            areas = 12 + 160 * np.sqrt(found.counts[used] / found.n)
            axes.plot(found.confidence[used], found.accuracy[used], color=_ACCENT, linewidth=1, clip_on=False)
            axes.scatter(found.confidence[used], found.accuracy[used], s=areas, color=_ACCENT, zorder=3, clip_on=False)
            low, high = found.interval
            axes.set_title(f"{found.alphabet}, n = {found.n:,}\nerror {found.error:.2%} ({low:.2%} to {high:.2%})")
            axes.set(xlim=(0, 1), ylim=(0, 1))
            edges = np.linspace(0, 1, len(found.counts) + 1)
            below.bar(edges[:-1], found.counts / found.n, np.diff(edges), align="edge", color=_PALE, edgecolor="white")
            below.set_yscale("log")
            below.set_xlabel("confidence")
            for panel in (axes, below):
                panel.spines[["top", "right"]].set_visible(False)
        panels[0, 0].set_ylabel("right")
        panels[1, 0].set_ylabel("share of answers")
        figure.savefig(path, dpi=110)


def draw_errors(result: Result, stem: Path) -> Iterator[Path]:
    """Every error with what was written, what was answered and how sure, the surest first.

    Args:
        result: Whose errors.
        stem: The pages' path without number and suffix.

    Returns:
        The pages, PNG files.
    """
    wrong = np.flatnonzero(result.answer != result.truth)
    wrong = wrong[np.argsort(-result.log_p[wrong].max(axis=1), kind="stable")]
    pages = range(0, len(wrong), _COLUMNS * _ROWS)
    for number, at in enumerate(tqdm(pages, desc=f"errors of {result.key}", unit="page", leave=False), 1):
        path = stem.with_name(f"{stem.name}-{number}.png")
        _draw_page(result, wrong[at : at + _COLUMNS * _ROWS], path)
        yield path


def _draw_page(result: Result, rows: NDArray[np.int64], path: Path) -> None:
    lines = -(-len(rows) // _COLUMNS)
    wide, high = SIDE + 4, SIDE + _GAP
    sheet = np.zeros((lines * high, _COLUMNS * wide), np.uint8)
    with mpl.rc_context(_STYLE):
        figure = Figure((_COLUMNS * wide / 50, lines * high / 50))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        for place, row in enumerate(rows):
            top, left = place // _COLUMNS * high, place % _COLUMNS * wide + 2
            sheet[top : top + SIDE, left : left + SIDE] = result.images[row]
            written, answered = (result.labels[which[row]] for which in (result.truth, result.answer))
            sure = np.exp(result.log_p[row].max())
            caption = f"{written}→{answered} {100 * sure:.0f}"
            axes.text(left + SIDE / 2, top + SIDE + 1, caption, ha="center", va="top", fontsize=9, family="monospace")
        axes.imshow(255 - sheet, cmap="gray", vmin=0, vmax=255, interpolation="nearest", aspect="auto")
        figure.savefig(path, dpi=100)

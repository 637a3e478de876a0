"""What the notebooks have in common: where the data is, how much of it to take, and how pictures and tables are shown.

Imported first, as it makes the project's own modules known to the notebook.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TQDM_DISABLE", "1")  # bars are for terminals
logging.getLogger("tensorflow").setLevel("ERROR")  # it warns of nets that are made in a loop, which is the point here

import matplotlib as mpl  # noqa: E402
import numpy as np  # noqa: E402
from IPython import display  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from PIL import Image  # noqa: E402

from model.reading.ink import Ink  # noqa: E402
from model.training.evaluation.figures import Share  # noqa: E402
from model.training.evaluation.report import markdown_head, markdown_row  # noqa: E402
from model.training.inkdata import InkSample  # noqa: E402
from model.training.sheet import colours  # noqa: E402
from scripts.figures import GREY, draw_ink  # noqa: E402

DATA = Path(os.environ.get("GLYPHLINE_DATA") or ROOT.parent / "shared" / "data")
"""The folder with emnist/, ink/ and mnist/; the environment variable GLYPHLINE_DATA names another."""

_LIMIT = int(os.environ.get("GLYPHLINE_MOST") or sys.maxsize)
_DPI = 80

mpl.rcParams.update({"font.size": 9})


def at_most(count: int) -> int:
    """`count`, or less where the notebook is only tried out: GLYPHLINE_MOST in the environment says how much."""
    return min(count, _LIMIT)


def figure(width: float, height: float) -> Figure:
    """An empty figure, inches."""
    return Figure((width, height), layout="constrained")


def plot(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of one plot, inches."""
    drawn = figure(width, height)
    axes = drawn.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return drawn, axes


def show(drawn: Figure, alt: str) -> None:
    """Shows a figure as a small PNG picture; `alt` says what is on it to who cannot see it."""
    buffer = BytesIO()
    drawn.savefig(buffer, dpi=_DPI, format="png", bbox_inches="tight")
    show_png(buffer.getvalue(), alt)


def show_png(data: bytes, alt: str) -> None:
    """The same for a PNG file."""
    small = BytesIO()  # 64 colours are enough for charts, and weigh a fraction
    few = Image.open(BytesIO(data)).convert("RGB").quantize(64, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(small, "png", optimize=True)
    display.display(display.Image(small.getvalue(), format="png", alt=alt))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Shows a table; numbers are written as they come."""
    lines = [markdown_head(tuple(heads)), *(markdown_row(tuple(map(str, row))) for row in rows)]
    display.display(display.Markdown("\n".join(lines)))


def percent(share: Share) -> str:
    """A share with its 95 % interval."""
    low, high = share.interval
    return f"{share.value:.1%} ({100 * low:.1f} to {100 * high:.1f})"


def commonest(counts: Counter[str], most: int, height: float, size: float, what: str) -> Figure:
    """Bars of what came most often.

    Args:
        counts: How often each came.
        most: How many are shown.
        height: Of the figure, inches.
        size: Of the names, points.
        what: What is counted.
    """
    drawn, axes = plot(9, height)
    shown = counts.most_common(most)
    axes.bar([name for name, _ in shown], [count for _, count in shown])
    axes.set(ylabel=what, xmargin=0.01)
    axes.tick_params(axis="x", labelsize=size)
    return drawn


def sheet(images: Sequence[NDArray[np.generic]], captions: Sequence[str], columns: int = 12) -> Figure:
    """Glyphs side by side, dark on white, each under its caption.

    Args:
        images: Of one shape (h, w), 0 background to 255 (uint8) or 1 (float) ink.
        captions: One each.
        columns: How many stand in a row.
    """
    rows = -(-len(images) // columns)
    drawn = figure(0.75 * columns, 0.95 * rows)
    cells = drawn.subplots(rows, columns, squeeze=False).ravel()
    for cell in cells:
        cell.set_axis_off()
    for cell, image, caption in zip(cells, images, captions, strict=False):
        cell.imshow(image, cmap="gray_r", vmin=0, vmax=255 if image.dtype == np.uint8 else 1)
        cell.set_title(caption, fontsize=8)
    return drawn


def drawings(inks: Sequence[Ink | InkSample], captions: Sequence[str], columns: int = 4) -> Figure:
    """Drawings side by side, samples with a colour for each true glyph.

    Args:
        inks: What to draw; ink without a truth is grey.
        captions: One each.
        columns: How many stand in a row.
    """
    rows = -(-len(inks) // columns)
    drawn = figure(9, 1.25 * rows)
    cells = drawn.subplots(rows, columns, squeeze=False).ravel()
    for cell in cells[len(inks) :]:
        cell.set_axis_off()
    for cell, ink, caption in zip(cells, inks, captions, strict=False):
        known = isinstance(ink, InkSample)
        tints = {s: [v / 255 for v in rgb] for s, rgb in colours(ink).items()} if known else {}
        draw_ink(cell, ink.ink if known else ink, tints, GREY)
        cell.set_title(caption, fontsize=8)
    return drawn

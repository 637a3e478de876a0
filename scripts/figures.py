"""Draws the figures of docs/how-reading-works.md from what the reader does: `python scripts/figures.py`.

Needs the training requirements. The drawings are our own (`model/benchmarks/specimens.py`); fails where one is misread.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import matplotlib as mpl  # noqa: E402

mpl.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.patches import Arc, Rectangle  # noqa: E402

from model.benchmarks.specimens import HAND, write  # noqa: E402
from model.reading.alphabet import alphabet_mask  # noqa: E402
from model.reading.classify import WEIGHTS  # noqa: E402
from model.reading.ink import Box, Ink  # noqa: E402
from model.reading.lattice import Lattice  # noqa: E402
from model.reading.linepicture import line_picture  # noqa: E402
from model.reading.reading import Options  # noqa: E402
from model.reading.recognizer import Recognizer, Trace  # noqa: E402
from model.reading.sequence import SequenceNet, load_sequence  # noqa: E402
from model.reading.trajectory import trajectories  # noqa: E402
from model.training.forms import as_image  # noqa: E402
from model.training.writing import Style, compose  # noqa: E402

IMAGES = ROOT / "docs" / "images"
COLOURS = [mpl.colormaps["tab10"](i) for i in range(10)]
GREY = "0.75"
PEN = 2.5
PAGE = "20 48\n175 3\n90 61"


def main(images: Path = IMAGES) -> None:
    """Writes the reading-….png: cuts, trajectory, lattice, columns, lines and fragments."""
    recognizer = Recognizer.load(thorough=True)
    number = _read(recognizer, write("4705"), "4705")
    touching = _read(recognizer, as_image(write("6543", advance=0.45)), "6543")
    page = _read(recognizer, _page(PAGE), PAGE)
    _save(draw_cuts(number), images / "reading-cuts.png")
    _save(draw_trajectory(write("6"), recognizer), images / "reading-trajectory.png")
    _save(draw_lattice(number), images / "reading-lattice.png")
    _save(draw_columns(touching.ink, load_sequence(WEIGHTS)), images / "reading-columns.png")
    _save(draw_lines(page), images / "reading-lines.png")
    _save(draw_fragments(touching), images / "reading-fragments.png")


def _read(recognizer: Recognizer, ink: Ink, text: str) -> Trace:
    trace = recognizer.trace(ink, Options(alphabet="digits"))
    if trace.reading.text != text:
        raise SystemExit(f"{text} was read as {trace.reading.text}")
    return trace


def _page(text: str) -> Ink:
    style = Style(gaps=(0.1, 0.2), spaces=(1.1, 1.4), pitch=(1.25, 1.25), slopes=(0.15, 0.15), heights=(70, 70))
    return compose(text, HAND, np.random.default_rng(1), style).ink


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, dpi=110, bbox_inches="tight")
    plt.close(figure)


def draw_ink(axes: Axes, ink: Ink, chosen: dict[int, object], rest: object = GREY) -> None:
    """The strokes, those in `chosen` in their colours."""
    for i, stroke in enumerate(ink.strokes):
        for path in stroke.paths:
            x, y = np.concatenate([path, path[-1:]]).T  # the last point twice, or a dot would not show
            axes.plot(x, y, color=chosen.get(i, rest), linewidth=PEN, solid_capstyle="round")
    axes.set_aspect("equal")
    axes.invert_yaxis()
    axes.axis("off")


def draw_cuts(trace: Trace) -> Figure:
    """The ink, and every hypothesis as the classifier saw it."""
    lattice = trace.decoded.readers[0].lattice
    count = len(trace.cuts.hypotheses)
    across = 8
    figure = plt.figure(figsize=(9, 2.2 + 1.35 * -(-count // across)))
    rows = -(-count // across)
    grid = figure.add_gridspec(1 + rows, across, height_ratios=[2.0, *[1.3] * rows], hspace=0.45)
    top = figure.add_subplot(grid[0, :])
    draw_ink(top, trace.ink, {i: COLOURS[i % 10] for i in range(len(trace.ink.strokes))})
    top.set_title("strokes, one colour each", fontsize=9, loc="left")
    for place in range(count):
        cell = figure.add_subplot(grid[1 + place // across, place % across])
        cell.imshow(1 - trace.pictures[place], cmap="gray", vmin=0, vmax=1)
        _describe(cell, lattice, trace, place)
    return figure


def draw_trajectory(ink: Ink, recognizer: Recognizer) -> Figure:
    """One glyph as points, as the net of pictures sees it, and as that of trajectories does."""
    trace = recognizer.trace(ink, Options(alphabet="digits"))
    path = ink.strokes[0].points
    x, y, right, down, *_ = trajectories([path], [False], [[0]])[0].T
    figure, (left, middle, way) = plt.subplots(1, 3, figsize=(9, 3))
    left.scatter(*path.T, c=np.arange(len(path)), cmap="viridis", s=12)
    left.set(title="points, first to last", aspect="equal")
    middle.imshow(1 - trace.pictures[0], cmap="gray", vmin=0, vmax=1)
    middle.set(title="picture", xticks=[], yticks=[])
    way.quiver(x, y, right, down, np.arange(len(x)), cmap="viridis", angles="xy", scale=14, width=0.008)
    way.set(title="trajectory", aspect="equal", xlim=(-1.15, 1.15), ylim=(-1.15, 1.15))
    for axes in (left, way):
        axes.invert_yaxis()
        axes.axis("off")
    return figure


def _describe(cell: Axes, lattice: Lattice, trace: Trace, place: int) -> None:
    """Names the likeliest digit of a hypothesis, how sure it is to be one, and frames it where it is in the answer."""
    row = lattice.log_labels[place]
    character = float(np.exp(trace.scores.log_character[place]))
    cell.set_title(
        f"{lattice.characters[int(row.argmax())]} {np.exp(row.max()):.0%}\na glyph: {character:.0%}", fontsize=7
    )
    cell.set_xticks([])
    cell.set_yticks([])
    read = place in trace.decoded.best
    for side in cell.spines.values():
        side.set_edgecolor("tab:blue" if read else GREY)
        side.set_linewidth(2.5 if read else 0.8)


def draw_lattice(trace: Trace) -> Figure:
    """Hypotheses as arcs over the strokes they hold; the way that won in blue."""
    lattice = trace.decoded.readers[0].lattice
    figure, axes = plt.subplots(figsize=(9, 3.2))
    axes.hlines(0, 0, trace.cuts.primitives, color="0.5", linewidth=1)
    for at in range(trace.cuts.primitives + 1):
        axes.plot(at, 0, "o", color="0.3", markersize=5)
    for place, hypothesis in enumerate(trace.cuts.hypotheses):
        begin, end = hypothesis.primitives[0], hypothesis.primitives[-1] + 1
        if end - begin > len(hypothesis.primitives):  # one that leaves a stroke out would lie over another's arc
            continue
        read = place in trace.decoded.best
        height = 0.9 * (end - begin)
        axes.add_patch(
            Arc(
                ((begin + end) / 2, 0), end - begin, 2 * height, theta1=0, theta2=180,
                color="tab:blue" if read else GREY, linewidth=2.5 if read else 1, zorder=3 if read else 1,
            )
        )  # fmt: skip
        label = f"{lattice.characters[int(lattice.log_labels[place].argmax())]} {lattice.edges[place]:+.1f}"
        axes.text((begin + end) / 2, height + 0.05, label, ha="center", fontsize=8, color="tab:blue" if read else "0.5")
    axes.set_xlim(-0.3, trace.cuts.primitives + 0.3)
    axes.set_ylim(-0.4, 0.9 * 4 + 0.5)
    axes.axis("off")
    for at in range(trace.cuts.primitives):
        axes.text(at + 0.5, -0.3, f"stroke {at + 1}", ha="center", fontsize=7, color="0.4")
    return figure


def draw_columns(ink: Ink, net: SequenceNet) -> Figure:
    """A line as the net sees it that reads it whole, and which digit each of its columns shows."""
    picture = line_picture(ink.strokes)
    columns = net.columns(picture, alphabet_mask("digits"))[:, : 1 + 10]
    figure, (top, below) = plt.subplots(2, 1, figsize=(7, 4), sharex=True, height_ratios=(1.0, 1.5))
    extent = (0, picture.shape[1], picture.shape[0], 0)
    top.imshow(255 - picture[..., 0], cmap="gray", vmin=0, vmax=255, extent=extent, aspect="auto")
    top.axis("off")
    extent = (0, picture.shape[1], 10.5, -0.5)
    below.imshow(columns.T, cmap="Blues", vmin=0, vmax=1, extent=extent, aspect="auto", interpolation="nearest")
    below.set_yticks(range(11), ["nothing new", *"0123456789"], fontsize=8)
    below.tick_params(bottom=False, labelbottom=False)
    return figure


def draw_lines(trace: Trace) -> Figure:
    """The ink of several lines, each in its colour, a box around each word."""
    figure, axes = plt.subplots(figsize=(5, 3))
    glyphs = trace.reading.glyphs
    draw_ink(axes, trace.ink, {s: COLOURS[glyph.line] for glyph in glyphs for s in glyph.strokes})
    for word in range(glyphs[-1].word + 1):
        box = Box.over(glyph.box for glyph in glyphs if glyph.word == word)
        edge = 6.0
        size = box.width + 2 * edge, box.height + 2 * edge
        axes.add_patch(Rectangle((box.x - edge, box.y - edge), *size, fill=False, edgecolor=GREY, linewidth=1))
    return figure


def draw_fragments(trace: Trace) -> Figure:
    """A flat image whose digits lie in each other: its fragments, and the glyphs found among them."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 2.4))
    draw_ink(left, trace.ink, {i: COLOURS[i % 10] for i in range(len(trace.ink.strokes))})
    left.set_title("fragments: lines between ends and crossings", fontsize=9, loc="left")
    glyphs = [trace.cuts.hypotheses[h].strokes for h in trace.decoded.best]
    owner = {i: COLOURS[g % 10] for g, strokes in enumerate(glyphs) for i in strokes}
    draw_ink(right, trace.ink, owner)
    right.set_title(f"glyphs: {trace.reading.text}", fontsize=9, loc="left")
    return figure


if __name__ == "__main__":
    main()

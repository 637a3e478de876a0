"""A page of the misread drawings, the surest first. It shows whatever was measured on, so it is committed nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np

from model.benchmarks.tally import Outcome
from model.reading.alphabet import REJECTED
from model.reading.ink import Box, Polyline
from model.training.inkdata import InkSample
from model.training.sheet import colours

MOST = 600
"""Drawings that a page shows at most."""

_STYLE = """
body { font: 14px system-ui, sans-serif; margin: 1rem; display: flex; flex-wrap: wrap; gap: 1rem }
h1 { flex-basis: 100%; font-size: 1.2rem; margin: 0 }
figure { margin: 0; padding: .5rem; border: 1px solid #ccc; border-radius: 4px; width: 15rem }
svg { width: 100%; height: 7rem } path { fill: none; stroke-width: 4; stroke-linecap: round; stroke-linejoin: round }
figcaption { overflow-wrap: anywhere } small { color: #555 }
"""


def worst_page(measured: Iterable[tuple[str, str, Outcome]]) -> str:
    """An HTML page, complete in itself, of what was read wrong.

    Args:
        measured: (set, form, outcome) of any drawings; those read right are left out.
    """
    wrong = sorted(((s, f, o) for s, f, o in measured if not o.exact), key=lambda row: -row[2].confidence)
    title = f"{len(wrong):,} drawings misread" + (f", the surest {MOST}" if len(wrong) > MOST else "")
    figures = "\n".join(_figure(*row) for row in wrong[:MOST])
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n<h1>{title}</h1>\n{figures}\n</html>\n"
    )


def _figure(name: str, form: str, outcome: Outcome) -> str:
    glyphs = " ".join(f"{char or REJECTED} {confidence:.2f}" for char, confidence in outcome.glyphs)
    truth = outcome.sample.text or "nothing"
    said = f"<b>{escape(truth)}</b> read as <b>{escape(outcome.text)}</b>, {outcome.confidence:.2f}"
    whence = f"{name}, {form}, {outcome.sample.name}, {outcome.sample.writer}"
    caption = f"{said}<br>{escape(glyphs)}<br><small>{escape(whence)}</small>"
    return f"<figure>{_svg(outcome.sample)}<figcaption>{caption}</figcaption></figure>"


def _svg(sample: InkSample) -> str:
    """The ink, each stroke in the colour of its true glyph."""
    tint = colours(sample)
    points = [stroke.points for stroke in sample.ink.strokes]
    box = Box.around(np.concatenate(points)) if points else Box(0, 0, 1, 1)
    paths = "".join(_path(path, tint.get(s, (0, 0, 0))) for s, path in enumerate(points))
    view = f"{box.x - 4:.1f} {box.y - 4:.1f} {box.width + 8:.1f} {box.height + 8:.1f}"
    return f'<svg viewBox="{view}" role="img" aria-label="{escape(sample.text, quote=True)}">{paths}</svg>'


def _path(points: Polyline, tint: tuple[int, int, int]) -> str:
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*points, points[-1]])  # the last twice, or a dot would not show
    return f'<path stroke="rgb{tint}" d="M{way}"/>'

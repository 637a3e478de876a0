"""Writes docs/2048.json, the drawing that the README's curl call sends, from our own specimens."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from model.benchmarks.specimens import write

TARGET = Path(__file__).resolve().parent.parent / "docs" / "2048.json"


def main() -> None:
    """Writes the file."""
    strokes = []
    for stroke in write("2048").strokes:
        points = stroke.points.astype(float).round(1)
        start = stroke.start or 0.0
        times = start + 8.0 * np.arange(len(points))
        strokes.append({"x": points[:, 0].tolist(), "y": points[:, 1].tolist(), "t": times.tolist()})
    text = json.dumps({"strokes": strokes, "alphabet": "auto"}, separators=(",", ":"))
    TARGET.write_text(text.replace('{"x"', '\n{"x"') + "\n")


if __name__ == "__main__":
    main()

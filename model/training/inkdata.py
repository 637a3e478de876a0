"""Ink lines: JSON samples of strokes with true glyph groups, one a line, as `../shared/data/ink` holds them."""

from __future__ import annotations

import json
import lzma
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.reading.ink import Box, Ink, Polyline, Stroke

GLYPH_HEIGHT = 60.0
"""CSS pixels that the tallest glyph of a sample is scaled to: what people draw in a browser."""

VALIDATION_SHARE = 8
"""One writer in this many validates and never trains."""

COLLECTIVES = frozenset({"unipen:val:val01", "unipen:val:val02"})
"""Names that stand for many people, who may be anyone: these always train, so that they validate nothing."""


@dataclass(frozen=True)
class InkSample:
    """One drawing with its truth.

    Attributes:
        name: The source's own identifier.
        writer: Who wrote it, unique across sources.
        text: What was written.
        groups: (character, stroke indices) of each glyph, in reading order.
        ink: The strokes; of a file scaled so that the tallest glyph is 60 CSS pixels high.
    """

    name: str
    writer: str
    text: str
    groups: tuple[tuple[str, tuple[int, ...]], ...]
    ink: Ink

    @property
    def is_joined(self) -> bool:
        """Whether a stroke is of several glyphs, so that where it is to be cut is not known."""
        return sum(len(strokes) for _, strokes in self.groups) > len(self.ink.strokes)

    def glyph_paths(self, index: int) -> list[Polyline]:
        """The centre lines of glyph `index`."""
        return [path for stroke in self.groups[index][1] for path in self.ink.strokes[stroke].paths]


Cut = Counter[frozenset[int]]
"""The strokes of each glyph, by their index."""


def true_cut(sample: InkSample) -> Cut:
    """The strokes of each true glyph."""
    return Counter(frozenset(strokes) for _, strokes in sample.groups)


def is_validation(writer: str) -> bool:
    """Whether `writer` validates; by hash of the name, so a writer falls on one side in every file."""
    return writer not in COLLECTIVES and zlib.crc32(writer.encode()) % VALIDATION_SHARE == 0


def read_ink_lines(path: Path) -> Iterator[InkSample]:
    """Yields the samples of a `.jsonl` or `.jsonl.xz` file.

    Raises:
        ValueError: the file is damaged, or a line is not an ink sample; the message names file and line.
        OSError: the file cannot be read.
    """
    for number, line in enumerate(_lines(path), 1):
        try:
            yield ink_sample(json.loads(line))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise ValueError(f"{path}, line {number}: expected an ink sample, got {error!r}") from error


def _lines(path: Path) -> Iterator[str]:
    try:
        with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as lines:
            yield from lines
    except (EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path}: expected lines of ink, found a file that is cut short or damaged ({error})"
        ) from error


def ink_sample(row: dict[str, Any]) -> InkSample:
    """One parsed line.

    Raises:
        KeyError, TypeError, ValueError: it is not an ink sample.
    """
    groups = tuple((str(glyph["char"]), tuple(glyph["strokes"])) for glyph in row["glyphs"])
    strokes = [Stroke.from_points(s["x"], s["y"], s.get("t"), i) for i, s in enumerate(row["strokes"])]
    scale = GLYPH_HEIGHT / max(_extent([strokes[s] for s in members]) for _, members in groups)
    origin = np.concatenate([stroke.points for stroke in strokes]).min(axis=0)
    scaled = tuple(
        Stroke(((stroke.paths[0] - origin) * np.float32(scale),), stroke.index, stroke.start, stroke.end)
        for stroke in strokes
    )
    name = str(row.get("id", ""))
    return InkSample(name, f"{name.split('/')[0]}:{row['writer']}", str(row["text"]), groups, Ink(scaled))


def _extent(strokes: list[Stroke]) -> float:
    """The longer side of what the strokes fill together, never 0."""
    box = Box.around(np.concatenate([stroke.points for stroke in strokes]))
    return max(box.width, box.height, 1e-6)

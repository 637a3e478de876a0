"""A source → its drawing: ink in any format that `model.formats` knows, a picture, or a line of an ink file."""

from __future__ import annotations

import json
from dataclasses import dataclass

from model.folders.sources import Source
from model.folders.tiff import is_tiff, page_as_png
from model.formats.files import Drawn, read_ink
from model.training.inkdata import ink_sample

_LARGEST = 1 << 28
"""Bytes of a file that is still read; no drawing has so many."""


class SourceError(ValueError):
    """A source that holds no drawing."""


@dataclass(frozen=True)
class Loaded:
    """A drawing and where it came from."""

    source: Source
    drawn: Drawn


def load(source: Source) -> Loaded:
    """Reads one drawing.

    Raises:
        OSError: its file cannot be read.
        ValueError: it holds no drawing, or many.
    """
    if source.error is not None:
        raise SourceError(source.error)
    data = _bytes(source)
    if is_tiff(data):
        data = page_as_png(data, source.page or 0)
    if source.path is None and (sample := _sample(data)) is not None:
        return Loaded(source, sample)
    found = read_ink(data)
    if len(found) != 1:
        raise SourceError(f"holds {len(found)} drawings; as a file that ends in .ndjson it is read line by line")
    return Loaded(source, found[0])


def _bytes(source: Source) -> bytes:
    if source.data is not None or source.path is None:
        return source.data or b""
    size = source.path.stat().st_size
    if size > _LARGEST:
        raise SourceError(f"has {size:,} bytes, at most {_LARGEST:,} are read")
    return source.path.read_bytes()


def _sample(line: bytes) -> Drawn | None:
    """A line of strokes with their true groups, in units of its own; None where it is none."""
    if not line.lstrip().startswith(b"{"):
        return None
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not {"glyphs", "strokes", "text"} <= row.keys():
        return None
    try:
        sample = ink_sample(row)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise SourceError(f"expected an ink sample, got {error!r}") from error
    return Drawn(sample.ink, written=sample.text)

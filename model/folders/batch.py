"""Some drawings at a time → their rows: what one core does."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2

from model.explaining.explanation import explain
from model.explaining.page import page
from model.folders.loading import Loaded, load
from model.folders.rows import Row, row_of
from model.folders.sources import Source, said
from model.reading.alphabet import AlphabetChoice
from model.reading.preparing import GroupsError
from model.reading.reading import Reading
from model.reading.recognizer import Recognizer, Trace
from model.reading.sharelink import MARK

_RIVALS = 3
"""Alternatives that an explanation asks for at least: it needs a text to tell the answer from."""

_CASES = 8
"""Alternatives that may differ in case alone, asked for where case does not count."""


@dataclass(frozen=True)
class Settings:
    """How drawings are read.

    Attributes:
        model: The model's folder.
        alphabet: What may be read, whatever a file asks for; None leaves it to the file.
        lexicon: The words that may be read, whatever a file asks for; None leaves it to the file.
        upper: Whether answers are in capitals.
        explain: A folder for a page of each drawing, or None.
    """

    model: Path
    alphabet: AlphabetChoice | None = None
    lexicon: tuple[str, ...] | None = None
    upper: bool = False
    explain: Path | None = None


class BatchReader:
    """Reads drawings with the glyphs of all classified together; on one core, as others are for other batches."""

    def __init__(self, settings: Settings):
        cv2.setNumThreads(1)
        self._settings = settings
        self._recognizer = Recognizer.load(settings.model, thorough=settings.explain is not None)

    def read(self, sources: Sequence[Source]) -> list[Row]:
        """One row a source, in their order; a source that cannot be read is a row with its error."""
        loaded = [self._loaded(source) for source in sources]
        drawings = [item for item in loaded if isinstance(item, Loaded)]
        traces = iter(self._recognizer.trace_many([(d.drawn.ink, d.drawn.options) for d in drawings]))
        return [item if isinstance(item, Row) else self._row(item, next(traces)) for item in loaded]

    def explained(self, source: Source) -> tuple[Reading, str]:
        """One drawing's reading, and the page that tells why.

        Raises:
            OSError, ValueError: it cannot be read.
        """
        try:
            loaded = self._asked(load(source))
            trace = self._recognizer.trace(loaded.drawn.ink, loaded.drawn.options)
        except ValueError as error:
            raise ValueError(f"{source.name} {error}") from error
        return trace.reading, self._page(loaded, trace)

    def _loaded(self, source: Source) -> Loaded | Row:
        try:
            return self._asked(load(source))
        except (OSError, ValueError) as error:
            return Row(source.name, error=said(error))

    def _asked(self, found: Loaded) -> Loaded:
        """With what is asked of it."""
        asked, given = self._settings, found.drawn.options
        least = max(_CASES if asked.upper else 0, _RIVALS if asked.explain else 0)
        options = replace(
            given,
            alphabet=asked.alphabet or given.alphabet,
            lexicon=given.lexicon if asked.lexicon is None else asked.lexicon,
            alternatives=max(given.alternatives, least),
        )
        return replace(found, drawn=replace(found.drawn, options=options))

    def _row(self, loaded: Loaded, trace: Trace | GroupsError) -> Row:
        name = loaded.source.name
        if isinstance(trace, GroupsError):
            return Row(name, error=said(trace))
        if self._settings.explain is not None:
            path = self._settings.explain / page_name(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._page(loaded, trace), encoding="utf-8", errors="replace")
        return row_of(name, trace.reading, self._settings.upper)

    def _page(self, loaded: Loaded, trace: Trace) -> str:
        model = f"{self._recognizer.name} {self._recognizer.version}"
        return page(explain(trace), loaded.source.name, model, loaded.drawn.written)


def page_name(name: str) -> Path:
    """Where in its folder the page of a drawing lies: as the drawing lies, but never outside."""
    if MARK in name:  # a share link may be longer than a file's name
        return Path(f"link-{zlib.crc32(name.encode()):08x}.html")
    inside = {Path(name).anchor: "=root", "..": "=up"}
    parts = [inside.get(part, part) for part in Path(name).parts]
    return Path(*parts[:-1], f"{parts[-1]}.html")

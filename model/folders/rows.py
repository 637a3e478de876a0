"""What was read, as lines of a table: CSV, JSON lines, or character codes; and back, to know what is done."""

from __future__ import annotations

import csv
import io
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

from model.reading.alphabet import REJECTED
from model.reading.ink import Box
from model.reading.reading import Alternative, Reading

Format = Literal["csv", "jsonl", "code"]

_ERROR = "error"

_EIGHT_BITS = "surrogateescape"
"""How file names that are no UTF-8 pass through text unharmed."""


@dataclass(frozen=True)
class Character:
    """One glyph of a row."""

    text: str
    confidence: float
    line: int
    word: int
    box: Box


@dataclass(frozen=True)
class Row:
    """What one drawing says, or why it could not be read.

    Attributes:
        path: Where it was found.
        text: What was read; "" where nothing was.
        confidence: Probability that all of `text` is right, 0 to 1.
        alphabet: What it was read with.
        alternatives: Best first, the answer included.
        characters: In reading order.
        error: Why it could not be read; then all else is empty.
    """

    path: str
    text: str = ""
    confidence: float = 0.0
    alphabet: str = ""
    alternatives: tuple[Alternative, ...] = ()
    characters: tuple[Character, ...] = ()
    error: str | None = None


def row_of(path: str, reading: Reading, upper: bool = False) -> Row:
    """The row of a reading; `upper` writes all letters as capitals, and adds up what differs in nothing else."""
    characters = tuple(
        Character(*_answer(g.char or REJECTED, g.confidence, g.alternatives, upper), g.line, g.word, g.box)
        for g in reading.glyphs
    )
    text, confidence = _answer(reading.text, reading.confidence, reading.alternatives, upper)
    shares: dict[str, float] = {}
    for other in reading.alternatives:
        said = other.text.upper() if upper else other.text
        shares[said] = shares.get(said, 0.0) + other.confidence
    others = tuple(Alternative(said, share) for said, share in shares.items())
    return Row(path, text, confidence, reading.alphabet, others, characters)


def _answer(text: str, confidence: float, others: Sequence[Alternative], upper: bool) -> tuple[str, float]:
    if not upper:
        return text, confidence
    same = [other.confidence for other in others if other.text.upper() == text.upper()]
    return text.upper(), max(confidence, sum(same))


class Table(ABC):
    """A format of rows.

    Attributes:
        characters: Whether a drawing has a row a character, not one alone.
        head: The bytes that a table begins with.
        quoted: Whether a record may go over several lines, within double quotes.
    """

    head = b""
    quoted = False

    def __init__(self, characters: bool = False):
        self.characters = characters

    @abstractmethod
    def lines(self, row: Row) -> bytes:
        """One row, or one a character."""

    @abstractmethod
    def known(self, record: bytes) -> tuple[str, bool]:
        """(path, whether it could not be read) of a record.

        Raises:
            ValueError: it is no record of this table.
        """


class CsvTable(Table):
    """Comma-separated values, as RFC 4180 has them but for plain line ends."""

    quoted = True

    def __init__(self, characters: bool = False):
        super().__init__(characters)
        self._columns = ["path", "text", "confidence", "error"]
        if characters:
            self._columns = [
                "path",
                "glyph",
                "text",
                "confidence",
                "line",
                "word",
                "x",
                "y",
                "width",
                "height",
                "error",
            ]
        self.head = self._line(self._columns)

    def lines(self, row: Row) -> bytes:
        """See `Table`."""
        if not self.characters:
            sure = "" if row.error else f"{row.confidence:.4f}"
            return self._line([row.path, row.text, sure, row.error or ""])
        if not row.characters:
            return self._line([row.path, *[""] * 9, row.error or ""])
        return b"".join(
            self._line([row.path, str(i), c.text, f"{c.confidence:.4f}", str(c.line), str(c.word), *_place(c.box), ""])
            for i, c in enumerate(row.characters)
        )

    def known(self, record: bytes) -> tuple[str, bool]:
        """See `Table`."""
        cells = next(csv.reader(io.StringIO(record.decode("utf-8", _EIGHT_BITS), newline="")))
        if len(cells) != len(self._columns):
            raise ValueError(f"has {len(cells)} columns, not {len(self._columns)}")
        return cells[0], bool(cells[-1])

    @staticmethod
    def _line(cells: Sequence[str]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerow(cells)
        return text.getvalue().encode("utf-8", _EIGHT_BITS)


class JsonTable(Table):
    """A JSON object a line, its fields named as in the API's answer."""

    def lines(self, row: Row) -> bytes:
        """See `Table`."""
        if row.error is not None:
            return self._line({"path": row.path, "error": row.error})
        if not self.characters:
            others = [{"text": a.text, "confidence": round(a.confidence, 4)} for a in row.alternatives]
            answer = {"path": row.path, "text": row.text, "confidence": round(row.confidence, 4)}
            return self._line({**answer, "alphabet": row.alphabet, "alternatives": others})
        if not row.characters:
            return self._line({"path": row.path, "glyph": None})
        return b"".join(self._line(_character(row.path, i, c)) for i, c in enumerate(row.characters))

    def known(self, record: bytes) -> tuple[str, bool]:
        """See `Table`."""
        value = json.loads(record)
        if not isinstance(value, dict) or not isinstance(value.get("path"), str):
            raise ValueError("names no path")
        return value["path"], "error" in value

    @staticmethod
    def _line(value: dict[str, object]) -> bytes:
        # a lone surrogate becomes \udc80 and the like, as JSON writes it
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


class CodeTable(Table):
    """The decimal code of each character, a comma, and the path: `051, three.png`; 000 is no character.

    In place of the codes of what could not be read stands `error`.
    """

    def lines(self, row: Row) -> bytes:
        """See `Table`."""
        if row.error is not None:
            return f"{_ERROR}, {row.path}\n".encode("utf-8", _EIGHT_BITS)
        texts = [c.text for c in row.characters] if self.characters and row.characters else [row.text]
        return b"".join(f"{_codes(text)}, {row.path}\n".encode("utf-8", _EIGHT_BITS) for text in texts)

    def known(self, record: bytes) -> tuple[str, bool]:
        """See `Table`."""
        codes, comma, path = record.decode("utf-8", _EIGHT_BITS).removesuffix("\n").partition(", ")
        if not comma or not (codes == _ERROR or all(code.isdigit() for code in codes.split(" "))):
            raise ValueError("is no code and path")
        return path, codes == _ERROR


TABLES: dict[Format, type[Table]] = {"csv": CsvTable, "jsonl": JsonTable, "code": CodeTable}


def records(file: BinaryIO, quoted: bool) -> Iterator[tuple[int, bytes]]:
    """(where it ends, bytes) of each whole record of a table; a torn last one is left out."""
    end, record = 0, b""
    for line in file:
        record += line
        # within quotes a line end is text; a quote in the text is written twice
        if line.endswith(b"\n") and not (quoted and record.count(b'"') % 2):
            end += len(record)
            yield end, record
            record = b""


def _codes(text: str) -> str:
    return " ".join(f"{0 if c == REJECTED else ord(c):03d}" for c in text) or "000"


def _place(box: Box) -> list[str]:
    return [f"{v:.1f}" for v in (box.x, box.y, box.width, box.height)]


def _character(path: str, index: int, c: Character) -> dict[str, object]:
    box = {"x": c.box.x, "y": c.box.y, "width": c.box.width, "height": c.box.height}
    return {
        "path": path,
        "glyph": index,
        "text": c.text,
        "confidence": round(c.confidence, 4),
        "line": c.line,
        "word": c.word,
        "box": {name: round(v, 1) for name, v in box.items()},
    }

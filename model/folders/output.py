"""The table that is written: whole rows only, and, after any end of the run, taken up where it stopped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from model.folders.rows import Row, Table, records
from model.folders.sources import Sources


@dataclass
class Output:
    """An open table.

    Attributes:
        written: Drawings in it.
        failed: How many of them could not be read.
    """

    _file: BinaryIO
    _table: Table
    written: int = 0
    failed: int = 0

    def write(self, rows: list[Row]) -> None:
        """Adds rows, and hands them to the system: nothing that ends this process takes them back."""
        self._file.write(b"".join(self._table.lines(row) for row in rows))
        self._file.flush()
        self.written += len(rows)
        self.failed += sum(row.error is not None for row in rows)


@contextmanager
def opened(path: Path | None, table: Table, sources: Sources, resume: bool) -> Iterator[Output]:
    """Opens a table, and tells `sources` what already stands in it.

    Args:
        path: A new file, or the one to go on with; standard output if None.
        table: Its format.
        sources: What is to be read.
        resume: Whether the file may hold rows, which then stay; a torn last one goes.

    Raises:
        ValueError: the file holds anything and `resume` is False, or it holds another table.
    """
    if path is None:
        sys.stdout.flush()
        out = Output(sys.stdout.buffer, table)
        out._file.write(table.head)
        yield out
        return
    if not resume and path.exists() and path.stat().st_size:
        raise ValueError(f"{path} is there already; --resume goes on with it")
    path.touch()
    with path.open("r+b") as file:
        out = Output(file, table)
        end = _take_up(path, out, sources)
        file.seek(end)
        file.truncate()
        if not end:
            file.write(table.head)
            file.flush()
        yield out


def _take_up(path: Path, out: Output, sources: Sources) -> int:
    """Where the table's last whole drawing ends, bytes; those up to there are done."""
    end = start = 0
    drawing: tuple[str, bool] | None = None
    for stop, record in records(out._file, out._table.quoted):
        if not end and out._table.head:
            if record != out._table.head:
                raise ValueError(f"{path} does not begin with {out._table.head.decode().strip()}: it is another table")
            end = start = stop
            continue
        try:
            found = out._table.known(record)
        except ValueError as error:
            raise ValueError(f"{path} is another table: {record[:80]!r} {error}") from error
        if drawing is None or found[0] != drawing[0]:
            _count(out, sources, drawing)
            drawing, start = found, end
        end = stop
    if out._table.characters:
        return start  # the last drawing's rows may not all be there: it is read again
    _count(out, sources, drawing)
    return end


def _count(out: Output, sources: Sources, drawing: tuple[str, bool] | None) -> None:
    if drawing is not None:
        sources.done(drawing[0])
        out.written += 1
        out.failed += drawing[1]

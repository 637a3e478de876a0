"""What is asked for, in order: files, folders, patterns, share links, standard input → one source a drawing.

A folder may hold more names than fit in memory: they are sorted in a temporary database, which lies on disk as soon as
it grows.
"""

from __future__ import annotations

import glob
import json
import lzma
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from model.folders.tiff import SUFFIXES as TIFF
from model.folders.tiff import page_count
from model.reading.sharelink import MARK, parse_share_link

STANDARD_INPUT = "-"
LINES = (".jsonl", ".ndjson", ".jsonl.xz", ".ndjson.xz")
"""Files of a drawing a line."""

KNOWN = (".png", ".jpg", ".jpeg", ".webp", *TIFF, *LINES, ".json", ".inkml")
"""Files of a folder that are read; others are passed over."""


@dataclass(frozen=True)
class Source:
    """Where one drawing is to be found.

    Attributes:
        name: Stands for it in the table; no two sources of a run share one.
        path: The file, where it is still to be read; None for standard input.
        data: What was read already: a line of a file, or standard input.
        page: Which page of a TIFF file, from 0.
        error: Why nothing can be read.
    """

    name: str
    path: Path | None = None
    data: bytes | None = None
    page: int | None = None
    error: str | None = None


class Sources:
    """The drawings of all paths, in the order of the paths, those of a folder by name; each file once.

    Args:
        paths: Files, folders, patterns, the page's share links, or "-" for standard input.
        without: A file that is never one of them: the table that is written.
        line: Only this line of files of a drawing a line, from 1.

    Raises:
        ValueError: a folder or a pattern holds nothing to read.
    """

    def __init__(self, paths: Sequence[str], without: Path | None = None, line: int | None = None):
        self._line = line
        self._files = sqlite3.connect("")
        self._files.execute("CREATE TABLE file (path BLOB UNIQUE)")
        self._files.execute("CREATE TABLE found (path BLOB)")
        self._files.execute("CREATE TABLE done (name BLOB PRIMARY KEY) WITHOUT ROWID")
        for path in paths:
            self._add(path, without)

    def _add(self, path: str, without: Path | None) -> None:
        keep = (os.fsencode(p) for p in _expanded(path) if without is None or not _same(p, without))
        self._files.executemany("INSERT INTO found VALUES (?)", ((name,) for name in keep))
        if not self._files.execute("SELECT EXISTS (SELECT 1 FROM found)").fetchone()[0]:
            raise ValueError(f"{path}: nothing to read; read are {', '.join(KNOWN)}")
        self._files.execute("INSERT OR IGNORE INTO file SELECT path FROM found ORDER BY path")
        self._files.execute("DELETE FROM found")

    def done(self, name: str) -> None:
        """Leaves out a source that was read before."""
        self._files.execute("INSERT OR IGNORE INTO done VALUES (?)", (_key(name),))

    def count(self) -> int | None:
        """How many drawings there are in all, those done included; None where only reading them would tell."""
        total = 0
        for path in self._paths():
            if path == STANDARD_INPUT:
                return None
            total += sum(1 for _ in self._of_file(path))
        return total

    def __iter__(self) -> Iterator[Source]:
        """Those that are not yet done."""
        for path in self._paths():
            for source in _of_stream(sys.stdin.buffer) if path == STANDARD_INPUT else self._of_file(path):
                seen = self._files.execute("SELECT 1 FROM done WHERE name = ?", (_key(source.name),)).fetchone()
                if seen is None:
                    yield source

    def _paths(self) -> Iterator[str]:
        for (path,) in self._files.execute("SELECT path FROM file ORDER BY rowid"):
            yield os.fsdecode(path)

    def _of_file(self, name: str) -> Iterator[Source]:
        path, kind = Path(name), name.lower()
        try:
            if MARK in name:
                yield Source(name, data=json.dumps(parse_share_link(name)).encode())
            elif kind.endswith(LINES):
                yield from self._of_lines(name)
            elif self._line is not None:
                yield Source(name, error=f"has no lines to choose from, as {', '.join(LINES)} have")
            elif kind.endswith(TIFF):
                with path.open("rb") as file:
                    pages = page_count(file)
                for page in range(pages):
                    yield Source(name if pages == 1 else f"{name}:{page + 1}", path, page=page)
            else:
                yield Source(name, path)
        except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
            yield Source(name, error=said(error))

    def _of_lines(self, name: str) -> Iterator[Source]:
        with lzma.open(name) if name.lower().endswith(".xz") else Path(name).open("rb") as lines:
            number = 0
            for number, line in enumerate(lines, 1):
                if line.strip() and self._line in (None, number):
                    yield Source(f"{name}:{number}", data=line)
        if self._line is not None and not 0 < self._line <= number:
            yield Source(f"{name}:{self._line}", error=f"has no line {self._line}")


def said(error: BaseException) -> str:
    """An error in one line, without the path, which stands beside it."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split()) or type(error).__name__


def _key(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _same(path: str, other: Path) -> bool:
    return path != STANDARD_INPUT and Path(path).name == other.name and Path(path).resolve() == other.resolve()


def _expanded(path: str) -> Iterator[str]:
    """The files that a path stands for; a file that is not there stands for itself, and fails when its turn comes."""
    if path == STANDARD_INPUT:
        yield path
        return
    is_pattern = MARK not in path and glob.has_magic(path) and not Path(path).exists()
    for found in glob.iglob(path, recursive=True) if is_pattern else (path,):  # noqa: PTH207  # a Path takes no absolute pattern
        # ./a and a are one file; what .. leads to may hang on a link
        plain = str(Path(found))
        if Path(found).is_dir():
            yield from _inside(plain)
        else:
            yield path if MARK in path else plain


def _inside(folder: str) -> Iterator[str]:
    """The known files in a folder and in the folders in it, in any order; hidden ones are passed over."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _inside(entry.path)
            elif entry.name.lower().endswith(KNOWN):
                yield entry.path


def _of_stream(stream: BinaryIO) -> Iterator[Source]:
    """Standard input: a drawing a line where its first line is a whole JSON value and is not the only one."""
    first = stream.readline()
    second = stream.readline() if _is_json(first) else b""
    if not second.strip():
        yield Source(STANDARD_INPUT, data=first + second + stream.read())
        return
    yield Source(f"{STANDARD_INPUT}:1", data=first)
    yield Source(f"{STANDARD_INPUT}:2", data=second)
    for number, line in enumerate(stream, 3):
        if line.strip():
            yield Source(f"{STANDARD_INPUT}:{number}", data=line)


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False

"""Pictures and labels as official files hold them, IDX and CSV: read in pieces, so that memory holds them once."""

from __future__ import annotations

import gzip
import math
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.normalize import SIDE

PIXELS = SIDE * SIDE
MOST = 10_000_000
"""More images than any official file holds: a header that promises more is damaged."""

PIECE = 1024
"""Images in memory at a time besides the set that is read."""


@dataclass(frozen=True)
class Source:
    """A file by itself or in an archive.

    Attributes:
        name: What errors call it.
        opened: Opens it for reading bytes, seekable.
    """

    name: str
    opened: Callable[[], IO[bytes]]

    @classmethod
    def of(cls, path: Path) -> Source:
        """The file at `path`."""
        return cls(str(path), lambda: path.open("rb"))

    @contextmanager
    def reading(self) -> Iterator[IO[bytes]]:
        """Opens the file, unpacked if it is gzip whatever its name.

        Raises:
            ValueError: the body found something wrong, or the packing is; the message then begins with the name.
        """
        try:
            with self.opened() as file:
                packed = file.read(2) == b"\x1f\x8b"
                file.seek(0)
                if packed:
                    with gzip.GzipFile(fileobj=file) as unpacked:
                        yield cast(IO[bytes], unpacked)
                else:
                    yield file
        except EOFError:
            raise ValueError(f"{self.name}: the file is cut short") from None
        except (gzip.BadGzipFile, zlib.error, zipfile.BadZipFile) as error:
            raise ValueError(f"{self.name}: the file is damaged ({error})") from None
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from None


@dataclass(frozen=True)
class Raw:
    """Images and labels just as a file holds them.

    Attributes:
        images: Shape (n, 28, 28), uint8, in the file's own orientation.
        labels: Shape (n,), int64, the file's own numbers.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


def exactly(file: IO[bytes], size: int) -> bytes:
    """The next `size` bytes.

    Raises:
        EOFError: there are fewer.
    """
    data = file.read(size)
    if len(data) < size:
        raise EOFError
    return data


def chosen(count: int, limit: int | None) -> NDArray[np.int64]:
    """Which of `count` rows to take, rising: all, or `limit` from everywhere, as some files are sorted by class."""
    if limit is None or limit >= count:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, limit, replace=False))


def read_idx(images: Source, labels: Source, limit: int | None = None) -> Raw:
    """Reads a pair of IDX files, packed with gzip or not.

    Args:
        images: uint8, three dimensions, 28×28.
        labels: uint8, one dimension, as long.
        limit: Take no more than so many images.

    Raises:
        ValueError: either is something else, cut short or damaged, or they differ in length.
    """
    with labels.reading() as file:
        (named,) = _idx_shape(file, 1)
        numbers = np.frombuffer(exactly(file, named), np.uint8)
        _ends(file)
    with images.reading() as file:
        count, *size = _idx_shape(file, 3)
        if size != [SIDE, SIDE]:
            raise ValueError(f"expected images of {SIDE}×{SIDE}, found {size[0]}×{size[1]}")
        if count != named:
            raise ValueError(f"holds {count:,} images, but {labels.name} {named:,} labels")
        pick = chosen(count, limit)
        out = np.empty((len(pick), PIXELS), np.uint8)
        for length, into, which in _pieces(images, pick, count):
            piece = np.frombuffer(exactly(file, length * PIXELS), np.uint8)
            out[into] = piece.reshape(length, PIXELS)[which]
        _ends(file)
    return Raw(out.reshape(-1, SIDE, SIDE), numbers[pick].astype(np.int64))


def read_csv(source: Source, limit: int | None = None) -> Raw:
    """Reads a CSV file with a label and 784 pixels in each row, with a header row or without.

    Args:
        source: Each value from 0 to 255.
        limit: Take no more than so many rows.

    Raises:
        ValueError: a row is something else, or there is none.
    """
    with source.reading() as file:
        count = sum(1 for _ in _rows(file))
        if not count:
            raise ValueError(f"expected rows of a label and {PIXELS} pixels, found none")
    pick = chosen(count, limit)
    images = np.empty((len(pick), PIXELS), np.uint8)
    labels = np.empty(len(pick), np.int64)
    with source.reading() as file:
        rows = _rows(file)
        for size, into, which in _pieces(source, pick, count):
            lines = list(islice(rows, size))
            taken = [lines[i] for i in which]
            if not taken:
                continue
            try:
                table = np.loadtxt(taken, np.uint8, delimiter=",", comments=None, ndmin=2)
            except ValueError:
                table = np.empty((0, 0), np.uint8)
            if table.shape[1] != PIXELS + 1:
                bad = next((i for i in which if not _is_row(lines[i])), which[0])
                start = pick[into][0] - which[0]
                raise ValueError(f"row {start + bad + 1}: expected a label and {PIXELS} pixels, each from 0 to 255")
            labels[into], images[into] = table[:, 0], table[:, 1:]
    return Raw(images.reshape(-1, SIDE, SIDE), labels)


def _pieces(source: Source, pick: NDArray[np.int64], count: int) -> Iterator[tuple[int, slice, NDArray[np.int64]]]:
    """For each next piece of the file: its size, the places of what is taken of it, and which of it that is."""
    with tqdm(total=count, desc=f"read {Path(source.name).name}", unit="image", leave=False) as bar:
        for start in range(0, count, PIECE):
            size = min(PIECE, count - start)
            low, high = np.searchsorted(pick, (start, start + size))
            yield size, slice(low, high), pick[low:high] - start
            bar.update(size)


def _idx_shape(file: IO[bytes], dimensions: int) -> tuple[int, ...]:
    magic, wanted = exactly(file, 4), bytes((0, 0, 8, dimensions))
    if magic != wanted:
        what = "images" if dimensions == 3 else "labels"
        raise ValueError(f"expected an IDX file of {what}, which begins 0x{wanted.hex()}, found 0x{magic.hex()}")
    shape = struct.unpack(f">{dimensions}I", exactly(file, 4 * dimensions))
    if math.prod(shape) > MOST * PIXELS or shape[0] > MOST:
        raise ValueError(f"the file is damaged: it promises {'×'.join(map(str, shape))} bytes")
    return shape


def _ends(file: IO[bytes]) -> None:
    if file.read(1):  # reading on makes gzip compare its checksum, too
        raise ValueError("expected the end of the file after what its header promises, found more")


def _rows(file: IO[bytes]) -> Iterator[bytes]:
    """The lines that are not blank, without a header. Without one the first row is data like every other."""
    for i, line in enumerate(line for line in file if line.strip()):
        if i > 0 or line.removeprefix(b"\xef\xbb\xbf").split(b",")[0].strip().isdigit():
            yield line.removeprefix(b"\xef\xbb\xbf")


def _is_row(line: bytes) -> bool:
    fields = line.split(b",")
    return len(fields) == PIXELS + 1 and all(f.strip().isdigit() and int(f) < 256 for f in fields)

"""EMNIST's MATLAB 5 files, read as a stream: the images go to their place column by column, and are held once.

The format is "MAT-File Format" of The MathWorks, Level 5. SciPy's reader would hold the images a second time, turned.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.normalize import SIDE
from model.training.datasets.rawfiles import MOST, PIXELS, Raw, Source, chosen, exactly

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_UINT8, _MATRIX, _COMPRESSED = 2, 14, 15
_STRUCT = 2  # a class of matrix
_BLOCK = 1 << 16
_WANTED = [f"dataset.{split}.{field}" for split in ("train", "test") for field in ("images", "labels")]
_ON_THE_WAY = {"dataset", "dataset.train", "dataset.test"}


def read_mat(source: Source, limit: int | None = None) -> tuple[Raw, Raw]:
    """Reads (train, test) from a file as EMNIST's, with the images in `dataset.train.images` (n×784, uint8) and so on.

    Args:
        source: A MATLAB 5 file, compressed or not.
        limit: Take no more than so many images of either.

    Raises:
        ValueError: it is something else, a field is missing, or images and labels differ in number.
    """
    with source.reading() as file:
        head = file.read(128)
        order = {b"IM": "<", b"MI": ">"}.get(head[126:])
        if not head.startswith(b"MATLAB 5.0") or order is None:
            raise ValueError(f"expected a MATLAB 5 file, found one that begins {head[:10]!r}")
        found = _Stream(file, order, limit).variables()
        missing = [path for path in _WANTED if path not in found]
        if missing:
            raise ValueError(f"expected the fields {', '.join(_WANTED)}, found no {', '.join(missing)}")
        return _pair(found, "train", limit), _pair(found, "test", limit)


def _pair(found: dict[str, tuple[int, NDArray[Any]]], split: str, limit: int | None) -> Raw:
    (images, taken), (named, labels) = found[f"dataset.{split}.images"], found[f"dataset.{split}.labels"]
    if images != named:
        raise ValueError(f"dataset.{split} holds {images:,} images, but {named:,} labels")
    return Raw(taken.reshape(-1, SIDE, SIDE), labels[chosen(named, limit)].astype(np.int64))


class _Inflated(io.RawIOBase):
    """What `size` compressed bytes of a stream unpack to."""

    def __init__(self, stream: _Stream, size: int) -> None:
        self._stream, self._left = stream, size
        self._unpacking = zlib.decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer).cast("B")
        while not self._unpacking.eof:
            packed = self._unpacking.unconsumed_tail
            if not packed:
                packed = self._stream.take(min(self._left, _BLOCK))
                self._left -= len(packed)
            data = self._unpacking.decompress(packed, len(room))
            if data:
                room[: len(data)] = data
                return len(data)
            if not packed:
                raise EOFError
        return 0


class _Stream:
    """The elements of a file or of a compressed element, one after the other."""

    def __init__(self, file: IO[bytes], order: str, limit: int | None) -> None:
        self._file, self._order, self._limit = file, order, limit
        self._at = 0
        self._found: dict[str, tuple[int, NDArray[Any]]] = {}

    def variables(self) -> dict[str, tuple[int, NDArray[Any]]]:
        """Reads to the end; for each wanted path how many rows the file holds, and what is taken of it."""
        while head := self._file.read(8):
            self._at += len(head)
            if len(head) < 8:
                raise EOFError
            kind, size = struct.unpack(f"{self._order}II", head)
            end = self._at + size
            if kind == _COMPRESSED:
                with io.BufferedReader(_Inflated(self, size), _BLOCK) as unpacked:
                    self._found |= _Stream(unpacked, self._order, self._limit).variables()
            elif kind == _MATRIX:
                self._matrix("", end)
            self._skip(end)
        return self._found

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        self._at += size
        return exactly(self._file, size)

    def _skip(self, end: int) -> None:
        while self._at < end:
            self.take(min(end - self._at, _BLOCK))

    def _tag(self) -> tuple[int, int]:
        """(kind, bytes) of the next element."""
        kind, size = struct.unpack(f"{self._order}II", self.take(8))
        return kind, size

    def _element(self) -> tuple[int, bytes]:
        """(kind, content) of the next element, which is no matrix and not of images."""
        head = self.take(8)
        kind, size = struct.unpack(f"{self._order}II", head)
        if kind >> 16:  # up to four bytes stand in the tag itself
            return kind & 0xFFFF, head[4 : 4 + (kind >> 16)]
        if size > 8 * MOST:
            raise ValueError("the file is damaged: an element is too large")
        content = self.take(size)
        self.take(-size % 8)
        return kind, content

    def _numbers(self) -> NDArray[Any]:
        kind, content = self._element()
        if kind not in _NUMBERS or not content:
            raise ValueError(f"expected numbers, found {len(content)} bytes of MATLAB's data type {kind}")
        return np.frombuffer(content, f"{self._order}{_NUMBERS[kind]}")

    def _matrix(self, path: str, end: int) -> None:
        """Reads a matrix, behind its tag, as far as anything in it is wanted."""
        flags, shape, name = self._numbers(), self._numbers().tolist(), self._element()[1]
        path = path or name.decode("latin-1")
        if path in _WANTED:
            self._found[path] = self._images(path, shape) if path.endswith("images") else self._labels(path, shape)
        elif path in _ON_THE_WAY and flags[0] & 0xFF == _STRUCT:
            width, names = int(self._numbers()[0]), self._element()[1]
            for at in range(0, len(names), width):
                kind, size = self._tag()
                if kind != _MATRIX:
                    raise ValueError(f"the file is damaged: {path} holds something that is no matrix")
                if size:
                    field = names[at : at + width].split(b"\0")[0].decode("latin-1")
                    self._matrix(f"{path}.{field}", self._at + size)
        self._skip(end)

    def _labels(self, path: str, shape: list[int]) -> tuple[int, NDArray[Any]]:
        labels = self._numbers()
        if max(shape) != len(labels):
            raise ValueError(f"{path}: expected a column of numbers, found {'×'.join(map(str, shape))}")
        return len(labels), labels

    def _images(self, path: str, shape: list[int]) -> tuple[int, NDArray[Any]]:
        if len(shape) != 2 or shape[1] != PIXELS or shape[0] > MOST:
            raise ValueError(f"{path}: expected n×{PIXELS}, found {'×'.join(map(str, shape))}")
        count = shape[0]
        kind, size = self._tag()
        if kind != _UINT8 or size != count * PIXELS:
            raise ValueError(f"{path}: expected {PIXELS} pixels of uint8 for each image")
        pick = chosen(count, self._limit)
        rows = slice(None) if len(pick) == count else pick  # a slice copies nothing
        out = np.empty((len(pick), PIXELS), np.uint8)
        step = SIDE // 2  # columns at a time: larger pieces need more memory, smaller ones more time
        for at in tqdm(range(0, PIXELS, step), desc=f"read {path}", unit_scale=step, unit="column", leave=False):
            columns = np.frombuffer(self.take(step * count), np.uint8).reshape(step, count)
            out[:, at : at + step] = columns[:, rows].T
        return count, out

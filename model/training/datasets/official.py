"""MNIST and EMNIST from their official files: IDX, MATLAB 5 or Kaggle's CSV, from a path or the official address.

All three hold EMNIST's images turned, columns for rows; here they come out upright. The official splits of EMNIST were
drawn independently from the same images, so a training set holds images of other splits' tests: `apart` removes them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.normalize import normalize
from model.training.data import GlyphSet
from model.training.datasets.fetch import CACHE, fetch
from model.training.datasets.matlab import read_mat
from model.training.datasets.overlap import compacted, digests
from model.training.datasets.rawfiles import PIECE, Raw, Source, read_csv, read_idx
from model.training.datasets.registry import DATASETS, Dataset


@dataclass(frozen=True)
class Splits:
    """A dataset parted as its publishers did, less what training shares with a test.

    Attributes:
        train: Without the images that a test holds, byte for byte.
        test: All of the official test set.
        removed: How many images training lost for that.
        train_digests, test_digests: `overlap.digests` of the upright raw images of either, shape (n,), uint64.
    """

    train: GlyphSet
    test: GlyphSet
    removed: int
    train_digests: NDArray[np.uint64]
    test_digests: NDArray[np.uint64]

    @property
    def note(self) -> str:
        """What whoever trains or measures on it is told."""
        return f"removed from train, as the test set holds the same image: {self.removed:,}"


def load(
    name: str,
    path: Path | None = None,
    limit: int | None = None,
    *,
    normalized: bool = True,
    size: tuple[int, int] | None = None,
    cache: Path = CACHE,
) -> Splits:
    """Reads a dataset, less the training images that its test set holds too.

    The images are held once: at its peak, by-class needs 1.2 times the memory of its pixels.

    Args:
        name: One of `DATASETS`.
        path: A `.mat` file, a `.csv` of either split with the other beside it, a folder or zip archive of such files or
            of IDX files, packed or not, or one IDX file in such a folder; None fetches the official files.
        limit: Take no more than so many images of each split, from everywhere in it. Only these are compared.
        normalized: Give the images as the reader sees them, rather than raw.
        size: (height, width) to resize to, if not 28×28; that makes a copy.
        cache: Where fetched files are kept.

    Returns:
        Images of shape (n, 28, 28) or (n, height, width), uint8, 0 to 255, upright, ink bright.

    Raises:
        ValueError: there is no such dataset, or a file is not what it should be: one line that names it.
        OSError: a file cannot be read or fetched.
    """
    if name not in DATASETS:
        raise ValueError(f"unknown dataset {name!r}: expected one of {', '.join(DATASETS)}")
    if limit is not None and limit < 1:
        raise ValueError(f"expected to take at least one image, not {limit}")
    dataset = DATASETS[name]
    if path is None:
        folder = cache / name.partition("-")[0]
        fetched = [fetch(download, folder) for download in dataset.downloads]
        path = fetched[0] if len(fetched) == 1 else folder
    train, test = (_labelled(dataset, raw, path) for raw in _read(dataset, path, limit))
    splits = apart([Splits(train, test, 0, digests(train.images), digests(test.images))])[0]
    if normalized:
        for glyphs in (splits.train, splits.test):
            for image in tqdm(glyphs.images, desc="normalize", unit="image", leave=False):
                image[:] = np.rint(normalize(image) * 255)
    if size is None:
        return splits
    return replace(splits, train=_resized(splits.train, size), test=_resized(splits.test, size))


def apart(sets: Sequence[Splits]) -> list[Splits]:
    """Removes from every training set what any test of all the sets holds; the tests stay whole.

    Images are moved within their memory: the sets given are not to be used any more.
    """
    tests = np.unique(np.concatenate([given.test_digests for given in sets]))
    return [_without(given, np.isin(given.train_digests, tests)) for given in sets]


def _without(given: Splits, shared: NDArray[np.bool_]) -> Splits:
    if not shared.any():
        return given
    train, keep = given.train, ~shared
    return replace(
        given,
        train=GlyphSet(compacted(train.images, keep), train.allowed[keep], train.junk[keep]),
        removed=given.removed + int(shared.sum()),
        train_digests=given.train_digests[keep],
    )


def _labelled(dataset: Dataset, raw: Raw, path: Path) -> GlyphSet:
    """Turns the images upright in place and looks up what each label may be."""
    labels, last = raw.labels - dataset.first_label, dataset.first_label + len(dataset.masks) - 1
    if len(labels) == 0:
        raise ValueError(f"{path}: expected images, found a file of none")
    if labels.min() < 0 or raw.labels.max() > last:
        found = f"{raw.labels.min()} to {raw.labels.max()}"
        raise ValueError(f"{path}: expected labels of {dataset.name}, {dataset.first_label} to {last}, found {found}")
    if dataset.turned:
        for start in range(0, len(raw.images), PIECE):
            piece = raw.images[start : start + PIECE]
            piece[:] = piece.transpose(0, 2, 1).copy()
    return GlyphSet(raw.images, dataset.masks[labels], np.zeros(len(labels), bool))


def _resized(glyphs: GlyphSet, size: tuple[int, int]) -> GlyphSet:
    out = np.empty((len(glyphs), *size), np.uint8)
    method = cv2.INTER_AREA if min(size) < min(glyphs.images.shape[1:]) else cv2.INTER_LINEAR
    for image, into in zip(glyphs.images, out, strict=True):
        into[:] = cv2.resize(image, size[::-1], interpolation=method)
    return replace(glyphs, images=out)


def _read(dataset: Dataset, path: Path, limit: int | None) -> tuple[Raw, Raw]:
    """(train, test) from wherever `path` leads."""
    if path.is_file() and path.suffix != ".zip" and not zipfile.is_zipfile(path):
        named = max((name for name in DATASETS if name in _plain(path.name)), key=len, default=dataset.name)
        if named != dataset.name and _plain(path.name) not in dataset.idx:
            raise ValueError(f"{path}: expected a file of {dataset.name}, found one of {named}")
        if path.suffix == ".mat":
            return read_mat(Source.of(path), limit)
        if ".csv" in path.suffixes:
            return _read_csv(*_both(path), limit=limit)
        if _plain(path.name) not in dataset.idx:
            raise ValueError(f"{path}: expected {_expected(dataset)}, or a folder or zip archive of them")
        path = path.parent
    with _files(path) as files:
        return _read_named(dataset, files, path, limit)


def _read_named(dataset: Dataset, files: dict[str, Source], path: Path, limit: int | None) -> tuple[Raw, Raw]:
    """(train, test) from files of the official names; IDX before the others, as it is read fastest."""
    ways: list[tuple[tuple[str, ...], Callable[..., tuple[Raw, Raw]]]] = [
        (dataset.idx, _read_idx),
        ((dataset.mat,), read_mat),
        (dataset.csv, _read_csv),
    ]
    for names, read in ways:
        if all(name in files for name in names):
            return read(*(files[name] for name in names), limit=limit)
    for names, _ in ways:
        if any(name in files for name in names):
            raise ValueError(f"{path}: expected also {', '.join(name for name in names if name not in files)}")
    raise ValueError(f"{path}: expected {_expected(dataset)} in it")


def _expected(dataset: Dataset) -> str:
    return f"{dataset.mat}, {' and '.join(dataset.csv)}, or {', '.join(dataset.idx)}"


def _read_idx(*files: Source, limit: int | None) -> tuple[Raw, Raw]:
    return read_idx(files[0], files[1], limit), read_idx(files[2], files[3], limit)


def _read_csv(train: Source, test: Source, limit: int | None) -> tuple[Raw, Raw]:
    return read_csv(train, limit), read_csv(test, limit)


def _both(path: Path) -> tuple[Source, Source]:
    """The CSV files of training and test, from the path of either."""
    for mine, its in (("train", "test"), ("test", "train")):
        head, found, tail = path.name.rpartition(mine)
        if not found:
            continue
        other = path.with_name(head + its + tail)
        if not other.exists():
            raise ValueError(f"{path}: expected {other.name} beside it")
        pair = Source.of(path), Source.of(other)
        return pair if mine == "train" else pair[::-1]
    raise ValueError(f"{path}: expected a name with train or test in it, to find the other file by")


def _plain(name: str) -> str:
    """The official form of a file's name, unpacked: copies differ in dashes."""
    return name.removesuffix(".gz").replace("_", "-").replace(".idx", "-idx")


@contextmanager
def _files(path: Path) -> Iterator[dict[str, Source]]:
    """The files in a folder, two levels deep, or in a zip archive, by their plain names. None is unpacked to disk."""
    if path.is_dir():
        found = [p for p in (*path.glob("*/*"), *path.glob("*")) if p.is_file()]
        yield {_plain(p.name): Source.of(p) for p in found}
        return
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path}: the archive is damaged ({error})") from None
    with archive:
        yield {
            _plain(PurePosixPath(name).name): Source(f"{path}: {name}", partial(archive.open, name))
            for name in archive.namelist()
        }

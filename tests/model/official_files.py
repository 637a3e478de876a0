"""Writes small datasets as their publishers do: IDX, MATLAB 5, CSV."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import savemat

from model.training.datasets.registry import Dataset

Half = tuple[NDArray[np.uint8], NDArray[np.uint8]]  # upright images, labels as in the files


def half(dataset: Dataset, n: int, seed: int) -> Half:
    """Random blots, every label at least once if `n` allows."""
    rng = np.random.default_rng(seed)
    images = rng.integers(1, 256, (n, 28, 28), np.uint8) * (rng.random((n, 28, 28)) < 0.2)
    return images, np.uint8(np.arange(n) % len(dataset.masks) + dataset.first_label)


def stored(dataset: Dataset, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    turned = images.transpose(0, 2, 1) if dataset.turned else images
    return np.ascontiguousarray(turned).reshape(len(images), 784)


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def write_idx(folder: Path, dataset: Dataset, train: Half, test: Half, packed: bool = True) -> Path:
    arrays = [part for images, labels in (train, test) for part in (stored(dataset, images), labels)]
    for name, array in zip(dataset.idx, arrays, strict=True):
        data = idx_bytes(array.reshape(-1, 28, 28) if "images" in name else array)
        path = folder / (f"{name}.gz" if packed else name)
        path.write_bytes(gzip.compress(data, 1) if packed else data)
    return folder


def write_mat(folder: Path, dataset: Dataset, train: Half, test: Half, compressed: bool = True) -> Path:
    parts = {
        split: {"images": stored(dataset, images), "labels": labels[:, None], "writers": np.arange(len(labels)) * 1.5}
        for split, (images, labels) in (("train", train), ("test", test))
    }
    path = folder / dataset.mat
    dataset_struct = {**parts, "mapping": np.arange(10.0)}
    savemat(path, {"other": np.eye(40), "dataset": dataset_struct, "after": "x"}, do_compression=compressed)
    return path


def write_csv(folder: Path, dataset: Dataset, train: Half, test: Half, header: str = "") -> Path:
    for name, (images, labels) in zip(dataset.csv, (train, test), strict=True):
        rows = np.hstack([labels[:, None], stored(dataset, images)])
        (folder / name).write_text(header + "\n".join(",".join(map(str, row)) for row in rows) + "\n")
    return folder / dataset.csv[0]


FORMATS = {"idx": write_idx, "mat": write_mat, "csv": write_csv}

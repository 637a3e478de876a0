"""The official datasets: what their labels mean, how their images lie, what their files are called, where they are."""

from __future__ import annotations

import string
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.training.data import ANY_CASE, MERGED
from model.training.datasets.fetch import Download


@dataclass(frozen=True)
class Dataset:
    """What is to be known about one dataset to read its files.

    Attributes:
        name: As in its files' names.
        masks: Which classes each label may be, in the order of labels, shape (k, 62), bool.
        idx: The official names of its IDX files, unpacked: training images and labels, test images and labels.
        downloads: Where they are.
        first_label: The number of the first label.
        turned: Whether the files hold columns for rows.
    """

    name: str
    masks: NDArray[np.bool_]
    idx: tuple[str, ...]
    downloads: tuple[Download, ...]
    first_label: int = 0
    turned: bool = True

    @property
    def classes(self) -> list[str]:
        """The characters of each label, in the order of labels: "0", or "Cc" where it stands for both."""
        return ["".join(np.array(list(CLASSES))[mask]) for mask in self.masks]

    @property
    def mat(self) -> str:
        """The official name of its MATLAB file."""
        return f"{self.name}.mat"

    @property
    def csv(self) -> tuple[str, str]:
        """The names of its CSV files at Kaggle: training, test."""
        return f"{self.name}-train.csv", f"{self.name}-test.csv"


_KINDS = ("images-idx3-ubyte", "labels-idx1-ubyte")
_GZIP = Download("https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip", "58c8d27c78d21e728a6bc7b3cc06412e")
_MNIST = {  # the authors' own address no longer answers; the checksums are theirs
    "train-images-idx3-ubyte": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte": "ec29112dd5afa0611ce80d1b7f02629c",
}


def _mnist() -> Dataset:
    address = "https://ossci-datasets.s3.amazonaws.com/mnist"
    downloads = tuple(Download(f"{address}/{name}.gz", md5) for name, md5 in _MNIST.items())
    return Dataset("mnist", _EACH[:10], tuple(_MNIST), downloads, turned=False)


def _emnist(split: str, masks: NDArray[np.bool_], first_label: int = 0) -> Dataset:
    name = f"emnist-{split}"
    idx = tuple(f"{name}-{half}-{kind}" for half in ("train", "test") for kind in _KINDS)
    return Dataset(name, masks, idx, (_GZIP,), first_label)


_EACH = np.eye(len(CLASSES), dtype=bool)
_47 = np.stack([MERGED[c] for c in string.digits + string.ascii_uppercase + "abdefghnqrt"])
_26 = np.stack([ANY_CASE[c] for c in string.ascii_uppercase])

DATASETS = {
    dataset.name: dataset
    for dataset in (
        _mnist(),
        _emnist("byclass", _EACH),
        _emnist("bymerge", _47),
        _emnist("balanced", _47),
        _emnist("letters", _26, first_label=1),
        _emnist("digits", _EACH[:10]),
        _emnist("mnist", _EACH[:10]),
    )
}
"""The datasets by name."""

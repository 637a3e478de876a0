"""Official dataset files that are not what they should be: one line that names the file and says what was expected."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from official_files import FORMATS, half, write_csv, write_idx, write_mat
from scipy.io import savemat

from model.training.datasets.official import load
from model.training.datasets.registry import DATASETS


def tampered(path: Path, change: str) -> None:
    data = path.read_bytes()
    if change == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif change == "flipped":
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 255]) + data[middle + 1 :])
    elif change == "longer":
        path.write_bytes(gzip.compress(gzip.decompress(data) + b"x"))
    elif change == "checksum":  # gzip ends with it and the length
        path.write_bytes(data[:-8] + bytes(4) + data[-4:])
    else:
        path.write_bytes(change.encode())


@pytest.mark.parametrize(
    ("form", "file", "change", "said"),
    [
        ("idx", 0, "cut", "cut short"),
        ("idx", 3, "cut", "cut short"),
        ("idx", 0, "flipped", "damaged"),
        ("idx", 0, "longer", "expected the end of the file"),
        ("idx", 0, "checksum", "damaged"),
        ("idx", 0, "something else", "expected an IDX file of images, which begins 0x00000803"),
        ("idx", 1, "", "cut short"),
        ("mat", 0, "cut", "cut short"),
        ("mat", 0, "flipped", "damaged"),
        ("mat", 0, "MATLAB 7.3 MAT-file", "expected a MATLAB 5 file"),
        ("csv", 0, "cut", "row 36: expected a label and 784 pixels"),
        ("csv", 1, "1,2,3\n", "row 1: expected a label and 784 pixels"),
        ("csv", 1, "1" + ",256" * 784, "row 1: expected a label and 784 pixels"),
        ("csv", 1, "label,pixel0\n", "found none"),
    ],
)
def test_a_bad_file_is_named_in_one_line(form: str, file: int, change: str, said: str, tmp_path: Path) -> None:
    dataset = DATASETS["emnist-byclass"]
    path = FORMATS[form](tmp_path, dataset, half(dataset, 70, 1), half(dataset, 62, 2))
    bad = (
        tmp_path / {"idx": [f"{name}.gz" for name in dataset.idx], "mat": [dataset.mat], "csv": dataset.csv}[form][file]
    )
    tampered(bad, change)
    with pytest.raises(ValueError) as raised:
        load(dataset.name, path)
    assert said in str(raised.value)
    assert str(raised.value).startswith(str(bad))
    assert "\n" not in str(raised.value)


def test_images_and_labels_of_different_length_are_refused(tmp_path: Path) -> None:
    dataset = DATASETS["emnist-digits"]
    images, labels = half(dataset, 12, 1)
    write_idx(tmp_path, dataset, (images, labels[:11]), (images, labels))
    with pytest.raises(ValueError, match=r"12 images, but .*train-labels.* 11 labels"):
        load(dataset.name, tmp_path)
    path = write_mat(tmp_path, dataset, (images, labels), (images, labels[:10]))
    with pytest.raises(ValueError, match=r"emnist-digits.mat: dataset.test holds 12 images, but 10 labels"):
        load(dataset.name, path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"dataset": {"train": {"images": np.zeros((2, 784), np.uint8)}}}, "found no dataset.train.labels"),
        ({"data": np.eye(2)}, "found no dataset.train.images"),
        ({"dataset": np.eye(2)}, "found no dataset.train.images"),
        ({"dataset": {"train": {"images": np.zeros((2, 100), np.uint8)}}}, "expected n×784, found 2×100"),
        ({"dataset": {"train": {"images": np.zeros((2, 784))}}}, "uint8"),
        ({"dataset": {"train": {"labels": "text"}}}, "numbers"),
    ],
)
def test_another_mat_file_is_refused(content: dict[str, object], said: str, tmp_path: Path) -> None:
    savemat(tmp_path / "emnist-digits.mat", content, do_compression=True)
    with pytest.raises(ValueError, match=f"^{tmp_path}/emnist-digits.mat: .*{said}"):
        load("emnist-digits", tmp_path / "emnist-digits.mat")


def test_the_wrong_dataset_is_refused(tmp_path: Path) -> None:
    letters, digits = DATASETS["emnist-letters"], DATASETS["emnist-digits"]
    path = write_mat(tmp_path, letters, half(letters, 26, 1), half(letters, 26, 2))
    with pytest.raises(ValueError, match="expected a file of emnist-balanced, found one of emnist-letters"):
        load("emnist-balanced", path)
    path.rename(tmp_path / "renamed.mat")
    with pytest.raises(ValueError, match=r"renamed.mat: expected labels of emnist-digits, 0 to 9, found 1 to 26"):
        load("emnist-digits", tmp_path / "renamed.mat")
    zero = write_csv(tmp_path, digits, half(digits, 10, 1), half(digits, 10, 2)).rename(tmp_path / "train.csv")
    (tmp_path / digits.csv[1]).rename(tmp_path / "test.csv")
    with pytest.raises(ValueError, match="expected labels of emnist-letters, 1 to 26, found 0 to 9"):
        load("emnist-letters", zero)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    dataset = DATASETS["emnist-mnist"]
    ten = half(dataset, 10, 1)
    with pytest.raises(ValueError, match=r"expected emnist-mnist.mat, emnist-mnist-train.csv and"):
        load(dataset.name, tmp_path)
    path = write_csv(tmp_path, dataset, ten, ten)
    (tmp_path / dataset.csv[1]).unlink()
    for given in (path, tmp_path):
        with pytest.raises(ValueError, match=r"expected (also )?emnist-mnist-test.csv"):
            load(dataset.name, given)
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(ValueError, match=r"notes.txt: expected emnist-mnist.mat"):
        load(dataset.name, tmp_path / "notes.txt")
    (tmp_path / "gzip.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(ValueError, match=r"gzip.zip: the archive is damaged"):
        load(dataset.name, tmp_path / "gzip.zip")
    with pytest.raises(FileNotFoundError):
        load(dataset.name, tmp_path / "nowhere.mat")
    with pytest.raises(ValueError, match="unknown dataset 'emnist'"):
        load("emnist", tmp_path)
    with pytest.raises(ValueError, match="at least one"):
        load(dataset.name, path, 0)

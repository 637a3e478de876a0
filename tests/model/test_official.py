"""Official dataset files, made here in the three formats: orientation, labels, headers, overlap, memory."""

from __future__ import annotations

import argparse
import shutil
import tracemalloc
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from official_files import FORMATS, Half, half, write_csv, write_idx, write_mat

from model.commands.data import add
from model.reading.alphabet import CLASSES
from model.reading.normalize import normalize
from model.training.datasets.official import Splits, apart, load
from model.training.datasets.overlap import digests
from model.training.datasets.registry import DATASETS, Dataset

MERGED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"


def expect(splits: Splits, dataset: Dataset, train: Half, test: Half) -> None:
    for glyphs, (images, labels) in ((splits.train, train), (splits.test, test)):
        assert np.array_equal(glyphs.images, images)
        assert np.array_equal(glyphs.allowed, dataset.masks[labels.astype(int) - dataset.first_label])
        assert not glyphs.junk.any()


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_of_every_dataset_comes_out_upright(name: str, form: str, tmp_path: Path) -> None:
    dataset = DATASETS[name]
    train, test = half(dataset, 70, 1), half(dataset, 65, 2)
    path = FORMATS[form](tmp_path, dataset, train, test)
    splits = load(name, path, normalized=False)
    expect(splits, dataset, train, test)
    assert splits.removed == 0


def test_labels_mean_what_emnist_says() -> None:
    def characters(name: str) -> list[str]:
        return DATASETS[name].classes

    assert characters("emnist-byclass") == list(CLASSES)
    for name in ("emnist-bymerge", "emnist-balanced"):
        merged = [c if c in "ABDEFGHNQRT" or not c.isupper() else c + c.lower() for c in MERGED]
        assert characters(name) == merged
    assert characters("emnist-letters")[0] == "Aa"
    assert characters("emnist-letters")[25] == "Zz"
    assert DATASETS["emnist-letters"].first_label == 1
    for name in ("mnist", "emnist-mnist", "emnist-digits"):
        assert characters(name) == list("0123456789")


def test_a_letter_of_the_files_is_read_as_it_was_written(tmp_path: Path) -> None:
    # an L, stored as the files do: the stem's pixels are the first of each column
    upright = np.zeros((1, 28, 28), np.uint8)
    upright[0, 4:24, 6] = upright[0, 23, 6:18] = 255
    row = [12, *upright[0].T.ravel()]  # L is the twelfth letter
    for name in DATASETS["emnist-letters"].csv:
        (tmp_path / name).write_text(",".join(map(str, row)) + "\n")
    splits = load("emnist-letters", tmp_path / "emnist-letters-test.csv")
    assert np.array_equal(splits.test.images[0], np.rint(normalize(upright[0]) * 255))
    assert [c for c, may in zip(CLASSES, splits.test.allowed[0], strict=True) if may] == ["L", "l"]
    assert (splits.removed, len(splits.train)) == (1, 0)


@pytest.mark.parametrize("packing", ["unpacked", "folder in folder", "zip", "one file", "dots"])
def test_idx_files_are_found_however_they_came(packing: str, tmp_path: Path) -> None:
    dataset = DATASETS["mnist" if packing == "dots" else "emnist-balanced"]
    train, test = half(dataset, 50, 1), half(dataset, 48, 2)
    folder = tmp_path / "set" / "gzip"
    folder.mkdir(parents=True)
    write_idx(folder, dataset, train, test, packed=packing != "unpacked")
    path = {"one file": folder / f"{dataset.idx[2]}.gz", "folder in folder": folder.parent}.get(packing, folder)
    if packing == "zip":
        path = Path(shutil.make_archive(str(tmp_path / "gzip"), "zip", tmp_path / "set"))
    if packing == "dots":
        for file in folder.iterdir():
            file.rename(folder / file.name.replace("-idx", ".idx"))
    expect(load(dataset.name, path, normalized=False), dataset, train, test)


def test_a_mat_file_may_be_uncompressed_and_in_an_archive(tmp_path: Path) -> None:
    dataset = DATASETS["emnist-digits"]
    train, test = half(dataset, 3, 1), half(dataset, 12, 2)  # three labels stand in a tag itself
    path = write_mat(tmp_path, dataset, train, test, compressed=False)
    expect(load(dataset.name, path, normalized=False), dataset, train, test)
    with zipfile.ZipFile(tmp_path / "matlab.zip", "w") as archive:
        archive.write(path, f"matlab/{path.name}")
    expect(load(dataset.name, tmp_path / "matlab.zip", normalized=False), dataset, train, test)


@pytest.mark.parametrize("header", ["label,pixel0\n", "\ufefflabel,1x1,1x2\n", "\n\n"])
def test_a_header_is_skipped_and_the_first_row_never(header: str, tmp_path: Path) -> None:
    dataset = DATASETS["mnist"]
    train, test = half(dataset, 20, 1), half(dataset, 10, 2)
    path = write_csv(tmp_path, dataset, train, test, header)
    for name in dataset.csv:
        (tmp_path / name).rename(tmp_path / name.replace("-", "_"))
    expect(load("mnist", path.with_name("mnist_test.csv"), normalized=False), dataset, train, test)
    expect(load("mnist", tmp_path, normalized=False), dataset, train, test)


@pytest.mark.parametrize("form", FORMATS)
def test_a_limit_takes_from_all_over_the_file(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.training.datasets.rawfiles.PIECE", 16)
    dataset = DATASETS["emnist-letters"]
    images, labels = half(dataset, 260, 1)
    sorted_set = images, np.sort(labels)  # as the official test set of letters
    path = FORMATS[form](tmp_path, dataset, sorted_set, half(dataset, 30, 2))
    splits = load(dataset.name, path, 60, normalized=False)
    assert (len(splits.train), len(splits.test)) == (60, 30)
    assert splits.train.allowed.any(axis=0).sum() > 30
    whole = load(dataset.name, path, normalized=False).train
    where = [int(np.flatnonzero((whole.images == image).all(axis=(1, 2)))[0]) for image in splits.train.images]
    assert where == sorted(set(where))
    assert np.array_equal(splits.train.allowed, whole.allowed[where])


def test_training_loses_what_the_test_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.training.datasets.overlap.PIECE", 8)
    dataset = DATASETS["emnist-balanced"]
    (images, labels), test = half(dataset, 60, 1), half(dataset, 20, 2)
    shared = [0, 7, 8, 30, 59]
    images[shared] = test[0][[3, 3, 11, 19, 0]]
    splits = load(dataset.name, write_mat(tmp_path, dataset, (images, labels), test), normalized=False)
    keep = np.delete(np.arange(60), shared)
    expect(splits, dataset, (images[keep], labels[keep]), test)
    assert splits.removed == 5
    assert np.array_equal(splits.train_digests, digests(splits.train.images))


def test_training_loses_what_the_test_of_another_set_holds(tmp_path: Path) -> None:
    # MNIST's file holds upright what EMNIST's holds turned: it is the same image
    mnist, digits = DATASETS["mnist"], DATASETS["emnist-digits"]
    a, b, c, d = (half(mnist, 10, seed) for seed in range(4))
    c[0][4] = b[0][6]
    a[0][2] = d[0][1]
    first = load("mnist", write_idx(tmp_path, mnist, a, b), normalized=False)
    second = load("emnist-digits", write_mat(tmp_path, digits, c, d))
    assert first.removed + second.removed == 0
    first, second = apart([first, second])
    assert (first.removed, second.removed) == (1, 1)
    assert np.array_equal(first.train.images, np.delete(a[0], 2, axis=0))
    assert len(second.train) == len(second.train_digests) == 9
    assert len(first.test) == len(second.test) == 10


def test_images_come_in_another_size(tmp_path: Path) -> None:
    dataset = DATASETS["mnist"]
    path = write_idx(tmp_path, dataset, half(dataset, 12, 1), half(dataset, 10, 2))
    splits = load("mnist", path, size=(14, 20))
    assert splits.train.images.shape == (12, 14, 20)
    whole = load("mnist", path).test.images[3]
    assert np.array_equal(splits.test.images[3], cv2.resize(whole, (20, 14), interpolation=cv2.INTER_AREA))


@pytest.mark.parametrize("form", FORMATS)
def test_a_set_is_held_once(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("rawfiles", "overlap", "official"):  # pieces as small beside this set as they are beside by-class
        monkeypatch.setattr(f"model.training.datasets.{module}.PIECE", 64)
    dataset = DATASETS["emnist-byclass"]
    train, test = half(dataset, 12_000, 1), half(dataset, 2_000, 2)
    train[0][::4] = test[0][0]
    path = FORMATS[form](tmp_path, dataset, train, test)
    pixels = train[0].nbytes + test[0].nbytes
    tracemalloc.start()
    splits = load(dataset.name, path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert splits.removed == 3_000
    assert peak <= 1.3 * pixels


def test_the_command_says_what_a_dataset_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = DATASETS["emnist-letters"]
    train, test = half(dataset, 60, 1), half(dataset, 26, 2)
    train[0][5] = test[0][0]
    path = write_csv(tmp_path, dataset, train, test)
    parser = argparse.ArgumentParser()
    add(parser.add_subparsers())
    args = parser.parse_args(["data", dataset.name, "--path", str(path), "--picture", str(tmp_path / "sheet.png")])
    args.run(args)
    said = capsys.readouterr().out
    assert "| Aa | 3 | 1 |\n" in said
    assert "| Ff | 2 | 1 |\n" in said
    assert "| all 26 | 59 | 26 |" in said
    assert "holds the same image: 1\n" in said
    sheet = cv2.imread(str(tmp_path / "sheet.png"), cv2.IMREAD_GRAYSCALE)
    assert np.array_equal(255 - sheet[28:56, 64:92], train[0][1])  # the first b, upright

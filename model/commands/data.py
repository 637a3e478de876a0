"""python -m model data: reads an official dataset and says what it holds, in figures and in a picture."""

from __future__ import annotations

import argparse
import resource
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from model.commands.parsing import Commands, command, existing
from model.training.data import GlyphSet
from model.training.datasets.fetch import CACHE
from model.training.datasets.official import load
from model.training.datasets.registry import DATASETS, Dataset

_SAMPLES = 16
"""Images of each class in the picture."""


def add(commands: Commands) -> None:
    """Adds the command `data`."""
    data = command(commands, "data", _run, "read an official dataset, of files or fetched, and say what it holds")
    data.add_argument("name", choices=list(DATASETS), help="which dataset")
    data.add_argument("--path", type=Path, help=".mat or .csv file, zip archive, or folder; fetched if not given")
    data.add_argument("--cache", type=Path, default=CACHE, help="where fetched files are kept")
    data.add_argument("--max", type=int, help="take no more than so many images of each split")
    data.add_argument("--picture", type=Path, help="write samples of every class to this PNG file")


def _run(args: argparse.Namespace) -> None:
    splits = load(args.name, args.path and existing(args.path), args.max, normalized=False, cache=args.cache)
    dataset = DATASETS[args.name]
    print("| class | train | test |\n|---|---|---|")
    for row in zip(dataset.classes, _counts(dataset, splits.train), _counts(dataset, splits.test), strict=True):
        print("| {} | {:,} | {:,} |".format(*row))
    print(f"| all {len(dataset.classes)} | {len(splits.train):,} | {len(splits.test):,} |\n")
    print(splits.note)
    print(f"peak memory: {_peak_megabytes():,.0f} MB")
    if args.picture:
        args.picture.write_bytes(cv2.imencode(".png", contact_sheet(dataset, splits.train))[1].tobytes())


def contact_sheet(dataset: Dataset, glyphs: GlyphSet) -> NDArray[np.uint8]:
    """A row of samples for each class behind its characters, dark on white: shape (h, w), uint8."""
    height, width = glyphs.images.shape[1:]
    strip = 64  # pixels for the characters
    sheet = np.zeros((height * len(dataset.classes), strip + width * _SAMPLES), np.uint8)
    labels = _labels(dataset, glyphs)
    for row, name in enumerate(dataset.classes):
        top = row * height
        cv2.putText(sheet, name, (8, top + height - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 1, cv2.LINE_AA)
        for column, which in enumerate(np.flatnonzero(labels == row)[:_SAMPLES]):
            left = strip + column * width
            sheet[top : top + height, left : left + width] = glyphs.images[which]
    return 255 - sheet


def _labels(dataset: Dataset, glyphs: GlyphSet) -> NDArray[np.int64]:
    """Which of the dataset's labels each image has: shape (n,). Labels share no class, so one class tells."""
    label_of = dataset.masks.argmax(axis=0)
    return np.asarray(label_of[glyphs.allowed.argmax(axis=1)], np.int64)


def _counts(dataset: Dataset, glyphs: GlyphSet) -> list[int]:
    return [int(n) for n in np.bincount(_labels(dataset, glyphs), minlength=len(dataset.classes))]


def _peak_megabytes() -> float:
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6

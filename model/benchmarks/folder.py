"""Folders read by `python -m model read`: how fast on one core, and whether a table survives being killed."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model.benchmarks.specimens import write
from model.folders.batch import Settings
from model.folders.cores import read_all
from model.folders.loading import load
from model.folders.sources import Sources
from model.reading.classify import Classifier
from model.reading.recognizer import Recognizer, Trace
from model.training.forms import png_of

_LONGEST = 6
_HEIGHTS = 40.0, 120.0
_POLL_S = 0.02
_PATIENCE_S = 3600.0
_NONE = subprocess.DEVNULL


def render(folder: Path, count: int, rng: np.random.Generator) -> None:
    """Fills a folder with PNG files of numbers in our own hand, each named after what it shows."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        text = "".join(rng.choice(list("0123456789"), int(rng.integers(1, _LONGEST + 1))))
        (folder / f"{i:06d}-{text}.png").write_bytes(png_of(write(text, height=float(rng.uniform(*_HEIGHTS)))))


def command(folder: Path, out: Path, more: Sequence[str] = ()) -> list[str]:
    """The command line that reads the folder, or goes on with it."""
    return [sys.executable, "-m", "model", "read", str(folder), "--out", str(out), "--resume", *more]


def killed_and_finished(folder: Path, out: Path, kills: int, rng: np.random.Generator, count: int) -> list[int]:
    """Reads a folder, killed so many times at random moments without a warning, and then to its end.

    Args:
        folder: Of `count` drawings.
        out: The table.
        kills: How often the reader is killed; each time it first adds to the table, up to a random share of what is
            left, so that the kills fall all over the run.
        rng: Source of chance.
        count: Drawings in the folder.

    Returns:
        How many whole drawings stood in the table after each kill.
    """
    stood = [0]
    for left in range(kills, 0, -1):
        until = stood[-1] + rng.uniform(0, 2 / (left + 1)) * (count - stood[-1])
        reader = subprocess.Popen(command(folder, out), stdout=_NONE, stderr=_NONE)  # noqa: S603  # our own
        deadline = time.monotonic() + _PATIENCE_S
        while reader.poll() is None and _lines(out) <= until and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        time.sleep(float(rng.uniform(0, 5 * _POLL_S)))
        reader.kill()
        reader.wait()
        stood.append(_lines(out))
    subprocess.run(command(folder, out), check=True, stdout=_NONE, stderr=_NONE)  # noqa: S603  # our own
    return stood[1:]


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def amiss(folder: Path, out: Path) -> dict[str, int]:
    """What a finished table has too little or too much of, and how many of its rows are misread.

    Returns:
        "rows", "missing" and "doubled" drawings, and "misread": those whose text is not what their name says.
    """
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = [row["path"] for row in rows]
    wanted = {str(path) for path in folder.iterdir()}
    return {
        "rows": len(rows),
        "missing": len(wanted - set(names)),
        "doubled": len(names) - len(set(names)),
        "misread": sum(row["text"] != Path(row["path"]).stem.split("-")[1] for row in rows),
    }


def throughput(folder: Path, settings: Settings) -> dict[str, float]:
    """Reads a folder on one core.

    Returns:
        Per CPU-second: "drawings" read in all, "classified" drawings where only the net ran, on the same glyphs, and
        "share", the one over the other; "glyphs" that the net saw for each drawing.
    """
    started = time.process_time()
    count = sum(len(rows) for rows in read_all(Sources([str(folder)]), settings, cores=1))
    reading = time.process_time() - started
    pictures = _pictures(folder, settings)
    classifier = Classifier.load(settings.model)
    classifier.classify(pictures[:1])
    started = time.process_time()
    classifier.classify(pictures)
    alone = time.process_time() - started
    return {
        "drawings": count / reading,
        "classified": count / alone,
        "share": alone / reading,
        "glyphs": len(pictures) / count,
    }


def _pictures(folder: Path, settings: Settings) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    recognizer = Recognizer.load(settings.model)
    drawings = [load(source).drawn for source in Sources([str(folder)])]
    traces = recognizer.trace_many([(drawn.ink, drawn.options) for drawn in drawings])
    return np.concatenate([trace.pictures for trace in traces if isinstance(trace, Trace)])

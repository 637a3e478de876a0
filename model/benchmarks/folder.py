"""Folders read by `python -m model read`: whether a table survives being killed, what it takes, and how fast it is."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from model.benchmarks.specimens import write
from model.folders.batch import Settings
from model.folders.cores import BATCH
from model.folders.loading import load
from model.folders.rows import CsvTable, row_of
from model.folders.sources import Sources
from model.reading.classify import Classifier
from model.reading.ink import Ink
from model.reading.recognizer import Recognizer, Trace
from model.training.composition import composed_numbers, composed_runs, composed_words
from model.training.data import by_split, characters, load_ink
from model.training.forms import png_of
from model.training.writing import Style

_LONGEST = 6
_HEIGHTS = 40.0, 120.0
_POLL_S = 0.02
_PATIENCE_S = 3600.0
_ROOT = Path(__file__).resolve().parents[2]
_NONE = subprocess.DEVNULL

_EARLY = 0.25
"""Share of the kills that strike while the reader starts, or takes up what stands in the table."""
_STARTS_S = 3.0
"""Seconds within which those strike."""
_AFTER_S = 0.5
"""Seconds within which the others strike, once the table has come so far."""
_LAST = 60
"""Rows before the end at which the reader is killed at the latest: it writes the last faster than it is watched."""


@dataclass(frozen=True)
class Run:
    """What one whole run of the command took.

    Attributes:
        cpu: Seconds of processors, those of its workers included.
        megabytes: The most memory that its first process held.
    """

    cpu: float
    megabytes: float


def render(folder: Path, count: int, rng: np.random.Generator, data: Path | None = None) -> None:
    """Fills a folder with PNG files, each named after what it shows.

    Args:
        folder: Made if need be.
        count: Drawings.
        rng: Source of chance.
        data: Folder of ink files: numbers, digits that touch, words and random characters, a fourth each, are composed
            of what writers never trained on wrote; None for numbers in our own hand.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for i, (text, ink) in enumerate(_own(count, rng) if data is None else _composed(count, rng, data)):
        (folder / f"{i:06d}-{text}.png").write_bytes(png_of(ink))


def _own(count: int, rng: np.random.Generator) -> Iterator[tuple[str, Ink]]:
    for _ in range(count):
        text = "".join(rng.choice(list("0123456789"), int(rng.integers(1, _LONGEST + 1))))
        yield text, write(text, height=float(rng.uniform(*_HEIGHTS)))


def _composed(count: int, rng: np.random.Generator, data: Path) -> Iterator[tuple[str, Ink]]:
    glyphs = characters(by_split(load_ink(data))[1])
    each = -(-count // 4)
    kinds = (
        composed_numbers(glyphs, each, rng, (1, _LONGEST)),
        composed_numbers(glyphs, each, rng, (2, _LONGEST), Style(touching=True)),
        composed_words(glyphs, each, rng),
        composed_runs(glyphs, each, rng),
    )
    for sample in islice((sample for four in zip(*kinds, strict=True) for sample in four), count):
        yield sample.text, sample.ink


def command(folder: Path, out: Path, more: Sequence[str] = ()) -> list[str]:
    """The command line that reads the folder, or goes on with it."""
    return [sys.executable, "-m", "model", "read", str(folder), "--out", str(out), "--resume", *more]


def _begun(folder: Path, out: Path, jobs: int) -> subprocess.Popen[bytes]:
    """The command under way, in a process group of its own."""
    call = command(folder, out, ["--jobs", str(jobs)])
    return subprocess.Popen(  # noqa: S603  # our own
        call, cwd=_ROOT, stdout=_NONE, stderr=_NONE, start_new_session=True
    )


def uninterrupted(folder: Path, out: Path, jobs: int = 1) -> Run:
    """Reads a folder to its end, and tells what that took.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    peak = 0.0
    reader = _begun(folder, out, jobs)
    while (ended := os.wait4(reader.pid, os.WNOHANG))[0] == 0:
        peak = max(peak, _peak(reader.pid))
        time.sleep(_POLL_S)
    reader.returncode = os.waitstatus_to_exitcode(ended[1])
    if reader.returncode:
        raise subprocess.CalledProcessError(reader.returncode, reader.args)
    return Run(ended[2].ru_utime + ended[2].ru_stime, peak)


def _peak(pid: int) -> float:
    """The most memory that a process ever held, MB; 0 where it is gone."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next((int(row.split()[1]) / 1024 for row in status.splitlines() if row.startswith("VmHWM:")), 0.0)


def killed_and_finished(
    folder: Path, out: Path, kills: int, rng: np.random.Generator, count: int, jobs: int = 2
) -> list[int]:
    """Reads a folder, killed so many times at random moments without a warning, and then to its end.

    Most kills strike soon after the table passed a random row, so that they fall all over the run; some while the
    reader is only starting.

    Args:
        folder: Of `count` drawings.
        out: The table.
        kills: How often the reader is killed, with all its workers.
        rng: Source of chance.
        count: Drawings in the folder.
        jobs: Processes that read.

    Returns:
        How many whole rows stood in the table after each kill.

    Raises:
        RuntimeError: the reader ended before it could be killed.
        subprocess.CalledProcessError: the last run failed.
    """
    stood = [0]
    for left in range(kills, 0, -1):
        until = min(stood[-1] + rng.uniform(0, 1.8 / (left + 1)) * (count - stood[-1]), count - _LAST)
        early, early_s, after_s = rng.random() < _EARLY, rng.uniform(0, _STARTS_S), rng.uniform(0, _AFTER_S)
        reader = _begun(folder, out, jobs)
        deadline = time.monotonic() + _PATIENCE_S
        while not early and reader.poll() is None and _rows(out) <= until and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        strikes = time.monotonic() + (early_s if early else after_s)
        while time.monotonic() < strikes and _rows(out) < count - _LAST:
            time.sleep(_POLL_S)
        if reader.poll() is not None:
            raise RuntimeError(f"the reader ended with status {reader.returncode} before it could be killed")
        os.killpg(reader.pid, signal.SIGKILL)
        reader.wait()
        stood.append(_rows(out))
    uninterrupted(folder, out, jobs)
    return stood[1:]


def _rows(path: Path) -> int:
    return max(0, path.read_bytes().count(b"\n") - 1) if path.exists() else 0


def amiss(folder: Path, out: Path, whole: Path | None = None) -> dict[str, int]:
    """What a finished table has too little or too much of, and how many of its rows are misread.

    Args:
        folder: What was read.
        out: The table.
        whole: The table of a run that nothing interrupted.

    Returns:
        "rows"; "missing" and "doubled" drawings; "out of order": rows that stand where another drawing belongs;
        "other": rows unlike those of `whole`; "misread": those whose text is not what their name says, in any case.
    """
    rows = _table(out)
    names = [row["path"] for row in rows]
    wanted = sorted((str(path) for path in folder.iterdir()), key=os.fsencode)
    return {
        "rows": len(rows),
        "missing": len(set(wanted) - set(names)),
        "doubled": len(names) - len(set(names)),
        "out of order": sum(name != place for name, place in zip(names, wanted, strict=False)),
        "other": sum(a != b for a, b in zip(rows, _table(whole), strict=False)) if whole else 0,
        "misread": sum(row["text"].lower() != Path(row["path"]).stem.split("-")[1].lower() for row in rows),
    }


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def throughput(folder: Path, settings: Settings) -> dict[str, float]:
    """Reads drawings on one core as the command does, and beside each batch runs the net alone on the same glyphs.

    A machine that others use too is now slower and now faster: both are measured in turns, so that their share is not.

    Args:
        folder: Of pictures.
        settings: How they are read.

    Returns:
        Per CPU-second: "drawings" read in all, "net alone" drawings where only the net ran, and "share", the one over
        the other; "glyphs" that the net saw for each drawing; and what share of a reading's time went to "opening"
        pictures and finding the ink, to each stage of the reading, and to "rows".
    """
    cv2.setNumThreads(1)
    recognizer, classifier, table = Recognizer.load(settings.model), Classifier.load(settings.model), CsvTable()
    sources = list(Sources([str(folder)]))
    spent: dict[str, float] = defaultdict(float)
    glyphs, alone, left = 0, 0.0, iter(sources)
    while batch := list(islice(left, BATCH)):
        begun = time.process_time()
        drawings = [load(source).drawn for source in batch]
        opened = time.process_time()
        traces = [t for t in recognizer.trace_many([(d.ink, d.options) for d in drawings]) if isinstance(t, Trace)]
        read = time.process_time()
        for source, trace in zip(batch, traces, strict=True):
            table.lines(row_of(source.name, trace.reading))
        spent["opening"] += opened - begun
        spent["rows"] += time.process_time() - read
        stages: dict[str, float] = defaultdict(float)
        for trace in traces:
            for stage, ms in trace.reading.timing_ms.items():
                stages[stage] += ms
        for stage, ms in stages.items():  # these are by the clock, which others' work moves too
            spent[stage] += (read - opened) * ms / sum(stages.values())
        pictures = np.concatenate([trace.pictures for trace in traces])
        begun = time.process_time()
        classifier.classify(pictures)
        alone += time.process_time() - begun
        glyphs += len(pictures)
    whole, count = sum(spent.values()), len(sources)
    return {
        "drawings": count / whole,
        "net alone": count / alone,
        "share": alone / whole,
        "glyphs": glyphs / count,
        **{stage: seconds / whole for stage, seconds in spent.items()},
    }

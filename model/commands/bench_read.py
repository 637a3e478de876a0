"""`python -m model bench photos` and `bench folder`: what `python -m model read` is given, and how it lasts."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from model.benchmarks.folder import amiss, killed_and_finished, render, throughput, uninterrupted
from model.benchmarks.photos import WEARS, measure_photos
from model.benchmarks.serving_page import table, update
from model.benchmarks.suites import SUITES, load_suite
from model.benchmarks.tally import figures
from model.commands.parsing import Commands, command
from model.folders.batch import Settings
from model.reading.classify import WEIGHTS
from model.reading.recognizer import Recognizer

_ROOT = Path(__file__).resolve().parents[2]
_PHOTOS = _ROOT / "model" / "benchmarks" / "photos.json"
_FOLDER = _ROOT / "model" / "benchmarks" / "folder.json"
_PAGE = _ROOT / "docs" / "reading-folders.md"
_SETS = "crohme-numbers", "unipen-words"
_SAMPLE = 500
"""Pictures that tell how fast reading is."""
_COLUMNS = "n", "exact", "any_case"


def _photos(args: argparse.Namespace) -> None:
    recognizer = Recognizer.load(args.model)
    rows: list[dict[str, Any]] = []
    print("| set | wear | n | exact | any case | ms, with decoding |\n|---|---|---|---|---|---|")
    for name in args.set or _SETS:
        suite = SUITES[name]
        samples = tqdm(load_suite(args.data, suite, args.max), desc=name, unit="drawing", leave=False)
        for wear, outcomes in measure_photos(recognizer, samples, suite.alphabet).items():
            row = figures(outcomes)
            rows.append({"set": name, "wear": wear, **{column: row[column] for column in _COLUMNS}})
            print(
                f"| {name} | {wear} | {row['n']} | {row['exact']:.3f} | {row['any_case']:.3f} | {row['ms_p50']:.1f} |"
            )
    if args.record:
        args.record.write_text(json.dumps(rows, indent=1) + "\n")
        update(args.page, {"photos": photo_table(rows)})


def photo_table(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The recorded figures as the documentation shows them: a row a wear, a column a set, any case."""
    sets = {row["set"]: row["n"] for row in rows}
    shares = {(row["set"], row["wear"]): f"{row['any_case']:.3f}" for row in rows}
    return [
        {"photo": wear, **{f"{name} ({count})": shares[name, wear] for name, count in sets.items()}} for wear in WEARS
    ]


def _folder(args: argparse.Namespace) -> None:
    recorded = json.loads(args.record.read_text()) if args.record and args.record.exists() else {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "in"
        parts = args.part or list(_PARTS)
        if parts != ["share"]:
            render(folder, args.count, np.random.default_rng(args.seed), args.data)
        for part in parts:
            rows = recorded[f"folder-{part}"] = _PARTS[part](folder, args)
            print(f"{table(rows)}\n", flush=True)
    if args.record:
        args.record.write_text(json.dumps(recorded, indent=1) + "\n")
        update(args.page, recorded)


def _memory(folder: Path, args: argparse.Namespace) -> list[dict[str, Any]]:
    """Whole runs on one core over a tenth of the folder, and over all of it."""
    few = folder.with_name("few")
    few.mkdir()
    for path in sorted(folder.iterdir())[: args.count // 10]:
        (few / path.name).hardlink_to(path)
    rows: list[dict[str, Any]] = []
    for read, drawings in ((few, args.count // 10), (folder, args.count)):
        run = uninterrupted(read, read.with_suffix(".csv"))
        speed = {"a second of one core": drawings / run.cpu, "memory, MB": run.megabytes}
        rows.append({"drawings": drawings, **speed})
    return rows


def _kills(folder: Path, args: argparse.Namespace) -> list[dict[str, Any]]:
    """A table whose writer was killed, beside that of a run that nothing interrupted."""
    whole, killed = folder.with_suffix(".csv"), folder.with_name("killed.csv")
    uninterrupted(folder, whole)
    stood = killed_and_finished(folder, killed, args.kills, np.random.default_rng(args.seed), args.count, args.jobs)
    return [{"processes": args.jobs, "killed after rows": ", ".join(map(str, stood)), **amiss(folder, killed, whole)}]


def _share(folder: Path, args: argparse.Namespace) -> list[dict[str, Any]]:
    kinds = {"our own hand": None, **({"composed": args.data} if args.data else {})}
    rows: list[dict[str, Any]] = []
    for name, data in kinds.items():
        pictures = folder.with_name(name)
        render(pictures, min(args.count, _SAMPLE), np.random.default_rng(args.seed), data)
        rows.append({"pictures": name, **throughput(pictures, Settings(args.model))})
    return rows


_PARTS = {"memory": _memory, "kills": _kills, "share": _share}


def add(kinds: Commands) -> None:
    """Adds both."""
    photos = command(kinds, "photos", _photos, f"accuracy of photos, by what wears them: {', '.join(WEARS)}")
    photos.add_argument("--data", type=Path, required=True, help="folder of ink files")
    photos.add_argument("--set", action="append", choices=list(SUITES), help=f"instead of {' and '.join(_SETS)}")
    photos.add_argument("--max", type=int, help="at most so many drawings a set")
    photos.add_argument("--record", type=Path, nargs="?", const=_PHOTOS, help="write the figures to this JSON file")
    folder = command(
        kinds, "folder", _folder, "read a folder of pictures: how fast, in what memory, and killed now and then"
    )
    folder.add_argument("--count", type=int, default=5000, help="pictures")
    folder.add_argument("--data", type=Path, help="folder of ink files to compose from; our own hand otherwise")
    folder.add_argument("--part", action="append", choices=list(_PARTS), help="only this (may be repeated)")
    folder.add_argument("--kills", type=int, default=10, help="how often the reader is killed")
    folder.add_argument("--jobs", type=int, default=2, help="processes of the reader that is killed")
    folder.add_argument("--seed", type=int, default=0)
    folder.add_argument("--record", type=Path, nargs="?", const=_FOLDER, help="write the figures to this JSON file")
    for made in (photos, folder):
        made.add_argument("--page", type=Path, default=_PAGE, help="page whose tables are made anew with --record")
        made.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")

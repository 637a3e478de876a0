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

from model.benchmarks.folder import amiss, killed_and_finished, render, throughput
from model.benchmarks.photos import WEARS, measure_photos
from model.benchmarks.serving_page import update
from model.benchmarks.suites import SUITES, load_suite
from model.benchmarks.tally import figures
from model.commands.parsing import Commands, command
from model.folders.batch import Settings
from model.reading.classify import WEIGHTS
from model.reading.recognizer import Recognizer

_ROOT = Path(__file__).resolve().parents[2]
_PHOTOS = _ROOT / "model" / "benchmarks" / "photos.json"
_PAGE = _ROOT / "docs" / "reading-folders.md"
_SETS = "crohme-numbers", "unipen-words"
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
    with tempfile.TemporaryDirectory() as scratch:
        folder, out = Path(scratch) / "in", Path(scratch) / "out.csv"
        rng = np.random.default_rng(args.seed)
        render(folder, args.count, rng)
        if args.kills:
            stood = killed_and_finished(folder, out, args.kills, rng, args.count)
            found = amiss(folder, out)
            print(f"killed after {', '.join(map(str, stood))} rows; then {found}")
        speed = throughput(folder, Settings(args.model))
        print(
            f"{speed['drawings']:.0f} drawings a CPU-second with {speed['glyphs']:.1f} glyphs each; "
            f"the net alone {speed['classified']:.0f}: share {speed['share']:.2f}"
        )


def add(kinds: Commands) -> None:
    """Adds both."""
    photos = command(kinds, "photos", _photos, f"accuracy of photos, by what wears them: {', '.join(WEARS)}")
    photos.add_argument("--data", type=Path, required=True, help="folder of ink files")
    photos.add_argument("--set", action="append", choices=list(SUITES), help=f"instead of {' and '.join(_SETS)}")
    photos.add_argument("--max", type=int, help="at most so many drawings a set")
    photos.add_argument("--record", type=Path, nargs="?", const=_PHOTOS, help="write the figures to this JSON file")
    photos.add_argument("--page", type=Path, default=_PAGE, help="page whose table is made anew with --record")
    folder = command(kinds, "folder", _folder, "read a folder of pictures, killed now and then, and tell how fast")
    folder.add_argument("--count", type=int, default=5000, help="pictures")
    folder.add_argument("--kills", type=int, default=10, help="how often the reader is killed")
    folder.add_argument("--seed", type=int, default=0)
    for made in (photos, folder):
        made.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")

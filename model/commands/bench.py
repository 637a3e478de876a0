"""`python -m model bench`: what is served, measured."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from model.benchmarks.reading import measure
from model.benchmarks.serving_page import table, update
from model.benchmarks.speed import measure_speed
from model.benchmarks.suites import SUITES, lexicon_of, load_suite
from model.benchmarks.tally import Outcome, Row, figures, grouped
from model.benchmarks.worst import worst_page
from model.commands import bench_read
from model.commands.parsing import Commands, command
from model.reading.alphabet import ALPHABETS
from model.reading.classify import WEIGHTS
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.training.forms import FORMS

_ROOT = Path(__file__).resolve().parents[2]
_SERVING = _ROOT / "model" / "benchmarks" / "serving.json"
_PAGE = _ROOT / "docs" / "performance.md"
_IMAGES = _ROOT / "docs" / "images"
_COLUMNS = ("exact", "any_case", "cer", "cut", "f1", "lattice", "answered", "confidence", "calibration")
_PART_COLUMNS = ("exact", "any_case", "cut", "f1", "lattice", "answered")
_LEXICON = 2000
_STAGES = ("segment", "normalize", "classify", "text", "p50")


def _reading(args: argparse.Namespace) -> None:
    recognizer = Recognizer.load(args.model)
    rows: list[dict[str, object]] = []
    parts: list[str] = []
    misread: list[tuple[str, str, Outcome]] = []
    words = args.lexicon.read_text(encoding="utf-8").split() if args.lexicon else None
    _head("set", "form", "n", *_COLUMNS, *(f"{stage}, ms" for stage in _STAGES[:-1]), "total, ms")
    for name in args.set or SUITES:
        suite = SUITES[name]
        samples = load_suite(args.data, suite, args.max)
        lexicon = lexicon_of(samples, words, _LEXICON) if words else None
        options = Options(alphabet=args.alphabet or suite.alphabet, lexicon=lexicon)
        progress = tqdm(samples, desc=name, unit="drawing", leave=False)
        measured = measure(recognizer, progress, options, args.form or FORMS)
        for form, outcomes in measured.items():
            row, by = figures(outcomes), grouped(outcomes)
            rows.append({"set": name, "form": form, **row, "by": by})
            times = " | ".join(_figure(row[f"ms_{stage}"], 1) for stage in _STAGES)
            print(f"| {name} | {form} | {_cells(row, _COLUMNS)} | {times} |", flush=True)
            for grouping, group in by.items():
                for part, share in group.items():
                    parts.append(f"| {name} | {form} | {grouping} {part} | {_cells(share, _PART_COLUMNS)} |")
            wrong = [outcome for outcome in outcomes if not outcome.exact]
            misread += ((name, form, outcome) for outcome in wrong if args.worst)
            for outcome in wrong[: args.errors]:
                print(f"  {outcome.sample.text} read as {outcome.text}: {outcome.sample.name}")
    print()
    _head("set", "form", "part", "n", *_PART_COLUMNS)
    print("\n".join(parts))
    if args.record:
        args.record.write_text(json.dumps(rows, indent=1) + "\n")
    if args.worst:
        args.worst.mkdir(parents=True, exist_ok=True)
        (args.worst / "index.html").write_text(worst_page(misread), encoding="utf-8")


def _head(*columns: str) -> None:
    print("| " + " | ".join(columns).replace("_", " ") + " |\n" + "|---" * len(columns) + "|")


def _cells(row: Row, columns: Sequence[str]) -> str:
    return " | ".join([f"{row['n']}", *(_figure(row[key]) for key in columns)])


def _figure(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _speed(args: argparse.Namespace) -> None:
    print("| digits | form | segment | normalize | classify | text | total, ms |\n|---|---|---|---|---|---|---|")
    for digits, form, stages in measure_speed(Recognizer.load(args.model)):
        print(f"| {digits} | {form} | " + " | ".join(f"{ms:.2f}" for ms in stages.values()) + " |")


def _serving(args: argparse.Namespace) -> None:
    from model.benchmarks.serving import measure as measured

    recorded = {}
    for name, rows in measured(args.scale):
        recorded[name] = rows
        print(f"{name}\n\n{table(rows)}\n", flush=True)
    if args.record:
        _record(args.record, args.page, recorded)


def _tesseract(args: argparse.Namespace) -> None:
    from model.benchmarks.tesseract import compare, draw

    recorded = {"tesseract": compare(Recognizer.load(args.model), args.data, args.max)}
    print(table(recorded["tesseract"]))
    if args.record:
        _record(args.record, args.page, recorded)
        draw(recorded["tesseract"], _IMAGES / "tesseract.png")


def _record(path: Path, page: Path, recorded: dict[str, list[dict[str, Any]]]) -> None:
    """Writes what was measured, beside what else the file holds, and the page's tables."""
    before = json.loads(path.read_text()) if path.exists() else {}
    every = {**before, **recorded}
    path.write_text(json.dumps(every, indent=1) + "\n")
    update(page, every)


def add(commands: Commands) -> None:
    """Adds the command and its kinds."""
    kinds = commands.add_parser("bench", help="measure what is served").add_subparsers(required=True, metavar="what")
    reading = command(kinds, "reading", _reading, "accuracy of whole drawings, by set and input form")
    reading.add_argument("--data", type=Path, required=True, help="folder of ink files")
    reading.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")
    reading.add_argument("--set", action="append", choices=list(SUITES), help="only this set (may be repeated)")
    reading.add_argument("--form", action="append", choices=list(FORMS), help="only this form (may be repeated)")
    reading.add_argument(
        "--alphabet", choices=["auto", *ALPHABETS], help="what the reader is told, instead of the set's"
    )
    reading.add_argument(
        "--lexicon",
        type=Path,
        metavar="FILE",
        help=f"read with a list of {_LEXICON:,} words: those that were written, and others of this file",
    )
    reading.add_argument("--max", type=int, help="at most so many drawings a set")
    reading.add_argument("--errors", type=int, default=0, help="print so many misread drawings of each")
    reading.add_argument(
        "--worst",
        type=Path,
        help="folder for a page of what was misread; it shows real handwriting, so commit it nowhere",
    )
    reading.add_argument("--record", type=Path, help="write the figures to this JSON file")
    speed = command(kinds, "speed", _speed, "milliseconds of each stage for numbers of 3, 8 and 20 digits")
    speed.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")
    serving = command(kinds, "serving", _serving, "the whole server under load: time, memory, start, mishaps")
    serving.add_argument("--scale", type=float, default=1.0, help="share of the time to spend; 1 takes three minutes")
    other = command(kinds, "tesseract", _tesseract, "the same drawings through Tesseract, as process and as library")
    other.add_argument("--data", type=Path, required=True, help="folder of ink files")
    other.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")
    other.add_argument("--max", type=int, default=100, help="at most so many drawings a set (default: %(default)s)")
    for made in (serving, other):
        made.add_argument("--record", type=Path, nargs="?", const=_SERVING, help="write the figures to this JSON file")
        made.add_argument("--page", type=Path, default=_PAGE, help="page whose tables are made anew with --record")
    bench_read.add(kinds)

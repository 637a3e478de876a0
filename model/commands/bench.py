"""`python -m model bench`: what is served, measured."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tqdm import tqdm

from model.benchmarks.forms import FORMS
from model.benchmarks.reading import SUITES, load_suite, measure
from model.benchmarks.speed import measure_speed
from model.commands.parsing import Commands, command
from model.reading.alphabet import ALPHABETS
from model.reading.classify import WEIGHTS
from model.reading.recognizer import Recognizer


def _reading(args: argparse.Namespace) -> None:
    recognizer = Recognizer.load(args.model)
    rows = []
    print("| set | form | n | exact | any case | CER | cut right | confidence | ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in args.set or SUITES:
        suite = SUITES[name]
        samples = load_suite(args.data, suite, args.max)
        progress = tqdm(samples, desc=name, unit="drawing", leave=False)
        for form, tally in measure(recognizer, progress, args.alphabet or suite.alphabet, args.form or FORMS):
            row = tally.row()
            rows.append({"set": name, "form": form, **row})
            shares = " | ".join(f"{row[key]:.3f}" for key in ("exact", "any_case", "cer", "cut", "confidence"))
            print(f"| {name} | {form} | {row['n']} | {shares} | {row['ms_p50']:.1f} |", flush=True)
            for sample, truth, read in tally.wrong[: args.errors]:
                print(f"  {truth} read as {read}: {sample}")
    if args.record:
        args.record.write_text(json.dumps(rows, indent=1) + "\n")


def _speed(args: argparse.Namespace) -> None:
    print("| digits | form | segment | normalize | classify | text | total, ms |\n|---|---|---|---|---|---|---|")
    for digits, form, stages in measure_speed(Recognizer.load(args.model)):
        print(f"| {digits} | {form} | " + " | ".join(f"{ms:.2f}" for ms in stages.values()) + " |")


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
    reading.add_argument("--max", type=int, help="at most so many drawings a set")
    reading.add_argument("--errors", type=int, default=0, help="print so many misread drawings of each")
    reading.add_argument("--record", type=Path, help="write the figures to this JSON file")
    speed = command(kinds, "speed", _speed, "milliseconds of each stage for numbers of 3, 8 and 20 digits")
    speed.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")

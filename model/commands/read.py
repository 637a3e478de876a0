"""`python -m model read`: what a drawing says, and why."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from model.commands.drawings import load_drawing
from model.commands.parsing import Commands, command
from model.explaining.explanation import explain
from model.explaining.markup import percent
from model.explaining.page import page
from model.reading.alphabet import ALPHABETS, REJECTED
from model.reading.classify import WEIGHTS
from model.reading.reading import Reading
from model.reading.recognizer import Recognizer

_RIVALS = 3
"""Alternatives that an explanation asks for at least: it needs a text to tell the answer from."""


def add(commands: Commands) -> None:
    """Adds the command."""
    made = command(commands, "read", _read, "read a drawing, with a confidence for every character")
    about = "a JSON body as the API takes it, an ink file (.jsonl, .jsonl.xz), a picture, or - for standard input"
    made.add_argument("drawing", metavar="PATH", help=about)
    made.add_argument("--line", type=int, help="which line of an ink file, from 1, the default")
    made.add_argument("--alphabet", choices=["auto", *ALPHABETS], help="what may be read, whatever the file asks for")
    made.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")
    made.add_argument("--explain", type=Path, metavar="HTML", help="write a page that shows why it was read so")


def _read(args: argparse.Namespace) -> None:
    if args.explain and args.explain.suffix not in (".html", ".xhtml"):
        raise ValueError(f"--explain {args.explain}: expected the name of an .html file")
    drawing = load_drawing(args.drawing, args.line)
    options = replace(drawing.options, alphabet=args.alphabet) if args.alphabet else drawing.options
    recognizer = Recognizer.load(args.model)
    if args.explain:
        options = replace(options, alternatives=max(options.alternatives, _RIVALS))
        explanation = explain(recognizer.trace(drawing.ink, options))
        reading = explanation.trace.reading
        model = f"{recognizer.name} {recognizer.version}"
        args.explain.write_text(page(explanation, drawing.name, model, drawing.written), encoding="utf-8")
    else:
        reading = recognizer.read(drawing.ink, options)
    _tell(reading)


def _tell(reading: Reading) -> None:
    others = ", ".join(f"{a.text!r} {percent(a.confidence)}" for a in reading.alternatives if a.text != reading.text)
    print(reading.text)
    print(f"confidence {percent(reading.confidence)}, {reading.alphabet}{', or ' if others else ''}{others}")
    if reading.glyphs:
        print("\n| glyph | confidence | or | strokes |\n|---|---|---|---|")
    for glyph in reading.glyphs:
        char = glyph.char or REJECTED
        rest = ", ".join(f"{a.text} {percent(a.confidence)}" for a in glyph.alternatives if a.text != char)
        print(f"| {char} | {percent(glyph.confidence)} | {rest} | {' '.join(map(str, glyph.strokes))} |")

"""`python -m model compose`: a picture of composed strings, for a person to look at."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from model.commands.parsing import Commands, command
from model.training.composition import composed_numbers, composed_pages, composed_words
from model.training.data import characters, load_ink
from model.training.sheet import sheet
from model.training.writing import Style


def _compose(args: argparse.Namespace) -> None:
    glyphs = characters(load_ink(args.data))
    rng = np.random.default_rng(args.seed)
    style = Style(touching=args.touching, joined=args.joined, slips=args.slips, late=args.late)
    if args.pages:
        samples = composed_pages(glyphs, args.count, rng, args.words, style)
    else:
        samples = (composed_words if args.words else composed_numbers)(glyphs, args.count, rng, style=style)
    if not cv2.imwrite(str(args.out), sheet(samples)):
        raise OSError(f"{args.out}: could not be written")


def add(commands: Commands) -> None:
    """Adds the command."""
    made = command(commands, "compose", _compose, "draw a sheet of numbers or words composed from single characters")
    made.add_argument("--data", type=Path, required=True, help="folder of ink files")
    made.add_argument(
        "--out", type=Path, required=True, help="PNG file; it shows real handwriting, so commit it nowhere"
    )
    made.add_argument("--words", action="store_true", help="words instead of numbers")
    made.add_argument("--pages", action="store_true", help="several lines of them, with spaces between")
    made.add_argument("--touching", action="store_true", help="neighbours meet")
    made.add_argument("--joined", type=float, default=0.0, help="share of neighbours drawn without a lift")
    made.add_argument("--slips", type=float, default=0.0, help="share of characters written over a slip of the pen")
    made.add_argument("--late", type=float, default=0.05, help="share of the dots and bars that are added late")
    made.add_argument("--count", type=int, default=40, help="how many")
    made.add_argument("--seed", type=int, default=0)

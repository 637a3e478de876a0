"""`python -m model online`, `sequence`, `joins`, `line` and `language`: what is known beside the net of pictures."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from model.commands.parsing import Commands, command, folder
from model.reading.classify import WEIGHTS
from model.reading.online import PICTURE, Pool
from model.training.joins import COUNT, learn_joins
from model.training.language import learn_language
from model.training.line import learn_line
from model.training.recipe import at_least, expect


def _online(args: argparse.Namespace) -> None:
    from model.training.online import learn_online

    if args.count is not None:
        expect("count", args.count, at_least(0))
    online, heard = learn_online(args.data, args.model, _made(args.out or args.model), args.count, args.seed)
    print(f"held-out writers: {(~heard.junk).sum():,} characters, {heard.junk.sum():,} pieces of junk")
    guesses = heard.guesses()
    for name, pool, asked in (
        ("picture", PICTURE, heard),
        ("trajectory", Pool(0, 1, 0, 1), heard),
        ("both", online.pool, heard),
        ("both, every stroke drawn backwards", online.pool, replace(heard, trajectories=heard.backwards)),
        ("picture, where the way is guessed from it", PICTURE, guesses),
        ("both, where the way is guessed from it", online.guessed, guesses),
    ):
        digits, letters = asked.accuracy(pool)
        costs = f"cross-entropy {asked.cost(pool):.4f}, of junk {asked.junk_cost(pool):.4f}"
        print(f"{name}: digits {digits:.4f}, letters in any case {letters:.4f}, {costs}")
    print(f"{online.pool}; guessed: {online.guessed}")


def _sequence(args: argparse.Namespace) -> None:
    from model.training.sequence import learn_sequence

    for name in ("count", "passes"):
        if getattr(args, name) is not None:
            expect(name, getattr(args, name), at_least(1))
    share, heard = learn_sequence(args.data, _made(args.out), args.count, args.passes, args.seed)
    print(f"of {heard:,} strings of held-out writers the net alone reads {share:.4f}, in any case")


def _joins(args: argparse.Namespace) -> None:
    expect("count", args.count, at_least(1))
    expect("members", args.members, at_least(1))
    out = _made(args.out or args.model)
    readings, probability = learn_joins(args.data, args.model, out, args.count, args.seed, args.members, args.keep)
    print(f"learned from {readings:,} readings; the true cut's mean probability is {probability:.4f}")


def _line(args: argparse.Namespace) -> None:
    print(f"learned from {learn_line(args.data, _made(args.out)):,} words of training writers")


def _language(args: argparse.Namespace) -> None:
    print(f"{learn_language(args.lists, _made(args.out)):,} words")


def _made(out: Path) -> Path:
    """A folder to write into, made where there is none: before minutes are spent on what could not be kept."""
    folder(out).mkdir(parents=True, exist_ok=True)
    return out


def add(commands: Commands) -> None:
    """Adds the commands."""
    online = command(commands, "online", _online, "learn what the way of the pen says, and how much it counts")
    online.add_argument("--data", type=Path, required=True, help="folder of ink files")
    online.add_argument("--model", type=Path, default=WEIGHTS, help="model directory with the net of pictures")
    online.add_argument(
        "--out", type=Path, help="model directory to write online.tflite and online.json into, default --model"
    )
    online.add_argument(
        "--count",
        type=int,
        help="glyphs that teach; 0 only weighs the opinions anew, after a new net of pictures",
    )
    online.add_argument("--seed", type=int, default=1)
    sequence = command(commands, "sequence", _sequence, "learn to read lines whole")
    sequence.add_argument("--data", type=Path, required=True, help="folder with emnist/ and ink/")
    sequence.add_argument("--out", type=Path, default=WEIGHTS, help="model directory")
    sequence.add_argument("--count", type=int, help="strings that teach")
    sequence.add_argument("--passes", type=int, help="how often each is seen, varied anew")
    sequence.add_argument("--seed", type=int, default=1)
    joins = command(commands, "joins", _joins, "learn what is one glyph and what are two, listening to the net")
    joins.add_argument("--data", type=Path, required=True, help="folder of ink files")
    joins.add_argument("--model", type=Path, default=WEIGHTS, help="model directory to listen to")
    joins.add_argument("--out", type=Path, help="model directory to write joins.json into, default --model")
    joins.add_argument("--count", type=int, default=COUNT, help=f"drawings that teach, default {COUNT:,}")
    joins.add_argument("--seed", type=int, default=1)
    joins.add_argument("--members", type=int, default=1, help="networks to learn, the mean of which is written")
    joins.add_argument("--keep", action="store_true", help="write the mean of that and of what the model knew before")
    line = command(commands, "line", _line, "learn where characters stand on the line")
    line.add_argument("--data", type=Path, required=True, help="folder of ink files")
    line.add_argument("--out", type=Path, default=WEIGHTS, help="model directory")
    language = command(commands, "language", _language, "make the language of words from word lists")
    language.add_argument("lists", type=Path, nargs="+", help="word lists, the most usual words' first")
    language.add_argument("--out", type=Path, default=WEIGHTS, help="model directory")

"""The command line: python -m model train."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from pathlib import Path


def _add_train(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("train", help="train the glyph classifier; a killed run goes on where it was")
    parser.add_argument("--data", type=Path, required=True, help="folder with emnist/ and ink/")
    parser.add_argument("--out", type=Path, required=True, help="where checkpoint, history and model go")
    parser.add_argument("--architecture", default=None, help="s (shipped) or xs")
    parser.add_argument("--images", type=int, default=None, help="augmented images to see in all")
    parser.add_argument("--batch", type=int, default=None)
    parser.add_argument("--rate", type=float, default=None, help="peak learning rate")
    parser.add_argument("--seed", type=int, default=None)
    parser.set_defaults(run=_train)


def _train(args: argparse.Namespace) -> int:
    from model.training.train import Recipe, train  # TensorFlow is loaded for training alone

    given = {f.name: getattr(args, f.name, None) for f in fields(Recipe)}
    recipe = Recipe(**{name: value for name, value in given.items() if value is not None})
    train(args.data, args.out, recipe)
    return 0


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m model", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_train(commands)
    args = parser.parse_args(argv)
    status: int = args.run(args)
    return status


if __name__ == "__main__":
    sys.exit(main())

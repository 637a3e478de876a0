"""`python -m model train`."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import fields, replace
from pathlib import Path

from model.commands.parsing import Commands, command, existing, folder
from model.training.recipe import OPTIMIZERS, PRECISIONS, SCHEDULES, Recipe, at_least, expect


def recipe_of(args: argparse.Namespace) -> Recipe:
    """The recipe that a command's options ask for.

    Raises:
        ValueError: it cannot be one; the message names the option.
    """
    given = {f.name: getattr(args, f.name, None) for f in fields(Recipe)}
    if given["teachers"] is not None:
        given["teachers"] = tuple(given["teachers"])
    return Recipe(**{name: value for name, value in given.items() if value is not None})


def use_threads(count: int | None) -> None:
    """Lets TensorFlow, which reads this when it is loaded, use so many processor threads.

    Raises:
        ValueError: that is no number of threads.
    """
    if count is not None:
        expect("threads", count, at_least(1))
        os.environ |= {"TF_NUM_INTRAOP_THREADS": str(count), "OMP_NUM_THREADS": str(count)}


def _train(args: argparse.Namespace) -> int:
    recipe, data, out = recipe_of(args), args.data and existing(args.data), folder(args.out)
    expect("members", args.members, at_least(1))
    expect("report-every", args.report_every, at_least(1))
    use_threads(args.threads)
    from model.training.train import train
    from model.training.trainer import DivergedError

    try:
        if args.members == 1:
            train(data, out, recipe, args.report_every, args.verbose)
        for member in range(args.members if args.members > 1 else 0):
            print(f"member {member + 1} of {args.members}")
            each = replace(recipe, seed=recipe.seed + member)
            train(data, out / f"member-{member + 1}", each, args.report_every, args.verbose)
    except DivergedError as error:
        print(f"python -m model: {error}", file=sys.stderr)
        return 1
    return 0


def add_run(made: argparse.ArgumentParser) -> None:
    """Adds the options that every training has: data, folder, and how much of it."""
    made.add_argument(
        "--data",
        "--file",
        type=Path,
        help="the shared folder, or the file or folder of --dataset, which is fetched if not given",
    )
    made.add_argument("--out", type=Path, required=True, help="folder for checkpoint, history, curves and model")
    made.add_argument("--dataset", help="shared (default), or mnist, emnist-byclass, … : see `python -m model data`")
    made.add_argument("--images", type=int, help="images to see in all")
    made.add_argument("--epochs", type=int, help="instead of --images: how often to see the dataset's size in pictures")
    made.add_argument("--max", type=int, dest="limit", help="use at most so many pictures of the dataset")
    made.add_argument("--precision", choices=PRECISIONS, help="bfloat16 trains faster where the processor has it")
    made.add_argument("--seed", type=int, help="decides every random choice")
    made.add_argument("--threads", type=int, help="processor threads; one a process is fastest on a busy machine")


def add_recipe(made: argparse.ArgumentParser) -> None:
    """Adds these, and those of a recipe but for the architecture."""
    add_run(made)
    made.add_argument("--batch", type=int, help="images a step")
    made.add_argument("--height", type=int, help="pixels of a picture, default 28")
    made.add_argument("--width", type=int, help="the same across")
    made.add_argument("--optimizer", choices=OPTIMIZERS)
    made.add_argument("--rate", type=float, help="peak learning rate")
    made.add_argument("--schedule", choices=SCHEDULES, help="how the rate falls")
    made.add_argument("--ink-share", type=float, help="part of each batch that is ink (shared data)")
    made.add_argument("--junk-share", type=float, help="part of each batch that is no character (shared data)")
    made.add_argument("--drawn-share", type=float, help="part that is what drawings may be cut into (shared data)")
    made.add_argument("--drawings", type=int, help="how many drawings are cut for --drawn-share, before the first step")
    made.add_argument(
        "--augment", dest="augmented", action=argparse.BooleanOptionalAction, default=None, help="vary the pictures"
    )
    made.add_argument("--noise", type=float, help="standard deviation of noise at the input, 0 to 1")
    made.add_argument("--smoothing", type=float, help="label smoothing")
    made.add_argument("--weight-decay", type=float)
    made.add_argument("--averaging", type=float, help="decay of the averaged weights; 0 keeps the last ones")
    made.add_argument("--patience", type=int, help="stop after so many reports without a better one; default never")


def add(commands: Commands) -> None:
    """Adds the command."""
    made = command(commands, "train", _train, "train a glyph classifier; the same command goes on with a killed run")
    add_recipe(made)
    made.add_argument("--architecture", help="one of `python -m model list`; default s; m is the shipped one")
    made.add_argument("--dropout", type=float, help="another rate than the architecture's own")
    made.add_argument(
        "--teacher", action="append", dest="teachers", help="a model.keras to learn from (repeat for several)"
    )
    made.add_argument("--softness", type=float, help="temperature of the teachers' answers")
    made.add_argument("--taught", type=float, help="share of the loss that is the teachers'")
    made.add_argument("--start", help="a model.keras of the same architecture to go on from")
    made.add_argument(
        "--members", type=int, default=1, help="train so many nets, in folders of their own: an ensemble for evaluate"
    )
    made.add_argument("--report-every", type=int, default=1000, help="steps between two looks at validation")
    made.add_argument("--verbose", action=argparse.BooleanOptionalAction, default=True, help="a line for each look")

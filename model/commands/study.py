"""`python -m model study` and `reproduce`: several nets trained and compared."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.commands.parsing import Commands, command, existing, folder
from model.commands.train import add_recipe, add_run, recipe_of, use_threads
from model.training.recipe import Recipe
from model.training.rivals import RIVALS, SHARED, beside


def _study(args: argparse.Namespace) -> int:
    recipe, data, out = recipe_of(args), args.data and existing(args.data), folder(args.out)
    use_threads(args.threads)
    from model.training.architectures import ARCHITECTURES
    from model.training.study import variants

    return _compared(data, out, variants(recipe, args.architectures or list(ARCHITECTURES), args.dropouts))


def _reproduce(args: argparse.Namespace) -> int:
    rival, data, out = RIVALS[args.rival], args.data and existing(args.data), folder(args.out)
    given = {name: getattr(args, name) for name in SHARED if getattr(args, name) is not None}
    if args.images is not None:
        given["epochs"] = 0
    recipes = beside(rival, args.ours, given)
    use_threads(args.threads)
    print(f"reference {args.rival.upper()} claims: {rival.claim}; measured: {rival.measured}\n")
    return _compared(data, out, recipes)


def _compared(data: Path | None, out: Path, recipes: dict[str, Recipe]) -> int:
    """Trains each recipe and tells what came of it; 1 if one only diverged."""
    from model.training.study import study, write_study

    print("| net | parameters | MMAC | images seen | processor s | validation | test |\n|---|---|---|---|---|---|---|")
    results = []
    for result in study(data, out, recipes):
        results.append(result)
        size = f"{result.parameters:,} | {result.mmac:.1f} | {result.images:,} | {result.seconds:,.0f}"
        print(f"| {result.name} | {size} | {result.validation:.2%} | {result.test:.2%} |", flush=True)
        write_study(out, results)
    return 0 if len(results) == len(recipes) else 1


def add(commands: Commands) -> None:
    """Adds the commands."""
    made = command(commands, "study", _study, "train several nets alike and compare them: table, CSV and plot")
    add_recipe(made)
    made.add_argument("--architectures", nargs="+", metavar="NAME", help="default: all of `python -m model list`")
    made.add_argument("--dropouts", nargs="+", type=float, default=[], metavar="RATE", help="each net with each rate")
    made = command(
        commands, "reproduce", _reproduce, "train a reference system's net as its authors did, and ours beside it"
    )
    made.add_argument("rival", choices=RIVALS, help="the reference system; its dataset and epochs are the defaults")
    add_run(made)
    made.add_argument("--ours", default="s", help="our net, one of `python -m model list`; default s")

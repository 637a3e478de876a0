"""`python -m model study`: several nets trained alike and compared."""

from __future__ import annotations

import argparse

from model.commands.parsing import Commands, command, existing, folder
from model.commands.train import add_recipe, recipe_of, use_threads


def _study(args: argparse.Namespace) -> int:
    recipe, data, out = recipe_of(args), args.data and existing(args.data), folder(args.out)
    use_threads(args.threads)
    from model.training.architectures import ARCHITECTURES
    from model.training.study import study, variants, write_study

    recipes = variants(recipe, args.architectures or list(ARCHITECTURES), args.dropouts)
    print("| net | parameters | MMAC | images seen | processor s | validation | test |\n|---|---|---|---|---|---|---|")
    results = []
    for result in study(data, out, recipes):
        results.append(result)
        size = f"{result.parameters:,} | {result.mmac:.1f} | {result.images:,} | {result.seconds:,.0f}"
        print(f"| {result.name} | {size} | {result.validation:.2%} | {result.test:.2%} |", flush=True)
        write_study(out, results)
    return 0 if len(results) == len(recipes) else 1


def add(commands: Commands) -> None:
    """Adds the command."""
    made = command(commands, "study", _study, "train several nets alike and compare them: table, CSV and plot")
    add_recipe(made)
    made.add_argument("--architectures", nargs="+", metavar="NAME", help="default: all of `python -m model list`")
    made.add_argument("--dropouts", nargs="+", type=float, default=[], metavar="RATE", help="each net with each rate")

"""`python -m model study` and `reproduce`: several nets trained and compared."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.commands.parsing import Commands, command, existing, folder
from model.commands.train import add_recipe, recipe_of, use_threads
from model.training.recipe import PRECISIONS, Recipe


def _study(args: argparse.Namespace) -> int:
    recipe, data, out = recipe_of(args), args.data and existing(args.data), folder(args.out)
    use_threads(args.threads)
    from model.training.architectures import ARCHITECTURES
    from model.training.study import variants

    return _compared(data, out, variants(recipe, args.architectures or list(ARCHITECTURES), args.dropouts))


def _reproduce(args: argparse.Namespace) -> int:
    from model.training.rivals import RIVALS, beside

    rival, data, out = RIVALS[args.rival], args.data and existing(args.data), folder(args.out)
    given = {name: getattr(args, name) for name in _SHARED if getattr(args, name) is not None}
    if args.images is not None:
        given["epochs"] = 0
    recipes = beside(rival, args.ours, given)
    use_threads(args.threads)
    print(f"reference {args.rival.upper()} claims: {rival.claim}; measured: {rival.measured}\n")
    return _compared(data, out, recipes)


_SHARED = ("dataset", "epochs", "images", "limit", "seed", "precision")
"""Options that both nets of a comparison get."""


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
    made.add_argument("rival", choices="abcde", help="the reference system")
    made.add_argument("--data", type=Path, help="file or folder of the dataset, which is fetched if not given")
    made.add_argument("--out", type=Path, required=True, help="folder for both trainings, table and plot")
    made.add_argument("--dataset", help="another than its authors took, such as shared; see `python -m model data`")
    made.add_argument("--epochs", type=int, help="how often to see the dataset; default: as often as its authors did")
    made.add_argument("--images", type=int, help="images to see in all, instead")
    made.add_argument("--max", type=int, dest="limit", help="use at most so many pictures of the dataset")
    made.add_argument("--ours", default="s", help="our net, one of `python -m model list`; default s")
    made.add_argument("--precision", choices=PRECISIONS, help="bfloat16 trains faster where the processor has it")
    made.add_argument("--seed", type=int, help="decides every random choice")
    made.add_argument("--threads", type=int, help="processor threads; one a process is fastest on a busy machine")

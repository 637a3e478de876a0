"""Compares architectures, or one of them with several dropout rates, each trained alike: a table and a plot."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import keras
from tqdm import tqdm

from model.training import architectures
from model.training.measures import accuracy
from model.training.recipe import Recipe
from model.training.sources import load_sources, load_test
from model.training.train import logits_of, train
from model.training.trainer import DivergedError, fresh
from model.training.validation import HeldOut


@dataclass(frozen=True)
class Result:
    """One net of a study.

    Attributes:
        name: The architecture's, and the dropout rate where it was given another.
        parameters: How many weights it has.
        mmac: Millions of multiply-accumulates for one picture.
        images: How many it saw.
        seconds: Processor seconds of its training.
        validation: Share of the held-out set that it reads right, to choose by.
        test: Share of the test set, to report.
    """

    name: str
    parameters: int
    mmac: float
    images: int
    seconds: float
    validation: float
    test: float


def variants(recipe: Recipe, names: list[str], dropouts: list[float]) -> dict[str, Recipe]:
    """The recipe with each architecture and, if any are given, each rate of dropout, by name."""
    if not dropouts:
        return {name: replace(recipe, architecture=name) for name in names}
    return {
        f"{name}, dropout {rate:g}": replace(recipe, architecture=name, dropout=rate)
        for name in names
        for rate in dropouts
    }


def study(data: Path | None, out: Path, recipes: dict[str, Recipe]) -> Iterator[Result]:
    """Trains each recipe in a folder of its own below `out`, and yields what came of it; a killed study goes on.

    A net that only diverged is told of and left out.

    Raises:
        ValueError, OSError: a recipe or the data cannot be used.
        KeyboardInterrupt: Ctrl-C; the net that was trained then has no result yet.
    """
    for recipe in recipes.values():
        fresh(recipe)  # the last net's mistake is told before hours of training the others
    for name, recipe in recipes.items():
        folder = out / name.replace(", ", "-").replace(" ", "-")
        result = folder / "result.json"
        found = _finished(result, recipe)
        if found is None:
            try:
                model = train(data, folder, recipe, report_every=max(1, recipe.steps // 5), verbose=False)
            except DivergedError as error:
                tqdm.write(f"{name} {error}")
                continue
            last = json.loads((folder / "history.json").read_text())[-1]
            net = architectures.describe(model)
            validation, test = load_sources(data, recipe)[1].sets[0], load_test(data, recipe)
            found = Result(
                name,
                net.parameters,
                net.macs / 1e6,
                last["images"],
                last["cpu_seconds"],
                _right(model, validation),
                _right(model, test),
            )
            result.write_text(json.dumps({"recipe": recipe.plain(), "result": asdict(found)}))
        yield found


def _finished(path: Path, recipe: Recipe) -> Result | None:
    """The result of an earlier call, if there is one.

    Raises:
        ValueError: it is another recipe's, or damaged.
    """
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_text())
        of, found = kept["recipe"], Result(**kept["result"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path}: expected the result of a study's net; give another --out") from error
    if of != recipe.plain():
        raise ValueError(f"{path} is of another recipe; give another --out")
    return found


def _right(model: keras.Model, held_out: HeldOut) -> float:
    """Share of glyphs whose best class, given how often the classes come, is one that they may be."""
    scores = logits_of(model, held_out.glyphs.images)[:, :-1] + held_out.log_prior
    return accuracy(scores, held_out.glyphs.allowed)


def write_study(out: Path, results: list[Result]) -> None:
    """Writes `study.csv` and `study.png`: errors over multiply-accumulates and over training time."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator, NullFormatter

    with (out / "study.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, [f.name for f in fields(Result)])
        table.writeheader()
        table.writerows(asdict(result) for result in results)
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    for axis, attribute in ((left, "mmac"), (right, "seconds")):
        for result in results:
            at = getattr(result, attribute), 100 * (1 - result.test)
            axis.scatter(*at, color="tab:blue")
            axis.annotate(result.name, at, xytext=(5, 3), textcoords="offset points", fontsize=8)
        axis.set(xscale="log", yscale="log")
        axis.margins(x=0.15)
        for side in (axis.xaxis, axis.yaxis):
            side.set_major_locator(LogLocator(subs=(1, 2, 5)))
            side.set_major_formatter("{x:g}")
            side.set_minor_formatter(NullFormatter())
        axis.grid(alpha=0.3, which="both")
    left.set(xlabel="multiply-accumulates of one picture, millions", ylabel="errors on the test set, %")
    right.set(xlabel="processor seconds of training")
    figure.savefig(out / "study.png", dpi=130)

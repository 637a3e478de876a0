"""`python -m model evaluate`: any weights on any held-out set."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from model.commands.parsing import Commands, command, existing, folder
from model.reading.classify import WEIGHTS

if TYPE_CHECKING:
    from model.training.evaluation.figures import Evaluation
    from model.training.evaluation.judges import Judge
    from model.training.evaluation.sets import EvaluationSet, SharedFolder


def add(commands: Commands) -> None:
    """Adds the command."""
    made = command(commands, "evaluate", _evaluate, "measure a model on held-out glyphs, with 95 % intervals")
    made.add_argument(
        "--model",
        type=Path,
        nargs="+",
        default=[WEIGHTS],
        help="a model directory (the shipped one), a .tflite file, or one or more .keras files, which answer together",
    )
    made.add_argument("--data", type=Path, help="folder with emnist/, mnist/ and ink/, or some of them")
    made.add_argument("--set", action="append", default=[], help="only this set of --data (may be repeated)")
    made.add_argument(
        "--dataset",
        nargs="+",
        action="append",
        default=[],
        metavar=("NAME", "PATH"),
        help="an official dataset's test, such as emnist-balanced, from its files or fetched (may be repeated)",
    )
    made.add_argument(
        "--pictures-only", action="store_true", help="ink too by its pictures alone, as if the pen's way were not known"
    )
    made.add_argument("--max", type=int, help="at most so many glyphs a set, for quick runs")
    made.add_argument("--report", type=Path, help="write a page with matrices, tables and all errors into this folder")


def _evaluate(args: argparse.Namespace) -> None:
    from model.training.evaluation import report
    from model.training.evaluation.judges import load_judge
    from model.training.evaluation.sets import FILES, SharedFolder

    if unknown := set(args.set) - FILES.keys():
        raise ValueError(f"unknown set {min(unknown)!r}; expected one of {', '.join(FILES)}")
    if args.data is None and not args.dataset:
        raise ValueError("nothing to evaluate on: give --data, or --dataset NAME [PATH]")
    if args.max is not None and args.max < 1:
        raise ValueError(f"--max {args.max}: expected at least one glyph")
    if args.report:
        folder(args.report)
    shared = SharedFolder(existing(args.data), args.set, args.max) if args.data else None
    judge = load_judge([existing(path) for path in args.model], args.pictures_only)
    found = _measured(judge, shared, args.dataset, args.max)
    if args.report:
        title = f"Evaluation of {', '.join(path.name for path in args.model)}"
        print(f"\n{report.write_report(found, title, args.report)}")


def _measured(judge: Judge, shared: SharedFolder | None, datasets: list[list[str]], most: int | None) -> Evaluation:
    """Everything that is asked for, told as it is found."""
    from model.training.evaluation import report
    from model.training.evaluation.figures import Evaluation, Measuring

    measuring, found, notes = Measuring(judge), Evaluation([], [], {}), []
    print(report.markdown_head(report.RESULTS), flush=True)
    for given, is_official in _sets(shared, datasets, most):
        found.results.append(measuring.result(given))
        print(report.markdown_row(report.result_row(found.results[-1])), flush=True)
        notes += [f"{given.key}: {given.note}"] if given.note else []
        if is_official:
            found.junk.update(measuring.junk_of(given, most))
    if notes:
        print("", *notes, sep="\n", flush=True)
    if shared and "ink" in shared.keys:
        found.reliabilities.extend(measuring.reliabilities(shared))
    if shared and "junk" in shared.keys:
        found.junk.update(measuring.junk(shared))
    _print(report.CALIBRATION, map(report.calibration_row, found.calibrated))
    _print(report.JUNK, (report.junk_row(*item) for item in found.junk.items()))
    return found


def _print(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """A table, if there is anything in it."""
    from model.training.evaluation.report import markdown_head, markdown_row

    if lines := [markdown_row(row) for row in rows]:
        print("", markdown_head(heads), *lines, sep="\n", flush=True)


def _sets(
    shared: SharedFolder | None, datasets: list[list[str]], most: int | None
) -> Iterator[tuple[EvaluationSet, bool]]:
    """The sets, and whether each is one of an official dataset's own files."""
    from model.training.evaluation.sets import official

    if shared:
        yield from ((given, False) for given in shared.sets())
    for name, *path in datasets:
        if len(path) > 1:
            raise ValueError(f"--dataset {name}: expected one path, got {len(path)}")
        yield official(name, existing(Path(path[0])) if path else None, most), True

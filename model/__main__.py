"""The command line: python -m model train | export | line | language | evaluate | bench."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from tqdm import tqdm

from model.benchmarks.forms import FORMS
from model.benchmarks.reading import SUITES, load_suite, measure
from model.benchmarks.speed import measure_speed
from model.reading.alphabet import ALPHABETS
from model.reading.classify import WEIGHTS, Classifier, ModelError
from model.reading.recognizer import Recognizer
from model.training.evaluate import evaluate
from model.training.language import learn_language
from model.training.line import learn_line

# TensorFlow takes seconds to load: only the commands that train import what needs it.


def _train(args: argparse.Namespace) -> None:
    from model.training.train import Recipe, train

    given = {f.name: getattr(args, f.name, None) for f in fields(Recipe)}
    train(args.data, args.out, Recipe(**{name: value for name, value in given.items() if value is not None}))


def _export(args: argparse.Namespace) -> None:
    import keras

    from model.training.export import export

    model = keras.models.load_model(args.model, compile=False)
    for name, value in export(model, args.out, args.data, args.name, args.version).items():
        print(f"{name:12} {value:.4g}")


def _line(args: argparse.Namespace) -> None:
    print(f"learned from {learn_line(args.data, args.out):,} words of training writers")


def _language(args: argparse.Namespace) -> None:
    print(f"{learn_language(args.lists, args.out):,} words")


def _evaluate(args: argparse.Namespace) -> None:
    print("| held-out set | n | figure |\n|---|---|---|")
    for what, n, figure in evaluate(Classifier.load(args.model), args.data):
        print(f"| {what} | {n:,} | {figure:.2%} |", flush=True)


def _bench_reading(args: argparse.Namespace) -> None:
    recognizer = Recognizer.load(args.model)
    rows = []
    print("| set | form | n | exact | any case | CER | cut right | confidence | ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in args.set or SUITES:
        suite = SUITES[name]
        samples = load_suite(args.data, suite, args.max)
        progress = tqdm(samples, desc=name, unit="drawing", leave=False)
        for form, tally in measure(recognizer, progress, args.alphabet or suite.alphabet, args.form or FORMS):
            row = tally.row()
            rows.append({"set": name, "form": form, **row})
            shares = " | ".join(f"{row[key]:.3f}" for key in ("exact", "any_case", "cer", "cut", "confidence"))
            print(f"| {name} | {form} | {row['n']} | {shares} | {row['ms_p50']:.1f} |", flush=True)
            for sample, truth, read in tally.wrong[: args.errors]:
                print(f"  {truth} read as {read}: {sample}")
    if args.record:
        args.record.write_text(json.dumps(rows, indent=1) + "\n")


def _bench_speed(args: argparse.Namespace) -> None:
    print("| digits | form | segment | normalize | classify | text | total, ms |\n|---|---|---|---|---|---|---|")
    for digits, form, stages in measure_speed(Recognizer.load(args.model)):
        print(f"| {digits} | {form} | " + " | ".join(f"{ms:.2f}" for ms in stages.values()) + " |")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    root = argparse.ArgumentParser(prog="python -m model", description=__doc__)
    commands = root.add_subparsers(required=True, metavar="command")

    def command(
        into: argparse._SubParsersAction[argparse.ArgumentParser],
        name: str,
        run: Callable[[argparse.Namespace], None],
        text: str,
    ) -> argparse.ArgumentParser:
        made = into.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    train = command(commands, "train", _train, "train the glyph classifier; a killed run goes on where it was")
    train.add_argument("--data", type=Path, required=True, help="folder with emnist/ and ink/")
    train.add_argument("--out", type=Path, required=True, help="where checkpoint, history and model go")
    train.add_argument("--architecture", help="s (shipped) or xs")
    train.add_argument("--images", type=int, help="augmented images to see in all")
    train.add_argument("--batch", type=int, help="images a step")
    train.add_argument("--rate", type=float, help="peak learning rate")
    train.add_argument("--start", help="a model.keras to go on from, with another mix or rate")
    train.add_argument("--seed", type=int, help="decides every random choice")

    export = command(commands, "export", _export, "write a trained model as serving loads it")
    export.add_argument("model", type=Path, help="model.keras of a training run")
    export.add_argument("--data", type=Path, required=True, help="folder with ink/, to fit the temperature on")
    export.add_argument("--out", type=Path, default=WEIGHTS, help="model directory")
    export.add_argument("--name", default="glyphline-s")
    export.add_argument("--version", default="1")

    line = command(commands, "line", _line, "learn where characters stand on the line")
    line.add_argument("--data", type=Path, required=True, help="folder of ink files")
    line.add_argument("--out", type=Path, default=WEIGHTS, help="model directory")

    language = command(commands, "language", _language, "make the language of words from word lists")
    language.add_argument("lists", type=Path, nargs="+", help="word lists, the most usual words' first")
    language.add_argument("--out", type=Path, default=WEIGHTS, help="model directory")

    assess = command(commands, "evaluate", _evaluate, "print the model card's figures")
    assess.add_argument("--data", type=Path, required=True, help="folder with emnist/ and ink/")
    assess.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")

    bench = commands.add_parser("bench", help="measure what is served").add_subparsers(required=True, metavar="what")
    reading = command(bench, "reading", _bench_reading, "accuracy of whole drawings, by set and input form")
    reading.add_argument("--data", type=Path, required=True, help="folder of ink files")
    reading.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")
    reading.add_argument("--set", action="append", choices=list(SUITES), help="only this set (may be repeated)")
    reading.add_argument("--form", action="append", choices=list(FORMS), help="only this form (may be repeated)")
    reading.add_argument(
        "--alphabet", choices=["auto", *ALPHABETS], help="what the reader is told, instead of the set's"
    )
    reading.add_argument("--max", type=int, help="at most so many drawings a set")
    reading.add_argument("--errors", type=int, default=0, help="print so many misread drawings of each")
    reading.add_argument("--record", type=Path, help="write the figures to this JSON file")
    speed = command(bench, "speed", _bench_speed, "milliseconds of each stage for numbers of 3, 8 and 20 digits")
    speed.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")
    return root


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns the exit status: 2 for bad input, said in one line."""
    args = parser().parse_args(argv)
    try:
        args.run(args)
    except (OSError, ValueError, ModelError) as error:
        print(f"python -m model: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

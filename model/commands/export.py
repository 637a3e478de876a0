"""`python -m model export`: a trained model as serving loads it, and in other run-times' formats."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.commands.parsing import Commands, command, existing, folder
from model.commands.train import use_threads
from model.reading.classify import WEIGHTS


def add(commands: Commands) -> None:
    """Adds the command."""
    made = command(commands, "export", _export, "write a trained model as serving loads it, or for other run-times")
    made.add_argument("model", type=Path, help="model.keras of a training run")
    made.add_argument(
        "--data", type=Path, required=True, help="folder with emnist/ and ink/, or a dataset's files: to check on"
    )
    made.add_argument(
        "--dataset", default="shared", help="what --data holds: shared (default), mnist, emnist-byclass, …"
    )
    made.add_argument("--out", type=Path, default=WEIGHTS, help="model directory")
    made.add_argument(
        "--formats",
        nargs="+",
        default=["litert"],
        metavar="FORMAT",
        help="keras, savedmodel, litert (default), litert-f16, litert-dynamic, litert-int8, onnx; "
        "the first of LiteRT becomes glyph.tflite, which serving loads",
    )
    made.add_argument(
        "--frequencies", action="store_true", help="answer as if classes came as often as in the training data"
    )
    made.add_argument("--name", default="glyphline")
    made.add_argument("--version", default="1")


def _export(args: argparse.Namespace) -> None:
    use_threads(1)  # the times are printed for one
    folder(args.out)
    from model.training.evaluation.judges import load_net
    from model.training.export import export, held_out

    model, glyphs = load_net(args.model), held_out(existing(args.data), args.dataset)
    log_prior = glyphs.log_prior if args.frequencies else None
    temperature, written = export(model, args.out, glyphs, args.name, args.version, args.formats, log_prior)
    print(f"temperature {temperature:.4g}\n")
    print(
        "| format | file | MB | largest difference of log p | same best class | ms a glyph |\n|---|---|---|---|---|---|"
    )
    for made in written:
        print(
            f"| {made.format} | {made.file} | {made.size / 1e6:.2f} | {made.difference:.2g} | {made.agreement:.2%} "
            f"| {made.milliseconds:.3f} |"
        )

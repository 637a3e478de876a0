"""Commands about networks: list | info tell what there are and what a model is, mean and restore make new ones."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.commands.parsing import Commands, command
from model.reading.classify import WEIGHTS, Classifier
from model.reading.normalize import SIDE

if TYPE_CHECKING:
    import keras

# Keras takes seconds to load: a model directory is told without it.

_BATCH = 32
_SECONDS = 0.5  # of timing


def add(commands: Commands) -> None:
    """Adds the commands."""
    command(commands, "list", _list, "list all architectures with their size and cost")
    info = command(commands, "info", _info, "tell what an architecture, a saved model or a model directory is")
    about = "an architecture's name, a model.keras or a model directory (the shipped one if not given)"
    info.add_argument("target", nargs="?", default=str(WEIGHTS), help=about)
    mean = command(commands, "mean", _mean, "average the weights of models that were trained on from one")
    mean.add_argument("models", type=Path, nargs="+", metavar="MODEL", help="a model.keras; all of one architecture")
    mean.add_argument("--out", type=Path, required=True, help="the model.keras to write")
    restore = command(commands, "restore", _restore, "make an exported net a model.keras again, to train on from")
    restore.add_argument("exported", type=Path, help="a .tflite file that `export` wrote, as the shipped glyph.tflite")
    restore.add_argument("--architecture", default="m", help="its name in `python -m model list`, default m")
    restore.add_argument("--data", type=Path, required=True, help="the shared folder, which tells what training shows")
    restore.add_argument("--out", type=Path, required=True, help="the model.keras to write")


def _mean(args: argparse.Namespace) -> None:
    out = _to_write(args.out)
    from model.training.architectures import mean

    mean(args.models).save(out)


def _restore(args: argparse.Namespace) -> None:
    out = _to_write(args.out)
    from model.training.restore import restore

    restore(args.exported, args.architecture, args.data).save(out)


def _to_write(path: Path) -> Path:
    """A file for a Keras model, its folder made where there is none."""
    if path.suffix != ".keras":
        raise ValueError(f"{path}: expected a file to write whose name ends in .keras")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _list(_: argparse.Namespace) -> None:
    from model.training.architectures import ARCHITECTURES, build, describe

    print("| name | what it is | parameters | MMAC | file, MB |\n|---|---|---|---|---|")
    for name, architecture in ARCHITECTURES.items():
        net = describe(build(name))
        size = f"{net.parameters:,} | {net.macs / 1e6:.1f} | {net.file_bytes / 1e6:.1f}"
        print(f"| {name} | {architecture.summary} | {size} |", flush=True)


def _info(args: argparse.Namespace) -> None:
    path = Path(args.target)
    if path.is_dir():
        _tell_directory(path)
        return
    from model.training.architectures import ARCHITECTURES, build, load

    if args.target in ARCHITECTURES:
        print(f"{args.target}: {ARCHITECTURES[args.target].summary}")
        _tell_layers(build(args.target))
    elif path.exists():
        _tell_layers(load(path))
    else:
        names = ", ".join(ARCHITECTURES)
        raise ValueError(f"{args.target}: expected a .keras file, a model directory or one of {names}")


def _tell_layers(model: keras.Model) -> None:
    from model.training.architectures import describe

    net = describe(model)
    print("| layer | kind | output | parameters | MMAC |\n|---|---|---|---|---|")
    for layer in net.layers:
        shape = "×".join(map(str, layer.shape))
        print(f"| {layer.name} | {layer.kind} | {shape} | {layer.parameters:,} | {layer.macs / 1e6:.2f} |")
    print(f"| all | | | {net.parameters:,} | {net.macs / 1e6:.2f} |")


def _tell_directory(directory: Path) -> None:
    classifier = Classifier.load(directory)  # checks that the card is there, and the checksum and classes it names
    card = json.loads((directory / "glyph.json").read_text())
    rows = {
        "name": classifier.name,
        "version": classifier.version,
        "classes": f"{len(card['classes'])}: {card['classes']}",
        "parameters": f"{card['parameters']:,}" if "parameters" in card else "unknown",
        "temperature": card["temperature"],
        "checksum": f"OK, SHA-256 {card['sha256']}",
        "file": f"{(directory / 'glyph.tflite').stat().st_size:,} bytes",
        "speed": f"{_milliseconds(classifier):.2f} ms a glyph at batch {_BATCH}, one thread",
    }
    for name, value in rows.items():
        print(f"{name:12} {value}")


def _milliseconds(classifier: Classifier) -> float:
    """Of one glyph in a batch, the median of half a second's batches."""
    pictures = np.random.default_rng(0).random((_BATCH, SIDE, SIDE), np.float32)
    classifier.classify(pictures)  # the first call allocates
    taken: list[float] = []
    while sum(taken) < _SECONDS:
        started = time.perf_counter()
        classifier.classify(pictures)
        taken.append(time.perf_counter() - started)
    return float(np.median(taken)) * 1000 / _BATCH

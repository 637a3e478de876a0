"""`python -m webapp`: serves one person at one machine. For others, run gunicorn."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from model.reading.classify import WEIGHTS, ModelError
from model.reading.recognizer import Recognizer
from webapp import create_app


def main(argv: list[str] | None = None) -> int:
    """Serves until interrupted; returns the exit status: 2 for a model that cannot be used, said in one line."""
    parser = argparse.ArgumentParser(prog="python -m webapp", description="Serve the page and the API locally.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument("--model", type=Path, default=WEIGHTS, help="model directory (default: the shipped one)")
    parser.add_argument(
        "--backend",
        choices=["litert", "keras"],
        default="litert",
        help="what runs the net: LiteRT (default), or Keras with the weights of a training run, where TensorFlow is",
    )
    arguments = parser.parse_args(argv)
    try:
        app = create_app({"RECOGNIZER": _recognizer(arguments.model, arguments.backend)})
    except (ModelError, ValueError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    app.run(arguments.host, arguments.port, threaded=True)
    return 0


def _port(text: str) -> int:
    """Werkzeug takes a port that is none for another one."""
    port = int(text)
    if not 0 <= port < 1 << 16:
        raise argparse.ArgumentTypeError(f"{port} is no port: expected 0 to 65535")
    return port


def _recognizer(directory: Path, backend: str) -> Recognizer:
    if backend == "litert":
        return Recognizer.load(directory)
    try:
        from model.training.serving import keras_recognizer
    except ModuleNotFoundError as error:
        raise ModelError(f"the Keras backend needs {error.name}: install requirements/train.txt") from error
    return keras_recognizer(directory)


if __name__ == "__main__":
    sys.exit(main())

"""The command line, python -m model: reads drawings, trains, measures and exports; --help lists the commands."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from model.commands.parsing import STOPPED
from model.reading.classify import ModelError

_MODULES = ("read", "train", "export", "evaluate", "nets", "data", "compose", "study", "knowledge", "bench")
"""Of `model.commands`, in the order of --help."""


def parser(modules: Sequence[str] = _MODULES) -> argparse.ArgumentParser:
    """The commands of `modules` and their options."""
    root = argparse.ArgumentParser(prog="python -m model", description=__doc__)
    commands = root.add_subparsers(required=True, metavar="command")
    for module in modules:
        importlib.import_module(f"model.commands.{module}").add(commands)
    return root


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns its exit status: 2 for bad input, 130 after Ctrl-C, either said in one line."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's own chatter is not for our users
    words = sys.argv[1:] if argv is None else argv
    try:
        # reading needs none of the packages that the other commands load
        args = parser(("read",) if words[:1] == ["read"] else _MODULES).parse_args(words)
        return args.run(args) or 0
    except KeyboardInterrupt as stopped:
        print(f"python -m model: {str(stopped) or 'stopped'}", file=sys.stderr)
        return STOPPED
    except (OSError, ValueError, ModelError) as error:
        print(f"python -m model: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        print(f"python -m model: {error}; all but read needs the packages of requirements/train.txt", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

"""The command line, python -m model: reads drawings, trains, measures and exports; --help lists the commands."""

from __future__ import annotations

import argparse
import os
import sys

from model.reading.classify import ModelError


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    from model.commands import bench, compose, data, evaluate, export, knowledge, nets, read, study, train

    root = argparse.ArgumentParser(prog="python -m model", description=__doc__)
    commands = root.add_subparsers(required=True, metavar="command")
    for module in (read, train, export, evaluate, nets, data, compose, study, knowledge, bench):
        module.add(commands)
    return root


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns the exit status: 2 for bad input, said in one line."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's own chatter is not for our users
    args = parser().parse_args(argv)
    try:
        args.run(args)
    except (OSError, ValueError, ModelError) as error:
        print(f"python -m model: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

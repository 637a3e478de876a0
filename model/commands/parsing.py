"""What all commands share: how one is added to the parser, and the types of arguments."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

STOPPED = 130
"""Exit status after Ctrl-C, as shells have it."""

Run = Callable[[argparse.Namespace], int | None]
"""What a command does; it may return an exit status.

It raises ValueError, OSError or ModelError for bad input: `main` says it in one line.
"""


def command(into: Commands, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    """Adds one command and returns its parser, for its options."""
    made = into.add_parser(name, help=text, description=text)
    made.set_defaults(run=run)
    return made


def existing(path: Path) -> Path:
    """A path that a command was given, once it is known to be there.

    Raises:
        ValueError: it is not.
    """
    if not path.exists():
        raise ValueError(f"{path}: no such file or folder")
    return path


def folder(path: Path) -> Path:
    """A path that a command is to write files into, once it is known that it can be a folder.

    Raises:
        ValueError: it is a file.
    """
    if path.exists() and not path.is_dir():
        raise ValueError(f"{path}: expected a folder to write into, found a file")
    return path

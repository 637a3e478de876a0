"""The one recognizer of the process, and whether it has answered yet."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from flask import Flask, current_app

from model.reading.budget import UNBOUNDED, Budget
from model.reading.classify import WEIGHTS
from model.reading.ink import Ink, Stroke
from model.reading.preparing import GroupsError
from model.reading.reading import Options, Reading
from model.reading.recognizer import Recognizer

_KEY = "glyphline.engine"
_SAMPLE = Ink((Stroke.from_points([50.0, 50.0, 50.0], [10.0, 40.0, 70.0], [0.0, 80.0, 160.0], index=0),))

_log = logging.getLogger(__name__)


class Reads(Protocol):
    """What the web needs of a recognizer; `read` may be called by several threads at once."""

    name: str
    version: str
    checksum: str

    def read(self, ink: Ink, options: Options = ..., budget: Budget = ...) -> Reading:
        """Reads one drawing."""
        ...

    def read_many(self, drawings: Sequence[tuple[Ink, Options]], budget: Budget = ...) -> list[Reading | GroupsError]:
        """Reads several."""
        ...


class Engine:
    """Holds the recognizer and remembers whether it has ever answered in this process.

    A worker that was forked off a loaded process must show for itself that its model survived that.

    Attributes:
        recognizer: What reads.
    """

    def __init__(self, recognizer: Reads) -> None:
        self.recognizer = recognizer
        self._answered_in: int | None = None
        self._warming = threading.Lock()

    def read(self, ink: Ink, options: Options, budget: Budget = UNBOUNDED) -> Reading:
        """Reads one drawing; see `Recognizer.read` for what it raises."""
        reading = self.recognizer.read(ink, options, budget)
        self._answered_in = os.getpid()
        return reading

    def read_many(self, drawings: Sequence[tuple[Ink, Options]], budget: Budget) -> list[Reading | GroupsError]:
        """Reads several together; see `Recognizer.read_many`."""
        readings = self.recognizer.read_many(drawings, budget)
        self._answered_in = os.getpid()
        return readings

    @property
    def answered(self) -> bool:
        """Whether the model has answered in this process."""
        return self._answered_in == os.getpid()

    def warm_up(self) -> bool:
        """Reads a sample unless something was read before; whether the model has answered.

        While another thread is at it, the answer is False at once, so that probes never queue up.
        """
        if self.answered:
            return True
        if not self._warming.acquire(blocking=False):
            return False
        try:
            self.read(_SAMPLE, Options())
        except Exception:
            # Whatever is wrong with the model, the prober must learn "not ready" and the log must say why.
            _log.exception("the model does not answer")
        finally:
            self._warming.release()
        return self.answered


def init_app(app: Flask) -> None:
    """Takes the recognizer from the setting RECOGNIZER, or loads the model directory MODEL, else the shipped one.

    Raises:
        ModelError: it cannot be loaded. Better no process than one that cannot read.
    """
    app.extensions[_KEY] = Engine(
        app.config.get("RECOGNIZER") or Recognizer.load(Path(app.config.get("MODEL") or WEIGHTS))
    )


def engine() -> Engine:
    """The engine of the running application."""
    held: Engine = current_app.extensions[_KEY]
    return held

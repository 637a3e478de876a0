"""What a training run leaves to look at: history as JSON and CSV, learning curves as a picture, a TensorBoard log."""

from __future__ import annotations

import contextlib
import csv
import json
import time
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, float]


class Lap:
    """What was done since the last report.

    Attributes:
        losses: Of each step.
    """

    def __init__(self, losses: Iterable[float] = (), seconds: float = 0.0, cpu_seconds: float = 0.0):
        """Starts the clocks, or goes on with those of a run that was stopped."""
        self.losses = list(losses)
        self._started = time.monotonic() - seconds
        self._spent = time.process_time() - cpu_seconds

    @property
    def seconds(self) -> float:
        """Time that went by."""
        return time.monotonic() - self._started

    @property
    def cpu_seconds(self) -> float:
        """Time that processors worked."""
        return time.process_time() - self._spent


def write_history(folder: Path, rows: list[Row]) -> None:
    """Writes `history.json`, `history.csv` and, where matplotlib is installed, `curves.png`."""
    (folder / "history.json").write_text(json.dumps(rows, indent=1) + "\n")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / "history.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)
    with contextlib.suppress(ImportError):  # a machine that only trains need not draw
        _draw_curves(folder / "curves.png", rows)


def _draw_curves(path: Path, rows: list[Row]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4), layout="constrained")
    losses, errors = figure.subplots(1, 2)
    seen = [row["images"] for row in rows]
    for name in ("loss", "val_loss"):
        losses.plot(seen, [row[name] for row in rows], label=name.replace("val_loss", "validation"))
    losses.set(xlabel="images seen", ylabel="loss")
    losses.legend()
    for name in rows[-1].keys() - {"step", "images", "loss", "val_loss", "images_a_second", "cpu_seconds"}:
        shares = [row[name] if name == "junk_passed" else 1 - row[name] for row in rows]
        errors.plot(seen, [100 * share for share in shares], label=name)
    errors.set(xlabel="images seen", ylabel="errors on validation, %", yscale="log")
    errors.legend()
    figure.savefig(path, dpi=120)


class TensorBoard:
    """A log that TensorBoard reads, in `folder`; none where tensorboardX is not installed."""

    def __init__(self, folder: Path):
        try:
            from tensorboardX import SummaryWriter
        except ImportError:
            self._writer = None
        else:
            self._writer = SummaryWriter(str(folder))

    def add(self, step: int, row: Row) -> None:
        """Logs the figures of a step."""
        if self._writer is not None:
            for name, value in row.items():
                self._writer.add_scalar(name, value, step)
            self._writer.flush()

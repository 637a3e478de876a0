"""Small pictures of straight lines, for tests of what reads pictures."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def png(coverage: NDArray[np.uint8]) -> bytes:
    """A PNG file, dark where there is ink."""
    return cv2.imencode(".png", 255 - coverage)[1].tobytes()


def canvas(*lines: tuple[tuple[int, int], tuple[int, int]], width: int = 5) -> NDArray[np.uint8]:
    """Ink coverage of 100 × 200 pixels."""
    drawn = np.zeros((100, 200), np.uint8)
    for start, end in lines:
        cv2.line(drawn, start, end, 255, width, cv2.LINE_AA)
    return drawn

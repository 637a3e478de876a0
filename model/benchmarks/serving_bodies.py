"""A drawing as the HTTP request that sends it, in every form that the API reads."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import numpy as np

from model.benchmarks.specimens import write
from model.reading.ink import Ink
from model.training.forms import PIXEL_RATIO, frames_of, pictures_of, png_of

DIGITS = "20481357962048135796"
RECOGNIZE = "/api/v1/recognize"
_JSON = "application/json"


def line(count: int) -> Ink:
    """`count` digits, 20 a row: as many rows as that takes."""
    text = (DIGITS * (count // len(DIGITS) + 1))[:count]
    rows = [write(text[at : at + 20], top=40.0 + 130.0 * (at // 20)) for at in range(0, count, 20)]
    return Ink(tuple(stroke for row in rows for stroke in row.strokes))


def points(ink: Ink) -> tuple[str, bytes]:
    """Content type and body: columns of points with times."""
    strokes, now = [], 0.0
    for stroke in ink.strokes:
        rounded = stroke.points.astype(float).round(1)
        times = now + 8.0 * np.arange(len(rounded))
        now = float(times[-1]) + 300.0
        strokes.append({"x": rounded[:, 0].tolist(), "y": rounded[:, 1].tolist(), "t": times.tolist()})
    return _JSON, json.dumps({"strokes": strokes}).encode()


def pictures(ink: Ink) -> tuple[str, bytes]:
    """One cropped picture a stroke."""
    strokes = [{"image": _url(picture.data), "x": picture.x, "y": picture.y} for picture in pictures_of(ink)]
    return _JSON, json.dumps({"strokes": strokes, "pixel_ratio": PIXEL_RATIO}).encode()


def frames(ink: Ink) -> tuple[str, bytes]:
    """Whole-canvas pictures, one after each stroke."""
    entries = [{"image": _url(frame.data)} for frame in frames_of(ink)]
    return _JSON, json.dumps({"frames": entries, "pixel_ratio": PIXEL_RATIO}).encode()


def image(ink: Ink) -> tuple[str, bytes]:
    """One flat picture in JSON."""
    return _JSON, json.dumps({"image": _url(png_of(ink)), "pixel_ratio": PIXEL_RATIO}).encode()


def bare(ink: Ink) -> tuple[str, bytes]:
    """One flat picture and nothing else."""
    return "image/png", png_of(ink)


BODIES: dict[str, Callable[[Ink], tuple[str, bytes]]] = {
    "points": points,
    "pictures": pictures,
    "frames": frames,
    "image": image,
    "bare image": bare,
}


def post(form: str, ink: Ink) -> bytes:
    """A whole HTTP request, as bytes."""
    kind, body = BODIES[form](ink)
    query = f"?pixel_ratio={PIXEL_RATIO:g}" if form == "bare image" else ""
    head = (
        f"POST {RECOGNIZE}{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def _url(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")

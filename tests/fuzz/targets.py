"""What the fuzzers try: each takes any bytes and must come back, or refuse in its own words.

python tests/fuzz/targets.py pictures -max_total_time=600

runs one as long as one likes; atheris (libFuzzer) keeps what it finds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from model.benchmarks.specimens import write
from model.formats.columns import FormatError
from model.formats.files import read_ink
from model.formats.inkml import from_inkml, to_inkml
from model.reading.imagefile import MAX_SIDE, PictureError, decode
from model.reading.recognizer import Recognizer
from model.training.forms import png_of
from webapp import create_app

_STROKES = [{"x": s.points[:, 0].tolist(), "y": s.points[:, 1].tolist()} for s in write("4").strokes]
_recognizer = Recognizer.load()
_client = create_app({"RECOGNIZER": _recognizer, "RATE_LIMIT": "", "ACCESS_LOG": False}).test_client()


def pictures(data: bytes) -> None:
    """Any bytes as a picture: ink coverage within bounds, or a PictureError."""
    try:
        coverage = decode(data)
    except PictureError:
        return
    if coverage.ndim != 2 or max(coverage.shape) > MAX_SIDE:
        raise AssertionError(f"a picture of shape {coverage.shape}")


def files(data: bytes) -> None:
    """Any bytes as a file of ink: drawings that can be read, or a FormatError."""
    try:
        drawn = read_ink(data)
    except FormatError:
        return
    for one in drawn[:3]:
        _recognizer.read(one.ink)


def inkml(data: bytes) -> None:
    """Any text as InkML: strokes that survive being written and read again, or a FormatError."""
    try:
        strokes = from_inkml(data)
        again = from_inkml(to_inkml(strokes))
    except FormatError:
        return
    if [len(stroke["x"]) for stroke in strokes if stroke["x"]] != [len(s["x"]) for s in again if s["x"]]:
        raise AssertionError(strokes)


def bodies(data: bytes) -> None:
    """Any bytes as the body of a call: an answer or a problem."""
    response = _client.post("/api/v1/recognize", data=data, content_type="application/json")
    if response.status_code not in (200, 400, 422):
        raise AssertionError(response.get_data(as_text=True))


SEEDS: dict[str, list[bytes]] = {
    "pictures": [png_of(write("4"))],
    "files": [json.dumps({"strokes": _STROKES}).encode(), to_inkml([]).encode(), b"[[[1,2],[3,4]]]"],
    "inkml": [to_inkml([{"x": s["x"], "y": s["y"]} for s in _STROKES]).encode()],
    "bodies": [json.dumps({"strokes": _STROKES, "groups": [[0], [1]], "alternatives": 2}).encode()],
}
TARGETS: dict[str, Callable[[bytes], None]] = {
    "pictures": pictures,
    "files": files,
    "inkml": inkml,
    "bodies": bodies,
}

if __name__ == "__main__":
    import atheris

    target = TARGETS[sys.argv.pop(1)]
    atheris.instrument_func(target)
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()

"""No picture takes more than four times the memory of the largest that may be decoded, and none of it is kept."""

from __future__ import annotations

import platform
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from webapp.memory import _HOARD, _Hoard, _resident

ROOT = Path(__file__).resolve().parents[2]
SIDE = 4096
DECODED = SIDE * SIDE * 4
SENDER = """
import resource, sys
from webapp import create_app
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
client = create_app({"ACCESS_LOG": False, "RATE_LIMIT": "", "TIME_BUDGET": 300.0}).test_client()
send = lambda data: client.post("/api/v1/recognize", data=data, content_type="image/png").status_code
small = open(sys.argv[1], "rb").read()
send(small)
before = peak()
print(send(open(sys.argv[2], "rb").read()), peak() - before)
"""


def drawn() -> bytes:
    picture = np.full((SIDE, SIDE, 4), 255, np.uint8)
    cv2.line(picture, (100, 100), (4000, 4000), (0, 0, 0, 255), 30)
    picture[..., 3] = 255 - picture[..., 0]
    return cv2.imencode(".png", picture)[1].tobytes()


def slanted() -> bytes:
    """Long lines side by side: the box of each holds little else than what is not its own."""
    across = np.arange(SIDE) + np.arange(SIDE)[:, None]
    return cv2.imencode(".png", np.where(across % 64 < 2, 0, 255).astype(np.uint8))[1].tobytes()


def bomb(rows: int) -> bytes:
    """A PNG that claims 4096 × 4096 pixels of 64 bits, interlaced, and holds as many rows of them."""
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 16, 6, 0, 0, 1)
    packed = zlib.compress(bytes(rows * (8 * SIDE + 1)), 1)
    parts = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(("name", "status"), [("drawn", 200), ("slanted", 200), ("bomb", 422)])
def test_a_picture_takes_no_more_than_four_times_its_decoded_limit(tmp_path: Path, name: str, status: int) -> None:
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    small.write_bytes(cv2.imencode(".png", np.pad(np.zeros((60, 5), np.uint8), 9, constant_values=255))[1].tobytes())
    large.write_bytes({"drawn": drawn, "slanted": slanted, "bomb": lambda: bomb(100)}[name]())
    command = [sys.executable, "-c", SENDER, small, large]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    answered, grown = (int(word) for word in done.stdout.split())
    assert answered == status
    assert grown <= 4 * DECODED


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps memory so")
def test_what_a_dear_request_left_is_given_back() -> None:
    hoard = _Hoard()
    hoard.look()
    before = _resident()
    assert before is not None
    pieces = [bytearray(3000) for _ in range(80_000)]
    kept = pieces[::500]
    held = _resident()
    assert held is not None
    assert held > before + 2 * _HOARD
    del pieces
    hoard.look()
    after = _resident()
    assert after is not None
    assert after < before + _HOARD
    assert len(kept) == 160


def test_a_request_that_takes_little_gives_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    hoard, calls = _Hoard(), []
    monkeypatch.setattr("webapp.memory.ctypes.CDLL", calls.append)
    for _ in range(3):
        hoard.look()
    assert calls == []

"""Picture files: sizes from headers, ink from whatever differs from its background."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.reading.imagefile import PictureError, decode, picture_size

FORMATS = [".png", ".jpg", ".webp"]


def encoded(pixels: NDArray[np.generic], kind: str = ".png") -> bytes:
    return cv2.imencode(kind, pixels)[1].tobytes()


def stroke_on(paper: int, ink: int, channels: int = 3) -> NDArray[np.uint8]:
    pixels = np.full((40, 60, channels), paper, np.uint8)
    cv2.line(pixels, (10, 10), (45, 30), (ink,) * channels, 5)
    return pixels


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("size", [(1, 1), (17, 300), (640, 3)])
def test_the_size_is_in_the_header(kind: str, size: tuple[int, int]) -> None:
    data = encoded(np.zeros((size[1], size[0], 3), np.uint8), kind)
    assert picture_size(data) == size


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (0, 255), (230, 60), (20, 120)])
def test_dark_on_light_and_light_on_dark_are_ink_alike(kind: str, paper: int, ink: int) -> None:
    coverage = decode(encoded(stroke_on(paper, ink), kind))
    truth = stroke_on(0, 255)[..., 0] > 127
    assert ((coverage > 127) == truth).mean() > 0.98


def test_transparency_is_background_whatever_its_colour() -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    cv2.line(pixels, (10, 10), (45, 30), (0, 0, 0, 255), 5)
    assert ((decode(encoded(pixels)) > 127) == (pixels[..., 3] > 127)).all()


def test_colour_counts_as_difference() -> None:
    pixels = np.full((40, 60, 3), (200, 200, 200), np.uint8)
    pixels[10:14, 10:50] = (200, 30, 200)  # green alone differs
    assert (decode(encoded(pixels)) > 127).sum() == 160


def test_sixteen_bits_a_channel_and_grey_are_read() -> None:
    deep = stroke_on(0, 255)[..., 0].astype(np.uint16) * 257
    assert (decode(encoded(deep)) > 127).sum() > 100


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_picture_holds_no_ink(level: int) -> None:
    noise = np.random.default_rng(0).integers(-4, 5, (40, 60, 3))
    assert not decode(encoded(np.clip(level + noise, 0, 255).astype(np.uint8))).any()


def png_header(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


@pytest.mark.parametrize("size", [(60_000, 60_000), (4097, 10), (10, 4097), (0, 10), (10, 0)])
def test_bombs_and_empty_pictures_are_refused_from_the_header(size: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match="pixels"):
        decode(png_header(*size))


@pytest.mark.parametrize("kind", FORMATS)
def test_damage_is_refused(kind: str) -> None:
    data = encoded(stroke_on(255, 0), kind)
    with pytest.raises(PictureError):
        decode(data[:14])
    with pytest.raises(PictureError):
        decode(data[:24] + b"\x00" * 20)


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF0000WEBPVP8 "]))
def test_any_bytes_are_read_or_refused(body: bytes, start: bytes) -> None:
    try:
        coverage = decode(start + body)
    except PictureError:
        return
    assert coverage.ndim == 2


def test_a_jpeg_of_endless_scans_is_refused_unread() -> None:
    _, encoded_ = cv2.imencode(".jpg", stroke_on(255, 0), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    data = encoded_.tobytes()
    assert decode(data).any()
    last = data.rindex(b"\xff\xda")
    with pytest.raises(PictureError, match="scans"):
        decode(data[:last] + data[last:-2] * 100 + data[-2:])

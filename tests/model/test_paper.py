"""Photos of paper: shadows and ruled lines go, ink stays whole, and clean drawings stay as they are."""

from __future__ import annotations

import tracemalloc

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.benchmarks.photos import WEARS, measure_photos, photo
from model.benchmarks.specimens import write
from model.reading.imagefile import decode, pixels_of
from model.reading.paper import read_page
from model.reading.pictures import INK
from model.reading.recognizer import Recognizer
from model.reading.ruling import without_rules
from model.training.forms import png_of
from model.training.inkdata import InkSample


def sample(text: str) -> InkSample:
    return InkSample(text, "own", text, (), write(text))


def png(pixels: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


def painted(paper: int, ink: int, pen: int = 8) -> NDArray[np.uint8]:
    """A 47 on a page of 480 by 300."""
    page = np.full((300, 480, 3), paper, np.uint8)
    for stroke in write("47", height=160, left=60, top=60).strokes:
        cv2.polylines(page, [np.rint(stroke.points).astype(np.int32)], False, (ink,) * 3, pen, cv2.LINE_AA)
    return page


def found(coverage: NDArray[np.uint8], truth: NDArray[np.uint8]) -> tuple[float, float]:
    """(share of the true ink that was found, share of what was found that is true ink, give or take a pixel)."""
    ink, true = coverage >= INK, truth >= INK
    near = cv2.dilate(true.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return float((ink & true).sum() / true.sum()), float((ink & near).sum() / max(1, ink.sum()))


_STEM = np.where(np.arange(160) < 30, 0, 255).astype(np.uint8)


def pieces(coverage: NDArray[np.uint8]) -> int:
    """Connected pieces of ink that are no specks."""
    stats = cv2.connectedComponentsWithStats((coverage >= INK).astype(np.uint8))[2]
    return int((stats[1:, cv2.CC_STAT_AREA] >= 32).sum())


CLEAN: dict[str, bytes] = {
    "on nothing": png_of(write("2048")),
    "dark on light": png(painted(255, 0)),
    "light on dark": png(painted(20, 240)),
    "pale": png(painted(250, 150)),
    "a broad pen": png(painted(255, 0, pen=40)),
    "up to the edges": png(painted(255, 0)[55:225, 55:330]),
    "a tall bar from edge to edge": png(np.repeat(np.uint8([255, 0, 255]), [40, 20, 40])[None].repeat(200, 0)),
    "tiny": png(cv2.resize(painted(255, 0), (45, 28), interpolation=cv2.INTER_AREA)),
    "an E up to the edges": png(np.uint8([0, 255, 0, 255, 0]).repeat(40)[:, None].repeat(160, 1) & _STEM),
    "1111 up to the edges": png(np.uint8([0, 255] * 3 + [0]).repeat(40)[None].repeat(200, 0)),
    "blank": png(np.full((200, 300, 3), 255, np.uint8)),
    "a dash across": png(np.where(abs(np.arange(200)[:, None] - 90) < 5, 0, 255).astype(np.uint8).repeat(300, 1)),
}


@pytest.mark.parametrize("kind", CLEAN)
def test_a_clean_drawing_stays_as_it_is(kind: str) -> None:
    page = read_page(CLEAN[kind])
    assert page.scale == 1
    assert (page.coverage == decode(CLEAN[kind])).all()


@pytest.mark.parametrize(("paper", "ink"), [(240, 40), (40, 250)])
@pytest.mark.parametrize("darkest", [0.3, 0.6])
def test_a_shadow_is_taken_off_dark_and_light_ink(paper: int, ink: int, darkest: float) -> None:
    page = painted(paper, ink)
    light = np.linspace(1, darkest, page.shape[1])[None, :, None]
    light = np.where(np.arange(300)[:, None, None] > 150, light, 0.75 * light)
    light = cv2.GaussianBlur(np.repeat(light, 3, axis=2), (0, 0), 6)
    kept, true = found(read_page(png((page * light).astype(np.uint8))).coverage, decode(png(page)))
    assert kept > 0.9
    assert true > 0.97


@pytest.mark.parametrize("slope", [0.0, 0.09, -0.17])
@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("level", [60, 110, 200])
def test_ruled_lines_go_and_the_ink_stays_whole(slope: float, squared: bool, level: int) -> None:
    truth = decode(png(painted(255, 0)))
    lines = np.zeros_like(truth)
    for at in range(-120, 500, 52):
        cv2.line(lines, (0, at), (480, round(at + 480 * slope)), level, 2)
        if squared:
            cv2.line(lines, (at, 0), (round(at - 300 * slope), 300), level, 2)
    ruled = np.maximum(truth, lines)
    kept, true = found(without_rules(ruled), truth)
    assert kept > 0.98
    assert true > 0.97
    assert pieces(without_rules(ruled)) == pieces(truth) == 2


def test_without_lines_nothing_is_made_anew() -> None:
    truth = decode(png(painted(255, 0)))
    assert without_rules(truth) is truth


def test_a_large_photo_is_read_smaller() -> None:
    page = cv2.resize(painted(240, 40), (2400, 1500), interpolation=cv2.INTER_CUBIC)
    shaded = (page * np.linspace(1, 0.4, 2400)[None, :, None]).astype(np.uint8)
    read = read_page(png(shaded))
    assert max(read.coverage.shape) == 1600
    assert read.scale == pytest.approx(1600 / 2400)


def test_a_photo_is_turned_as_its_camera_was_held() -> None:
    jpeg = cv2.imencode(".jpg", painted(255, 0))[1].tobytes()
    rotated = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"  # orientation 6: a quarter turn
    exif = b"Exif\0\0" + rotated
    marked = jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]
    assert pixels_of(jpeg).shape[:2] == (300, 480)
    assert pixels_of(marked).shape[:2] == (480, 300)
    assert (pixels_of(marked) == np.rot90(pixels_of(jpeg), -1)).all()
    assert pixels_of(marked, by=2).shape[:2] == (240, 150)


def test_numbers_are_read_however_their_photo_is_worn(recognizer: Recognizer) -> None:
    drawn = [sample(text) for text in ("2048", "731", "96", "5")]
    outcomes = measure_photos(recognizer, drawn, "digits")
    assert list(outcomes) == list(WEARS)
    right = {wear: sum(outcome.exact for outcome in outcomes[wear]) for wear in WEARS}
    assert all(count >= 3 for count in right.values()), right


def test_a_photo_always_looks_the_same() -> None:
    assert photo(sample("47"), "all") == photo(sample("47"), "all")
    assert photo(sample("47"), "all") != photo(sample("48"), "all")


def test_empty_squared_paper_says_nothing() -> None:
    page = np.full((300, 480, 3), 240, np.uint8)
    page[20::40] = page[:, 20::40] = (200, 150, 120)
    assert not (read_page(png(page)).coverage >= INK).any()


def test_a_page_full_of_lines_takes_little_memory() -> None:
    grid = np.zeros((2000, 2000), np.uint8)
    grid[::70] = grid[:, ::70] = 255
    tracemalloc.start()
    try:
        without_rules(grid)
        assert tracemalloc.get_traced_memory()[1] < 16 * grid.size
    finally:
        tracemalloc.stop()


def test_a_huge_photo_is_decoded_small() -> None:
    page = cv2.resize(painted(255, 0), (3600, 2250), interpolation=cv2.INTER_CUBIC)
    _, data = cv2.imencode(".jpg", page)
    whole, half = read_page(png(page)), read_page(data.tobytes())
    assert (half.scale, half.coverage.shape) == (0.5, (1125, 1800))
    boxes = [np.array(cv2.boundingRect(np.uint8(p.coverage >= 102))) / p.scale for p in (whole, half)]
    assert boxes[0] == pytest.approx(boxes[1], abs=6)

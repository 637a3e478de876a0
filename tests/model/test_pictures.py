"""Pictures → Ink: the forms of one drawing give one ink."""

from __future__ import annotations

import numpy as np
import pytest
from canvases import canvas, png

from model.benchmarks.specimens import write
from model.reading.flat import ink_from_image
from model.reading.ink import Box
from model.reading.pictures import INK, Picture, PictureError, ink_from_frames, pen_width, stroke_from_picture
from model.training.forms import FORMS


@pytest.mark.parametrize("form", ["pictures", "frames"])
@pytest.mark.parametrize("text", ["2048", "1234567890"])
def test_strokes_come_back_where_and_when_they_were_drawn(form: str, text: str) -> None:
    drawn = write(text)
    seen = FORMS[form](drawn)
    assert [stroke.index for stroke in seen.strokes] == list(range(len(drawn.strokes)))
    assert [stroke.end for stroke in seen.strokes] == [stroke.end for stroke in drawn.strokes]
    origin = np.zeros(2)
    if form == "frames":  # frames begin at the canvas's corner, which the ink sets
        origin = np.floor(np.concatenate([s.points for s in drawn.strokes]).min(axis=0) - 10)
    for a, b in zip(drawn.strokes, seen.strokes, strict=True):
        true, found = Box.around(a.points), Box.around(b.points)
        assert found.x + origin[0] == pytest.approx(true.x, abs=5)
        assert found.right + origin[0] == pytest.approx(true.right, abs=5)
        assert found.bottom + origin[1] == pytest.approx(true.bottom, abs=5)


def test_a_picture_without_ink_is_no_stroke() -> None:
    assert stroke_from_picture(Picture(png(canvas()))) is None


def test_the_pixel_ratio_scales_back_to_the_canvas() -> None:
    stroke = stroke_from_picture(Picture(png(canvas(((20, 20), (120, 80)))), x=100, y=50), pixel_ratio=2)
    assert stroke is not None
    box = Box.around(stroke.points)
    assert (box.x, box.y) == (pytest.approx(110, abs=2), pytest.approx(60, abs=2))
    assert (box.right, box.bottom) == (pytest.approx(160, abs=2), pytest.approx(90, abs=2))


@pytest.mark.parametrize("width", [3, 5, 9, 15])
def test_the_pens_width_is_told_also_where_strokes_run_together(width: int) -> None:
    lines = ((20, 20), (180, 20)), ((20, 20 + width // 2), (180, 80)), ((100, 20), (100, 80)), ((20, 60), (180, 60))
    drawn = canvas(*lines, width=width)  # with soft edges, so a little wider
    assert pen_width(drawn >= INK) == pytest.approx(width + 1, abs=1.1)
    specks = np.random.default_rng(0).random(drawn.shape) < 0.003
    assert pen_width((drawn >= INK) | specks) == pytest.approx(width + 1, abs=1.1)
    assert pen_width(canvas() >= INK) == 0


def test_a_frame_without_new_ink_is_no_stroke() -> None:
    one, both = ((40, 10), (40, 90)), ((100, 10), (100, 90))
    frames = [canvas(), canvas(one), canvas(one), canvas(one, both), canvas(one, both)]
    ink = ink_from_frames([Picture(png(frame), end=i) for i, frame in enumerate(frames)])
    assert [stroke.index for stroke in ink.strokes] == [1, 3]
    assert [stroke.end for stroke in ink.strokes] == [1, 3]


def test_ink_hidden_under_an_earlier_stroke_is_restored() -> None:
    stem, bar = ((100, 10), (100, 90)), ((60, 50), (140, 55))
    ink = ink_from_frames([Picture(png(canvas(stem))), Picture(png(canvas(stem, bar)))])
    crossing = ink.strokes[1]
    assert len(crossing.paths) == 1
    box = Box.around(crossing.points)
    assert box.width == pytest.approx(80, abs=6)
    assert box.height < 12  # the stem did not come along


def test_a_stroke_along_an_earlier_one_comes_back_whole() -> None:
    # down beside the stem, two thirds of its width upon it, then away to the right
    stem, hook = ((100, 10), (100, 90)), [((102, 10), (102, 80)), ((102, 80), (150, 80))]
    ink = ink_from_frames([Picture(png(canvas(stem))), Picture(png(canvas(stem, *hook)))])
    along = ink.strokes[1]
    assert along.image is not None
    across = (along.image.coverage[: int(30 * along.image.pixel_ratio)] >= 102).sum(axis=1)
    assert np.median(across) == pytest.approx(along.image.pen * along.image.pixel_ratio, rel=0.35)
    assert len(along.paths) == 1
    box = Box.around(along.points)
    assert (box.width, box.height) == (pytest.approx(49, abs=5), pytest.approx(70, abs=5))


def test_a_frame_of_another_size_is_refused_by_its_index() -> None:
    with pytest.raises(PictureError, match="100 × 100") as caught:
        ink_from_frames([Picture(png(canvas())), Picture(png(canvas()[:, :100]))])
    assert caught.value.index == 1


def test_no_ink_in_any_form() -> None:
    assert ink_from_image(png(canvas())).strokes == ()
    assert ink_from_frames([]).strokes == ()

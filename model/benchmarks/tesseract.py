"""The same drawings through Tesseract, as a process and as a library: `python -m model bench tesseract`.

It reads print, not ink; it is the reader that most people would reach for first. It gets what suits it: dark ink on
white, a line's usual height, a margin, one line of text, and no characters but those asked for.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.benchmarks.serving_bodies import line
from model.benchmarks.suites import SUITES, load_suite
from model.reading.alphabet import CLASSES, AlphabetChoice, alphabet_mask
from model.reading.flat import ink_from_image
from model.reading.imagefile import decode
from model.reading.ink import Ink
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.training.forms import PIXEL_RATIO, png_of

Row = dict[str, Any]
Read = Callable[[Ink, AlphabetChoice], str]
"""What a reader makes of a drawing, and how it was told to read."""

_LINE = 7
"""Tesseract's page segmentation mode "a single line of text"."""
_HEIGHT = 32
"""Pixels of the drawing's height: of some sizes tried, the one at which Tesseract reads most."""
_PUBLISHED = {3: 433.0, 8: 1240.0}
"""Digits → ms of a request to system D, as measured on its own code (see the contract's reference systems)."""
_SETS = ("crohme-numbers", "unipen-words")


def compare(recognizer: Recognizer, data: Path, most: int) -> list[Row]:
    """Reads real drawings and drawn numbers with everything that can read here.

    Args:
        recognizer: Ours.
        data: Folder of ink files.
        most: Drawings of each set.

    Raises:
        ValueError: Tesseract is not installed.
    """
    if shutil.which("tesseract") is None:
        raise ValueError("there is no tesseract: install Debian's tesseract-ocr")
    with _library() as library:
        readers: dict[str, Read] = {
            "Glyphline, points": lambda ink, alphabet: recognizer.read(ink, Options(alphabet)).text,
            "Glyphline, flat image": lambda ink, alphabet: _image(recognizer, ink, alphabet),
            "Tesseract, library": library,
            "Tesseract, a process each": _process,
        }
        rows = []
        for name in _SETS:
            suite = SUITES[name]
            samples = [(sample.ink, sample.text) for sample in load_suite(data, suite, most)]
            rows += list(_rows(name, samples, suite.alphabet, readers))
        for digits, published in _PUBLISHED.items():
            drawn = [(line(digits), "20481357"[:digits])] * 8
            rows += list(_rows(f"{digits} digits", drawn, "digits", readers))
            rows.append({"set": f"{digits} digits", "reader": "system D", "n": "–", "exact": "–", "ms": published})
    return rows


def _rows(
    name: str, samples: Sequence[tuple[Ink, str]], alphabet: AlphabetChoice, readers: dict[str, Read]
) -> Iterator[Row]:
    for reader, read in readers.items():
        taken, right = [], 0
        for ink, text in tqdm(samples, desc=f"{name}: {reader}", unit="drawing", leave=False):
            began = time.perf_counter()
            right += read(ink, alphabet) == text
            taken.append(1e3 * (time.perf_counter() - began))
        yield {
            "set": name,
            "reader": reader,
            "n": len(samples),
            "exact": right / len(samples),
            "ms": statistics.median(taken),
        }


def _image(recognizer: Recognizer, ink: Ink, alphabet: AlphabetChoice) -> str:
    return recognizer.read(ink_from_image(png_of(ink), PIXEL_RATIO), Options(alphabet)).text


def _page(ink: Ink) -> NDArray[np.uint8]:
    """The drawing as Tesseract likes it: shape (h, w), 0 ink to 255 paper."""
    coverage = decode(png_of(ink))
    scale = _HEIGHT / coverage.shape[0]
    small = cv2.resize(coverage, (max(1, round(coverage.shape[1] * scale)), _HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(255 - cv2.copyMakeBorder(small, 16, 16, 16, 16, cv2.BORDER_CONSTANT, value=0), np.uint8)


def _characters(alphabet: AlphabetChoice) -> str:
    mask = alphabet_mask("alphanumeric" if alphabet == "auto" else alphabet)
    return "".join(char for char, allowed in zip(CLASSES, mask, strict=True) if allowed)


def _process(ink: Ink, alphabet: AlphabetChoice) -> str:
    command = ["tesseract", "stdin", "stdout", "--psm", str(_LINE)]
    command += ["-c", f"tessedit_char_whitelist={_characters(alphabet)}"]
    png = cv2.imencode(".png", _page(ink))[1].tobytes()
    done = subprocess.run(command, input=png, capture_output=True, check=True)  # noqa: S603 - Debian's
    return done.stdout.decode().strip()


@contextmanager
def _library() -> Iterator[Read]:
    """Tesseract's C interface, started once."""
    api = ctypes.CDLL(ctypes.util.find_library("tesseract") or "libtesseract.so.5")
    api.TessBaseAPICreate.restype = ctypes.c_void_p
    api.TessBaseAPIGetUTF8Text.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(api.TessBaseAPICreate())
    if api.TessBaseAPIInit3(handle, None, b"eng"):
        raise ValueError("Tesseract does not start: install Debian's tesseract-ocr-eng")
    api.TessBaseAPISetPageSegMode(handle, _LINE)

    def read(ink: Ink, alphabet: AlphabetChoice) -> str:
        page = np.ascontiguousarray(_page(ink))
        height, width = page.shape
        api.TessBaseAPISetVariable(handle, b"tessedit_char_whitelist", _characters(alphabet).encode())
        api.TessBaseAPISetImage(handle, page.ctypes.data_as(ctypes.c_void_p), width, height, 1, width)
        api.TessBaseAPISetSourceResolution(handle, 70)
        text = api.TessBaseAPIGetUTF8Text(handle)
        try:
            return (ctypes.string_at(text) or b"").decode().strip()
        finally:
            api.TessDeleteText(ctypes.c_void_p(text))

    try:
        yield read
    finally:
        api.TessBaseAPIEnd(handle)
        api.TessBaseAPIDelete(handle)


def draw(rows: Sequence[Row], path: Path) -> None:
    """Plots time and the share read exactly, one panel a set."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(row["set"] for row in rows))
    readers = list(dict.fromkeys(row["reader"] for row in rows))[::-1]
    figure, every = plt.subplots(1, len(names), sharey=True, figsize=(3.0 * len(names), 2.7), layout="constrained")
    for axes, name in zip(every, names, strict=True):
        for row in (row for row in rows if row["set"] == name):
            at, ms = readers.index(row["reader"]), row["ms"]
            axes.barh(at, ms, color="#0d6efd" if row["reader"].startswith("Glyphline") else "#8a8f94")
            exact = "" if row["exact"] == "–" else f", {100 * row['exact']:.0f} % right"
            axes.text(
                ms * 1.15, at, f"{ms:.0f} ms{exact}" if ms >= 10 else f"{ms:.1f} ms{exact}", va="center", fontsize=7
            )
        axes.set(xscale="log", title=name, xlabel="ms a drawing", xlim=(1, 200_000), yticks=range(len(readers)))
        axes.set_yticklabels(readers)
        axes.xaxis.set_major_formatter(lambda ms, _: f"{ms:g}")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=7)
    figure.savefig(path, dpi=110)
    plt.close(figure)

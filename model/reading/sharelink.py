"""A share link of the page → the request that the API takes. docs/share-links.md describes the format."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from model.reading.alphabet import AlphabetChoice

MARK = "#ink="
"""What a share link has before its ink."""

_VERSION = "1"
_ALPHABETS: tuple[AlphabetChoice, ...] = ("auto", "digits", "letters", "uppercase", "lowercase", "alphanumeric")
_TIMES, _FORCES, _WIDTH = 1, 2, 4
_CHECK = 4
_LONGEST_NUMBER = 8  # bytes; 56 bits hold every coordinate and time of the contract

_DAMAGED = "the link is damaged: perhaps it was cut off on its way"


def parse_share_link(link: str) -> dict[str, Any]:
    """The drawing in a share link.

    Args:
        link: The whole address, or its fragment from "#ink=" on.

    Returns:
        A request of the contract: "strokes" as columns of points (x and y in CSS pixels, t in ms, p from 0 to 1;
        t and p where the link has them), "alphabet", and "width" and "height" where they are known.

    Raises:
        ValueError: `link` has no ink, was made by a newer version, or is damaged.
    """
    _, mark, code = link.strip().partition(MARK)
    if not mark:
        raise ValueError(f"expected a link with {MARK!r} in it, got {link[:80]!r}")
    if code[:1] not in ("", _VERSION):
        raise ValueError(f"expected a share link of version {_VERSION}, got version {code[:1]!r}")
    body = _checked(code[1:])
    width, height, alphabet, count = (body.number() for _ in range(4))
    if alphabet >= len(_ALPHABETS):
        raise ValueError(_DAMAGED)
    strokes = _strokes(body, count)
    request: dict[str, Any] = {"strokes": strokes, "alphabet": _ALPHABETS[alphabet]}
    if width and height:
        request |= {"width": width, "height": height}
    return request


class _Body:
    """Takes numbers off the front of the bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def number(self) -> int:
        """Seven bits a byte, the lowest first; the highest bit of a byte says that more follow."""
        value = 0
        for place in range(_LONGEST_NUMBER):
            if self._at == len(self._data):
                break
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 127) << (7 * place)
            if byte < 128:
                return value
        raise ValueError(_DAMAGED)

    def steps(self, count: int, last: int) -> list[int]:
        """A column of whole numbers, each written as its distance from the one before; `last` stands before it."""
        column = []
        for _ in range(count):
            value = self.number()
            last += -(value + 1) // 2 if value % 2 else value // 2
            column.append(last)
        return column


def _checked(code: str) -> _Body:
    try:
        data = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(_DAMAGED) from None
    body, check = data[:-_CHECK], data[-_CHECK:]
    if len(data) <= _CHECK or zlib.crc32(body).to_bytes(_CHECK, "big") != check:
        raise ValueError(_DAMAGED)
    return _Body(body)


def _strokes(body: _Body, count: int) -> list[dict[str, list[float]]]:
    strokes: list[dict[str, list[float]]] = []
    x_last = y_last = t_last = 0
    for _ in range(count):
        flags, points = body.number(), body.number()
        if not 0 < points <= body.left // 2:  # a point takes two bytes at least
            raise ValueError(_DAMAGED)
        if flags & _WIDTH:
            body.number()  # the pen's width: the contract has no place for it
        x, y = body.steps(points, x_last), body.steps(points, y_last)
        x_last, y_last = x[-1], y[-1]
        stroke = {"x": [value / 10 for value in x], "y": [value / 10 for value in y]}
        if flags & _TIMES:
            t = body.steps(points, t_last)
            t_last = t[-1]
            stroke["t"] = [float(value) for value in t]
        if flags & _FORCES:
            stroke["p"] = [value / 100 for value in body.steps(points, 0)]
        strokes.append(stroke)
    if not strokes or body.left:
        raise ValueError(_DAMAGED)
    return strokes

"""W3C InkML (Recommendation of 20 September 2011): traces, their formats and channels, to and from strokes.

Read are traces wherever they stand, explicit values and first and second differences, the channels X, Y, T and F
(pressure) with their units, and formats by reference. Brushes, canvases and mappings tell nothing of what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast
from xml.etree import ElementTree

from model.formats.columns import Columns, FormatError, place, rows, timed

_NAMESPACE = "http://www.w3.org/2003/InkML"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_PIXELS = {"px": 1.0, "dev": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "pt": 96 / 72, "pc": 16.0}
_MILLISECONDS = {"s": 1000.0, "ms": 1.0, "us": 0.001}
_COLUMN = {"X": "x", "Y": "y", "T": "t", "F": "p"}

# a prefix that says how the value counts, and the value: decimal, hexadecimal, a truth, or none
_VALUE = re.compile(r"\s*([!'\"]?)\s*(-?#[0-9A-Fa-f]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[TF]|[*?])\s*")
_MOST_CHANNELS = 32


@dataclass(frozen=True)
class _Channel:
    name: str
    scale: float = 1.0


_PLAIN = (_Channel("X"), _Channel("Y"))


def from_inkml(data: bytes | str) -> list[Columns]:
    """Traces → strokes, in document order; those of a lifted pen are left out.

    Raises:
        FormatError: it is no InkML, or a trace does not fit its format.
    """
    root = parsed(data)
    formats = {node.get(_XML_ID, ""): _channels(node) for node in _all(root, "traceFormat")}
    contexts = {node.get(_XML_ID, ""): _context_format(node, formats) for node in _all(root, "context")}
    first = next(iter(formats.values()), _PLAIN)
    strokes: list[Columns] = []
    for trace in _all(root, "trace"):
        if trace.get("type", "penDown") == "penUp":
            continue
        channels = contexts.get(trace.get("contextRef", "").removeprefix("#")) or first
        stroke = _stroke(trace.text or "", channels, _decimal(trace.get("timeOffset"), "time offset"))
        if trace.get("continuation") in ("middle", "end") and strokes:
            _join(strokes[-1], stroke)
        else:
            strokes.append(stroke)
    return timed(strokes)


def truth(data: bytes | str) -> str | None:
    """What an annotation of type "truth" says was written; None without one. Raises as `from_inkml` does."""
    for node in _all(parsed(data), "annotation"):
        if node.get("type") == "truth" and node.text:
            return node.text.strip().strip("$").strip() or None
    return None


def parsed(data: bytes | str) -> ElementTree.Element:
    """The root element.

    Raises:
        FormatError: it is no InkML; one with a document type might name files, or grow without end.
    """
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        if "<!DOCTYPE" in text:
            raise FormatError("has a document type, which is not read")
        root = ElementTree.fromstring(text)  # noqa: S314  # without a document type there is nothing to expand or fetch
    except (ElementTree.ParseError, UnicodeDecodeError) as error:
        raise FormatError(f"is no XML: {error}") from error
    if root.tag.rpartition("}")[2] != "ink":
        raise FormatError("is XML, but no InkML")
    return root


def _all(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Elements of that name, whether or not the file names the namespace."""
    return (node for node in root.iter() if isinstance(node.tag, str) and node.tag.rpartition("}")[2] == name)


def _channels(node: ElementTree.Element) -> tuple[_Channel, ...]:
    found = []
    for channel in _all(node, "channel"):
        name, units = channel.get("name", ""), channel.get("units", "")
        scale = (_MILLISECONDS if name == "T" else _PIXELS).get(units, 1.0) if name in "XYT" else 1.0
        # InkML's own y runs down, like ours, unless the channel says otherwise
        found.append(_Channel(name, -scale if channel.get("orientation") == "-ve" else scale))
    names = [channel.name for channel in found]
    if not {"X", "Y"} <= set(names) or len(set(names)) < len(names) or len(names) > _MOST_CHANNELS:
        raise FormatError("has a trace format without one X and one Y")
    return tuple(found)


def _context_format(node: ElementTree.Element, formats: dict[str, tuple[_Channel, ...]]) -> tuple[_Channel, ...] | None:
    named = formats.get(node.get("traceFormatRef", "").removeprefix("#"))
    inside = next(_all(node, "traceFormat"), None)
    return named if inside is None else _channels(inside)


def _stroke(text: str, channels: Sequence[_Channel], offset: float) -> Columns:
    values: list[list[float]] = [[] for _ in channels]
    states = [_Running() for _ in channels]
    for point in text.split(","):
        if not point.strip():
            continue
        found = _tokens(point)
        if not 2 <= len(found) <= len(channels):
            raise FormatError(f"has a point of {len(found)} values, its format has {len(channels)} channels")
        for column, state, (prefix, value) in zip(values, states, found, strict=False):
            column.append(state.next(prefix, value))
    stroke = Columns(x=[], y=[])
    count = len(values[0])
    for channel, column in zip(channels, values, strict=True):
        name = _COLUMN.get(channel.name)
        if name in ("x", "y"):
            stroke[name] = [place(v * channel.scale, name) for v in column]  # type: ignore[literal-required]
        elif name is not None and count and len(column) == count:
            start = offset if name == "t" else 0.0
            stroke[name] = [v * channel.scale + start for v in column]  # type: ignore[literal-required]
    if len(stroke["x"]) != len(stroke["y"]):
        raise FormatError("has a trace with unequal X and Y")
    return stroke


def _tokens(point: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(point):
        match = _VALUE.match(point, at)
        if match is None:
            raise FormatError("has a trace with something that is no number")
        found.append((match[1], match[2]))
        at = match.end()
    return found


class _Running:
    """One channel along a trace: what its values count from."""

    def __init__(self) -> None:
        self._mode = "!"
        self._value = 0.0
        self._speed = 0.0

    def next(self, prefix: str, written: str) -> float:
        self._mode = prefix or self._mode
        if written in "*?":  # as before: the value, or the speed where differences are given
            if self._mode != "!":
                self._value += self._speed
            return self._value
        given = _decimal(written, "value")
        if self._mode == "!":
            self._speed, self._value = given - self._value, given
        else:
            self._speed = given if self._mode == "'" else self._speed + given
            self._value += self._speed
        return self._value


def _decimal(written: str | None, what: str) -> float:
    if not written:
        return 0.0
    if written in "TF":
        return float(written == "T")
    try:
        found = float(int(written.replace("#", ""), 16)) if "#" in written else float(written)
    except (ValueError, OverflowError) as error:
        raise FormatError(f"has a {what} that is no number") from error
    if not abs(found) <= 1e15:
        raise FormatError(f"has a {what} beyond all measure")
    return found


def _join(stroke: Columns, rest: Columns) -> None:
    held, more = cast(dict[str, list[float]], stroke), cast(dict[str, list[float]], rest)
    for name in held.keys() - more.keys():
        del held[name]
    for name in held:
        held[name] += more[name]


def to_inkml(strokes: Sequence[Columns]) -> str:
    """Strokes → a document of their own format: X and Y in px, T in ms and F where every stroke has them."""
    names = [name for name in "XYTF" if all(_COLUMN[name] in stroke for stroke in strokes)] if strokes else ["X", "Y"]
    ElementTree.register_namespace("", _NAMESPACE)
    root = ElementTree.Element(f"{{{_NAMESPACE}}}ink")
    described = ElementTree.SubElement(root, f"{{{_NAMESPACE}}}traceFormat")
    units = {"X": "px", "Y": "px", "T": "ms"}
    for name in names:
        more = {"units": units[name]} if name in units else {}
        ElementTree.SubElement(described, f"{{{_NAMESPACE}}}channel", {"name": name, "type": "decimal", **more})
    for stroke in strokes:
        points = (" ".join(_written(row[_COLUMN[name]]) for name in names) for row in rows(stroke))
        ElementTree.SubElement(root, f"{{{_NAMESPACE}}}trace").text = ", ".join(points)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _written(value: float) -> str:
    """A decimal: InkML knows no exponents."""
    plain = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain

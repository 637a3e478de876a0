"""What the classifier saw and said of each glyph, as cards."""

from __future__ import annotations

import base64

import cv2
import numpy as np
from numpy.typing import NDArray

from model.explaining.drawing import glyph_class, stroke_names, strokes_told
from model.explaining.explanation import PARTS, Explanation, Way, parts_of
from model.explaining.markup import element, number, percent, plain
from model.reading.alphabet import CLASSES

_TOP = 5
"""Classes shown of each glyph."""


def answer_cards(explanation: Explanation) -> str:
    """One card for each glyph of the answer."""
    cards = []
    path = explanation.answer.path.hypotheses
    for i, (h, label, glyph) in enumerate(zip(path, explanation.labels, explanation.trace.reading.glyphs, strict=True)):
        before = path[i - 1] if i else None
        sure = f"confidence {percent(glyph.confidence)}"
        cards.append(_card(explanation, explanation.answer, h, before, label, glyph_class(i, label), sure))
    return element("div", *cards, class_="cards")


def rival_cards(explanation: Explanation, position: int) -> str:
    """One card for each glyph of a rival that the answer has not; nothing where it is cut the same way."""
    rival, cards = explanation.rivals[position], []
    path = rival.way.path.hypotheses
    for i, (h, label) in enumerate(zip(path, rival.labels, strict=True)):
        if h not in explanation.answer.path.hypotheses:
            cards.append(_card(explanation, rival.way, h, path[i - 1] if i else None, label, "other", "in the rival"))
    return element("div", *cards, class_="cards") if cards else ""


def _card(
    explanation: Explanation, way: Way, index: int, before: int | None, label: str | None, kind: str, note: str
) -> str:
    trace = explanation.trace
    picture = element(
        "img", src=_data_url(trace.pictures[index]), alt="what the classifier saw", width=84, height=84, class_="seen"
    )
    head = element(
        "div",
        element("b", plain(label or "no character"), class_=f"read {kind}"),
        element("span", plain(note)),
        element("span", plain(strokes_told(trace.cuts.hypotheses[index], stroke_names(trace.ink)))),
        class_="about",
    )
    return element(
        "article",
        element("div", picture, head, class_="top"),
        _classes(explanation, way, index),
        _score(way, index, before),
        class_=f"card {kind}",
    )


def _classes(explanation: Explanation, way: Way, index: int) -> str:
    """The classifier's best classes as bars; those that the alphabet leaves out are pale."""
    scores = explanation.trace.scores
    probabilities = np.exp(scores.log_p[index])
    allowed = way.reader.lattice.characters
    rows = []
    for c in np.argsort(-probabilities)[:_TOP].tolist():
        rows.append((CLASSES[c], float(probabilities[c]), "" if CLASSES[c] in allowed else "outside"))
    rows.append(("junk", float(np.exp(scores.log_junk[index])), "junk"))
    return element("ul", *(_meter(name, p, kind) for name, p, kind in rows), class_="classes")


def _meter(name: str, probability: float, kind: str) -> str:
    bar = element("i", style=f"width: {100 * probability:.1f}%")
    return element(
        "li", element("b", plain(name)), element("span", bar, class_="meter"), element("span", percent(probability)),
        class_=kind,
    )  # fmt: skip


def _score(way: Way, index: int, before: int | None) -> str:
    """The parts of the glyph's log-score, folded away."""
    parts = {PARTS[part].name: value for part, value in parts_of(way.reader, index).items() if value}
    score = sum(parts.values())
    rows = [_term(name, value) for name, value in parts.items()]
    rows.append(element("tr", element("th", "score"), element("td", number(score)), class_="sum"))
    if before is not None:
        rows.append(_term("beside the one before", way.reader.lattice.beside(before, index)))
    return element("details", element("summary", f"score {number(score)}"), element("table", element("tbody", *rows)))


def _term(name: str, value: float) -> str:
    return element("tr", element("th", name), element("td", number(value)))


def _data_url(picture: NDArray[np.float32]) -> str:
    """As the classifier sees it: light ink on black."""
    png = cv2.imencode(".png", np.rint(picture * 255).astype(np.uint8))[1].tobytes()
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"

"""An explanation as one page: HTML and SVG that need nothing else, no script and no other file."""

from __future__ import annotations

from pathlib import Path

from model.explaining.chart import lattice_svg
from model.explaining.drawing import ink_svg
from model.explaining.explanation import Explanation
from model.explaining.glyphs import answer_cards
from model.explaining.markup import element, percent, plain
from model.explaining.verdict import legend, rival_section, texts_table, ways_table

_STYLE = Path(__file__).with_name("page.css")


def page(explanation: Explanation, name: str, model: str, written: str | None = None) -> str:
    """The page.

    Args:
        explanation: What is explained.
        name: What the drawing is called.
        model: Name and version of the model.
        written: What was written, where that is known.
    """
    reading = explanation.trace.reading
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", plain(f"{name}: why {reading.text!r}")),
        element("style", _STYLE.read_text(encoding="utf-8")),
    )
    kicker = element("p", plain(name), class_="kicker")
    title = element("header", kicker, _title(explanation), _facts(explanation, model, written))
    lattice = lattice_svg(explanation) + _folded("The best ways through", ways_table(explanation))
    rivals = texts_table(explanation) + "".join(_rivals(explanation)) + _folded("What the parts are", legend())
    body = element(
        "body",
        title,
        _section("The ink", _INK, ink_svg(explanation)),
        _section(f"The lattice, {reading.alphabet}", _LATTICE, lattice),
        _section("What the classifier saw", _SEEN, answer_cards(explanation)),
        _section("The runner-up, and why it lost", _RIVALS, rivals),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


_INK = "A colour and a box for each glyph, a number where each stroke begins; ink that is no character is hatched."
_LATTICE = (
    "Pieces of ink from left to right, and below them every hypothesis as a bar over the pieces that it takes, with "
    "what it would be read as and its log-score in nats. On top, in colour, the way that was read; outlined with "
    "dashes, the best other cut; the paler a bar, the worse. Point at a bar to see what its score is the sum of."
)
_SEEN = (
    "Each glyph as the 28\u00d728 picture that went into the net, its five best classes whatever the alphabet (struck "
    "out: not in it), and the probability of its being junk."
)
_RIVALS = (
    "What the answer and a rival share is left out; the rest of their log-scores stands side by side, in nats. Scores "
    "compare ways through the lattice; where both go the same way, the labels of the glyphs are compared."
)


def _title(explanation: Explanation) -> str:
    text = explanation.trace.reading.text
    return element("h1", element("q", plain(text)) if text else "Nothing to read")


def _facts(explanation: Explanation, model: str, written: str | None) -> str:
    """Options, model and times."""
    trace = explanation.trace
    reading, options = trace.reading, trace.options
    facts = [("confidence", percent(reading.confidence))]
    if written is not None:
        facts.append(("written", written))
    asked = "" if options.alphabet == reading.alphabet else f" (asked: {options.alphabet})"
    facts.append(("alphabet", f"{reading.alphabet}{asked}"))
    if options.lexicon is not None:
        facts.append(("words in the list", f"{len(options.lexicon):,}"))
    if options.groups is not None:
        facts.append(("groups", f"{len(options.groups)} given"))
    facts += [("model", model), ("time", f"{sum(reading.timing_ms.values()):.1f} ms")]
    facts += [(stage, f"{taken:.1f} ms") for stage, taken in reading.timing_ms.items()]
    pairs = (element("div", element("dt", plain(name)), element("dd", plain(value))) for name, value in facts)
    return element("dl", *pairs)


def _section(title: str, about: str, *content: str) -> str:
    return element("section", element("h2", plain(title)), element("p", plain(about), class_="note"), *content)


def _folded(title: str, content: str) -> str:
    return element("details", element("summary", plain(title)), content)


def _rivals(explanation: Explanation) -> list[str]:
    if not explanation.rivals:
        return [element("p", "Nothing else was in question.", class_="note")]
    return [rival_section(explanation, position) for position in range(len(explanation.rivals))]

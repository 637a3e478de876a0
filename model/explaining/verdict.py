"""Why the others lost: tables of what differs, and the same in words."""

from __future__ import annotations

from model.explaining.explanation import PARTS, Explanation, Rival, Row, Way
from model.explaining.glyphs import rival_cards
from model.explaining.markup import element, number, percent, plain, table

_WAYS = 6
"""Ways through the lattice that are listed."""

_SHOWN = 0.005
"""Log units from which a part can be seen in a table."""

_TOLD = 0.05
"""Log units from which a part is worth a word."""


def texts_table(explanation: Explanation) -> str:
    """The alternatives with their probabilities."""
    rows = [(_quoted(a.text), percent(a.confidence)) for a in explanation.trace.reading.alternatives]
    return table(("text", "probability"), rows)


def ways_table(explanation: Explanation) -> str:
    """The best ways through, with the parts of their scores summed up."""
    sums = [(way, _summed(way)) for way in explanation.ways[:_WAYS]]
    shown = [part for part in PARTS if any(abs(parts.get(part, 0.0)) >= _SHOWN for _, parts in sums)]
    heads = ("way", "alphabet", "score", *(PARTS[part].name for part in shown))
    rows = [
        (
            _quoted(way.text(explanation.labels if way is explanation.answer else way.labels())),
            way.reader.lattice.alphabet,
            element("b", number(way.score)),
            *(number(parts.get(part, 0.0)) for part in shown),
        )
        for way, parts in sums
    ]
    return table(heads, rows)


def legend() -> str:
    """What the parts of a score are."""
    pairs = (
        element("div", element("dt", plain(part.name)), element("dd", plain(part.about))) for part in PARTS.values()
    )
    return element("dl", *pairs, class_="legend")


def _summed(way: Way) -> dict[str, float]:
    parts: dict[str, float] = {}
    for (part, _), value in way.terms().items():
        parts[part] = parts.get(part, 0.0) + value
    return parts


def rival_section(explanation: Explanation, position: int) -> str:
    """A rival: how it differs, what settled it, the table of what differs, and what the classifier saw of it."""
    rival = explanation.rivals[position]
    rows = [
        (PARTS[row.part].name, number(row.answer), number(row.rival), _signed(row.difference))
        for row in rival.rows
        if max(abs(row.answer), abs(row.rival)) >= _SHOWN
    ]
    total = (element("b", "together"), *(element("b", cell) for cell in _totals(rival)))
    return element(
        "section",
        element("h3", f"{_quoted(rival.text)} {element('small', plain(_manner(explanation, rival)))}"),
        element("p", plain(in_words(rival))),
        table(("nats", "answer", "rival", "lead"), [*rows, total]),
        rival_cards(explanation, position),
        class_="rival",
    )


def _totals(rival: Rival) -> tuple[str, str, str]:
    sums = (sum(row.answer for row in rival.rows), sum(row.rival for row in rival.rows))
    return number(sums[0]), number(sums[1]), _signed(rival.lead)


def _manner(explanation: Explanation, rival: Rival) -> str:
    """In what it differs from the answer."""
    answer = explanation.answer
    kind = "" if rival.way.reader is answer.reader else f" as {rival.way.reader.lattice.alphabet}"
    if rival.way.path.hypotheses != answer.path.hypotheses:
        return f"cut otherwise{kind}"
    if rival.way is not answer:
        return f"the same glyphs{kind}"
    changed = sum(a != b for a, b in zip(explanation.labels, rival.labels, strict=True))
    return f"the same glyphs, {changed} of {len(rival.labels)} read otherwise"


def in_words(rival: Rival) -> str:
    """What settled it, the greatest part first, and what spoke against it."""
    ranked = sorted(rival.rows, key=lambda row: -abs(row.difference))
    kept = [row for row in ranked if abs(row.difference) >= _TOLD]
    decided, against = ([row for row in kept if (row.difference > 0) == wins] for wins in (True, False))
    told = [f"It lost by {number(rival.lead)} nats."]
    if decided:
        told.append(f"What settled it: {_listed(decided)}.")
    if against:
        told.append(f"What spoke for it: {_listed(against)}.")
    return " ".join(told)


def _listed(rows: list[Row]) -> str:
    first, *others = [f"{PARTS[row.part].name} {abs(row.difference):.1f}" for row in rows]
    return ", ".join([f"the {first} nats", *others])


def _signed(value: float) -> str:
    text = number(value)
    return f"+{text}" if value >= _SHOWN else text


def _quoted(text: str) -> str:
    """A text as markup, set off from what is said of it."""
    return element("q", plain(text))

"""Elements of a page that is HTML and well-formed XML at once."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

_VOID = frozenset({"img", "meta"})
"""HTML elements that must not be closed by a tag of their own."""

_UNWRITABLE = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold: word lists come from anywhere."""


def element(tag: str, /, *children: str, **attributes: object) -> str:
    """One element; children are markup, attributes plain: `class_` is class, `stroke_width` is stroke-width.

    >>> element("p", plain("a < b"), class_="note")
    '<p class="note">a &lt; b</p>'
    """
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{plain(str(v))}"' for key, v in attributes.items())
    return f"<{tag}{given}/>" if tag in _VOID else f"<{tag}{given}>{''.join(children)}</{tag}>"


def plain(text: str) -> str:
    """Text as markup."""
    return html.escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text))


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], caption: str = "") -> str:
    """A table whose cells are markup; the first cell of a row heads it."""
    head = element("tr", *(element("th", cell, scope="col") for cell in heads))
    body = [
        element("tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:])) for row in rows
    ]
    title = [element("caption", caption)] if caption else []
    return element(
        "div", element("table", *title, element("thead", head), element("tbody", *body)), class_="wide", tabindex=0
    )


def number(value: float, places: int = 2) -> str:
    """A signed log-score: a true minus, no minus before zero."""
    rounded = f"{value:.{places}f}"
    return rounded.lstrip("-") if not float(rounded) else rounded.replace("-", "\N{MINUS SIGN}")


def percent(probability: float) -> str:
    """A probability with a digit that tells: 99.97 % is not 100 %.

    >>> percent(0.99974), percent(0.5), percent(0.00001), percent(1.0)
    ('99.97 %', '50.0 %', '0.00 %', '100 %')
    """
    share = f"{100 * probability:.{1 if 0.0095 < probability < 0.9905 else 2}f}"
    return f"{share.removesuffix('.00') if probability > 0.5 else share} %"

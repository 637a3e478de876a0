"""What the shipped model is, and how well it reads, as recorded by `python -m model bench reading`."""

from __future__ import annotations

import json
from functools import cache

from model.reading.classify import WEIGHTS, Card
from webapp.schemas.answers import PublishedAccuracy

RECORD = WEIGHTS.parent / "benchmarks" / "reading.json"


def accuracy_of(checksum: str) -> list[PublishedAccuracy]:
    """What was recorded for the net of that SHA-256: nothing for any but the shipped one."""
    return list(_recorded()) if checksum == shipped().sha256 else []


@cache
def shipped() -> Card:
    """The card of the shipped model."""
    return Card.load(WEIGHTS)


@cache
def _recorded() -> tuple[PublishedAccuracy, ...]:
    if not RECORD.exists():  # an installation may leave the record out
        return ()
    rows = json.loads(RECORD.read_text(encoding="utf-8"))
    return tuple(
        PublishedAccuracy(set=row["set"], form=row["form"], drawings=row["n"], exact=row["exact"]) for row in rows
    )

"""How well the shipped model reads, as recorded by `python -m model bench reading`."""

from __future__ import annotations

import json
from functools import cache

from model.reading.classify import WEIGHTS, Card
from webapp.schemas.answers import PublishedAccuracy

RECORD = WEIGHTS.parent / "benchmarks" / "reading.json"


def accuracy_of(checksum: str) -> list[PublishedAccuracy]:
    """What was recorded for the net of that SHA-256: nothing for any but the shipped one."""
    return list(_recorded()) if checksum == _shipped() else []


@cache
def _shipped() -> str:
    return Card.load(WEIGHTS).sha256


@cache
def _recorded() -> tuple[PublishedAccuracy, ...]:
    if not RECORD.exists():  # an installation may leave the record out
        return ()
    rows = json.loads(RECORD.read_text(encoding="utf-8"))
    return tuple(
        PublishedAccuracy(set=row["set"], form=row["form"], drawings=row["n"], exact=row["exact"]) for row in rows
    )

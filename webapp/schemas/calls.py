"""What the calls besides recognize take: several drawings at once, and what should have been read."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, SkipValidation, ValidationInfo, field_validator, model_validator

from webapp.schemas.base import Strict, few_enough, limits_of
from webapp.schemas.drawings import Group, RecognizeRequest, check_groups


class BatchRequest(Strict):
    """Several drawings, read together; one that is refused does not keep the others from being read."""

    # each is validated alone, by the same schema, so that its faults are its own
    items: list[SkipValidation[RecognizeRequest]]
    """Each as the recognize call takes it."""

    @field_validator("items", mode="before")
    @classmethod
    def _few_enough(cls, items: object, info: ValidationInfo) -> object:
        return few_enough(items, limits_of(info).batch_items)


class CorrectionRequest(Strict):
    """What a drawing says indeed, to learn from."""

    request: RecognizeRequest
    """The drawing, as it was sent to be read."""
    text: Annotated[str, Field(min_length=1, max_length=1000)]
    """What it says, spaces and line breaks included."""
    groups: list[Group] | None = None
    """Which strokes (or frames) make up each glyph of that text, in reading order; those of request only say how it
    was read."""
    consent: bool
    """Whether whoever drew it agrees to its being stored; without that nothing is."""

    @model_validator(mode="after")
    def _groups_fit(self) -> Self:
        check_groups(self.groups, self.request)
        return self

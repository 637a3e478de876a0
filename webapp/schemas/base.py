"""What all schemas share: strictness, the limits in their context, and the plain kinds of values."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, ValidationInfo, WithJsonSchema

from webapp.config import Limits
from webapp.validation import PICTURE_TYPES, check_order, decode_data_url, fault

# Beyond these a float32 no longer tells neighbouring points apart, or a double neighbouring milliseconds.
FAR = 1e6
LATE = 1e15

PICTURE = "data:image/png;base64,iVBORw0KGgo…"
"""How a picture looks in an example."""


class Strict(BaseModel):
    """A schema that takes what it names and nothing else."""

    model_config = ConfigDict(
        strict=True, extra="forbid", allow_inf_nan=False, frozen=True, use_attribute_docstrings=True
    )


def _open(schema: dict[str, Any]) -> None:
    """Lets the published schema of an answer gain fields, as inside a version it may."""
    schema.pop("additionalProperties", None)


class Answering(Strict):
    """A schema of what is answered: made here of what it names, but published as open to additions."""

    model_config = ConfigDict(json_schema_extra=_open)


def limits_of(info: ValidationInfo) -> Limits:
    """The limits that a schema validates by: its context."""
    if not isinstance(info.context, Limits):
        raise TypeError(f"expected Limits as the validation context, got {info.context!r}")
    return info.context


def few_enough(entries: object, most: int) -> object:
    """`entries`, unless it is a list of more than `most`, which is a fault before any of them is looked at."""
    if isinstance(entries, list) and len(entries) > most:
        raise fault((), f"has {len(entries)} entries, at most {most} are read")
    return entries


Coordinate = Annotated[float, Field(ge=-FAR, le=FAR)]
Length = Annotated[float, Field(gt=0, le=FAR)]
Milliseconds = Annotated[float, Field(ge=-LATE, le=LATE)]
# One fault for each column is enough: a hostile body must not make a million.
Coordinates = Annotated[list[Coordinate], Field(fail_fast=True)]
Times = Annotated[list[Milliseconds], Field(fail_fast=True), AfterValidator(check_order)]
PictureData = Annotated[
    bytes,
    PlainValidator(decode_data_url),
    WithJsonSchema(
        {
            "type": "string",
            "format": "uri",
            "description": f"A picture as a data URL: {', '.join(PICTURE_TYPES)}.",
            "examples": [PICTURE],
        }
    ),
]
Probability = Annotated[float, Field(ge=0, le=1)]

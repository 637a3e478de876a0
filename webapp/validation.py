"""Tools of the schemas: checks that span several values, and pydantic's errors in the contract's words."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import quote

from pydantic import ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

Loc = tuple[int | str, ...]

PICTURE_TYPES = ("image/png", "image/jpeg", "image/webp")

_LONGEST_NAME = 100
_WORDS = {
    "extra_forbidden": "is not a known field",
    "finite_number": "must be a finite number",
    "missing": "is required",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "string_type": "must be a string",
    "string_unicode": "must be valid Unicode",
}


def fault(loc: Loc, detail: str) -> ValidationError:
    """The error to raise from a validator for something wrong at `loc`, seen from that validator's value."""
    custom = PydanticCustomError("drawing", "{detail}", {"detail": detail})
    line = InitErrorDetails(type=custom, loc=loc, input=None)
    return ValidationError.from_exception_data("request", [line])


def check_order(times: list[float]) -> list[float]:
    """Gives back `times`, ms.

    Raises:
        ValidationError: they run backward.
    """
    # sorted() of a sorted list is one quick pass in C; only a refused request pays for finding the place.
    if sorted(times) != times:
        at = next(i for i in range(1, len(times)) if times[i] < times[i - 1])
        raise fault((), f"runs backward at {at}: {times[at]:.15g} after {times[at - 1]:.15g}")
    return times


def check_word(word: str) -> str:
    """Gives back `word`.

    Raises:
        ValidationError: it has nothing but white space.
    """
    if not word.strip():
        raise fault((), "must have a character that is no white space")
    return word


def decode_data_url(value: object) -> bytes:
    """The bytes in a picture's data URL; bytes, which only a bare picture's body can be, pass as they are.

    Raises:
        ValidationError: `value` is something else.
    """
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise fault((), "must be a string")
    head, _, body = value.partition(",")
    if head.lower() not in {f"data:{kind};base64" for kind in PICTURE_TYPES}:
        raise fault((), f"must be a base64 data URL of one of {', '.join(PICTURE_TYPES)}")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise fault((), "is not valid base64") from None


def pointer(loc: Loc) -> str:
    """`loc` as a JSON pointer in a URI fragment (RFC 6901, section 6).

    >>> pointer(("strokes", 0, "y"))
    '#/strokes/0/y'
    """
    names = (str(part)[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1") for part in loc)
    return "#" + "".join(f"/{quote(name, safe='~', errors='replace')}" for name in names)


def in_words(error: ErrorDetails) -> str:
    """What is wrong, as the end of a sentence that begins with the place."""
    message = _WORDS.get(error["type"]) or error["msg"].removeprefix("Input ")
    return message[0].lower() + message[1:]

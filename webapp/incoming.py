"""One HTTP request → a validated one: JSON, a bare picture, or a form with one picture file."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from webapp.body import FORM, body_of, parsed
from webapp.config import Limits
from webapp.problems import InvalidRequest, refuse
from webapp.schemas.answers import Fault
from webapp.schemas.calls import BatchRequest, CorrectionRequest
from webapp.schemas.drawings import STROKE_FORMS, ReadOptions, RecognizeRequest
from webapp.validation import PICTURE_TYPES, Loc, in_words, pointer

JSON = "application/json"
LISTS = {"lexicon", "include"}
"""Options that hold several values."""

S = TypeVar("S", bound=BaseModel)


def read_request(request: Request, limits: Limits) -> RecognizeRequest:
    """The drawing in `request` and how to read it.

    Raises:
        BadRequest: the body is not JSON.
        RequestTimeout: it did not come in time.
        RequestEntityTooLarge: the body is larger than the setting MAX_CONTENT_LENGTH.
        UnsupportedMediaType: the body is neither JSON nor a picture.
        InvalidRequest: it is, but cannot be read.
    """
    if request.mimetype == JSON:
        return _validated(RecognizeRequest, _json(request, limits, limits.strokes, limits.points), limits)
    if request.mimetype in PICTURE_TYPES or request.mimetype == FORM:
        return _picture(_only_file(request, limits), request, limits)
    raise _wrong_type(request, JSON, *PICTURE_TYPES, FORM)


def read_batch(request: Request, limits: Limits) -> list[RecognizeRequest | InvalidRequest]:
    """The drawings in `request`, each validated alone; raises as `read_request` does where the whole is at fault."""
    if request.mimetype != JSON:
        raise _wrong_type(request, JSON)
    data = _json(request, limits, limits.batch_strokes, limits.batch_points)
    batch = _validated(BatchRequest, data, limits)
    items: list[RecognizeRequest | InvalidRequest] = []
    for index, item in enumerate(batch.items):
        try:
            items.append(_validated(RecognizeRequest, item, limits))
        except InvalidRequest as error:
            items.append(error.below(place_of(index)))
    read = [item for item in items if isinstance(item, RecognizeRequest)]
    for counts, most, what in (
        ([item.stroke_count for item in read], limits.batch_strokes, "strokes"),
        ([item.points for item in read], limits.batch_points, "points"),
    ):
        if sum(counts) > most:
            refuse("#/items", f"have {sum(counts)} {what} in all, at most {most} are read")
    return items


def place_of(item: int) -> str:
    """Where a drawing of a batch stands, a JSON pointer."""
    return pointer(("items", item))


def read_correction(request: Request, limits: Limits) -> CorrectionRequest:
    """The correction in `request`; raises as `read_request` does."""
    if request.mimetype != JSON:
        raise _wrong_type(request, JSON)
    return _validated(CorrectionRequest, _json(request, limits, limits.strokes, limits.points), limits)


def _json(request: Request, limits: Limits, strokes: int, points: int) -> Any:
    if request.args:
        refuse("#", "takes its options in the body, not in the query")
    return parsed(body_of(request, limits), strokes, points, limits.lexicon)


def _wrong_type(request: Request, *wanted: str) -> UnsupportedMediaType:
    return UnsupportedMediaType(f"expected {' or '.join(wanted)}, got {request.mimetype or 'no Content-Type'}")


def _validated(schema: type[S], data: Any, limits: Limits, *, strict: bool = True) -> S:
    try:
        return schema.model_validate(data, strict=strict, context=limits)
    except ValidationError as error:
        # The values themselves are not repeated: they may be large, and they are the caller's own.
        rows = error.errors(include_url=False, include_input=False, include_context=False)
        faults = [Fault(pointer=pointer(_in_body(row["loc"])), detail=in_words(row)) for row in rows]
        raise InvalidRequest(faults) from None


def _in_body(loc: Loc) -> Loc:
    """Without the name of the stroke's form, which pydantic puts after the stroke's index."""
    at = loc.index("strokes") if "strokes" in loc[:2] else len(loc)
    if loc[at + 2 : at + 3] and loc[at + 2] in STROKE_FORMS:
        return loc[: at + 2] + loc[at + 3 :]
    return loc


def _picture(data: bytes, request: Request, limits: Limits) -> RecognizeRequest:
    """A bare picture with the options of the query: lists there by repeating, or with commas."""
    asked: dict[str, Any] = {"image": data}
    for name, values in request.args.lists():
        if name not in ReadOptions.model_fields:
            refuse(pointer((name,)), "is not a known option of a picture")
        if name in LISTS:
            asked[name] = [entry for value in values for entry in value.split(",")]
        elif len(values) == 1:
            asked[name] = values[0]
        else:
            refuse(pointer((name,)), "stands in the query twice")
    return _validated(RecognizeRequest, asked, limits, strict=False)


def _only_file(request: Request, limits: Limits) -> bytes:
    data = body_of(request, limits)
    if request.mimetype != FORM:
        return data
    files = [file for _, values in request.files.lists() for file in values]
    if len(files) != 1:
        refuse("#", f"must hold exactly one file, got {len(files)}")
    for name in request.form:
        refuse(pointer((name,)), "is not read from a form: options go in the query")
    found: bytes = files[0].read()
    return found

"""One HTTP request → one `RecognizeRequest`: JSON, a bare picture, or a form with one picture file."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flask import Request
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge, UnsupportedMediaType

from webapp.config import Limits
from webapp.problems import InvalidRequest
from webapp.schemas import STROKE_FORMS, Fault, ReadOptions, RecognizeRequest
from webapp.validation import PICTURE_TYPES, Loc, in_words, pointer

_FORM = "multipart/form-data"
_LISTS = {"lexicon", "include"}
# More than any request needs, and little enough that parsing a hostile body stays within some 50 MB.
_MAX_MEMBERS = 32
_MAX_OTHER_VALUES = 20_000
_DEEP = 500


def read_request(request: Request, limits: Limits) -> RecognizeRequest:
    """The drawing in `request` and how to read it.

    Raises:
        BadRequest: the body is not JSON.
        RequestEntityTooLarge: the body is larger than the setting MAX_CONTENT_LENGTH.
        UnsupportedMediaType: the body is neither JSON nor a picture.
        InvalidRequest: it is, but cannot be read.
    """
    if request.mimetype == "application/json":
        if request.args:
            refuse("#", "takes its options in the body, not in the query")
        return _validated(_parsed(_body(request), limits), limits)
    if request.mimetype in PICTURE_TYPES or request.mimetype == _FORM:
        return _picture(_body(request), request, limits)
    wanted = ", ".join(("application/json", *PICTURE_TYPES, _FORM))
    raise UnsupportedMediaType(f"expected one of {wanted}, got {request.mimetype or 'no Content-Type'}")


def refuse(place: str, detail: str) -> NoReturn:
    """Refuses the request for one fault at `place`, a JSON pointer."""
    raise InvalidRequest([Fault(pointer=place, detail=detail)])


def _body(request: Request) -> bytes:
    try:
        data = _only_file(request) if request.mimetype == _FORM else request.get_data(cache=False)
        # A body sent in chunks does not say its length, and Werkzeug cuts it at the limit without a word.
        if request.environ.get("wsgi.input_terminated") and request.environ["wsgi.input"].read(1):
            raise RequestEntityTooLarge
    except HTTPException:
        raise
    except Exception as error:
        # each server has exceptions of its own for chunks that are none and for a caller that went away
        raise BadRequest("the body is cut off or malformed") from error
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(pairs) > _MAX_MEMBERS:
        refuse("#", f"holds an object with {len(pairs)} members, at most {_MAX_MEMBERS} are read")
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        refuse("#", f"holds an object that names {twice[:100]!r} twice")
    return members


def _opened(body: bytes) -> int:
    return body.count(b"[") + body.count(b"{")


def _parsed(body: bytes, limits: Limits) -> Any:
    # Counting bytes costs nothing and bounds what parsing may build: 8 MiB of "[],[],…" would take 200 MB.
    if _opened(body) > 6 * limits.strokes + _MAX_OTHER_VALUES:
        head = body[:65_536]
        if _opened(head) - head.count(b"]") - head.count(b"}") > _DEEP:
            raise BadRequest("the body is nested too deeply")
        refuse("#", f"holds more lists and objects than {limits.strokes} strokes need")
    if body.count(b",") > 4 * limits.points + limits.lexicon + _MAX_OTHER_VALUES:
        refuse("#", f"holds more values than {limits.points} points need")
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise BadRequest(f"the body is not UTF-8: {error.reason} at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise BadRequest(f"the body is not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise BadRequest("the body is nested too deeply") from None
    except ValueError:  # what is left: a whole number of thousands of digits
        refuse("#", "holds a number with too many digits")


def _validated(data: Any, limits: Limits, *, strict: bool = True) -> RecognizeRequest:
    try:
        return RecognizeRequest.model_validate(data, strict=strict, context=limits)
    except ValidationError as error:
        # The values themselves are not repeated: they may be large, and they are the caller's own.
        rows = error.errors(include_url=False, include_input=False, include_context=False)
        faults = [Fault(pointer=pointer(_in_body(row["loc"])), detail=in_words(row)) for row in rows]
        raise InvalidRequest(faults) from None


def _in_body(loc: Loc) -> Loc:
    """Without the name of the stroke's form, which pydantic puts after the stroke's index."""
    if loc[:1] == ("strokes",) and len(loc) > 2 and loc[2] in STROKE_FORMS:
        return loc[:2] + loc[3:]
    return loc


def _picture(data: bytes, request: Request, limits: Limits) -> RecognizeRequest:
    """A bare picture with the options of the query: lists there by repeating, or with commas."""
    asked: dict[str, Any] = {"image": data}
    for name, values in request.args.lists():
        if name not in ReadOptions.model_fields:
            refuse(pointer((name,)), "is not a known option of a picture")
        if name in _LISTS:
            asked[name] = [entry for value in values for entry in value.split(",")]
        elif len(values) == 1:
            asked[name] = values[0]
        else:
            refuse(pointer((name,)), "stands in the query twice")
    return _validated(asked, limits, strict=False)


def _only_file(request: Request) -> bytes:
    files = [file for _, values in request.files.lists() for file in values]
    if len(files) != 1:
        refuse("#", f"must hold exactly one file, got {len(files)}")
    for name in request.form:
        refuse(pointer((name,)), "is not read from a form: options go in the query")
    data: bytes = files[0].read()
    return data

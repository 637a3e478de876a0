"""The body of a request → its bytes, within reason; and those → JSON, within reason."""

from __future__ import annotations

import json
from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge, RequestTimeout

from webapp.config import Limits
from webapp.deadline import in_time
from webapp.problems import refuse

FORM = "multipart/form-data"
# More than any request needs, and little enough that parsing a hostile body stays within some 50 MB.
_MAX_MEMBERS = 32
_MAX_OTHER_VALUES = 20_000
_DEEP = 500


class InMemory(Request):
    """A request whose uploaded files never touch the disk: a body is small, and a drawing is nobody's to keep."""

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return BytesIO()


def body_of(request: Request, limits: Limits) -> bytes:
    """The body; a form's parts are parsed from it when they are asked for.

    Raises:
        BadRequest: it is cut off or malformed.
        RequestTimeout: it did not come in time.
        RequestEntityTooLarge: it is larger than the setting MAX_CONTENT_LENGTH.
    """
    with in_time(request, limits.send_seconds) as late:
        try:
            data: bytes = request.get_data(cache=request.mimetype == FORM)
            # A body sent in chunks does not say its length, and Werkzeug cuts it at the limit without a word.
            if request.environ.get("wsgi.input_terminated") and request.environ["wsgi.input"].read(1):
                raise RequestEntityTooLarge
        except HTTPException as error:
            if late.is_set():
                raise _late(limits) from error
            raise
        except Exception as error:
            # each server has exceptions of its own for chunks that are none and for a caller that went away
            raise _late(limits) if late.is_set() else BadRequest("the body is cut off or malformed") from error
        if late.is_set():
            raise _late(limits)
    return data


def _late(limits: Limits) -> RequestTimeout:
    return RequestTimeout(f"the body did not come within {limits.send_seconds:g} seconds")


def parsed(body: bytes, strokes: int, points: int, words: int) -> Any:
    """The JSON in `body`, which has room for so many strokes, points and words of a lexicon.

    Raises:
        BadRequest: it is not JSON.
        InvalidRequest: it is more than anything that would be read.
    """
    # Counting bytes costs nothing and bounds what parsing may build: 8 MiB of "[],[],…" would take 200 MB.
    if _opened(body) > 6 * strokes + _MAX_OTHER_VALUES:
        head = body[:65_536]
        if _opened(head) - head.count(b"]") - head.count(b"}") > _DEEP:
            raise BadRequest("the body is nested too deeply")
        refuse("#", f"holds more lists and objects than {strokes} strokes need")
    if body.count(b",") > 4 * points + words + _MAX_OTHER_VALUES:
        refuse("#", f"holds more values than {points} points need")
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


def _opened(body: bytes) -> int:
    return body.count(b"[") + body.count(b"{")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(pairs) > _MAX_MEMBERS:
        refuse("#", f"holds an object with {len(pairs)} members, at most {_MAX_MEMBERS} are read")
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        refuse("#", f"holds an object that names {twice[:100]!r} twice")
    return members

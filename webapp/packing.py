"""How the pages and their files are sent: without the comments of our scripts and styles, and compressed, each once.

There is no build step: what is in the repository is what runs, line for line. What stands in it for readers alone, a
fifth of the bytes after compression, stays there.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache

from flask import Response, request

from webapp.problems import is_api

_TEXTS = {"text/html", "text/css", "text/javascript", "image/svg+xml", "application/manifest+json"}
_CODE = {"text/css", "text/javascript"}
_VENDORED = "/vendor/"  # sent as published
_FILES = 128  # more than the pages have
_COMMENT = re.compile(r"^[ \t]*(?:/\*(?!!).*?\*/|//[^\n]*)", re.MULTILINE | re.DOTALL)
"""A comment with which a line begins; one that begins with an exclamation mark is a licence and stays."""


def without_comments(code: str) -> str:
    r"""JavaScript or CSS without the comments with which lines begin; every other line keeps its number.

    >>> without_comments("/** Says\n * a word. */\nsay(word); // aloud\n  // twice\n  /** @type {Word} */ let word;")
    '\n\nsay(word); // aloud\n\n let word;'
    """
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), code)


def pack(response: Response) -> Response:
    """The answer to the present request, made small if it is a page or a file of one; others as they are."""
    if is_api(request.path) or response.mimetype not in _TEXTS or response.status_code not in (200, 304):
        return response
    response.vary.add("Accept-Encoding")
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # it names the file, not the bytes that are sent of it
    if response.status_code == 304 or response.content_encoding:
        return response
    response.direct_passthrough = False  # a file, which is read here
    body = response.get_data()
    if response.mimetype in _CODE and _VENDORED not in request.path:
        body = _bare(body)
    if request.accept_encodings["gzip"] > 0:
        body = _small(body)
        response.content_encoding = "gzip"
    response.set_data(body)
    return response


@lru_cache(_FILES)
def _bare(code: bytes) -> bytes:
    return without_comments(code.decode()).encode()


@lru_cache(_FILES)
def _small(text: bytes) -> bytes:
    return gzip.compress(text, 9, mtime=0)

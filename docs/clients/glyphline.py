"""A client of Glyphline in Python's standard library alone (3.9 and later): copy it into your project.

python glyphline.py http://127.0.0.1:8000 drawing.json     # a body of the recognize call
python glyphline.py http://127.0.0.1:8000 drawing.png      # or a picture: PNG, JPEG, WebP
"""

from __future__ import annotations

import http.client
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"RIFF": "image/webp"}


class GlyphlineError(Exception):
    """The server refused: `problem` is RFC 9457, with a pointer to each fault in `problem.get("errors")`.

    `request_id` finds the call in the server's log.
    """

    def __init__(self, error: urllib.error.HTTPError) -> None:
        self.problem = _problem(error)
        self.request_id = error.headers.get("X-Request-ID")
        super().__init__(f"{self.problem['status']} {self.problem['title']}: {self.problem['detail']}")

    @property
    def again(self) -> bool:
        """Whether the same may be sent again: not where errors say what must change first."""
        return self.problem["status"] in (408, 429, 502, 503) and not self.problem.get("errors")


def _problem(error: urllib.error.HTTPError) -> dict[str, Any]:
    """What a refusal says; a proxy in between may answer with a page of its own."""
    plain = {"title": error.reason, "status": error.code, "detail": "this is no answer of Glyphline"}
    try:
        return {**plain, **json.load(error), "status": error.code}
    except (ValueError, TypeError):
        return plain


class Glyphline:
    """Calls one server, for example Glyphline("http://127.0.0.1:8000").read(strokes)["text"]."""

    def __init__(self, address: str, timeout: float = 20.0, attempts: int = 4) -> None:
        self.api = address.rstrip("/") + "/api/v1/"
        self.timeout = timeout
        self.attempts = attempts

    def read(self, strokes: list[dict[str, list[float]]], **options: Any) -> dict[str, Any]:
        """Reads strokes of points, {"x": [...], "y": [...], "t": [...]}; options as alphabet="digits"."""
        return self._post("recognize", json.dumps({"strokes": strokes, **options}).encode(), "application/json")

    def read_picture(self, picture: bytes, **options: Any) -> dict[str, Any]:
        """Reads the bytes of a PNG, JPEG or WebP file; lists among the options are joined by commas."""
        kind = next((kind for start, kind in PICTURES.items() if picture.startswith(start)), "image/png")
        query = {name: ",".join(value) if isinstance(value, list) else value for name, value in options.items()}
        return self._post("recognize?" + urllib.parse.urlencode(query), picture, kind)

    def read_many(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Reads up to 64 drawings in one call: for each an answer, or a problem, which has a "status"."""
        body = json.dumps({"items": requests}).encode()
        results: list[dict[str, Any]] = self._post("recognize/batch", body, "application/json")["results"]
        return results

    def _post(self, call: str, body: bytes, kind: str) -> dict[str, Any]:
        """Reading stores nothing, so it is simply asked again where the server has no time or cannot be reached."""
        for attempt in range(1, self.attempts + 1):
            request = urllib.request.Request(self.api + call, body, {"Content-Type": kind})  # noqa: S310
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as response:  # noqa: S310
                    answer: dict[str, Any] = json.load(response)
                    return answer
            except urllib.error.HTTPError as error:
                refused = GlyphlineError(error)
                if not refused.again or attempt == self.attempts:
                    raise refused from None
                time.sleep(_seconds(error.headers.get("Retry-After")))
            except (OSError, http.client.HTTPException):
                if attempt == self.attempts:
                    raise
                time.sleep(2**attempt / 4)
        raise AssertionError("unreachable")


def _seconds(header: str | None) -> float:
    return float(header) if header and header.isdecimal() else 1.0


def main(address: str, path: str) -> None:
    """Reads one file and prints what it says."""
    data = Path(path).read_bytes()
    server = Glyphline(address)
    is_json = data.lstrip().startswith(b"{")
    answer = server.read(**json.loads(data)) if is_json else server.read_picture(data)
    print(answer["text"])
    for glyph in answer["glyphs"]:
        print(f"  {glyph['char'] or 'no character'}  {glyph['confidence']:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])

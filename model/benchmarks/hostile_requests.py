"""Requests that nobody should send: malformed, mutated, oversized and half-sent, the same ones for the same seed."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np

from model.benchmarks.hostile_values import bomb, dear, far_too_many, mutated, replaced
from model.benchmarks.specimens import write
from model.training.forms import png_of

RECOGNIZE = "/api/v1/recognize"
BATCH = "/api/v1/recognize/batch"
CORRECTIONS = "/api/v1/corrections"
_CALLS = (RECOGNIZE, RECOGNIZE, RECOGNIZE, BATCH, CORRECTIONS)


@dataclass(frozen=True)
class Hostile:
    """One request.

    Attributes:
        kind: What is wrong with it.
        method: GET, POST or any word.
        path: With its query.
        body: As sent.
        headers: Beside Host and Content-Length.
        raw: Bytes to send as they are, in place of all that; b"" where there are none.
    """

    kind: str
    method: str = "POST"
    path: str = RECOGNIZE
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""


def hostile_requests(seed: int = 0) -> Iterator[Hostile]:
    """Requests without end: most are cheap to refuse, one in some hundred is as dear as the limits allow."""
    makers = _Makers(random.Random(seed))  # noqa: S311  # repeatable, not secret
    kinds, weights = zip(*makers.kinds.items(), strict=True)
    while True:
        maker = makers.random.choices(kinds, [weight for weight, _ in weights])[0]
        yield makers.kinds[maker][1]()


def data_url(data: bytes, kind: str = "image/png") -> str:
    """A data URL."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


class _Makers:
    """Makes each kind of request."""

    def __init__(self, source: random.Random):
        self.random = source
        self._pictures = [(png_of(write("47")), "png")]
        for kind in ("jpg", "webp"):
            drawn = np.asarray(cv2.imdecode(np.frombuffer(self._pictures[0][0], np.uint8), cv2.IMREAD_COLOR))
            self._pictures.append((cv2.imencode(f".{kind}", drawn)[1].tobytes(), kind.replace("jpg", "jpeg")))
        strokes = write("2048").strokes
        self._drawing = {
            "strokes": [{"x": s.points[:, 0].round(1).tolist(), "y": s.points[:, 1].round(1).tolist()} for s in strokes]
        }
        self.kinds: dict[str, tuple[float, Callable[[], Hostile]]] = {
            "a good drawing": (8, lambda: self._json("a good drawing", self._drawing)),
            "a field replaced": (22, self._replaced),
            "bytes of JSON mutated": (16, self._mutated_json),
            "a hostile number": (8, self._number),
            "a picture mutated": (14, self._mutated_picture),
            "a picture bomb": (6, self._bomb),
            "a picture of another kind": (4, self._other_picture),
            "deep nesting": (2, self._deep),
            "far too many values": (0.3, self._many),
            "as much as is allowed": (0.1, self._dear),
            "a form": (4, self._form),
            "a query": (4, self._query),
            "another type, method or path": (6, self._elsewhere),
            "broken HTTP": (4, self._broken_http),
            "cut off": (2, self._cut_off),
        }

    def _json(self, kind: str, value: Any, path: str = RECOGNIZE) -> Hostile:
        body = json.dumps(value, ensure_ascii=self.random.random() < 0.9).encode("utf-8", "surrogatepass")
        return Hostile(kind, path=path, body=body, headers={"Content-Type": "application/json"})

    def _wrapped(self, drawing: Any) -> tuple[Any, str]:
        path = self.random.choice(_CALLS)
        if path == BATCH:
            return {"items": [drawing] * self.random.choice((1, 2, 65))}, path
        if path == CORRECTIONS:
            return {"request": drawing, "text": "2048", "consent": self.random.choice((True, False, 1, None))}, path
        return drawing, path

    def _body(self) -> dict[str, Any]:
        """A good body of any form."""
        picture = data_url(*self._named(self.random.choice(self._pictures)))
        made: dict[str, Any] = self.random.choice(
            (
                self._drawing,
                {"image": picture},
                {"frames": [{"image": picture, "t": 5}, {"image": picture, "t": 9}]},
                {
                    "strokes": [
                        {"image": picture, "x": 3, "y": 4, "t": [0, 9]},
                        {"x": [1, 2], "y": [3, 4], "t": [9, 10]},
                    ]
                },
            )
        )
        options = {"alphabet": "auto", "alternatives": 3, "pixel_ratio": 1, "include": ["pictures"], "lexicon": ["a"]}
        chosen = self.random.sample(sorted(options), self.random.randrange(3))
        return json.loads(json.dumps({**made, **{name: options[name] for name in chosen}}))  # type: ignore[no-any-return]

    @staticmethod
    def _named(picture: tuple[bytes, str]) -> tuple[bytes, str]:
        return picture[0], f"image/{picture[1]}"

    def _replaced(self) -> Hostile:
        value: Any = self._body()
        for _ in range(self.random.randrange(1, 3)):
            replaced(value, self.random)
        return self._json("a field replaced", *self._wrapped(value))

    def _mutated_json(self) -> Hostile:
        value, path = self._wrapped(self._body())
        made = self._json("", value, path)
        return Hostile("bytes of JSON mutated", path=path, body=mutated(made.body, self.random), headers=made.headers)

    def _number(self) -> Hostile:
        number = self.random.choice(("NaN", "-Infinity", "1e999", "-1e999", "9" * 5000, "1e-400", "-0", "0x10", "01"))
        name = self.random.choice(("x", "y", "t", "p"))
        columns = {"x": "1, 2", "y": "1, 2", name: f"{number}, 1"}
        body = ", ".join(f'"{key}": [{values}]' for key, values in columns.items())
        made = self._json("", {})
        return Hostile("a hostile number", body=f'{{"strokes": [{{{body}}}]}}'.encode(), headers=made.headers)

    def _mutated_picture(self) -> Hostile:
        data, kind = self.random.choice(self._pictures)
        changed = mutated(data, self.random) if self.random.random() < 0.7 else data[: self.random.randrange(len(data))]
        if self.random.random() < 0.5:
            wrong = self.random.choice(("png", "jpeg", "webp"))
            return Hostile("a picture mutated", body=changed, headers={"Content-Type": f"image/{wrong}"})
        return self._json("a picture mutated", *self._wrapped({"image": data_url(changed, f"image/{kind}")}))

    def _bomb(self) -> Hostile:
        return self._json("a picture bomb", *self._wrapped({"image": data_url(bomb(self.random))}))

    def _other_picture(self) -> Hostile:
        data = self.random.choice(
            (b"GIF89a\x01\0\x01\0\0\0\0;", b"BM" + bytes(60), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7")
        )
        kind = self.random.choice(("image/png", "image/gif", "image/svg+xml", "text/html", "application/pdf"))
        if self.random.random() < 0.5:
            return Hostile("a picture of another kind", body=data, headers={"Content-Type": kind})
        return self._json("a picture of another kind", *self._wrapped({"image": data_url(data, kind)}))

    def _deep(self) -> Hostile:
        depth = self.random.choice((100, 600, 5_000, 100_000))
        opening, closing = self.random.choice(((b"[", b"]"), (b'{"strokes":', b"}"), (b'{"a":[', b"]}")))
        body = opening * depth + self.random.choice((b"", b"1")) + closing * self.random.choice((0, depth))
        return Hostile("deep nesting", body=body, headers={"Content-Type": "application/json"})

    def _many(self) -> Hostile:
        return self._json("far too many values", far_too_many(self.random))

    def _dear(self) -> Hostile:
        made = dear(self.random)
        return self._json("as much as is allowed", {"image": data_url(made)} if isinstance(made, bytes) else made)

    def _form(self) -> Hostile:
        data, kind = self.random.choice(self._pictures)
        part = b'Content-Disposition: form-data; name="a"; filename="a.png"\r\nContent-Type: image/' + kind.encode()
        field_ = b'Content-Disposition: form-data; name="alphabet"\r\n\r\ndigits'
        parts = self.random.choice(([part + b"\r\n\r\n" + data], [part + b"\r\n\r\n" + data] * 2, [field_], []))
        body = b"".join(b"--frontier\r\n" + one + b"\r\n" for one in parts) + self.random.choice(
            (b"--frontier--\r\n", b"")
        )
        if self.random.random() < 0.5:
            body = mutated(body, self.random) if body else b"--"
        boundary = self.random.choice(("; boundary=frontier", "; boundary=frontier", "", "; boundary=", "; boundary=x"))
        return Hostile("a form", body=body, headers={"Content-Type": f"multipart/form-data{boundary}"})

    def _query(self) -> Hostile:
        names = (
            "alphabet",
            "alternatives",
            "pixel_ratio",
            "width",
            "lexicon",
            "include",
            "image",
            "strokes",
            "x",
            "%00",
        )
        values = ("digits", "auto", "3", "-1", "nan", "1e999", "true", "", "a,b", "%ff%fe", "%", "pictures", "9" * 300)
        query = "&".join(
            f"{self.random.choice(names)}={self.random.choice(values)}" for _ in range(self.random.randrange(1, 5))
        )
        data, kind = self._named(self.random.choice(self._pictures))
        return Hostile("a query", path=f"{RECOGNIZE}?{query}", body=data, headers={"Content-Type": kind})

    def _elsewhere(self) -> Hostile:
        kind = self.random.choice(("text/plain", "", "application/x-www-form-urlencoded", "\x80", "a" * 4000))
        path = self.random.choice(
            (
                RECOGNIZE,
                BATCH,
                CORRECTIONS,
                "/api",
                "/api/v1/none",
                "/api/v1/model",
                "/api/../etc",
                "/api/%2e%2e/%00",
                "//api",
            )
        )
        method = self.random.choice(("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "TRACE", "BREW"))
        headers = {"Content-Type": kind, "Origin": "null", "X-Request-ID": self.random.choice(("a", "é", "a" * 5000))}
        return Hostile("another type, method or path", method, path, b"{}", headers)

    def _broken_http(self) -> Hostile:
        head = b"POST /api/v1/recognize HTTP/1.1\r\nHost: h\r\n"
        raw = self.random.choice(
            (
                b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01" + bytes(50),
                head + b"Content-Length: -1\r\n\r\n", head + b"Content-Length: 1e3\r\n\r\n",
                head + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc", head + b"No colon here\r\n\r\n",
                head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
                head + b"Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                head + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
                head + b"X: " + b"a" * 20_000 + b"\r\n\r\n", b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n",
                head + b"Expect: 100-continue\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}",
                self.random.randbytes(200) + b"\r\n\r\n",
            )
        )  # fmt: skip
        return Hostile("broken HTTP", raw=raw)

    def _cut_off(self) -> Hostile:
        body = json.dumps(self._drawing).encode()
        head = f"POST {RECOGNIZE} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(body)}\r\n\r\n"
        return Hostile("cut off", raw=(head.encode() + body)[: self.random.randrange(20, len(head) + len(body))])

"""Calls and pictures that several tests need."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient
from numpy.typing import NDArray
from werkzeug.test import TestResponse

RECOGNIZE = "/api/v1/recognize"


def post(client: FlaskClient, body: Any, **more: Any) -> TestResponse:
    """Sends `body` as JSON; bytes go as they are."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(RECOGNIZE, data=data, content_type="application/json", **more)


def problem(response: TestResponse, status: int) -> dict[str, Any]:
    """The problem in `response`, after checking what every problem has."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    body = response.get_json(force=True)
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == response.request.path
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Request-ID"]
    return body


def faults(response: TestResponse) -> dict[str, str]:
    """Pointer → detail of a 422."""
    return {fault["pointer"]: fault["detail"] for fault in problem(response, 422)["errors"]}


def strict_json(data: bytes) -> Any:
    """Parses JSON; NaN and infinities are none."""
    return json.loads(data, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def paint(
    ways: Sequence[NDArray[np.float64]], size: tuple[int, int] = (700, 250), scale: float = 1.0
) -> NDArray[np.uint8]:
    """Draws lines with a 5-px pen: black on white, shape (h, w), uint8."""
    picture = np.full((round(size[1] * scale), round(size[0] * scale)), 255, np.uint8)
    for way in ways:
        points = np.rint(way * scale * 16).astype(np.int32)
        cv2.polylines(picture, [points], False, 0, max(1, round(5 * scale)), cv2.LINE_AA, 4)
    return picture


def encoded(picture: NDArray[np.uint8], kind: str = "png") -> bytes:
    """An image file."""
    done, data = cv2.imencode(f".{kind}", picture)
    assert done
    return data.tobytes()


def data_url(data: bytes, media_type: str = "image/png") -> str:
    """A data URL."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def columns(way: NDArray[np.float64], begin: float = 0.0) -> dict[str, list[float]]:
    """A line as a stroke of points, 8 ms apart from `begin`."""
    x, y = way.T
    return {"x": x.tolist(), "y": y.tolist(), "t": [begin + 8.0 * i for i in range(len(way))]}

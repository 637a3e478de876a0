"""What the document and its page show: a drawing that anyone may send, and what comes of it."""

from __future__ import annotations

from typing import Any

from webapp.published import shipped

DRAWING: dict[str, Any] = {
    "strokes": [
        {"x": [20, 20, 22, 21, 20], "y": [20, 35, 50, 65, 80], "t": [0, 30, 60, 90, 120]},
        {
            "x": [50, 58, 70, 84, 90, 86, 80, 74, 68],
            "y": [22, 21, 21, 20, 21, 35, 50, 66, 82],
            "t": [400, 420, 440, 460, 480, 500, 520, 540, 560],
        },
    ],
    "alphabet": "digits",
}
"""A 1 and a 7."""

BATCH: dict[str, Any] = {"items": [DRAWING, {"strokes": [{"x": [20, 22, 20], "y": [20, 50]}]}]}

CORRECTION: dict[str, Any] = {"request": DRAWING, "text": "17", "groups": [[0], [1]], "consent": True}

ANSWER: dict[str, Any] = {
    "text": "17",
    "confidence": 0.97,
    "alternatives": [{"text": "17", "confidence": 0.97}, {"text": "11", "confidence": 0.02}],
    "glyphs": [
        {
            "char": "1",
            "confidence": 0.99,
            "alternatives": [{"char": "1", "confidence": 0.99}, {"char": "7", "confidence": 0.005}],
            "box": {"x": 20, "y": 20, "width": 2, "height": 60},
            "line": 0,
            "word": 0,
            "strokes": [0],
            "parts": [{"stroke": 0, "begin": 0, "end": 5}],
            "start": 0,
            "end": 120,
        },
        {
            "char": "7",
            "confidence": 0.98,
            "alternatives": [{"char": "7", "confidence": 0.98}, {"char": "1", "confidence": 0.015}],
            "box": {"x": 50, "y": 20, "width": 40, "height": 62},
            "line": 0,
            "word": 0,
            "strokes": [1],
            "parts": [{"stroke": 1, "begin": 0, "end": 9}],
            "start": 400,
            "end": 560,
        },
    ],
    "alphabet": "digits",
    "model": {"name": shipped().name, "version": shipped().version},
    "timing_ms": {"decode": 0.2, "segment": 0.3, "normalize": 0.6, "classify": 0.7, "text": 0.9, "total": 2.9},
}

PROBLEM: dict[str, Any] = {
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "#/strokes/0/y has 3 values, x has 4",
    "instance": "/api/v1/recognize",
    "errors": [{"pointer": "#/strokes/0/y", "detail": "has 3 values, x has 4"}],
}

BATCH_ANSWER: dict[str, Any] = {
    "results": [
        ANSWER,
        {
            **PROBLEM,
            "detail": "#/items/1/strokes/0/y has 2 values, x has 3",
            "instance": "/api/v1/recognize/batch",
            "errors": [{"pointer": "#/items/1/strokes/0/y", "detail": "has 2 values, x has 3"}],
        },
    ]
}
"""What comes of `BATCH`."""

"""The page at /docs: the calls, their fields and examples, made of the OpenAPI document, with a form to try them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, render_template

from webapp.config import limits
from webapp.examples import PROBLEM
from webapp.openapi import document

CLIENTS = (
    ("curl", "curl.sh"),
    ("Python", "glyphline.py"),
    ("JavaScript", "glyphline.js"),
    ("Kotlin, Android", "android/Glyphline.kt"),
    ("Kotlin, from ML Kit's ink", "android/MlKitInk.kt"),
    ("Swift, iOS", "ios/Glyphline.swift"),
    ("Swift, from PencilKit", "ios/PencilKitInk.swift"),
)
"""Clients to copy, and where they stand below docs/clients."""

Words = list[tuple[str, str | None]]
"""A type in words: pieces of text, each perhaps the name of a schema to link to."""

_blueprint = Blueprint("docs", __name__)


@dataclass(frozen=True)
class Field:
    """One field of a schema, for its table."""

    name: str
    kind: Words
    required: bool
    about: str


def init_app(app: Flask) -> None:
    """Adds the page at /docs."""
    app.register_blueprint(_blueprint)


@_blueprint.get("/docs")
def docs() -> str:
    """The page for developers."""
    described: dict[str, Any] = json.loads(document(limits()))
    schemas = described["components"]["schemas"]
    return render_template(
        "docs.html",
        document=described,
        calls=list(_calls(described)),
        schemas={name: (schema, fields_of(schema)) for name, schema in schemas.items()},
        limits=limits(),
        clients=_clients(Path(current_app.root_path).parent / "docs" / "clients"),
        problem=PROBLEM,
        pretty=_pretty,
    )


def _calls(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each call with what its request and its answer are and look like."""
    for path, methods in described["paths"].items():
        for method, call in methods.items():
            asked = call.get("requestBody", {}).get("content", {})
            answer = next(iter(call["responses"].values()))["content"]["application/json"]
            yield {
                **call,
                "path": path,
                "method": method.upper(),
                "options": [p for p in call["parameters"] if p["in"] == "query"],
                "types": list(asked),
                "request": asked.get("application/json", {}),
                "answer": answer,
            }


def fields_of(schema: dict[str, Any]) -> list[Field]:
    """The rows of a schema's table."""
    required = schema.get("required", [])
    return [
        Field(name, words_of(field), name in required, field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
    ]


def words_of(schema: dict[str, Any]) -> Words:
    """A type in words.

    >>> words_of({"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 1}, "maxItems": 9})
    [('list of at most 9 ', None), ('numbers from 0 to 1', None)]
    """
    default = schema.get("default")
    left_out = [] if default is None else [(f" ({json.dumps(default)} if left out)", None)]
    return [*_kind(schema), *left_out]


def _kind(schema: dict[str, Any], several: bool = False) -> Words:
    """The same without what holds if it is left out; `several` of them, as a list holds."""
    plural = "s" if several else ""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return [(name, name)]
    for joined in ("anyOf", "oneOf"):
        if joined in schema:
            return _alternatives([_kind(kind, several) for kind in schema[joined]])
    if schema.get("type") == "array":
        return [(f"list{plural} of {_count(schema)}", None), *_kind(schema["items"], several=True)]
    if "const" in schema or "enum" in schema:
        return [(" | ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")])), None)]
    if isinstance(schema.get("additionalProperties"), dict):
        return [("object of ", None), *_kind(schema["additionalProperties"], several=True)]
    name = "data URL" if schema.get("format") == "uri" else str(schema.get("type", "anything"))
    return [(name + plural + _length(schema) + _range(schema), None)]


def _alternatives(kinds: list[Words]) -> Words:
    joined: Words = []
    for kind in kinds:
        between = ", or " if joined and joined[0][0].startswith("list") else " or "
        joined += [(between, None), *kind] if joined else kind
    return joined


def _count(schema: dict[str, Any]) -> str:
    return _between(schema.get("minItems"), schema.get("maxItems"))


def _length(schema: dict[str, Any]) -> str:
    count = _between(schema.get("minLength"), schema.get("maxLength"))
    return f" of {count}characters" if count else ""


def _between(least: int | None, most: int | None) -> str:
    if most is None:
        return "" if least is None else f"{least:,} or more "
    if least == most:
        return f"{most:,} "
    return f"at most {most:,} " if least is None else f"{least:,} to {most:,} "


def _range(schema: dict[str, Any]) -> str:
    low, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    high = schema.get("maximum")
    if above is not None:
        return f" above {above:,.15g}" + ("" if high is None else f", at most {high:,.15g}")
    if low is None:
        return ""
    return f" from {low:,.15g}" + ("" if high is None else f" to {high:,.15g}")


def _clients(folder: Path) -> list[tuple[str, str, str]]:
    """(language, file, code) of the clients that this installation has."""
    return [
        (language, name, (folder / name).read_text(encoding="utf-8"))
        for language, name in CLIENTS
        if (folder / name).exists()
    ]


def _pretty(value: object) -> str:
    """JSON to read: objects on lines of their own, short lists on one."""
    if isinstance(value, dict) and value:
        rows = [f"  {json.dumps(name)}: {_pretty(held)}".replace("\n", "\n  ") for name, held in value.items()]
        whole = json.dumps(value, ensure_ascii=False)
        return whole if len(whole) <= 88 else "{\n" + ",\n".join(rows) + "\n}"
    if isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        rows = [f"  {_pretty(entry)}".replace("\n", "\n  ") for entry in value]
        whole = json.dumps(value, ensure_ascii=False)
        return whole if len(whole) <= 88 else "[\n" + ",\n".join(rows) + "\n]"
    return json.dumps(value, ensure_ascii=False)

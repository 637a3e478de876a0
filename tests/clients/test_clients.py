"""The clients to copy, run against the real server, or at least compiled, and what they send held to the schema."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import tree_sitter_kotlin
import tree_sitter_swift
from jsonschema_rs import Draft202012Validator
from tree_sitter import Language, Node, Parser

from model.benchmarks.specimens import write
from model.training.forms import png_of
from tests.serving import serving
from tests.webapp.noting import NotingRecognizer
from webapp import create_app
from webapp.config import limits
from webapp.openapi import document

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "docs" / "clients"
STROKES = [
    {
        "x": s.points[:, 0].tolist(),
        "y": s.points[:, 1].tolist(),
        "t": [1000.0 * n + 8 * i for i in range(len(s.points))],
    }
    for n, s in enumerate(write("47").strokes)
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawings")
    (folder / "drawing.json").write_text(json.dumps({"strokes": STROKES, "alphabet": "digits"}))
    (folder / "drawing.png").write_bytes(png_of(write("47")))
    return folder


@pytest.fixture(scope="module")
def python_client() -> ModuleType:
    spec = importlib.util.spec_from_file_location("glyphline_client", CLIENTS / "glyphline.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*command: object, **more: Any) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, timeout=240, **more
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name}")
    return found


def test_curl(address: str, files: Path) -> None:
    tool("curl")
    said = run(
        "sh",
        CLIENTS / "curl.sh",
        files / "drawing.json",
        files / "drawing.png",
        env={**os.environ, "GLYPHLINE": address},
    )
    points, picture, form, batch, model = (json.loads(line) for line in said.splitlines())
    assert [points["text"], picture["text"], form["text"]] == ["47"] * 3
    assert [result["text"] for result in batch["results"]] == ["47", "47"]
    assert model["classes"]


def test_python(address: str, files: Path, python_client: ModuleType) -> None:
    server = python_client.Glyphline(address)
    assert server.read(STROKES, alphabet="digits")["text"] == "47"
    assert (
        server.read_picture((files / "drawing.png").read_bytes(), alphabet="digits", include=["pictures"])["text"]
        == "47"
    )
    assert [answer.get("text") for answer in server.read_many([{"strokes": STROKES}, {}])] == ["47", None]
    with pytest.raises(python_client.GlyphlineError) as caught:
        server.read([{"x": [1], "y": []}])
    assert caught.value.problem["errors"][0]["pointer"] == "#/strokes/0/y"
    for name in ("drawing.json", "drawing.png"):
        assert run("python3", CLIENTS / "glyphline.py", address, files / name).startswith("47\n")


def test_python_waits_and_tries_again(python_client: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    limited = create_app({"RECOGNIZER": NotingRecognizer(), "RATE_LIMIT": "1 per minute", "ACCESS_LOG": False})
    pauses: list[float] = []
    monkeypatch.setattr(python_client.time, "sleep", pauses.append)
    with serving(limited) as address:
        server = python_client.Glyphline(address, attempts=3)
        assert server.read([])["text"] == ""
        with pytest.raises(python_client.GlyphlineError, match="429"):
            server.read([])
    assert len(pauses) == 2
    assert all(1 <= pause <= 61 for pause in pauses)


NOBODY = "http://127.0.0.1:9"
"""Where nothing answers."""


@contextmanager
def answering(status: int, body: bytes, calls: int) -> Iterator[tuple[str, list[str]]]:
    """A server that says the same to as many calls; gives its address, and the ids of the calls that came."""
    seen: list[str] = []

    def say(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.append(environ.get("HTTP_X_REQUEST_ID", ""))
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start(f"{status} Said", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
        return [body]

    with serving(say) as address:
        yield address, seen
    assert len(seen) == calls


@pytest.mark.parametrize(
    ("status", "body", "calls"),
    [
        (503, b"<html>busy</html>", 2),
        (422, b"<html>no</html>", 1),
        (
            503,
            b'{"status": 503, "title": "Busy", "detail": "gave up", "errors": [{"pointer": "#", "detail": "long"}]}',
            1,
        ),
    ],
)
def test_what_the_scripted_clients_send_again(
    status: int, body: bytes, calls: int, python_client: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(python_client.time, "sleep", lambda _: None)
    with answering(status, body, calls) as (address, _), pytest.raises(python_client.GlyphlineError, match=str(status)):
        python_client.Glyphline(address, attempts=2).read([])
    node = tool("node")
    script = tmp_path / "again.mjs"
    module = (CLIENTS / "glyphline.js").as_uri()
    with answering(status, body, calls) as (address, _):
        script.write_text(
            f"import {{ Glyphline }} from {json.dumps(module)};\n"
            f"try {{ await new Glyphline({json.dumps(address)}, {{ attempts: 2 }}).read({{}}); }}"
            " catch (error) { console.log(error.problem.status); }"
        )
        assert run(node, script) == f"{status}\n"


SCRIPT = """
import { Glyphline, GlyphlineError, strokeOf } from %s;
const server = new Glyphline(%s);
const strokes = %s;
const events = strokes[0].x.map((x, i) => ({ offsetX: x, offsetY: strokes[0].y[i], timeStamp: strokes[0].t[i] }));
console.log(JSON.stringify(strokeOf(events)) === JSON.stringify(strokes[0]));
console.log((await server.read({ strokes, alphabet: "digits" })).text);
const picture = new Blob([Uint8Array.from(%s)], { type: "image/png" });
console.log((await server.readPicture(picture, { alphabet: "digits" })).text);
console.log((await server.readMany([{ strokes }, {}])).map((r) => r.text ?? r.status).join(" "));
try { await server.read({}); } catch (error) { console.log(error instanceof GlyphlineError, error.problem.status); }
"""


def test_javascript(address: str, files: Path, tmp_path: Path) -> None:
    picture = list((files / "drawing.png").read_bytes())
    module = (CLIENTS / "glyphline.js").as_uri()
    script = tmp_path / "try.mjs"
    script.write_text(SCRIPT % (json.dumps(module), json.dumps(address), json.dumps(STROKES), picture))
    assert run(tool("node"), script).splitlines() == ["true", "47", "47", "47 422", "true 422"]


ML_KIT = """
package com.google.mlkit.vision.digitalink.recognition
class Ink(val strokes: List<Stroke>) {
    class Stroke(val points: List<Point>)
    class Point(val x: Float, val y: Float, val timestamp: Long?)
}
"""
MAIN = r"""
import com.google.mlkit.vision.digitalink.recognition.Ink
import glyphline.*
fun main(args: Array<String>) {
    val ink = Ink(%s)
    val strokes = strokesOf(ink, 2f)
    val options = Options("digits", listOf("47", "\"\\\n"), listOf(listOf(0), listOf(1, 2)), 1)
    println(Glyphline.body(strokes, options))
    val server = Glyphline(args[0], attempts = 2)
    println(server.read(strokes, Options(alphabet = "digits")))
    println(server.read(strokes, Options(lexicon = listOf("74", "47"))).text)
    val picture = java.io.File(args[1]).readBytes()
    println(server.readPicture(picture, options = Options("digits", listOf("4 7", "47"), null, 0)).text)
    val bad = listOf(Stroke(listOf(1f), listOf()))
    println(server.readMany(listOf(strokes, bad)).map { it.getOrNull()?.text ?: it.exceptionOrNull()!!.message })
    try { server.read(bad, requestId = "mine") } catch (e: GlyphlineException) { println("${e.errors} ${e.requestId}") }
    for (address in args.drop(2)) {
        try { Glyphline(address, attempts = 2).read(bad) } catch (e: java.io.IOException) { println(e) }
    }
}
"""


def test_kotlin(address: str, files: Path, tmp_path: Path) -> None:
    compiler, java = tool("kotlinc"), tool("java")
    points = [
        ", ".join(f"Ink.Point({2 * x}f, {2 * y}f, {int(t)}L)" for x, y, t in zip(s["x"], s["y"], s["t"], strict=True))
        for s in STROKES
    ]
    strokes = ", ".join(f"Ink.Stroke(listOf({row}))" for row in points)
    (tmp_path / "Ink.kt").write_text(ML_KIT)
    (tmp_path / "Main.kt").write_text(MAIN % f"listOf({strokes})")
    jar = tmp_path / "client.jar"
    run(compiler, "-include-runtime", *CLIENTS.glob("android/*.kt"), *tmp_path.glob("*.kt"), "-d", jar)
    with answering(503, b"<html>busy</html>", 2) as (proxy, seen):
        said = run(java, "-cp", jar, "MainKt", address, files / "drawing.png", proxy, NOBODY).splitlines()
    body, answer, listed, picture, batch, fault, foreign, nobody = said
    request_validator().validate(json.loads(body))
    sent = json.loads(body)
    assert sent["strokes"][0]["x"] == pytest.approx(STROKES[0]["x"], abs=1e-3)
    assert (sent["lexicon"], sent["groups"], sent["alternatives"]) == (["47", '"\\\n'], [[0], [1, 2]], 1)
    assert answer.startswith("Answer(text=47, confidence=0.9")
    assert all(f"char={char}, " in answer for char in "47")
    assert (listed, picture) == ("47", "4 7")  # spaces do not matter, but come over
    assert batch == "[47, 422: #/items/1/strokes/0/y has 0 values, x has 1]"
    assert fault == "[Fault(pointer=#/strokes/0/y, detail=has 0 values, x has 1)] mine"
    assert "503" in foreign
    assert len(set(seen)) == 1  # the same id again
    assert len(seen) == 2
    assert "ConnectException" in nobody


def request_validator() -> Draft202012Validator:
    with create_app({"RECOGNIZER": NotingRecognizer(), "ACCESS_LOG": False}).app_context():
        components = json.loads(document(limits()))["components"]
    return Draft202012Validator({"$ref": "#/components/schemas/RecognizeRequest", "components": components})


LANGUAGES = {".kt": tree_sitter_kotlin, ".swift": tree_sitter_swift}


@pytest.mark.parametrize(
    "path", sorted([*CLIENTS.glob("android/*.kt"), *CLIENTS.glob("ios/*.swift")]), ids=lambda p: p.name
)
def test_the_syntax_where_no_compiler_can_be_had(path: Path) -> None:
    tree = Parser(Language(LANGUAGES[path.suffix].language())).parse(path.read_bytes())
    wrong = [node for node in nodes(tree.root_node) if node.is_error or node.is_missing]
    assert not wrong, [(node.start_point, node.text) for node in wrong]


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from nodes(child)


def swift_structs() -> dict[str, set[str]]:
    """Codable struct → its stored properties, which are the names in its JSON."""
    code = (CLIENTS / "ios" / "Glyphline.swift").read_text(encoding="utf-8")
    structs = re.findall(r"public struct (\w+): Codable[^{]*\{\n(.*?)\n\}", code, re.DOTALL)
    return {name: set(re.findall(r"^    public var (\w+):", body, re.MULTILINE)) for name, body in structs}


def test_swift_sends_and_takes_what_the_schema_names() -> None:
    with create_app({"RECOGNIZER": NotingRecognizer(), "ACCESS_LOG": False}).app_context():
        schemas = json.loads(document(limits()))["components"]["schemas"]
    structs = swift_structs()
    assert {"PointStroke", "RecognizeRequest", "BatchRequest", "Answer", "GlyphAnswer", "Problem"} <= structs.keys()
    for name, fields in structs.items():
        assert fields
        assert fields <= schemas[name]["properties"].keys(), name
    for name in ("Answer", "GlyphAnswer"):
        assert schemas[name]["properties"].keys() - structs[name] <= {"timing_ms", "picture"}
    sample = {
        "strokes": [{"x": [1.0], "y": [2.0], "t": [3.0]}],
        "alphabet": "auto",
        "lexicon": ["47"],
        "groups": [[0]],
        "alternatives": 3,
    }
    assert sample.keys() == structs["RecognizeRequest"]
    assert sample["strokes"][0].keys() == structs["PointStroke"]  # type: ignore[index]
    request_validator().validate(sample)

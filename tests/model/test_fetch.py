"""Downloads from a server on this machine: resuming, checksums, what is said when it fails."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from model.training.datasets.fetch import Download, fetch
from model.training.datasets.official import load
from model.training.datasets.registry import DATASETS

CONTENT = bytes(range(256)) * 2000
MD5 = hashlib.md5(CONTENT).hexdigest()  # noqa: S324


class Server(ThreadingHTTPServer):
    """Serves CONTENT as /file; `cut` ends answers after so many bytes, `ranges` is whether it knows them."""

    cut: int | None = None
    ranges = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str | None] = []

    @property
    def file(self) -> Download:
        return Download(f"http://127.0.0.1:{self.server_port}/file", MD5)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers["Range"]
        self.server.asked.append(asked)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.server.ranges else 0
        if self.path != "/file" or start >= len(CONTENT):
            self.send_error(404 if start == 0 else 416)
            return
        body = CONTENT[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.cut])

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=partial(made.serve_forever, poll_interval=0.01))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_a_file_is_fetched_once(server: Server, tmp_path: Path) -> None:
    path = fetch(server.file, tmp_path / "new")
    assert path == tmp_path / "new" / "file"
    assert path.read_bytes() == CONTENT
    assert fetch(server.file, tmp_path / "new") == path
    assert server.asked == [None]
    assert list(path.parent.iterdir()) == [path]


def test_a_cut_download_goes_on_where_it_was(server: Server, tmp_path: Path) -> None:
    server.cut = 100_000
    with pytest.raises(OSError, match=r"ended after 100,000 of 512,000 bytes; give the same command again"):
        fetch(server.file, tmp_path)
    assert not (tmp_path / "file").exists()
    server.cut = None
    assert fetch(server.file, tmp_path).read_bytes() == CONTENT
    assert server.asked == [None, "bytes=100000-"]


def test_a_server_without_ranges_sends_all_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(b"x" * 1000)
    server.ranges = False
    assert fetch(server.file, tmp_path).read_bytes() == CONTENT


def test_a_download_that_was_whole_already_is_taken(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(CONTENT)
    assert fetch(server.file, tmp_path).read_bytes() == CONTENT


def test_a_wrong_checksum_is_refused_and_nothing_kept(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(b"x" * 1000)
    with pytest.raises(ValueError, match=f"expected a file of MD5 {MD5}, got"):
        fetch(server.file, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert fetch(server.file, tmp_path).read_bytes() == CONTENT


def test_a_missing_file_is_said(server: Server, tmp_path: Path) -> None:
    gone = Download(f"{server.file.url}/gone", MD5)
    with pytest.raises(OSError, match=r"gone: the server answered 404 Not Found; you can download it yourself"):
        fetch(gone, tmp_path)


def test_who_is_offline_is_told_so(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/file"
    with pytest.raises(OSError, match=rf"could not reach {address} .*; you can download it yourself and give its path"):
        fetch(Download(address, MD5), tmp_path)


def test_a_dataset_without_a_path_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def offline(download: Download, folder: Path) -> Path:
        asked.append((download.url, folder))
        raise OSError("offline")

    monkeypatch.setattr("model.training.datasets.official.fetch", offline)
    for name in DATASETS:
        with pytest.raises(OSError, match="offline"):
            load(name, cache=tmp_path)
    assert {url.rpartition("/")[2] for url, _ in asked} == {"train-images-idx3-ubyte.gz", "gzip.zip"}
    assert {folder.name for _, folder in asked} == {"mnist", "emnist"}

"""The vendored libraries are the files that were published."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
ROW = re.compile(r"^\| (\S+) \| (\S+) \| (\S+) \| `(\S+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)


def test_every_vendored_file_is_listed_with_its_hash() -> None:
    rows = ROW.findall((VENDOR / "VENDORED.md").read_text())
    listed = {file: digest for *_, file, digest in rows}
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} - {"VENDORED.md"}
    assert set(listed) == there
    for name, version, licence, file, digest in rows:
        assert file.startswith(f"{name}-{version}/")
        assert licence == "MIT"
        assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == digest, file


def test_every_library_comes_with_its_licence() -> None:
    for folder in VENDOR.iterdir():
        if folder.is_dir():
            (licence,) = folder.glob("LICENSE*")
            assert "Permission is hereby granted" in licence.read_text()

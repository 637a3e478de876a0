"""A short run of each fuzzer: coverage-guided by atheris where it is installed, by our own mutations everywhere."""

from __future__ import annotations

import importlib.util
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import SEEDS, TARGETS

TARGETS_FILE = Path(__file__).with_name("targets.py")


def mutated(data: bytes, source: random.Random) -> bytes:
    held = bytearray(data)
    for _ in range(source.randrange(1, 6)):
        at = source.randrange(len(held) + 1)
        if source.random() < 0.5:
            held[at : at + 1] = source.randbytes(1)
        elif source.random() < 0.5:
            del held[at : at + source.randrange(1, 16)]
        else:
            held[at:at] = held[at : at + source.randrange(1, 24)]
    return bytes(held)


@pytest.mark.parametrize("name", TARGETS)
def test_mutations(name: str) -> None:
    source = random.Random(7)  # noqa: S311  # repeatable, not secret
    for _ in range(120):
        TARGETS[name](mutated(source.choice(SEEDS[name]), source))
        TARGETS[name](source.randbytes(source.randrange(60)))


def test_guided_by_coverage(tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    # a file of ink may be a picture, InkML or JSON: this goes through all decoders
    for number, seed in enumerate(seed for seeds in SEEDS.values() for seed in seeds):
        (corpus / str(number)).write_bytes(seed)
    options = ["-runs=1500", "-seed=1", f"-artifact_prefix={tmp_path}/"]
    command = [sys.executable, TARGETS_FILE, "files", *options, corpus]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    # the last input's mutations are finished, which may be a few more
    counted = re.search(r"Done (\d+) runs", done.stderr)
    assert counted is not None
    assert int(counted[1]) >= 1500

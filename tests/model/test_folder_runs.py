"""Folders read by a process of its own, which users interrupt, kill and stop listening to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from model.__main__ import main
from model.benchmarks.folder import command, render

ROOT = Path(__file__).resolve().parents[2]

needs_proc = pytest.mark.skipif(not Path("/proc").exists(), reason="there is no /proc to look for processes in")


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """Also where these tests run in the background of a shell, which makes its children deaf to Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@needs_proc
@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_keeps_what_is_done_and_nobody_stays_behind(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out.csv"
    render(folder, 60, np.random.default_rng(0))
    for path in list(folder.iterdir()):
        for copy in range(40):  # so many that none is done before it is interrupted
            (folder / f"{path.stem}-{copy}{path.suffix}").hardlink_to(path)
    reader = reading_by_two(folder, out)
    while reader.poll() is None and (not out.exists() or out.read_bytes().count(b"\n") < 2):
        time.sleep(0.02)
    os.killpg(reader.pid, signal.SIGINT)  # as a terminal does: to the workers too
    told = reader.communicate(timeout=60)[1]
    assert reader.returncode == 130
    assert "--resume goes on" in told
    assert "Traceback" not in told
    kept = out.read_bytes()
    assert kept.endswith(b"\n")
    assert 2 <= kept.count(b"\n") < 60 * 41
    deadline = time.monotonic() + 20
    while in_group(reader.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not in_group(reader.pid)


@needs_proc
@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_is_never_a_workers_own_affair(tmp_path: Path) -> None:
    """Nor while it starts: it once died among its imports, with a traceback on the user's terminal."""
    folder, out = tmp_path / "in", tmp_path / "out.csv"
    render(folder, 80, np.random.default_rng(0))
    reader = reading_by_two(folder, out)
    interrupted: set[str] = set()
    while reader.poll() is None and len(interrupted) < 2:
        for process in set(in_group(reader.pid)) - interrupted:
            with suppress(OSError):
                if b"spawn_main" in Path("/proc", process, "cmdline").read_bytes():
                    os.kill(int(process), signal.SIGINT)
                    interrupted.add(process)
    told = reader.communicate(timeout=60)[1]
    assert len(interrupted) == 2
    assert reader.returncode == 0, told
    assert "Traceback" not in told
    assert out.read_bytes().count(b"\n") == 81


def reading_by_two(folder: Path, out: Path) -> subprocess.Popen[str]:
    """A reader and its two workers, in a process group of their own."""
    call = command(folder, out, ["--jobs", "2"])
    return subprocess.Popen(call, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)


def in_group(group: int) -> list[str]:
    """The living processes of a process group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(its_group) == group and state != "Z":
            found.append(stat.parent.name)
    return found


def test_a_table_survives_being_killed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record, page = tmp_path / "folder.json", tmp_path / "page.md"
    page.write_text("<!-- table folder-kills -->\n<!-- end -->\n")
    parts = ["--part", "kills", "--part", "share", "--record", str(record), "--page", str(page)]
    assert main(["bench", "folder", "--count", "160", "--kills", "3", "--seed", "1", *parts]) == 0
    recorded = json.loads(record.read_text())
    (kills,), (share,) = recorded["folder-kills"], recorded["folder-share"]
    stood = [int(rows) for rows in kills["killed after rows"].split(", ")]
    assert len(stood) == 3
    assert stood == sorted(stood)
    assert 0 < stood[-1] < 160
    assert [kills[name] for name in ("rows", "missing", "doubled", "out of order", "other")] == [160, 0, 0, 0, 0]
    assert kills["misread"] <= 2
    assert 0 < share["share"] < 1
    stages = "opening", "segment", "normalize", "classify", "text", "rows"
    assert sum(share[stage] for stage in stages) == pytest.approx(1)
    assert kills["killed after rows"] in page.read_text()
    assert kills["killed after rows"] in capsys.readouterr().out


def test_whoever_stops_listening_is_no_error(tmp_path: Path) -> None:
    render(tmp_path, 40, np.random.default_rng(0))
    call = [sys.executable, "-m", "model", "read", str(tmp_path), "--jobs", "1"]
    reader = subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert reader.stdout is not None
    assert reader.stdout.readline() == "path,text,confidence,error\n"
    reader.stdout.close()
    reader.wait(timeout=60)
    assert reader.stderr is not None
    assert "Error" not in reader.stderr.read()
    reader.stderr.close()

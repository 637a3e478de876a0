"""How many workers this machine or container carries: its memory and processor limits, and what a worker takes."""

from __future__ import annotations

import os
from pathlib import Path

SHARED = 128
"""MiB of the first process and of what it shares with its workers."""
WORKER = 64
"""MiB that a worker comes to take for itself, with room for a few of the largest pictures."""

_UNLIMITED = 1 << 50


def workers(memory: int, cores: float) -> int:
    """Workers for `memory` bytes and `cores`: one a core, for reading keeps a core busy, as far as memory goes."""
    room = (memory // 2**20 - SHARED) // WORKER
    return max(1, min(int(cores), room))


def threads(memory: int, workers: int) -> int:
    """Threads of each worker: four, so that slow callers do not block it, fewer where there is little memory."""
    return 4 if memory // 2**20 >= SHARED + 2 * WORKER * workers else 2


def memory(root: Path = Path("/")) -> int:
    """Bytes that this process and its children may take: the machine's memory, or less where a cgroup says so."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for folder in _groups(root, "memory"):
        limits += [_number(folder / name) for name in ("memory.max", "memory.limit_in_bytes")]
    return min(limits)


def cores(root: Path = Path("/")) -> float:
    """Processors that this process may use, in part where a cgroup says so."""
    count = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    for folder in _groups(root, "cpu"):
        quota, _, period = _text(folder / "cpu.max").partition(" ")
        if not quota:
            quota, period = _text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us")
        if quota.isdigit() and period.isdigit() and int(period):
            count = min(count, int(quota) / int(period))
    return count


def _groups(root: Path, controller: str) -> list[Path]:
    """Folders of the control groups that this process is in, version 2 or 1, up to the root of each hierarchy."""
    mounted = root / "sys/fs/cgroup"
    found = [mounted, mounted / controller]
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, names, path = line.split(":", 2)
        if names in ("", controller) or controller in names.split(","):
            top = mounted / controller if names else mounted
            parts = [part for part in path.split("/") if part not in ("", "..")]
            found += [top.joinpath(*parts[: i + 1]) for i in range(len(parts))]
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _number(path: Path) -> int:
    text = _text(path)
    return int(text) if text.isdigit() else _UNLIMITED

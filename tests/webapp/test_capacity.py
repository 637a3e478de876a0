"""How many workers fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp import capacity


def write(root: Path, **files: str) -> Path:
    """Files below `root`; "__" stands for a slash."""
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("mebibytes", "cores", "workers"),
    [
        (24_000, 2, 2),
        (24_000, 16, 16),
        (512, 8, 6),
        (512, 2, 2),
        (256, 4, 2),
        (64, 4, 1),
        (4096, 0.5, 1),
        (4096, 1.5, 1),
    ],
)
def test_one_worker_a_core_as_far_as_memory_goes(mebibytes: int, cores: float, workers: int) -> None:
    assert capacity.workers(mebibytes * 2**20, cores) == workers


def test_little_memory_means_few_threads() -> None:
    assert capacity.threads(2**30, 2) > capacity.threads(200 * 2**20, 2) >= 1


def test_limits_of_control_groups_of_version_2(tmp_path: Path) -> None:
    root = write(tmp_path, proc__self__cgroup="0::/system.slice/glyphline.service\n")
    assert capacity.memory(root) > 2**28
    group = root / "sys/fs/cgroup/system.slice/glyphline.service"
    group.mkdir(parents=True)
    (group / "memory.max").write_text("max\n")
    (group / "cpu.max").write_text("max 100000\n")
    free = capacity.cores(root)
    assert capacity.memory(root) > 2**28
    (group / "memory.max").write_text(f"{2**27}\n")
    (group / "cpu.max").write_text("50000 100000\n")
    assert capacity.memory(root) == 2**27
    assert capacity.cores(root) == 0.5 < free


def test_limits_of_control_groups_of_version_1_and_of_a_containers_root(tmp_path: Path) -> None:
    root = write(tmp_path, proc__self__cgroup="4:memory:/\n3:cpu,cpuacct:/docker/1\n")
    for name, text in {
        "memory/memory.limit_in_bytes": f"{2**26}",
        "cpu/docker/1/cpu.cfs_quota_us": "25000",
        "cpu/docker/1/cpu.cfs_period_us": "100000",
    }.items():
        path = root / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert capacity.memory(root) == 2**26
    assert capacity.cores(root) == 0.25


def test_no_control_groups_at_all(tmp_path: Path) -> None:
    assert capacity.memory(tmp_path) > 2**28
    assert capacity.cores(tmp_path) >= 1

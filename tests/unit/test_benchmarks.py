"""Saved benchmarks are compared in units of a kernel, so that a slower machine raises no alarm."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

COMPARE = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "compare_saved.py"))


def saved(folder: Path, name: str, **times: float) -> Path:
    """Write what pytest-benchmark would."""
    file = folder / name
    rows = [{"fullname": f"b.py::{key}", "stats": {"min": time}} for key, time in times.items()]
    file.write_text(json.dumps({"benchmarks": rows}), encoding="utf-8")
    return file


def test_a_slower_machine_is_no_slower_benchmark(tmp_path: Path):
    """Three times the time with three times the kernel's is the same."""
    before = saved(tmp_path, "a", test_reference=0.1, test_link=2.0)
    after = saved(tmp_path, "b", test_reference=0.3, test_link=6.0)
    assert [] == COMPARE["compare"](before, after)


def test_a_slower_benchmark_is_named(tmp_path: Path):
    """Twice the time on the same machine is said."""
    before = saved(tmp_path, "a", test_reference=0.1, test_link=2.0, test_score=1.0)
    after = saved(tmp_path, "b", test_reference=0.1, test_link=4.0, test_score=1.0)
    assert ["b.py::test_link"] == COMPARE["compare"](before, after)


def test_a_run_without_the_kernel_is_refused(tmp_path: Path):
    """Seconds alone cannot be compared."""
    with pytest.raises(SystemExit, match="test_reference"):
        COMPARE["in_kernels"](saved(tmp_path, "a", test_link=2.0))

"""The fixed piece of work in whose units saved runs are compared (see `compare_saved.py`)."""

from __future__ import annotations

from darkfigure.linkage_eval.isolation.reference_kernel import reference_seconds


def test_reference(benchmark):
    """Time it."""
    assert benchmark.pedantic(reference_seconds, rounds=20) > 0

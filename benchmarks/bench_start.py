"""What it costs to be told what the command can do: CPU seconds of help and of lists.

`pytest -s benchmarks/bench_start.py`. No one waits for engines that are not asked to do anything;
`tests/system/test_command_start.py` holds that none is loaded.
"""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

SAID = ("--help", "list", "list linkers", "list strategies", "generate --help", "list metrics")


def cpu_of_children():
    """Give the CPU seconds of all processes that were started from here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.benchmark(timer=cpu_of_children)
@pytest.mark.parametrize("words", SAID)
def bench_start(benchmark, words):
    """Ask once a round; the first call, which may compile, does not count."""
    command = [sys.executable, "-m", "darkfigure", *words.split()]
    done = benchmark.pedantic(
        subprocess.run, (command,), {"capture_output": True}, rounds=5, warmup_rounds=1
    )
    assert done.returncode == 0
    print(f"\ndarkfigure {words}: {benchmark.stats.stats.median:.2f} CPU seconds")  # noqa: T201

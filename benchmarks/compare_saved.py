"""Say which benchmarks became slower, on whatever machine: exit 1 if one did.

Usage: `compare_saved.py BASELINE.json CANDIDATE.json [FACTOR]`, two files that `pytest benchmarks
--benchmark-json` wrote. Each time is taken in units of the reference kernel of its own run, so a
slower machine slows both and raises no alarm. A benchmark is slower if its least time grew by more
than FACTOR, 1.5 by default.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

REFERENCE, FACTOR = "test_reference", 1.5
_LEAST, _MOST = 3, 4  # words of the command line


def in_kernels(file: Path) -> dict[str, float]:
    """Read the least time of each benchmark, in units of the reference kernel.

    Raises
    ------
    SystemExit
        The run did not time the kernel.
    """
    saved = json.loads(file.read_text(encoding="utf-8"))["benchmarks"]
    times = {one["fullname"]: float(one["stats"]["min"]) for one in saved}
    kernel = [time for name, time in times.items() if name.endswith(f"::{REFERENCE}")]
    if not kernel:
        raise SystemExit(
            f"{file} holds no time of {REFERENCE}: run benchmarks/bench_reference.py with the rest."
        )
    return {name: time / kernel[0] for name, time in times.items()}


def compare(baseline: Path, candidate: Path, factor: float = FACTOR) -> list[str]:
    """Print how each benchmark that both runs hold changed; give those that became slower."""
    before, after = in_kernels(baseline), in_kernels(candidate)
    slower = []
    for name in sorted(before.keys() & after.keys()):
        ratio = after[name] / before[name]
        print(f"{ratio:6.2f}  {name}")  # noqa: T201
        if ratio > factor:
            slower.append(name)
    return slower


def main() -> None:
    """Compare two files."""
    if not _LEAST <= len(sys.argv) <= _MOST:
        raise SystemExit(__doc__)
    given = float(sys.argv[3]) if len(sys.argv) == _MOST else FACTOR
    slower = compare(Path(sys.argv[1]), Path(sys.argv[2]), given)
    if slower:
        raise SystemExit(f"slower by more than {given:g}: {', '.join(slower)}")


if __name__ == "__main__":
    main()

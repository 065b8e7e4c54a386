"""What the gate catches, and how often it errs: `python benchmarks/gate_rates.py`.

Simulated changes of a linker with 3,000 people to find, as `tests/spec/test_gate_rates.py` makes
them: a share of people is lost, and on top of that as many are lost as gained (churn).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from scipy.stats import binomtest

sys.path += [str(Path(__file__).parents[1] / "tests" / part) for part in ("spec", "support")]

from test_gate_rates import pull_request

TRIALS = 200
LOSSES, CHURNS = (0.0, 0.002, 0.005, 0.01, 0.02), (0.0, 0.01, 0.03)


def main() -> None:
    """Print the share of changes that the default gate stops."""
    print("| net loss | churn | stopped of 200 | interval |")  # noqa: T201
    print("|---|---|---|---|")  # noqa: T201
    began = time.process_time()
    for loss in LOSSES:
        for churn in CHURNS:
            how = {"lost": loss + churn, "gained": churn}
            stopped = sum(bool(pull_request(trial, **how)) for trial in range(TRIALS))
            ends = binomtest(stopped, TRIALS).proportion_ci(0.95, "wilson")
            print(  # noqa: T201
                f"| {loss:.1%} | {churn:.0%} | {stopped} | {ends.low:.3f}-{ends.high:.3f} |",
                flush=True,
            )
    spent = (time.process_time() - began) / (TRIALS * len(LOSSES) * len(CHURNS))
    print(f"{1e3 * spent:.1f} ms of processor time a comparison of 3,000 people")  # noqa: T201


if __name__ == "__main__":
    main()

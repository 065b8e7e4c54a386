"""The loss that whole releases of noisy counts prove: `python benchmarks/audit_noise.py`.

Two data sets differ in one police record. Each is released 1,000 times by the strategy
`federated-dp` with other noise, and it is noted of every cell in which releases it appears: that is
how cells that came from the data gave people away. The level is shared out among all cells.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.privacy import proven_loss
from darkfigure.linkage_eval.sharing.engine.at_work import asked_for
from darkfigure.linkage_eval.sharing.forms.noisy import fixed_cells, release_noisy_counts
from darkfigure.linkage_eval.sharing.forms.release import Batch
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.timing import Times
from darkfigure.linkage_eval.stats.intervals import ERROR_RATE
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.pipeline import generate

RELEASES, PERSONS, RECORDS = 1_000, 2_000, 40


def main() -> None:
    """Release, and print the largest loss that any value proves."""
    with TemporaryDirectory() as folder:
        view = AgencyView.of(
            generate(load_scenario("merthyr", persons=PERSONS), Path(folder) / "w")
        )
        flow = load_strategy("federated-dp").flow[1]
        rows = asked_for(view, flow).slice(0, RECORDS)

        def batch(n: int, seed: int) -> Batch:
            times = Times(np.zeros(n), np.zeros(n), np.zeros(n, np.int64))
            return Batch(flow, view, rows.slice(0, n), times, Stream(seed, ("audit", str(n))))

        cells = [fixed_cells(batch(n, 0)).count.ravel() for n in (RECORDS, RECORDS - 1)]
        own = int(np.flatnonzero(cells[0] - cells[1])[0])
        seen = [_seen(batch, n) for n in (RECORDS, RECORDS - 1)]
    values = sorted(set(seen[0]) | set(seen[1]))
    none = np.zeros(RELEASES, bool)
    level = ERROR_RATE / len(values)
    losses = {
        value: proven_loss(*(one.get(value, none) for one in seen), error_rate=level)
        for value in values
    }
    worst = max(losses, key=losses.__getitem__)
    print(f"{2 * RELEASES:,} releases at epsilon {flow.format.epsilon:g}")  # noqa: T201
    print(f"{len(values):,} cells appear; most is proven by {worst}: {losses[worst]:.3f}")  # noqa: T201
    only = [value for value in values if not (value in seen[0] and value in seen[1])]
    print(f"cells that appear with the person or without, never both: {len(only)}")  # noqa: T201
    print(f"the person's cell is number {own} of {len(cells[0]):,}")  # noqa: T201


def _seen(batch: object, n: int) -> dict[tuple[str, ...], np.ndarray]:
    """Note in which releases each cell appears."""
    seen: dict[tuple[str, ...], np.ndarray] = {}
    for number in range(RELEASES):
        (table,) = release_noisy_counts(batch(n, number)).tables.values()  # type: ignore[operator]
        for row in pa.Table.to_pylist(table):
            cell = tuple(row.values())[:-1]
            seen.setdefault(cell, np.zeros(RELEASES, bool))[number] = True
    return seen


if __name__ == "__main__":
    main()

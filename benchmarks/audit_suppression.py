"""Withheld cells that totals give away: `python benchmarks/audit_suppression.py`.

Linear programs bound every withheld cell. The tables are drawn; nothing is measured on real counts.
Beside the suppression of the library stands what it had before: a second cell in every line with
one.
"""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.privacy import bound_cells
from darkfigure.linkage_eval.sharing.forms.counted import publish, publish_primary
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream

TABLES, MIN_CELL = 120, 5


def main() -> None:
    """Audit both ways of withholding."""
    drawn = [table(number) for number in range(TABLES)]
    for name, withhold in (("a second cell in each line", second), ("boxes", boxes)):
        hidden = told = broken = narrow = 0
        for one in drawn:
            bounds = bound_cells(one, withhold(one))
            true = one[tuple(bounds.cells.T)]
            small = (true > 0) & (true < MIN_CELL)
            hidden += len(bounds.cells)
            told += int(bounds.exact.sum())
            broken += bool(bounds.exact.any())
            narrow += int(((bounds.high - bounds.low)[small] < MIN_CELL - 0.5).sum())
        print(  # noqa: T201
            f"{name}: {hidden} withheld, {told} told exactly in {broken} of {TABLES} tables, "
            f"{narrow} small ones to within {MIN_CELL}"
        )


def table(number: int) -> Ints:
    """Draw a two-way table of four to eight values a side, most counts small."""
    chance = Stream(12, ("audit", str(number)))
    rows, columns = 4 + chance.below("size", np.arange(2), 5)
    uniform = chance.uniform("count", np.arange(rows * columns))
    return np.floor(30 * uniform**2).astype(np.int64).reshape(rows, columns)


def boxes(count: Ints) -> Mask:
    """Withhold as the library does."""
    return publish(count, MIN_CELL, secondary=True)


def second(count: Ints) -> Mask:
    """Withhold a second cell in every line that has one."""
    shown, before = publish_primary(count, MIN_CELL), -1
    while before != shown.sum():
        before = int(shown.sum())
        for lines, hidden in ((count, shown), (count.T, shown.T)):
            for line in np.flatnonzero((~hidden).sum(axis=1) == 1):
                others = np.where(hidden[line] & (lines[line] > 0), lines[line], 1 << 30)
                if others.min() < 1 << 30:
                    hidden[line, others.argmin()] = False
    return shown


if __name__ == "__main__":
    main()

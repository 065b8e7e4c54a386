"""The simulated side of every figure: queries over a dataset, by section.

Each query gives rows of `key`, `area`, `hits`, `n` and, for means, `spread`:

- a share is hits among n independent draws; where a household shares what is drawn, n counts
  households and hits is the share of people times n;
- a rate is hits in n person-years; a mean is a sum, its count and its standard deviation;
- a ratio of rates is hits in the first of two groups, n in both, with `spread` the person-years of
  the first over those of the second;
- where `whole` is set, everybody of the areas was counted, and no chance moves the figure;
- where `everybody` is set, a part of so many people was counted, which tells nothing of all;
- a count is hits, with n the people or households counted;
- where hits and counts come in clusters, h of c in each, `hh`, `hc` and `cc` are the sums of h h,
  h c and c c, from which the design effect follows: how much wider than of independent draws.

`area` is null where the figure stands for the whole dataset. To add a figure: a row in
`synth/reference/calibration.csv` and a query here that gives its key.
"""

from __future__ import annotations

from darkfigure.linkage_eval.fidelity.figures import (
    children,
    company,
    concentration,
    demography,
    entry,
    hard_cases,
    health,
    names,
    police,
    repeats,
    services,
    severity,
    violence,
)

# In an order in which what reads a view of another section comes after it.
_SECTIONS = (
    demography,
    names,
    violence,
    severity,
    company,
    health,
    police,
    concentration,
    repeats,
    children,
    services,
    hard_cases,
    entry,
)
# Tables that several queries of a section read, made once.
VIEWS = {name: sql for module in _SECTIONS for name, sql in getattr(module, "VIEWS", {}).items()}
QUERIES = {
    f"{module.__name__.rsplit('.', 1)[-1]}.{name}": sql
    for module in _SECTIONS
    for name, sql in module.QUERIES.items()
}

__all__ = ["QUERIES", "VIEWS"]

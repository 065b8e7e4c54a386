"""Accuracy of MACRAL between each source and the register of patients, beside SAIL's figures.

SAIL links to the NHS Administrative Register, which practices' registrations stand for here, and
gives a record one person: of several links the best is taken. Of
at most `MOST_RECORDS` records of each source, drawn without looking at them:

- sensitivity = records linked to their person on the register / records whose person is on it;
- specificity = records that are linked to nobody / records whose person is not on it;
- error = links to somebody else / links.

Neither the linker nor any rate of data entry was tuned to these figures. SAIL's sensitivities are
of the best of several techniques; its specificity and error are of checking NHS numbers by the
probabilistic step at 50 %, on another measure than ours, and are set beside every source.

References
----------
Lyons et al. (2009), "The SAIL databank: linking multiple health and social care datasets", BMC
Medical Informatics and Decision Making 9:3, abstract: sensitivity 99.3 % for hospital admissions
and 95.2 % for social services; specificity above 99.8 %, error below 0.2 %.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.linkers.macral import Macral
from darkfigure.linkage_eval.links.decisions import decide
from darkfigure.linkage_eval.links.table import look_up
from darkfigure.linkage_eval.links.truth import ScoredLinks, judge, read_truth
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.stats.intervals import shares
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.schema import SUBJECTS
from darkfigure.synth.storage.dataset import Dataset

MOST_RECORDS = 10_000
REGISTER = "gp"
SOURCES = ("hospital", "ed", "education", "social_care", "police")
LINKAGE = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("measure", pa.string()),
        pa.field("published", pa.float64()),
        pa.field("simulated", pa.float64()),
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
        pa.field("n", pa.int64()),
    ]
)
# By measure and source; "" is every source.
_PUBLISHED = {
    ("sensitivity", "hospital"): 0.993,
    ("sensitivity", "social_care"): 0.952,
    ("specificity", ""): 0.998,
    ("error", ""): 0.002,
}


@dataclass(frozen=True)
class _Counted:
    hits: int
    n: int


def linkage_accuracy(
    dataset: Dataset, *, progress: Callable[[str, int, int], None] = lambda *_: None
) -> pa.Table:
    """Link each source of a dataset to its practices' registrations, and judge the links.

    Parameters
    ----------
    dataset
        A dataset of any scenario and size, with its truth.
    progress
        Called before each source with a text, the number of sources done, and their total.

    Returns
    -------
    Schema `LINKAGE`, three rows a source, with exact 95 % intervals that take records as
    independent; empty where there are no registrations. A measure with a count of 0 is null.
    """
    rows: list[dict[str, object]] = []
    for number, source in enumerate(SOURCES if _holds(dataset, REGISTER) else ()):
        if _holds(dataset, source):
            progress(f"linking {source}", number, len(SOURCES))
            rows += [
                _row(source, name, counted) for name, counted in _count(dataset, source).items()
            ]
    return pa.Table.from_pylist(rows, LINKAGE)


def _holds(dataset: Dataset, name: str) -> bool:
    return any(
        source.partition("/")[0] == name and dataset.has(f"{source}/{table.name}")
        for source, table in SUBJECTS.items()
    )


def _count(dataset: Dataset, source: str) -> dict[str, _Counted]:
    records, register = (standardise(dataset, name) for name in (source, REGISTER))
    seed = int(dataset.manifest["seed"])
    drawn = Stream(seed, ("fidelity", source)).uniform("drawn", np.arange(records.num_rows))
    chosen = np.argsort(np.argsort(drawn)) < MOST_RECORDS
    links = Macral().link(records.filter(pa.array(chosen)), register, seed=seed)
    truth = read_truth(dataset, source, REGISTER)
    if len(truth.left.ids) != records.num_rows:
        raise DatasetError(
            f"{dataset.path} says of {len(truth.left.ids):,} of {records.num_rows:,} records of "
            f"'{source}' whom they are about. Generate the dataset again."
        )
    best = decide(look_up(links, truth.sides), "many-to-one")
    return _against_truth(judge(truth, best), chosen)


def _against_truth(judged: ScoredLinks, chosen: np.ndarray) -> dict[str, _Counted]:
    truth = judged.truth
    on_register = np.isin(truth.left.persons, truth.right.persons)
    linked, right = np.zeros(len(on_register), bool), np.zeros(len(on_register), bool)
    linked[judged.left] = True
    right[judged.left[judged.correct]] = True
    return {
        "sensitivity": _Counted(
            int(right[chosen & on_register].sum()), int((chosen & on_register).sum())
        ),
        "specificity": _Counted(
            int((~linked)[chosen & ~on_register].sum()), int((chosen & ~on_register).sum())
        ),
        "error": _Counted(int((~judged.correct).sum()), len(judged.correct)),
    }


def _row(source: str, measure: str, counted: _Counted) -> dict[str, object]:
    published = _PUBLISHED.get((measure, source), _PUBLISHED.get((measure, "")))
    row: dict[str, object] = {"source": source, "measure": measure, "published": published}
    if counted.n:
        estimated = shares(np.array([float(counted.hits)]), np.array([float(counted.n)]))
        row |= {
            "simulated": float(estimated.value[0]),
            "low": float(estimated.low[0]),
            "high": float(estimated.high[0]),
        }
    return row | {"n": counted.n}

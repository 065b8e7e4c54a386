"""Kinds of work of the police besides simulated violence: how often, about whom, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.reference import load
from darkfigure.synth.schema import HOW_REPORTED, PLACE

CRIME, NON_CRIME, INTELLIGENCE = range(3)
ABOUT = (
    *("adult", "offender", "domestic", "child", "at_risk", "young"),
    *("female", "male", "girl"),
)


@dataclass(frozen=True)
class EventKinds:
    """Kinds of event; arrays have one entry per kind."""

    category: Ints
    code: Ints  # index into offence codes or incident types; -1 for intelligence
    per_1000: Floats
    about: Ints  # index into ABOUT: the people whom it happens to, or who do it
    suspect_rate: Floats
    domestic_rate: Floats
    hours: NDArray[np.str_]  # profile in the table `hour_of_week`
    places: Floats  # weights, shape (kinds, places)
    how: Floats  # weights of ways of being reported, shape (kinds, ways)


@cache
def kinds() -> EventKinds:
    """Read the kinds of crime, incident and intelligence; cached.

    References
    ----------
    offence_codes.csv, incident_types.csv, police_work.csv.
    """
    crimes, incidents = load("offence_codes"), load("incident_types")
    rates = crimes["other_per_1000"].to_numpy().astype(float)
    other = np.flatnonzero(rates > 0)
    about = [crimes["about"][int(row)].as_py() for row in other] + incidents["about"].to_pylist()
    n_crimes, n_incidents = len(other), incidents.num_rows
    codes = [crimes["code"][int(row)].as_py() for row in other] + incidents["code"].to_pylist()
    listed = load("police_work")
    row_of = {code: row for row, code in enumerate(listed["kind"].to_pylist())}
    # Intelligence is submitted at any hour, and has neither place nor caller: any row does.
    rows = np.array([*(row_of[code] for code in codes), row_of[codes[-1]]])
    domestic = np.array([name == "domestic" for name in incidents["code"].to_pylist()], float)
    return EventKinds(
        category=np.repeat([CRIME, NON_CRIME, INTELLIGENCE], [n_crimes, n_incidents, 1]),
        code=np.concatenate([other, np.arange(n_incidents), [-1]]),
        per_1000=np.concatenate([rates[other], incidents["per_1000"].to_numpy(), [1.0]]),
        about=np.array([ABOUT.index(name) for name in (*about, "offender")]),
        suspect_rate=np.concatenate(
            [_floats(crimes, "suspect_rate")[other], _floats(incidents, "suspect_rate"), [1.0]]
        ),
        domestic_rate=np.concatenate([_floats(crimes, "domestic_rate")[other], domestic, [0.0]]),
        hours=np.array(listed["hours"].to_pylist())[rows],
        places=np.column_stack([_floats(listed, name) for name in PLACE])[rows],
        how=np.column_stack([_floats(listed, name) for name in HOW_REPORTED])[rows],
    )


def _floats(table: pa.Table, name: str) -> Floats:
    return np.asarray(table[name].to_numpy(), np.float64)

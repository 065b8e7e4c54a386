"""What people come to hospitals with: complaints by age, sex and season, and what they lead to.

A complaint is the one story of a contact: urgency, ambulance, admission, part of the body,
diagnosis, treatment and the ward's codes are drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.agencies.framework.service_demand import ACCIDENT, ILLNESS, SELF_HARM
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.setting.calendar import DAYS_A_YEAR

# Lowest age of each band, in years; no rate.
AGES = (0, 5, 10, 16, 25, 35, 50, 65, 80)
# Share of Wales's people by band. Source: ONS, mid-2020 estimates, rounded
_PEOPLE = (0.052, 0.058, 0.071, 0.105, 0.123, 0.180, 0.203, 0.155, 0.053)
_SEXES = ("f", "m")  # in the order of `schema.SEX`
_REASONS = {"illness": ILLNESS, "accident": ACCIDENT, "self_harm": SELF_HARM}
# The season of each month, January first: winter, spring, summer, autumn. No rate.
SEASON_OF = (0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0)


def age_bands(birth_day: Ints, day: Ints) -> Ints:
    """Give the band of age of people on a day: index into `AGES`, shape (n,)."""
    age = (day - birth_day) / DAYS_A_YEAR
    return np.asarray(np.searchsorted(AGES, age, side="right") - 1).clip(0)


def by_age(table: str, *, of: str = "") -> Floats:
    """Read numbers by sex and band of age.

    Parameters
    ----------
    table
        Calibration table with a column for each sex and band, such as `f_16`, or for each band.
    of
        What stands before the age, of a table of bands alone.

    Returns
    -------
    Shape (sexes, bands, rows), or (bands, rows).
    """
    columns = load(table)
    if of:
        return np.array([columns[f"{of}_{age}"].to_numpy() for age in AGES], float)
    names = [[f"{sex}_{age}" for age in AGES] for sex in _SEXES]
    return np.array([[columns[name].to_numpy() for name in own] for own in names], float)


@dataclass(frozen=True)
class Complaints:
    """All complaints; the last axis of arrays is that of the complaints.

    Parameters
    ----------
    names
        As in the tables.
    reason
        Index of the reason in `service_demand`.
    weight
        How many people come with each, by sex, band of age and month.
    urgency
        Shares of triage categories, shape (complaints, 5).
    admitted, ambulance
        Probabilities, shape (bands, complaints).
    minor
        Whether units for minor injuries treat it.
    traffic, sport
        Share that is due to traffic, or to sport.
    """

    names: tuple[str, ...]
    reason: Ints
    weight: Floats
    urgency: Floats
    admitted: Floats
    ambulance: Floats
    minor: Ints
    traffic: Floats
    sport: Floats

    def number(self, name: str) -> int:
        """Give the index of a complaint."""
        return self.names.index(name)

    @property
    def relative(self) -> Floats:
        """How often people come, by sex and band, relative to all people; shape (2, bands)."""
        rate = self.weight.mean(axis=2).sum(axis=-1)
        return np.asarray(rate / (rate.mean(axis=0) @ np.array(_PEOPLE)))

    @property
    def admitted_share(self) -> float:
        """Share of all who come that the table admits."""
        people = self.weight.mean(axis=2).mean(axis=0) * np.array(_PEOPLE)[:, None]
        return float((people * self.admitted).sum() / people.sum())


@cache
def complaints() -> Complaints:
    """Read the table of complaints."""
    table = load("complaints")
    column = {name: table[name].to_numpy() for name in table.column_names if name != "grade"}
    neither = np.ones(len(table))
    seasons = np.array([column["winter"], neither, column["summer"], neither])
    months = seasons[list(SEASON_OF)]
    return Complaints(
        names=tuple(table["complaint"].to_pylist()),
        reason=np.array([_REASONS[name] for name in table["reason"].to_pylist()]),
        weight=by_age("complaints")[:, :, None, :] * months[None, None],
        urgency=np.array([column[f"triage_{turn}"] for turn in range(1, 6)], float).T,
        admitted=by_age("complaints", of="admit"),
        ambulance=by_age("complaints", of="ambulance"),
        minor=column["minor"],
        traffic=column["traffic"],
        sport=column["sport"],
    )


@cache
def diagnosis_of_complaint() -> Ints:
    """Give the department's code of each complaint, as index into its list of diagnoses."""
    codes = list(meanings("ed_codes", of="diagnosis"))
    return np.array([codes.index(code) for code in load("complaints")["diagnosis"].to_pylist()])


def draw_detail(detail: str, complaint: Ints, ids: Ints, chance: Stream) -> Ints:
    """Draw a detail of each complaint, such as the part of the body.

    Parameters
    ----------
    detail
        A list of the table `ed_codes` that `complaint_details` has weights of.
    complaint
        Index of the complaint, shape (n,); -1 has no detail.
    ids, chance
        Keys of the draws.

    Returns
    -------
    Index into the list, shape (n,); -1 where the complaint has none of this kind.
    """
    weights = _details(detail)
    has = (complaint >= 0) & (weights.sum(axis=1)[complaint] > 0)
    drawn = np.full(len(ids), -1)
    rows = np.flatnonzero(has)
    known = np.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1)
    drawn[rows] = chance.pick_by_group(detail, ids[rows], known, complaint[rows])
    return drawn


@cache
def _details(detail: str) -> Floats:
    codes, names = list(meanings("ed_codes", of=detail)), complaints().names
    weights = np.zeros((len(names), len(codes)))
    for row in load("complaint_details").to_pylist():
        if row["detail"] == detail:
            weights[names.index(row["complaint"]), codes.index(f"{row['code']:0>2}")] = row[
                "weight"
            ]
    return weights

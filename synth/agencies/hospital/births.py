"""Births in hospital: the mother's stay and the baby's, which belong together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.agencies.hospital.tables import ICD
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.reference import load
from darkfigure.synth.setting.working_days import working_day

# Births in a hospital of Wales; the others are at home, in England, or elsewhere. Source: Welsh
# residents 2015 (awpsonline.uk, section A)
_IN_HOSPITAL_RATE = 0.931
_PRETERM_RATE = 0.079  # live births before 37 weeks. Source: ONS, birth characteristics 2022
_SINGLE, _TWINS = (list(ICD).index(code) for code in ("Z370", "Z372"))


@dataclass(frozen=True)
class HospitalBirths:
    """Deliveries in hospital, and the babies; arrays have one entry per baby.

    Parameters
    ----------
    baby, mother
        Rows of people in the block.
    day
        Of the birth.
    delivery
        Index of the delivery, which twins share.
    first
        Whether the baby is the first of its delivery.
    of_mother, of_baby
        Principal diagnoses, rows of `hospital_diagnoses`.
    outcome
        Index into `ICD` of the outcome that stands with the mother.
    """

    baby: Ints
    mother: Ints
    day: Ints
    delivery: Ints
    first: Mask
    of_mother: Ints
    of_baby: Ints
    outcome: Ints


def births_in_hospital(context: RecordingContext) -> HospitalBirths:
    """Draw the births of a block that are in hospital.

    Parameters
    ----------
    context
        Recording context of the block.
    """
    people, period, chance = context.people, context.period, context.chance.stage("births")
    baby = np.flatnonzero(people.mother >= 0)
    mother, day = people.mother[baby], people.birth_day[baby]
    here = (day >= period.start) & (day < period.end) & (day < people.gone_day[mother])
    # Keyed by the mother, so that twins are born at one place.
    here &= chance.happens("in_hospital", people.person_id[mother], _IN_HOSPITAL_RATE)
    order = np.lexsort((baby, mother))
    baby, mother, day = (part[order][here[order]] for part in (baby, mother, day))
    first = np.ones(len(baby), bool)
    first[1:] = (np.diff(mother) != 0) | (np.diff(day) > 1)
    delivery = np.cumsum(first) - 1
    twin = np.bincount(delivery, minlength=1)[delivery] > 1 if len(baby) else first
    closed = (working_day(day) != day).astype(np.int64)
    first_id = people.person_id[baby[first]][delivery] if len(baby) else people.person_id[baby]
    mode = chance.pick_by_group("mode", first_id, _modes(), closed)
    preterm = chance.happens("preterm", people.person_id[baby], _PRETERM_RATE)
    alone, one_of_two, early = _rows("Z380", "Z383", "P073")
    return HospitalBirths(
        baby=baby,
        mother=mother,
        day=day,
        delivery=delivery,
        first=first,
        of_mother=_rows(*load("deliveries")["icd"].to_pylist())[mode],
        of_baby=np.where(preterm, early, np.where(twin, one_of_two, alone)),
        outcome=np.where(twin, _TWINS, _SINGLE),
    )


@cache
def _modes() -> Floats:
    """Give the weights of ways of birth on working days, and on others."""
    table = load("deliveries")
    weight, planned = (table[name].to_numpy() for name in ("weight", "planned"))
    return np.array([weight, weight * (1 - planned)])


@cache
def _rows(*codes: str) -> Ints:
    known = load("hospital_diagnoses")["icd"].to_pylist()
    return np.array([known.index(code) for code in codes])

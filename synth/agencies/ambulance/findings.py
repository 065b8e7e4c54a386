"""What control and crews put down of a patient: codes that fit each other, the call and its end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.agencies.ambulance.calls import (
    CONVEYED,
    POLICE,
    REFERRED,
    REFUSED,
    TREATED,
    Calls,
)
from darkfigure.synth.agencies.ambulance.tables import PRIORITY
from darkfigure.synth.agencies.framework.service_demand import ILLNESS, SELF_HARM
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference.coding import meanings, shares
from darkfigure.synth.schema import SEVERITY

TABLE = "ambulance_codes"
# Columns of the table by reason, in the order of `service_demand`, with assaults last.
_USES = ("illness", "accident", "traffic", "accident", "self_harm", "assault", "stab", "young")
_STAB, _YOUNG = _USES.index("stab"), _USES.index("young")
_YOUNG_YEARS = 40  # below it illnesses are those of the young; assumed
_RECENT_S = 6 * 3_600  # injuries older than this have a determinant of their own (MPDS protocol 4)
# Determinants of red calls; green are those of level A and O. Assumed, after the levels' names.
_RED = ("04D01A", "04D02A", "27D03S", "27D04S", "27D05S", "09E01", "12D02", "31D02")
# Of these nobody calls for himself.
_SPEECHLESS = (
    *("04D01A", "04D02A", "04D03A", "27D03S", "09E01", "12D02", "17D03", "23C01", "26C01", "31D02"),
)
# Calls of the left kind end with a journey; without one they were the right kind.
_MILDER = {
    "09E01": "31D02",
    "28C01": "26C01",
    "04D01A": "04D02A",
    "27B03S": "27B02S",
    "27D03S": "27B02S",
    "27D04S": "27B02S",
    "27D05S": "27B02S",
}
# What crews mostly find after these; the share is assumed.
_LIKELY = {
    "06D01": "RESP",
    "09E01": "CARDIAC",
    "10D02": "CARDIAC",
    "12D02": "NEURO",
    "28C01": "NEURO",
    "23C01": "OVERDOSE",
    "23O01": "OVERDOSE",
    "25B03": "MENTAL",
}
_AS_TOLD = 0.8
_MUTE_YEARS, _CHILD_YEARS = 10, 16  # younger patients give no account, are children; assumed
_LIFE_THREATENING = list(SEVERITY).index("life_threatening")
_DULLED = 3  # levels from one who answers to voice to one who does not react; assumed
# Codes of victims in danger of their lives, alike; assumed.
_GRAVE, _ARREST = ("04D02A", "04D03A", "04B02A", "04D04A"), "04D01A"
_GRAVE_STABS = ("27D03S", "27D04S", "27D05S", "27B03S")


@dataclass(frozen=True)
class CallFindings:
    """Codes of calls and their patients; one entry a call, -1 for none.

    Parameters
    ----------
    determinant, caller, impression, mechanism, conscious
        Indices into the lists of `ambulance_codes`.
    stop
        Index into `STOP`.
    """

    determinant: Ints
    caller: Ints
    impression: Ints
    mechanism: Ints
    conscious: Ints
    stop: Ints

    @property
    def priority(self) -> Ints:
        """Index into `PRIORITY`, by the determinant."""
        return _priorities()[self.determinant]

    @property
    def unresponsive(self) -> Mask:
        """Whether the patient reacts to pain at most."""
        return self.conscious >= index("conscious", "P")


def find(
    calls: Calls,
    stabbed: Mask,
    severity: Ints,
    age_years: Floats,
    passed_s: Ints,
    chance: Stream,
) -> CallFindings:
    """Draw the codes of calls and patients.

    Parameters
    ----------
    calls
        The calls.
    stabbed
        Whether a blade was used, shape (n,).
    severity
        Index into `SEVERITY` after violence, else -1, shape (n,).
    age_years
        Age of the person who is called for, shape (n,).
    passed_s
        Seconds from the act of violence to the call, or to the arrival; 0 for none.
    chance
        The service's stream.
    """
    use = np.where(stabbed & calls.violent, _STAB, calls.reason)
    use = np.where((use == ILLNESS) & (age_years < _YOUNG_YEARS), _YOUNG, use)
    journey = calls.stop == CONVEYED
    determinant = _fitting(_drawn("determinant", use, calls.ids, chance), ~journey, passed_s)
    impression = _drawn("impression", use, calls.ids, chance)
    likely = _likely()[determinant]
    told = (likely >= 0) & chance.happens("as_told", calls.ids, _AS_TOLD)
    impression = np.where(told, likely, impression)
    # Nobody is treated or referred at the scene with what looks like a fracture.
    broken = impression == index("impression", "FRACTURE")
    left = np.isin(calls.stop, (TREATED, REFERRED)) & broken
    impression = np.where(left, index("impression", "SOFT"), impression)
    mechanism = _drawn("mechanism", use, calls.ids, chance)
    cut = impression == index("impression", "WOUND")
    conscious = _drawn("conscious", use, calls.ids, chance)
    # Crews leave nobody behind who does not answer.
    conscious = np.where(~journey & (conscious >= index("conscious", "V")), 0, conscious)
    dying = severity > _LIFE_THREATENING
    grave = dying | (journey & (severity == _LIFE_THREATENING))
    determinant = np.where(grave, _grave(stabbed, dying, calls.ids, chance), determinant)
    dulled = index("conscious", "V") + chance.below("dulled", calls.ids, _DULLED)
    conscious = np.where(dying, index("conscious", "U"), np.where(grave, dulled, conscious))
    return CallFindings(
        determinant=determinant,
        caller=_callers(_drawn("caller", use, calls.ids, chance), determinant, age_years),
        impression=impression,
        mechanism=np.where((calls.reason == SELF_HARM) & ~cut, -1, mechanism),
        conscious=conscious,
        stop=_stops(calls.stop, age_years, calls.violent),
    )


def _grave(stabbed: Mask, dying: Mask, ids: Ints, chance: Stream) -> Ints:
    """Draw how control codes victims whose life is in danger, or who are dying."""
    codes = np.empty(len(ids), np.int64)
    for use, choices in ((~stabbed, _GRAVE), (stabbed, _GRAVE_STABS)):
        numbers = np.array([index("determinant", code) for code in choices])
        codes[use] = numbers[chance.below("grave", ids[use], len(numbers))]
    return np.where(dying & ~stabbed, index("determinant", _ARREST), codes)


def index(of: str, code: str) -> int:
    """Give the place of a code in its list."""
    return list(meanings(TABLE, of=of)).index(code)


def _drawn(name: str, use: Ints, ids: Ints, chance: Stream) -> Ints:
    """Draw a code of a list by each call's reason; -1 where a reason has none."""
    codes = np.full(len(ids), -1)
    for number, column in enumerate(_USES):
        own = use == number
        weights = shares(TABLE, column, of=name)
        if weights.any():
            codes[own] = chance.pick(name, ids[own], weights)
    return codes


def _fitting(determinant: Ints, stays: Mask, passed_s: Ints) -> Ints:
    milder = np.arange(len(meanings(TABLE, of="determinant")))
    for severe, mild in _MILDER.items():
        milder[index("determinant", severe)] = index("determinant", mild)
    determinant = np.where(stays, milder[determinant], determinant)
    fresh, old = index("determinant", "04A01A"), index("determinant", "04A02A")
    slight = np.isin(determinant, (fresh, old))
    return np.where(slight, np.where(passed_s > _RECENT_S, old, fresh), determinant)


def _callers(caller: Ints, determinant: Ints, age_years: Floats) -> Ints:
    """Let others call for small children and for those who cannot speak."""
    speechless = [index("determinant", code) for code in _SPEECHLESS]
    unable = np.isin(determinant, speechless) | (age_years < _MUTE_YEARS)
    alone = caller == index("caller", "999_self")
    return np.where(unable & alone, index("caller", "999_other"), caller)


def _stops(stop: Ints, age_years: Floats, violent: Mask) -> Ints:
    """Let no child refuse for itself, and leave none with the police but after violence."""
    child = age_years < _CHILD_YEARS
    declined = child & (stop == REFUSED) & violent
    return np.where(declined | (child & (stop == POLICE) & ~violent), TREATED, stop)


@cache
def _priorities() -> Ints:
    red, amber, green = range(len(PRIORITY))
    return np.array(
        [
            red if code in _RED else green if code[2] in "AO" else amber
            for code in meanings(TABLE, of="determinant")
        ]
    )


@cache
def _likely() -> Ints:
    return np.array(
        [
            index("impression", _LIKELY[code]) if code in _LIKELY else -1
            for code in meanings(TABLE, of="determinant")
        ]
    )

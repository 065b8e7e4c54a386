"""Charges: with what, how, by whom, on what bail, and what the courts make of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.police.codes import OFFENCES
from darkfigure.synth.agencies.police.prosecution.arrests import CHARGED, CaseArrests
from darkfigure.synth.agencies.police.prosecution.codes import (
    AFTER_CHARGE,
    CHARGED_HOW,
    DECIDED_BY,
)
from darkfigure.synth.agencies.police.prosecution.custody import Custody, next_court
from darkfigure.synth.agencies.police.prosecution.hearings import Courses, courses
from darkfigure.synth.agencies.police.prosecution.spec import Courts
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.setting.working_days import working_day

_CODES = list(OFFENCES)
# A lesser offence that some are charged with instead. Source of the share: 25 of 388 charges for
# sexual offences (South Wales Police 2025); the pairs assumed.
_LESSER = {"5D": "8N", "8N": "105A", "8Q": "8L", "34B": "49", "28E": "30C"}
_LESSER_RATE = 0.065
_PROSECUTORS, _PROSECUTORS_GRAVE = 0.2, 0.95  # charges they decide; grave: and domestic; assumed
_CONDITIONAL, _CONDITIONAL_DOMESTIC = 0.25, 0.92  # of those bailed to court; assumed
# Days from the charge to the first hearing, the least and the span: domestic, other, by post.
# Assumed.
_FIRST_DAYS = np.array([[7, 10], [14, 22], [28, 45]])
_ADULT_YEARS = 18  # from which no youth court hears a case. Source: well known
_HELD, _BAILED, _POSTED = range(len(CHARGED_HOW))
_FREE, _BOUND, _REMANDED = range(len(AFTER_CHARGE))


@dataclass(frozen=True)
class Charges:
    """Charges within the study; arrays have one entry per charge."""

    arrest: Ints  # row in the arrests
    case: Ints  # row in the cases
    event: Ints
    person: Ints  # census index of the defendant
    charged_s: Ints
    offence: Ints
    how: Ints  # index into CHARGED_HOW
    decided_by: Ints  # index into DECIDED_BY
    after: Ints  # index into AFTER_CHARGE, -1 for a requisition
    conditions: Ints  # index into CONDITIONS, -1 without
    first_on: Ints  # day of the first hearing
    courses: Courses

    def __len__(self) -> int:
        return len(self.case)


def charges(
    simulated: SimulatedEvents,
    arrests: CaseArrests,
    custody: Custody,
    offence: Ints,
    spec: Courts,
    chance: Stream,
) -> Charges:
    """Bring the charges of a study, and let courts hear them.

    Parameters
    ----------
    simulated
        The simulated events.
    arrests, custody
        Arrests and what follows them, shape (n,).
    offence
        Index into OFFENCES of each case.
    spec
        Rates of courts.
    chance
        Stream of the police; draws are keyed by event.
    """
    own, census = chance.stage("charges"), simulated.victims.census
    charged = (arrests.disposal == CHARGED) & (custody.disposed_s < simulated.period.end_s)
    row = np.flatnonzero(charged)
    event, person, case = arrests.event[row], arrests.person[row], arrests.case[row]
    charged_s, remanded = custody.disposed_s[row], custody.remanded[row]
    domestic, grave = custody.close[row], custody.grave[row]
    at_once = custody.held[row] & (custody.released_s[row] >= charged_s)
    how = np.where(at_once, _HELD, np.where(custody.bail_until[row] >= 0, _BAILED, _POSTED))
    first = _first(charged_s, how, remanded, domestic, own.uniform("first", event))
    bound = own.happens(
        "conditional", event, np.where(domestic, _CONDITIONAL_DOMESTIC, _CONDITIONAL)
    )
    after = np.where(remanded, _REMANDED, np.where(bound, _BOUND, _FREE))
    conditions = np.where(custody.conditions[row] > 0, custody.conditions[row], _usual(domestic))
    age = ages_on(first, census.age_years[person], simulated.period.start)
    decided = own.happens(
        "prosecutors", event, np.where(grave | domestic, _PROSECUTORS_GRAVE, _PROSECUTORS)
    )
    until = np.minimum(census.gone_day[person], simulated.period.end)
    charge = _charged_with(offence[case], own.happens("lesser", event, _LESSER_RATE))
    return Charges(
        arrest=row,
        case=case,
        event=event,
        person=person,
        charged_s=charged_s,
        offence=charge,
        how=how,
        decided_by=np.where(decided, *(list(DECIDED_BY).index(one) for one in ("cps", "police"))),
        after=np.where(how == _POSTED, -1, after),
        conditions=np.where((how != _POSTED) & (after == _BOUND), conditions, -1),
        first_on=first,
        courses=courses(event, charge, (first, until), (age < _ADULT_YEARS, domestic), spec, own),
    )


def _first(charged_s: Ints, how: Ints, remanded: Mask, domestic: Mask, drawn: Floats) -> Ints:
    """Give the day of the first hearing: the next of the court for those kept in custody."""
    least, span = _FIRST_DAYS[np.where(how == _POSTED, 2, np.where(domestic, 0, 1))].T
    listed = working_day(charged_s // DAY_S + least + (drawn * span).astype(np.int64))
    return np.where(remanded, next_court(charged_s), listed)


def _usual(domestic: Mask) -> Ints:
    """Give the conditions of those who had none before: to keep away, or to live at an address."""
    return np.where(domestic, 2, 4)


def _charged_with(offence: Ints, lesser: Mask) -> Ints:
    table = np.arange(len(_CODES))
    for grave, light in _LESSER.items():
        table[_CODES.index(grave)] = _CODES.index(light)
    return np.where(lesser, table[offence], offence)

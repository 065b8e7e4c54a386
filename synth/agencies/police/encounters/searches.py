"""Stop and search: of whom, when, for what; searches that find something lead to a case."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.framework.service_demand import NeedFactors, occasions
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import OFFENCES, OUTCOME
from darkfigure.synth.agencies.police.encounters.codes import (
    LOOKED_FOR,
    POWER,
    SEARCH_OUTCOME,
)
from darkfigure.synth.agencies.police.encounters.spec import Searches
from darkfigure.synth.agencies.police.encounters.whereabouts import met_at
from darkfigure.synth.agencies.police.further_people import SUSPECT
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import ETHNIC_GROUP, FORCES, HOW_REPORTED, PLACE
from darkfigure.synth.setting.calendar import (
    DAY_S,
    DAYS_A_YEAR,
    MINUTE_S,
    Period,
    hours_drawn,
    whole_years,
)
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.violence.proneness import proneness

_MOST = 63  # of one person in the study; assumed
# Rate of men by age, from each age on, against all people; so that men of 15 to 34 are two thirds.
# Source of that, and of 70 searches per 1,000 men of 15 to 19: Home Office, 2021-22; rest assumed.
_AGES = np.array([0, 10, 13, 15, 20, 25, 30, 35, 45, 60, 70])
_BY_AGE = np.array([0.0, 0.3, 2.5, 8.0, 5.5, 3.3, 2.8, 1.6, 0.6, 0.12, 0.01])
_WOMAN = 0.12  # assumed
_NEAR_RATE = 0.5  # searched in the neighbourhood of their home; assumed
_PLACES = np.array([0.86, 0.04, 0.0, 0.0, 0.0, 0.1])  # shares by PLACE; assumed
# Shares by LOOKED_FOR. Source: 65 % for drugs and 16 % for weapons (Home Office, 2021-22).
_LOOKED_FOR = np.array([0.66, 0.16, 0.08, 0.07, 0.02, 0.01])
_FOUND_NOTHING_MORE = 0.02  # searches that find something without a case; assumed
_DRUGS, _WEAPONS = (list(LOOKED_FOR).index(name) for name in ("drugs", "weapons"))
_CODES = list(OFFENCES)
_POSSESSION = np.array([_CODES.index(code) for code in ("92D", "92E", "10D")])
_BLADE = _CODES.index("10D")
_BEFORE_MINUTES = 15  # from the search to what is taken for the time of the crime; assumed
# What officers see, by the person's ethnic group in the order of APPEARANCE; assumed.
_SEEN_AS = np.array(
    [
        [0.94, 0.04, 0.0, 0.0, 0.0, 0.0, 0.02],
        [0.01, 0.01, 0.0, 0.84, 0.08, 0.04, 0.02],
        [0.0, 0.0, 0.97, 0.0, 0.0, 0.01, 0.02],
        [0.28, 0.05, 0.42, 0.15, 0.02, 0.06, 0.02],
        [0.06, 0.1, 0.05, 0.2, 0.17, 0.4, 0.02],
    ]
)


@dataclass(frozen=True)
class Stops:
    """Searches; arrays have one entry per search."""

    row: Ints  # of the person in the block
    ids: Ints
    when_s: Ints
    place: Ints  # index into PLACE
    lsoa: Ints
    looked_for: Ints  # index into LOOKED_FOR
    found: Mask
    outcome: Ints  # index into SEARCH_OUTCOME
    case: Ints  # row in the cases that it led to, -1 for none
    seen_as: Ints  # index into APPEARANCE

    @property
    def power(self) -> Ints:
        """Power of each search, index into POWER: drugs and firearms have statutes of their own."""
        names, powers = list(LOOKED_FOR), list(POWER)
        drugs, arms = (powers.index(name) for name in ("mda_23", "firearms_47"))
        usual = np.where(self.looked_for == names.index("firearms"), arms, 0)
        return np.where(self.looked_for == _DRUGS, drugs, usual)


def searches(
    people: NeedFactors,
    ethnic: Ints,
    met: tuple[PoliceCases, Ints, Ints],
    period: Period,
    spec: Searches,
    chance: Stream,
) -> Stops:
    """Draw the searches of a block's people.

    Parameters
    ----------
    people
        Properties of the people.
    ethnic
        Their ethnic groups, shape (n,).
    met
        Cases of all forces, meetings of the people in them, and the people's rows.
    period
        Period of the study.
    spec
        Rates of searches.
    chance
        The world's stream; draws are keyed by person and event.
    """
    own = chance.stage("police").stage("searches")
    parts = [_fruitful(met, spec, own), _fruitless(people, ethnic, met, period, spec, chance)]
    row, ids, when, place, lsoa, looked_for, found, outcome, case = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    seen_as = own.pick_by_group("seen_as", ids, _SEEN_AS, ethnic[row])
    return Stops(row, ids, when, place, lsoa, looked_for, found, outcome, case, seen_as)


def _fruitful(
    met: tuple[PoliceCases, Ints, Ints], spec: Searches, chance: Stream
) -> tuple[np.ndarray, ...]:
    """Let cases of possession that an officer came upon begin with a search of the suspect."""
    cases, meeting, row = met
    case = cases.meetings.case[meeting]
    fits = np.isin(cases.offence[case], _POSSESSION) & (cases.meetings.role[meeting] == SUSPECT)
    fits &= cases.how[case] == list(HOW_REPORTED).index("officer")
    fits &= cases.meetings.person[meeting] == cases.suspect[case]
    fits &= ~np.isin(cases.place[case], [list(PLACE).index(name) for name in _HOMES])
    fits &= chance.happens("precedes", cases.event[case], spec.precedes_rate)
    chosen = np.flatnonzero(fits)
    case, event = case[chosen], cases.event[case[chosen]]
    before = 1 + chance.below("before", event, _BEFORE_MINUTES)
    armed = cases.offence[case] == _BLADE
    return (
        row[chosen],
        event,
        cases.occurred_s[case] - before * MINUTE_S,
        np.asarray(cases.place[case]),
        cases.lsoa[case],
        np.where(armed, _WEAPONS, _DRUGS),
        np.ones(len(case), bool),
        _outcomes(cases, case),
        case,
    )


_HOMES = ("own_home", "other_home")


def _outcomes(cases: PoliceCases, case: Ints) -> Ints:
    """Tell what came of each case at the scene: an arrest, or else what its outcome says."""
    names = list(SEARCH_OUTCOME)
    held = np.isin(case, cases.arrests.case[cases.custody.held])
    codes = np.array([*OUTCOME, ""])[cases.outcome[case]]
    ends = [held, codes == "8", np.isin(codes, ("2", "3")), codes == "1"]
    marks = [names.index(name) for name in ("arrest", "resolution", "caution", "summons")]
    return np.select(ends, marks, names.index("nfa"))


def _fruitless(
    people: NeedFactors,
    ethnic: Ints,
    met: tuple[PoliceCases, Ints, Ints],
    period: Period,
    spec: Searches,
    chance: Stream,
) -> tuple[np.ndarray, ...]:
    """Draw the searches that lead to nothing, as many as the force's rate leaves."""
    own = chance.stage("police").stage("searches")
    rate = np.array([getattr(spec.per_1000, name) for name in FORCES]) * (1 - _fruitful_share(met))
    force = wales().force[people.lsoa]
    prone = np.exp(spec.spread * proneness(people.ids, people.family, chance) - spec.spread**2 / 2)
    mean = rate[force] / 1_000 * period.years * prone * _weight(people, ethnic, period, spec)
    row, turn = occasions(own.poisson("searched", people.ids, mean, most=_MOST))
    ids = people.ids[row] * (_MOST + 1) + turn
    when = hours_drawn(period, np.full(len(ids), "search"), ids, own)
    there = people.there(row, when // DAY_S)
    there &= whole_years(people.birth_day[row], when // DAY_S) >= _AGES[1]
    row, ids, when = row[there], ids[there], when[there]
    none = np.full(len(ids), -1)
    return (
        row,
        ids,
        when,
        own.pick("place", ids, _PLACES),
        met_at(people.lsoa[row], ids, _NEAR_RATE, own),
        own.pick("looked_for", ids, _LOOKED_FOR),
        own.happens("found", ids, _FOUND_NOTHING_MORE),
        np.full(len(ids), list(SEARCH_OUTCOME).index("nfa")),
        none,
    )


def _fruitful_share(met: tuple[PoliceCases, Ints, Ints]) -> float:
    """Give the share of searches that lead to a case, which is none where nobody has cases."""
    return _FRUITFUL if len(met[0].event) else 0.0


_FRUITFUL = 0.26  # searches with a case. Source: outcomes of 26 % in Dyfed-Powys, 2022-23


def _weight(people: NeedFactors, ethnic: Ints, period: Period, spec: Searches) -> Floats:
    """Give people's rates against all: by sex, age in the middle of the study, and ethnic group."""
    age = ((period.start + period.end) / 2 - people.birth_day) / DAYS_A_YEAR
    by_age = _BY_AGE[np.searchsorted(_AGES, np.maximum(age, 0), side="right") - 1]
    factors = {"Black": spec.black_factor, "Mixed": spec.mixed_factor, "Asian": spec.asian_factor}
    group = np.array([factors.get(name, 1.0) for name in ETHNIC_GROUP])
    return np.asarray(by_age * np.where(people.sex == 1, 1.0, _WOMAN) * group[ethnic])

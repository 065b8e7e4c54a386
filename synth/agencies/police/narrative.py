"""Narratives of officers: what happened, who, where and when, as they know it and write it.

The wordings are `reference/police_wordings.csv`. A code that the officer left empty is often in the
text, which is why forces search it; and some texts contradict the codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.handwriting import written_by
from darkfigure.synth.agencies.framework.people_written import PeopleWritten
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import INCIDENT_TYPE, OFFENCES, OUTCOME
from darkfigure.synth.agencies.police.other_work import RELATIONS
from darkfigure.synth.agencies.police.people_named import people_named
from darkfigure.synth.agencies.police.spec import Narratives
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import strings, zero_padded
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.population import Census
from darkfigure.synth.reference import load
from darkfigure.synth.schema import (
    FORCES,
    HOW_REPORTED,
    INJURY,
    PLACE,
    RELATIONSHIP,
    SEVERITY,
    SEX,
    WEAPON,
    codes_of,
)
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.working_days import working_day
from darkfigure.synth.text import Passages, Slot, Told, Trait, compose, wordings
from darkfigure.synth.text import mention_kinds as kinds
from darkfigure.synth.text.blows import BLOWS, SPOTS, TIMES, blows, spots, times_hit
from darkfigure.synth.text.times_said import (
    DAY_SHARES,
    TIME_SHARES,
    days_said,
    rounded,
    times_said,
)

# Edges on a normal between no text, a terse, a plain and a full one of an average officer; assumed.
_EDGES = (-1.6, -0.5, 0.75)
_AGES, _BANDS = (5, 11, 16, 65), ("small", "child", "teen", "adult", "old")  # years; assumed
_YOUNG_YEARS = 16  # of children of a household; assumed
_GENERATION_YEARS = 16  # between parent and child; assumed
_OFFICE_HOURS, _DAY_HOURS = (8, 18), 24  # of schools and social services, assumed; no rate
_LATER_HOURS, _QUARTERS = 3, 4  # longest window that texts tell, in quarters of hours; assumed
_HALF_DAY_S = 12 * HOUR_S  # by which who mistakes morning for evening errs; no rate
_FIRST_NAME_OF_PLACE_RATE = 0.5  # texts that name the premises or street without the town; assumed
_ONE_HOUR_OFF = 0.5  # contradicting times that are an hour off, else twelve; assumed
_LOGS_A_DAY = 1_500  # numbers of the control room's log, which begins anew each day; assumed
_YES_NO = ("no", "yes")
_RELATIONS = ("partner", "family", "acquaintance", "stranger", "ex_partner", "parent", "work")


@dataclass(frozen=True)
class RecordedPart:
    """What a narrative goes by besides the case; arrays have one entry per text.

    Parameters
    ----------
    location, occurred_s
        Columns of the occurrence.
    care
        Thoroughness of the officer, in standard deviations above the average.
    """

    location: pa.StringArray
    occurred_s: Ints
    care: Floats

    def at(self, rows: Ints) -> RecordedPart:
        """Take some texts."""
        location = self.location.take(pa.array(rows))
        return RecordedPart(location, self.occurred_s[rows], self.care[rows])


def narratives(
    simulated: SimulatedEvents,
    cases: PoliceCases,
    rows: Ints,
    part: RecordedPart,
    spec: Narratives,
) -> Passages:
    """Write the texts of some cases of one force.

    Parameters
    ----------
    simulated
        The simulated events.
    cases
        Cases of all forces.
    rows
        Rows of cases, ascending, shape (n,).
    part
        What else they go by.
    spec
        Rates of the texts.

    Returns
    -------
    Texts, null where the officer wrote none, and their mentions.
    """
    police = simulated.chance.stage("police")
    chance, event = police.stage("narrative"), cases.event[rows]
    length = np.digitize(part.care + spec.care_sd * chance.normal("length", event), _EDGES)
    some = np.flatnonzero(length > 0)
    own, part, force = rows[some], part.at(some), list(FORCES)[int(cases.force[rows[0]])]
    about = _About.of(simulated, cases, own, spec, chance)
    people = people_named(simulated, cases, own, force, police)
    speakers = wales().welsh_speaker_rate[cases.lsoa[own]]
    officer = cases.officer[own] * len(FORCES) + cases.force[own]
    manner = written_by(spec.hand, officer, length[some] - 1, speakers, event[some], chance)
    slots = _people(people, about, chance)
    slots |= _times(cases, own, part, manner.language, spec, chance)
    slots |= _place(part.location, about, chance)
    told = Told(event[some], about.traits(people, police), slots, manner)
    return compose(wordings("police_wordings"), told, chance).spread(some, len(rows))


@dataclass(frozen=True)
class _About:
    """What the officer knows of each case, contradictions with the codes included."""

    cases: PoliceCases
    rows: Ints
    census: Census
    start: int
    event: Ints
    place: Ints
    weapon: Ints
    relation: Ints  # index into `_RELATIONS`, -1 for unknown
    severity: Ints
    drink: Mask
    treated: Mask  # in an emergency department
    fetched: Mask  # an ambulance came
    site: Ints

    @classmethod
    def of(
        cls,
        simulated: SimulatedEvents,
        cases: PoliceCases,
        rows: Ints,
        spec: Narratives,
        chance: Stream,
    ) -> _About:
        event, incidents = cases.event[rows], simulated.incidents
        found = places(cases.incident[rows], incidents["incident_id"].to_numpy())
        real, at = found >= 0, np.maximum(found, 0)
        true_tie = _taken(codes_of(incidents["relationship"], RELATIONSHIP), at)
        ties = np.array([_RELATIONS.index(name) for name in RELATIONSHIP])
        relation = np.where(real, ties[true_tie], cases.relation[rows])
        severity = np.where(real, _taken(codes_of(incidents["severity"], SEVERITY), at), 0)
        relation, place, weapon = (
            _contradicted(name, values, size, event, rate, chance)
            for name, values, size, rate in (
                ("relation", relation, len(RELATIONS), spec.relation_contradicts_rate),
                ("place", cases.place[rows], len(PLACE), spec.place_contradicts_rate),
                ("weapon", cases.weapon[rows], len(WEAPON), spec.weapon_contradicts_rate),
            )
        )
        return cls(
            cases=cases,
            rows=rows,
            census=simulated.victims.census,
            start=simulated.period.start,
            event=event,
            place=place,
            weapon=weapon,
            relation=relation,
            severity=severity,
            drink=real & _taken(_flag(incidents, "alcohol"), at),
            treated=real & _taken(_flag(incidents, "ed_attended"), at),
            fetched=real & _taken(_flag(incidents, "ambulance"), at),
            site=np.where(real, _taken(incidents["site"].to_numpy(), at), -1),
        )

    @property
    def work(self) -> Ints:
        """Offence, or after those the kind of incident."""
        offence, kind = self.cases.offence[self.rows], self.cases.incident_type[self.rows]
        return np.where(offence >= 0, offence, np.where(kind >= 0, kind + len(OFFENCES), -1))

    def traits(self, people: Mapping[str, PeopleWritten], police: Stream) -> dict[str, Trait]:
        """Give everything on which wordings depend."""
        cases, rows = self.cases, self.rows
        groups = load("offence_codes")["offence_group"].to_pylist()
        labels = tuple(dict.fromkeys(groups))
        group = np.array([*(labels.index(name) for name in groups), *[-1] * len(INCIDENT_TYPE), -1])
        violent = np.isin(self.work, [list(OFFENCES).index(code) for code in _VIOLENT])
        intimate = np.isin(
            self.relation, [_RELATIONS.index("partner"), _RELATIONS.index("ex_partner")]
        )
        shared = police.stage("blows")
        blow = blows(self.severity, np.maximum(self.weapon, 0), intimate, self.event, shared)
        outcome = np.where(cases.outcome[rows] < 0, len(OUTCOME), cases.outcome[rows])
        yes = self._yes(people) | {
            "violence": violent,
            "tool": blow >= BLOWS.index("blunt"),
        }
        return {
            **{name: Trait(mask.astype(np.int64), _YES_NO) for name, mask in yes.items()},
            **self._coded(),
            "work": Trait(self.work, (*OFFENCES, *INCIDENT_TYPE)),
            "group": Trait(group[self.work], labels),
            "outcome": Trait(outcome, (*OUTCOME, "open")),
            "age": Trait(self._generation(), ("alike", "older", "younger")),
            "vage": Trait(np.digitize(self._age(cases.victim[rows]), _AGES), _BANDS),
            "blow": Trait(blow, BLOWS),
            "spot": Trait(spots(blow, self.event, shared), SPOTS),
            "times": Trait(times_hit(self.event, shared), TIMES),
        }

    def _yes(self, people: Mapping[str, PeopleWritten]) -> dict[str, Mask]:
        return {
            "named": people["suspect"].person_id >= 0,
            "witness": people["witness"].person_id >= 0,
            "victim": people["victim"].person_id >= 0,
            "drink": self.drink,
            "ed": self.treated,
            "ambulance": self.fetched,
            "domestic": self.cases.domestic[self.rows],
            "children": self._with_children(),
            "office": self._office_open(),
        }

    def _coded(self) -> dict[str, Trait]:
        cases, rows = self.cases, self.rows
        return {
            "place": Trait(self.place, tuple(PLACE)),
            "relation": Trait(self.relation, _RELATIONS),
            "severity": Trait(self.severity, tuple(SEVERITY)),
            "injury": Trait(cases.injury[rows], tuple(INJURY)),
            "how": Trait(cases.how[rows], tuple(HOW_REPORTED)),
            "vsex": Trait(self._sex(cases.victim[rows]), tuple(SEX)),
            "ssex": Trait(self._sex(cases.suspect[rows]), tuple(SEX)),
        }

    def _sex(self, person: Ints) -> Ints:
        return np.where(person >= 0, self.census.sex[person], -1)

    def _age(self, person: Ints) -> Floats:
        since = (self.cases.occurred_s[self.rows] / DAY_S - self.start) / DAYS_A_YEAR
        return np.where(person >= 0, self.census.age_years[person] + since, np.inf)

    def _generation(self) -> Ints:
        """Tell whether the victim is of the suspect's age, a generation older, or younger."""
        victim, suspect = self.cases.victim[self.rows], self.cases.suspect[self.rows]
        both = (victim >= 0) & (suspect >= 0)
        years = self.census.age_years[victim] - self.census.age_years[suspect]
        apart = np.digitize(years, (-_GENERATION_YEARS, _GENERATION_YEARS))
        return np.where(both, np.array([2, 0, 1])[apart], -1)

    def _office_open(self) -> Mask:
        """Tell which cases were reported while schools and social services are at work."""
        reported, (opens, closes) = self.cases.reported_s[self.rows], _OFFICE_HOURS
        hour, day = reported // HOUR_S % _DAY_HOURS, reported // DAY_S
        return np.asarray((working_day(day) == day) & (hour >= opens) & (hour < closes))

    def _with_children(self) -> Mask:
        census, victim = self.census, self.cases.victim[self.rows]
        young = np.bincount(
            census.household[(census.age_years >= 0) & (census.age_years < _YOUNG_YEARS)],
            minlength=int(census.household.max(initial=0)) + 1,
        )
        return (victim >= 0) & (young[census.household[victim]] > 0)


_VIOLENT = ("5D", "8N", "105A")


def _flag(incidents: pa.Table, name: str) -> Mask:
    return np.asarray(incidents[name].to_numpy(zero_copy_only=False))


def _taken(values: np.ndarray, at: Ints) -> np.ndarray:
    """Take values of incidents; where there are none, no case is about one and any value does."""
    return values[at] if len(values) else np.zeros(len(at), values.dtype)


def _contradicted(
    name: str, values: Ints, size: int, event: Ints, rate: float, chance: Stream
) -> Ints:
    """Put another value into some texts."""
    struck = (values >= 0) & chance.happens(f"contradicts {name}", event, rate)
    return np.where(struck, chance.below(f"other {name}", event, size), values)


def _people(people: Mapping[str, PeopleWritten], about: _About, chance: Stream) -> dict[str, Slot]:
    """Name the people, their addresses, telephones and birthdays, and numbers."""
    event = about.event
    slots: dict[str, Slot] = {}
    for role, written in people.items():
        drawn, again = (chance.uniform(f"{form} {role}", event) for form in ("full", "short"))
        slots |= written.slots(role, drawn, again)
    officer = strings(zero_padded(about.cases.officer[about.rows] + 1, 4))
    log = strings(zero_padded(chance.below("log", event, _LOGS_A_DAY) + 1, 4))
    return slots | {
        "officer": Slot(officer, kinds.IDENTIFIER),
        "log": Slot(log, kinds.IDENTIFIER),
    }


def _times(
    cases: PoliceCases,
    rows: Ints,
    part: RecordedPart,
    language: Ints,
    spec: Narratives,
    chance: Stream,
) -> dict[str, Slot]:
    """Tell when it happened and when it was reported; some texts contradict the coded time."""
    event = cases.event[rows]
    wrong = chance.happens("contradicts time", event, spec.time_contradicts_rate)
    by_one = chance.happens("an hour off", event, _ONE_HOUR_OFF)
    second = part.occurred_s - wrong * np.where(by_one, HOUR_S, _HALF_DAY_S)
    quarters = 1 + chance.below("window", event, _LATER_HOURS * _QUARTERS)
    later = second + quarters * (HOUR_S // _QUARTERS)
    later = np.minimum(later, np.maximum(cases.reported_s[rows], second))
    day_form = chance.pick("form of days", event, DAY_SHARES)
    time_form = chance.pick("form of times", event, TIME_SHARES)
    reported = cases.reported_s[rows]
    return {
        "date": Slot(days_said(second // DAY_S, day_form, language), kinds.DATE),
        "time": Slot(times_said(second, time_form), kinds.TIME),
        "about": Slot(times_said(rounded(second), time_form), kinds.TIME),
        "later": Slot(times_said(later, time_form), kinds.TIME),
        "reported": Slot(times_said(reported, time_form), kinds.TIME),
        "reported_day": Slot(days_said(reported // DAY_S, day_form, language), kinds.DATE),
    }


def _place(location: pa.StringArray, about: _About, chance: Stream) -> dict[str, Slot]:
    """Name the place as recorded, or by its first name alone."""
    first = pc.list_element(pc.split_pattern(location.fill_null(""), ", ", max_splits=1), 0)
    short = chance.happens("first name", about.event, _FIRST_NAME_OF_PLACE_RATE)
    text = pc.if_else(pa.array(short), first, location)
    known = pc.if_else(pc.is_valid(location), text, pa.scalar(None, pa.string()))
    return {"place": Slot(known, kinds.PLACE, about.site)}

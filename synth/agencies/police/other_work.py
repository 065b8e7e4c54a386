"""Work of the police besides simulated violence: most crime, incidents, intelligence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.police.associates import Associates, Suspects, readiness
from darkfigure.synth.agencies.police.kinds_of_work import (
    ABOUT,
    CRIME,
    INTELLIGENCE,
    NON_CRIME,
    kinds,
)
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.population import Census
from darkfigure.synth.schema import FORCES, HOW_REPORTED, PLACE
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S, HOUR_S, hours_drawn
from darkfigure.synth.violence.proneness import proneness

_MOST = 63  # of one person in the study; assumed
OTHER_EVENT = 1 << 44  # marks ids of events that are no simulated incident
RELATIONS = ("partner", "family", "acquaintance", "stranger")
# Factors on the delay of reports, a day: of what is no crime, and of crime that an officer came
# upon, who writes it up in that shift. Assumed.
_DELAY_OTHER, _DELAY_OFFICER = 0.05, 0.06
# Weights of people in entries about a domestic matter: of men against women, of homes with
# children; about somebody at risk: of those from an
# age on, and of younger adults. Assumed.
_DOMESTIC_MAN, _DOMESTIC_PARENT = 0.33, 2.0
_AT_RISK_FROM, _AT_RISK_OLD, _AT_RISK_YOUNGER = 75, 3.0, 0.4
_ADULT_FROM, _AT_RISK_ADULT_FROM = 16, 18  # years; assumed
# Ages, from and below, of people whom entries of other kinds are about; assumed.
_YEARS_OF = {
    "adult": (16, 200),
    "child": (0, 18),
    "young": (10, 40),
    "female": (16, 200),
    "male": (16, 200),
    "girl": (0, 16),
}
_SEX_OF = {"female": 0, "male": 1, "girl": 0}  # offences whose code names the victim's sex
_OLD_FROM, _OLD = 60, 0.3  # of victims of these, and their weight from that age on; assumed
_AT_HOME_RATE = 0.85  # domestic incidents in the home; assumed
# Hours in which schools, on weekdays, and licensed premises are open; assumed.
_SCHOOL_HOURS, _SCHOOL_DAYS, _LICENSED_SHUT = (8, 17), 5, (3, 10)
_THURSDAY = 3  # 1970-01-01, where Monday is 0; no rate
# Relative rate of domestic incidents by age, with lines between, most at 20 to 34; assumed.
_DOMESTIC_AGES, _DOMESTIC_RATES = (16, 20, 34, 50, 65, 80), (1.0, 1.5, 1.4, 0.9, 0.35, 0.15)


def other_events(
    simulated: SimulatedEvents, violent_force: Ints, spec: Police, chance: Stream
) -> dict[str, Ints]:
    """Draw everything else that the forces record about people of the sample.

    Parameters
    ----------
    simulated
        The simulated events; their violence is recorded elsewhere.
    violent_force
        Index into `schema.FORCES` of each recorded act of violence: these count towards all crime.
    spec
        Amounts of the work.
    chance
        Stream of the other work; draws are keyed by person.

    Returns
    -------
    One array per column of `PoliceCases` that both kinds of cases have.
    """
    census, period = simulated.victims.census, simulated.period
    sample = _Sample.of(simulated, spec, chance)
    factor = _factors(simulated, violent_force, spec)
    person, about, force = sample.draw(factor)
    turn = place_in_runs(person)
    ids = census.person_id[person] * (_MOST + 1) + turn
    kind = _pick_kinds(ids, about, force, factor, chance)
    event_kinds = kinds()
    domestic = chance.happens("domestic", ids, event_kinds.domestic_rate[kind])
    hours = np.where(domestic, "domestic", event_kinds.hours[kind])
    when = hours_drawn(period, hours, ids, chance, "other_when")
    there = census.there(person, when // DAY_S)
    ids, kind, person, force = (part[there] for part in (ids, kind, person, force))
    when = when[there]
    domestic = domestic[there] & _of_age(census, person, kind, when, period.start)
    event = ids | OTHER_EVENT
    category, code = event_kinds.category[kind], event_kinds.code[kind]
    around = Associates(census, chance), Suspects.of(simulated, spec.offending_sd, chance)
    people = _people(ids, kind, person, domestic, around, spec)
    none = np.full(len(ids), -1)
    how = chance.pick_by_group("how_reported", ids, event_kinds.how, kind)
    return {
        "event": event,
        "incident": none,
        "force": force,
        "category": category,
        "reported_s": when + _delay_s(category, how, ids, chance),
        "occurred_s": when,
        "offence": np.where(category == CRIME, code, -1),
        "incident_type": np.where(category == NON_CRIME, code, -1),
        "place": _places(ids, kind, domestic, when, chance),
        "how": how,
        "lsoa": census.lsoa[person],
        "domestic": domestic,
        "relation": none,
        "weapon": none,
        "injury": none,
        **_present(people, census, when),
    }


def _of_age(census: Census, person: Ints, kind: Ints, when: Ints, start: int) -> Mask:
    """Tell to whom abuse at home is domestic: nobody under 16 (Domestic Abuse Act 2021)."""
    age = ages_on(when // DAY_S, census.age_years[person], start)
    return np.asarray((age >= _ADULT_FROM) | (kinds().domestic_rate[kind] == 1))


def _delay_s(category: Ints, how: Ints, ids: Ints, chance: Stream) -> Ints:
    """Draw the seconds until each event is reported."""
    found = how == list(HOW_REPORTED).index("officer")
    factor = np.select([category != CRIME, found], [_DELAY_OTHER, _DELAY_OFFICER], 1.0)
    return (factor * chance.exponential("other_delay", ids) * DAY_S).astype(np.int64)


def _present(people: dict[str, Ints], census: Census, when: Ints) -> dict[str, Ints]:
    """Name nobody who is dead, or not in Wales, at the time of the event."""
    day = when // DAY_S
    return {
        role: np.where(census.there(np.maximum(person, 0), day), person, -1)
        for role, person in people.items()
    }


@dataclass(frozen=True)
class _Sample:
    """The people of the sample who live in Wales, and their proneness to each kind of event."""

    census: Census
    person: Ints
    force: Ints
    frailty: Floats  # to domestic incidents, mean 1
    offends: Floats  # readiness to offend against others of their age and sex, mean 1
    chance: Stream
    years: float

    @classmethod
    def of(cls, simulated: SimulatedEvents, spec: Police, chance: Stream) -> _Sample:
        victims = simulated.victims
        census, person = victims.census, victims.inhabitants
        sd = spec.domestic_frailty_sd
        household = census.household_id[census.household[person]]
        prone = proneness(census.person_id[person], household, simulated.chance)
        force = simulated.geography.force[census.lsoa[person]]
        frailty = np.exp(sd * prone - sd**2 / 2)
        offends = np.exp(spec.offending_sd * prone - spec.offending_sd**2 / 2)
        return cls(census, person, force, frailty, offends, chance, simulated.period.years)

    def weight(self, about: int) -> Floats:
        """Give everybody's weight for an entry of ABOUT, assumed; the mean over the sample is 1."""
        age, woman = self.census.age_years[self.person], self.census.sex[self.person] == 0
        adult = age >= _ADULT_FROM
        name = ABOUT[about]
        weight: Floats
        if name == "offender":
            weight = readiness(self.census, self.person) * self.offends
        elif name == "domestic":
            weight = np.where(woman, 1.0, _DOMESTIC_MAN) * self.frailty * _domestic_age(age) * adult
            weight *= np.where(self._with_children(), _DOMESTIC_PARENT, 1.0)
        elif name == "at_risk":
            weight = np.where(age >= _AT_RISK_FROM, _AT_RISK_OLD, _AT_RISK_YOUNGER)
            weight *= age >= _AT_RISK_ADULT_FROM
        else:
            low, high = _YEARS_OF[name]
            fits = (age >= low) & (age < high)
            if name in _SEX_OF:
                fits &= self.census.sex[self.person] == _SEX_OF[name]
            old = (name in _SEX_OF) & (age >= _OLD_FROM)
            weight = np.where(fits, np.where(old, _OLD, 1.0), 0.0)
        return np.asarray(weight / max(float(weight.mean()), 1e-9) if len(weight) else weight)

    def _with_children(self) -> Mask:
        """Tell which people's household has children."""
        census = self.census
        young = (census.age_years >= 0) & (census.age_years < _ADULT_FROM)
        homes = np.bincount(census.household, young, len(census.household_size)) > 0
        return np.asarray(homes[census.household[self.person]])

    def draw(self, factor: Floats) -> tuple[Ints, Ints, Ints]:
        """Draw events: census index, index into ABOUT, and force of each, by person."""
        event_kinds = kinds()
        rate = np.zeros((len(ABOUT), len(FORCES)))
        for category in (CRIME, NON_CRIME, INTELLIGENCE):
            own = event_kinds.category == category
            summed = np.bincount(event_kinds.about[own], event_kinds.per_1000[own], len(ABOUT))
            rate += summed[:, None] * factor[category] / 1000 * self.years
        weights = [self.weight(about) for about in range(len(ABOUT))]
        mean = sum(w * rate[about][self.force] for about, w in enumerate(weights))
        ids = self.census.person_id[self.person]
        count = self.chance.poisson("other_events", ids, np.asarray(mean), most=_MOST)
        row = np.repeat(np.arange(len(ids)), count)
        parts = [w[row] * rate[about][self.force[row]] for about, w in enumerate(weights)]
        edges = np.cumsum(parts, axis=0)
        keys = ids[row] * (_MOST + 1) + place_in_runs(row)
        drawn = self.chance.uniform("about", keys) * edges[-1]
        about = np.minimum((drawn >= edges).sum(0), len(ABOUT) - 1)
        return self.person[row], about, self.force[row]


def _domestic_age(age: Floats) -> Floats:
    """Give the relative rate of domestic incidents by age."""
    return np.asarray(np.interp(age, _DOMESTIC_AGES, _DOMESTIC_RATES))


def _factors(simulated: SimulatedEvents, violent_force: Ints, spec: Police) -> Floats:
    """Give factors on the kinds' rates by category and force; other crime completes all crime."""
    event_kinds, victims = kinds(), simulated.victims
    lsoa = victims.census.lsoa[victims.inhabitants]
    people = np.bincount(simulated.geography.force[lsoa], minlength=len(FORCES))
    violent = np.bincount(violent_force, minlength=len(FORCES))
    listed = event_kinds.per_1000[event_kinds.category == CRIME].sum()
    total = np.array([getattr(spec.all_crime_per_1000, name) for name in FORCES])
    per_1000 = violent * 1000 / np.maximum(people * simulated.period.years, 1)
    crime = np.maximum(total - per_1000, 0) / listed
    ones = np.ones(len(FORCES))
    return np.stack([crime, ones * spec.incidents_scale, ones * spec.intelligence_per_1000])


def _pick_kinds(ids: Ints, about: Ints, force: Ints, factor: Floats, chance: Stream) -> Ints:
    """Draw the kind of each event among the kinds about such people."""
    event_kinds = kinds()
    drawn = chance.uniform("kind", ids)
    weight = event_kinds.per_1000[:, None] * factor[event_kinds.category]
    kind = np.zeros(len(ids), np.int64)
    for group in range(len(ABOUT)):
        own = np.flatnonzero(event_kinds.about == group)
        for number in range(len(FORCES)):
            mine = np.flatnonzero((about == group) & (force == number))
            edges = np.cumsum(weight[own, number])
            index = np.searchsorted(edges, drawn[mine] * edges[-1], side="right")
            kind[mine] = own[np.minimum(index, len(own) - 1)]
    return kind


def _places(ids: Ints, kind: Ints, domestic: Mask, when: Ints, chance: Stream) -> Ints:
    """Draw the kind of place of each event: by its kind, and where somebody is at that hour."""
    places = list(PLACE)
    place = chance.pick_by_group("other_place", ids, kinds().places, kind)
    home = domestic & chance.happens("at_home", ids, _AT_HOME_RATE)
    place = np.where(home, places.index("own_home"), place)
    hour, weekday = when // HOUR_S % (DAY_S // HOUR_S), (when // DAY_S + _THURSDAY) % 7
    taught = (hour >= _SCHOOL_HOURS[0]) & (hour < _SCHOOL_HOURS[1]) & (weekday < _SCHOOL_DAYS)
    shut = (hour >= _LICENSED_SHUT[0]) & (hour < _LICENSED_SHUT[1])
    closed = (place == places.index("school")) & ~taught
    closed |= (place == places.index("licensed")) & shut
    return np.where(closed, places.index("street"), place)


def _people(
    ids: Ints,
    kind: Ints,
    person: Ints,
    domestic: Mask,
    around: tuple[Associates, Suspects],
    spec: Police,
) -> dict[str, Ints]:
    """Draw the victim, suspect and witness of each event."""
    event_kinds, (associates, suspects) = kinds(), around
    chance = associates.chance
    named = chance.happens("other_suspect", ids, event_kinds.suspect_rate[kind])
    offender = event_kinds.about[kind] == ABOUT.index("offender")
    of_child = event_kinds.about[kind] == ABOUT.index("child")
    victim = np.where(offender, -1, person)
    suspect = np.where(offender & named, person, -1)
    at_home = np.flatnonzero(named & domestic & ~offender)
    suspect[at_home] = associates.partner(ids[at_home], person[at_home])
    parent = np.flatnonzero(named & of_child)
    suspect[parent] = associates.parent(person[parent])
    rest = np.flatnonzero(named & ~domestic & ~offender & ~of_child)
    suspect[rest] = suspects.draw(ids[rest], person[rest])
    seen = chance.happens("other_witness", ids, spec.witness_rate / 2)
    witness = np.full(len(ids), -1)
    rows = np.flatnonzero(seen & (event_kinds.category[kind] == CRIME) & ~domestic)
    witness[rows] = associates.witness(ids[rows], person[rows])
    return {
        "victim": victim,
        "suspect": np.where(suspect == victim, -1, suspect),
        "witness": np.where((witness == victim) | (witness == suspect), -1, witness),
    }

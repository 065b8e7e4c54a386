"""The family court: care cases, disputes between parents, and injunctions after domestic abuse.

Care cases follow from children's care and concern one household, so they are written by block. A
party to another case may live anywhere, so these are decided for everybody at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.family_justice.tables import (
    CASE,
    CASE_OUTCOME,
    CASES,
    COURT,
    PARTIES,
    PARTY_ROLE,
)
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.care_episodes import ADULT_YEARS, Care, care_episodes
from darkfigure.synth.agencies.framework.care_proceedings import care_proceedings
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Records,
    Tables,
    about_incidents,
    add,
    constant,
    days,
    note_contacts,
    write_records,
)
from darkfigure.synth.agencies.framework.service_demand import NeedFactors, Needs
from darkfigure.synth.agencies.social_care.care_records import ended
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.lives import People
from darkfigure.synth.population.families import CHILD, PARTNER
from darkfigure.synth.population.kin import NOBODY
from darkfigure.synth.schema import POLICE_STATUS, RELATIONSHIP, coded, codes_of
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.working_days import working_day, working_days_drawn

_CARE, _PRIVATE, _INJUNCTION = range(len(CASE))
_APPLICANT, _RESPONDENT, _CHILD = range(len(PARTY_ROLE))
_CLERKS = 25  # of a court area; assumed
_MOST_CHILDREN = 8  # entered in one case
_PRIVATE_WEEKS, _INJUNCTION_WEEKS = 30.0, 5.0  # that cases last, mean; assumed
# Children whose order was refused are not looked after, and not simulated. The others assumed.
_OUTCOMES = ((1.0, 0.0, 0.0), (0.72, 0.06, 0.22), (0.68, 0.12, 0.2))
_COURTS = {"Betsi Cadwaladr": 0, "Hywel Dda": 2, "Swansea Bay": 2, "Powys": 2}  # others South East
_INJUNCTION_DAYS = 12  # from an act to the application for an injunction, mean; assumed
_LASTS_AT_LEAST_DAYS, _WEEK_DAYS = 7, 7  # the shortest case; assumed


class FamilyJustice(Spec):
    """Rates of applications to the family court; all assumed."""

    private_law_a_year: Amount = 0.007
    """Applications about children, per household with children."""
    injunction_if_recorded_rate: Rate = 0.04
    """Share of violence by partners that the police record after which the victim applies."""
    injunction_if_not_rate: Rate = 0.01
    """Share of violence by partners that they do not record, after which the victim applies."""


@dataclass(frozen=True)
class CourtCases:
    """Applications; arrays have one entry per case."""

    ids: Ints
    kind: Ints
    applied_on: Ints
    closed_on: Ints
    lsoa: Ints
    incident: Ints  # that the application is about, -1 for none


@dataclass(frozen=True)
class Parties:
    """Parties to cases, in order of person; arrays have one entry per party."""

    case: Ints  # id of the case
    person: Ints  # census index, or row of the block
    role: Ints
    number: Ints  # among the parties of the case
    applied_on: Ints

    def of(self, chosen: Mask) -> Parties:
        """Take the parties for which a mask is true."""
        return Parties(*(values[chosen] for values in vars(self).values()))


@dataclass(frozen=True)
class _Docket:
    """Cases that are decided for everybody at once, and the demand that care cases follow from."""

    cases: CourtCases
    parties: Parties
    needs: Needs


class FamilyCourt(Agency):
    """The agency of the family court in Wales."""

    def prepare(self, simulated: SimulatedEvents, spec: FamilyJustice) -> _Docket:
        """Draw the applicants and respondents of private-law cases and injunctions."""
        chance = simulated.chance.stage("family_justice")
        kinds = (_private_law(simulated, spec, chance), _injunctions(simulated, spec, chance))
        cases = CourtCases(*_joined([cases for cases, _ in kinds]))
        joined = _joined([parties for _, parties in kinds])
        order = np.lexsort((joined[3], joined[0], joined[1]))
        return _Docket(cases, Parties(*(part[order] for part in joined)), simulated.needs)

    def named(self, prepared: _Docket) -> Ints:
        """Give everybody who is party to a case."""
        return np.unique(prepared.parties.person)

    def write_block(
        self, block: SampleBlock, prepared: _Docket, spec: FamilyJustice, out: Tables
    ) -> None:
        """Write the parties of a block, and the care cases of its children."""
        del spec
        _write_parties(block.context, _in_block(block.context, prepared.parties), out)
        _write_care(block.context, prepared.needs, out)

    def write_outsiders(
        self, context: RecordingContext, prepared: _Docket, spec: FamilyJustice, out: Tables
    ) -> None:
        """Write the parties outside the sample."""
        del spec
        _write_parties(context, _in_block(context, prepared.parties), out)

    def write_whole(self, simulated: SimulatedEvents, prepared: _Docket, out: Tables) -> None:
        """Write the cases that were decided for everybody at once."""
        _write_cases(prepared.cases, (simulated.chance, simulated.period.end), out)


def _joined(parts: Sequence[CourtCases | Parties]) -> list[Ints]:
    """Concatenate the arrays of several lists."""
    columns = zip(*(vars(part).values() for part in parts), strict=True)
    return [np.concatenate(column) for column in columns]


def _private_law(
    simulated: SimulatedEvents, spec: FamilyJustice, chance: Stream
) -> tuple[CourtCases, Parties]:
    """Draw disputes between the parents of a household's children."""
    census, period = simulated.victims.census, simulated.period
    mine = np.unique(census.household[simulated.victims.person])
    first = census.household_first[mine]
    second = first + (census.household_size[mine] > 1)
    at_home = (census.role[second] == PARTNER) & (second > first)
    other = np.where(at_home, second, simulated.kin.other_parent[mine])
    ids = census.household_id[mine]
    dependent = np.bincount(census.household, census.role == CHILD, len(census.household_size))
    rate = (dependent[mine] > 0) * (other != NOBODY) * spec.private_law_a_year * period.years
    applies = chance.happens("private", ids, np.minimum(rate, 1))
    day = working_days_drawn(period, chance.uniform("private_on", ids))
    there = census.there(first, day) & census.there(np.maximum(other, 0), day)
    chosen = np.flatnonzero(applies & there)
    key = ids[chosen] << 2 | _PRIVATE
    cases = CourtCases(
        ids=key,
        kind=np.full(len(chosen), _PRIVATE),
        applied_on=day[chosen],
        closed_on=working_day(day[chosen] + _lasts(key, _PRIVATE_WEEKS, chance)),
        lsoa=census.household_lsoa[mine[chosen]],
        incident=np.full(len(chosen), -1),
    )
    # Each parent applies as often as the other.
    turned = chance.happens("other_applies", ids[chosen], 0.5)
    parent, absent = first[chosen], other[chosen]
    pair = [np.where(turned, absent, parent), np.where(turned, parent, absent)]
    return cases, _with_children(cases, pair, simulated, mine[chosen])


def _lasts(ids: Ints, weeks: float, chance: Stream) -> Ints:
    """Draw how many days cases last."""
    days = chance.exponential("lasts", ids) * weeks * _WEEK_DAYS
    return np.asarray(_LASTS_AT_LEAST_DAYS + days.astype(np.int64))


def _with_children(
    cases: CourtCases, pair: list[Ints], simulated: SimulatedEvents, household: Ints
) -> Parties:
    """List applicants, respondents and the household's children."""
    census, count = simulated.victims.census, len(cases.ids)
    size = census.household_size[household]
    at = np.repeat(np.arange(count), size)
    place = np.arange(len(at)) - (np.cumsum(size) - size)[at]
    member = census.household_first[household][at] + place
    child = (census.role[member] == CHILD) & (place < _MOST_CHILDREN + 2)
    child &= census.there(member, cases.applied_on[at])
    ages = ages_on(cases.applied_on[at], census.age_years[member], simulated.period.start)
    child &= ages < ADULT_YEARS
    at, member, place = at[child], member[child], place[child]
    case = np.concatenate([np.arange(count), np.arange(count), at])
    return Parties(
        case=cases.ids[case],
        person=np.concatenate([*pair, member]),
        role=np.repeat([_APPLICANT, _RESPONDENT, _CHILD], [count, count, len(at)]),
        number=np.concatenate([np.zeros(count, np.int64), np.ones(count, np.int64), 2 + place]),
        applied_on=cases.applied_on[case],
    )


def _injunctions(
    simulated: SimulatedEvents, spec: FamilyJustice, chance: Stream
) -> tuple[CourtCases, Parties]:
    """Draw applications of victims against partners and former partners."""
    incidents, census = simulated.incidents, simulated.victims.census
    relation = codes_of(incidents["relationship"], RELATIONSHIP)
    names = list(RELATIONSHIP)
    partner = np.isin(relation, [names.index(name) for name in ("partner", "ex_partner")])
    status = codes_of(incidents["police_status"], POLICE_STATUS)
    recorded = status == list(POLICE_STATUS).index("recorded")
    ids = incidents["incident_id"].to_numpy()
    rate = np.where(recorded, spec.injunction_if_recorded_rate, spec.injunction_if_not_rate)
    day = incidents["occurred_s"].to_numpy() // DAY_S + 1
    day += (chance.exponential("injunction_delay", ids) * _INJUNCTION_DAYS).astype(np.int64)
    day = working_day(day)
    victim, offender = incidents["victim"].to_numpy(), incidents["offender"].to_numpy()
    there = np.minimum(census.gone_day[victim], simulated.period.end)
    chosen = np.flatnonzero(partner & (day < there) & chance.happens("injunction", ids, rate))
    key = ids[chosen] << 2 | _INJUNCTION
    cases = CourtCases(
        ids=key,
        kind=np.full(len(chosen), _INJUNCTION),
        applied_on=day[chosen],
        closed_on=working_day(day[chosen] + _lasts(key, _INJUNCTION_WEEKS, chance)),
        lsoa=census.lsoa[victim[chosen]],
        incident=ids[chosen],
    )
    twice = np.tile(np.arange(len(chosen)), 2)
    role = np.repeat([_APPLICANT, _RESPONDENT], len(chosen))
    person = np.append(victim[chosen], offender[chosen])
    return cases, Parties(cases.ids[twice], person, role, role, cases.applied_on[twice])


def _in_block(context: RecordingContext, parties: Parties) -> Parties:
    """Take the parties who live in a block; `person` then holds their rows in it."""
    low, high = np.searchsorted(parties.person, context.people.span)
    near = Parties(*(values[low:high] for values in vars(parties).values()))
    mine = near.of(context.people.holds(near.person))
    row = context.people.row(mine.person)
    return Parties(mine.case, row, mine.role, mine.number, mine.applied_on)


def injunctions_made(simulated: SimulatedEvents) -> tuple[Ints, Ints]:
    """Give the acts of violence after which the court made an injunction, and the day.

    Parameters
    ----------
    simulated
        The simulated events, with what agencies prepared; without this one there are none.

    Returns
    -------
    Ids of the incidents and days since 1970-01-01, shape (n,).
    """
    docket = simulated.prepared.get("family_justice")
    if not isinstance(docket, _Docket):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    cases = docket.cases
    granted = (cases.kind == _INJUNCTION) & (_outcomes(cases, simulated.chance) == 0)
    return cases.incident[granted], cases.closed_on[granted]


def _outcomes(cases: CourtCases, chance: Stream) -> Ints:
    drawn = chance.stage("family_justice").uniform("outcome", cases.ids)
    edges = np.cumsum(_OUTCOMES, axis=1)[cases.kind]
    return np.asarray((drawn[:, None] >= edges[:, :-1]).sum(1))


def _case_numbers(ids: Ints, chance: Stream) -> pa.Array:
    return scrambled("case", ids, prefix="FC", digits=13, chance=chance.stage("family_justice"))


def _write_parties(context: RecordingContext, parties: Parties, out: Tables) -> None:
    """Enter the parties of cases; `person` holds rows of the block."""
    chance, ids = context.chance.stage("family_justice"), parties.case * 16 + parties.number
    court = _courts()[context.people.lsoa[parties.person]]
    records = Records(
        shape=PARTIES,
        key=scrambled("party", ids, prefix="FP", digits=14, chance=chance),
        ids=ids,
        row=parties.person,
        known_on=parties.applied_on,
        event_on=parties.applied_on,
        clerk=court * 100 + chance.below("clerk", ids, _CLERKS),
        columns={
            "case_no": _case_numbers(parties.case, context.chance),
            "entered_on": days(parties.applied_on),
            "role": coded(parties.role, PARTY_ROLE),
        },
    )
    write_records(context, records, out)


def _write_care(context: RecordingContext, needs: Needs, out: Tables) -> None:
    """Write the cases that put children into care, one for the children of a family."""
    people, period = context.people, context.period
    care = care_episodes(NeedFactors.of(people), period, needs, context.chance)
    heard = care_proceedings(care, people.known_from, needs, context.chance)
    chosen = np.flatnonzero((heard.applied_on >= period.start) & (heard.applied_on < period.end))
    cases = CourtCases(
        ids=heard.event[chosen] << 2 | _CARE,
        kind=np.full(len(chosen), _CARE),
        applied_on=heard.applied_on[chosen],
        closed_on=heard.decided_on[chosen],
        lsoa=people.lsoa[heard.care.row[heard.first[chosen]]],
        incident=np.full(len(chosen), -1),
    )
    _write_cases(cases, (context.chance, period.end), out)
    _write_parties(context, _of_care(cases, people, heard.care, heard.event[chosen]), out)


def _of_care(cases: CourtCases, people: People, care: Care, event: Ints) -> Parties:
    """List the parties of care cases: brothers and sisters, and the adults of the family."""
    case = places(care.event, event)
    listed = np.flatnonzero((case >= 0) & (place_in_runs(care.event) < _MOST_CHILDREN))
    child, of_child = care.row[listed], case[listed]
    anchor = people.first[child[np.searchsorted(of_child, np.arange(len(event)))]]
    second = np.minimum(anchor + 1, len(people.person) - 1)
    couple = people.household[second] == people.household[anchor]
    couple &= people.role[second] == PARTNER
    count = np.arange(len(event))
    at = np.concatenate([of_child, count, count[couple]])
    row = np.concatenate([child, anchor, second[couple]])
    sizes = [len(child), len(anchor), couple.sum()]
    role = np.repeat([_CHILD, _RESPONDENT, _RESPONDENT], sizes)
    number = np.repeat([2, 0, 1], sizes)
    number[: len(child)] += place_in_runs(care.event)[listed]
    parties = Parties(cases.ids[at], row, role, number, cases.applied_on[at])
    # A child who lives alone with others has no parent here.
    return parties.of((role == _CHILD) | ~np.isin(row, child))


def _write_cases(cases: CourtCases, world: tuple[Stream, int], out: Tables) -> None:
    chance, end = world
    ids, outcome = cases.ids, _outcomes(cases, chance)
    geography = wales()
    names = np.array(geography.authorities["name"].to_pylist(), object)
    body = names[geography.authority[cases.lsoa]]
    key = _case_numbers(ids, chance)
    table = pa.table(
        {
            "case_no": key,
            "court": coded(_courts()[cases.lsoa], COURT),
            "case_type": coded(cases.kind, CASE),
            "applied_on": days(cases.applied_on),
            "applicant_body": pa.array(body, pa.string(), mask=cases.kind != _CARE),
            "closed_on": ended(cases.closed_on, end),
            "outcome": coded(np.where(cases.closed_on < end, outcome, -1), CASE_OUTCOME),
        }
    )
    add(out, CASES, table)
    about_incidents(CASES, key, cases.incident, out)
    about = cases.incident >= 0
    learned = constant("family_justice", int(about.sum()))
    note_contacts(cases.incident[about], learned, cases.applied_on[about] * DAY_S, out)


@cache
def _courts() -> Ints:
    """Give each LSOA's court area, by its health board."""
    geography = wales()
    boards = geography.authorities["health_board"].to_pylist()
    return np.array([_COURTS.get(board, 1) for board in boards])[geography.authority]

"""Children's services: referrals, care and support, the protection register, looked-after children.

Most children come for other reasons than a violent incident. An incident that another agency knows
of may be referred, and some of these lead to a plan or to the register.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.education.pupil_numbers import PupilNumbers
from darkfigure.synth.agencies.education.records import enrol
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.care_episodes import (
    ADULT_YEARS,
    PROTECTION,
    SUPPORT,
    Care,
    care_episodes,
    escalated,
    joined,
    one_at_a_time,
)
from darkfigure.synth.agencies.framework.care_proceedings import care_proceedings
from darkfigure.synth.agencies.framework.languages_asked import LanguageAsked, languages_asked
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Records,
    Tables,
    about_incidents,
    add,
    constant,
    days,
    note_contacts,
    note_mentions,
    write_records,
)
from darkfigure.synth.agencies.framework.service_demand import NeedFactors, Needs, occasions
from darkfigure.synth.agencies.social_care.care_records import (
    UNDECIDED,
    Case,
    write_allocations,
    write_cases,
)
from darkfigure.synth.agencies.social_care.placements import write_placements
from darkfigure.synth.agencies.social_care.reasons import (
    Contacted,
    ReferralReasons,
    referral_reasons,
)
from darkfigure.synth.agencies.social_care.tables import CARE_CHILDREN, REFERRALS
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.reference.coding import draw_codes, meanings
from darkfigure.synth.schema import POLICE_STATUS, coded, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, whole_years
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.working_days import working_day, working_days_drawn

_MOST_REFERRALS = 7  # other referrals of one child in the study; assumed
_WEEK_DAYS = 7  # no rate
_WORKERS = 60  # social workers who open files, per authority; assumed
_SCHOOL_AGE = (5, 16)
_STARTS_AFTER_DAYS = 10  # a plan, after the referral; assumed
# From a referral to the care that it leads to, in the order of the kinds: an application to the
# court comes between, a conference sits within 15 working days of the strategy meeting, an
# assessment takes up to 42. Assumed.
_LED_DAYS = np.array([150, 28, 45])


class SocialCare(Spec):
    """Referrals of children to children's services; assumed unless a source is named."""

    referred_by_police_rate: Rate = 0.575
    """Share of recorded incidents with a child victim or witness that the police refer. Source:
    57.5 % of one authority's notifications in a year went to social services.
    """
    language: LanguageAsked = LanguageAsked(asked_rate=0.8, asked_in_need_rate=0.95)
    """How often families are asked for their language; assumed: an active offer is the rule."""
    referred_by_school_rate: Rate = 0.3
    """Share of incidents noticed by a school that it refers, if the police have not."""
    referred_by_health_rate: Rate = 0.2
    """Share of incidents seen by a department or practice that it refers, if nobody has."""
    referral_delay_days: Amount = 3.0
    """Days from the incident to the referral, mean."""
    registered_rate: Rate = 0.02
    """Share of referred incidents that lead to the protection register. Source: with the next, of
    the order of the 4.8 % of one authority's notifications that received input.
    """
    supported_rate: Rate = 0.05
    """Share of referred incidents that lead to another plan."""
    other_referrals_a_year: Amount = 0.05
    """Referrals for other reasons that lead to no plan, per child."""
    reasons: ReferralReasons = ReferralReasons()
    upn_rate: Rate = 0.8
    """Share of children of school age whose pupil number is asked for."""


@dataclass(frozen=True)
class _Known:
    """Data that the service prepares: pupil numbers, demand, and witnesses of incidents."""

    pupil: Ints  # census index, ascending
    upn: pa.Array
    schools: bool  # write the pupil numbers into the truth themselves
    needs: Needs
    witnesses: pa.Table


@dataclass(frozen=True)
class _Referred:
    """Referred incidents; arrays have one entry per incident and child."""

    row: Ints  # of the child
    incident: Ints
    ids: Ints  # incident and child
    day: Ints
    source: Ints  # 0 police, 1 school, 2 health


class ChildrensServices(Agency):
    """The agency of the children's services of the local authorities."""

    def prepare(self, simulated: SimulatedEvents, spec: SocialCare) -> _Known:
        """Take the pupil numbers from the schools, and gather the witnesses of incidents."""
        del spec
        schools = simulated.prepared.get("education")
        if schools is None:
            census, chance = simulated.victims.census, simulated.chance.stage("education")
            pupil, _, upn = enrol(census, simulated.geography, simulated.period, chance)
        else:
            pupil, upn = schools.person, schools.upn
        return _Known(pupil, upn, schools is not None, simulated.needs, simulated.witnesses)

    def write_block(
        self, block: SampleBlock, prepared: _Known, spec: SocialCare, out: Tables
    ) -> None:
        """Write the files of a block's children."""
        context = block.context
        chance = context.chance.stage("social_care")
        referred = _refer(block, prepared.witnesses, spec, chance)
        cases = _cases(context, referred, prepared.needs, spec, chance)
        _write_referrals(block, referred, cases, spec, out)
        opened = _opened(context, referred, cases, spec, chance)
        number = _numbers(context, np.arange(len(context.people.person)), chance)
        write_cases(cases, number, context, out)
        write_placements(cases, number, context, out)
        write_allocations(cases, number, context, out)
        _write_children(context, opened, prepared, spec, out)


def _refer(block: SampleBlock, witnesses: pa.Table, spec: SocialCare, chance: Stream) -> _Referred:
    """Draw the incidents with a child that an agency refers, and the first that does."""
    people, incidents = block.context.people, block.incidents
    ids, day = incidents["incident_id"].to_numpy(), incidents["occurred_s"].to_numpy() // DAY_S
    victim = incidents["row"].to_numpy()
    order, witness = np.argsort(ids, kind="stable"), witnesses["witness"].to_numpy()
    seen_in = places(witnesses["incident_id"].to_numpy(), ids[order])
    seen = np.flatnonzero(seen_in >= 0)
    seen = seen[people.holds(witness[seen])]
    at = np.append(np.arange(len(ids)), order[seen_in[seen]])
    row = np.append(victim, people.row(witness[seen]))
    young = (day[at] - people.birth_day[row]) / DAYS_A_YEAR < ADULT_YEARS
    at, row = at[young], row[young]
    # Draws differ between the children of one household: their place in it is part of the key.
    key = ids[at] * 16 + (people.person_id[row] & 15)
    rates = _referral_rates(incidents, spec)[at]
    refers = chance.uniform("referred", key)[:, None] < np.cumsum(rates, axis=1)
    referred = refers[:, -1]
    delay = 1 + chance.exponential("referral_delay", key) * spec.referral_delay_days
    received = working_day(day[at] + delay.astype(np.int64))
    young = whole_years(people.birth_day[row], received) < ADULT_YEARS
    chosen = np.flatnonzero(referred & young & (received < block.context.period.end))
    # Two of a household can share a key; the first stands for both.
    chosen = chosen[np.unique(key[chosen], return_index=True)[1]]
    return _Referred(
        row=row[chosen],
        incident=ids[at[chosen]],
        ids=key[chosen],
        day=received[chosen],
        source=refers[chosen].argmax(axis=1),
    )


def _referral_rates(incidents: pa.Table, spec: SocialCare) -> Floats:
    """Give the chance that police, school and health are the first to refer each incident."""
    recorded = codes_of(incidents["police_status"], POLICE_STATUS) == _RECORDED
    school, ed, gp = (
        incidents[name].to_numpy(zero_copy_only=False)
        for name in ("school_noticed", "ed_attended", "gp_consulted")
    )
    rates = (
        recorded * spec.referred_by_police_rate,
        school * spec.referred_by_school_rate,
        (ed | gp) * spec.referred_by_health_rate,
    )
    unreferred, first_rates = np.ones(len(school)), []
    for rate in rates:
        first_rates.append(unreferred * rate)
        unreferred = unreferred * (1 - rate)
    return np.column_stack(first_rates)


_RECORDED = list(POLICE_STATUS).index("recorded")


def _cases(
    context: RecordingContext, referred: _Referred, needs: Needs, spec: SocialCare, chance: Stream
) -> Case:
    """Join the care that follows from incidents with all other care."""
    people, period = context.people, context.period
    person = NeedFactors.of(people)
    care = care_episodes(person, period, needs, context.chance)
    # One conference decides on the children who were referred for one act.
    draw = chance.uniform("outcome", referred.incident)
    registered = draw < spec.registered_rate
    opened = np.flatnonzero(draw < spec.registered_rate + spec.supported_rate)
    kind = np.where(registered[opened], PROTECTION, SUPPORT)
    least, mean = (
        np.where(kind == PROTECTION, getattr(needs.protection, name), getattr(needs.support, name))
        for name in ("least_years", "mean_years")
    )
    start = working_day(referred.day[opened] + _STARTS_AFTER_DAYS)
    drawn = chance.exponential("outcome_lasts", referred.incident[opened])
    lasts = (least + drawn * (mean - least)) * DAYS_A_YEAR
    of_acts = Care(
        row=referred.row[opened],
        ids=referred.ids[opened] << 1 | 1,
        event=referred.incident[opened] << 1 | 1,
        kind=kind,
        start=start,
        end=start + 1 + lasts.astype(np.int64),
    )
    numbered = replace(care, ids=care.ids << 1, event=care.event << 1)
    every = one_at_a_time(joined(numbered, of_acts), person)
    heard = care_proceedings(care, people.known_from, needs, context.chance)
    of_act = every.event % 2 == 1
    application = np.where(of_act, -1, places(every.event >> 1, heard.event))
    return Case(
        **vars(every),
        incident=np.where(of_act, every.event >> 1, -1),
        decided=np.append(heard.decided_on, UNDECIDED)[application],
    )


def _numbers(context: RecordingContext, row: Ints, chance: Stream) -> pa.Array:
    ids = context.people.person_id[row]
    return scrambled("child", ids, prefix="CH", digits=8, chance=chance)


@dataclass(frozen=True)
class _File:
    """Children with a file, in order of their rows."""

    row: Ints
    opened_on: Ints
    seen_on: Ints


def _opened(
    context: RecordingContext, referred: _Referred, cases: Case, spec: SocialCare, chance: Stream
) -> _File:
    """List the children with a file, its first day, and the day their details were last taken."""
    other, day, _ = _other_referrals(context, spec, chance)
    row = np.concatenate([referred.row, other, cases.row])
    day = np.concatenate([referred.day, day, cases.start])
    order = np.lexsort((day, row))
    first = order[np.flatnonzero(np.diff(row[order], prepend=-1))]
    last = order[np.flatnonzero(np.diff(row[order], append=-1))]
    return _File(row[first], day[first], np.minimum(day[last], context.period.end - 1))


def _write_children(
    context: RecordingContext, files: _File, known: _Known, spec: SocialCare, out: Tables
) -> None:
    people, chance = context.people, context.chance.stage("social_care")
    ids, geography = people.person_id[files.row], wales()
    authority = geography.authority[people.lsoa[files.row]]
    numbers = PupilNumbers.of(people, known.pupil, known.upn)
    if not known.schools:
        numbers.write(out)
    age = (files.seen_on - people.birth_day[files.row]) / DAYS_A_YEAR
    asked = chance.happens("upn_asked", ids, spec.upn_rate)
    asked &= (age >= _SCHOOL_AGE[0]) & (age < _SCHOOL_AGE[1])
    records = Records(
        shape=CARE_CHILDREN,
        key=_numbers(context, files.row, chance),
        ids=ids,
        row=files.row,
        known_on=files.seen_on,
        event_on=files.seen_on,
        clerk=authority * 1_000 + chance.below("worker", ids, _WORKERS),
        columns={
            "opened_on": days(files.opened_on),
            "authority": coded(authority, geography.authorities["name"].to_pylist()),
            "upn": pc.if_else(pa.array(asked), numbers.at(files.row), None),
            **languages_asked(context, files.row, ids, spec.language, chance),
        },
        confusable_values={"relative_upn": lambda records: numbers.of_sibling(files.row[records])},
    )
    write_records(context, records, out)


def _other_referrals(
    context: RecordingContext, spec: SocialCare, chance: Stream
) -> tuple[Ints, Ints, Ints]:
    """Draw referrals for other reasons that lead to no plan: rows, days and ids."""
    people, period = context.people, context.period
    child = np.flatnonzero(period.start - people.birth_day < (ADULT_YEARS - 1) * DAYS_A_YEAR)
    mean = np.full(len(child), spec.other_referrals_a_year * period.years)
    count = chance.poisson("referrals", people.person_id[child], mean, most=_MOST_REFERRALS)
    owner, turn = occasions(count)
    row = child[owner]
    ids = people.person_id[row] * (_MOST_REFERRALS + 1) + turn
    day = working_days_drawn(period, chance.uniform("referred_on", ids))
    young = whole_years(people.birth_day[row], day) < ADULT_YEARS
    there = young & people.lives_there(row, day)
    return row[there], day[there], ids[there]


def _write_referrals(
    block: SampleBlock, referred: _Referred, cases: Case, spec: SocialCare, out: Tables
) -> None:
    """Write the referrals with their reasons."""
    context, chance = block.context, block.context.chance.stage("social_care")
    contacts = _contacted(context, referred, cases, spec, chance)
    key = scrambled("referral", contacts.ids, prefix="RF", digits=15, chance=chance)
    reasons = referral_reasons(context, block.incidents, contacts, spec.reasons)
    table = pa.table(
        {
            "referral_no": key,
            "child_id": _numbers(context, contacts.row, chance),
            "received_on": days(contacts.day),
            "source": coded(contacts.source, meanings("care_codes", of="referral_source")),
            "decision": coded(contacts.decision, meanings("care_codes", of="decision")),
            "reason": reasons.text,
        }
    )
    add(out, REFERRALS, table)
    note_mentions(REFERRALS, "reason", key, reasons, out)
    about_incidents(REFERRALS, key, contacts.incident, out)
    first = np.unique(referred.incident, return_index=True)[1]
    learned = constant("social_care", len(first))
    note_contacts(referred.incident[first], learned, referred.day[first] * DAY_S, out)


def _contacted(
    context: RecordingContext, referred: _Referred, cases: Case, spec: SocialCare, chance: Stream
) -> Contacted:
    """List the referrals: of incidents, before other care, and without a plan."""
    period = context.period
    other, other_day, other_ids = _other_referrals(context, spec, chance)
    received = working_day(cases.start - _LED_DAYS[cases.kind])
    received = np.where(received > cases.start, working_day(cases.start - _WEEK_DAYS), received)
    known = working_day(context.people.known_from)
    # Of a newborn whom they must look after at once they hear on that day, whichever it is.
    received = np.minimum(np.maximum(received, known[cases.row]), cases.start)
    led = np.flatnonzero((cases.incident < 0) & (received >= period.start))
    led = led[~escalated(cases.event[led] >> 1)]  # they are known already
    led = led[cases.start[led] < period.end]
    row = np.concatenate([referred.row, cases.row[led], other])
    ids = np.concatenate([referred.ids << 2, cases.ids[led] << 2 | 1, other_ids << 2 | 2])
    day = np.concatenate([referred.day, received[led], np.maximum(other_day, known[other])])
    sources, decisions = (
        list(meanings("care_codes", of=name)) for name in ("referral_source", "decision")
    )
    event = np.concatenate([referred.ids << 2, cases.event[led] << 2 | 1, other_ids << 2 | 2])
    drawn = draw_codes("source", event, "care_codes", "share", of="referral_source", chance=chance)
    by = np.array([sources.index(code) for code in ("POL", "EDU", "HEA")])
    source = drawn.indices.to_numpy().copy()
    source[: len(referred.row)] = by[referred.source]
    decision = chance.pick("decision", ids, _DECISIONS)
    taken_up = np.isin(referred.ids << 1 | 1, cases.ids)
    decision[: len(taken_up)][taken_up] = decisions.index("S47")
    decision[len(taken_up) : len(taken_up) + len(led)] = np.where(
        cases.kind[led] == SUPPORT, decisions.index("ASS"), decisions.index("S47")
    )
    incident = np.append(referred.incident, np.full(len(row) - len(referred.row), -1))
    return Contacted(row, ids, day, source, decision, incident)


_DECISIONS = (0.5, 0.24, 0.24, 0.02)  # of referrals without a plan, in the list's order; assumed

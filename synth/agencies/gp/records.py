"""General practice: the register of patients and coded entries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
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
from darkfigure.synth.agencies.gp.entries import other_entries
from darkfigure.synth.agencies.gp.notes import ConsultationNotes, Consulted, consultation_notes
from darkfigure.synth.agencies.gp.practice_list import practice_codes, write_practices
from darkfigure.synth.agencies.gp.tables import GP_EVENTS, GP_REGISTRATIONS, READ_CODES
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.other_work import OTHER_EVENT
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.core.spec import Amount, Positive, Rate, Spec
from darkfigure.synth.reference import load
from darkfigure.synth.schema import DOMESTIC, RELATIONSHIP, coded, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.practices import practices, practices_chosen
from darkfigure.synth.setting.working_days import working_day

# People near the border whose practice is in England, by authority; assumed.
_ENGLISH_RATES = {"Powys": 0.09, "Flintshire": 0.03, "Wrexham": 0.03, "Monmouthshire": 0.02}
_STAFF = 12  # people who register patients, per practice; assumed
# Days from the report to the police to their letter: the least, and the mean beyond it. Assumed.
_LETTER_LEAST_DAYS, _LETTER_DAYS = 2, 5
_YOUNG_YEARS = 16  # of whom abuse at home is coded as of a child; assumed
_LEFT_BEHIND_YEARS = 3  # most years, after the first, since a second list was left; assumed


class GeneralPractice(Spec):
    """Record keeping of practices; assumed unless a source is named."""

    registered_rate: Rate = 0.98
    """Share of residents on a list. Source: well known."""
    twice_registered_rate: Rate = 0.027
    """Patients on another practice's list too, per patient. Source: with patients who died or left,
    3.5 % more entries than patients (well known).
    """
    kept_years: Amount = 0.45
    """Years for which somebody who died or left Wales stays on the list, mean."""
    last_confirmed_years: Positive = 11.8
    """Years since details were last confirmed, mean."""
    domestic_coded_rate: Rate = 0.3
    """Share of disclosed domestic abuse that is coded."""
    language: LanguageAsked = LanguageAsked(asked_rate=0.55, defaulted_rate=0.15)
    """How often patients are asked for their language; assumed."""
    assault_coded_rate: Rate = 0.4
    """Share of other assaults that are coded, and not only their injury."""
    child_coded_rate: Rate = 0.3
    """Share of harm to children that is coded as a concern."""
    told_by_police_rate: Rate = 0.12
    """Share of domestic cases of the police that the victim's practice gets a report of."""
    other_entries_a_year: Amount = 0.3
    """Entries for other reasons, per patient; thinned, since practices write many more."""
    notes: ConsultationNotes = ConsultationNotes()


@dataclass(frozen=True)
class _Listed:
    """Registrations of patients; arrays have one entry per registration."""

    row: Ints
    ids: Ints  # twice the person's id, and one more for a second registration


@dataclass(frozen=True)
class PoliceReports:
    """Cases of domestic abuse that the police report to practices, in order of victim."""

    person: Ints  # census index
    event: Ints
    incident: Ints  # -1 where the case is no simulated violence
    reported: Ints  # day of the report to the police
    day: Ints

    @classmethod
    def of(cls, simulated: SimulatedEvents, spec: GeneralPractice) -> PoliceReports:
        """Draw the reported cases among all cases; without a police there are none.

        Parameters
        ----------
        simulated
            The simulated events.
        spec
            Record keeping of practices.
        """
        cases = simulated.prepared.get("police")
        if not isinstance(cases, PoliceCases):
            return cls(*(np.empty(0, np.int64) for _ in range(5)))
        chance = simulated.chance.stage("gp")
        is_reported = chance.happens("told_by_police", cases.event, spec.told_by_police_rate)
        row = np.flatnonzero(is_reported & cases.domestic & (cases.victim >= 0))
        event = cases.event[row]
        later = _LETTER_LEAST_DAYS + _LETTER_DAYS * chance.exponential("police_report", event)
        day = cases.reported_s[row] // DAY_S + later.astype(np.int64)
        row, event, day = (part[day < simulated.period.end] for part in (row, event, day))
        order = np.lexsort((event, cases.victim[row]))
        row, event, day = row[order], event[order], day[order]
        reported = cases.reported_s[row] // DAY_S
        return cls(cases.victim[row], event, cases.incident[row], reported, day)

    def among(self, context: RecordingContext, registered: Ints) -> tuple[Ints, PoliceReports]:
        """Take the reports about registered people of a block.

        Parameters
        ----------
        context
            Recording context of the block.
        registered
            Rows of registered people, ascending.

        Returns
        -------
        Rows of the people, and the reports, of equal length.
        """
        people = context.people
        low, high = np.searchsorted(self.person, people.span)
        at = np.arange(low, high)
        at = at[people.holds(self.person[at])]
        row = people.row(self.person[at])
        on_list = (places(row, registered) >= 0) & (self.day[at] < people.gone_day[row])
        at = at[on_list]
        columns = (self.person, self.event, self.incident, self.reported, self.day)
        return row[on_list], PoliceReports(*(column[at] for column in columns))


class Practices(Agency):
    """The agency of the general practices."""

    def prepare(self, simulated: SimulatedEvents, spec: GeneralPractice) -> PoliceReports:
        """Draw the reports of the police to practices."""
        return PoliceReports.of(simulated, spec)

    def write_block(
        self, block: SampleBlock, prepared: PoliceReports, spec: GeneralPractice, out: Tables
    ) -> None:
        """Write the register and entries of a block's people."""
        registered = _write_register(block.context, spec, out)
        consulted = block.incidents.filter(block.incidents["gp_consulted"])
        known = consulted.filter(pa.array(places(consulted["row"].to_numpy(), registered) >= 0))
        _write_entries(block.context, known, registered, spec, out)
        _write_police_reports(block, prepared, registered, spec, out)

    def write_whole(self, simulated: SimulatedEvents, prepared: PoliceReports, out: Tables) -> None:
        """List the practices."""
        del simulated, prepared
        write_practices(out)


def _write_register(context: RecordingContext, spec: GeneralPractice, out: Tables) -> Ints:
    """Write the register; give the rows of the people on it."""
    period, people = context.period, context.people
    chance = context.chance.stage("gp")
    registrations = _listed(context, spec, chance)
    row, ids = registrations.row, registrations.ids
    ago = chance.exponential("last_confirmed", ids) * spec.last_confirmed_years * DAYS_A_YEAR
    # Nobody has confirmed a second registration since the patient joined the other list.
    ago += (ids & 1) * DAYS_A_YEAR * (1 + _LEFT_BEHIND_YEARS * chance.uniform("left_behind", ids))
    last = np.minimum(period.end, people.gone_day[row]) - 1
    confirmed = np.maximum(last - ago.astype(np.int64), people.known_from[row])
    # Under another identity people are registered anew, but for a list that they had left.
    anew = np.where(ids & 1, confirmed, people.registered_anew(row, last))
    confirmed = np.maximum(confirmed, anew)
    practice = _practices(context, row, confirmed, chance)
    # The other list is that of another practice, if the patient did not move away from this one's.
    first = np.full(len(people.person_id), -1)
    first[row[ids & 1 == 0]] = practice[ids & 1 == 0]
    next_door = np.where(practice + 1 < len(practices().lsoa), practice ^ 1, practice - 1)
    practice = np.where((ids & 1 == 1) & (practice == first[row]), next_door, practice)
    records = Records(
        shape=GP_REGISTRATIONS,
        key=_numbers(ids, chance),
        ids=ids,
        row=row,
        known_on=confirmed,
        event_on=np.maximum(last, confirmed),
        entered_on=np.maximum(confirmed, 0),  # on paper before 1970
        clerk=practice * _STAFF + chance.below("staff", ids, _STAFF),
        columns={
            "practice_code": practice_codes(practice),
            "updated_on": days(confirmed),
            **languages_asked(context, row, ids, spec.language, chance),
        },
    )
    write_records(context, records, out)
    return np.asarray(row[ids & 1 == 0])


def _listed(context: RecordingContext, spec: GeneralPractice, chance: Stream) -> _Listed:
    """Draw the people on a list, and the people on a second one."""
    person_id = context.people.person_id
    on = chance.happens("registered", person_id, spec.registered_rate)
    english = [_ENGLISH_RATES.get(name, 0.0) for name in wales().authorities["name"].to_pylist()]
    rate = np.array(english)[wales().authority[context.people.lsoa]]
    on &= ~chance.happens("english_practice", context.people.household_id, rate)
    on &= _still_listed(context, spec, chance)
    twice = on & chance.happens("twice", person_id, spec.twice_registered_rate)
    row = np.concatenate([np.flatnonzero(on), np.flatnonzero(twice)])
    second = np.repeat([0, 1], [on.sum(), twice.sum()])
    return _Listed(row, person_id[row] << 1 | second)


def _still_listed(context: RecordingContext, spec: GeneralPractice, chance: Stream) -> Mask:
    """Tell who lives in Wales at the end of the study, or is still on the list though gone."""
    people, last = context.people, context.period.end - 1
    here = people.lives_there(
        np.arange(len(people.person_id)), np.full(len(people.person_id), last)
    )
    gone_years = (last - people.gone_day) / DAYS_A_YEAR
    stay_rate = np.exp(-np.maximum(gone_years, 0) / max(spec.kept_years, 1e-9))
    kept = chance.happens("kept", people.person_id, stay_rate) & (people.known_from <= last)
    return here | (kept & ~people.visits)


def _practices(context: RecordingContext, row: Ints, day: Ints, chance: Stream) -> Ints:
    """Give the practice that each patient chose where they lived on a day."""
    people = context.people
    ids, family = people.person_id[row], people.household_id[row]
    return practices_chosen(people.lsoa_on(row, day), family, ids, chance)


def _numbers(ids: Ints, chance: Stream) -> pa.Array:
    return scrambled("registration", ids, prefix="GP", digits=8, chance=chance)


def _write_entries(
    context: RecordingContext,
    incidents: pa.Table,
    registered: Ints,
    spec: GeneralPractice,
    out: Tables,
) -> None:
    chance, people = context.chance.stage("gp"), context.people
    other = other_entries(context, registered, spec.other_entries_a_year)
    ids = np.concatenate([incidents["incident_id"].to_numpy() << 2, other.ids << 2 | 1])
    row = np.concatenate([incidents["row"].to_numpy(), other.row])
    day = np.append(incidents["gp_day"].to_numpy(), other.day)
    key = scrambled("entry", ids, prefix="EV", digits=13, chance=chance)
    harmed = slice(incidents.num_rows)
    young = (day - people.birth_day[row])[harmed] < _YOUNG_YEARS * DAYS_A_YEAR
    code = _read_codes(ids, incidents, young, other.code, spec, chance)
    day = working_day(np.maximum(day, people.known_from[row]))
    none = np.full(len(other.ids), -1)
    at = np.append(np.arange(incidents.num_rows), none)
    consulted = Consulted(ids, row, day, code, at, np.full(len(ids), -1))
    _write_events(context, key, consulted, incidents, spec.notes, out)
    about_incidents(GP_EVENTS, key, np.append(incidents["incident_id"].to_numpy(), none), out)
    harm, occurred = (incidents[name].to_numpy() for name in ("incident_id", "occurred_s"))
    learned = np.maximum(incidents["gp_day"].to_numpy() * DAY_S, occurred)
    note_contacts(harm, constant("gp", len(harm)), learned, out)


def _write_events(
    context: RecordingContext,
    key: pa.Array,
    consulted: Consulted,
    incidents: pa.Table,
    spec: ConsultationNotes,
    out: Tables,
) -> None:
    """Write entries with their notes."""
    notes = consultation_notes(context, consulted, incidents, spec)
    person, chance = context.people.person_id[consulted.row], context.chance.stage("gp")
    table = pa.table(
        {
            "event_no": key,
            "registration_no": _numbers(person << 1, chance),
            "event_date": days(consulted.day),
            "read_code": coded(consulted.code, READ_CODES),
            "note": notes.text,
        }
    )
    add(out, GP_EVENTS, table)
    note_mentions(GP_EVENTS, "note", key, notes, out)


def _write_police_reports(
    block: SampleBlock,
    reports: PoliceReports,
    registered: Ints,
    spec: GeneralPractice,
    out: Tables,
) -> None:
    """Write coded entries for the reports of the police."""
    context, chance = block.context, block.context.chance.stage("gp")
    row, own = reports.among(context, registered)
    if not len(row):
        return
    ids = (own.event & ~OTHER_EVENT) << 2 | np.where(own.incident >= 0, 2, 3)
    key = scrambled("entry", ids, prefix="EV", digits=13, chance=chance)
    code = _drawn_codes("police_report", ids, chance)
    at = places(own.incident, block.incidents["incident_id"].to_numpy())
    heard = Consulted(ids, row, working_day(own.day), code, at, own.reported)
    _write_events(context, key, heard, block.incidents, spec.notes, out)
    about_incidents(GP_EVENTS, key, own.incident, out)
    consulted = block.incidents.filter(block.incidents["gp_consulted"])["incident_id"].to_numpy()
    new = np.flatnonzero((own.incident >= 0) & ~np.isin(own.incident, consulted))
    note_contacts(own.incident[new], constant("gp", len(new)), own.day[new] * DAY_S, out)


def _drawn_codes(about: str, ids: Ints, chance: Stream) -> Ints:
    """Draw one of the codes about a subject for each entry, as index into `READ_CODES`."""
    table, known = load("read_codes"), list(READ_CODES)
    choices = np.flatnonzero(np.asarray(table["about"]) == about)
    weight = table["weight"].to_numpy()[choices]
    numbers = np.array([known.index(code) for code in table["read_code"].to_pylist()])
    return np.asarray(numbers[choices[chance.pick(f"{about}_code", ids, weight)]])


def _read_codes(
    ids: Ints, incidents: pa.Table, young: Mask, others: Ints, spec: GeneralPractice, chance: Stream
) -> Ints:
    """Code violence, or only its injury, as of a child where the victim is young; and the rest."""
    relation = codes_of(incidents["relationship"], RELATIONSHIP)
    domestic = np.isin(relation, [list(RELATIONSHIP).index(name) for name in DOMESTIC])
    child = relation == list(RELATIONSHIP).index("parent")
    child |= domestic & young
    domestic &= ~young
    rate = np.select(
        [domestic, child],
        [spec.domestic_coded_rate, spec.child_coded_rate],
        spec.assault_coded_rate,
    )
    own = ids[: len(rate)]
    names_violence = chance.happens("coded", own, rate)
    about = np.select(
        [names_violence & domestic, names_violence & child, names_violence], [0, 1, 2], 3
    )
    codes = np.append(np.empty(len(own), np.int64), others)
    for number, name in enumerate(("domestic", "child", "assault", "injury")):
        these = np.flatnonzero(about == number)
        codes[these] = _drawn_codes(name, own[these], chance)
    return np.asarray(codes, np.int64)

"""MARAC: meetings at which agencies share their knowledge of victims at high risk.

A notification of domestic abuse at high risk is referred to the conference of its local authority,
which meets every two or four weeks. The coordinator lists victim, perpetrator and children anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.mentions import Mentions, order_mentions, write_mentions
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Tables,
    add,
    days,
    note_mentions,
)
from darkfigure.synth.agencies.marac.minutes import CasesHeard, Minutes, minutes_of
from darkfigure.synth.agencies.marac.tables import MARAC_CASES, MARAC_MEETINGS, MARAC_PERSONS
from darkfigure.synth.agencies.police.codes import MARAC_CRITERION, MARAC_ROLE, PARTNERS
from darkfigure.synth.agencies.police.numbers import running_on, serial_within
from darkfigure.synth.agencies.ppn.dash import HIGH, HIGH_TICKS, MEDIUM
from darkfigure.synth.agencies.ppn.notify import Notifications
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import beside, zero_padded
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.schema import coded
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR
from darkfigure.synth.setting.working_days import working_day

_VISIBLE, _JUDGEMENT, _REPEAT = range(len(MARAC_CRITERION))
_VICTIM, _PERPETRATOR, _CHILD = range(len(MARAC_ROLE))
_CASES_ROOM = 800_000  # where the case numbers of a salted world may start
_ADULT_YEARS = 18  # from which nobody is a child. Source: SafeLives
_CLOSE_DAYS = 28  # referrals so soon after another are heard with it; assumed
_NOTICE_DAYS = 3  # between referral and the meeting, at least; assumed
_BUSY_EVERY_DAYS, _EVERY_DAYS = 14, 28  # between meetings of a busy area and of others; assumed


class MeetingAttendance(Spec):
    """Share of meetings that each agency attends; assumed."""

    police: Rate = 0.98
    social_services: Rate = 0.85
    health: Rate = 0.8
    education: Rate = 0.55
    housing: Rate = 0.7
    probation: Rate = 0.7
    idva: Rate = 0.95


class Conference(Spec):
    """Choice of cases, and frequency of meetings; assumed unless a source is named.

    Expected: 40 cases per 10,000 adult women and year (SafeLives), of which 15 % (West Wales,
    2015-16) to 32 % (nationally) are repeats.
    """

    judged_medium_rate: Rate = 0.03
    """Notifications at medium risk that are referred on judgement."""
    from_others_rate: Rate = 0.25
    """Cases that another agency referred first."""
    busy_cases_a_year: Amount = 200.0
    """A conference with more cases meets every two weeks, any other every four."""
    idva_offered_rate: Rate = 0.9
    attendance: MeetingAttendance = MeetingAttendance()
    minutes: Minutes = Minutes()


@dataclass(frozen=True)
class Conferences:
    """Cases in order of area and referral, and the meetings that heard them."""

    event: Ints
    notification: Ints  # row of the notification that led to it
    meeting: Ints  # row among the meetings
    referred_on: Ints
    criterion: Ints
    repeat: Mask
    children: Ints
    case_no: pa.Array
    meeting_area: Ints
    held_on: Ints
    heard: Ints
    meeting_no: pa.Array
    mentions: Mentions
    spec: Conference


class Marac(Agency):
    """The agency of the conferences of the 22 local authorities."""

    def prepare(self, simulated: SimulatedEvents, spec: Conference) -> Conferences | None:
        """Choose the cases; without notifications there are none."""
        ppn = simulated.prepared.get("ppn")
        return _confer(simulated, ppn, spec) if isinstance(ppn, Notifications) else None

    def named(self, prepared: Conferences | None) -> Ints:
        """Give everybody whom a case names."""
        return np.empty(0, np.int64) if prepared is None else np.unique(prepared.mentions.person)

    def write_block(
        self, block: SampleBlock, prepared: Conferences | None, spec: Conference, out: Tables
    ) -> None:
        """Write the people of a block whom a case names."""
        self.write_outsiders(block.context, prepared, spec, out)

    def write_outsiders(
        self, context: RecordingContext, prepared: Conferences | None, spec: Conference, out: Tables
    ) -> None:
        """Write the people of a block whom a case names; the same for people outside the sample."""
        del spec
        if prepared is not None:
            chance = context.chance.stage("marac")
            write_mentions(
                context, MARAC_PERSONS, prepared.mentions, out, prefix="MP", chance=chance
            )

    def write_whole(
        self, simulated: SimulatedEvents, prepared: Conferences | None, out: Tables
    ) -> None:
        """Write the cases and the meetings."""
        if prepared is not None:
            _write_cases(simulated, prepared, out)
            _write_meetings(simulated, prepared, out)


def _confer(simulated: SimulatedEvents, ppn: Notifications, spec: Conference) -> Conferences:
    chance = simulated.chance.stage("marac")
    row = _referred(ppn, spec, chance)
    area = simulated.geography.authority[ppn.lsoa[row]]
    day = working_day(ppn.submitted_s[row] // DAY_S + 1)  # safeguarding units keep office hours
    order = np.lexsort((ppn.event[row], day, area))
    row, area, day = row[order], area[order], day[order]
    meetings = _meetings(simulated, area, spec)
    meeting = np.searchsorted(meetings.order, meetings.at(area, day + _NOTICE_DAYS))
    fits = meeting < len(meetings.order)
    fits[fits] &= meetings.area[meeting[fits]] == area[fits]
    row, day, meeting = row[fits], day[fits], meeting[fits]
    repeat = _heard_before(ppn.victim[row], day)
    visible = ppn.ticks[row] >= HIGH_TICKS
    case = running_on(np.zeros(len(row), np.int64), _CASES_ROOM, chance)
    case_no = beside("MARAC-", zero_padded(case, 6))
    children = _children(simulated, ppn, row, day)
    return Conferences(
        event=ppn.event[row],
        notification=row,
        meeting=meeting,
        referred_on=day,
        criterion=np.select([repeat, visible], [_REPEAT, _VISIBLE], _JUDGEMENT),
        repeat=repeat,
        children=np.bincount(children[0], minlength=len(row)),
        case_no=case_no,
        meeting_area=meetings.area,
        held_on=meetings.held_on,
        heard=np.bincount(meeting, minlength=len(meetings.area)),
        meeting_no=beside(
            "M", zero_padded(meetings.area + 1, 2), "-", zero_padded(meetings.turn, 4)
        ),
        mentions=_mentions(simulated, ppn, (row, day, children), case_no),
        spec=spec,
    )


def _referred(ppn: Notifications, spec: Conference, chance: Stream) -> Ints:
    """Choose notifications at high risk, some at medium; close ones of a victim are one case."""
    judged = chance.happens("judged", ppn.event, spec.judged_medium_rate) & (ppn.grade == MEDIUM)
    row = np.flatnonzero((ppn.grade == HIGH) | judged)
    day = ppn.submitted_s[row] // DAY_S
    order = np.lexsort((day, ppn.victim[row]))
    row, day = row[order], day[order]
    same = np.diff(ppn.victim[row], prepend=-1) == 0
    return row[~(same & (np.diff(day, prepend=0) < _CLOSE_DAYS))]


@dataclass(frozen=True)
class _Meetings:
    """Meetings in order of area and day; `turn` counts them within the area."""

    area: Ints
    held_on: Ints
    turn: Ints

    @property
    def order(self) -> Ints:
        """A key that ascends with area and day."""
        return self.at(self.area, self.held_on)

    @staticmethod
    def at(area: Ints, day: Ints) -> Ints:
        """Give the key of a day in an area."""
        return np.asarray((area << 20) + day)


def _meetings(simulated: SimulatedEvents, area: Ints, spec: Conference) -> _Meetings:
    """List every area's meetings: on its own weekday, every two weeks or four."""
    period, count = simulated.period, simulated.geography.authorities.num_rows
    cases = np.bincount(area, minlength=count) / period.years
    gap = np.where(cases > spec.busy_cases_a_year, _BUSY_EVERY_DAYS, _EVERY_DAYS)
    chance = simulated.chance.stage("marac")
    first = working_day(period.start + chance.below("first_meeting", np.arange(count), gap))
    count_held = np.maximum(-(-(period.end - first) // gap), 0) * (cases > 0)
    areas = np.repeat(np.arange(count), count_held)
    turn = serial_within(areas)
    day = first[areas] + (turn - 1) * gap[areas]
    later = working_day(day)  # not on a bank holiday
    return _Meetings(areas, np.where(later < period.end, later, working_day(day - 7)), turn)


def _heard_before(victim: Ints, day: Ints) -> Mask:
    """Tell which cases follow another of the same victim within twelve months."""
    order = np.lexsort((day, victim))
    same = victim[order][1:] == victim[order][:-1]
    repeat = np.zeros(len(victim), bool)
    repeat[order[1:]] = same & (np.diff(day[order]) <= DAYS_A_YEAR)
    return repeat


def _mentions(
    simulated: SimulatedEvents,
    ppn: Notifications,
    heard: tuple[Ints, Ints, tuple[Ints, Ints]],
    case_no: pa.Array,
) -> Mentions:
    """List victims, perpetrators and the children that the notification named."""
    row, day, (child_case, child) = heard
    named = np.flatnonzero(ppn.suspect[row] >= 0)
    case = np.concatenate([np.arange(len(row)), named, child_case])
    person = np.concatenate([ppn.victim[row], ppn.suspect[row][named], child])
    role = np.repeat([_VICTIM, _PERPETRATOR, _CHILD], [len(row), len(named), len(child)])
    order, ids = order_mentions(simulated.victims.census, person, case, day[case])
    case, person, role = case[order], person[order], role[order]
    chance = simulated.chance.stage("marac")
    # The coordinator copies the perpetrator from an older record of the police; assumed.
    ago = DAYS_A_YEAR * chance.exponential("copied_years", ids) * (role == _PERPETRATOR)
    area = simulated.geography.authority[ppn.lsoa[row]]
    return Mentions(
        person=person,
        ids=ids,
        paper=case,
        known_on=day[case] - ago.astype(np.int64),
        event_on=day[case],
        clerk=area[case],
        columns={
            "case_no": case_no.take(pa.array(case)),
            "listed_on": days(day[case]),
            "role": coded(role, MARAC_ROLE),
        },
    )


def _children(
    simulated: SimulatedEvents, ppn: Notifications, row: Ints, day: Ints
) -> tuple[Ints, Ints]:
    """Find the children whom the chosen notifications name: the case's row, and census index."""
    case_of = np.full(len(ppn.event), -1)
    case_of[row] = np.arange(len(row))
    case = case_of[ppn.child_paper]
    case, child = case[case >= 0], ppn.child[case >= 0]
    ages = simulated.victims.census.age_years[child]
    young = ages_on(day[case], ages, simulated.period.start) < _ADULT_YEARS
    return case[young], child[young]


def _write_cases(simulated: SimulatedEvents, heard: Conferences, out: Tables) -> None:
    chance, spec = simulated.chance.stage("marac"), heard.spec
    others = tuple(name for name in PARTNERS if name != "police")
    elsewhere = chance.happens("from_others", heard.event, spec.from_others_rate)
    referrer = 1 + chance.below("referrer", heard.event, len(others))
    idva = chance.happens("idva", heard.event, spec.idva_offered_rate)
    cases = CasesHeard(heard.notification, heard.mentions, heard.criterion, idva)
    minutes = minutes_of(simulated, simulated.prepared["ppn"], cases, spec.minutes)
    table = pa.table(
        {
            "case_no": heard.case_no,
            "meeting_no": heard.meeting_no.take(pa.array(heard.meeting)),
            "referred_on": days(heard.referred_on),
            "referred_by": coded(np.where(elsewhere, referrer, 0), ("police", *others)),
            "criterion": coded(heard.criterion, MARAC_CRITERION),
            "repeat": heard.repeat,
            "children": heard.children,
            "idva_offered": idva,
            "minutes": minutes.text,
        }
    )
    add(out, MARAC_CASES, table)
    note_mentions(MARAC_CASES, "minutes", heard.case_no, minutes, out)


def _write_meetings(simulated: SimulatedEvents, heard: Conferences, out: Tables) -> None:
    chance = simulated.chance.stage("marac").stage("attendance")
    ids = heard.meeting_area * 10_000 + heard.held_on
    attended = {
        f"{name}_attended": chance.happens(name, ids, getattr(heard.spec.attendance, name))
        for name in PARTNERS
    }
    names = simulated.geography.authorities["name"].to_pylist()
    table = pa.table(
        {
            "meeting_no": heard.meeting_no,
            "area": coded(heard.meeting_area, names),
            "held_on": days(heard.held_on),
            "cases": heard.heard,
            **attended,
        }
    )
    add(out, MARAC_MEETINGS, table)

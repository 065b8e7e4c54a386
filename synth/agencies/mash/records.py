"""MASH: hubs to which notifications are referred, and which decide whether anybody acts.

A hub of each local authority takes referrals in turn and decides as fast as its staff allows, so
that busy weeks make a queue; in a small sample of the people nobody waits for others. Few of the
referred people receive any input.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.mentions import (
    Mentions,
    entry_numbers,
    order_mentions,
    write_mentions,
)
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Tables,
    add,
    days,
    note_mentions,
    times,
)
from darkfigure.synth.agencies.mash.decisions import DecisionReasons, decision_reasons
from darkfigure.synth.agencies.mash.tables import MASH_DECISIONS, MASH_EPISODES, MASH_MEETINGS
from darkfigure.synth.agencies.police.codes import MASH_DECISION, PPN_TYPE
from darkfigure.synth.agencies.ppn.dash import HIGH
from darkfigure.synth.agencies.ppn.notify import Notifications
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import strings, zero_padded
from darkfigure.synth.core.spec import Positive, Rate, Spec
from darkfigure.synth.schema import coded
from darkfigure.synth.setting.calendar import DAY_S, HOUR_S
from darkfigure.synth.setting.working_days import working_day

_NO_ACTION, _INFORMATION, _ASSESSMENT, _SECTION_47 = range(len(MASH_DECISION))
_CLERKS = 12  # a hub; assumed
_HIGH_FACTOR = 2.5  # of high risk, on the chance of meeting the thresholds; assumed
_TRIAGE_DAYS = 1.5  # mean beyond the least; assumed
_RECEIVED_AFTER_S = DAY_S // 4  # of its submission a notification is in the hub; assumed
_TRIAGE_LEAST_DAYS = 0.5  # one to five working days with the mean above; assumed
_TOLD_DAYS = 7  # from the decision to the officer's news of it, mean; assumed
_OFFICE_HOURS = (9, 17)  # of a hub; assumed
# Days from a decision to the strategy meeting, fewer than: held on the same day or within 72 hours.
# Source: Wales Safeguarding Procedures.
_MEETS_WITHIN_DAYS = 4
_YEAR_DAYS = 365


class Hub(Spec):
    """Rates of referrals and of their outcomes.

    Of 3,466 notifications of one local authority and year 57.5 % were referred to social services
    and 4.8 % received input (Ford 2020); the rest is assumed.
    """

    referred_rate: Rate = 0.575
    input_rate: Rate = 0.048
    """Notifications that receive input."""
    section_47_rate: Rate = 0.08
    """Referrals that lead to enquiries under section 47."""
    assessment_rate: Rate = 0.2
    """Referrals that lead to an assessment."""
    information_rate: Rate = 0.34
    """Referrals that lead to information and advice."""
    capacity: Positive = 1.08
    """Decisions a day per referral a day, on average."""
    health_attends_rate: Rate = 0.7
    """Strategy meetings that health attends."""
    education_attends_rate: Rate = 0.6
    """Strategy meetings that education attends."""
    feedback_rate: Rate = 0.15
    """Decisions that the officer who submitted the notification hears of."""
    reasons: DecisionReasons = DecisionReasons()


@dataclass(frozen=True)
class StrategyMeetings:
    """Data of strategy meetings; the episodes themselves are mentions."""

    mentions: Mentions
    decision: Ints
    decided_s: Ints
    spec: Hub


class Mash(Agency):
    """The agency of the hubs of the 22 local authorities."""

    def prepare(self, simulated: SimulatedEvents, spec: Hub) -> StrategyMeetings | None:
        """Draw the notifications that are referred; without notifications there are none."""
        ppn = simulated.prepared.get("ppn")
        return _refer(simulated, ppn, spec) if isinstance(ppn, Notifications) else None

    def named(self, prepared: StrategyMeetings | None) -> Ints:
        """Give everybody who is referred."""
        return np.empty(0, np.int64) if prepared is None else np.unique(prepared.mentions.person)

    def write_block(
        self, block: SampleBlock, prepared: StrategyMeetings | None, spec: Hub, out: Tables
    ) -> None:
        """Write the episodes of a block's people."""
        self.write_outsiders(block.context, prepared, spec, out)

    def write_outsiders(
        self, context: RecordingContext, prepared: StrategyMeetings | None, spec: Hub, out: Tables
    ) -> None:
        """Write the episodes of a block's people; the same for people outside the sample."""
        del spec
        if prepared is not None:
            chance = context.chance.stage("mash")
            write_mentions(
                context, MASH_EPISODES, prepared.mentions, out, prefix="MA", chance=chance
            )

    def write_whole(
        self, simulated: SimulatedEvents, prepared: StrategyMeetings | None, out: Tables
    ) -> None:
        """Write the strategy meetings, and the reasons for the decisions."""
        ppn = simulated.prepared.get("ppn")
        if prepared is not None and isinstance(ppn, Notifications):
            _write_meetings(simulated, prepared, out)
            _write_decisions(simulated, ppn, prepared, out)


def _refer(simulated: SimulatedEvents, ppn: Notifications, spec: Hub) -> StrategyMeetings:
    chance = simulated.chance.stage("mash")
    row = np.flatnonzero(chance.happens("referred", ppn.event, spec.referred_rate))
    person = _subjects(ppn)[row]
    area = simulated.geography.authority[ppn.lsoa[row]]
    received = ppn.submitted_s[row] + _RECEIVED_AFTER_S
    decided = _queue(area, received, _pace(simulated, ppn, spec))
    triage = _TRIAGE_LEAST_DAYS + _TRIAGE_DAYS * chance.exponential("triage", ppn.event[row])
    decided = _in_office(decided + (DAY_S * triage).astype(int), received)
    # A referral still in the queue at the end has no decision yet.
    open_ = decided >= simulated.period.end * DAY_S
    event, high = ppn.event[row], ppn.grade[row] == HIGH
    decision = _decide(event, high, spec, chance)
    has_input = _input(event, decision, spec, len(ppn.event), chance) & ~open_
    order, ids = order_mentions(simulated.victims.census, person, row, received)
    area, received, decided = (part[order] for part in (area, received, decided))
    open_, decision = open_[order], np.where(open_, -1, decision)[order]
    names = simulated.geography.authorities["name"].to_pylist()
    mentions = Mentions(
        person=person[order],
        ids=ids,
        paper=row[order],
        known_on=received // DAY_S,
        event_on=received // DAY_S,
        clerk=area * _CLERKS + chance.below("clerk", ids, _CLERKS),
        columns={
            "area": coded(area, names),
            "received_on": days(received // DAY_S),
            "concern": coded(ppn.kind[row][order], PPN_TYPE),
            "decided_at": times(decided, missing=open_),
            "decision": coded(decision, MASH_DECISION),
            "input_given": pa.array(has_input[order]),
            "officer_told_on": _feedback_days(ids, decided // DAY_S, open_, spec, simulated),
        },
    )
    return StrategyMeetings(mentions, decision, decided, spec)


def _in_office(decided: Ints, received: Ints) -> Ints:
    """Move decisions into the hours of working days, after the referral was received."""
    opens, length = _OFFICE_HOURS[0] * HOUR_S, (_OFFICE_HOURS[1] - _OFFICE_HOURS[0]) * HOUR_S
    at = opens + decided % DAY_S * length // DAY_S
    same_day = working_day(decided // DAY_S) * DAY_S + at
    next_day = working_day(received // DAY_S + 1) * DAY_S + at
    return np.where(same_day > received, same_day, next_day)


def _feedback_days(
    ids: Ints, decided_on: Ints, open_: Mask, spec: Hub, simulated: SimulatedEvents
) -> pa.Array:
    """Draw the day on which the officer who notified heard the outcome; few ever do."""
    chance = simulated.chance.stage("mash")
    day = decided_on + 1 + (_TOLD_DAYS * chance.exponential("told", ids)).astype(np.int64)
    hears = chance.happens("officer_told", ids, spec.feedback_rate)
    missing = open_ | ~hears | (day >= simulated.period.end)
    return pa.array(day, pa.int32(), mask=missing).cast(pa.date32())


def _subjects(ppn: Notifications) -> Ints:
    """Give the subject of each referral: the first child named, or else the victim."""
    subject = ppn.victim.copy()
    subject[ppn.child_paper[::-1]] = ppn.child[::-1]
    about_child = ppn.kind == list(PPN_TYPE).index("CH")
    return np.where(about_child, ppn.victim, subject)


def _pace(simulated: SimulatedEvents, ppn: Notifications, spec: Hub) -> Floats:
    """Give the seconds an area's staff takes for a referral, with its whole population."""
    geography, victims = simulated.geography, simulated.victims
    present = np.bincount(
        geography.authority[victims.census.lsoa[victims.inhabitants]],
        minlength=geography.authorities.num_rows,
    )
    referred = np.bincount(geography.authority[ppn.lsoa], minlength=len(present))
    share = present / geography.authorities["population"].to_numpy()
    a_year = referred * spec.referred_rate / np.maximum(share, 1e-9) / simulated.period.years
    a_day = a_year / _YEAR_DAYS
    return np.asarray(DAY_S / np.maximum(a_day * spec.capacity, 1e-9))


def _queue(area: Ints, received: Ints, pace: Floats) -> Ints:
    """Decide referrals of each area in turn, no faster than its staff can."""
    decided = np.empty(len(received), np.int64)
    order = np.lexsort((received, area))
    bounds = np.searchsorted(area[order], np.arange(area.max() + 2 if len(area) else 1))
    for low, high in pairwise(bounds.tolist()):
        own = order[low:high]
        if not len(own):
            continue
        came = received[own].astype(float)
        each = pace[area[own[0]]]
        place = np.arange(len(own))
        # The k-th is decided after all before it: the latest start plus the work since.
        begun = np.maximum.accumulate(came - place * each)
        decided[own] = begun + (place + 1) * each
    return decided


def _decide(event: Ints, high: Mask, spec: Hub, chance: Stream) -> Ints:
    """Draw decisions; high risk meets the thresholds more often, at the same overall rates."""
    weight = np.where(high, _HIGH_FACTOR, 1.0)
    weight /= max(float(weight.mean()), 1e-9) if len(weight) else 1.0
    upper = np.minimum(spec.section_47_rate * weight, 1)
    middle = np.minimum(upper + spec.assessment_rate * weight, 1)
    lower = np.minimum(middle + spec.information_rate, 1)
    drawn = chance.uniform("decision", event)
    steps = (drawn >= upper).astype(int) + (drawn >= middle) + (drawn >= lower)
    return np.asarray(_SECTION_47 - steps, np.int64)


def _input(event: Ints, decision: Ints, spec: Hub, n_papers: int, chance: Stream) -> Mask:
    """Draw the people who receive input, among those whom the hub does not turn away."""
    acted = decision >= _ASSESSMENT
    rate = spec.input_rate * n_papers / max(int(acted.sum()), 1)
    return np.asarray(acted & chance.happens("input", event, rate))


def _write_meetings(simulated: SimulatedEvents, episodes: StrategyMeetings, out: Tables) -> None:
    chance, spec = simulated.chance.stage("mash"), episodes.spec
    own = np.flatnonzero(episodes.decision == _SECTION_47)
    ids = episodes.mentions.ids[own]
    day = episodes.decided_s[own] // DAY_S + chance.below("meets", ids, _MEETS_WITHIN_DAYS)
    day = working_day(day)
    table = pa.table(
        {
            "episode_no": entry_numbers("MA", ids, chance),
            "held_on": days(day),
            "police_attended": np.ones(len(own), bool),
            "social_services_attended": np.ones(len(own), bool),
            "health_attended": chance.happens("health", ids, spec.health_attends_rate),
            "education_attended": chance.happens("education", ids, spec.education_attends_rate),
        }
    )
    add(out, MASH_MEETINGS, table)


def _write_decisions(
    simulated: SimulatedEvents, ppn: Notifications, episodes: StrategyMeetings, out: Tables
) -> None:
    chance, mentions = simulated.chance.stage("mash"), episodes.mentions
    rows = np.flatnonzero(episodes.decision >= 0)
    decided = (episodes.decision, episodes.decided_s)
    reasons, manager = decision_reasons(
        simulated, ppn, mentions, decided, rows, episodes.spec.reasons
    )
    key = entry_numbers("MA", mentions.ids[rows], chance)
    number = strings(zero_padded(manager + 1, 4))
    table = pa.table({"episode_no": key, "manager": number, "reason": reasons.text})
    add(out, MASH_DECISIONS, table)
    note_mentions(MASH_DECISIONS, "reason", key, reasons, out)

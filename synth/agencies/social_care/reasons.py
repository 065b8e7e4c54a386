"""Reasons for referrals, as duty workers write them; wordings in `reference/care_wordings.csv`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.care_episodes import ADULT_YEARS
from darkfigure.synth.agencies.framework.handwriting import Handwriting, written_by
from darkfigure.synth.agencies.framework.names_told import (
    address_told,
    anchor_of,
    birthday_told,
    name_told,
    telephone_told,
)
from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.core.spec import Rate, Spec
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema import RELATIONSHIP, SEX, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.text import Passages, Slot, Told, Trait, compose, mention_kinds, wordings
from darkfigure.synth.text.times_said import DAY_SHARES, TIME_SHARES, days_said, times_said

_STYLES = (0.3, 0.45, 0.25)  # shares of terse, plain and full reasons; assumed
_WORKERS = 12  # duty workers of an authority; assumed
_AGES, _BANDS = (2, 5, 11), ("infant", "small", "child", "teen")  # years; assumed
_WHY = ("harmed", "witness", "other")
_NEEDS = ("neglect", "family", "behaviour", "harm", "disability")
# Shares of needs of referrals that are not about an incident, by who refers. Assumed.
_NEEDS_BY_SOURCE = {
    "POL": (0.45, 0.25, 0.2, 0.1, 0.0),
    "EDU": (0.35, 0.2, 0.25, 0.15, 0.05),
    "HEA": (0.25, 0.25, 0.1, 0.2, 0.2),
    "FAM": (0.3, 0.35, 0.2, 0.1, 0.05),
    "LAU": (0.25, 0.5, 0.1, 0.05, 0.1),
    "OTH": (0.35, 0.3, 0.15, 0.15, 0.05),
}
_GRAVE = (1.0, 0.0, 0.0, 4.0, 0.0)  # factors on them where harm is suspected; assumed
_OFFICE_HOURS = (9, 17)  # in which referrals are taken by telephone; assumed
_FORCE_NAMES = ("North Wales Police", "Gwent Police", "South Wales Police", "Dyfed-Powys Police")


class ReferralReasons(Spec):
    """Free text of duty workers; assumed."""

    hand: Handwriting = Handwriting(upper_rate=0.02, lower_rate=0.08, slip_rate=0.0015)
    full_name_rate: Rate = 0.7
    """Texts that give the parent's surname."""
    contradicts_rate: Rate = 0.04
    """Texts that give another decision than the coded one."""


@dataclass(frozen=True)
class Contacted:
    """Referrals; arrays have one entry per referral."""

    row: Ints  # of the child
    ids: Ints
    day: Ints
    source: Ints  # index into the list of sources
    decision: Ints  # index into the list of decisions
    incident: Ints  # -1 for none


def referral_reasons(
    context: RecordingContext, incidents: pa.Table, contacts: Contacted, spec: ReferralReasons
) -> Passages:
    """Write the reasons of a block's referrals.

    Parameters
    ----------
    context
        Recording context of the block.
    incidents
        Incidents of the block's people.
    contacts
        The referrals.
    spec
        Rates of the texts.
    """
    chance = context.chance.stage("social_care").stage("reason")
    lsoa, ids = context.people.lsoa[contacts.row], contacts.ids
    worker = wales().authority[lsoa] * 100 + chance.below("duty worker", ids, _WORKERS)
    style = chance.pick("style", ids, _STYLES)
    manner = written_by(spec.hand, worker, style, wales().welsh_speaker_rate[lsoa], ids, chance)
    draft = _Draft(context, incidents, contacts, spec, chance)
    told = Told(ids, draft.traits(), draft.slots(manner.language), manner)
    return compose(wordings("care_wordings"), told, chance)


@dataclass(frozen=True)
class _Draft:
    context: RecordingContext
    incidents: pa.Table
    contacts: Contacted
    spec: ReferralReasons
    chance: Stream

    def _found(self) -> tuple[Ints, Mask]:
        """Find the incident of each referral."""
        found = places(self.contacts.incident, self.incidents["incident_id"].to_numpy())
        return np.maximum(found, 0), found >= 0

    def _of(self, name: str) -> Ints:
        at, real = self._found()
        if not self.incidents.num_rows:
            return np.full(len(at), -1)
        return np.where(real, self.incidents[name].to_numpy()[at], -1)

    def traits(self) -> dict[str, Trait]:
        """Give everything on which wordings depend."""
        people, contacts, ids = self.context.people, self.contacts, self.contacts.ids
        at, real = self._found()
        harmed = self._of("row") == contacts.row
        tie = codes_of(self.incidents["relationship"], RELATIONSHIP)
        tie = np.where(real, tie[at], -1) if len(tie) else np.full(len(at), -1)
        age = (contacts.day - people.birth_day[contacts.row]) / DAYS_A_YEAR
        anchor = anchor_of(self.context, contacts.row)
        decisions = tuple(meanings("care_codes", of="decision"))
        wrong = self.chance.happens("contradicts", ids, self.spec.contradicts_rate)
        other = self.chance.below("other decision", ids, len(decisions))
        sources = tuple(meanings("care_codes", of="referral_source"))
        weights = [_NEEDS_BY_SOURCE[source] for source in sources]
        grave = np.array(weights) * _GRAVE
        group = contacts.source + len(sources) * (contacts.decision == decisions.index("S47"))
        need = self.chance.pick_by_group("need", ids, np.vstack([weights, grave]), group)
        return {
            "why": Trait(np.where(real, np.where(harmed, 0, 1), 2), _WHY),
            "tie": Trait(tie, tuple(RELATIONSHIP)),
            "sex": Trait(people.sex[contacts.row], tuple(SEX)),
            "ps": Trait(np.where(anchor >= 0, people.sex[anchor], -1), tuple(SEX)),
            "age": Trait(np.digitize(age, _AGES), _BANDS),
            "need": Trait(need, _NEEDS),
            "source": Trait(contacts.source, sources),
            "decision": Trait(np.where(wrong, other, contacts.decision), decisions),
        }

    def slots(self, language: Ints) -> dict[str, Slot]:
        """Give everything that texts may name."""
        context, row, day, ids = (
            self.context,
            self.contacts.row,
            self.contacts.day,
            self.contacts.ids,
        )
        chance, every = self.chance, np.ones(len(self.contacts.row), bool)
        drawn = chance.uniform("form of names", ids)
        anchor = anchor_of(context, row)
        full = chance.happens("full name", ids, self.spec.full_name_rate)
        form = chance.pick("form of days", ids, DAY_SHARES)
        occurred = self._of("occurred_s")
        when = np.where(occurred >= 0, occurred // DAY_S, day)
        first, last = _OFFICE_HOURS
        hour = first + chance.uniform("rang at", ids) * (last - first)
        second = day * DAY_S + (hour * HOUR_S).astype(np.int64)
        force = wales().force[context.people.lsoa[row]]
        return {
            "child": name_told(context, row, day, drawn, full=every),
            "child_s": name_told(context, row, day, drawn, full=~every),
            "parent": name_told(context, anchor, day, drawn, full=full),
            "sibling": name_told(context, self._sibling(), day, drawn, full=~every),
            "phone": telephone_told(context, anchor, day),
            "home": address_told(context, row, day),
            "dob": birthday_told(context, row, form, language),
            "date": Slot(days_said(day, form, language), mention_kinds.DATE),
            "when": Slot(days_said(when, form, language), mention_kinds.DATE),
            "time": Slot(
                times_said(second, chance.pick("form of times", ids, TIME_SHARES)),
                mention_kinds.TIME,
            ),
            "force": Slot(pa.array(_FORCE_NAMES).take(pa.array(force))),
        }

    def _sibling(self) -> Ints:
        """Give the row after the child's, if it is a child of the same household; else -1."""
        people, row = self.context.people, self.contacts.row
        after = np.minimum(row + 1, len(people.person) - 1)
        same = (people.household[after] == people.household[row]) & (after != row)
        age = (self.contacts.day - people.birth_day[after]) / DAYS_A_YEAR
        young = (
            (age >= 0) & (age < ADULT_YEARS) & (people.birth_day[row] <= people.birth_day[after])
        )
        return np.where(same & young, after, -1)

"""Reports of intelligence: about whom, how graded, and what officers submit, sanitised.

What a report is about follows from what the force has on record of its subject; the wordings are
`reference/intelligence_wordings.csv`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.handwriting import written_by
from darkfigure.synth.agencies.framework.people_written import PeopleWritten, people_written
from darkfigure.synth.agencies.framework.records import Tables, note_mentions, times
from darkfigure.synth.agencies.framework.scene_names import scene_names
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import INTELLIGENCE as SUBJECT_MATTER
from darkfigure.synth.agencies.police.codes import KNOWN_HOW, OFFENCES, SHARING, SOURCE_GRADE
from darkfigure.synth.agencies.police.further_people import VICTIM
from darkfigure.synth.agencies.police.kinds_of_work import INTELLIGENCE
from darkfigure.synth.agencies.police.nominals import store_tables
from darkfigure.synth.agencies.police.numbers import (
    collar_numbers,
    nominal_references,
    person_of,
)
from darkfigure.synth.agencies.police.other_work import OTHER_EVENT
from darkfigure.synth.agencies.police.people_named import first_nominal
from darkfigure.synth.agencies.police.put import put
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.digits import strings, zero_padded
from darkfigure.synth.schema import FORCES, SEX, coded
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.setting.geography import addresses, wales
from darkfigure.synth.text import Passages, Slot, Told, Trait, compose, wordings
from darkfigure.synth.text import mention_kinds as kinds
from darkfigure.synth.text.times_said import DAY_SHARES, TIME_SHARES, days_said, times_said

# Shares by grade of the source; by what the source knows, by that grade; and with conditions.
# Assumed: what an unreliable source tells is often suspected to be false.
_SOURCE_GRADES, _CONDITIONS_RATE = (0.5, 0.4, 0.1), 0.25
_KNOWN_HOW = ((0.4, 0.25, 0.25, 0.1, 0.0), (0.25, 0.15, 0.35, 0.2, 0.05), (0.1, 0.1, 0.3, 0.2, 0.3))
# Shares by subject matter of people of whom the force has neither violence nor domestic abuse on
# record; factors on violence and on domestic abuse of those of whom it has. Assumed.
_MATTERS, _VIOLENT_FACTOR, _DOMESTIC_FACTOR = (0.45, 0.14, 0.25, 0.04, 0.12), 3.0, 12.0
# Assaults, and knives carried. Source: Home Office counting rules
_VIOLENT_CODES = ("1", "5D", "8N", "105A", "10D")
_PREMISES_RATE = 0.4  # of places that reports name; assumed
_STYLES = (0.35, 0.45, 0.2)  # shares of terse, plain and full reports; assumed
_TIME_BITS = 34  # seconds since 1970 fit; no rate
_DWELLINGS = 400  # of a neighbourhood, one of which names a street nearby; assumed
_SEEN_DAYS = 4  # from what was seen to the report, mean; assumed
_YES_NO = ("no", "yes")


def write_intelligence(
    simulated: SimulatedEvents, cases: PoliceCases, number: int, out: Tables
) -> None:
    """Write the reports of one force.

    Parameters
    ----------
    simulated
        The simulated events, with what the blocks wrote.
    cases
        Cases of all forces.
    number
        Index into `FORCES`.
    out
        Receives the tables.
    """
    met = cases.meetings
    own = np.flatnonzero(
        (cases.force[met.case] == number) & (cases.category[met.case] == INTELLIGENCE)
    )
    if not len(own):
        return
    reports = _Reports(simulated, cases, number, own)
    texts, force = reports.texts(), list(FORCES)[number]
    case = met.case[own]
    report_no = cases.number.take(pa.array(case))
    columns = {
        "report_no": report_no,
        "nominal_ref": nominal_references(met.nominal[own], reports.store, reports.police),
        "submitted_at": times(cases.reported_s[case]),
        "subject_matter": coded(reports.matter, SUBJECT_MATTER),
        "source_grade": coded(reports.grade, SOURCE_GRADE),
        "known_how": coded(reports.known, KNOWN_HOW),
        "sharing": coded(reports.conditions, SHARING),
        "officer": collar_numbers(cases.officer[case], cases.force[case]),
        "report": texts.text,
    }
    shape = put(force, "intelligence", pa.table(columns), out)
    note_mentions(shape, "report", report_no, texts, out)


class _Reports:
    """One force's reports before they are written: `own` are rows of the meetings."""

    def __init__(
        self, simulated: SimulatedEvents, cases: PoliceCases, number: int, own: Ints
    ) -> None:
        self.simulated, self.cases, self.number, self.own = simulated, cases, number, own
        self.case, self.person = cases.meetings.case[own], cases.meetings.person[own]
        self.store = int(cases.meetings.store[own[0]])
        self.police = simulated.chance.stage("police")
        self.chance = self.police.stage("intelligence")
        self.event = cases.event[self.case] & ~OTHER_EVENT
        self.partner_case = self._last(cases.domestic & (cases.victim >= 0))
        violent = [list(OFFENCES).index(code) for code in _VIOLENT_CODES]
        self.violent_case = self._last(np.isin(cases.offence, violent))
        self.any_case = self._last(cases.category != INTELLIGENCE)
        self.grade = self.police.pick("source_grade", self.event, _SOURCE_GRADES)
        self.known = self.police.pick_by_group("known_how", self.event, _KNOWN_HOW, self.grade)
        kept_close = self.police.happens("conditions", self.event, _CONDITIONS_RATE)
        self.conditions = kept_close.astype(np.int64)
        self.matter = self._matter()

    def _last(self, chosen: Mask) -> Ints:
        """Give the force's last of some cases before each report with its subject as suspect."""
        cases = self.cases
        rows = np.flatnonzero(chosen & (cases.suspect >= 0) & (cases.force == self.number))
        key = (cases.suspect[rows] << _TIME_BITS) | cases.reported_s[rows]
        order = np.argsort(key, kind="stable")
        at = np.searchsorted(key[order], (self.person << _TIME_BITS) | cases.reported_s[self.case])
        found = np.append(rows[order], -1)[at - 1]
        same = (at > 0) & (np.append(cases.suspect, -1)[found] == self.person)
        return np.where(same, found, -1)

    def _matter(self) -> Ints:
        """Draw what reports are about, by what is on record of their subjects."""
        names = list(SUBJECT_MATTER)
        weights = np.tile(_MATTERS, (4, 1))
        weights[2:, names.index("violence")] *= _VIOLENT_FACTOR
        weights[1::2, names.index("domestic")] *= _DOMESTIC_FACTOR
        group = 2 * (self.violent_case >= 0) + (self.partner_case >= 0)
        return np.asarray(
            self.police.pick_by_group("subject_matter", self.event, weights, group), np.int64
        )

    def texts(self) -> Passages:
        """Write the reports."""
        chance, event, case = self.chance, self.event, self.case
        style = chance.pick("style", event, _STYLES)
        speakers = wales().welsh_speaker_rate[self.cases.lsoa[case]]
        officer = self.cases.officer[case] * len(FORCES) + self.number
        hand = self.cases.spec.intelligence.hand
        manner = written_by(hand, officer, style, speakers, event, chance)
        told = Told(event, self._traits(), self._slots(manner.language), manner)
        return compose(wordings("intelligence_wordings"), told, chance)

    def _traits(self) -> dict[str, Trait]:
        spec, census = self.cases.spec.intelligence, self.simulated.victims.census
        wrong = self.chance.happens("contradicts", self.event, spec.contradicts_rate)
        other = self.chance.below("other matter", self.event, len(SUBJECT_MATTER))
        yes = {"partner": self.partner_case >= 0, "before": self.any_case >= 0}
        return {
            **{name: Trait(mask.astype(np.int64), _YES_NO) for name, mask in yes.items()},
            "matter": Trait(np.where(wrong, other, self.matter), tuple(SUBJECT_MATTER)),
            "grade": Trait(self.grade, tuple(SOURCE_GRADE)),
            "known": Trait(self.known, tuple(KNOWN_HOW)),
            "sharing": Trait(self.conditions, tuple(SHARING)),
            "ssex": Trait(census.sex[self.person], tuple(SEX)),
        }

    def _slots(self, language: Ints) -> dict[str, Slot]:
        """Name the subject, whom the force knows as victim, days, places and papers."""
        chance, event, cases = self.chance, self.event, self.cases
        slots: dict[str, Slot] = {}
        for name, written in (("subject", self._subject()), ("partner", self._partner())):
            drawn, again = (chance.uniform(f"{form} {name}", event) for form in ("full", "short"))
            slots |= written.slots(name, drawn, again)
        ago = chance.exponential("seen", event) * _SEEN_DAYS * DAY_S
        second = cases.reported_s[self.case] - ago.astype(np.int64)
        day_form = chance.pick("form of days", event, DAY_SHARES)
        time_form = chance.pick("form of times", event, TIME_SHARES)
        officer = strings(zero_padded(cases.officer[self.case] + 1, 4))
        before = pa.array(np.maximum(self.any_case, 0), mask=self.any_case < 0)
        return slots | {
            "date": Slot(days_said(second // DAY_S, day_form, language), kinds.DATE),
            "time": Slot(times_said(second, time_form), kinds.TIME),
            "place": Slot(self._place(), kinds.PLACE),
            "officer": Slot(officer, kinds.IDENTIFIER),
            "ref": Slot(cases.number.take(before).cast(pa.string()), kinds.IDENTIFIER),
        }

    def _subject(self) -> PeopleWritten:
        nominal = self.cases.meetings.nominal[self.own]
        return self._written(self.store, nominal)

    def _partner(self) -> PeopleWritten:
        every = first_nominal(self.cases, VICTIM, self.cases.victim)
        return self._written(self.number, np.append(every, -1)[self.partner_case])

    def _written(self, store: int, nominal: Ints) -> PeopleWritten:
        key = nominal_references(np.maximum(nominal, 0), store, self.police)
        person_id = np.where(nominal >= 0, person_of(nominal), -1)
        return people_written(self.simulated.written, store_tables(store)[1], key, person_id)

    def _place(self) -> pa.StringArray:
        """Name premises in the neighbourhood, or else a street."""
        world, lsoa = self.simulated.chance, self.cases.lsoa[self.case]
        dwelling = self.chance.below("dwelling", self.event, _DWELLINGS)
        near = addresses(lsoa, dwelling, world.stage("lives").stage("geography"))
        nowhere = np.full(len(lsoa), -1)
        premises, street, _ = scene_names(nowhere, lsoa, near, self.event, world)
        inside = self.chance.happens("premises", self.event, _PREMISES_RATE)
        return pc.coalesce(pc.if_else(pa.array(inside), premises, street), street)

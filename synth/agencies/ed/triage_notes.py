"""Triage notes: what a nurse writes of a patient who has just come.

The wordings are `reference/ed_wordings.csv`. Of an assault the nurse writes what the patient tells,
who may tell of a fall; and one who codes no assault may still write of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.ed.numbers import ambulance_numbers
from darkfigure.synth.agencies.ed.seen import ASSAULT, LEFT, Seen
from darkfigure.synth.agencies.framework.complaints import complaints
from darkfigure.synth.agencies.framework.handwriting import Handwriting, written_by
from darkfigure.synth.agencies.framework.names_told import anchor_of, name_told, telephone_told
from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.agencies.framework.service_demand import ACCIDENT, SPORT, TRAFFIC
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import strings, zero_padded
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.core.spec import Rate, Spec
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema import PLACE, RELATIONSHIP, SEVERITY, SEX, WEAPON, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.places import places
from darkfigure.synth.text import Passages, Slot, Told, Trait, compose, wordings
from darkfigure.synth.text import mention_kinds as kinds
from darkfigure.synth.text.blows import BLOWS, blows
from darkfigure.synth.text.numerals import numerals, tenths
from darkfigure.synth.text.times_said import TIME_SHARES, times_said

_NURSES = 25  # of a site who triage; assumed
_STYLES = (0.35, 0.45, 0.2)  # shares of terse, plain and full notes; assumed
_CODED_DISCLOSES_RATE = 0.97  # notes of coded assaults that tell of one; assumed
_FULL_NAME_RATE = 0.35  # of those whom patients name; assumed
_AGO_HOURS = 2.5  # from an injury or the onset of an illness, mean; assumed
_AGES = (2, 16, 65)  # years, at which the bands of wordings begin; assumed
_BANDS = ("infant", "child", "adult", "old")
_MONTHS_A_YEAR = 12  # no rate
_STORIES = ("assault", "hidden", "accident", "sport", "traffic", "ill")
_TOLD, _HIDDEN, _ACCIDENT, _SPORT, _TRAFFIC, _ILL = range(len(_STORIES))
_YES_NO = ("no", "yes")
_LOGS_A_DAY, _OFFICERS = 1_500, 900  # numbers that notes give of the police; assumed
# Of observations: mean and standard deviation of those who are not urgent, and what is added for
# the urgent. Assumed.
_OBSERVED = {
    "pulse": (80, 12, 18),
    "systolic": (132, 15, -6),
    "breaths": (16.5, 1.8, 5),
    "sats": (97.4, 1.0, -3),
}
_DIASTOLIC = (0.42, 24, 6)  # of the systolic, and added, and spread; assumed
_YOUNG_PULSE = (50, 22, 0, 0)  # beats more, by band of age; assumed
_YOUNG_BREATHS = (16, 5, 0, 0)  # more, likewise; assumed
_MOST_SATS = 100  # no rate
_TEMPERATURE = (36.8, 0.5)  # assumed
_COOLER = 0.5  # how far the coolest lie below the mean, in that spread; assumed
# Score of each observation: edges, and points between them. Source: Royal College of Physicians,
# NEWS2, 2017
_NEWS = {
    "breaths": ((9, 12, 21, 25), (3, 1, 0, 2, 3)),
    "sats": ((92, 94, 96), (3, 2, 1, 0)),
    "systolic": ((91, 101, 111, 220), (3, 2, 1, 0, 3)),
    "pulse": ((41, 51, 91, 111, 131), (3, 1, 0, 1, 2, 3)),
    "temp": ((35.1, 36.1, 38.1, 39.1), (3, 1, 0, 1, 2)),
}
_URGENT = 2  # triage categories that are; assumed
_PAIN = (4, 8)  # least of the scores, and their number above it; assumed


class TriageNotes(Spec):
    """Free text of triage nurses; assumed."""

    hand: Handwriting = Handwriting(upper_rate=0.04, lower_rate=0.2, slip_rate=0.002)
    written_rate: Rate = 0.93
    """Attendances with a note."""
    discloses_rate: Rate = 0.45
    """Notes that tell of an assault, of those whose attendance is not coded as one."""
    contradicts_rate: Rate = 0.05
    """Notes of assaults that give another relation or kind of place than the patient's own."""


def triage_notes(
    context: RecordingContext,
    seen: Seen,
    coded_assault: Mask,
    injury: Mapping[str, Ints],
    spec: TriageNotes,
) -> Passages:
    """Write the notes.

    Parameters
    ----------
    context
        Recording context of the block.
    seen
        Everybody seen.
    coded_assault
        Which attendances are coded as assaults, shape (n,).
    injury
        Mechanism, activity and place of injuries (`injuries.injury_told`).
    spec
        Rates of the notes.

    Returns
    -------
    Texts, null where the nurse wrote none, and their mentions.
    """
    chance = context.chance.stage("ed").stage("triage note")
    some = np.flatnonzero(chance.happens("written", seen.ids, spec.written_rate))
    patients = _Patients(context, seen, some, coded_assault, injury, spec, chance)
    ids = seen.ids[some]
    speakers = wales().welsh_speaker_rate[context.people.lsoa[seen.row[some]]]
    nurse = seen.site[some] * 1_000 + chance.below("nurse", ids, _NURSES)
    style = chance.pick("style", ids, _STYLES)
    manner = written_by(spec.hand, nurse, style, speakers, ids, chance)
    told = Told(ids, patients.traits(), patients.slots(), manner)
    return compose(wordings("ed_wordings"), told, chance).spread(some, len(seen.ids))


@dataclass(frozen=True)
class _Patients:
    """The patients of whom a note is written: `some` are their rows among those seen."""

    context: RecordingContext
    seen: Seen
    some: Ints
    coded_assault: Mask
    injury: Mapping[str, Ints]
    spec: TriageNotes
    chance: Stream

    @property
    def ids(self) -> Ints:
        return self.seen.ids[self.some]

    @property
    def row(self) -> Ints:
        return self.seen.row[self.some]

    @property
    def day(self) -> Ints:
        return self.seen.arrived_s[self.some] // DAY_S

    @property
    def assaulted(self) -> Mask:
        return np.asarray(self.seen.reason[self.some] == ASSAULT)

    def of_assault(self, name: str, codes: tuple[str, ...] | None = None) -> Ints:
        """Give a column of the incidents; -1 of all others."""
        column = self.seen.incidents[name]
        values = column.to_numpy(zero_copy_only=False) if codes is None else codes_of(column, codes)
        return self.seen.of_assaults(np.asarray(values, np.int64))[self.some]

    def story(self) -> Ints:
        """Tell what each patient tells."""
        reason = self.seen.reason[self.some]
        coded = self.coded_assault[self.some]
        rate = np.where(coded, _CODED_DISCLOSES_RATE, self.spec.discloses_rate)
        open_about = self.chance.happens("discloses", self.ids, rate)
        marks = [self.assaulted & open_about, self.assaulted]
        marks += [reason == one for one in (ACCIDENT, SPORT, TRAFFIC)]
        return np.select(marks, [_TOLD, _HIDDEN, _ACCIDENT, _SPORT, _TRAFFIC], _ILL)

    def traits(self) -> dict[str, Trait]:
        """Give everything on which wordings depend."""
        seen, some, people = self.seen, self.some, self.context.people
        anchor = anchor_of(self.context, self.row)
        drunk = seen.complaint[some] == complaints().number("alcohol")
        yes = {
            "assault": self.assaulted,
            "drink": (self.of_assault("alcohol") > 0) & ~drunk,
            "left": seen.disposal[some] == LEFT,
        }
        codes = {
            name: tuple(meanings("ed_codes", of=of))
            for name, of in (("mechanism", "mechanism"), ("place", "injury_place"))
        }
        return {
            **{name: Trait(mask.astype(np.int64), _YES_NO) for name, mask in yes.items()},
            "story": Trait(self.story(), _STORIES),
            "complaint": Trait(seen.complaint[some], complaints().names),
            "age": Trait(self._band(), _BANDS),
            "sex": Trait(people.sex[self.row], tuple(SEX)),
            "parent": Trait(np.where(anchor >= 0, people.sex[anchor], -1), tuple(SEX)),
            "mode": Trait(seen.mode[some], tuple(meanings("ed_codes", of="arrival_mode"))),
            "triage": Trait(seen.triage[some], tuple(meanings("ed_codes", of="triage"))),
            "mechanism": Trait(self.injury["mechanism"][some], codes["mechanism"]),
            "place": Trait(self.injury["injury_place"][some], codes["place"]),
            "where": Trait(self._else("place", tuple(PLACE)), tuple(PLACE)),
            "relation": Trait(self._else("relationship", tuple(RELATIONSHIP)), tuple(RELATIONSHIP)),
            "blow": Trait(self._blow(), BLOWS),
        }

    def _else(self, name: str, labels: tuple[str, ...]) -> Ints:
        """Give a fact of the assault as told, which some tell wrongly."""
        values = self.of_assault(name, labels)
        wrong = self.chance.happens("contradicts", self.ids, self.spec.contradicts_rate)
        other = self.chance.below(f"other {name}", self.ids, len(labels))
        return np.where(wrong & (values >= 0), other, values)

    def _blow(self) -> Ints:
        relation = self.of_assault("relationship", tuple(RELATIONSHIP))
        ties = [list(RELATIONSHIP).index(name) for name in ("partner", "ex_partner")]
        incident = np.maximum(self.of_assault("incident_id"), 0)
        shared = self.context.chance.stage("police").stage("blows")
        severity = np.maximum(self.of_assault("severity", tuple(SEVERITY)), 0)
        weapon = np.maximum(self.of_assault("weapon", tuple(WEAPON)), 0)
        drawn = blows(severity, weapon, np.isin(relation, ties), incident, shared)
        return np.where(self.assaulted, drawn, -1)

    def slots(self) -> dict[str, Slot]:
        """Give everything that notes may name."""
        return {**self._people(), **self._numbers(), **self._scene()}

    def _people(self) -> dict[str, Slot]:
        """Name who came with a child, and an offender with whom the patient lives."""
        people, chance = self.context.people, self.chance
        anchor = anchor_of(self.context, self.row)
        offender = self.of_assault("offender")
        known = (offender >= 0) & people.holds(offender)
        own = np.where(known, people.row(offender), 0)
        own = np.minimum(own, len(people.person) - 1)
        together = known & (people.household[own] == people.household[self.row])
        full = chance.happens("full name", self.ids, _FULL_NAME_RATE)
        drawn = chance.uniform("form of names", self.ids)
        there = [np.where(together, own, -1), anchor]
        named = [name_told(self.context, rows, self.day, drawn, full=full) for rows in there]
        phone = telephone_told(self.context, anchor, self.day)
        return {"offender": named[0], "adult": named[1], "phone": phone}

    def _numbers(self) -> dict[str, Slot]:
        ids, chance = self.ids, self.chance
        called = np.isin(self.some, self.seen.by_ambulance())
        at = np.flatnonzero(called)
        incident = with_gaps(ambulance_numbers(ids[at], self.context.chance), at, len(ids))
        log, officer = (
            strings(zero_padded(chance.below(name, ids, size) + 1, 4))
            for name, size in (("log", _LOGS_A_DAY), ("officer", _OFFICERS))
        )
        least, most = _PAIN
        return {
            "incident": Slot(incident, kinds.IDENTIFIER),
            "log": Slot(log, kinds.IDENTIFIER),
            "officer": Slot(officer, kinds.IDENTIFIER),
            "age": Slot(self._age()),
            "score": Slot(numerals(least + chance.below("pain", ids, most - least))),
            **self._observed(),
        }

    def _age(self) -> pa.StringArray:
        """Write the age in years, of infants in months."""
        years = (self.day - self.context.people.birth_day[self.row]) / DAYS_A_YEAR
        infant = years < _AGES[0]
        whole = np.where(infant, years * _MONTHS_A_YEAR, years).astype(np.int64)
        unit = pa.array(["", "/12"]).take(pa.array(infant.astype(np.int64)))
        return pc.binary_join_element_wise(numerals(np.maximum(whole, 0)), unit, "")

    def _observed(self) -> dict[str, Slot]:
        chance, urgent, band = self.chance, self.seen.triage[self.some] < _URGENT, self._band()
        values: dict[str, Floats] = {
            name: np.rint(mean + spread * chance.normal(name, self.ids) + more * urgent)
            for name, (mean, spread, more) in _OBSERVED.items()
        }
        values["pulse"] += np.array(_YOUNG_PULSE)[band]
        values["breaths"] += np.array(_YOUNG_BREATHS)[band]
        values["sats"] = np.minimum(values["sats"], _MOST_SATS)
        mean, spread = _TEMPERATURE
        values["temp"] = mean + spread * (chance.normal("temperature", self.ids) ** 2 - _COOLER)
        share, least, spread = _DIASTOLIC
        noise = spread * chance.normal("diastolic", self.ids)
        values["diastolic"] = np.rint(values["systolic"] * share + least + noise)
        values["news"] = _early_warning(values)
        return {
            name: Slot(tenths(found) if name == "temp" else numerals(found.astype(np.int64)))
            for name, found in values.items()
        }

    def _band(self) -> Ints:
        age = (self.day - self.context.people.birth_day[self.row]) / DAYS_A_YEAR
        return np.digitize(age, _AGES)

    def _scene(self) -> dict[str, Slot]:
        """Name the place of an assault outside homes, and the time."""
        ids, chance = self.ids, self.chance
        since = (chance.exponential("since", ids) * _AGO_HOURS * HOUR_S).astype(np.int64)
        began = self.seen.arrived_s[self.some] - since
        occurred = np.where(self.assaulted, self.of_assault("occurred_s"), began)
        form = chance.pick("form of times", ids, TIME_SHARES)
        site, every = self.of_assault("site"), places(self.context.chance)
        wrong = chance.happens("contradicts", ids, self.spec.contradicts_rate)
        known = np.flatnonzero((site >= 0) & ~wrong)
        street = every.streets(site[known])[0].cast(pa.string())
        name = every.names(site[known])
        place = pc.coalesce(name, street)
        return {
            "time": Slot(times_said(occurred, form), kinds.TIME),
            "place": Slot(with_gaps(place, known, len(ids)), kinds.PLACE, site),
        }


def _early_warning(values: Mapping[str, Floats]) -> Floats:
    """Add up the points of each observation."""
    points = [
        np.array(points)[np.digitize(values[name], edges)]
        for name, (edges, points) in _NEWS.items()
    ]
    return np.asarray(np.sum(points, axis=0), float)

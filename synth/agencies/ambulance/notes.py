"""Notes of crews on their patients; wordings in `reference/ambulance_wordings.csv`.

Crews write what they are told and see. Where the code names no assault the note may, and where it
does the note may speak of a fall.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.ambulance.call_times import CallTimes
from darkfigure.synth.agencies.ambulance.calls import Calls
from darkfigure.synth.agencies.ambulance.findings import TABLE, CallFindings
from darkfigure.synth.agencies.ambulance.spec import CrewNotes
from darkfigure.synth.agencies.ambulance.tables import STOP
from darkfigure.synth.agencies.framework.agency import SampleBlock
from darkfigure.synth.agencies.framework.handwriting import written_by
from darkfigure.synth.agencies.framework.names_told import anchor_of, name_told, telephone_told
from darkfigure.synth.agencies.framework.service_demand import ACCIDENT, SELF_HARM, SPORT, TRAFFIC
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import strings, zero_padded
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema import PLACE, RELATIONSHIP, SEVERITY, SEX, WEAPON, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.places import places
from darkfigure.synth.text import Passages, Slot, Told, Trait, compose, wordings
from darkfigure.synth.text import mention_kinds as kinds
from darkfigure.synth.text.blows import BLOWS, blows
from darkfigure.synth.text.numerals import numerals, tenths
from darkfigure.synth.text.times_said import TIME_SHARES, rounded, times_said

_STYLES = (0.4, 0.4, 0.2)  # shares of terse, plain and full notes; assumed
_FULL_NAME_RATE = 0.4  # of those whom crews name; assumed
_AGES, _BANDS = (4, 16, 65), ("infant", "child", "adult", "old")  # years; assumed
_ONSET_HOURS = 2.0  # from an injury or the onset of an illness to the call, mean; assumed
_STORIES = ("assault", "hidden", "accident", "traffic", "harm", "ill")
_ASSAULT, _HIDDEN, _ACCIDENT, _TRAFFIC, _HARM, _ILL = range(len(_STORIES))
_YES_NO = ("no", "yes")
_CODED_TELLS_RATE = 0.97  # notes of coded assaults that tell of one; assumed
_LOGS, _OFFICERS = 1_500, 900  # numbers that notes give of the police; assumed
# Of observations: mean, spread, and what is added for each level of consciousness lost; assumed.
_OBSERVED = {
    "pulse": (84, 13, 7),
    "systolic": (136, 17, -6),
    "rr": (17, 2, 2),
    "cpulse": (112, 14, 8),
    "crr": (25, 4, 3),
}
_SATS, _SATS_LOST, _MOST_SATS = (97, 1.2), -2, 100  # the same of oxygen; assumed
_DIASTOLIC = (0.42, 24)  # of the systolic, and added; assumed
_TEMPERATURE, _SUGAR = (36.8, 0.6), (4.6, 3.4)  # mean and spread; least and range; assumed
# Points of the Glasgow scale by level of consciousness. Source: well known; V, P and U assumed.
_GLASGOW = (15, 14, 12, 8, 3)
# Whole numbers that notes give: the least, and the most. Assumed.
_NUMBERS = {
    "pain": (2, 9),
    "mph": (10, 65),
    "tabs": (6, 48),
    "mins": (4, 30),
    "hours": (2, 12),
    "days": (1, 6),
    "few": (2, 4),
}
_RHYTHMS = ("NSR", "sinus tachy", "AF", "LBBB old", "no acute changes")


@dataclass(frozen=True)
class PatientsMet:
    """Patients of a block as their crew met them; arrays have one entry a call but for `seen`.

    Parameters
    ----------
    seen
        The calls with a patient of whom a note may be written.
    ids
        Keys of the notes' draws, one for each of `seen`.
    crew
        Number of the crew, likewise.
    as_assault, police, drank
        Whether the call is coded as an assault, the police were there, the patient had been
        drinking; of each of `seen`.
    """

    block: SampleBlock
    calls: Calls
    times: CallTimes
    findings: CallFindings
    place: Ints
    seen: Ints
    ids: Ints
    crew: Ints
    as_assault: Mask
    police: Mask
    drank: Mask


def crew_notes(attended: PatientsMet, spec: CrewNotes) -> Passages:
    """Write the notes.

    Parameters
    ----------
    attended
        The patients.
    spec
        Rates of the notes.

    Returns
    -------
    Texts, one for each of `attended.seen`, null where the crew wrote none, and their mentions.
    """
    context = attended.block.context
    chance, ids = context.chance.stage("ambulance").stage("note"), attended.ids
    style = chance.pick("style", ids, _STYLES)
    speakers = wales().welsh_speaker_rate[context.people.lsoa[attended.calls.row[attended.seen]]]
    manner = written_by(spec.hand, attended.crew, style, speakers, ids, chance)
    draft = _Draft(attended, spec, chance)
    told = Told(ids, draft.traits(), draft.slots(), manner)
    passages = compose(wordings("ambulance_wordings"), told, chance)
    some = np.flatnonzero(chance.happens("written", ids, spec.written_rate))
    return passages.take(some).spread(some, len(ids))


@dataclass(frozen=True)
class _Draft:
    attended: PatientsMet
    spec: CrewNotes
    chance: Stream

    @property
    def ids(self) -> Ints:
        return self.attended.ids

    @property
    def row(self) -> Ints:
        return self.attended.calls.row[self.attended.seen]

    @property
    def called_s(self) -> Ints:
        return self.attended.times.called[self.attended.seen]

    @property
    def conscious(self) -> Ints:
        return self.attended.findings.conscious[self.attended.seen]

    @property
    def years(self) -> Floats:
        born = self.attended.block.context.people.birth_day[self.row]
        return np.maximum((self.called_s // DAY_S - born) / DAYS_A_YEAR, 0)

    def _of(self, name: str, labels: tuple[str, ...] | None = None) -> Ints:
        """Give a column of the acts of violence; -1 of all other calls."""
        column = self.attended.block.incidents[name]
        values = column.to_numpy() if labels is None else codes_of(column, labels)
        return np.append(values, -1)[self.attended.calls.incident[self.attended.seen]]

    def traits(self) -> dict[str, Trait]:
        """Give everything on which wordings depend."""
        own, found = self.attended, self.attended.findings
        wrong = self.chance.happens("contradicts drink", self.ids, self.spec.contradicts_rate)
        drink = (own.drank ^ wrong) & (self.years >= _AGES[1])
        yes = {"police": own.police, "drink": drink}
        findings = {
            name: Trait(getattr(found, name)[own.seen], tuple(meanings(TABLE, of=name)))
            for name in ("impression", "mechanism", "conscious")
        }
        return {
            **{name: Trait(mask.astype(np.int64), _YES_NO) for name, mask in yes.items()},
            **findings,
            "story": Trait(self._story(), _STORIES),
            "stop": Trait(own.calls.stop[own.seen], tuple(STOP)),
            "age": Trait(np.digitize(self.years, _AGES), _BANDS),
            "sex": Trait(own.block.context.people.sex[self.row], tuple(SEX)),
            "place": Trait(own.place[own.seen], tuple(PLACE)),
            "relation": Trait(self._relation(), tuple(RELATIONSHIP)),
            "blow": Trait(self._blow(), BLOWS),
        }

    def _story(self) -> Ints:
        """Tell what each patient tells."""
        own, reason = self.attended, self.attended.calls.reason[self.attended.seen]
        violent = own.calls.violent[own.seen]
        rate = np.where(own.as_assault, _CODED_TELLS_RATE, self.spec.discloses_rate)
        tells = violent & self.chance.happens("discloses", self.ids, rate)
        marks = [tells, violent, np.isin(reason, (ACCIDENT, SPORT)), reason == TRAFFIC]
        marks.append(reason == SELF_HARM)
        return np.select(marks, [_ASSAULT, _HIDDEN, _ACCIDENT, _TRAFFIC, _HARM], _ILL)

    @cached_property
    def _true_relation(self) -> Ints:
        return self._of("relationship", tuple(RELATIONSHIP))

    def _relation(self) -> Ints:
        wrong = self.chance.happens("contradicts", self.ids, self.spec.contradicts_rate)
        other = self.chance.below("other relation", self.ids, len(RELATIONSHIP))
        return np.where(wrong & (self._true_relation >= 0), other, self._true_relation)

    def _blow(self) -> Ints:
        ties = [list(RELATIONSHIP).index(name) for name in ("partner", "ex_partner")]
        shared = self.attended.block.context.chance.stage("police").stage("blows")
        incident = self._of("incident_id")
        severity, weapon = (
            np.maximum(self._of(name, tuple(labels)), 0)
            for name, labels in (("severity", SEVERITY), ("weapon", WEAPON))
        )
        intimate = np.isin(self._true_relation, ties)
        drawn = blows(severity, weapon, intimate, np.maximum(incident, 0), shared)
        return np.where(incident >= 0, drawn, -1)

    def slots(self) -> dict[str, Slot]:
        """Give everything that notes may name."""
        return {**self._people(), **self._times(), **self._papers(), **self._observed()}

    def _people(self) -> dict[str, Slot]:
        context, chance = self.attended.block.context, self.chance
        people, day, offender = context.people, self.called_s // DAY_S, self._of("offender")
        known = (offender >= 0) & people.holds(offender)
        other = np.minimum(np.where(known, people.row(offender), 0), len(people.person) - 1)
        together = known & (people.household[other] == people.household[self.row])
        anchor = anchor_of(context, self.row)
        full = chance.happens("full name", self.ids, _FULL_NAME_RATE)
        drawn = chance.uniform("form of names", self.ids)
        named = [
            name_told(context, row, day, drawn, full=full)
            for row in (np.where(together, other, -1), anchor)
        ]
        phone = telephone_told(context, anchor, day)
        return {"offender": named[0], "nok": named[1], "phone": phone}

    def _times(self) -> dict[str, Slot]:
        """Name the place of an assault outside homes, and the times of the call."""
        own, form = self.attended, self.chance.pick("form of times", self.ids, TIME_SHARES)
        since = self.chance.exponential("since", self.ids) * _ONSET_HOURS * HOUR_S
        occurred = self._of("occurred_s")
        began = np.where(occurred >= 0, occurred, self.called_s - since.astype(np.int64))
        times = {
            "time": self.called_s,
            "about": rounded(began),
            "onscene": own.times.on_scene[own.seen],
            "handover": own.times.handover[own.seen],
        }
        site, every = self._of("site"), places(own.block.context.chance)
        known = np.flatnonzero(site >= 0)
        street = every.streets(site[known])[0].cast(pa.string())
        names = with_gaps(pc.coalesce(every.names(site[known]), street), known, len(site))
        said = {name: Slot(_told(second, form), kinds.TIME) for name, second in times.items()}
        return said | {"place": Slot(names, kinds.PLACE, site)}

    def _papers(self) -> dict[str, Slot]:
        log, officer = (
            strings(zero_padded(self.chance.below(name, self.ids, most) + 1, 4))
            for name, most in (("log", _LOGS), ("officer", _OFFICERS))
        )
        numbers = {
            name: Slot(numerals(low + self.chance.below(name, self.ids, high - low + 1)))
            for name, (low, high) in _NUMBERS.items()
        }
        rhythm = pa.array(_RHYTHMS).take(
            pa.array(self.chance.below("ecg", self.ids, len(_RHYTHMS)))
        )
        return numbers | {
            "log": Slot(log, kinds.IDENTIFIER),
            "officer": Slot(officer, kinds.IDENTIFIER),
            "ecg": Slot(rhythm),
            "age": Slot(numerals(self.years.astype(np.int64))),
        }

    def _observed(self) -> dict[str, Slot]:
        ids, chance, lost = self.ids, self.chance, np.maximum(self.conscious, 0)
        values = {
            name: mean + spread * chance.normal(name, ids) + more * lost
            for name, (mean, spread, more) in _OBSERVED.items()
        }
        (mean, spread), (share, more) = _SATS, _DIASTOLIC
        sats = mean + spread * chance.normal("sats", ids) + _SATS_LOST * lost
        values["sats"] = np.minimum(sats, _MOST_SATS)
        values["diastolic"] = values["systolic"] * share + more
        values["gcs"] = np.array(_GLASGOW)[lost]
        (usual, varies), (low, span) = _TEMPERATURE, _SUGAR
        warm = usual + varies * chance.normal("temp", ids)
        sugar = low + span * chance.uniform("bm", ids)
        return {name: Slot(numerals(found.astype(np.int64))) for name, found in values.items()} | {
            "temp": Slot(tenths(warm)),
            "bm": Slot(tenths(sugar)),
        }


def _told(second: Ints, form: Ints) -> pa.StringArray:
    """Tell times; null for what never came."""
    never = pa.array(second < 0)
    return pc.if_else(never, pa.scalar(None, pa.string()), times_said(np.maximum(second, 0), form))

"""Notes of consultations, and what practices write of letters; wordings in `gp_wordings.csv`.

Of violence a practice writes what the patient tells. A code may name the injury alone while the
note tells of the act, or name the act while the note tells of a fall.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.handwriting import Handwriting, written_by
from darkfigure.synth.agencies.framework.names_told import anchor_of, name_told, telephone_told
from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.agencies.gp.tables import READ_CODES
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import strings, zero_padded
from darkfigure.synth.core.spec import Rate, Spec
from darkfigure.synth.reference import load
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema import RELATIONSHIP, SEVERITY, SEX, WEAPON, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.practices import practices_chosen
from darkfigure.synth.text import Passages, Slot, Told, Trait, compose, wordings
from darkfigure.synth.text import mention_kinds as kinds
from darkfigure.synth.text.blows import BLOWS, blows
from darkfigure.synth.text.numerals import numerals, tenths
from darkfigure.synth.text.times_said import days_said

_CLINICIANS = 8  # of a practice who write notes; assumed
_STYLES = (0.5, 0.35, 0.15)  # shares of terse, plain and full notes; assumed
_FULL_NAME_RATE = 0.3  # of those whom patients name; assumed
_DAY_FORMS = (0.45, 0.55)  # of days with and without the century, as practices write; assumed
_AGO_DAYS = 20  # of whatever a note dates that is no act of violence, mean; assumed
# Who does not speak, who is brought, and whom doctors visit; assumed.
_INFANT_YEARS, _YOUNG_YEARS, _OLD_YEARS = 4, 16, 75
_YES_NO = ("no", "yes")
_ABOUT = (
    *("ailment", "review", "letter", "measure", "screen", "vaccine", "fitnote"),
    *("domestic", "police", "child", "assault", "hidden"),
)
_PAPERWORK = ("letter", "screen", "vaccine", "police")
_ABOUT_OF = {
    **dict.fromkeys(("9N19.", "9N32."), "letter"),
    **dict.fromkeys(("246..", "22A..", "137.."), "measure"),
    **dict.fromkeys(("685..", "537..", "68W2."), "screen"),
    "65E..": "vaccine",
    "9D11.": "fitnote",
}
_FEVERISH = ("H05z.", "F52z.", "H06z0", "H03..", "K190.", "A52..", "M03..")
# Whole numbers that notes give: the least, and the most. Assumed.
_NUMBERS = {
    "n": (2, 10),
    "w": (1, 8),
    "few": (2, 4),
    "days": (5, 7),
    "cm": (1, 6),
    "pain": (3, 9),
    "phq": (4, 24),
    "gad": (3, 20),
    "bmi": (19, 38),
    "obese": (30, 47),
    "act": (12, 25),
    "angle": (40, 90),
    "dermatome": (2, 12),
    "cigs": (3, 25),
    "pefr": (240, 399),
    "fev": (35, 90),
    "hba": (42, 98),
    "units": (20, 120),
    "meth": (20, 90),
    "egfr": (28, 60),
    "rr": (12, 22),
    "sats": (93, 100),
}
_TENTHS = {"fever": (38.0, 1.6), "tsh": (0.4, 5.5), "chol": (3.2, 3.4)}  # least and range; assumed
# Nobody gives up smoking at an earlier age, or is remembered to have done so longer ago; assumed.
_GAVE_UP_YEARS, _GAVE_UP_AGO = 18, 30
_EPOCH = 1970  # no rate
_LABORATORY, _BATCHES, _REFERENCES = 99_999, 9_999, 9_999  # numbers of samples and papers; no rate
# Blood pressure and pulse: mean and spread; the lower of the upper. Assumed.
_SYSTOLIC, _PULSE, _DIASTOLIC = (136, 15), (76, 11), (0.45, 19)
_WARM = (36.7, 0.3, 0.9)  # temperature: mean, spread, and what an infection adds; assumed
# Weights in kilograms of newborns, of a child for each year, of adults, and their spread; assumed.
_WEIGHT, _ADULT_KG, _WEIGHT_SD = (4.0, 3.2), 78, 0.18


class ConsultationNotes(Spec):
    """Free text of practices; assumed."""

    hand: Handwriting = Handwriting(upper_rate=0.01, lower_rate=0.2, slip_rate=0.0025)
    written_rate: Rate = 0.92
    """Consultations with a note."""
    filed_rate: Rate = 0.5
    """Letters, results, vaccinations and reports with a note."""
    discloses_rate: Rate = 0.35
    """Notes that tell of violence, of those whose code names the injury alone."""
    conceals_rate: Rate = 0.03
    """Notes that tell of an accident though the code names violence."""
    contradicts_rate: Rate = 0.04
    """Notes of violence that call the offender something else."""


@dataclass(frozen=True)
class Consulted:
    """Entries of which somebody may write a note; arrays have one entry each."""

    ids: Ints
    row: Ints  # of the patient
    day: Ints
    code: Ints  # index into `READ_CODES`
    incident: Ints  # row among the incidents, -1 for none
    reported: Ints  # day of a report of the police, -1 for none


def consultation_notes(
    context: RecordingContext, consulted: Consulted, incidents: pa.Table, spec: ConsultationNotes
) -> Passages:
    """Write the notes of a block's entries.

    Parameters
    ----------
    context
        Recording context of the block.
    consulted
        The entries.
    incidents
        Acts of violence to which they refer.
    spec
        Rates of the notes.

    Returns
    -------
    Texts, null where nobody wrote one, and their mentions.
    """
    chance, ids = context.chance.stage("gp").stage("note"), consulted.ids
    filed = np.isin(_about()[consulted.code], [_ABOUT.index(name) for name in _PAPERWORK])
    rate = np.where(filed, spec.filed_rate, spec.written_rate)
    some = np.flatnonzero(chance.happens("written", ids, rate))
    own = Consulted(*(values[some] for values in vars(consulted).values()))
    people, lsoa = context.people, context.people.lsoa[own.row]
    family, person = people.household_id[own.row], people.person_id[own.row]
    practice = practices_chosen(lsoa, family, person, context.chance.stage("gp"))
    clinician = practice * _CLINICIANS + chance.below("clinician", own.ids, _CLINICIANS)
    style = chance.pick("style", own.ids, _STYLES)
    speakers = wales().welsh_speaker_rate[lsoa]
    manner = written_by(spec.hand, clinician, style, speakers, own.ids, chance)
    draft = _Draft(context, own, incidents, spec, chance)
    told = Told(own.ids, draft.traits(), draft.slots(manner.language), manner)
    return compose(wordings("gp_wordings"), told, chance).spread(some, len(ids))


@cache
def _about() -> Ints:
    """Give what each code is about, index into `_ABOUT`."""
    table = load("read_codes")
    pairs = zip(table["read_code"].to_pylist(), table["about"].to_pylist(), strict=True)
    named = {
        code: {"police_report": "police", "injury": "hidden"}.get(of, of) for code, of in pairs
    }
    named |= _ABOUT_OF | dict.fromkeys(meanings("conditions"), "review")
    return np.array([_ABOUT.index(named.get(code, "ailment")) for code in READ_CODES])


@dataclass(frozen=True)
class _Draft:
    context: RecordingContext
    own: Consulted
    incidents: pa.Table
    spec: ConsultationNotes
    chance: Stream

    @property
    def years(self) -> Floats:
        return (self.own.day - self.context.people.birth_day[self.own.row]) / DAYS_A_YEAR

    @property
    def feverish(self) -> Mask:
        return np.isin(self.own.code, [list(READ_CODES).index(code) for code in _FEVERISH])

    def _of(self, name: str, labels: tuple[str, ...] | None = None) -> Ints:
        """Give a column of the incidents; -1 of all other entries."""
        column = self.incidents[name]
        values = column.to_numpy() if labels is None else codes_of(column, labels)
        return np.append(values, -1)[self.own.incident]

    def traits(self) -> dict[str, Trait]:
        """Give everything on which wordings depend."""
        people, own = self.context.people, self.own
        anchor = anchor_of(self.context, own.row)
        yes = {
            "infant": self.years < _INFANT_YEARS,
            "young": self.years < _YOUNG_YEARS,
            "old": self.years >= _OLD_YEARS,
            "ill": self.feverish,
        }
        offender = self._at_home()
        return {
            **{name: Trait(mask.astype(np.int64), _YES_NO) for name, mask in yes.items()},
            "about": Trait(self._told(), _ABOUT),
            "code": Trait(own.code, tuple(READ_CODES)),
            "sex": Trait(people.sex[own.row], tuple(SEX)),
            "parent": Trait(np.where(anchor >= 0, people.sex[anchor], -1), tuple(SEX)),
            "osex": Trait(np.where(offender >= 0, people.sex[offender], -1), tuple(SEX)),
            "relation": Trait(self._relation(), tuple(RELATIONSHIP)),
            "blow": Trait(self._blow(), BLOWS),
        }

    def _told(self) -> Ints:
        """Tell what each note is about, which the code may not name."""
        coded, ids = _about()[self.own.code], self.own.ids
        hidden, assault = (_ABOUT.index(name) for name in ("hidden", "assault"))
        violent = (self.own.incident >= 0) & (coded != _ABOUT.index("police"))
        opens = (coded == hidden) & self.chance.happens("opens", ids, self.spec.discloses_rate)
        hides = violent & self.chance.happens("conceals", ids, self.spec.conceals_rate)
        intimate = np.isin(self._true_relation(), _INTIMATE) & (self.years >= _YOUNG_YEARS)
        opened = np.where(intimate, _ABOUT.index("domestic"), assault)
        return np.where(violent & opens, opened, np.where(hides, hidden, coded))

    def _true_relation(self) -> Ints:
        return self._of("relationship", tuple(RELATIONSHIP))

    def _relation(self) -> Ints:
        """Give the relation as told, which some tell wrongly."""
        true, ids = self._true_relation(), self.own.ids
        wrong = self.chance.happens("contradicts", ids, self.spec.contradicts_rate)
        other = self.chance.below("other relation", ids, len(RELATIONSHIP))
        return np.where(wrong & (true >= 0), other, true)

    def _blow(self) -> Ints:
        shared = self.context.chance.stage("police").stage("blows")
        severity, weapon, incident = (
            np.maximum(values, 0)
            for values in (
                self._of("severity", tuple(SEVERITY)),
                self._of("weapon", tuple(WEAPON)),
                self._of("incident_id"),
            )
        )
        drawn = blows(severity, weapon, np.isin(self._true_relation(), _INTIMATE), incident, shared)
        return np.where(self.own.incident >= 0, drawn, -1)

    def _at_home(self) -> Ints:
        """Give the row of an offender who lives with the patient; -1 for none."""
        people, offender = self.context.people, self._of("offender")
        known = (offender >= 0) & people.holds(offender)
        row = np.minimum(np.where(known, people.row(offender), 0), len(people.person) - 1)
        same = people.household[row] == people.household[self.own.row]
        return np.where(known & same, row, -1)

    def slots(self, language: Ints) -> dict[str, Slot]:
        """Give everything that notes may name."""
        return {**self._people(), **self._days(language), **self._papers(), **self._measured()}

    def _people(self) -> dict[str, Slot]:
        own, chance = self.own, self.chance
        full = chance.happens("full name", own.ids, _FULL_NAME_RATE)
        drawn = chance.uniform("form of names", own.ids)
        anchor = anchor_of(self.context, own.row)
        offender, adult = (
            name_told(self.context, row, own.day, drawn, full=full)
            for row in (self._at_home(), anchor)
        )
        called = np.where(anchor >= 0, anchor, own.row)
        phone = telephone_told(self.context, called, own.day)
        return {"offender": offender, "adult": adult, "phone": phone}

    def _days(self, language: Ints) -> dict[str, Slot]:
        own, chance = self.own, self.chance
        form = chance.pick("form of days", own.ids, _DAY_FORMS)
        ago = 1 + (chance.exponential("ago", own.ids) * _AGO_DAYS).astype(np.int64)
        occurred = self._of("occurred_s")
        dates = {
            "when": np.where(occurred >= 0, occurred // DAY_S, own.day - ago),
            "lmp": own.day - ago - _AGO_DAYS,
            "reported": np.where(own.reported >= 0, own.reported, own.day - ago),
        }
        return {
            name: Slot(days_said(day, form, language), kinds.DATE) for name, day in dates.items()
        }

    def _papers(self) -> dict[str, Slot]:
        """Give numbers of samples, batches and papers, and a side of the body."""
        ids, chance = self.own.ids, self.chance
        numbers = {
            name: strings(zero_padded(chance.below(name, ids, most) + 1, len(str(most))))
            for name, most in (("lab", _LABORATORY), ("batch", _BATCHES), ("log", _REFERENCES))
        }
        side = pa.array(["L", "R"]).take(pa.array(chance.below("side", ids, 2)))
        ago = chance.uniform("year", ids) * np.clip(self.years - _GAVE_UP_YEARS, 1, _GAVE_UP_AGO)
        year = strings(zero_padded((_EPOCH + self.own.day / DAYS_A_YEAR - ago).astype(np.int64), 4))
        return {
            "lab": Slot(numbers["lab"], kinds.IDENTIFIER),
            "log": Slot(numbers["log"], kinds.IDENTIFIER),
            "batch": Slot(numbers["batch"]),
            "ear": Slot(side),
            "year": Slot(year),
        }

    def _measured(self) -> dict[str, Slot]:
        ids, chance = self.own.ids, self.chance
        drawn = {
            name: numerals(low + chance.below(name, ids, high - low + 1))
            for name, (low, high) in _NUMBERS.items()
        }
        for name, (low, span) in _TENTHS.items():
            drawn[name] = tenths(low + span * chance.uniform(name, ids))
        for name, (mean, spread) in (("systolic", _SYSTOLIC), ("pulse", _PULSE)):
            drawn[name] = numerals((mean + spread * chance.normal(name, ids)).astype(np.int64))
        share, more = _DIASTOLIC
        systolic = _SYSTOLIC[0] + _SYSTOLIC[1] * chance.normal("systolic", ids)
        drawn["diastolic"] = numerals((share * systolic + more).astype(np.int64))
        usual, varies, fever = _WARM
        warm = usual + varies * chance.normal("temp", ids)
        drawn["temp"] = tenths(warm + fever * self.feverish * chance.exponential("fever more", ids))
        drawn["weight"] = tenths(self._weight())
        return {name: Slot(texts) for name, texts in drawn.items()}

    def _weight(self) -> Floats:
        newborn, a_year = _WEIGHT
        usual = np.minimum(newborn + a_year * np.maximum(self.years, 0), _ADULT_KG)
        return usual * np.exp(_WEIGHT_SD * self.chance.normal("weight", self.own.ids))


_INTIMATE = [list(RELATIONSHIP).index(name) for name in ("partner", "ex_partner")]

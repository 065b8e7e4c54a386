"""What coders write of a spell: principal diagnosis, external cause, and all else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.ed.seen import ASSAULT
from darkfigure.synth.agencies.framework.complaints import (
    AGES,
    age_bands,
    by_age,
    complaints,
)
from darkfigure.synth.agencies.framework.conditions import has_condition
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables, add
from darkfigure.synth.agencies.framework.service_demand import SELF_HARM, SPORT, TRAFFIC
from darkfigure.synth.agencies.hospital.tables import HOSPITAL_DIAGNOSES, ICD, SPECIALTY
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.reference import load
from darkfigure.synth.reference.coding import meanings, shares
from darkfigure.synth.schema import PLACE, RELATIONSHIP, WEAPON, coded, codes_of
from darkfigure.synth.setting.calendar import DAYS_A_YEAR

_ANY_AGE = 120  # stands for no limit; no rate
_NO_DIAGNOSIS = "Z038"  # observation for other suspected diseases, where nothing else fits
# Added to the median, and spread of the logarithm, of days in hospital; factor by age. Assumed.
_STAY_OVER, _STAY_SD_LOG = 0.55, 0.85
_STAY_AGES, _STAY_BY_AGE = (0, 16, 65, 80, 90), (0.6, 0.8, 1.0, 1.3, 1.45)
_PAEDIATRIC_YEARS, _GERIATRIC_YEARS = 16, 75  # ages of two specialties; assumed
_CONDITION_RATE = 0.65  # of long-term conditions that are coded; assumed
_ALSO_RATE = 0.3  # of complications that go with a principal diagnosis; assumed
_MOST_ALSO = 3  # no rate
# ICD-10 assault cause by weapon; "other" is drawn from the table, as is a blow without a weapon
# now and then. Place by the fourth character. Source: ICD-10, well known
_CAUSE_OF = {"none": "Y04", "blunt": "Y00", "glass": "X99", "sharp": "X99"}
_PLACE_OF = {"street": 4, "licensed": 5, "own_home": 0, "other_home": 0, "school": 2, "other": 8}
_UNSPECIFIED = 9
# Of Y06 and Y07 the fourth character is the perpetrator. Source: ICD-10, well known
_BY_WHOM = {"partner": 0, "ex_partner": 0, "parent": 1, "acquaintance": 2}
_BY_OTHERS = 8
_MALTREATED_RATE = 0.25  # of children whom a parent harmed that are coded so; assumed
# External causes of injuries by the department's mechanism, in the order of its list.
_BY_MECHANISM = ("fall", "traffic", "uncertain", "object", "sharp", "burn", "bite", "other")


class CodingRates(Protocol):
    """Rates at which assaults are coded (`Hospitals`)."""

    assault_coded_rate: float
    place_coded_rate: float


@dataclass(frozen=True)
class Coding:
    """What coders look at of each spell, assaults first."""

    ids: Ints
    need: Ints
    complaint: Ints
    mechanism: Ints
    diagnosis: Ints  # row of `hospital_diagnoses`
    incidents: pa.Table  # of the assaults


def draw_principal(
    people: Block, row: Ints, day: Ints, complaint: Ints, ids: Ints, chance: Stream
) -> Ints:
    """Draw the principal diagnosis of each complaint by age and sex.

    Parameters
    ----------
    people
        The block.
    row, day, complaint, ids
        Of each admission: row of the person, day, complaint and key; shape (n,).
    chance
        The ward's stream.

    Returns
    -------
    Row of the table `hospital_diagnoses`, shape (n,).
    """
    band = age_bands(people.birth_day[row], day)
    n_complaints = len(complaints().names)
    group = (people.sex[row] * len(AGES) + band) * n_complaints + np.maximum(complaint, 0)
    drawn = chance.pick_by_group("principal", ids, _weights(), group)
    age = (day - people.birth_day[row]) / DAYS_A_YEAR
    least, most = age_limits()
    fits = (age >= least[drawn]) & (age < most[drawn] + 1)
    other = chance.pick_by_group("principal_else", ids, _weights_of_all_ages(), group)
    return np.where(fits, drawn, other)


@cache
def _weights() -> Floats:
    """Give the weights of diagnoses by sex, age and complaint, shape (groups, diagnoses)."""
    table, names = load("hospital_diagnoses"), complaints().names
    own = np.array(table["complaint"].to_pylist())[None, :] == np.array(names)[:, None]
    rates = by_age("hospital_diagnoses") * table["emergency"].to_numpy()
    weights = (rates[:, :, None, :] * own[None, None]).reshape(-1, len(table))
    nothing = table["icd"].to_pylist().index(_NO_DIAGNOSIS)
    weights[weights.sum(axis=1) == 0, nothing] = 1
    return np.asarray(weights)


@cache
def _weights_of_all_ages() -> Floats:
    """Give the same weights without diagnoses that only some ages have."""
    weights = _weights() * of_all_ages()
    nothing = load("hospital_diagnoses")["icd"].to_pylist().index(_NO_DIAGNOSIS)
    weights[weights.sum(axis=1) == 0, nothing] = 1
    return np.asarray(weights)


@cache
def age_limits() -> tuple[Ints, Ints]:
    """Give the least and the most whole years at which each diagnosis is made."""
    table = load("hospital_diagnoses")
    return table["least_age"].to_numpy(), table["most_age"].to_numpy()


@cache
def of_all_ages() -> Mask:
    """Tell which diagnoses people of any age can have."""
    least, most = age_limits()
    return np.asarray((least == 0) & (most >= _ANY_AGE))


def stay_days(diagnosis: Ints, age: Floats, ids: Ints, chance: Stream) -> Ints:
    """Draw the days in hospital of each spell, by diagnosis and age.

    Parameters
    ----------
    diagnosis
        Row of the table `hospital_diagnoses`, shape (n,).
    age
        In years, shape (n,).
    ids, chance
        Keys of the draws.
    """
    median = load("hospital_diagnoses")["stay_days"].to_numpy().astype(float)[diagnosis]
    spread = np.exp(_STAY_SD_LOG * chance.normal("stay", ids))
    factor = np.interp(age, _STAY_AGES, _STAY_BY_AGE)
    return np.asarray(((median + _STAY_OVER) * factor * spread).astype(np.int64))


def specialty_of(diagnosis: Ints, age: Floats) -> Ints:
    """Give the specialty of each spell, as index into `SPECIALTY`; children go to paediatrics.

    Parameters
    ----------
    diagnosis
        Row of the table `hospital_diagnoses`, shape (n,).
    age
        In years, shape (n,).
    """
    codes = list(SPECIALTY)
    usual = np.array(
        [codes.index(str(code)) for code in load("hospital_diagnoses")["specialty"].to_pylist()]
    )
    general, children, elderly = (codes.index(code) for code in ("300", "420", "430"))
    own = usual[diagnosis]
    own = np.where((own == elderly) & (age < _GERIATRIC_YEARS), general, own)
    own = np.where(own == children, general, own)
    return np.where(age < _PAEDIATRIC_YEARS, children, own)


def write_diagnoses(
    context: RecordingContext,
    coding: Coding,
    who: tuple[Ints, Ints],
    key: pa.Array,
    spec: CodingRates,
    out: Tables,
) -> None:
    """Write the codes of each spell: the principal diagnosis, a cause of injuries, and the rest.

    Parameters
    ----------
    coding
        What coders look at.
    who
        Row of the person, and day of admission.
    key
        Number of each spell.
    spec
        Rates of coding.
    """
    chance = context.chance.stage("hospital")
    principal = _codes("hospital_diagnoses")[coding.diagnosis]
    columns = np.column_stack(
        [
            principal,
            _external_causes(coding, spec, chance),
            *_complications(coding, chance),
            _conditions(context, coding, who, chance),
        ]
    )
    columns[:, 1:][columns[:, 1:] == principal[:, None]] = -1
    spell, place = np.nonzero(columns >= 0)
    first = np.searchsorted(spell, np.arange(len(key)))
    table = pa.table(
        {
            "spell_no": key.take(pa.array(spell)),
            "diagnosis_no": np.arange(len(spell)) - first[spell] + 1,
            "icd10": coded(columns[spell, place], list(ICD)),
        }
    )
    add(out, HOSPITAL_DIAGNOSES, table)


@cache
def _codes(table: str) -> Ints:
    """Give the place in the list of all codes of each row of a table with a column `icd`."""
    place = {code: turn for turn, code in enumerate(ICD)}
    return np.array([place[code] for code in load(table)["icd"].to_pylist()])


def _conditions(
    context: RecordingContext, coding: Coding, who: tuple[Ints, Ints], chance: Stream
) -> Ints:
    """Give the codes of the long-term conditions that the ward notes; -1 for none."""
    people, (row, day) = context.people, who
    has = has_condition(
        people.sex[row], people.birth_day[row], people.person_id[row], day, context.chance
    )
    noted = [
        chance.happens("condition", coding.ids, _CONDITION_RATE, draw=turn)
        for turn in range(has.shape[1])
    ]
    return np.where(has & np.array(noted).T, _codes("conditions"), -1)


def _complications(coding: Coding, chance: Stream) -> list[Ints]:
    """Give the codes that now and then go with a principal diagnosis."""
    also = _also()[coding.diagnosis]
    return [
        np.where(chance.happens("also", coding.ids, _ALSO_RATE, draw=turn), also[:, turn], -1)
        for turn in range(_MOST_ALSO)
    ]


@cache
def _also() -> Ints:
    place = {code: turn for turn, code in enumerate(ICD)}
    listed = [told.split() for told in load("hospital_diagnoses")["also"].to_pylist()]
    common = _of_everybody()
    filled = [[place[code] for code in own if code in common][:_MOST_ALSO] for own in listed]
    return np.array([own + [-1] * (_MOST_ALSO - len(own)) for own in filled])


def _of_everybody() -> set[str]:
    """Name the diagnoses that both sexes and all ages can have."""
    of_sex = by_age("hospital_diagnoses").sum(axis=1)
    common = (of_sex > 0).all(axis=0) & of_all_ages()
    return set(np.array(load("hospital_diagnoses")["icd"].to_pylist())[common])


def _external_causes(coding: Coding, spec: CodingRates, chance: Stream) -> Ints:
    """Give the external cause of each injury or poisoning; -1 for none."""
    ids, assault = coding.ids, coding.need == ASSAULT
    needs = _needs(coding)
    weights, codes = _cause_weights()
    cause = codes[chance.pick_by_group("cause", ids, weights, np.maximum(needs, 0))]
    known = chance.happens("assault_coded", ids, spec.assault_coded_rate)
    told = np.flatnonzero(assault & known)
    cause[told] = _assault_causes(coding, spec, chance)[told]
    return np.where(needs >= 0, cause, -1)


def _needs(coding: Coding) -> Ints:
    """Tell which part of the table of causes each injury is of; -1 for what is no injury."""
    parts = _parts()
    group = _injury_groups()[coding.diagnosis]
    by_mechanism = np.array([parts.index(name) for name in _BY_MECHANISM])
    usual = np.where(coding.mechanism >= 0, by_mechanism[coding.mechanism], parts.index("other"))
    usual = np.where(coding.need == TRAFFIC, parts.index("traffic"), usual)
    usual = np.where(coding.need == SPORT, parts.index("sport"), usual)
    usual = np.where(coding.need == ASSAULT, parts.index("uncertain"), usual)
    oneself = coding.need == SELF_HARM
    by_oneself = {"injury": "self_cut", "poisoning": "self_poisoning"}
    need = np.full(len(coding.ids), -1)
    for number, name in enumerate(_GROUPS):
        own = group == number
        other = usual if name == "injury" else np.full(len(need), parts.index(name))
        again = parts.index(by_oneself.get(name, name) if name != "injury" else "self_cut")
        need = np.where(own, np.where(oneself, again, other), need)
    return need


_GROUPS = ("injury", "poisoning", "complication")
# First codes of each group of chapter XIX, and of what is none. Source: ICD-10, well known
_GROUP_FROM = (("S", 0), ("T36", 1), ("T66", 0), ("T80", 2), ("T90", 0))


@cache
def _injury_groups() -> Ints:
    """Tell of each diagnosis which group of injuries it is of; -1 for none."""
    groups = []
    for code in load("hospital_diagnoses")["icd"].to_pylist():
        own = [group for first, group in _GROUP_FROM if code >= first]
        groups.append(own[-1] if own and code < "U" else -1)
    return np.array(groups)


@cache
def _parts() -> list[str]:
    return list(dict.fromkeys(load("accident_causes")["need"].to_pylist()))


@cache
def _cause_weights() -> tuple[Floats, Ints]:
    """Give the weights of causes by part, shape (parts, causes), and the code of each cause."""
    table = load("accident_causes")
    own = np.array(table["need"].to_pylist())[None, :] == np.array(_parts())[:, None]
    return own * table["weight"].to_numpy(), _codes("accident_causes")


def _assault_causes(coding: Coding, spec: CodingRates, chance: Stream) -> Ints:
    """Code the external cause of assaults, which come first; others have none."""
    incidents, codes, causes = coding.incidents, list(ICD), list(meanings("assault_causes"))
    ids = coding.ids[: incidents.num_rows]
    any_cause = chance.pick("any_cause", ids, shares("assault_causes", "share"))
    weapon = codes_of(incidents["weapon"], WEAPON)
    by_weapon = np.array([causes.index(_CAUSE_OF[w]) if w in _CAUSE_OF else -1 for w in WEAPON])
    cause = np.where(by_weapon[weapon] < 0, any_cause, by_weapon[weapon])
    relation = codes_of(incidents["relationship"], RELATIONSHIP)
    by_parent = relation == list(RELATIONSHIP).index("parent")
    maltreated = by_parent & chance.happens("maltreated", ids, _MALTREATED_RATE)
    cause = np.where(maltreated, causes.index("Y07"), cause)
    place = np.array([_PLACE_OF.get(name, _UNSPECIFIED) for name in PLACE])
    has_place = chance.happens("place_coded", ids, spec.place_coded_rate)
    digit = np.where(has_place, place[codes_of(incidents["place"], PLACE)], _UNSPECIFIED)
    whom = np.array([_BY_WHOM.get(name, _BY_OTHERS) for name in RELATIONSHIP])
    of_person = np.isin(cause, [causes.index("Y06"), causes.index("Y07")])
    digit = np.where(of_person, whom[relation], digit)
    number = np.array([[_place_in(codes, f"{c}{digit}") for digit in range(10)] for c in causes])
    return np.append(number[cause, digit], np.full(len(coding.ids) - len(ids), -1))


def _place_in(codes: list[str], code: str) -> int:
    return codes.index(code) if code in codes else -1

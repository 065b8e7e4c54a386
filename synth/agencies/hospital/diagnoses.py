"""What coders write of a spell: principal diagnosis, external cause, and all else."""

from __future__ import annotations

from functools import cache
from typing import Protocol

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.ed.seen import ASSAULT
from darkfigure.synth.agencies.framework.complaints import (
    by_age,
)
from darkfigure.synth.agencies.framework.conditions import has_condition
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables, add
from darkfigure.synth.agencies.framework.service_demand import SELF_HARM, SPORT, TRAFFIC
from darkfigure.synth.agencies.hospital.admissions import Admissions
from darkfigure.synth.agencies.hospital.principal import of_all_ages
from darkfigure.synth.agencies.hospital.tables import HOSPITAL_DIAGNOSES, ICD
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.reference.coding import meanings, shares
from darkfigure.synth.schema import PLACE, RELATIONSHIP, WEAPON, coded, codes_of

_CONDITION_RATE = 0.65  # of long-term conditions that are coded; assumed
_ALSO_RATE = 0.3  # of complications that go with a principal diagnosis; assumed
_MOST_ALSO = 3  # no rate
# ICD-10 assault cause by weapon; "other" is drawn from the table, as is a blow without a weapon
# now and then. Place by the fourth character. Source: ICD-10, well known
_CAUSE_OF = {"none": "Y04", "blunt": "Y00", "glass": "X99", "sharp": "X99"}
_PLACE_OF = {"street": 4, "licensed": 5, "own_home": 0, "other_home": 0, "school": 2, "other": 8}
_UNSPECIFIED = 9
_UNBROKEN_RATE = 0.5  # blows with a glass or bottle that did not break, and so is blunt; assumed
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


def write_diagnoses(
    context: RecordingContext,
    incidents: pa.Table,
    coding: Admissions,
    key: pa.Array,
    spec: CodingRates,
    out: Tables,
) -> None:
    """Write the codes of each spell: the principal diagnosis, a cause of injuries, and the rest.

    Parameters
    ----------
    incidents
        Acts of violence of the spells after assaults.
    coding
        What coders look at.
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
            _external_causes(incidents, coding, spec, chance),
            coding.outcome,
            *_complications(coding, chance),
            _conditions(context, coding, chance),
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


def _conditions(context: RecordingContext, coding: Admissions, chance: Stream) -> Ints:
    """Give the codes of the long-term conditions that the ward notes; -1 for none."""
    people, row = context.people, coding.row
    has = has_condition(
        people.sex[row], people.birth_day[row], people.person_id[row], coding.day, context.chance
    )
    noted = [
        chance.happens("condition", coding.ids, _CONDITION_RATE, draw=turn)
        for turn in range(has.shape[1])
    ]
    return np.where(has & np.array(noted).T, _codes("conditions"), -1)


def _complications(coding: Admissions, chance: Stream) -> list[Ints]:
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


def _external_causes(
    incidents: pa.Table, coding: Admissions, spec: CodingRates, chance: Stream
) -> Ints:
    """Give the external cause of each injury or poisoning; -1 for none."""
    ids, assault = coding.ids, coding.need == ASSAULT
    needs = _needs(coding)
    weights, codes = _cause_weights()
    cause = codes[chance.pick_by_group("cause", ids, weights, np.maximum(needs, 0))]
    known = chance.happens("assault_coded", ids, spec.assault_coded_rate)
    told = np.flatnonzero(assault & known)
    cause[told] = _assault_causes(incidents, coding, spec, chance)[told]
    return np.where(needs >= 0, cause, -1)


def _needs(coding: Admissions) -> Ints:
    """Tell which part of the table of causes each injury is of; -1 for what is no injury."""
    parts = external_cause_parts()
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
def external_cause_parts() -> list[str]:
    """Name the parts of the table of external causes."""
    return list(dict.fromkeys(load("accident_causes")["need"].to_pylist()))


@cache
def _cause_weights() -> tuple[Floats, Ints]:
    """Give the weights of causes by part, shape (parts, causes), and the code of each cause."""
    table = load("accident_causes")
    own = np.array(table["need"].to_pylist())[None, :] == np.array(external_cause_parts())[:, None]
    return own * table["weight"].to_numpy(), _codes("accident_causes")


def _assault_causes(
    incidents: pa.Table, coding: Admissions, spec: CodingRates, chance: Stream
) -> Ints:
    """Code the external cause of assaults, which come first; others have none."""
    codes, causes = list(ICD), list(meanings("assault_causes"))
    ids = coding.ids[: incidents.num_rows]
    any_cause = chance.pick("any_cause", ids, shares("assault_causes", "share"))
    weapon = codes_of(incidents["weapon"], WEAPON)
    by_weapon = np.array([causes.index(_CAUSE_OF[w]) if w in _CAUSE_OF else -1 for w in WEAPON])
    cause = np.where(by_weapon[weapon] < 0, any_cause, by_weapon[weapon])
    unbroken = weapon == list(WEAPON).index("glass")
    unbroken &= chance.happens("unbroken_glass", ids, _UNBROKEN_RATE)
    cause = np.where(unbroken, causes.index(_CAUSE_OF["blunt"]), cause)
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

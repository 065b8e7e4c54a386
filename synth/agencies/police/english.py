"""English residents in the database that North Wales shares with Merseyside and Cheshire.

Each is in an occurrence of the English force that opened them. They live outside the simulated
census: their names, birthdays and addresses are drawn here, and the truth lists them as people
outside the sample. Their postcodes have inward halves that are never issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyarrow as pa

from darkfigure.synth import names, schema
from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables, add, days, times
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import (
    CATEGORY,
    HANDLING,
    INCIDENT_TYPE,
    OFFENCES,
    OUTCOME,
    POLICE_ROLE,
)
from darkfigure.synth.agencies.police.kinds_of_work import CRIME, kinds
from darkfigure.synth.agencies.police.nominals import Opened, write_nominals
from darkfigure.synth.agencies.police.numbers import (
    STORES,
    collar_numbers,
    nominal_ids,
    nominal_references,
    running_on,
)
from darkfigure.synth.agencies.police.put import put
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.agencies.police.tables import OWNERS
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import strings, zero_padded
from darkfigure.synth.core.identifiers import nhs_numbers
from darkfigure.synth.lives import People
from darkfigure.synth.lives.histories import History
from darkfigure.synth.lives.languages import Spoken
from darkfigure.synth.lives.telephones import MOBILE, telephone_numbers
from darkfigure.synth.population import ALWAYS
from darkfigure.synth.reference import load
from darkfigure.synth.schema import (
    ETHNIC_BACKGROUND,
    ETHNIC_GROUP,
    FORCES,
    INJURY,
    PLACE,
    SEX,
    WEAPON,
    coded,
)
from darkfigure.synth.schema.codes import HOW_REPORTED
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR
from darkfigure.synth.setting.geography import addresses_in_england, english_police

# Above every neighbourhood of Wales, and within the range of NHS numbers.
FIRST_PERSON = 1 << 26
_STORE = STORES.index("north_wales")
# Background whose names people of each group have: the commonest in England.
_COMMONEST = np.array(
    [
        list(ETHNIC_BACKGROUND).index(name)
        for name in ("british", "indian", "african", "white_and_caribbean", "any_other")
    ],
    np.int8,
)
_ETHNIC = (0.93, 0.025, 0.012, 0.02, 0.013)  # shares in the order of ETHNIC_GROUP; assumed
_RANGE = 300_000_000  # of occurrence numbers, for each English force
_ROOM = 290_000_000  # of it, where the numbers of a salted world may start
_SUSPECTED_RATE = 0.4  # people met as suspects; assumed
# Ages: from the youngest over a span, the higher the power the more of them young: younger than
# residents. Assumed.
_YOUNGEST, _SPAN_YEARS, _YOUTH = 14, 60, 1.6
_MEN_RATE = 0.6  # men are met more often; assumed
_MET_IN = 4  # everybody is met in the first of so many parts of the time left; assumed
_VIOLENT_PER_1000 = 4.0  # offences that are simulated in Wales, for each code of them; assumed
_OFFICERS = 3_000  # of a force; assumed
_HOW = (0.6, 0.2, 0.08, 0.12)  # shares in the order of HOW_REPORTED; assumed
# Of violence: shares by PLACE. Assumed.
_VIOLENT_PLACES = (0.3, 0.1, 0.38, 0.1, 0.0, 0.12)
_GROWN_YEARS = 16  # of victims of domestic abuse. Source: Domestic Abuse Act 2021
_DOMESTIC_RATE = 0.15  # of the occurrences; assumed


@dataclass(frozen=True)
class _Visitors:
    """The attributes of `lives.People` that a record uses."""

    person: Ints
    person_id: Ints
    two_homes: Mask
    background: Ints
    middle_name_used: Mask
    refugee: Mask
    spoken: Spoken
    other_ear: Floats
    sex: Ints
    birth_day: Ints
    came_day: Ints
    ethnic: Ints
    names: History
    addresses: History
    telephones: History
    identifiers: History
    household: Ints  # one each, as far as the police of Wales know


def write_english(
    simulated: SimulatedEvents, cases: PoliceCases, spec: Police, out: Tables
) -> None:
    """Write the English residents' nominals, occurrences and true identities.

    Parameters
    ----------
    simulated
        The simulated events.
    cases
        Cases of all forces.
    spec
        Record keeping of the forces.
    out
        Receives the tables.
    """
    met = cases.meetings
    own = len(np.unique(met.nominal[met.store == _STORE]))
    count = round(own * spec.english_nominals)
    if not count:
        return
    chance = simulated.chance.stage("police").stage("english")
    ids = FIRST_PERSON + np.arange(count)
    telephones = simulated.chance.stage("lives").stage("telephones")
    visitors, owner = _draw(ids, simulated.period.start, chance, telephones)
    people = cast("People", visitors)  # a record uses no other attribute of its people
    numbers = nhs_numbers(ids, simulated.chance.stage("identifiers"))
    context = RecordingContext(
        people, simulated.period, numbers, simulated.profiles, simulated.chance
    )
    end, years = simulated.period.end, simulated.period.years + spec.known_before_years
    opened_on = end - 1 - (chance.uniform("opened", ids) * years * DAYS_A_YEAR).astype(np.int64)
    opened = Opened(
        store=_STORE,
        nominal=nominal_ids(ids, np.full(count, _STORE), np.zeros(count, np.int64)),
        row=np.arange(count),
        opened_on=opened_on,
        known_on=opened_on,
        seen_on=opened_on,
        suspected=chance.happens("suspected", ids, _SUSPECTED_RATE),
        owner=owner,
    )
    write_nominals(context, opened, spec, out)
    _write_occurrences(simulated, opened, owner, visitors, out)
    _write_truth(visitors, numbers, out)


def _draw(ids: Ints, start: int, chance: Stream, telephones: Stream) -> tuple[_Visitors, Ints]:
    """Draw their identities and the force that opened them, an index into OWNERS."""
    age = _YOUNGEST + _SPAN_YEARS * chance.uniform("age", ids) ** _YOUTH
    sex = chance.happens("sex", ids, _MEN_RATE).astype(np.int64)
    ethnic = chance.pick("ethnic_group", ids, _ETHNIC)
    birth_day = start - np.floor(age * DAYS_A_YEAR).astype(np.int64) - 1
    bearers = names.Bearers(
        ids=ids,
        sex=sex.astype(np.int8),
        birth_year=(1970 + (birth_day / DAYS_A_YEAR)).astype(np.int16),
        background=_COMMONEST[ethnic],
        welsh_speaker_rate=np.zeros(len(ids)),
        force=np.zeros(len(ids), np.int8),
    )
    rows, first = np.arange(len(ids)), np.maximum(start - 10_000, birth_day)
    named = {
        "forename": names.given_names(bearers, "forename", chance),
        "middle_name": names.given_names(bearers, "middle_name", chance),
        "surname": names.surnames(bearers, chance, elsewhere=np.ones(len(ids), bool)),
        "cause": coded(np.zeros(len(ids), np.int64), ("birth",)),
    }
    addresses, owner = _addresses(ids, chance)
    mobile = np.full(len(ids), MOBILE)
    # The stream of the residents', so that nobody shares a number with them.
    telephone = telephone_numbers(ids, np.zeros_like(ids), mobile, telephones)
    kept = {"sex": pa.array(sex), "number": pa.array(ids)}
    visitors = _Visitors(
        person=ids,
        person_id=ids,
        **_unmarked(len(ids)),
        sex=sex,
        birth_day=birth_day,
        came_day=np.full(len(ids), ALWAYS),  # to the records of the police of Wales
        ethnic=ethnic,
        names=History(rows, first, named),
        addresses=History(rows, first, addresses),
        telephones=History(rows, first, {"telephone": telephone.dictionary_encode()}),
        identifiers=History(rows, first, kept),
        household=rows,
    )
    return visitors, owner


def _unmarked(count: int) -> dict[str, Any]:
    """Give what is known of nobody from there."""
    nobody = np.zeros(count, bool)
    return {
        "two_homes": nobody.copy(),
        "background": np.zeros(count, np.int64),
        "middle_name_used": nobody,
        "refugee": nobody,
        "spoken": Spoken(np.zeros(count, np.int64), nobody),
        "other_ear": np.ones(count),
    }


def _addresses(ids: Ints, chance: Stream) -> tuple[dict[str, pa.Array], Ints]:
    """Write their addresses, and give the force of each, an index into OWNERS."""
    owners, police = list(OWNERS), english_police()
    districts = np.array([row for row, force in enumerate(police) if force in owners])
    district = districts[chance.below("district", ids, len(districts))]
    columns = {
        **vars(addresses_in_england(district, ids, chance)),
        "lsoa_code": pa.nulls(len(ids), pa.string()).dictionary_encode(),
        "cause": coded(np.zeros(len(ids), np.int64), ("start",)),
    }
    return columns, np.array([owners.index(police[row]) for row in districts])[
        np.searchsorted(districts, district)
    ]


def _write_occurrences(
    simulated: SimulatedEvents, opened: Opened, owner: Ints, visitors: _Visitors, out: Tables
) -> None:
    """Write the occurrence of each person, who was met, or met again, during the study."""
    police, ids = simulated.chance.stage("police"), opened.nominal
    since = np.maximum(opened.opened_on, simulated.period.start)
    length = np.maximum((simulated.period.end - since) // _MET_IN, 1)
    day = since + police.stage("english").below("met_on", ids, length)
    number = _occurrence_numbers(owner, day, police.stage("english"))
    grown = day - visitors.birth_day >= _GROWN_YEARS * DAYS_A_YEAR
    harmed = np.where((visitors.sex == 0) & ~grown, _GIRL, visitors.sex)
    part = np.where(opened.suspected, _SUSPECT, harmed)
    met = _Met(ids, number, owner, day, part, grown)
    written = _occurrences(met, police.stage("english"))
    put("north_wales", "occurrences", written, out)
    roles = pa.table(
        {
            "occurrence_no": number,
            "nominal_ref": nominal_references(ids, _STORE, police),
            "role": coded(opened.suspected.astype(np.int64), POLICE_ROLE),
        }
    )
    put("north_wales", "occurrence_nominals", roles, out)


_WHERE = ("location", "lsoa_code", "latitude", "longitude")


_SUSPECT, _GIRL = 2, 3  # besides victims, who are women (0) or men (1)
# Offences that none of these suffers: those without a victim, and of victims of another sex or age.
_NONE_OF = (
    ("offender", "male", "girl"),
    ("offender", "female", "girl"),
    (),
    ("offender", "male", "female"),
)


@dataclass(frozen=True)
class _Met:
    """How people are met; arrays have one entry per person."""

    ids: Ints
    number: pa.Array  # of the occurrence
    owner: Ints
    day: Ints
    part: Ints  # row of `_NONE_OF`
    grown: Mask  # 16 and over


def _offences(met: _Met, chance: Stream) -> Ints:
    """Draw offences that somebody can do, or suffer."""
    crimes = load("offence_codes")
    violent = np.isin(crimes["code"], _VIOLENT)
    weight = crimes["other_per_1000"].to_numpy() + violent * _VIOLENT_PER_1000
    about = np.array(crimes["about"].to_pylist())
    weights = np.array([weight * ~np.isin(about, none) for none in _NONE_OF])
    return chance.pick_by_group("offence", met.ids, weights, met.part)


def _places_and_ways(ids: Ints, offence: Ints, chance: Stream) -> tuple[Ints, Ints]:
    """Draw the kind of place and the way of being reported that fit the offences."""
    every = kinds()
    listed = np.flatnonzero(every.category == CRIME)
    row = np.full(len(OFFENCES), -1)
    row[every.code[listed]] = listed
    kind = np.maximum(row[offence], 0)
    place = chance.pick_by_group("place", ids, every.places, kind)
    how = chance.pick_by_group("how", ids, every.how, kind)
    at_school = place == list(PLACE).index("school")  # nobody knows whether it was open
    place = np.where(at_school, list(PLACE).index("other"), place)
    violent = row[offence] < 0  # the kinds are those of other work
    place = np.where(violent, chance.pick("violent_place", ids, _VIOLENT_PLACES), place)
    return place, np.where(violent, chance.pick("violent_how", ids, _HOW), how)


def _occurrences(met: _Met, chance: Stream) -> pa.Table:
    ids, owner = met.ids, met.owner
    reported_s = met.day * DAY_S + chance.below("met_at", ids, DAY_S)
    offence = _offences(met, chance)
    place, how = _places_and_ways(ids, offence, chance)
    none = np.full(len(ids), -1)
    force = len(FORCES) + owner - 1  # their collar numbers follow those of the forces of Wales
    return pa.table(
        {
            "occurrence_no": met.number,
            "category": coded(np.zeros(len(ids), np.int64), CATEGORY),
            "reported_at": times(reported_s),
            "occurred_at": times(reported_s - chance.below("before", ids, DAY_S)),
            "recorded_at": times(reported_s + chance.below("after", ids, DAY_S)),
            "how_reported": coded(how, HOW_REPORTED),
            "offence_code": coded(offence, OFFENCES),
            "incident_type": coded(none, INCIDENT_TYPE),
            "location_type": coded(place, PLACE),
            "weapon": coded(none, WEAPON),
            "injury": coded(none, INJURY),
            "outcome_code": coded(none, OUTCOME),
            "occurred_to": times(reported_s, missing=np.ones(len(ids), bool)),
            # The geography of Wales does not reach there.
            **{name: pa.nulls(len(ids), pa.string()) for name in (*_WHERE, "narrative")},
            "domestic_flag": met.grown & chance.happens("domestic", ids, _DOMESTIC_RATE),
            "officer": collar_numbers(chance.below("case_officer", ids, _OFFICERS), force),
            "owner": coded(owner, OWNERS),
            "handling": coded(np.zeros(len(ids), np.int64), HANDLING),
        }
    )


_VIOLENT = ("8N", "105A", "8L")


def _occurrence_numbers(owner: Ints, day: Ints, chance: Stream) -> pa.Array:
    """Give numbers in the form of the shared database; each English force has its own range."""
    year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    order = np.lexsort((day, owner))
    serial = np.empty(len(day), np.int64)
    serial[order] = running_on((owner * 10_000 + year)[order], _ROOM, chance)
    years = zero_padded(year % 100, 2)
    return strings(np.concatenate([years, zero_padded(serial + owner * _RANGE, 9)], axis=1))


def _write_truth(visitors: _Visitors, numbers: pa.Array, out: Tables) -> None:
    """List the residents in the truth: outside the sample, and nowhere in Wales."""
    ids, count = visitors.person_id, len(visitors.person_id)
    known = {
        "person_id": ids,
        "household_id": ids,
        "sampled": np.zeros(count, bool),
        "sex": coded(visitors.sex, SEX),
        "birth_date": days(visitors.birth_day),
        "ethnic_group": coded(visitors.ethnic, ETHNIC_GROUP),
        "welsh_name": names.welsh_surnames()[visitors.names.columns["surname"].indices.to_numpy()],
        "nhs_number": numbers,
    }
    shape = schema.PERSONS
    nothing = {column.name: pa.nulls(count, column.type) for column in shape.columns}
    add(out, shape, pa.table(nothing | known))
    for shape, history in (
        (schema.NAMES, visitors.names),
        (schema.ADDRESSES, visitors.addresses),
        (schema.TELEPHONES, visitors.telephones),
    ):
        add(
            out,
            shape,
            pa.table({"person_id": ids, "valid_from": days(history.day), **history.columns}),
        )

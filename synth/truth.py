"""What really is and was: the tables of `truth/`, which no linker and no strategy may see."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth import schema
from synth.agencies.agency import Happenings
from synth.agencies.records import Office, Tables, add, days, times
from synth.geography import Geography
from synth.lives.fates import NEVER
from synth.lives.histories import History
from synth.schema import ETHNIC_GROUP, coded

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def write_people(
    office: Office, chosen: Mask, geography: Geography, out: Tables, *, sampled: bool
) -> None:
    """Write who the chosen people of a block are, and their names and addresses over time."""
    people = office.people
    rows = np.flatnonzero(chosen)
    lsoa = people.lsoa[rows]
    names = geography.authorities["name"].to_pylist()
    table = pa.table(
        {
            "person_id": people.person_id[rows],
            "household_id": people.household_id[rows],
            "sampled": np.full(len(rows), sampled),
            "sex": coded(people.sex[rows], schema.SEX),
            "birth_date": days(people.birth_day[rows]),
            "ethnic_group": coded(people.ethnic[rows], ETHNIC_GROUP),
            "welsh_name": people.welsh_name[rows],
            "lsoa_code": pa.array(geography.code[lsoa], pa.string()),
            "local_authority": coded(geography.authority[lsoa], names),
            "deprivation_quintile": geography.quintile[lsoa],
            "nhs_number": office.nhs_number.take(pa.array(rows)),
            "home": coded(people.home_kind[rows], schema.HOME),
            "death_date": days(people.death_day[rows], missing=people.death_day[rows] >= NEVER),
        }
    )
    add(out, schema.PERSONS, table)
    nobody = np.zeros(len(chosen), bool)
    add(out, schema.NAMES, _versions(people.person_id, people.names, chosen))
    add(out, schema.TELEPHONES, _versions(people.person_id, people.telephones, chosen))
    # The second homes of children stand behind all people.
    for shape, which in (
        (schema.ADDRESSES, np.append(chosen, nobody)),
        (schema.SECOND_ADDRESSES, np.append(nobody, chosen)),
    ):
        add(out, shape, _versions(people.person_id, people.addresses, which))


def _versions(person_id: Ints, history: History, chosen: Mask) -> pa.Table:
    kept = np.flatnonzero(chosen[history.person])
    return pa.table(
        {
            "person_id": person_id[history.person[kept] % len(person_id)],
            "valid_from": days(history.day[kept]),
            **{name: column.take(pa.array(kept)) for name, column in history.columns.items()},
        }
    )


def write_incidents(happened: Happenings, out: Tables) -> None:
    """Write every incident, with who learned of it, and the children who witnessed it."""
    incidents, geography = happened.incidents, happened.geography
    census = happened.victims.census
    person_id, lsoa = census.person_id, incidents["lsoa"].to_numpy()
    table = (
        incidents.append_column("victim_id", pa.array(person_id[incidents["victim"].to_numpy()]))
        .append_column("offender_id", pa.array(person_id[incidents["offender"].to_numpy()]))
        .append_column("occurred_at", times(incidents["occurred_s"].to_numpy()))
        .append_column("lsoa_code", pa.array(geography.code[lsoa], pa.string()))
    )
    add(out, schema.INCIDENTS, table)
    seen = happened.witnesses
    witness = pa.array(person_id[seen["witness"].to_numpy()])
    add(out, schema.INCIDENT_WITNESSES, seen.append_column("person_id", witness))

"""What really is and was: the tables of `truth/`, which no linker and no strategy may see."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth import schema
from synth.agencies.agency import Happenings
from synth.agencies.records import Office, Tables, add, days, times
from synth.geography import Geography
from synth.histories import History
from synth.population import CHILD, PARTNER
from synth.schema import ETHNIC_GROUP, RELATION, coded

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
        }
    )
    add(out, schema.PERSONS, table)
    for shape, history in ((schema.NAMES, people.names), (schema.ADDRESSES, people.addresses)):
        add(out, shape, _versions(people.person_id, history, chosen))


def _versions(person_id: Ints, history: History, chosen: Mask) -> pa.Table:
    kept = np.flatnonzero(chosen[history.person])
    return pa.table(
        {
            "person_id": person_id[history.person[kept]],
            "valid_from": days(history.day[kept]),
            **{name: column.take(pa.array(kept)) for name, column in history.columns.items()},
        }
    )


def write_relationships(office: Office, out: Tables) -> None:
    """Write who is partner, parent and child of whom in a block's households."""
    people = office.people
    start = np.flatnonzero(np.diff(people.household_id, prepend=-1))
    household = np.cumsum(np.diff(people.household_id, prepend=-1) != 0) - 1
    anchor = start[household]
    partner = np.flatnonzero(people.role == PARTNER)
    second = np.full(len(start), -1)
    second[household[partner]] = partner
    child = np.flatnonzero(people.role == CHILD)
    other_parent = second[household[child]]
    both = other_parent >= 0
    parents = np.concatenate([anchor[child], other_parent[both]])
    children = np.concatenate([child, child[both]])
    ties = [
        (partner, anchor[partner], "partner"),
        (anchor[partner], partner, "partner"),
        (parents, children, "parent"),
        (children, parents, "child"),
    ]
    labels = list(RELATION)
    kind = np.repeat([labels.index(tie[2]) for tie in ties], [len(tie[0]) for tie in ties])
    table = pa.table(
        {
            "person_id": people.person_id[np.concatenate([tie[0] for tie in ties])],
            "other_id": people.person_id[np.concatenate([tie[1] for tie in ties])],
            "relation": coded(kind, labels),
        }
    )
    add(out, schema.RELATIONSHIPS, table)


def write_incidents(happened: Happenings, out: Tables) -> None:
    """Write every incident, with who learned of it."""
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

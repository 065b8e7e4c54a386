"""What really is and was: the tables of `truth/`, which no linker and no strategy may see."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth import schema
from synth.agencies.police import Cases
from synth.agencies.records import Office, Tables, add, days, times
from synth.geography import Geography
from synth.histories import History
from synth.population import CHILD, PARTNER, Census
from synth.schema import ETHNIC_GROUP, FORCES, RELATION, coded

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def write_people(
    office: Office, chosen: Mask, geography: Geography, out: Tables, *, upn: pa.Array, sampled: bool
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
            "upn": upn.take(pa.array(rows)),
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


def write_incidents(incidents: pa.Table, census: Census, geography: Geography, out: Tables) -> None:
    """Write every incident, with who learned of it."""
    person_id, lsoa = census.person_id, incidents["lsoa"].to_numpy()
    table = (
        incidents.append_column("victim_id", pa.array(person_id[incidents["victim"].to_numpy()]))
        .append_column("offender_id", pa.array(person_id[incidents["offender"].to_numpy()]))
        .append_column("occurred_at", times(incidents["occurred_s"].to_numpy()))
        .append_column("lsoa_code", pa.array(geography.code[lsoa], pa.string()))
    )
    add(out, schema.INCIDENTS, table)


def write_contacts(
    incidents: pa.Table, cases: Cases, agencies: tuple[str, ...], out: Tables
) -> None:
    """Write which agency wrote down which incident, and when it learned of it."""
    ids = incidents["incident_id"].to_numpy()
    recorded = np.flatnonzero(cases.incident >= 0)
    found = [(cases.incident[recorded], cases.force[recorded], cases.reported_s[recorded])]
    marks = (("ed", "ed_attended", "ed_s"), ("gp", "gp_consulted", "gp_day"))
    for agency, mark, when in (*marks, ("education", "school_noticed", "school_day")):
        if agency not in agencies:
            continue
        own = incidents[mark].to_numpy(zero_copy_only=False)
        seconds = incidents[when].to_numpy()[own] * (1 if when.endswith("_s") else 86_400)
        source = np.full(int(own.sum()), _SOURCES.index(agency))
        found.append((ids[own], source, seconds))
    incident, source, learned = (np.concatenate([part[i] for part in found]) for i in range(3))
    table = pa.table(
        {
            "contact_id": incident * len(_SOURCES) + source,
            "incident_id": incident,
            "source": coded(source, _SOURCES),
            "learned_at": times(learned),
        }
    )
    add(out, schema.CONTACTS, table)


_SOURCES = (*(f"police/{force}" for force in FORCES), "ed", "gp", "education")

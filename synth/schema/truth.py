"""The tables of `truth/`, which no linker and no strategy may see."""

from __future__ import annotations

from synth.schema.codes import (
    ADDRESS_CAUSE,
    ETHNIC_GROUP,
    INJURY,
    NAME_CAUSE,
    PLACE,
    POLICE_STATUS,
    RELATION,
    SEX,
    VIOLENCE,
    WEAPON,
)
from synth.schema.table import CODE, DATE, FLAG, NUMBER, SMALL, TEXT, TIME, Column, Table


def _truth(name: str, row: str, key: tuple[str, ...], *columns: Column) -> Table:
    return Table("truth", name, row, key, columns)


PERSONS = _truth(
    "persons",
    "a person who lives in the sample, or whom some agency of it names",
    ("person_id",),
    Column("person_id", NUMBER, "person"),
    Column("household_id", NUMBER, "household at the start"),
    Column("sampled", FLAG, "true where the person belongs to the sample"),
    Column("sex", CODE, "sex", SEX),
    Column("birth_date", DATE, "date of birth"),
    Column("ethnic_group", CODE, "ethnic group", ETHNIC_GROUP),
    Column("welsh_name", FLAG, "true where the surname at the start is of Welsh type"),
    Column("lsoa_code", CODE, "neighbourhood (LSOA 2021) at the start"),
    Column("local_authority", CODE, "local authority at the start"),
    Column("deprivation_quintile", SMALL, "WIMD 2019 fifth of the LSOA, 1 = most deprived"),
    Column("nhs_number", TEXT, "NHS number, from the range for synthetic patients"),
)
NAMES = _truth(
    "names",
    "a name somebody bears from a day on, until the next row",
    ("person_id", "valid_from"),
    Column("person_id", NUMBER, "person"),
    Column("valid_from", DATE, "first day"),
    Column("forename", CODE, "first given name"),
    Column("middle_name", CODE, "second given name"),
    Column("surname", CODE, "surname"),
    Column("cause", CODE, "why it began", NAME_CAUSE),
)
ADDRESSES = _truth(
    "addresses",
    "an address somebody lives at from a day on, until the next row",
    ("person_id", "valid_from"),
    Column("person_id", NUMBER, "person"),
    Column("valid_from", DATE, "first day"),
    Column("house", CODE, "house number or name"),
    Column("street", CODE, "street"),
    Column("town", CODE, "town"),
    Column("postcode", CODE, "postcode; the inward half is never issued"),
    Column("lsoa_code", CODE, "neighbourhood (LSOA 2021)"),
    Column("cause", CODE, "why it began", ADDRESS_CAUSE),
)
RELATIONSHIPS = _truth(
    "relationships",
    "a tie between two people of one household at the start",
    ("person_id", "other_id", "relation"),
    Column("person_id", NUMBER, "person"),
    Column("other_id", NUMBER, "the other person"),
    Column("relation", CODE, "what the person is to the other", RELATION),
)
INCIDENTS = _truth(
    "incidents",
    "an act of violence against one person",
    ("incident_id",),
    Column("incident_id", NUMBER, "incident"),
    Column("victim_id", NUMBER, "person harmed"),
    Column("offender_id", NUMBER, "person who harmed"),
    Column("kind", CODE, "kind of violence", VIOLENCE),
    Column("occurred_at", TIME, "when"),
    Column("place", CODE, "kind of place", PLACE),
    Column("lsoa_code", CODE, "where (LSOA 2021)"),
    Column("injury", CODE, "injury", INJURY),
    Column("weapon", CODE, "weapon", WEAPON),
    Column("alcohol", FLAG, "true where victim or offender had been drinking"),
    Column("ed_attended", FLAG, "the victim came to an emergency department"),
    Column("admitted", FLAG, "the victim was admitted to hospital"),
    Column("gp_consulted", FLAG, "the victim told a general practice"),
    Column("school_noticed", FLAG, "the victim's school noticed"),
    Column("police_status", CODE, "what became of it with the police", POLICE_STATUS),
)
CONTACTS = _truth(
    "contacts",
    "an agency learns of an incident and writes it down",
    ("contact_id",),
    Column("contact_id", NUMBER, "contact"),
    Column("incident_id", NUMBER, "incident"),
    Column("source", CODE, "the source that holds it"),
    Column("learned_at", TIME, "when the agency learned of it"),
)
RECORD_PERSONS = _truth(
    "record_persons",
    "whom a record is about",
    ("source", "table", "record_id"),
    Column("source", CODE, "source"),
    Column("table", CODE, "table"),
    Column("record_id", TEXT, "the record's key"),
    Column("person_id", NUMBER, "person"),
    Column("known_on", DATE, "day on which the agency learned the identity it wrote"),
)
RECORD_INCIDENTS = _truth(
    "record_incidents",
    "which incident a record is about",
    ("source", "table", "record_id"),
    Column("source", CODE, "source"),
    Column("table", CODE, "table"),
    Column("record_id", TEXT, "the record's key"),
    Column("incident_id", NUMBER, "incident"),
)
_LEDGER_COLUMNS = (
    Column("source", CODE, "source"),
    Column("table", CODE, "table"),
    Column("record_id", TEXT, "the record's key"),
    Column("column", CODE, "column"),
)
ENTRY_FAULTS = _truth(
    "entry_faults",
    "a cell in which something else was written than the agency knew",
    ("source", "table", "record_id", "column"),
    *_LEDGER_COLUMNS,
    Column("fault", CODE, "which fault"),
    Column("known_value", TEXT, "the value as the agency knew it"),
    Column("written_value", TEXT, "the value as written"),
)
STALE_VALUES = _truth(
    "stale_values",
    "a cell whose value was true when the agency learned it and no longer is at the event",
    ("source", "table", "record_id", "column"),
    *_LEDGER_COLUMNS,
    Column("known_value", TEXT, "the value as the agency knew it"),
    Column("true_value", TEXT, "the value that was true at the event"),
)

TRUTH = (
    PERSONS,
    NAMES,
    ADDRESSES,
    RELATIONSHIPS,
    INCIDENTS,
    CONTACTS,
    RECORD_PERSONS,
    RECORD_INCIDENTS,
    ENTRY_FAULTS,
    STALE_VALUES,
)

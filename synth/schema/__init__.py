"""Every table of a dataset: columns, types, keys and code lists.

A column that holds part of somebody's identity names the linkage `field` it holds, so that data
entry and linkage need not know how each system calls it. Such columns are text, written as the
system writes them: a clerk can type anything into them.
"""

from __future__ import annotations

from synth.schema.codes import (
    ADDRESS_CAUSE,
    CONCERN,
    ETHNIC_GROUP,
    FORCES,
    INJURY,
    NAME_CAUSE,
    NHS_SEX,
    OFFENCES,
    PLACE,
    POLICE_SEX,
    POLICE_STATUS,
    READ_CODES,
    RELATION,
    SEX,
    VIOLENCE,
    WEAPON,
)
from synth.schema.education import CONCERNS, PUPILS
from synth.schema.health import ED_ATTENDANCES, GP_EVENTS, GP_REGISTRATIONS
from synth.schema.identity import identity_columns
from synth.schema.police import police_tables
from synth.schema.table import (
    BRITISH_DATE,
    CODE,
    DATE,
    FIELDS,
    FLAG,
    ISO_DATE,
    NUMBER,
    SMALL,
    TEXT,
    TIME,
    Column,
    Table,
    coded,
    codes_of,
)
from synth.schema.truth import (
    ADDRESSES,
    CONTACTS,
    ENTRY_FAULTS,
    INCIDENTS,
    NAMES,
    PERSONS,
    RECORD_INCIDENTS,
    RECORD_PERSONS,
    RELATIONSHIPS,
    STALE_VALUES,
    TRUTH,
)

AGENCIES = (
    *(table for force in FORCES for table in police_tables(force)),
    ED_ATTENDANCES,
    GP_REGISTRATIONS,
    GP_EVENTS,
    PUPILS,
    CONCERNS,
)
TABLES = {table.path: table for table in (*AGENCIES, *TRUTH)}
# The table of each source that says who its people are.
SUBJECTS = {
    **{f"police/{force}": police_tables(force)[0] for force in FORCES},
    "ed": ED_ATTENDANCES,
    "gp": GP_REGISTRATIONS,
    "education": PUPILS,
}

__all__ = [
    "ADDRESSES",
    "ADDRESS_CAUSE",
    "AGENCIES",
    "BRITISH_DATE",
    "CODE",
    "CONCERN",
    "CONCERNS",
    "CONTACTS",
    "DATE",
    "ED_ATTENDANCES",
    "ENTRY_FAULTS",
    "ETHNIC_GROUP",
    "FIELDS",
    "FLAG",
    "FORCES",
    "GP_EVENTS",
    "GP_REGISTRATIONS",
    "INCIDENTS",
    "INJURY",
    "ISO_DATE",
    "NAMES",
    "NAME_CAUSE",
    "NHS_SEX",
    "NUMBER",
    "OFFENCES",
    "PERSONS",
    "PLACE",
    "POLICE_SEX",
    "POLICE_STATUS",
    "PUPILS",
    "READ_CODES",
    "RECORD_INCIDENTS",
    "RECORD_PERSONS",
    "RELATION",
    "RELATIONSHIPS",
    "SEX",
    "SMALL",
    "STALE_VALUES",
    "SUBJECTS",
    "TABLES",
    "TEXT",
    "TIME",
    "TRUTH",
    "VIOLENCE",
    "WEAPON",
    "Column",
    "Table",
    "coded",
    "codes_of",
    "identity_columns",
    "police_tables",
]

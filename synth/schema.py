"""Every table of a dataset: columns, types, keys and code lists.

A column that holds part of somebody's identity names the linkage `field` it holds, so that data
entry and linkage need not know how each system calls it. Such columns are text, written as the
system writes them: a clerk can type anything into them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

TEXT = pa.string()
CODE = pa.dictionary(pa.int32(), pa.string())
NUMBER = pa.int64()
SMALL = pa.int16()
FLAG = pa.bool_()
DATE = pa.date32()
TIME = pa.timestamp("ms")  # Parquet keeps no whole seconds

ISO_DATE = "%Y-%m-%d"
BRITISH_DATE = "%d/%m/%Y"

# The parts of an identity that any source may hold; GLOSSARY.md defines each.
FIELDS = (
    "surname",
    "forename",
    "middle_name",
    "sex",
    "date_of_birth",
    "ethnic_group",
    "house",
    "street",
    "town",
    "postcode",
    "nhs_number",
)


@dataclass(frozen=True)
class Column:
    """One column: its type, meaning, code list, and the linkage field it holds, if any."""

    name: str
    type: pa.DataType
    meaning: str
    codes: Mapping[str, str] = field(default_factory=dict)
    field: str | None = None
    date_format: str | None = None


@dataclass(frozen=True)
class Table:
    """One table: where it lies, what a row is, its columns and its key."""

    source: str
    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def path(self) -> str:
        """Where the table lies below the dataset's folder."""
        return f"{self.source}/{self.name}.parquet"

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema, in column order."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    @property
    def fields(self) -> dict[str, Column]:
        """The identity columns by linkage field."""
        return {column.field: column for column in self.columns if column.field}

    def cast(self, table: pa.Table) -> pa.Table:
        """Put a table's columns in this order and type; a missing column is an error."""
        return table.select([column.name for column in self.columns]).cast(self.arrow)

    def empty(self) -> pa.Table:
        """Give the table without rows."""
        return self.arrow.empty_table()


FORCES = {
    "north_wales": "North Wales",
    "gwent": "Gwent",
    "south_wales": "South Wales",
    "dyfed_powys": "Dyfed-Powys",
}

SEX = {"F": "female", "M": "male"}
POLICE_SEX = {**SEX, "U": "unknown"}
# NHS Data Dictionary, person gender code.
NHS_SEX = {"1": "male", "2": "female", "9": "not specified", "0": "not known"}
ETHNIC_GROUP = {
    "White": "White",
    "Asian": "Asian, Asian British or Asian Welsh",
    "Black": "Black, Black British, Black Welsh, Caribbean or African",
    "Mixed": "Mixed or multiple ethnic groups",
    "Other": "Other ethnic group",
}
VIOLENCE = {
    "stranger": "assault by a stranger",
    "acquaintance": "assault by an acquaintance or friend",
    "partner": "domestic: by a partner or ex-partner",
    "family": "domestic: by another member of the family",
    "child": "against a child, by an adult of the household",
}
PLACE = {
    "street": "street or other public place",
    "licensed": "licensed premises",
    "own_home": "the victim's home",
    "other_home": "somebody else's home",
    "school": "school",
    "other": "elsewhere",
}
INJURY = {"none": "no injury", "minor": "minor injury", "wounding": "wounding"}
WEAPON = {
    "none": "fist, foot or head",
    "blunt": "blunt object",
    "glass": "glass or bottle",
    "sharp": "knife or other sharp object",
    "other": "other",
}
POLICE_STATUS = {
    "never_reported": "no report reached the police",
    "not_recorded": "reported, but no occurrence was recorded",
    "recorded": "an occurrence was recorded",
}
NAME_CAUSE = {"birth": "the name given first", "marriage": "changed on marriage", "deed": "by deed"}
ADDRESS_CAUSE = {"start": "lived there when the study began", "move": "moved there"}
RELATION = {"partner": "partner", "parent": "parent of the other", "child": "child of the other"}


def identity_columns(
    *, names: Mapping[str, str], dates: str, sex: Mapping[str, str]
) -> list[Column]:
    """Make the identity columns of a system from its own names for the linkage fields."""
    meanings = {
        "surname": "family name as written",
        "forename": "first given name as written",
        "middle_name": "further given names as written",
        "date_of_birth": "date of birth as written",
        "sex": "sex as coded",
        "ethnic_group": "ethnic group as coded",
        "house": "house number or name",
        "street": "street",
        "town": "town",
        "postcode": "postcode as written",
        "nhs_number": "NHS number as written",
    }
    codes = {"sex": sex, "ethnic_group": ETHNIC_GROUP}
    return [
        Column(
            name,
            TEXT,
            meanings[field],
            codes.get(field, {}),
            field,
            dates if field == "date_of_birth" else None,
        )
        for field, name in names.items()
    ]


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
    Column("upn", TEXT, "unique pupil number, for those of school age"),
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

OFFENCES = {
    "8N": "Assault with injury (s.20 wounding or s.47 ABH)",
    "5D": "Assault with intent to cause serious harm (s.18)",
    "105A": "Assault without injury",
    "11A": "Cruelty to children or young persons",
    "8L": "Harassment",
    "28E": "Burglary",
    "45": "Theft from a vehicle",
    "49": "Other theft",
    "58A": "Criminal damage",
}


def police_tables(force: str) -> tuple[Table, ...]:
    """Make the tables of one police force, with the columns of South Wales."""
    source = f"police/{force}"
    nominals = Table(
        source,
        "nominals",
        "a person as the force knows them; one person may have several",
        ("nominal_ref",),
        (
            Column("nominal_ref", TEXT, "the force's number for the nominal"),
            Column("created_on", DATE, "day on which the nominal was opened"),
            *identity_columns(
                names={
                    "surname": "surname",
                    "forename": "forename_1",
                    "middle_name": "forename_2",
                    "sex": "sex",
                    "date_of_birth": "dob",
                    "ethnic_group": "ethnicity",
                    "house": "house_no",
                    "street": "street",
                    "town": "town",
                    "postcode": "postcode",
                },
                dates=BRITISH_DATE,
                sex=POLICE_SEX,
            ),
        ),
    )
    occurrences = Table(
        source,
        "occurrences",
        "an occurrence that the force recorded",
        ("occurrence_no",),
        (
            Column("occurrence_no", TEXT, "the force's number for the occurrence"),
            Column("reported_at", TIME, "when it was reported"),
            Column("occurred_at", TIME, "when it happened, as reported"),
            Column("offence_code", CODE, "Home Office counting rules code", OFFENCES),
            Column("location_type", CODE, "kind of place", PLACE),
            Column("lsoa_code", CODE, "where (LSOA 2021)"),
            Column("domestic_flag", FLAG, "marked as domestic abuse"),
            Column("weapon", CODE, "weapon", WEAPON),
        ),
    )
    roles = Table(
        source,
        "occurrence_nominals",
        "the role of a nominal in an occurrence",
        ("occurrence_no", "nominal_ref", "role"),
        (
            Column("occurrence_no", TEXT, "occurrence"),
            Column("nominal_ref", TEXT, "nominal"),
            Column("role", CODE, "role", {"victim": "victim", "suspect": "suspect"}),
        ),
    )
    return nominals, occurrences, roles


ED_ATTENDANCES = Table(
    "ed",
    "attendances",
    "an attendance at an emergency department",
    ("attendance_no",),
    (
        Column("attendance_no", TEXT, "the department's number for the attendance"),
        Column("site_code", CODE, "hospital site"),
        Column("arrived_at", TIME, "arrival"),
        *identity_columns(
            names={
                "nhs_number": "nhs_number",
                "surname": "surname",
                "forename": "forename",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "ethnic_group": "ethnic_category",
                "house": "address_1",
                "street": "address_2",
                "town": "address_3",
                "postcode": "postcode",
            },
            dates=ISO_DATE,
            sex=NHS_SEX,
        ),
        Column(
            "attendance_group",
            CODE,
            "reason for the attendance; the codes are assumed",
            {"11": "assault", "12": "other injury", "20": "illness"},
        ),
        Column("assault_location_type", CODE, "where the assault was (ISTV)", PLACE),
        Column("assault_method", CODE, "how the patient was assaulted (ISTV)", WEAPON),
        Column("assaulted_at", TIME, "when the assault was (ISTV)"),
        Column(
            "disposal",
            CODE,
            "what became of the patient",
            {"discharged": "discharged", "admitted": "admitted to hospital"},
        ),
    ),
)
GP_REGISTRATIONS = Table(
    "gp",
    "registrations",
    "a patient on a practice's list",
    ("registration_no",),
    (
        Column("registration_no", TEXT, "number of the registration"),
        Column("practice_code", CODE, "practice, synthetic"),
        Column("updated_on", DATE, "day on which the details were last confirmed"),
        *identity_columns(
            names={
                "nhs_number": "nhs_number",
                "surname": "surname",
                "forename": "forename",
                "middle_name": "middle_names",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
            },
            dates=ISO_DATE,
            sex=NHS_SEX,
        ),
    ),
)
READ_CODES = {
    "TL...": "Homicide and injury purposely inflicted by other persons",
    "14X8.": "Victim of domestic abuse",
    "13IF.": "Child at risk",
    "H05z.": "Upper respiratory infection",
    "246..": "Blood pressure reading",
}
GP_EVENTS = Table(
    "gp",
    "events",
    "a coded entry in a patient's record",
    ("event_no",),
    (
        Column("event_no", TEXT, "number of the entry"),
        Column("registration_no", TEXT, "registration"),
        Column("event_date", DATE, "day"),
        Column("read_code", CODE, "Read v2 code", READ_CODES),
    ),
)
PUPILS = Table(
    "education",
    "pupils",
    "a pupil in the annual school census",
    ("pupil_no",),
    (
        Column("pupil_no", TEXT, "number of the entry"),
        Column("upn", TEXT, "unique pupil number, synthetic"),
        Column("school_code", CODE, "school, synthetic"),
        Column("admitted_on", DATE, "day on which the school took the details down"),
        *identity_columns(
            names={
                "surname": "surname",
                "forename": "forename",
                "middle_name": "middle_names",
                "sex": "gender",
                "date_of_birth": "dob",
                "ethnic_group": "ethnic_group",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
            },
            dates=ISO_DATE,
            sex=SEX,
        ),
    ),
)
CONCERN = {"injury": "unexplained injury", "home": "trouble at home", "other": "other"}
CONCERNS = Table(
    "education",
    "concerns",
    "a concern that a school wrote down about a pupil",
    ("concern_no",),
    (
        Column("concern_no", TEXT, "number of the entry"),
        Column("pupil_no", TEXT, "pupil"),
        Column("noted_on", DATE, "day"),
        Column("concern", CODE, "what about", CONCERN),
    ),
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


def coded(codes: NDArray[np.int64], code_list: Iterable[str]) -> pa.DictionaryArray:
    """Turn numbers into the labels of a code list, in its order; -1 is null."""
    missing = np.asarray(codes) < 0
    indices = pa.array(np.asarray(codes, np.int32), mask=missing if missing.any() else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(code_list), pa.string()))


def codes_of(column: pa.Array | pa.ChunkedArray, code_list: Iterable[str]) -> NDArray[np.int64]:
    """Turn labels back into their numbers in a code list; what is not in it becomes -1."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    text = column.cast(pa.string())
    found = pc.index_in(text, pa.array(list(code_list), pa.string()))
    return np.asarray(found.fill_null(-1).to_numpy(), np.int64)

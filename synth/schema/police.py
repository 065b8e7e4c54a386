"""The tables of a police force."""

from __future__ import annotations

from synth.schema.codes import OFFENCES, PLACE, POLICE_SEX, WEAPON
from synth.schema.identity import identity_columns
from synth.schema.table import BRITISH_DATE, CODE, DATE, FLAG, TEXT, TIME, Column, Table


def police_tables(force: str) -> tuple[Table, ...]:
    """Make the tables of one police force, with the columns of South Wales."""
    source = f"police/{force}"
    return _nominals(source), _occurrences(source), _roles(source)


def _nominals(source: str) -> Table:
    names = {
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
    }
    return Table(
        source,
        "nominals",
        "a person as the force knows them; one person may have several",
        ("nominal_ref",),
        (
            Column("nominal_ref", TEXT, "the force's number for the nominal"),
            Column("created_on", DATE, "day on which the nominal was opened"),
            *identity_columns(names=names, dates=BRITISH_DATE, sex=POLICE_SEX),
        ),
    )


def _occurrences(source: str) -> Table:
    return Table(
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


def _roles(source: str) -> Table:
    return Table(
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

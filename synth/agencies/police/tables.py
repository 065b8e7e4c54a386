"""Tables of the police forces: described once, kept by each force in its own way."""

from __future__ import annotations

from collections.abc import Mapping

from darkfigure.synth.agencies.police.codes import (
    ALIAS_KIND,
    CATEGORY,
    DEVICE_OUTCOME,
    DEVICE_PERMISSION,
    HANDLING,
    INCIDENT_TYPE,
    INTELLIGENCE,
    KNOWN_HOW,
    OFFENCES,
    OUTCOME,
    POLICE_RELATION,
    POLICE_ROLE,
    SHARING,
    SOURCE_GRADE,
    VIEW_PURPOSE,
)
from darkfigure.synth.agencies.police.encounters.tables import encounter_tables
from darkfigure.synth.agencies.police.marker_codes import IN_FULL, MARKER, PNC_LETTERS, SHORT
from darkfigure.synth.agencies.police.prosecution.tables import prosecution_tables
from darkfigure.synth.schema.codes import FORCES, HOW_REPORTED, INJURY, PLACE, POLICE_SEX, WEAPON
from darkfigure.synth.schema.identity import LANGUAGE_COLUMNS, identity_columns
from darkfigure.synth.schema.layout import Layout
from darkfigure.synth.schema.table import BRITISH_DATE, CODE, DATE, FLAG, TEXT, TIME, Column, Table

# Forces whose records lie in one database shared by North Wales and two English forces.
OWNERS = {
    "north_wales": "North Wales Police",
    "merseyside": "Merseyside Police",
    "cheshire": "Cheshire Constabulary",
}
_NAMES = {
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
    "telephone": "telephone",
}
_DYFED_POWYS_NAMES = {
    "surname": "family_name",
    "forename": "given_name",
    "middle_name": "other_names",
    "sex": "gender",
    "date_of_birth": "born",
    "ethnic_group": "ethnic_appearance",
    "house": "premises",
    "street": "thoroughfare",
    "town": "post_town",
    "postcode": "post_code",
    "telephone": "tel_no",
}
_DYFED_POWYS_SEX = {"1": "male", "2": "female", "3": "not known"}

# Gwent's lists are one version behind: they lack the codes that were split off later.
_OLDER_OFFENCES = {"8Q": "8L", "8R": "8L", "8U": "8L", "28E": "28A", "30C": "30A", "3B": "3A"}
_OLDER_RELATIONS = {"partner": "intimate", "family": "known", "acquaintance": "known"}

LAYOUTS: dict[str, Layout] = {
    "north_wales": Layout(
        columns={
            "officer": "oic",
            "relationship": None,
            "narrative": "summary",
            "charges.decided_by": None,
            "markers.marker": "warning_signal",
            "searches.location_type": None,
            "safe_place": "place_of_safety",
        },
        codes={"marker": PNC_LETTERS},
    ),
    "gwent": Layout(
        columns={
            "occurrence_nominals.relationship": None,
            "occurrences.relationship": "rel_vic_sus",
            "owner": None,
            "how_reported": None,
            "custody.extended": None,
            "missing.interviewed_on": None,
            "detentions_136.extended": None,
        },
        codes={
            "offence_code": _OLDER_OFFENCES,
            "charge_code": _OLDER_OFFENCES,
            "relationship": _OLDER_RELATIONS,
            "marker": IN_FULL,
        },
    ),
    "south_wales": Layout(
        tables={"missing": "misper"},
        columns={"occurrences.relationship": None, "owner": None, "missing_risk": "risk"},
    ),
    "dyfed_powys": Layout(
        tables={
            "nominals": "persons",
            "occurrences": "crime_reports",
            "occurrence_nominals": "involvements",
            "nominal_aliases": "also_known_as",
            "intelligence": "intelligence_logs",
            "devices": "digital_exhibits",
            "access_log": "audit_trail",
            "custody": "detentions",
            "charges": "prosecutions",
            "hearings": "court_results",
            "orders": "protective_orders",
            "markers": "warnings",
            "searches": "stop_searches",
            "missing": "missing_persons",
            "detentions_136": "mha_detentions",
            "order_breaches": "orders_breached",
        },
        columns={
            "nominal_ref": "person_urn",
            "occurrence_no": "report_ref",
            "officer": "collar_no",
            "offence_code": "ho_class",
            "incident_type": "incident_class",
            "location_type": "premises_type",
            "lsoa_code": "area_code",
            "domestic_flag": "dv_marker",
            "weapon": "means_used",
            "outcome_code": "disposal_code",
            "role": "involvement",
            "narrative": "mo_text",
            "handling": "marking",
            "owner_role": "taken_from",
            "report_no": "log_ref",
            "custody_no": "custody_ref",
            "charge_code": "charged_class",
            "protected_ref": "protected_urn",
            "restrained_ref": "restrained_urn",
            "hearings.heard": "result",
            "bail_conditions": "conditions",
            "looked_for": "object_of_search",
            "appearance": "observed_as",
            "missing_risk": "risk_grade",
            "safe_place": "pos",
            "owner": None,
            "occurrences.relationship": None,
            "injury": None,
        },
        codes={
            "role": {"victim": "IP", "suspect": "SUSP", "witness": "WIT"},
            "owner_role": {"victim": "IP", "suspect": "SUSP", "witness": "WIT"},
            "handling": {"open": "O", "sensitive": "S", "restricted": "R"},
            "category": {"crime": "C", "non_crime": "I"},
            "marker": SHORT,
            "missing_risk": {"none": "0", "low": "L", "medium": "M", "high": "H"},
            "relationship": {
                "partner": "SPOUSE/PARTNER",
                "family": "RELATIVE",
                "acquaintance": "KNOWN",
                "stranger": "UNKNOWN TO IP",
            },
        },
        typed_times=True,
    ),
}
# The separate store of Dyfed-Powys, whose people are entered anew.
INTELLIGENCE_STORE = "dyfed_powys"


def police_tables(force: str) -> tuple[Table, ...]:
    """Make the tables of one force, in the order of `common_tables`.

    Dyfed-Powys has one more, the last: the people of its intelligence store.
    """
    own = LAYOUTS[force]
    tables = tuple(own.shape(common) for common in common_tables(force))
    if force == INTELLIGENCE_STORE:
        return (*tables, _intelligence_persons(f"police/{force}"))
    return tables


def common_tables(force: str) -> tuple[Table, ...]:
    """Describe a force's tables before its own layout: the form that all forces can be put in."""
    source = f"police/{force}"
    distinct = force == INTELLIGENCE_STORE
    names = _DYFED_POWYS_NAMES if distinct else _NAMES
    sex = _DYFED_POWYS_SEX if distinct else POLICE_SEX
    return (
        _nominals(source, names, sex),
        _occurrences(source),
        _roles(source),
        _aliases(source),
        _intelligence(source),
        _devices(source),
        _access_log(source),
        *prosecution_tables(source),
        _markers(source),
        *encounter_tables(source, names, sex),
    )


def _nominals(source: str, names: Mapping[str, str], sex: Mapping[str, str]) -> Table:
    return Table(
        source,
        "nominals",
        "a person as the force knows them; one person may have several",
        ("nominal_ref",),
        (
            Column("nominal_ref", TEXT, "the force's number for the nominal"),
            Column("created_on", DATE, "day on which the nominal was opened"),
            Column("officer", TEXT, "collar number of the officer who entered the details"),
            Column("owner", CODE, "force that opened it in the shared database", OWNERS),
            *identity_columns(names=names, dates=BRITISH_DATE, sex=sex),
            *LANGUAGE_COLUMNS,
        ),
    )


def _occurrences(source: str) -> Table:
    return Table(
        source,
        "occurrences",
        "an occurrence that the force recorded: a crime, or an incident that is none",
        ("occurrence_no",),
        (
            Column("occurrence_no", TEXT, "the force's number for the occurrence"),
            Column("category", CODE, "crime or not", CATEGORY),
            Column("reported_at", TIME, "when it was reported"),
            Column("occurred_at", TIME, "when it happened, as reported; the start of a window"),
            Column("occurred_to", TIME, "the end of that window; empty for a moment"),
            Column("recorded_at", TIME, "when it was recorded"),
            Column("how_reported", CODE, "how it came to notice", HOW_REPORTED),
            Column("offence_code", CODE, "Home Office counting rules code", OFFENCES),
            Column("incident_type", CODE, "kind of incident that is no crime", INCIDENT_TYPE),
            Column("location_type", CODE, "kind of place", PLACE),
            Column("location", TEXT, "premises or street, outside homes"),
            Column("lsoa_code", CODE, "where (LSOA 2021)"),
            Column("latitude", TEXT, "degrees north (WGS 84), of the street or the premises"),
            Column("longitude", TEXT, "degrees east"),
            Column("domestic_flag", FLAG, "marked as domestic abuse"),
            Column("relationship", CODE, "victim and suspect", POLICE_RELATION),
            Column("weapon", CODE, "weapon", WEAPON),
            Column("injury", CODE, "injury as the officer saw it", INJURY),
            Column("outcome_code", CODE, "Home Office outcome; none while open", OUTCOME),
            Column("officer", TEXT, "collar number of the officer in the case"),
            Column("owner", CODE, "force whose occurrence it is, in the shared database", OWNERS),
            Column("handling", CODE, "who may see it", HANDLING),
            Column("narrative", TEXT, "what happened, in the officer's words", prose=True),
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
            Column("role", CODE, "role", POLICE_ROLE),
            Column("relationship", CODE, "of a suspect to the victim", POLICE_RELATION),
        ),
    )


def _aliases(source: str) -> Table:
    return Table(
        source,
        "nominal_aliases",
        "another name under which the force knows a nominal",
        ("nominal_ref", "alias_no"),
        (
            Column("nominal_ref", TEXT, "nominal"),
            Column("alias_no", TEXT, "number within the nominal"),
            Column("kind", CODE, "kind of alias", ALIAS_KIND),
            Column("alias_forename", TEXT, "given name"),
            Column("alias_surname", TEXT, "family name"),
        ),
    )


def _intelligence(source: str) -> Table:
    return Table(
        source,
        "intelligence",
        "an intelligence report about one person",
        ("report_no",),
        (
            Column("report_no", TEXT, "the force's number for the report"),
            Column("nominal_ref", TEXT, "subject"),
            Column("submitted_at", TIME, "when it was submitted"),
            Column("subject_matter", CODE, "what about", INTELLIGENCE),
            Column("source_grade", CODE, "grade of the source, first part of 3x5x2", SOURCE_GRADE),
            Column("known_how", CODE, "how it is known, second part of 3x5x2", KNOWN_HOW),
            Column("sharing", CODE, "handling code, third part of 3x5x2", SHARING),
            Column("officer", TEXT, "collar number of the officer who submitted it"),
            Column("report", TEXT, "what is reported, without its source", prose=True),
        ),
    )


def _devices(source: str) -> Table:
    return Table(
        source,
        "devices",
        "a telephone that was taken for examination",
        ("exhibit_no",),
        (
            Column("exhibit_no", TEXT, "number of the exhibit"),
            Column("occurrence_no", TEXT, "occurrence"),
            Column("owner_role", CODE, "whose it is, by role in the case", POLICE_ROLE),
            Column("parent", FLAG, "the owner is of the family of a child in the case"),
            Column("seized_on", DATE, "day on which it was taken"),
            Column("agreed", FLAG, "the owner agreed to its being read"),
            Column("permission", CODE, "permission of the maker", DEVICE_PERMISSION),
            Column("extracted_on", DATE, "day of the examination; empty if there was none"),
            Column("outcome", CODE, "what came of it; empty while it waits", DEVICE_OUTCOME),
        ),
    )


def _access_log(source: str) -> Table:
    return Table(
        source,
        "access_log",
        "a view of an occurrence by an officer; a sample, for audits",
        ("view_no",),
        (
            Column("view_no", TEXT, "number of the view"),
            Column("occurrence_no", TEXT, "occurrence that was viewed"),
            _view("viewer", "force of the officer"),
            Column("officer", TEXT, "collar number of the officer who looked"),
            Column("viewed_at", TIME, "when"),
            Column("purpose", CODE, "purpose given", VIEW_PURPOSE),
        ),
    )


def _markers(source: str) -> Table:
    return Table(
        source,
        "markers",
        "a warning marker on a nominal",
        ("marker_no",),
        (
            Column("marker_no", TEXT, "number of the entry"),
            Column("nominal_ref", TEXT, "nominal"),
            Column("marker", CODE, "what it warns of, in the force's words", MARKER),
            Column("added_on", DATE, "day on which it was added"),
            Column("review_on", DATE, "day on which it is to be looked at again"),
            Column("removed_on", DATE, "day on which it was removed; empty while it stands"),
            Column("occurrence_no", TEXT, "occurrence that gave the reason, where noted"),
            Column("officer", TEXT, "collar number of the officer who added it"),
        ),
    )


def _intelligence_persons(source: str) -> Table:
    people = _nominals(source, _DYFED_POWYS_NAMES, _DYFED_POWYS_SEX)
    own = LAYOUTS[INTELLIGENCE_STORE].shape(people)
    return Table(
        source,
        "intelligence_persons",
        "a person as the intelligence store knows them, entered apart from the crime store",
        own.key,
        own.columns,
    )


def _view(name: str, meaning: str) -> Column:
    return Column(name, CODE, meaning, {**FORCES, **OWNERS})


# Pairs of viewer and holder. South Wales and Gwent each see the other's records; one database
# serves the last three.
VISIBLE = (
    ("south_wales", "gwent"),
    ("gwent", "south_wales"),
    ("merseyside", "north_wales"),
    ("cheshire", "north_wales"),
)
VISIBILITY = Table(
    "police",
    "visibility",
    "a force that can read another's records in its own system",
    ("viewer", "holder"),
    (_view("viewer", "force that looks"), _view("holder", "force whose records they are")),
)

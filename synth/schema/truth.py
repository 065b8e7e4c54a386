"""Tables of `truth/`, which no linker and no strategy may see."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from darkfigure.synth.schema.codes import (
    ADDRESS_CAUSE,
    ETHNIC_BACKGROUND,
    ETHNIC_GROUP,
    EVENT_ROLE,
    FORCES,
    HARD_CASE,
    HOME,
    HOW_REPORTED,
    IDENTIFIER_CAUSE,
    INJURY,
    LANGUAGE,
    MENTION,
    NAME_CAUSE,
    NOT_REPORTED_REASON,
    PLACE,
    POLICE_STATUS,
    RELATION,
    RELATIONSHIP,
    ROW_FAULT,
    SEVERITY,
    SEX,
    SITE_KIND,
    TEXT_LANGUAGE,
    VIOLENCE,
    VITAL_EVENT,
    WEAPON,
)
from darkfigure.synth.schema.table import CODE, DATE, FLAG, NUMBER, SMALL, TEXT, TIME, Column, Table


def _truth(name: str, row: str, key: tuple[str, ...], *columns: Column) -> Table:
    return Table("truth", name, row, key, columns)


def _filled(
    name: str, kind: pa.DataType, meaning: str, codes: Mapping[str, str] | None = None
) -> Column:
    """Make a column that is never empty."""
    return Column(name, kind, meaning, codes or {}, filled=True)


PERSONS = _truth(
    "persons",
    "a person of the sample, a visitor of it, or somebody whom an agency of it names",
    ("person_id",),
    Column("person_id", NUMBER, "person"),
    _filled("household_id", NUMBER, "household at the start"),
    _filled("sampled", FLAG, "true where the person belongs to the sample or visits it"),
    _filled("sex", CODE, "sex registered at birth", SEX),
    _filled("birth_date", DATE, "date of birth"),
    _filled("ethnic_group", CODE, "ethnic group", ETHNIC_GROUP),
    Column("ethnic_background", CODE, "ethnic background", ETHNIC_BACKGROUND),
    _filled("welsh_name", FLAG, "true where the surname at the start is of Welsh type"),
    Column("lsoa_code", CODE, "neighbourhood (LSOA 2021) at the start"),
    Column("local_authority", CODE, "local authority at the start"),
    Column("deprivation_quintile", SMALL, "WIMD 2019 fifth of the LSOA, 1 = most deprived"),
    _filled("nhs_number", TEXT, "first NHS number, from the range for synthetic patients"),
    Column("home", CODE, "kind of home at the start", HOME),
    Column("death_date", DATE, "day of death, where it falls in the study"),
    Column("language", CODE, "language that the person would use with services", LANGUAGE),
    Column("interpreter_needed", FLAG, "true where the person cannot do so in English or Welsh"),
)
NAMES = _truth(
    "names",
    "a name somebody bears from a day on, until the next row",
    ("person_id", "valid_from"),
    Column("person_id", NUMBER, "person"),
    Column("valid_from", DATE, "first day"),
    _filled("forename", CODE, "first given name"),
    Column("middle_name", CODE, "second given name"),
    _filled("surname", CODE, "surname"),
    _filled("cause", CODE, "why it began", NAME_CAUSE),
)
IDENTIFIERS = _truth(
    "identifiers",
    "sex and NHS number under which somebody is registered from a day on, of those who change one",
    ("person_id", "valid_from"),
    Column("person_id", NUMBER, "person"),
    Column("valid_from", DATE, "first day"),
    _filled("sex", CODE, "sex", SEX),
    _filled("nhs_number", TEXT, "NHS number"),
    _filled("cause", CODE, "why it began", IDENTIFIER_CAUSE),
)
HARD_CASES = _truth(
    "hard_cases",
    "somebody of the sample whose identity is hard to follow, for a reason",
    ("person_id", "hard_case"),
    Column("person_id", NUMBER, "person"),
    Column("hard_case", CODE, "the reason", HARD_CASE),
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
    _filled("cause", CODE, "why it began", ADDRESS_CAUSE),
)
SECOND_ADDRESSES = Table(
    "truth",
    "second_addresses",
    "an address at which a child of separated parents lives in turn, until the next row",
    ADDRESSES.key,
    ADDRESSES.columns,
)
TELEPHONES = _truth(
    "telephones",
    "the telephone number under which somebody can be reached from a day on, until the next row",
    ("person_id", "valid_from"),
    Column("person_id", NUMBER, "person"),
    Column("valid_from", DATE, "first day"),
    Column("telephone", TEXT, "number; a child's is that of a grown-up at home"),
)
PUPIL_NUMBERS = _truth(
    "pupil_numbers",
    "the permanent unique pupil number of a pupil",
    ("person_id",),
    Column("person_id", NUMBER, "person"),
    Column("upn", TEXT, "unique pupil number, synthetic"),
)
RELATIONSHIPS = _truth(
    "relationships",
    "a tie between two people of the sample, at home or apart",
    ("person_id", "other_id", "relation"),
    Column("person_id", NUMBER, "person"),
    Column("other_id", NUMBER, "the other person"),
    Column("relation", CODE, "what the person is to the other", RELATION),
)
NEIGHBOURHOODS = _truth(
    "neighbourhoods",
    "a neighbourhood of the scenario's areas, or one where somebody of theirs was harmed",
    ("lsoa_code",),
    Column("lsoa_code", CODE, "neighbourhood (LSOA 2021)"),
    _filled("inside", FLAG, "true in the scenario's areas"),
    _filled("local_authority", CODE, "local authority"),
    _filled("force", CODE, "police force", FORCES),
    _filled("deprivation_quintile", SMALL, "WIMD 2019 fifth, 1 = most deprived"),
    _filled("rural", FLAG, "true in rural places"),
    _filled("outcode", TEXT, "postcode district"),
    _filled("residents", NUMBER, "people at the start"),
    _filled("households", NUMBER, "households at the start"),
    _filled("latitude", TEXT, "degrees north (WGS 84); where within the district is assumed"),
    _filled("longitude", TEXT, "degrees east"),
)
POPULATION = _truth(
    "population",
    "people alike who live in the scenario's areas at the start, in the sample or not",
    ("local_authority", "home", "sex", "age_years", "ethnic_background"),
    Column("local_authority", CODE, "local authority"),
    Column("home", CODE, "kind of home", HOME),
    Column("sex", CODE, "sex", SEX),
    Column("age_years", SMALL, "age in whole years"),
    _filled("ethnic_group", CODE, "ethnic group", ETHNIC_GROUP),
    Column("ethnic_background", CODE, "ethnic background", ETHNIC_BACKGROUND),
    _filled("persons", NUMBER, "how many there are"),
)
HOUSEHOLDS = _truth(
    "households",
    "households alike of the scenario's areas at the start, in the sample or not",
    ("local_authority", "adults", "children"),
    Column("local_authority", CODE, "local authority"),
    Column("adults", SMALL, "people aged 18 or over"),
    Column("children", SMALL, "people under 18"),
    _filled("households", NUMBER, "how many there are"),
)
VITAL_EVENTS = _truth(
    "vital_events",
    "what happened to how many people of the scenario's areas, in the sample or not",
    ("local_authority", "event"),
    Column("local_authority", CODE, "local authority at the start"),
    Column("event", CODE, "what happened, in the study unless said otherwise", VITAL_EVENT),
    _filled("number", NUMBER, "how often"),
)
INCIDENTS = _truth(
    "incidents",
    "an act of violence or abuse against one person",
    ("incident_id",),
    Column("incident_id", NUMBER, "incident"),
    _filled("event_id", NUMBER, "event, which people harmed in one act share"),
    _filled("victim_id", NUMBER, "person harmed"),
    _filled("offender_id", NUMBER, "person who harmed; others are in event_roles"),
    _filled("kind", CODE, "kind of violence", VIOLENCE),
    _filled("relationship", CODE, "what the offender is to the victim", RELATIONSHIP),
    _filled("series_id", NUMBER, "the same victim's by the same offender: id of such a series"),
    _filled("series_turn", SMALL, "place in the series, 1 = first; it may begin before the study"),
    _filled("occurred_at", TIME, "when"),
    _filled("place", CODE, "kind of place", PLACE),
    Column("lsoa_code", CODE, "where (LSOA 2021), if in Wales"),
    _filled("injury", CODE, "injury", INJURY),
    _filled("severity", CODE, "how grave it is", SEVERITY),
    _filled("weapon", CODE, "weapon", WEAPON),
    _filled("alcohol", FLAG, "true where victim or offender had been drinking"),
    _filled("ed_attended", FLAG, "the victim came to an emergency department in Wales"),
    _filled("ed_england", FLAG, "the victim came to one in England, whose records Wales lacks"),
    _filled("admitted", FLAG, "the victim was admitted to hospital in Wales"),
    _filled("gp_consulted", FLAG, "the victim told a general practice"),
    _filled("school_noticed", FLAG, "the victim's school noticed"),
    _filled("ambulance", FLAG, "an ambulance came"),
    _filled("police_status", CODE, "what became of it with the police", POLICE_STATUS),
    Column("how_reported", CODE, "how the police learned of it, if they did", HOW_REPORTED),
    Column(
        "not_reported_reason",
        CODE,
        "why they did not, if so; empty outside Wales",
        NOT_REPORTED_REASON,
    ),
)
EVENTS = _truth(
    "events",
    "an act of violence or abuse, against one person or several",
    ("event_id",),
    Column("event_id", NUMBER, "event"),
    _filled("occurred_at", TIME, "when"),
    _filled("site_kind", CODE, "kind of place, in detail; private homes are one kind", SITE_KIND),
    Column("site", TEXT, "name of the premises, where they have one"),
    Column("street", CODE, "street, of events outside homes"),
    Column("town", CODE, "post town, likewise"),
    Column("lsoa_code", CODE, "where (LSOA 2021), if in Wales, as the next two"),
    Column("latitude", TEXT, "degrees north (WGS 84)"),
    Column("longitude", TEXT, "degrees east"),
)
EVENT_ROLES = _truth(
    "event_roles",
    "a person who offends in an event of violence, or looks on",
    ("event_id", "role", "person_id"),
    Column("event_id", NUMBER, "event"),
    Column("role", CODE, "role", EVENT_ROLE),
    Column("person_id", NUMBER, "person"),
)
INCIDENT_WITNESSES = _truth(
    "incident_witnesses",
    "a child of the household who saw or heard an incident",
    ("incident_id", "person_id"),
    Column("incident_id", NUMBER, "incident"),
    Column("person_id", NUMBER, "the child"),
)
CONTACTS = _truth(
    "contacts",
    "an agency learns of an incident and writes it down",
    ("contact_id",),
    Column("contact_id", NUMBER, "contact"),
    _filled("incident_id", NUMBER, "incident"),
    _filled("source", CODE, "the source that holds it"),
    _filled("learned_at", TIME, "when the agency learned of it"),
)
RECORD_PERSONS = _truth(
    "record_persons",
    "whom a record is about",
    ("source", "table", "record_id"),
    Column("source", CODE, "source"),
    Column("table", CODE, "table"),
    Column("record_id", TEXT, "the record's key"),
    _filled("person_id", NUMBER, "person"),
    _filled("known_on", DATE, "day on which the agency learned the identity it wrote"),
    Column("clerk_id", NUMBER, "who entered it, by number within the source"),
    Column("shift_no", NUMBER, "shift in which it was first entered: two a day since 1970"),
)
RECORD_INCIDENTS = _truth(
    "record_incidents",
    "which incident a record is about; an occurrence may be about several people's",
    ("source", "table", "record_id", "incident_id"),
    Column("source", CODE, "source"),
    Column("table", CODE, "table"),
    Column("record_id", TEXT, "the record's key"),
    _filled("incident_id", NUMBER, "incident"),
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
    _filled("fault", CODE, "which fault"),
    Column("known_value", TEXT, "the value as the agency knew it"),
    Column("written_value", TEXT, "the value as written"),
)
STALE_VALUES = _truth(
    "stale_values",
    "a cell whose value was true when the agency learned it, but not at the event",
    ("source", "table", "record_id", "column"),
    *_LEDGER_COLUMNS,
    Column("known_value", TEXT, "the value as the agency knew it"),
    Column("true_value", TEXT, "the value that was true at the event"),
)
TEXT_MENTIONS = _truth(
    "text_mentions",
    "a mention of a person, a place, a time or a number in a free text",
    ("source", "table", "record_id", "column", "start"),
    *_LEDGER_COLUMNS,
    Column("start", NUMBER, "its first character: code points from 0"),
    _filled("end", NUMBER, "the character after its last"),
    _filled("kind", CODE, "what is mentioned", MENTION),
    _filled("language", CODE, "language of the text", TEXT_LANGUAGE),
    Column("entity_id", NUMBER, "person_id of a person, number of a public place; empty if none"),
)
ROW_FAULTS = _truth(
    "row_faults",
    "a record that is wrong as a whole",
    ("source", "table", "record_id", "fault"),
    Column("source", CODE, "source"),
    Column("table", CODE, "table"),
    Column("record_id", TEXT, "the record's key"),
    Column("fault", CODE, "what is wrong", ROW_FAULT),
    Column(
        "other_person_id", NUMBER, "whom else the record is about, if merged; whom alone, if copied"
    ),
    Column(
        "other_record_id",
        TEXT,
        "which record it repeats, or its first version if kept",
    ),
)

TRUTH = (
    PERSONS,
    HARD_CASES,
    NAMES,
    IDENTIFIERS,
    ADDRESSES,
    SECOND_ADDRESSES,
    TELEPHONES,
    PUPIL_NUMBERS,
    RELATIONSHIPS,
    NEIGHBOURHOODS,
    POPULATION,
    HOUSEHOLDS,
    VITAL_EVENTS,
    INCIDENTS,
    EVENTS,
    EVENT_ROLES,
    INCIDENT_WITNESSES,
    CONTACTS,
    RECORD_PERSONS,
    RECORD_INCIDENTS,
    ENTRY_FAULTS,
    STALE_VALUES,
    TEXT_MENTIONS,
    ROW_FAULTS,
)

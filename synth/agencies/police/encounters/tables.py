"""Tables of encounters, in the form that the forces have in common."""

from __future__ import annotations

from collections.abc import Mapping

from darkfigure.synth.agencies.police.encounters.codes import (
    APPEARANCE,
    DETENTION_END,
    FOUND_HOW,
    LOOKED_FOR,
    MISSING_FROM,
    MISSING_RISK,
    POWER,
    REPORTED_BY,
    SAFE_PLACE,
    SEARCH_OUTCOME,
    TRANSPORT,
)
from darkfigure.synth.schema.codes import PLACE
from darkfigure.synth.schema.health import ED_SITES
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import BRITISH_DATE, CODE, DATE, FLAG, TEXT, TIME, Column, Table

_ASKED = ("surname", "forename", "sex", "date_of_birth", "ethnic_group")
_HOME = ("house", "street", "town", "postcode")
_NOMINAL = Column("nominal_ref", TEXT, "nominal, where it was found")
_OFFICER = Column("officer", TEXT, "collar number of the officer")
_WHERE = Column("lsoa_code", CODE, "where (LSOA 2021)")


def encounter_tables(
    source: str, names: Mapping[str, str], sex: Mapping[str, str]
) -> tuple[Table, ...]:
    """Describe a force's tables of searches, missing people and detentions.

    Parameters
    ----------
    source
        The force's source.
    names
        Its names for the linkage fields.
    sex
        Its code list of the sex.
    """
    return (_searches(source, names, sex), _missing(source, names, sex), _s136(source, names, sex))


def _identity(
    fields: tuple[str, ...], names: Mapping[str, str], sex: Mapping[str, str]
) -> list[Column]:
    own = {field: names[field] for field in fields}
    return identity_columns(names=own, dates=BRITISH_DATE, sex=sex)


def _searches(source: str, names: Mapping[str, str], sex: Mapping[str, str]) -> Table:
    return Table(
        source,
        "searches",
        "a person stopped and searched; nobody has to give a name",
        ("search_no",),
        (
            Column("search_no", TEXT, "number of the record"),
            _NOMINAL,
            Column("searched_at", TIME, "when"),
            Column("location_type", CODE, "kind of place", PLACE),
            _WHERE,
            Column("power", CODE, "legal power", POWER),
            Column("looked_for", CODE, "what for", LOOKED_FOR),
            Column("found", FLAG, "it was found"),
            Column("search_outcome", CODE, "what came of it", SEARCH_OUTCOME),
            Column("occurrence_no", TEXT, "occurrence that it led to; empty if none"),
            Column("appearance", CODE, "ethnic appearance as the officer saw it", APPEARANCE),
            _OFFICER,
            *_identity(_ASKED, names, sex),
        ),
    )


def _missing(source: str, names: Mapping[str, str], sex: Mapping[str, str]) -> Table:
    return Table(
        source,
        "missing",
        "a report that somebody is missing",
        ("missing_no",),
        (
            Column("missing_no", TEXT, "number of the report"),
            _NOMINAL,
            Column("last_seen_at", TIME, "when last seen, as told"),
            Column("reported_at", TIME, "when reported"),
            Column("missing_from", CODE, "from where", MISSING_FROM),
            _WHERE,
            Column("reported_by", CODE, "who reported it", REPORTED_BY),
            Column("missing_risk", CODE, "risk as graded at first", MISSING_RISK),
            Column("looked_after", FLAG, "a looked-after child, as told"),
            Column("found_at", TIME, "when found; empty while missing"),
            Column("found_how", CODE, "how found", FOUND_HOW),
            Column("interviewed_on", DATE, "day of the interview after the return; empty if none"),
            _OFFICER,
            *_identity((*_ASKED, *_HOME, "telephone"), names, sex),
        ),
    )


def _s136(source: str, names: Mapping[str, str], sex: Mapping[str, str]) -> Table:
    return Table(
        source,
        "detentions_136",
        "a detention under section 136 of the Mental Health Act",
        ("detention_no",),
        (
            Column("detention_no", TEXT, "number of the record"),
            _NOMINAL,
            Column("detained_at", TIME, "when"),
            Column("location_type", CODE, "kind of place", PLACE),
            _WHERE,
            Column("safe_place", CODE, "first place of safety", SAFE_PLACE),
            Column("site_code", CODE, "department, if that is the place", ED_SITES),
            Column("transport", CODE, "how taken there", TRANSPORT),
            Column("arrived_at", TIME, "arrival at the place of safety"),
            Column("ended_at", TIME, "when the detention ended"),
            Column("extended", FLAG, "a doctor extended it beyond 24 hours"),
            Column("detention_end", CODE, "what followed", DETENTION_END),
            _OFFICER,
            *_identity((*_ASKED, *_HOME), names, sex),
        ),
    )

"""Tables of what follows an arrest, in the form that the forces have in common."""

from __future__ import annotations

from darkfigure.synth.agencies.police.codes import OFFENCES
from darkfigure.synth.agencies.police.prosecution.codes import (
    AFTER_CHARGE,
    CHARGED_HOW,
    CONDITIONS,
    COURT_LEVEL,
    DECIDED_BY,
    HEARD,
    HEARING,
    ORDER,
    RELEASE,
    RESULT,
    SENTENCE,
)
from darkfigure.synth.schema.table import CODE, DATE, FLAG, TEXT, TIME, Column, Table

_OCCURRENCE = Column("occurrence_no", TEXT, "occurrence")


def prosecution_tables(source: str) -> tuple[Table, ...]:
    """Describe a force's tables of custody, charges, hearings, orders and their breaches."""
    return (
        _custody(source),
        _charges(source),
        _hearings(source),
        _orders(source),
        _breaches(source),
    )


def _custody(source: str) -> Table:
    return Table(
        source,
        "custody",
        "a detention at a police station after an arrest",
        ("custody_no",),
        (
            Column("custody_no", TEXT, "number of the custody record"),
            _OCCURRENCE,
            Column("nominal_ref", TEXT, "detained person"),
            Column("suite", TEXT, "custody suite"),
            Column("arrested_at", TIME, "when arrested"),
            Column("detained_at", TIME, "when detention was authorised at the station"),
            Column("released_at", TIME, "when the person left, or was taken to court"),
            Column("appropriate_adult", FLAG, "an appropriate adult was called"),
            Column("extended", FLAG, "detention beyond 24 hours was authorised"),
            Column("release", CODE, "what the detention ended with", RELEASE),
            Column("bail_until", DATE, "day to return on bail before charge; empty without"),
            Column("bail_conditions", CODE, "conditions of bail before charge", CONDITIONS),
        ),
    )


def _charges(source: str) -> Table:
    return Table(
        source,
        "charges",
        "a charge, and what the court made of it",
        ("charge_no",),
        (
            Column("charge_no", TEXT, "number of the charge"),
            _OCCURRENCE,
            Column("nominal_ref", TEXT, "defendant"),
            Column("charged_how", CODE, "how the charge was brought", CHARGED_HOW),
            Column("charged_at", TIME, "when"),
            Column("charge_code", CODE, "offence charged, counting rules code", OFFENCES),
            Column("decided_by", CODE, "who decided to charge", DECIDED_BY),
            Column("after_charge", CODE, "bail or custody until court", AFTER_CHARGE),
            Column("bail_conditions", CODE, "conditions of bail to court", CONDITIONS),
            Column("first_court", TEXT, "magistrates' court of the first hearing"),
            Column("first_hearing_on", DATE, "day of the first hearing, as listed"),
            Column("ended_on", DATE, "day on which the case ended; empty while before a court"),
            Column("result", CODE, "how it ended", RESULT),
            Column("sentence", CODE, "main sentence", SENTENCE),
        ),
    )


def _hearings(source: str) -> Table:
    return Table(
        source,
        "hearings",
        "a hearing of a charge, as the court told the force",
        ("hearing_no",),
        (
            Column("hearing_no", TEXT, "number of the hearing"),
            Column("charge_no", TEXT, "charge"),
            Column("heard_on", DATE, "day"),
            Column("court", TEXT, "town of the court"),
            Column("court_level", CODE, "kind of court", COURT_LEVEL),
            Column("hearing", CODE, "kind of hearing", HEARING),
            Column("heard", CODE, "what happened", HEARD),
        ),
    )


def _orders(source: str) -> Table:
    return Table(
        source,
        "orders",
        "a notice or order that protects somebody, as far as the force knows of it",
        ("order_no",),
        (
            Column("order_no", TEXT, "number of the entry"),
            Column("order_kind", CODE, "kind of order", ORDER),
            Column("occurrence_no", TEXT, "occurrence that it followed"),
            Column("protected_ref", TEXT, "nominal of the protected person"),
            Column("restrained_ref", TEXT, "nominal of the restrained person"),
            Column("made_on", DATE, "day on which it was served or made"),
            Column("expires_on", DATE, "last day; empty: until further order"),
            Column("charge_no", TEXT, "charge of which the court made it; empty for others"),
        ),
    )


def _breaches(source: str) -> Table:
    return Table(
        source,
        "order_breaches",
        "an occurrence in which an officer noticed that an order was broken",
        ("order_no", "occurrence_no"),
        (
            Column("order_no", TEXT, "order"),
            Column("occurrence_no", TEXT, "occurrence"),
        ),
    )

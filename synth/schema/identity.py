"""Columns in which any system holds an identity."""

from __future__ import annotations

from collections.abc import Mapping

from darkfigure.synth.schema.codes import ETHNIC_GROUP, LANGUAGE
from darkfigure.synth.schema.table import CODE, FLAG, TEXT, Column

LANGUAGE_COLUMNS = (
    Column("preferred_language", CODE, "language that the person would use", LANGUAGE),
    Column("interpreter_needed", FLAG, "needs an interpreter; empty where nobody asked"),
)


def identity_columns(
    *, names: Mapping[str, str], dates: str, sex: Mapping[str, str]
) -> list[Column]:
    """Make the identity columns of a system from its own names for the linkage fields.

    Parameters
    ----------
    names
        Own name of each linkage field that the system holds.
    dates
        `strptime` format of the date of birth.
    sex
        Code list of the sex.
    """
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
        "telephone": "telephone number as written",
        "upn": "unique pupil number as written; ends in a letter if temporary",
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

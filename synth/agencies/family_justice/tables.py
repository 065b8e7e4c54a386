"""The tables of the family court."""

from __future__ import annotations

from darkfigure.synth.schema.codes import SEX
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import BRITISH_DATE, CODE, DATE, TEXT, Column, Table

COURT = {"N": "North Wales", "SE": "South East Wales", "SW": "South West Wales"}
CASE = {
    "care": "care or supervision order (public law)",
    "private": "child arrangements between parents (private law)",
    "injunction": "non-molestation or occupation order",
}
CASE_OUTCOME = {
    "granted": "order made",
    "refused": "application refused",
    "withdrawn": "application withdrawn",
}
PARTY_ROLE = {"applicant": "applicant", "respondent": "respondent", "child": "child concerned"}

CASES = Table(
    "family_justice",
    "cases",
    "an application to the family court",
    ("case_no",),
    (
        Column("case_no", TEXT, "number of the case"),
        Column("court", CODE, "court area", COURT),
        Column("case_type", CODE, "kind of application", CASE),
        Column("applied_on", DATE, "day of the application"),
        Column("applicant_body", TEXT, "local authority that applies; empty if a person does"),
        Column("closed_on", DATE, "day of the final order; empty while the case is open"),
        Column("outcome", CODE, "outcome", CASE_OUTCOME),
    ),
)
PARTIES = Table(
    "family_justice",
    "parties",
    "a person who is party to a case, or a child whom it concerns",
    ("party_no",),
    (
        Column("party_no", TEXT, "number of the entry"),
        Column("case_no", TEXT, "case"),
        Column("entered_on", DATE, "day of the application"),
        Column("role", CODE, "role in the case", PARTY_ROLE),
        *identity_columns(
            names={
                "surname": "surname",
                "forename": "first_name",
                "middle_name": "middle_names",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
            },
            dates=BRITISH_DATE,
            sex=SEX,
        ),
    ),
)

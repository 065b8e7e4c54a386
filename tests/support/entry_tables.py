"""Tables as an agency knows them, for the tests of data entry."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.entry import Circumstances, Variants

DESK = schema.Table(
    "desk",
    "people",
    "a person",
    ("no",),
    (
        schema.Column("no", schema.TEXT, "number"),
        schema.Column("seen", schema.NUMBER, "not part of an identity"),
        *schema.identity_columns(
            names={field: f"the_{field}" for field in FIELDS},
            dates=schema.BRITISH_DATE,
            sex=schema.POLICE_SEX,
        ),
    ),
)


VARIANTS = Variants.of(
    short=pa.table({"formal": ["William", "William", "Siân"], "short": ["Bill", "Wil", "Shân"]}),
    equivalent=pa.table({"welsh": ["Siân", "Ioan"], "english": ["Jane", "Ioan"]}),
    misspelt=pa.table({"name": ["Dafydd", "Jones"], "misspelling": ["Daffyd", "Johns"]}),
    places=pa.table({"welsh": ["Y Rhyl"], "english": ["Rhyl"]}),
    surnames=pa.array(["Jones", "Smith"]),
)


EVEN = {"clerk": 0, "shift": 0, "person": 0, "record": 0}


SIGNS = "aB lŷÂ-'\u201907Ⅷ李\u0301\U0001d4b3\0"


DATES = ["29/02/2000", "01/01/1980", "12/12/1950", "1/2/1990", "31/04/1990", "", "03/11/2011"]


VALUES = {
    "date_of_birth": DATES,
    "sex": ["M", "F", "U", "?", ""],
    "ethnic_group": [*schema.ETHNIC_GROUP, "none", ""],
    "house": ["12", "Flat 3, 14", "Rose Cottage", "", "1"],
    "street": ["High Street", "Heol-y-Bont", "Ffordd Tŷ", "Street"],
    "postcode": ["CF10 1IA", "SA1 2CC", "N1", "", "ZZ99 3VZ", "O"],
    "nhs_number": ["9434765919", "9999999999", "1", "", "943 476 5919"],
    "telephone": ["06123456789", "01234", "", "+44 6123 456789"],
    "upn": ["A680999018001", "B6809990180AB", "", "1"],
}


def circumstances(n_records: int, rows: np.ndarray | None = None) -> Circumstances:
    """Give each record, or some, its own id and person, with clerks and shifts that recur."""
    ids = np.arange(n_records, dtype=np.int64) if rows is None else rows
    former = pa.array([None, "Llŷn", "Powell"])
    return Circumstances(
        ids,
        ids + 7,
        ids % 5,
        ids % 3,
        days=18_762 + ids % 3,  # from 15 May 2021
        sites=ids % 2,
        hiding=1.0 + ids % 2,
        silence=1.5 - ids % 2,
        confusable_values={
            f"former_{field}": lambda taken: former.take(pa.array(ids[taken] % 3))
            for field in ("surname", "house", "street", "town", "postcode")
        }
        | {
            f"relative_{field}": lambda taken: pa.array(["9434765919"] * len(taken))
            for field in ("nhs_number", "telephone", "upn")
        },
    )


def table(columns: dict[str, list[str | None]]) -> pa.Table:
    """Make a table of the desk from values by linkage field."""
    n_records = len(columns["surname"])
    identity = {f"the_{field}": pa.array(columns[field], pa.string()) for field in FIELDS}
    return pa.table(
        {"no": [f"R{n}" for n in range(n_records)], "seen": range(n_records), **identity}
    )


def people(n_records: int) -> pa.Table:
    """Make a larger table of ordinary values."""
    usual = {
        "surname": ["Jones", "Davies", "Llewelyn", "O'Neill", "Smith-Rhys", "Pâris", "de Silva"],
        "forename": ["Siân", "William", "Dafydd", "Anne-Marie", "Rosemary", "Ann Marie"],
        "middle_name": ["Mair", "Siân", "William", "Dafydd", "Ann-Lee", "Rosemary", "Ann Marie"],
        "town": ["Tŷ-croes", "Caernarfon", "Rhyl"],
        **VALUES,
        "date_of_birth": [
            (dt.date(1950, 1, 1) + dt.timedelta(days=37 * n)).strftime("%d/%m/%Y")
            for n in range(600)
        ]
        + ["10/05/2021"] * 120,
    }
    return table({f: [v[n % len(v)] for n in range(n_records)] for f, v in usual.items()})

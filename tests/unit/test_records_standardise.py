"""Each system's way of writing comes out in one form."""

import datetime as dt

import pyarrow as pa
import pytest
from nhs_number import generate
from tiny_world import write_world

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.records.standardise import sources_of, standardise, standardise_table
from darkfigure.synth.agencies.ed.tables import ED_ATTENDANCES
from darkfigure.synth.agencies.education.tables import PUPILS
from darkfigure.synth.agencies.gp.tables import GP_REGISTRATIONS
from darkfigure.synth.agencies.police.tables import police_tables
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.core.identifiers import upns

NOMINALS = police_tables("gwent")[0]


_OPENED = {"arrived_at", "created_on", "updated_on", "admitted_on"}


def write(shape, **cells):
    """Standardise one row in which only some cells are filled."""
    key, opened = shape.columns[0].name, _OPENED
    row = {column.name: None for column in shape.columns} | {key: "1"}
    row |= {name: dt.datetime(2022, 1, 1) for name in opened & row.keys()}  # noqa: DTZ001
    return standardise_table(pa.Table.from_pylist([row | cells], shape.arrow), shape).to_pylist()[0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("  Siân ", "SIAN"),
        ("O'Brien", "OBRIEN"),
        ("O\u2019Brien", "OBRIEN"),
        ("ap Rhys-Jones", "AP RHYS JONES"),
        ("Llŷr", "LLYR"),
        ("Małgorzata", "MALGORZATA"),
        ("Søren", "SOREN"),
        ("Наталія", "НАТАЛІЯ"),
        ("Unknown", None),
        ("n/k", None),
        (" ", None),
        (None, None),
    ],
)
def test_names_are_folded(written, expected):
    """Case, accents and punctuation are no differences between names."""
    assert expected == write(NOMINALS, surname=written)["surname"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("cf478aa", "CF47 8AA"),
        ("CF47  8AA", "CF47 8AA"),
        ("CF47", "CF47"),
        ("ZZ99 3VZ", None),
        ("UNKNOWN", None),
        ("", None),
    ],
)
def test_postcodes_have_one_blank(written, expected):
    """However a postcode is spaced, it comes out the same."""
    assert expected == write(NOMINALS, postcode=written)["postcode"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("01/02/1990", dt.date(1990, 2, 1)),
        ("1990-02-01", dt.date(1990, 2, 1)),
        ("31/02/1990", None),
        ("01/01/1900", None),
        ("02/01/2022", None),
        ("1990", None),
    ],
)
def test_impossible_birth_dates_are_missing(written, expected):
    """No such day, a placeholder, or a birth after the record was opened is no birth date."""
    assert expected == write(NOMINALS, dob=written)["date_of_birth"]


@pytest.mark.parametrize(
    ("shape", "cells", "expected"),
    [
        (NOMINALS, {"sex": "f"}, "F"),
        (NOMINALS, {"sex": "U"}, None),
        (ED_ATTENDANCES, {"sex": "1"}, "M"),
        (ED_ATTENDANCES, {"sex": "2"}, "F"),
        (ED_ATTENDANCES, {"sex": "9"}, None),
    ],
)
def test_sex_follows_each_code_list(shape, cells, expected):
    """The NHS's 1 and the police's M are the same."""
    assert expected == write(shape, **cells)["sex"]


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("06123456789", "06123456789"),
        ("(06123) 456 789", "06123456789"),
        ("+44 6123 456789", "06123456789"),
        ("+44 (0)6123 456789", "06123456789"),
        ("00446123456789", "06123456789"),
        ("0612345678", None),
        ("N/K", None),
        (None, None),
    ],
)
def test_telephone_numbers_lose_what_only_groups_them(written, clean):
    """The country's code, brackets and blanks go; a number too short is missing."""
    assert clean == write(GP_REGISTRATIONS, telephone=written)["telephone"]


def test_pupil_numbers_need_their_check_letter():
    """A permanent number with its check letter stays; any other goes, as does a temporary one."""
    number = upns(680, 9990, entry_year=18, serial=[1])[0].as_py()
    other = "A" if number[0] != "A" else "B"
    assert number == write(PUPILS, upn=number.lower())["upn"]
    assert write(PUPILS, upn=other + number[1:])["upn"] is None
    assert write(PUPILS, upn=number[:-1] + "A")["upn"] is None
    assert write(PUPILS, upn=number[:-1])["upn"] is None


def test_nhs_numbers_need_their_check_digit():
    """A number with a wrong digit is missing; a right one comes without blanks."""
    number = generate(quantity=1)[0]
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert number == write(GP_REGISTRATIONS, nhs_number=spaced)["nhs_number"]
    assert write(GP_REGISTRATIONS, nhs_number=wrong)["nhs_number"] is None
    assert write(GP_REGISTRATIONS, nhs_number=number[:-1])["nhs_number"] is None


def test_all_forces_together_are_the_police(tmp_path):
    """The name stands for every force of the dataset, records in the order of their ids."""
    dataset = write_world(tmp_path / "world")
    found = standardise(dataset, "police")
    assert RECORDS == found.schema
    assert ["N1", "N2", "N3", "N4", "N5"] == found["record_id"].to_pylist()
    assert ["police/south_wales", "police/gwent"] == found["source"].to_pylist()[1:3]


def test_an_unknown_source_is_named(tmp_path):
    """A misspelt source is told with those there are."""
    dataset = write_world(tmp_path / "world")
    with pytest.raises(DatasetError, match=r"no source 'pollice'.*it has police/gwent"):
        sources_of(dataset, "pollice")


def test_rows_come_in_the_order_of_the_table():
    """Of a table in many pieces, which several threads work at."""
    shape = PUPILS
    names = pa.array([f"N{number}" for number in range(400_000)])
    columns = [
        names if column.name == shape.fields["surname"].name else pa.nulls(len(names), column.type)
        for column in shape.columns
    ]
    whole = pa.table(columns, schema=shape.arrow)
    pieces = pa.concat_tables([whole.slice(start, 50_000) for start in range(0, 400_000, 50_000)])
    assert names.equals(standardise_table(pieces, shape)["surname"].combine_chunks())

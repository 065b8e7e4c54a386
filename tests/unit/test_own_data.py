"""Files that users bring: read as they are meant, or refused with a sentence."""

import datetime as dt
import gzip
import os

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.links.files import read_links
from darkfigure.linkage_eval.records.file_tables import read_file
from darkfigure.linkage_eval.runs import foreign
from darkfigure.linkage_eval.runs.own_files import Files
from darkfigure.linkage_eval.runs.suite import DataSource, Suite
from darkfigure.reports.cli import app
from darkfigure.synth.core.errors import DatasetError, LinksError
from darkfigure.synth.core.spec import build

BIRTH = dt.date(1990, 2, 1)


def read(folder, records, truth="left_id,right_id\n", **said):
    """Read one file of records, text, bytes or a table, as a user's own; give the set."""
    for name, content in (("records", records), ("truth", truth)):
        file = folder / f"{name}.csv"
        if isinstance(content, pa.Table):
            pq.write_table(content, file)
        else:
            file.write_bytes(content.encode() if isinstance(content, str) else content)
    left = {"file": str(folder / "records.csv"), **said}
    files = Files(left=left, truth=str(folder / "truth.csv"))
    return foreign.read(DataSource(name="mine", files=files))


def column(folder, field, values, *, intake=False, **said):
    """Read one column of a CSV file; give what became of it, in its order, and the intake."""
    rows = (f'{number},T{number},"{value}"\n' for number, value in enumerate(values))
    found = read(folder, f"record_id,town,{field}\n{''.join(rows)}", **said)
    by_town = dict(zip(*(found.left[name].to_pylist() for name in ("town", field)), strict=True))
    cleaned = [by_town[f"T{number}"] for number in range(len(values))]
    return (cleaned, found.intake[0]) if intake else cleaned


def lost(intake, field):
    """Give how many values of a field are missing for which reason, and examples."""
    return [(one.n, one.why, one.examples) for one in intake.lost if one.field == field]


@pytest.mark.parametrize(
    "written",
    [
        "1990-02-01",
        "1990-02-01 00:00:00",
        "1990-02-01T00:00:00Z",
        "1990-02-01T00:00:00.000+01:00",
        "1990/02/01",
        "1990.2.1",
        "01-02-1990",
        "01.02.1990",
        "01/02/1990",
        "1/2/1990",
        "01/02/1990 00:00",
        "19900201",
        "19900201.0",
        "01021990",
        "01FEB1990",
        "1 February 1990",
        "Feb 1, 1990",
    ],
)
def test_a_date_is_read_in_every_usual_form(tmp_path, written):
    """The first of February 1990, among dates that are day first."""
    assert BIRTH == column(tmp_path, "date_of_birth", [written, "25/12/1990"])[0]


@pytest.mark.parametrize(
    "kind",
    [
        pa.date32(),
        pa.date64(),
        pa.timestamp("s"),
        pa.timestamp("ns"),
        pa.timestamp("us", "UTC"),
        pa.dictionary(pa.int32(), pa.date32()),
    ],
    ids=str,
)
def test_columns_of_dates_and_times_are_read(tmp_path, kind):
    """A Parquet file with real dates."""
    born = pa.array([BIRTH], pa.date32())
    born = (
        born.dictionary_encode() if pa.types.is_dictionary(kind) else born.cast(pa.timestamp("s"))
    )
    table = pa.table({"record_id": ["1"], "date_of_birth": born.cast(kind)})
    assert [BIRTH] == read(tmp_path, table).left["date_of_birth"].to_pylist()


def test_a_time_with_a_zone_is_of_the_day_there(tmp_path):
    """Midnight of a British summer is eleven at night of the day before in UTC."""
    night = pa.array([dt.datetime(1990, 6, 30, 23)], pa.timestamp("us", "Europe/London"))  # noqa: DTZ001
    table = pa.table({"record_id": ["1"], "date_of_birth": night})
    assert [dt.date(1990, 7, 1)] == read(tmp_path, table).left["date_of_birth"].to_pylist()


def test_numbers_are_dates_too(tmp_path):
    """Eight digits in a column of numbers."""
    table = pa.table({"record_id": [1, 2], "date_of_birth": pa.array([19900201, None], pa.int64())})
    found = read(tmp_path, table).left["date_of_birth"].to_pylist()
    assert {BIRTH, None} == set(found)


def test_two_digits_are_no_year(tmp_path):
    """Nobody can tell 1890 from 1990; the values are counted, with examples."""
    values = ["01/02/1990", "01/02/90", "90-02-01", "1 Feb 90"]
    found, intake = column(tmp_path, "date_of_birth", values, intake=True, dates="day first")
    assert [BIRTH, None, None, None] == found
    assert [
        (3, "no dates with a year of four digits", ("01/02/90", "1 Feb 90", "90-02-01"))
    ] == lost(intake, "date_of_birth")


@pytest.mark.parametrize("year", ["1800", "2150", "9999", "1066"])
def test_a_year_that_cannot_be_is_missing(tmp_path, year):
    """Nobody alive is born then; counted apart from what is no date."""
    values = [f"{year}-02-01", "1990-02-01"]
    found, intake = column(tmp_path, "date_of_birth", values, intake=True)
    assert [None, BIRTH] == found
    assert [(1, "before 2 January 1900 or after today", (values[0],))] == lost(
        intake, "date_of_birth"
    )


@pytest.mark.parametrize(
    ("values", "second", "said"),
    [
        (
            ["03/04/1990", "25/12/1990"],
            dt.date(1990, 4, 3),
            "day first (dates that settle it: 1; against it: 0)",
        ),
        (
            ["03/04/1990", "12/25/1990"],
            dt.date(1990, 3, 4),
            "month first (dates that settle it: 1; against it: 0)",
        ),
        (
            ["03/04/1990", "12-25-1990", "12-26-1990", "27-12-1990"],
            dt.date(1990, 3, 4),
            "month first (dates that settle it: 2; against it: 1)",
        ),
        (
            ["13/04/1990", "1990-12-25"],
            dt.date(1990, 4, 13),
            "year first (1 date); day first (dates that settle it: 1; against it: 0)",
        ),
        (["1990-04-03", "1990-12-25"], dt.date(1990, 4, 3), "year first (2 dates)"),
    ],
)
def test_day_and_month_are_settled_once_a_column(tmp_path, values, second, said):
    """By numbers over 12, which is told. No value is read its own way."""
    found, intake = column(tmp_path, "date_of_birth", values, intake=True)
    assert second == found[0]
    assert intake.order.startswith(said)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (["03/04/1990", "05/05/1990"], "1 date that can be read day first or month first"),
        (["03/04/1990", "1990-12-25"], "such as '03/04/1990', and none that settles it"),
        (["13/04/1990", "12/25/1990"], "as many dates that must be day first as month first"),
    ],
)
def test_dates_that_nothing_settles_are_refused_until_the_user_says(tmp_path, values, reason):
    """The message says what to say; then that counts, and is told."""
    with pytest.raises(DatasetError, match=f'column date_of_birth .*{reason}.* "month first"'):
        column(tmp_path, "date_of_birth", values)
    for said in ("day first", "month first"):
        found, intake = column(tmp_path, "date_of_birth", values, intake=True, dates=said)
        assert f"{said}, as you say" == intake.order
        if values[0] == "03/04/1990":
            assert dt.date(1990, *((4, 3) if said == "day first" else (3, 4))) == found[0]


@pytest.mark.parametrize(
    ("said", "written", "expected"),
    [
        ("%d.%m.%y", "01.02.90", BIRTH),
        ("%m-%d-%Y", "02-01-1990", BIRTH),
        ("%d %B %Y", "1 February 1990", BIRTH),
        ("%d/%m/%y", "01/02/55", dt.date(1955, 2, 1)),
    ],
)
def test_a_format_that_the_user_names_counts_alone(tmp_path, said, written, expected):
    """Two digits of a year are of a day that has been."""
    values = [written, "1990-02-01 or so"]
    found, intake = column(tmp_path, "date_of_birth", values, intake=True, dates=said)
    assert [expected, None] == found
    assert [(1, "no dates of the format that you say", (values[1],))] == lost(
        intake, "date_of_birth"
    )


@pytest.mark.parametrize("said", ["day", "%d", "%q%d%m%Y", "%d'%m'%Y", "%Y-%m"])
def test_what_is_no_format_of_dates_is_refused(said):
    """Before anything is read."""
    with pytest.raises(ValueError, match='say "day first", "month first", or a format'):
        Files(left={"file": "x.csv", "dates": said}, truth="t.csv")


def test_a_date_against_the_order_of_its_column_is_lost_and_told(tmp_path):
    """25 December stands month first in a column that is day first."""
    values = ["13/04/1990", "14/04/1990", "12/25/1990"]
    found, intake = column(tmp_path, "date_of_birth", values, intake=True)
    assert [dt.date(1990, 4, 13), dt.date(1990, 4, 14), None] == found
    assert [("12/25/1990",)] == [examples for _, _, examples in lost(intake, "date_of_birth")]


@pytest.mark.parametrize(
    ("field", "values", "reason"),
    [
        ("date_of_birth", ["01/02/90", "x2"], "write dates such as 1990-02-01"),
        ("date_of_birth", ["32905", "unknown"], "32905"),
        ("sex", ["Mx", "Fluid"], "Write one of F, FEMALE"),
        ("nhs_number", ["123", ""], "not ten digits with the right check digit"),
        ("telephone", ["555 1234", "555 1235"], "no British numbers"),
        ("upn", ["A1", "B2"], "no permanent numbers"),
    ],
)
def test_a_column_of_which_nothing_is_read_is_refused(tmp_path, field, values, reason):
    """The message names file and column, and says how to mend it."""
    with pytest.raises(DatasetError, match=f"(?i)records.csv .*column {field} .*{reason}"):
        column(tmp_path, field, values)


def test_a_column_that_says_it_knows_nothing_is_no_fault(tmp_path):
    """UNKNOWN throughout is missing, and told."""
    found, intake = column(tmp_path, "nhs_number", ["UNKNOWN", "n/k"], intake=True)
    assert [None, None] == found
    assert [(2, "they say so themselves", ("UNKNOWN", "n/k"))] == lost(intake, "nhs_number")


@pytest.mark.parametrize(
    ("field", "one", "other", "clean"),
    [
        ("surname", "O'Brien", "OBrien", "OBRIEN"),
        ("surname", "D\u2019Arcy", "d'arcy", "DARCY"),
        ("forename", "Łukasz", "LUKASZ", "LUKASZ"),
        ("forename", "Дмитро", "ДМИТРО", "ДМИТРО"),
        ("nhs_number", "943 476 5919", "9434765919", "9434765919"),
        ("postcode", "CF478AA", "cf47 8aa", "CF47 8AA"),
        ("telephone", "+44 7700 900123", "07700 900123", "07700900123"),
        ("sex", "Woman", "f", "F"),
        ("sex", "1", "male", "M"),
        ("upn", "Z-9990-00000001-5", "z999000000001 5", None),
    ],
)
def test_own_data_are_cleaned_as_our_systems_are(tmp_path, field, one, other, clean):
    """Two ways to write a value come out the same."""
    if field == "upn":
        clean = _upn()
        one, other = clean, f" {clean[0].lower()} {clean[1:]}"
    assert [clean, clean] == column(tmp_path, field, [one, other])


def _upn():
    from darkfigure.synth.core.identifiers import upns

    return upns(680, 9990, entry_year=18, serial=[1])[0].as_py()


@pytest.mark.parametrize(
    ("field", "value", "good", "why"),
    [
        ("sex", "Mx", "F", "no known words or codes for female or male"),
        ("sex", "Fluid", "F", "no known words or codes for female or male"),
        ("sex", "U", "F", "they say so themselves"),
        ("postcode", "ZZ99 3VZ", "CF47 8AA", "they say so themselves"),
        ("postcode", "NK", "CF47 8AA", "they say so themselves"),
        ("nhs_number", "9434765918", "9434765919", "not ten digits with the right check"),
        ("surname", "n/k", "Jones", "they say so themselves"),
        ("surname", "\N{BUTTERFLY}", "Jones", "no letters or digits"),
    ],
)
def test_what_becomes_missing_is_counted(tmp_path, field, value, good, why):
    """Why, how many, and which; what was blank before is not."""
    found, intake = column(tmp_path, field, [value, good, "", value], intake=True)
    assert 3 == found.count(None)
    ((n, reason, examples),) = lost(intake, field)
    assert (2, (value,)) == (n, examples)
    assert reason.startswith(why)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),
    ],
    ids=["utf-8", "utf-16", "utf-16-be", "utf-32", "utf-8 of Windows"],
)
def test_byte_order_marks_are_no_part_of_a_name(tmp_path, encode):
    """Ids of the first column stay text: 010 and 10 are two records."""
    records = encode("record_id,surname\n010,Siân\n10,Łukasz\n")
    found = read(tmp_path, records, encode("left_id,right_id\n010,10\n"))
    assert ["LUKASZ", "SIAN"] == sorted(found.left["surname"].to_pylist())
    assert 1 == len(set(found.left_persons.tolist()))


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", ""),
        ("utf-16-le", "read as UTF-16-LE"),
        ("utf-16-be", "read as UTF-16-BE"),
        ("latin-1", "no UTF-8, so read as Windows-1252 (Latin-1), such as 'Siân', 'Müller'"),
        ("cp1252", "no UTF-8, so read as Windows-1252 (Latin-1), such as 'Siân', 'Müller'"),
    ],
)
@pytest.mark.parametrize(
    ("separator", "parted"),
    [(",", ""), (";", "columns parted by semicolons"), ("\t", "columns parted by tabs")],
)
def test_encodings_and_separators_are_found_and_told(tmp_path, encoding, told, separator, parted):
    """Of files as spreadsheets of several countries write them; the manifest has no names."""
    text = "record_id,forename,surname\n001,Siân,Müller\n".replace(",", separator)
    found = read(tmp_path, text.encode(encoding))
    assert ["Siân"] == found.left["forename_written"].to_pylist()
    assert ["001"] == found.left["record_id"].to_pylist()
    assert "; ".join(filter(None, (told, parted))) == found.intake[0].manner
    assert "Siân" not in str(found.intake[0].described())


def test_an_encoding_that_the_user_says_counts(tmp_path):
    """ISO 8859-2 cannot be told from Windows-1252 by its bytes; a wrong word is refused."""
    text = "record_id,surname\n1,Wałęsa\n".encode("iso-8859-2")
    found = read(tmp_path, text, encoding="iso-8859-2")
    assert ["Wałęsa"] == found.left["surname_written"].to_pylist()
    with pytest.raises(DatasetError, match="there is no encoding 'latin-99'; say one such as"):
        read(tmp_path, text, encoding="latin-99")
    with pytest.raises(DatasetError, match="line 2, column surname, is no text in ascii"):
        read(tmp_path, text, encoding="ascii")


NEAR = """Record ID,Last Name,first_name,DOB,gender,zip,phone,ward
01,Jones,Siân,1990-02-01,F,1,07700900123,W
"""


def test_near_names_are_read_and_told(tmp_path):
    """The header of nearly every data set but ours; what is no field is passed on."""
    found = read(tmp_path, NEAR)
    assert ["JONES", "SIAN", BIRTH, "F"] == [
        found.left[name][0].as_py() for name in ("surname", "forename", "date_of_birth", "sex")
    ]
    assert ["W"] == found.left["ward"].to_pylist()
    assert (
        "read: record_id (from Record ID), surname (from Last Name), forename (from first_name), "
        "sex (from gender), date_of_birth (from DOB), postcode (from zip), telephone (from phone); "
        "passed on as they are: ward"
    ) in found.intake[0].say()[0]


def test_the_suite_says_which_column_is_which(tmp_path):
    """Its word goes before names; "" keeps a column from being taken for a field."""
    said = {"surname": "ward", "postcode": "", "record_id": "phone"}
    found = read(tmp_path, NEAR, columns=said)
    assert ("W", None, "07700900123") == tuple(
        found.left[name][0].as_py() for name in ("surname", "postcode", "record_id")
    )
    assert ("Record ID", "Last Name", "zip") == found.intake[0].passed_on


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            {"surname": "nachname"},
            "has no column nachname, which `columns` names; it has Rec",
        ),
        ({"surname": "ward", "town": "ward"}, "has one column for two fields in `columns`: ward"),
    ],
)
def test_a_wrong_map_of_columns_is_refused(tmp_path, said, reason):
    """With the columns that there are."""
    with pytest.raises(DatasetError, match=reason):
        read(tmp_path, NEAR, columns=said)


def test_a_map_names_linkage_fields():
    """A typing error in a field is told with the fields."""
    with pytest.raises(ValueError, match=r"surnam: no linkage field; write field = .*forename"):
        Files(left={"file": "x.csv", "columns": {"surnam": "a"}}, truth="t.csv")


def test_values_reach_linkers_as_written_too(tmp_path):
    """Any script, digits and types; blanks are null, and the cleaned value stands beside."""
    names = ["Łukasz Wałęsa", "Großmann", "محمد", "Ελένη", ""]
    table = pa.table(
        {
            "record_id": [f"0{number}" for number in range(5)],
            "surname": names,
            "dose": [1.5, 2.0, None, 3.0, 4.0],
            "note": ["", " x ", None, "y", "z"],
            "source": ["ed", "gp", "", "ed", "ed"],
            "tags": [["a"]] * 5,
        }
    )
    found = read(tmp_path, table)
    assert [*names[:4], None] == found.left["surname_written"].to_pylist()
    assert ["LUKASZ WALESA", "GROSSMANN", "محمد", "ΕΛΕΝΗ", None] == (
        found.left["surname"].to_pylist()
    )
    assert table["dose"].to_pylist() == found.left["dose"].to_pylist()
    assert [None, "x", None, "y", "z"] == found.left["note"].to_pylist()
    assert ["ed", "gp", None, "ed", "ed"] == found.left["source"].to_pylist()
    assert table["record_id"].to_pylist() == found.left["record_id"].to_pylist()
    assert {"tags": "it holds list<element: string>"} == found.intake[0].left_out
    assert (
        "surname: 3 values are in plain letters, such as 'Großmann' as 'GROSSMANN'; "
        "surname_written keeps them"
    ) in "\n".join(found.intake[0].say())


def test_truth_may_come_as_clusters(tmp_path):
    """Of one file: all pairs of a cluster; a record without one is alone."""
    rows = "record_id,surname\n01,A\n02,A\n03,A\n04,B\n05,C\n"
    found = read(tmp_path, rows, "id,cluster\n01,x\n02,x\n03,x\n04,\n05,\n")
    assert 3 == len(set(found.left_persons.tolist()))
    assert 1 == len(set(found.left_persons[:3].tolist()))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_links_may_begin_with_a_byte_order_mark(tmp_path, encoding):
    """And their ids are text, as is every other column but the score."""
    text = "left_id,right_id,score,status\n010,1,0.5,01\n10,2,NA,2\n"
    (tmp_path / "links.csv").write_text(text, encoding=encoding)
    links = read_links(tmp_path / "links.csv")
    assert ["010", "10"] == links["left_id"].to_pylist()
    assert ["1", "2"] == links["right_id"].to_pylist()
    assert [0.5, None] == links["score"].to_pylist()
    assert ["01", "2"] == links["status"].to_pylist()


NAMES = pa.table({"record_id": ["1"], "surname": ["A"]})


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ("record_id,surname\n1,A\n1,B\n2,C\n", "a record_id more than once: '1'; give each"),
        ("record_id,surname\nx,A\n x ,B\n", "a record_id more than once: 'x'"),
        ("record_id,surname\n1,A\n,B\n  ,C\n", "a blank record_id in 2 of its rows: 2, 3"),
        (
            pa.table({"record_id": [1, None, 3], "surname": ["A", "B", "C"]}),
            "a blank record_id in 1 of its rows: 2",
        ),
        ("record_id,surname,surname\n1,A,B\n", "more than one column surname; give each"),
        ("record_id,surname, surname\n1,A,B\n", "more than one column surname; give each"),
        ("record_id,Nachname,born\n1,A,B\n", "no column that linkers know; .*Nachname, born"),
        ("code,surname\n1,A\n", 'no column record_id; it has code, surname. .*record_id = "..."'),
        ("", "no column record_id; it has none"),
        ("record_id,sur", "no column that linkers know; it has record_id, sur"),
        (",".join(map(str, range(999))), r"0, 1, 2, .*\.\.\. \(999 in all\)"),
        ("x" * 200_000, "its first line, of 200,000 characters, is no header"),
        (b"PAR1 and no more", "cannot be read: .*; save it again as CSV or Parquet, whole"),
        (b"record_id,surname\n1,A\n2,Si\x81n\n", "line 3, column surname, .*nor in Windows-1252"),
        (b"record_id;surname\n1;Si\x81n\n", "line 2, column surname, .*nor in Windows-1252"),
        (b"record_id,surname\n1,\x00A\n2,\x00\x00", "holds NUL bytes and is no UTF-16; save it"),
        ("record_id,surname\n".encode("utf-16") + b"A", "begins as UTF-16 does"),
        ("record_id,surname\n1,A,B\n", "cannot be read: .*Expected 2 columns, got 3"),
        (NAMES.set_column(1, "surname", pa.array([["A"]])), "in column surname list<"),
        (NAMES.set_column(1, "surname", pa.array([{"a": 1}])), "in column surname struct<"),
        (NAMES.set_column(1, "surname", pa.array([b"\xff"])), "in column surname binary"),
        (NAMES.set_column(0, "record_id", pa.array([["1"]])), "in column record_id list<"),
    ],
    ids=lambda value: "" if not isinstance(value, str) else value[:30].replace("\n", " "),
)
def test_files_that_nobody_can_read_right_are_refused(tmp_path, records, reason):
    """A sentence names the file, the column or id, and how to mend it."""
    with pytest.raises(DatasetError, match=f"records.csv .*{reason}"):
        read(tmp_path, records)


@pytest.mark.parametrize(
    ("truth", "reason"),
    [
        ("left_id,left_id,right_id\n1,1,2\n", "more than one column left_id"),
        ("left_id,right_id\n1,\n", "a blank right_id in 1 of its rows: 1"),
        ("left_id,right_id\n1,77\n1,78\n", "names 2 records that .*records.csv lacks"),
        ("left_id,right_id\n1,Siân\n".encode("latin-1"), "names a record that .* such as 'Siân'"),
        (pa.table({"left_id": [["1"]], "right_id": ["2"]}), "in column left_id list<"),
        ("record_id,cluster_id\n1,x\n1,y\n", "puts 1 records into more than one row, such as '1'"),
        ("record_id,cluster_id\n1,x\n7,x\n", "names a record that .* such as '7'"),
    ],
    ids=["twice", "blank", "unknown", "Latin-1", "list", "clusters twice", "clusters unknown"],
)
def test_truths_that_nobody_can_read_right_are_refused(tmp_path, truth, reason):
    """The same of the file that says who is who."""
    with pytest.raises(DatasetError, match=f"truth.csv .*{reason}"):
        read(tmp_path, "record_id,surname\n1,A\n2,B\n", truth)


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ("left_id,left_id,right_id\n1,1,2\n", "more than one column left_id"),
        (b"left_id,right_id\n1,\x81\n", "line 2, column right_id, .*Windows-1252"),
        (b"left_id,right_id\n1,\x002\n\x00", "holds NUL bytes"),
        (pa.table({"left_id": [["1"]], "right_id": ["2"]}), "in column left_id list<"),
    ],
    ids=["twice", "undefined", "NUL", "list"],
)
def test_links_that_nobody_can_read_right_are_refused(tmp_path, links, reason):
    """The same of links, with the columns that there should be."""
    file = tmp_path / "links.csv"
    if isinstance(links, pa.Table):
        pq.write_table(links, file)
    else:
        file.write_bytes(links if isinstance(links, bytes) else links.encode())
    with pytest.raises(LinksError, match=f"links.csv .*{reason}.* Write columns left_id"):
        read_links(file)


def test_blanks_after_commas_are_no_part_of_names_and_values(tmp_path):
    """In records, truth and links."""
    found = read(
        tmp_path,
        "record_id, surname, date_of_birth\na, Jones, 1990-02-01\nb, Evans , 01/02/1990\n",
        "left_id, right_id\na, b\n",
        dates="day first",
    )
    assert ["EVANS", "JONES"] == sorted(found.left["surname"].to_pylist())
    assert [BIRTH, BIRTH] == found.left["date_of_birth"].to_pylist()
    assert 1 == len(set(found.left_persons.tolist()))
    (tmp_path / "links.csv").write_text("left_id, right_id, score\na, b, 0.5\n")
    assert [("a", "b", 0.5)] == [
        tuple(row.values()) for row in read_links(tmp_path / "links.csv").to_pylist()
    ]


def test_other_usual_files_are_read(tmp_path):
    """Lines within quotes, columns nobody needs, bytes for text, gzip."""
    text = 'x,record_id,street,\n1,a,"1 High St,\nTown",\n2,b,Mill Lane,\n'
    found = read(tmp_path, text)
    assert ["1 HIGH ST TOWN", "MILL LANE"] == sorted(found.left["street"].to_pylist())
    assert (("x",), {"(no name)": "it has no name"}) == (
        found.intake[0].passed_on,
        found.intake[0].left_out,
    )
    (tmp_path / "links.csv.gz").write_bytes(gzip.compress(b"left_id,right_id\n01,2\n"))
    assert ["01"] == read_links(tmp_path / "links.csv.gz")["left_id"].to_pylist()
    table = pa.table({"record_id": ["1"], "surname": pa.array([b"Evans"])})
    assert ["EVANS"] == read(tmp_path, table).left["surname"].to_pylist()


def test_a_missing_file_and_a_link_to_itself_are_refused(tmp_path):
    """The message says where paths begin."""
    (tmp_path / "turn.csv").symlink_to("turn.csv")
    for name in ("nowhere.csv", "turn.csv"):
        files = Files(left=str(tmp_path / name), right=str(tmp_path / "other.csv"))
        with pytest.raises(
            DatasetError, match=f"{name} cannot be read: .*where the command starts"
        ):
            foreign.read(DataSource(name="mine", files=files))


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    """Nobody may ever write to it."""
    os.mkfifo(tmp_path / "records.csv")
    with pytest.raises(ValueError, match="is a pipe or a device"):
        read_file(tmp_path / "records.csv")


def test_one_file_on_both_sides_is_refused(tmp_path):
    """Each record would be linked to itself."""
    (tmp_path / "one.csv").write_text("record_id,surname\n1,A\n")
    (tmp_path / "t.csv").write_text("left_id,right_id\n")
    names = {"left": "one.csv", "right": "./one.csv", "truth": "t.csv"}
    with pytest.raises(ValueError, match="left and right are one file"):
        Files(**{name: str(tmp_path / file) for name, file in names.items()})


HEADER = "record_id,forename,surname,sex,date_of_birth,nhs_number\n"
OURS = """1,Łukasz,O'Brien,Man,1990-02-01T00:00:00Z,943 476 5919
2,Наталя,Шевченко,f,25/04/1985,943 476 5870
"""
THEIRS = """1,LUKASZ,OBrien,1,1990.02.01,9434765919
2,НАТАЛЯ,ШЕВЧЕНКО,woman,1985-04-25,9434765870
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A suite of two files that write the same people in two ways, and the folder."""
    monkeypatch.chdir(tmp_path)
    for name, rows in (("left", OURS), ("right", THEIRS)):
        (tmp_path / f"{name}.csv").write_text(HEADER + rows, encoding="utf-8-sig")
    (tmp_path / "truth.csv").write_text("left_id,right_id\n1,1\n2,2\n")
    files = '{ left = "left.csv", right = "right.csv", truth = "truth.csv" }'
    (tmp_path / "own.toml").write_text(
        f'title = "Ours"\nscenarios = [{{ name = "ours", files = {files} }}]\nlinkers = ["exact"]\n'
    )
    return tmp_path


def test_the_same_people_written_in_two_ways_are_all_found(own):
    """Recall 1; the run's manifest holds what was read and what was lost."""
    names = {name: f"{name}.csv" for name in ("left", "right", "truth")}
    (own / "left.csv").write_text((own / "left.csv").read_text() + "3,Ann,n/k,F,01/02/90,\n")
    said = {
        "name": "ours",
        "title": "Ours",
        "scenarios": [{"name": "ours", "files": names}],
        "linkers": ["exact", "stepwise", "hashed-nhs"],
    }
    run = run_suite(build(Suite, said, "suite"), own / "out")
    recall = run.measurements.filter(pc.equal(run.measurements["metric"], "recall"))
    assert [1.0, 1.0, 1.0] == recall["value"].to_pylist()
    left, right = run.manifest["datasets"]["ours-1"]["intake"]
    assert ("left.csv", 3, "right.csv", 2) == (
        *(left["file"], left["n_records"]),
        *(right["file"], right["n_records"]),
    )
    assert [("surname", 1), ("date_of_birth", 1)] == [
        (one["field"], one["n"]) for one in left["lost"]
    ]
    # Values of people who exist have no business in a file that is passed on.
    assert "01/02/90" not in (own / "out/manifest.json").read_text()
    assert [] == right["lost"]


@pytest.mark.usefixtures("own")
def test_the_command_tells_what_was_read():
    """On standard error, a line a file and one for what it is well to know; not if quiet."""
    told = CliRunner().invoke(app, ["run", "own.toml", "--out", "out", "--json"])
    assert 0 == told.exit_code
    assert [
        "left.csv: 2 records; read: surname, forename, sex, date_of_birth, nhs_number",
        "  date_of_birth: year first (1 date); day first (dates that settle it: 1; against it: 0)",
        "  forename: 1 value is in plain letters, such as 'Łukasz' as 'LUKASZ'; forename_written",
    ] == [line.removesuffix(" keeps them") for line in told.stderr.splitlines()[:3]]
    quiet = CliRunner().invoke(app, ["run", "own.toml", "--out", "out", "-q"])
    assert (0, "") == (quiet.exit_code, quiet.stderr)


def test_the_command_refuses_before_it_works(own):
    """A broken file is named at once, and no folder is made."""
    (own / "right.csv").write_text("record_id,surname\n1,A\n1,B\n")
    told = CliRunner().invoke(app, ["run", "own.toml", "--out", "out"])
    assert "right.csv gives a record_id more than once: '1'" in str(told.exception)
    assert not (own / "out").exists()


def test_a_wrong_key_of_a_file_is_told_with_the_right_ones(own):
    """The keys of a file of records, not those of a suite."""
    text = (own / "own.toml").read_text().replace('"left.csv"', '{ file = "left.csv", date = "x" }')
    (own / "own.toml").write_text(text)
    told = CliRunner().invoke(app, ["run", "own.toml", "--out", "out"])
    assert "left.date: unknown key; did you mean 'dates'?" in str(told.exception)

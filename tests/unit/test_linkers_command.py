"""Any command line is a linker."""

import sys

import pytest
from tiny_world import records

from darkfigure.linkage_eval.linkers.command import Command, CommandError

LEFT = records({"record_id": "a", "surname": "JONES"}, {"record_id": "b", "surname": "EVANS"})
RIGHT = records({"record_id": "x", "surname": "EVANS"})


def command(folder, code, files="{left} {right} {out}"):
    """Make a linker of a script in this Python."""
    script = folder / "link.py"
    script.write_text(f"import sys\nleft, right, out = sys.argv[1:4]\n{code}\n")
    return Command(f"{sys.executable} '{script}' {files}")


def test_a_command_may_read_and_write_csv(tmp_path):
    """CSV in, CSV out, as a script of any language can."""
    code = """
import csv
rights = {row["surname"]: row["record_id"] for row in csv.DictReader(open(right))}
with open(out, "w") as file:
    print("left_id,right_id,score", file=file)
    for row in csv.DictReader(open(left)):
        if row["surname"] in rights:
            print(row["record_id"], rights[row["surname"]], 0.5, sep=",", file=file)
"""
    linker = command(tmp_path, code, "{left_csv} {right_csv} {out}")
    found = linker.link(LEFT, RIGHT, seed=1)
    assert [{"left_id": "b", "right_id": "x", "score": 0.5}] == found.to_pylist()


def test_a_command_may_read_and_write_parquet(tmp_path):
    """Parquet in, Parquet out."""
    code = """
import pyarrow.parquet as pq
table = pq.read_table(left).rename_columns({"record_id": "left_id"})
pq.write_table(table.append_column("right_id", table["left_id"]), out)
"""
    found = command(tmp_path, code).link(LEFT, RIGHT, seed=1)
    assert ["a", "b"] == found["right_id"].to_pylist()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("sys.exit('no such column')", "ended with exit code 1: no such column"),
        ("pass", "wrote no proper links: there is no {out}"),
        ("open(out, 'w').write('a,b\\n')", "wrote no proper links: .*no column left_id"),
    ],
)
def test_a_command_that_fails_says_why(tmp_path, code, reason):
    """Its exit code and last words, or what is wrong with what it wrote."""
    with pytest.raises(CommandError, match=reason):
        command(tmp_path, code).link(LEFT, RIGHT, seed=1)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("no-such-program {left}", "`no-such-program` cannot be started: No such file"),
        ("cat {lift}", "cannot be understood: 'lift'; placeholders are {left}"),
        ("cat '{left}", "cannot be understood: No closing quotation"),
    ],
)
def test_an_improper_command_is_refused(line, reason):
    """A program that is not there, or a placeholder that means nothing."""
    with pytest.raises(CommandError, match=reason):
        Command(line).link(LEFT, RIGHT, seed=1)

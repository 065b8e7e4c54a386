"""The gate for changes: what got worse is found and named, what did not passes."""

import json
import shutil
import sys
from dataclasses import replace
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tiny_suite import make_tiny, tiny_suite

from darkfigure.linkage_eval.gate import (
    compare_runs,
    load_tolerances,
    read_side,
    to_junit,
    to_markdown,
    write_baseline,
)
from darkfigure.linkage_eval.gate.tolerances import Losses, Tolerances
from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.runs.run import read_run
from darkfigure.reports.cli import main
from darkfigure.synth.core.errors import DatasetError, SpecError

LINKS = "links/tiny-clear-ed_police-{}-1.parquet"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of two linkers on the tiny world."""
    suite = tiny_suite(["exact", {"name": "exact", "label": "second"}])
    out = tmp_path_factory.mktemp("gate") / "run"
    return run_suite(suite, out, make=make_tiny).path


@pytest.fixture
def changed(run, tmp_path):
    """A copy of the run in which one linker lost all but one of its links."""
    copy = tmp_path / "changed"
    shutil.copytree(run, copy)
    alter(copy, "exact", lambda links: links.slice(0, 1))
    return copy


def alter(run, linker, change):
    """Change the stored links of a linker."""
    file = run / LINKS.format(linker)
    pq.write_table(change(pq.ParquetFile(file).read()), file)


def verdicts(gate, linker):
    """Give the verdict on each measure of a linker."""
    return {one.measure: one.verdict for one in gate.checks if one.linker == linker}


@pytest.fixture
def darkfigure(capsys, monkeypatch):
    """Run the command in this process: give its exit code, output and messages."""

    def run_command(*words):
        monkeypatch.setattr(sys, "argv", ["darkfigure", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code, stdout=said.out, stderr=said.err)

    return run_command


def test_the_same_run_is_the_same(run):
    """Nothing flips, nothing is worse, and quick linkers are not judged by their time."""
    gate = compare_runs(run, run)
    assert gate.passed
    assert () == gate.flips
    found = verdicts(gate, "exact")
    assert {"same"} == {found[name] for name in ("precision", "recall", "f1", "f_star", "status")}
    assert "not judged" == found["cpu_ratio"]


def test_lost_links_are_named_with_person_fault_and_group(run, changed):
    """E2-N1, E3-N3 and E6-N5 are lost; E3's postcode was out of date; three people, one male."""
    gate = compare_runs(run, changed)
    assert {"E2", "E3", "E6"} == {flip.left_id for flip in gate.flips}
    assert {"lost"} == {flip.what for flip in gate.flips}
    assert {1, 2, 5} == {flip.person_id for flip in gate.flips}
    counts = {(one.by, one.name): one.n_pairs for one in gate.tallies()}
    assert 3 == counts["all", "all"]
    assert 1 == counts["sex", "M"]
    assert 1 == counts["cause", "stale postcode"]
    expected = {(one.by, one.name): one.n_expected for one in gate.tallies()}
    # One of the seven true pairs has a stale postcode: of three lost, 3 / 7 would by chance.
    assert pytest.approx(3 / 7) == expected["cause", "stale postcode"]


def test_several_suites_have_one_verdict(run, changed, darkfigure):
    """Their checks stand together and share the chance of a false alarm; one refuses all."""
    alone = compare_runs(run, changed)
    strict, lenient = (
        compare_runs(run, run, Tolerances(alpha=alpha, accuracy=Losses(recall=0.0)), further=pairs)
        for alpha, pairs in ((1e-9, [(run, changed)]), (0.05, [(run, changed)]))
    )
    assert strict.passed
    assert not lenient.passed
    assert len(alone.flips) == len(lenient.flips) > 0
    assert {"exact"} == {check.linker for check in lenient.bad}
    assert 2 == darkfigure("compare", run, run, run).returncode
    assert 0 == darkfigure("compare", run, run, run, run).returncode


def test_the_other_way_round_they_are_gained(run, changed):
    """Comparing backwards changes the name and nothing else."""
    gate = compare_runs(changed, run)
    assert {"gained"} == {flip.what for flip in gate.flips}
    assert gate.passed


def test_false_links_are_flips_too(run, changed):
    """A link between strangers is new on one side and gone on the other."""
    wrong = pa.table({"left_id": ["E4"], "right_id": ["N1"], "score": [1.0]})

    def add(links):
        return pa.concat_tables(
            [links.replace_schema_metadata(None), wrong]
        ).replace_schema_metadata(links.schema.metadata)

    alter(changed, "second", add)
    new, gone = compare_runs(run, changed), compare_runs(changed, run)
    assert [("E4", "N1")] == [
        (one.left_id, one.right_id) for one in new.flips if one.what == "new false link"
    ]
    assert 1 == sum(one.what == "false link gone" for one in gone.flips)


def test_a_baseline_file_says_what_the_run_says(run, changed, tmp_path):
    """From the folder or from the file, the comparison is the same but for its name."""
    file = tmp_path / "baseline.parquet"
    write_baseline(run, file)
    from_file, from_run = compare_runs(file, changed).plain(), compare_runs(run, changed).plain()
    assert from_run.pop("baseline") != from_file.pop("baseline")
    assert from_run == from_file


def test_worlds_are_taken_from_whichever_run_has_them(run, changed):
    """Their folder may be deleted from one run, not from both."""
    shutil.rmtree(changed / "datasets")
    assert compare_runs(run, changed).flips
    bare = read_side(changed)
    with pytest.raises(DatasetError):
        compare_runs(bare, changed)


def test_a_failure_is_worse_than_any_links(run, changed):
    """A linker that no longer answers, or was left out, fails the gate with its reason."""
    timings = read_run(changed).timings.to_pylist()
    timings[0]["status"] = "crashed: KeyError: 'x'"
    table = read_run(changed).timings
    pq.write_table(type(table).from_pylist(timings, table.schema), changed / "timings.parquet")
    bad = [one for one in compare_runs(run, changed).bad if one.measure == "status"]
    assert ["crashed: KeyError: 'x' (seed 1)"] == [one.reason for one in bad]
    pq.write_table(type(table).from_pylist(timings[1:], table.schema), changed / "timings.parquet")
    bad = [one for one in compare_runs(run, changed).bad if one.measure == "status"]
    assert ["the candidate did not run it (seed 1)"] == [one.reason for one in bad]


def test_other_data_are_refused(run, changed, darkfigure):
    """Runs of different worlds cannot be compared, and the message names the table."""
    manifest = json.loads((changed / "manifest.json").read_text())
    manifest["datasets"]["tiny-1"]["hashes"]["ed/attendances"] = "0"
    (changed / "manifest.json").write_text(json.dumps(manifest))
    done = darkfigure("compare", run, changed)
    assert 5 == done.returncode
    assert "not of the same data: tiny-1/ed/attendances" in done.stderr
    manifest["datasets"] = {}
    (changed / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DatasetError, match="holds no links of tiny-1"):
        compare_runs(run, changed)


def test_the_command_writes_what_ci_reads(run, tmp_path, darkfigure):
    """JUnit counts its cases, Markdown says the verdict, JSON holds the checks; exit code 0."""
    junit, markdown = tmp_path / "junit.xml", tmp_path / "summary.md"
    done = darkfigure("compare", run, run, "--junit", junit, "--markdown", markdown, "--json")
    assert 0 == done.returncode, done.stderr
    suite = ET.parse(junit).getroot()[0]  # noqa: S314, our own file
    assert str(len(suite.findall("testcase"))) == suite.get("tests")
    assert "0" == suite.get("failures")
    assert "## Linkage passed" in markdown.read_text()
    assert json.loads(done.stdout)["passed"] is True


def guard(run, *guards):
    """Let a run's manifest say what kept the truth closed."""
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["guards"] = guards
    (run / "manifest.json").write_text(json.dumps(manifest))


def test_trusted_linkers_are_told_wherever_the_verdict_is(run, tmp_path, darkfigure):
    """In the terminal, Markdown, JUnit and JSON; of the side, from its run or from its baseline."""
    before, after, kept = tmp_path / "before", tmp_path / "after", tmp_path / "kept.parquet"
    for copy, name in ((before, "landlock 7"), (after, "trusted")):
        shutil.copytree(run, copy)
        guard(copy, name)
    write_baseline(after, kept)
    said = "Trusted, not closed: nothing kept the linkers of {} from reading the truth."
    for baseline, candidate, sides in (
        (before, after, "candidate"),
        (kept, before, "baseline"),
        (kept, after, "baseline and candidate"),
    ):
        gate = compare_runs(baseline, candidate)
        for text in (to_markdown(gate), to_junit(gate)):
            assert said.format(sides) in text
        told = darkfigure("compare", baseline, candidate).stdout
        assert said.format(sides) in " ".join(told.split())
        assert sides.split(" and ") == gate.plain()["trusted"]
    closed = compare_runs(before, before)
    assert [] == closed.plain()["trusted"]
    assert "Trusted" not in to_markdown(closed) + to_junit(closed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[accuracy]\nrecal = 0.1", "did you mean 'recall'"),
        ("alpha = 2", "alpha = 2"),
        ("alpha = = 2", "not TOML"),
        (None, "cannot be read"),
    ],
)
def test_wrong_tolerances_are_refused(text, said, tmp_path):
    """A misspelt measure is answered with the nearest."""
    file = tmp_path / "tolerances.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SpecError, match=said):
        load_tolerances(file)


def test_a_file_changes_only_what_it_says(tmp_path):
    """The rest stays as packaged."""
    file = tmp_path / "tolerances.toml"
    file.write_text("[accuracy]\nrecall = 0.05\n")
    found = load_tolerances(file)
    assert (0.05, 0.002) == (found.accuracy.recall, found.accuracy.precision)
    assert load_tolerances().cost == found.cost


def test_neither_run_nor_baseline_is_refused(run, tmp_path, darkfigure):
    """Links of one linker are no baseline."""
    done = darkfigure("compare", run / LINKS.format("exact"), run)
    assert 5 == done.returncode
    assert "neither a run nor a baseline" in done.stderr
    assert 5 == darkfigure("baseline", tmp_path, "--out", tmp_path / "b.parquet").returncode


HOSTILE = "a|b [c](d) <img> *e* \x1b[31m"


def test_what_ci_reads_takes_names_for_names(run):
    """A label is neither Markdown nor HTML, and leaves XML that can be parsed."""
    gate = compare_runs(run, run)
    gate = replace(gate, checks=tuple(replace(one, linker=HOSTILE) for one in gate.checks))
    case = ET.fromstring(to_junit(gate).encode())[0][0]  # noqa: S314, our own
    assert HOSTILE.replace("\x1b", "\\x1b") == case.get("classname")
    cell = r"a\|b \[c\](d) \<img\> \*e\* \\x1b\[31m"
    assert f"| {cell} |" in to_markdown(gate)


@pytest.mark.parametrize(("given", "named"), [(99, "format 99"), (None, "an earlier format")])
def test_a_baseline_of_another_format_is_refused(run, tmp_path, darkfigure, given, named):
    """The message says which format it has, which is read, and how to make a new one."""
    file = tmp_path / "baseline.parquet"
    write_baseline(run, file)
    table = pq.ParquetFile(file).read()
    said = json.loads(table.schema.metadata[b"darkfigure-baseline"])
    assert 1 == said.pop("format")
    said |= {} if given is None else {"format": given}
    pq.write_table(table.replace_schema_metadata({b"darkfigure-baseline": json.dumps(said)}), file)
    done = darkfigure("compare", file, run)
    assert 5 == done.returncode
    assert f"{file} is a baseline of {named}" in done.stderr
    assert "reads format 1. Make one with `darkfigure baseline" in done.stderr


def rename(run, old, new):
    """Let a run call a linker by another name."""
    found = read_run(run)
    rows = found.timings.to_pylist()
    for row in rows:
        row["linker"] = new if row["linker"] == old else row["linker"]
    pq.write_table(pa.Table.from_pylist(rows, found.timings.schema), run / "timings.parquet")
    file = run / LINKS.format(old)
    links = pq.ParquetFile(file).read()
    cell = json.loads(links.schema.metadata[b"darkfigure"])
    cell["which"]["linker"] = new
    pq.write_table(links.replace_schema_metadata({b"darkfigure": json.dumps(cell)}), file)


def test_a_linker_that_was_renamed_is_told_as_such(run, changed):
    """It fails the gate, and the reason names the linker that is new and the label it needs."""
    rename(changed, "second", "third")
    (bad,) = [one for one in compare_runs(run, changed).bad if one.measure == "status"]
    assert "second" == bad.linker
    assert "did not run it (seed 1), but 'third', which the baseline does not know" in bad.reason
    assert "give it the label 'second', or make a new baseline" in bad.reason


def test_markdown_names_who_flipped(run, changed):
    """People, faults and groups stand in the summary of a pull request."""
    text = to_markdown(compare_runs(run, changed))
    assert "stale postcode" in text
    assert "| exact | lost | 1 | 1 | E2 | N1 |" in text

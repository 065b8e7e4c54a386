"""A run from suite to results on disk, with linkers that work and linkers that do not."""

import functools
import hashlib
import json

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tiny_suite import broken_in, make_tiny, tiny_suite
from tiny_world import write_world

from darkfigure import scenarios
from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.runs.results import Results
from darkfigure.linkage_eval.runs.run import read_run
from darkfigure.linkage_eval.runs.suite import DataSource, LinkerEntry, Task, load_suite
from darkfigure.linkage_eval.runs.tables import TABLES
from darkfigure.linkage_eval.runs.worlds import make_dataset
from darkfigure.linkage_eval.studies.link import link_dataset, write_links
from darkfigure.synth.core.errors import (
    DatasetError,
    LinkerError,
    OutputError,
    SpecError,
    UnknownNameError,
)
from darkfigure.synth.core.spec import build

SAME_EACH_TIME = ("measurements", "missed", "examples")


def two_linkers(folder, **changes):
    """Make a suite of the tiny world with one linker that works and one that does not."""
    return tiny_suite([broken_in(folder), "exact"], **{"seeds": [1, 2]} | changes)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run of the tiny suite, and the steps it told of."""
    folder = tmp_path_factory.mktemp("run")
    steps = []
    suite = two_linkers(folder)
    return run_suite(suite, folder / "out", progress=steps.append, make=make_tiny), steps


def rows(table, **where):
    """Give the rows of a table that have some values."""
    for column, value in where.items():
        table = table.filter(pc.equal(table[column], value))
    return table.to_pylist()


@pytest.mark.needs("landlock")
def test_results_have_their_schemas(run):
    """Every table is as `results.py` says."""
    found, _ = run
    for name, schema in TABLES.items():
        assert schema == getattr(found, name).schema


@pytest.mark.needs("landlock")
def test_the_first_world_is_held_against_what_is_published(run, village, tmp_path):
    """Its figures are kept with its name and seed, once; a world made by hand has none."""
    assert 0 == run[0].fidelity.num_rows
    results = Results(tmp_path)
    for _ in range(2):
        results.add_fidelity(village)
    (table,) = results.rows["fidelity"]
    assert TABLES["fidelity"] == table.schema
    assert {("merthyr", 1)} == {(row["scenario"], row["seed"]) for row in table.to_pylist()}


def test_a_world_of_usual_faults_is_judged(tmp_path):
    """Of several severities the one that systems' profiles state, else the first simulated."""
    assert 1 == load_suite("difficulty").judged.severity
    worlds = [{"name": "f", "foreign": "febrl4"}, {"name": "merthyr", "severity": 2}]
    suite = two_linkers(tmp_path, scenarios=worlds)
    assert 2 == suite.judged.severity


@pytest.mark.needs("landlock")
def test_exact_links_are_measured(run):
    """E1 and E2 agree with N1, E3 with N3, E6 with N5: four of seven pairs, none wrong."""
    found, _ = run
    where = {"linker": "exact", "stratum": "all", "seed": 1, "task": "ed-police"}
    recall, precision = (
        rows(found.measurements, metric=metric, **where)[0] for metric in ("recall", "precision")
    )
    assert (4 / 7, 7, "ok") == (recall["value"], recall["n"], recall["status"])
    assert (1.0, 4, "tiny") == (precision["value"], precision["n"], precision["scenario"])


@pytest.mark.needs("landlock")
def test_a_failed_linker_is_a_row_and_the_run_goes_on(run):
    """The reason stands in measurements and timings, and the next linker ran."""
    found, _ = run
    failed = rows(found.measurements, linker="broken", metric="f1", seed=1)
    assert ["crashed: RuntimeError: no luck"] == [row["status"] for row in failed]
    assert [None] == [row["value"] for row in failed]
    assert ["crashed: RuntimeError: no luck", "ok"] == [
        row["status"] for row in rows(found.timings, seed=2)
    ]


@pytest.mark.needs("landlock")
def test_links_are_kept_as_they_were_scored(run):
    """Each linker's pairs lie in a file of their own."""
    found, _ = run
    files = sorted(path.name for path in (found.path / "links").iterdir())
    assert [f"tiny-clear-ed_police-exact-{seed}.parquet" for seed in (1, 2)] == files
    table = pq.read_table(found.path / "links" / files[0])
    assert LINKS == table.schema
    assert 4 == table.num_rows


@pytest.mark.needs("landlock")
def test_progress_counts_to_the_end(run):
    """Two datasets and four cells are six steps."""
    _, steps = run
    assert [(number, 6) for number in range(1, 7)] == [(one.number, one.total) for one in steps]


@pytest.mark.needs("landlock")
def test_the_manifest_names_data_and_versions(run):
    """Suite, content hashes and versions; neither a path of the machine nor a clock."""
    found, _ = run
    assert "tiny" == found.manifest["suite"]["name"]
    assert {"tiny-1", "tiny-2"} == set(found.manifest["datasets"])
    assert 64 == len(found.manifest["datasets"]["tiny-1"]["hashes"]["ed/attendances"])
    assert {"python", "splink", "duckdb"} <= set(found.manifest["versions"])
    assert str(found.path) not in json.dumps(found.manifest)


@pytest.mark.needs("landlock")
def test_the_same_run_gives_the_same_bytes(tmp_path, run):
    """Another run elsewhere writes the same measurements, byte for byte."""
    found, _ = run
    again = run_suite(two_linkers(tmp_path), tmp_path / "out", make=make_tiny)

    def digest(path, name):
        return hashlib.sha256((path / f"{name}.parquet").read_bytes()).hexdigest()

    for name in SAME_EACH_TIME:
        assert digest(found.path, name) == digest(again.path, name)


@pytest.mark.needs("landlock")
def test_an_unwritable_folder_is_said(tmp_path):
    """A file where the folder should be: one clear error."""
    (tmp_path / "out").write_text("")
    elsewhere = functools.partial(make_tiny, folder=tmp_path / "data")

    def make(world, seed, _folder):
        return elsewhere(world, seed)

    with pytest.raises(OutputError, match="cannot be written"):
        run_suite(two_linkers(tmp_path), tmp_path / "out", make=make)


def test_a_folder_without_results_is_said(tmp_path):
    """Reading results where there are none says how to make them."""
    with pytest.raises(DatasetError, match="does not hold the results of a run"):
        read_run(tmp_path)


@pytest.mark.parametrize("name", scenarios.names("suites"))
def test_every_suite_of_the_library_loads(name):
    """Each shipped suite is well formed and names what exists."""
    suite = load_suite(name)
    assert name == suite.name
    assert suite.linkers


@pytest.mark.parametrize(
    ("changes", "error", "reason"),
    [
        ({"linkers": ["exact", "exact"]}, SpecError, "linkers named alike: exact"),
        ({"seeds": [1, 1]}, SpecError, "each given once"),
        ({"seed": [1]}, SpecError, "unknown key; did you mean 'seeds'"),
        ({"limits": {"seconds": 0}}, SpecError, "limits.seconds = 0"),
    ],
)
def test_an_improper_suite_is_refused(tmp_path, changes, error, reason):
    """What is wrong with a suite is said before anything runs."""
    with pytest.raises(error, match=reason):
        two_linkers(tmp_path, **changes)


def test_a_suite_of_unknown_linkers_is_refused(tmp_path):
    """A misspelt linker of a suite is found when the suite is read."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'title = "x"\nscenarios = [{ name = "merthyr" }]\nlinkers = ["splnk"]\n'
        'tasks = [{ left = "ed", right = "police" }]\n'
    )
    with pytest.raises(UnknownNameError, match="Did you mean 'splink'"):
        load_suite(str(file))


def test_options_stand_beside_the_name():
    """A linker of a suite takes its options inline, and is called after them."""
    linker = build(LinkerEntry, {"name": "splink", "threshold": 0.9}, "linker")
    assert {"threshold": 0.9} == linker.options
    assert "splink(threshold=0.9)" == linker.title
    assert linker == build(LinkerEntry, linker.model_dump(), "linker")


@pytest.mark.needs("landlock")
def test_one_linker_links_a_dataset(tmp_path):
    """The Python twin of `darkfigure link`."""
    dataset = write_world(tmp_path / "world")
    task = Task(left="ed", right="police")
    links = link_dataset(dataset, LinkerEntry(name="exact"), task)
    assert 4 == links.num_rows
    write_links(links, tmp_path / "links.csv")
    assert '"left_id","right_id","score"' == (tmp_path / "links.csv").read_text().split("\n")[0]
    with pytest.raises(LinkerError, match="The linker failed: `false` ended with exit code 1"):
        link_dataset(dataset, LinkerEntry(name="cmd: false"), task)


def test_a_dataset_is_used_again_until_it_is_altered(tmp_path):
    """The second time nothing is generated; after a change all is."""
    world = DataSource(name="merthyr", persons=300)
    first = make_dataset(world, 1, tmp_path)
    made = (first.path / "manifest.json").stat().st_mtime_ns
    assert made == (make_dataset(world, 1, tmp_path).path / "manifest.json").stat().st_mtime_ns
    (first.path / "ed" / "attendances.parquet").write_bytes(b"")
    again = make_dataset(world, 1, tmp_path)
    assert again.read("ed/attendances").num_rows > 0
    assert first.tables == again.tables

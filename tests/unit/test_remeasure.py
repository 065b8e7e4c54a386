"""Tasks within one table, decisions, supervision, and measuring a run again."""

import hashlib
import shutil

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tiny_suite import make_tiny, tiny_suite
from tiny_world import write_world

from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.linkers.engines import engine
from darkfigure.linkage_eval.links.truth import read_truth
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.runs.suite import Suite
from darkfigure.linkage_eval.runs.tables import TABLES
from darkfigure.linkage_eval.studies.remeasure import remeasure
from darkfigure.synth.core.errors import DatasetError, MissingExtraError, SpecError
from darkfigure.synth.core.spec import build

LINKERS = """
import pyarrow as pa


class Eager:
    name = "eager"
    gives_probability = True

    def block(self, left, right):
        from darkfigure.linkage_eval.linkers.blocking import candidate_pairs

        return candidate_pairs(left, right)

    def link(self, left, right, *, seed):
        pairs = self.block(left, right)
        ids = [side["record_id"].take(pa.array(rows)) for side, rows in
               ((left, pairs.left), (right, pairs.right))]
        return {"left_id": ids[0], "right_id": ids[1], "score": [0.75] * len(pairs.left)}


class Learner:
    name = "learner"
    known = None

    def fit(self, left, right, labelled):
        self.known = labelled.filter(labelled["same"]).drop_columns(["same"])

    def link(self, left, right, *, seed):
        return self.known
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of four linkers on three tasks, decided in three ways."""
    folder = tmp_path_factory.mktemp("run")
    file = folder / "mine.py"
    file.write_text(LINKERS)
    linkers = [
        "exact",
        {"name": f"{file}:Eager", "label": "eager"},
        {
            "name": f"{file}:Learner",
            "label": "learner",
            "supervision": {"labels": 4, "error_rate": 0.0},
        },
        {"name": f"{file}:Learner", "label": "untaught"},
    ]
    tasks = [
        {"left": "ed", "right": "police"},
        {"left": "police"},
        {"left": "ed", "right": "police", "kind": "events"},
    ]
    suite = tiny_suite(linkers, tasks=tasks, decisions=["none", "many-to-one", "components"])
    # The eager linker blocks with ours.
    return run_suite(suite, folder / "out", make=make_tiny, trusted=True)


def value(run, linker, metric, task="ed-police"):
    """Give one overall value."""
    found = run.measurements
    for column, wanted in (
        ("linker", linker),
        ("metric", metric),
        ("task", task),
        ("stratum", "all"),
    ):
        found = found.filter(pc.equal(found[column], wanted))
    return found["value"].to_pylist()[0]


def test_records_of_one_table_are_linked_once(run):
    """N1 and N2 are one person with two birth dates: one true pair, which exact misses."""
    assert 0.0 == value(run, "exact", "recall", "police")
    assert 1.0 == value(run, "eager", "recall", "police")
    assert 3 / 4 == value(run, "exact", "cluster_recall", "police")


def test_events_are_their_own_task(run):
    """Exact agreement in the time window finds E1 and E3 of three."""
    assert pytest.approx(2 / 3) == value(run, "exact", "recall", "ed-police-events")


def test_decisions_stand_beside_the_raw_links(run):
    """E1 keeps one of its two nominals; chained clusters give both back."""
    assert 1.0 == value(run, "eager", "recall")
    assert value(run, "eager + many-to-one", "recall") < 1.0
    assert 1.0 == value(run, "eager + components", "recall")


def test_candidates_and_probabilities_are_measured_where_told(run):
    """The eager linker tells what it compares, and that its scores are probabilities."""
    assert value(run, "eager", "pair_completeness") == value(run, "eager", "recall")
    assert value(run, "eager", "model_precision") == 0.75
    exact = run.measurements.filter(pc.equal(run.measurements["linker"], "exact"))
    assert not set(exact["metric"].to_pylist()) & {"pair_completeness", "brier"}


def test_labels_are_part_of_the_result(run):
    """Four labels, none wrong; without them a linker that learns is a row with its reason."""
    assert (4.0, 0.0) == (value(run, "learner", "labels"), value(run, "learner", "labels_wrong"))
    assert 1.0 == value(run, "learner", "precision")
    untaught = run.timings.filter(pc.equal(run.timings["linker"], "untaught"))
    assert all("learns from labels" in status for status in untaught["status"].to_pylist())


def test_every_two_linkers_are_compared(run):
    """Only those that answered; on each measure, who is best sums to 1."""
    task = run.best.filter(pc.equal(run.best["task"], "ed-police"))
    assert "untaught" not in task["linker"].to_pylist()
    said = run.differences.filter(pc.equal(run.differences["task"], "ed-police"))
    for metric in set(task["metric"].to_pylist()):
        best = task.filter(pc.equal(task["metric"], metric))
        assert pytest.approx(1.0) == sum(best["probability_best"].to_pylist())
        n = best.num_rows
        assert n * (n - 1) / 2 == pc.sum(pc.equal(said["metric"], metric)).as_py()


def digests(run):
    """Hash every table but timings."""
    return {
        name: hashlib.sha256((run.path / f"{name}.parquet").read_bytes()).hexdigest()
        for name in TABLES
        if name != "timings"
    }


def test_a_run_measured_again_is_the_same(run):
    """Every table byte for byte, from the stored links alone."""
    before = digests(run)
    assert before == digests(remeasure(run.path))


def test_altered_links_are_measured_as_they_are(run, tmp_path):
    """A link taken out of the stored ones is missed when measured again."""
    again = tmp_path / "again"
    shutil.copytree(run.path, again)
    file = again / "links" / "tiny-clear-ed_police-exact-1.parquet"
    table = pq.ParquetFile(file).read()
    pq.write_table(table.slice(1), file)
    found = remeasure(again)
    assert pytest.approx(3 / 7) == value(found, "exact", "recall")
    file.unlink()
    with pytest.raises(DatasetError, match=r"is missing. Run the suite again"):
        remeasure(again)


def test_another_dataset_is_refused(run, tmp_path):
    """Links are measured on the world that they were made on."""
    other = write_world(tmp_path / "other", seed=2)
    changed = dict(other.manifest)
    changed["tables"] = {name: {**said, "hash": "0"} for name, said in other.tables.items()}
    wrong = type(other)(other.path, changed)
    with pytest.raises(DatasetError, match="not the dataset that was linked"):
        remeasure(run.path, {"tiny-1": wrong})


def broken(file):
    """Take a file away, or half of it."""
    return {"missing": file.unlink, "damaged": lambda: file.write_bytes(file.read_bytes()[:40])}


@pytest.mark.parametrize("name", ["manifest.json", "timings.parquet"])
@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_a_broken_run_says_which_file_is_broken(run, tmp_path, name, how):
    """Not what the system called the error, but the file and the way out."""
    copy = shutil.copytree(run.path, tmp_path / "copy")
    broken(copy / name)[how]()
    with pytest.raises(DatasetError, match=f"{name} is {how}. Make them with `darkfigure run"):
        remeasure(copy)


@pytest.mark.parametrize(
    ("text", "message"),
    [("[]", "manifest.json is damaged"), ('{"suite": "mine"}', "suite = 'mine'")],
)
def test_a_manifest_of_something_else_is_refused(run, tmp_path, text, message):
    """It may be JSON and still say nothing of a run."""
    copy = shutil.copytree(run.path, tmp_path / "copy")
    (copy / "manifest.json").write_text(text)
    with pytest.raises(DatasetError, match=message):
        remeasure(copy)


def test_several_sources_are_one_table(tmp_path):
    """Joined by "+": seven attendances and five nominals of six people."""
    dataset = write_world(tmp_path / "world")
    assert 12 == standardise(dataset, "ed+police").num_rows
    truth = read_truth(dataset, "ed+police")
    # Persons hold 4, 2, 1, 2, 2 and 1 records.
    assert 6 + 1 + 1 + 1 == len(truth.pairs_left)
    assert 12 * 11 / 2 == truth.count_comparisons().sum()


def test_a_missing_engine_says_how_to_get_it():
    """The extra's name and the command."""
    with pytest.raises(
        MissingExtraError, match="needs the extra `linkers`: pip install 'darkfigure"
    ):
        engine("no_such_engine.part")


def test_simulated_worlds_need_tasks():
    """Without tasks there is nothing to link."""
    said = {"name": "x", "title": "x", "scenarios": [{"name": "merthyr"}], "linkers": ["exact"]}
    with pytest.raises(SpecError, match="`tasks` is missing"):
        build(Suite, said, "suite")

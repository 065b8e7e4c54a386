"""The ceiling of a task: what labels attain, what they cannot, and what no rule can."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tiny_suite import make_tiny, tiny_suite

import darkfigure as df
from darkfigure.linkage_eval.attainable import candidates as candidates_module
from darkfigure.linkage_eval.attainable import learnt_rule, task_ceiling
from darkfigure.linkage_eval.attainable.candidates import JudgedCandidates, find_candidates
from darkfigure.linkage_eval.attainable.ceiling import measure_ceiling
from darkfigure.linkage_eval.attainable.learnt_rule import (
    LabelledPairs,
    LearntRule,
    best_threshold,
    margins_across_folds,
)
from darkfigure.linkage_eval.attainable.task_ceiling import Teaching, find_task_ceiling
from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.links.truth import ScoredLinks, TruthSide, everybody, make_truth
from darkfigure.linkage_eval.rows import CellKey
from darkfigure.linkage_eval.runs.prepared_task import prepare_task
from darkfigure.linkage_eval.runs.suite import DataSource, Task
from darkfigure.linkage_eval.sharing.engine.clear import Clear
from darkfigure.linkage_eval.studies.ceiling import find_ceiling
from darkfigure.reports.terminal.ceilings import tell_attainable
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError, SpecError
from darkfigure.synth.storage.dataset import Dataset

pytestmark = pytest.mark.needs("sklearn")
TASK = Task(left="ed", right="police")
LINKERS = ("exact", "stepwise")
CHANCE = Stream(1, ("test",))


def overall(found: pa.Table, linker: str, metric: str) -> dict:
    """Give the row of everybody."""
    asked = {"stratum_kind": "all", "linker": linker, "metric": metric}
    (row,) = (one for one in found.to_pylist() if asked.items() <= one.items())
    return row


@pytest.fixture(scope="module")
def found(village: Dataset) -> pa.Table:
    """The ceiling of the village, with linkers beside it; its rule learns in folds."""
    return find_ceiling(village, TASK, beside=LINKERS, trusted=True)


@pytest.fixture(scope="module")
def candidates(village: Dataset) -> JudgedCandidates:
    """The candidate pairs of the village."""
    return find_candidates(prepare_task(village, Clear(), TASK))


@pytest.mark.parametrize("linker", LINKERS)
def test_no_linker_exceeds_what_is_attainable(found: pa.Table, linker: str):
    """Not beyond its interval; the village is fixed, so that chance has no part in it."""
    attained, distance = overall(found, "attainable", "f1"), overall(found, linker, "f1_distance")
    assert overall(found, linker, "f1")["value"] <= attained["high"]
    assert distance["high"] >= distance["value"] >= distance["low"]
    assert distance["high"] >= 0


def test_recall_is_at_most_the_share_of_pairs_that_are_judged(found: pa.Table):
    """And hardly a true pair looks as many false ones do."""
    value = {
        name: overall(found, "attainable", name)["value"]
        for name in ("recall", "f1", "pair_completeness", "indistinguishable")
    }
    assert 0.9 < value["f1"] <= 1
    assert value["recall"] <= value["pair_completeness"] <= 1
    assert 0 <= value["indistinguishable"] < 0.05


def test_it_says_from_whom_it_learnt_and_by_group(found: pa.Table, village: Dataset):
    """Every row has the seed; the groups are those of all measurements."""
    rows = found.to_pylist()
    assert {row["learnt_from"] for row in rows} == {"other people of the same dataset"}
    assert {row["seed"] for row in rows} == {village.manifest["seed"]}
    assert {"all", "sex", "age_band"} <= {row["stratum_kind"] for row in rows}


def f1_of_half(candidates: JudgedCandidates, same: np.ndarray) -> float:
    """Learn from half of the people, judge the other half."""
    pairs = replace(candidates.labelled, same=same)
    left, right = pairs.groups("half of people", 2, CHANCE)
    ours, others = pairs.keep((left == 0) & (right == 0)), pairs.keep((left == 1) & (right == 1))
    linked = LearntRule.learn(ours, CHANCE).margins(others.features) >= 0
    return 2 * (linked & others.same).sum() / (linked.sum() + others.same.sum())


def test_a_shuffled_truth_gives_no_skill(candidates: JudgedCandidates):
    """Then linking everything is as good as it gets, while the truth itself is nearly all found."""
    same = candidates.labelled.same
    shuffled = same[np.argsort(CHANCE.uniform("shuffle", np.arange(len(same))))]
    share = same.mean()
    blind = 2 * share / (1 + share)  # F1 of linking every candidate
    # Half of the 4,000 pairs or so: the share of true ones is off by .03 in less than 1 % of draws.
    assert f1_of_half(candidates, shuffled) < blind + 0.03 < 0.8
    assert f1_of_half(candidates, same) > 0.9


def test_a_rule_never_judges_whom_it_learnt_from(monkeypatch: pytest.MonkeyPatch):
    """Each pair is judged once, by a rule that saw neither of its two people."""
    n = 4_000
    left, right = (CHANCE.below(side, np.arange(n), 300) for side in ("left", "right"))
    right = np.where(np.arange(n) % 2, left, right)
    judged = []

    class Spy(LearntRule):
        @classmethod
        def learn(cls, pairs, chance, *, share=1.0):  # noqa: ARG003
            return cls(np.union1d(pairs.left, pairs.right), share)

        def margins(self, features):
            assert not np.isin(features[:, :2], self.model).any()
            judged.append(features[:, 2])
            return np.zeros(len(features))

    monkeypatch.setattr(learnt_rule, "LearntRule", Spy)
    seen = np.column_stack([left, right, np.arange(n)])
    margins = margins_across_folds(LabelledPairs(seen, left == right, left, right), CHANCE)
    assert (margins == 0).all()
    assert sorted(np.concatenate(judged)) == list(range(n))


def test_the_threshold_is_the_best_there_is():
    """No other gives a higher F1, equal scores being linked together."""
    scores = np.round(CHANCE.uniform("score", np.arange(200)), 1)
    same = CHANCE.happens("same", np.arange(200), scores)
    weights = np.where(same, 1.0, 2.0)

    def f1(threshold: float) -> float:
        linked = scores >= threshold
        return 2 * weights[linked & same].sum() / (weights[linked].sum() + weights[same].sum())

    best = f1(best_threshold(scores, same, weights))
    assert best == pytest.approx(max(f1(threshold) for threshold in np.unique(scores)))


def test_the_same_values_cannot_be_told_apart():
    """Two people whose records say the same: half of their four pairs are false, by any rule."""
    persons, pairs = np.array([1, 2]), np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    sides = [TruthSide(name, (name,), pa.array([f"{name}1", f"{name}2"]), persons) for name in "lr"]
    truth = make_truth(*sides, (everybody(2),), within=False)
    left, right = pairs.T
    judged = ScoredLinks(truth, left, right, np.ones(4), left == right)
    labelled = LabelledPairs(np.zeros((4, 1)), left == right, persons[left], persons[right])

    def measure(alike: list[int]) -> dict[str, float | None]:
        rows = measure_ceiling(
            JudgedCandidates(judged, labelled, np.array(alike)), np.zeros(4, bool)
        )
        return {row.metric: row.value for row in rows}

    all_alike, true_alike = measure([0, 0, 0, 0]), measure([0, 1, 1, 0])
    assert all_alike["indistinguishable"] == 1
    assert true_alike["indistinguishable"] == 0


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_wrong_source_is_one_clear_error(village: Dataset, side: str):
    """It names the source that is not there, and those that are."""
    with pytest.raises(DatasetError, match=r"no source 'polise'.*it has .*ed"):
        df.ceiling(village, **{"left": "ed", "right": "police", side: "polise"})


def test_nobody_learns_from_those_who_are_judged(village: Dataset):
    """A dataset of the same seed holds the same people."""
    with pytest.raises(SpecError, match="Train on another seed"):
        df.ceiling(village, train=[village.path])


def test_too_few_people_to_learn_from_are_refused(
    village: Dataset, monkeypatch: pytest.MonkeyPatch
):
    """The message says how many there are, how many it takes, and what to do."""
    monkeypatch.setattr(candidates_module, "_LEAST", 10**6)
    with pytest.raises(DatasetError, match=r"a rule needs 1000000 of each .* Generate more people"):
        find_ceiling(village, TASK)


def test_more_labels_attain_more_and_each_draw_is_told(
    candidates: JudgedCandidates, monkeypatch: pytest.MonkeyPatch
):
    """Of few labels the worst and the best draw stand beside the median; more than there are none.

    It is judged by those it learnt from: the counting is tried, not the rule.
    """
    monkeypatch.setattr(task_ceiling, "_N_DRAWS", 3)
    teaching = Teaching.by({2: candidates}, 1)
    ceiling = find_task_ceiling(candidates, teaching, [20, 1_000, 10**9])
    few, many, none = (
        next(one for one in measured if one.metric == "f1")
        for measured in ceiling.by_labels.values()
    )
    (whole,) = (one for one in ceiling.measured if (one.metric, one.stratum) == ("f1", "all"))
    assert few.low < few.value < few.high < many.value <= whole.value
    assert none.value is None
    assert "pairs to label" in none.status
    cell = CellKey("village", "clear", "ed-police", "", 1)
    numbers = {row.linker: row.labels for row in ceiling.rows(cell)}
    assert numbers["attainable"] is None
    assert numbers["attainable by 1,000 labels"] == 1_000
    assert {row.learnt_from for row in ceiling.rows(cell)} == {"seed 2"}


def test_a_learning_curve_does_not_begin_below_what_can_be_learnt_from(village: Dataset):
    """Three labels are of one kind as often as not."""
    with pytest.raises(SpecError, match="3 labels are too few"):
        find_ceiling(village, TASK, labels=[3, 100])


def test_a_suite_finds_what_is_attainable_and_how_far_linkers_are_from_it(
    village: Dataset, tmp_path: Path
):
    """In results, terminal and a run that is measured again; the village stands for both seeds."""
    asked = []

    def make(world: DataSource, seed: int, folder: Path) -> Dataset:  # noqa: ARG001
        asked.append(seed)
        return village

    suite = tiny_suite(LINKERS, ceiling={"seeds": [5]})
    run = run_suite(suite, tmp_path / "run", make=make, trusted=True)
    assert asked == [1, 5]
    rows = {(row["linker"], row["metric"]): row for row in run.attainable.to_pylist()[::-1]}
    assert {row["learnt_from"] for row in rows.values()} == {"seed 5"}
    f1 = {name: rows[name, "f1_distance"]["value"] for name in LINKERS}
    found = run.scores.overall["f1"].droplevel(["scenario", "strategy", "task", "seed"])
    attained = rows["attainable", "f1"]["value"]
    assert f1 == pytest.approx({name: attained - found[name] for name in LINKERS})
    assert run.attainable_curves["recall"].to_numpy()[-1] == rows["attainable", "recall"]["value"]
    (said,) = tell_attainable(run)
    assert said.startswith("Attainable (ed-police")
    assert "labels of seed 5, no method; F1 below it: exact 0." in said
    assert set(run.timings["linker"].to_pylist()) == set(LINKERS)


def test_what_keeps_a_suite_from_finding_it_is_a_row(tmp_path: Path):
    """Six people teach nothing; the linkers' results stand all the same."""
    run = run_suite(
        tiny_suite(["exact"], ceiling=True), tmp_path / "run", make=make_tiny, trusted=True
    )
    (row,) = run.attainable.to_pylist()
    assert "a rule needs 50 of each" in row["status"]
    assert run.scores["f1"] > 0
    assert tell_attainable(run) == [f"Attainable (ed-police, tiny, seed 1): {row['status']}"]


def test_a_suite_that_learns_from_the_judged_is_refused():
    """Of one seed there is one world."""
    with pytest.raises(SpecError, match="people it is judged by, of seed 1"):
        tiny_suite(["exact"], ceiling={"seeds": [1]})

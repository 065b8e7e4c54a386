"""Attribution against worlds that were generated again without the fault."""

import pytest

from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.linkers.registry import load
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.studies.counterfactual import without_cause
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.pipeline import generate

SCENARIO = load_scenario("merthyr", seed=3)
CAUSES = (
    "missing date_of_birth",
    "placeholder date_of_birth",
    "misspelt",
    "names_swapped",
    "moved",
    "renamed",
)


def judged(dataset, linker):
    """Link attendances to nominals; give the evaluation and the judged links."""
    evaluation = Evaluation(dataset, "ed", "police")
    records = [standardise(dataset, side) for side in ("ed", "police")]
    return evaluation, evaluation.judge_table(load(linker, {}).link(*records, seed=1))


def recall(found):
    """Give recall of judged links."""
    return 1 - found.missed.mean()


@pytest.mark.slow
def test_attribution_agrees_with_worlds_without_the_fault(tmp_path, capsys):
    """What recall is said to be without a fault is what it is when nobody makes it.

    Both worlds hold the same people, so they differ by the fault alone; the claim may be off by
    the width of its interval and by what other faults do to the cells that are free.
    """
    linkers = ("exact", "stepwise", "macral")
    whole = generate(SCENARIO, tmp_path / "whole")
    claims = {}
    for linker in linkers:
        evaluation, found = judged(whole, linker)
        rows = evaluation.explain(found).attribution.to_pylist()
        assert pytest.approx(found.missed.sum()) == sum(row["n_missed"] for row in rows)
        claims[linker] = {row["cause"]: row for row in rows}
    for cause in CAUSES:
        world = generate(without_cause(SCENARIO, cause), tmp_path / cause)
        for linker in linkers:
            claim, made = claims[linker][cause], recall(judged(world, linker)[1])
            with capsys.disabled():
                print(f"\n{linker}, {cause}: {claim['recall_without']:.4f}, made {made:.4f}")  # noqa: T201
            assert claim["recall_without_low"] - 0.002 <= made
            assert made <= claim["recall_without_high"] + 0.002


def test_a_fault_is_taken_out_of_every_system():
    """Nothing else changes but the name."""
    changed = without_cause(SCENARIO, "missing date_of_birth")
    before, after = SCENARIO.model_dump(), changed.model_dump()
    for name, profile in before["systems"].items():
        rates = after["systems"][name]["faults"]
        assert rates["date_of_birth"].pop("missing") is None
        profile["faults"]["date_of_birth"].pop("missing")
    assert "merthyr-without-missing-date_of_birth" == after.pop("name")
    assert "merthyr" == before.pop("name")
    assert before == after


def test_a_life_without_moves_or_new_names():
    """Rates of moving or of changing names are nothing; the rest of the scenario stands."""
    still, named = (without_cause(SCENARIO, cause).lives for cause in ("moved", "renamed"))
    assert {0.0} == {*still.moves.a_year, *still.moves.leaves_a_year, still.moves.separates_a_year}
    assert SCENARIO.lives.surnames == still.surnames
    assert (0.0, 0.0) == (named.surnames.wife_takes_name_rate, named.surnames.deed_a_year)
    assert SCENARIO.lives.moves == named.moves


def test_what_nothing_causes_cannot_be_taken_out():
    """The message names the scenario and says what can be taken."""
    with pytest.raises(SpecError, match="has the fault 'changed sex'"):
        without_cause(SCENARIO, "changed sex")

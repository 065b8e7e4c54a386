"""What attribution says of a cause, and what it is without it: `attribution_and_worlds.py [SEEDS]`.

Attendances of all of Merthyr Tydfil are linked to nominals. Attribution says what recall would be
without a cause; then the same people live, and are written down, without it. Both gains over the
recall of the whole world are in percentage points, means of the seeds.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.studies.counterfactual import without_cause
from darkfigure.scenarios import load_scenario
from darkfigure.synth.pipeline import generate
from darkfigure.synth.scenario import Scenario

SEEDS = 3
LINKERS = ("exact", "stepwise", "macral")
CAUSES = (
    *("moved", "renamed", "missing date_of_birth", "placeholder date_of_birth"),
    *("misspelt", "keyboard_slip", "names_swapped", "short_form", "missing postcode"),
)


def main() -> None:
    """Print a row for each cause and linker."""
    n_seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    found: dict[tuple[str, str], list[tuple[float, ...]]] = defaultdict(list)
    for seed in range(1, n_seeds + 1):
        for key, gains in _gains(load_scenario("merthyr", seed=seed)):
            found[key].append(gains)
    print("| cause | linker | said | made | off by | within its interval |")  # noqa: T201
    print("|---|---|---|---|---|---|")  # noqa: T201
    for (cause, linker), rows in found.items():
        said, made = 100 * np.mean([row[:2] for row in rows], axis=0)
        held = sum(low <= made <= high for _, made, low, high in rows)
        cells = f"{said:+.2f} | {made:+.2f} | {said - made:+.2f} | {held} of {len(rows)}"
        print(f"| {cause} | `{linker}` | {cells} |")  # noqa: T201


def _gains(scenario: Scenario) -> Iterator[tuple[tuple[str, str], tuple[float, ...]]]:
    """Give the gain in recall without each cause as said and as made, and the claim's interval."""
    scenario = scenario.model_copy(update={"agencies": ("police", "ed")})
    claims, before = {}, {}
    for linker, evaluation, judged in _linked(scenario):
        before[linker] = 1 - judged.missed.mean()
        rows = evaluation.explain(judged, registry.reads(linker)).attribution.to_pylist()
        claims[linker] = {row["cause"]: row for row in rows}
    for cause in CAUSES:
        for linker, _, judged in _linked(without_cause(scenario, cause)):
            row, was = claims[linker].get(cause), before[linker]
            # A cause that is nowhere between fields that the linker reads changes nothing.
            ends = ("recall_without", "recall_without_low", "recall_without_high")
            said, low, high = (row[name] - was for name in ends) if row else (0.0, 0.0, 0.0)
            yield (cause, linker), (said, 1 - judged.missed.mean() - was, low, high)


def _linked(scenario: Scenario) -> Iterator[tuple[str, Evaluation, ScoredLinks]]:
    with TemporaryDirectory() as folder:
        dataset = generate(scenario, Path(folder) / "world")
        evaluation = Evaluation(dataset, "ed", "police")
        records = [standardise(dataset, side) for side in ("ed", "police")]
        for linker in LINKERS:
            links = registry.load(linker, {}).link(*records, seed=1)
            yield linker, evaluation, evaluation.judge_table(links)


if __name__ == "__main__":
    main()

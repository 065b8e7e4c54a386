"""How often 95 % intervals hold what they should: `python benchmarks/coverage_of_intervals.py`.

Three studies. Shares: small worlds of many seeds, written in full, linked by two linkers; what an
interval should hold is the share over all worlds together, of the same laws. Sizes: lists that are
drawn, of three sizes, independent of each other and not, with links that miss and err and an audit.
People: so many of a world's people, drawn again and again, and the recall of all of them.
Coverage has Wilson's interval over worlds.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.stats import binomtest

from darkfigure.linkage_eval.evaluation.assaults import read_assaults
from darkfigure.linkage_eval.evaluation.clerical_review import Reviewer
from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.evaluation.metrics.accuracy import measure_accuracy
from darkfigure.linkage_eval.evaluation.metrics.assault_pairs import measure_assault_pairs
from darkfigure.linkage_eval.evaluation.metrics.clerical import sample_links
from darkfigure.linkage_eval.evaluation.metrics.dark_figure import measure_dark_figure
from darkfigure.linkage_eval.linkers.exact import Exact
from darkfigure.linkage_eval.linkers.stepwise import Stepwise
from darkfigure.linkage_eval.links.truth import Groups
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.recapture import PopulationEstimate, judge_estimates
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.rows import ALL, Measurement
from darkfigure.linkage_eval.stats.clustered import leave_one_out, share_interval
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios
from darkfigure.linkage_eval.studies.estimate import Units, estimate_all
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.pipeline import generate

WORLDS, PERSONS = 200, 1_500
SAMPLES, PEOPLE = 2_000, (40, 100, 270, 800)
REPLICATES, AUDITED = 400, 200
SIZES = (400, 2_000, 8_000)
CAUGHT = (0.35, 0.3, 0.4)  # chances of being on each list
ALPHA, BETA = 0.85, 0.01  # links of units on both lists, and of others
SHARES = (
    *("precision", "recall", "f1", "f_star", "assault_precision", "assault_recall"),
    *("event_precision", "event_recall", "apparent_unknown_share", "never_reported_share"),
)

_RECALL = Ratio(
    metric(name="recall", label="Recall", formula="found / true", unit="share", needs=("judged",)),
    above=(1, 0),
    below=(0, 1),
)


def main() -> None:
    """Print all studies, or those that are named."""
    asked = sys.argv[1:] or ["sizes", "shares", "people"]
    if "people" in asked:
        _print_people()
    if "sizes" in asked:
        _print_sizes()
    if "shares" in asked:
        _print_shares()


def _print_people() -> None:
    """Print coverage of recall over samples of the people of one world."""
    print(f"| linker | people | coverage of {SAMPLES} | width | by 1.96 |")  # noqa: T201
    print("|---|---|---|---|---|")  # noqa: T201
    for linker, counts in _people_of_a_world().items():
        everybody = Groups("all", (ALL,), np.zeros(len(counts), np.int64))
        true = float(measure_ratios(counts, [everybody], [_RECALL])[0].value or 0)
        for size in PEOPLE:
            chance = Stream(1, ("coverage of people", linker, str(size)))
            drawn = chance.below("person", np.arange(SAMPLES * size), len(counts))
            samples = [counts[rows] for rows in drawn.reshape(SAMPLES, size)]
            group = Groups("all", (ALL,), np.zeros(size, np.int64))
            found = [measure_ratios(sample, [group], [_RECALL])[0] for sample in samples]
            by_normal = [_by_normal(sample, true) for sample in samples]
            _print_people_row(linker, size, true, found, float(np.mean(by_normal)))


def _print_people_row(
    linker: str, size: int, true: float, found: list[Measurement], by_normal: float
) -> None:
    hits = sum(one.low <= true <= one.high for one in found)
    covered = binomtest(hits, SAMPLES).proportion_ci(0.95, "wilson")
    width = np.mean([one.high - one.low for one in found])
    print(  # noqa: T201
        f"| {linker} | {size} | {hits / SAMPLES:.3f} ({covered.low:.3f}-{covered.high:.3f}) "
        f"| {width:.3f} | {by_normal:.3f} |",
        flush=True,
    )


def _by_normal(sample: Ints, true: float) -> bool:
    """Tell whether the same interval holds the truth with the normal's 1.96 for Student's t."""
    hits, pairs = sample.T
    value, weight = hits.sum() / pairs.sum(), pairs / pairs.sum()
    residuals = (hits - value * pairs) / pairs.sum() * leave_one_out(weight, len(sample))
    ends = share_interval(value, float(np.square(residuals).sum()), len(sample), np.inf)
    return bool(ends[0] <= true <= ends[1])


def _people_of_a_world() -> dict[str, Ints]:
    """Give found and true pairs of each person of a world who has any, by linker."""
    found = {}
    with TemporaryDirectory() as folder:
        dataset = generate(load_scenario("merthyr", persons=8_000), Path(folder) / "world")
        left, right = (standardise(dataset, source) for source in ("ed", "police"))
        evaluation = Evaluation(dataset, "ed", "police")
        for linker in (Exact(), Stepwise()):
            judged = evaluation.judge_table(linker.link(left, right, seed=1))
            owner = judged.truth.left_rows[judged.truth.pairs_left]
            pairs, missed = (
                np.bincount(owner, weights, minlength=len(judged.truth.people)).astype(int)
                for weights in (None, judged.missed)
            )
            found[linker.name] = np.column_stack([pairs - missed, pairs])[pairs > 0]
    return found


def _print_shares() -> None:
    """Print coverage of shares over worlds."""
    rows: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
    seeds = iter(range(1, 2 * WORLDS))
    for _ in range(WORLDS):
        seed, world = next(filter(lambda pair: pair[1], ((n, _try_world(n)) for n in seeds)))
        print(f"seed {seed}", file=sys.stderr, flush=True)  # noqa: T201
        for linker, measured in world.items():
            for one in measured:
                rows[linker, one.metric].append(one)
    print(f"| linker | share | all worlds | coverage of {WORLDS} | width | none |")  # noqa: T201
    print("|---|---|---|---|---|---|")  # noqa: T201
    for (linker, name), found in rows.items():
        known = [one for one in found if one.value is not None and one.low is not None]
        if name.endswith("_error"):
            true = 0.0
        else:
            true = sum(one.value * one.n for one in found if one.value) / sum(o.n for o in found)
        _print_row(linker, name, true, known, len(found) - len(known))


def _print_row(linker: str, name: str, true: float, known: list[Measurement], none: int) -> None:
    hits = sum(one.low <= true <= one.high for one in known)
    width = np.mean([one.high - one.low for one in known])
    covered = binomtest(hits, len(known)).proportion_ci(0.95, "wilson")
    print(  # noqa: T201
        f"| {linker} | {name} | {true:.3f} | {hits / len(known):.3f} "
        f"({covered.low:.3f}-{covered.high:.3f}) | {width:.3f} | {none} |",
        flush=True,
    )


def _try_world(seed: int) -> dict[str, list[Measurement]]:
    """Measure a world; one that cannot be read is told, and left out."""
    try:
        return _measure_world(seed)
    except DatasetError as error:
        print(f"seed {seed} left out: {error}", file=sys.stderr, flush=True)  # noqa: T201
        return {}


def _measure_world(seed: int) -> dict[str, list[Measurement]]:
    """Make a world, link it, and measure shares and a clerical sample."""
    scenario = load_scenario("merthyr", persons=PERSONS)
    contacts = scenario.contacts.model_copy(update={"exact": False})
    changed = {"seed": seed, "agencies": ("police", "ed"), "contacts": contacts}
    measured = {}
    with TemporaryDirectory() as folder:
        dataset = generate(scenario.model_copy(update=changed), Path(folder) / "world")
        left, right = (standardise(dataset, source) for source in ("ed", "police"))
        evaluation = Evaluation(dataset, "ed", "police")
        assaults = read_assaults(dataset, evaluation.truth)
        assert assaults is not None
        for linker in (Exact(), Stepwise()):
            judged = evaluation.judge_table(linker.link(left, right, seed=1))
            clerical = sample_links(judged, Stream(seed, ("clerical",)), Reviewer())
            found = [
                *measure_accuracy(judged),
                *measure_assault_pairs(judged, assaults),
                *measure_dark_figure(judged, assaults),
                clerical[1],
            ]
            measured[linker.name] = [
                one
                for one in found
                if one.stratum == ALL and one.metric in (*SHARES, clerical[1].metric)
            ]
    return measured


def _print_sizes() -> None:
    """Print coverage of sizes over draws of lists."""
    print(f"| size | lists | links | estimator | bias | coverage of {REPLICATES} | width |")  # noqa: T201
    print("|---|---|---|---|---|---|---|")  # noqa: T201
    for size in SIZES:
        for condition, ratio in (("independent", 1.0), ("odds ratio .3", 0.3)):
            answers: dict[tuple[str, str], list[PopulationEstimate]] = defaultdict(list)
            for trial in range(REPLICATES):
                chance = Stream(trial, ("coverage", condition, str(size)))
                for answer in estimate_all(
                    _draw(size, ratio, chance), audited=AUDITED, chance=chance
                ):
                    answers[answer.links, answer.estimate.estimator].append(answer.estimate)
            for (links, estimator), found in answers.items():
                _print_size(size, condition, f"{links} | `{estimator}`", found)


def _print_size(size: int, condition: str, name: str, found: list[PopulationEstimate]) -> None:
    judged = judge_estimates([size] * len(found), found)
    bias = "none" if judged.relative_bias is None else f"{judged.relative_bias:+.3f}"
    width = "none" if judged.relative_width is None else f"{judged.relative_width:.3f}"
    print(  # noqa: T201
        f"| {size:,} | {condition} | {name} | {bias} | {judged.coverage:.3f} "
        f"({judged.coverage_low:.3f}-{judged.coverage_high:.3f}) | {width} |",
        flush=True,
    )


def _draw(size: int, odds_ratio: float, chance: Stream) -> Units:
    """Draw three lists, the first two with an odds ratio, and links between them."""
    ids = np.arange(size)
    first, third = (chance.happens(f"list {n}", ids, CAUGHT[n]) for n in (0, 2))
    # The chance of being on the second list among those on the first, and among the others.
    among = _given(CAUGHT[0], CAUGHT[1], odds_ratio)
    second = chance.happens("list 1", ids, np.where(first, *among))
    linked = chance.happens("links", ids, np.where(second, ALPHA, BETA))
    return Units(np.column_stack([first, second, third]), first & linked, np.zeros(size, np.int64))


def _given(first: float, second: float, odds_ratio: float) -> tuple[float, float]:
    """Give the chances of the second list with and without the first: Plackett's distribution."""
    if odds_ratio == 1:
        return second, second
    sums, excess = 1 + (first + second) * (odds_ratio - 1), odds_ratio - 1
    both = (sums - np.sqrt(sums**2 - 4 * odds_ratio * excess * first * second)) / (2 * excess)
    return both / first, (second - both) / (1 - first)


if __name__ == "__main__":
    main()

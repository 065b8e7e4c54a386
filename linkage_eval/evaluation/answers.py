"""The answer of links to the question of `assaults`, beside those of perfect links and rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from darkfigure.linkage_eval.evaluation.assaults import Assaults, outcomes
from darkfigure.linkage_eval.links.truth import ScoredLinks, perfect
from darkfigure.linkage_eval.rows import Answer, contents_of

QUESTION = (
    "Of assault attendances, how many have an occurrence about the same event, "
    "and what would this linker make of it?"
)
ANSWERED = contents_of(Answer)
BY_LINKER, BY_PERFECT_LINKS = "linker", "perfect links"
PERFECT_LINKS, PERFECT_RULE = "perfect links", "perfect links, perfect rule"
# Attendances that have an occurrence and for which it is not found; those found without one.
LOST = {
    "missed_person": "missed person",
    "coding": "coded otherwise",
    "time_window": "time window",
}
GAINED = {
    "wrong_person": "wrong person",
    "other_occurrence": "other occurrence",
    "no_assault": "no assault",
}


def answer(judged: ScoredLinks, assaults: Assaults | None) -> pa.Table:
    """Count attendances of each outcome, by the links and by perfect ones.

    Parameters
    ----------
    judged
        Links set against the truth.
    assaults
        Attendances and reports of the same task; None where it has none.

    Returns
    -------
    Schema `ANSWERED`; empty without assaults. Perfect links join every true pair and no other, so
    that what they get wrong is the fault of codes and of the rule.
    """
    if assaults is None:
        return ANSWERED.empty_table()
    rows = [
        {"links": name, "outcome": outcome, "n": int(mask.sum())}
        for name, links in ((BY_LINKER, judged), (BY_PERFECT_LINKS, perfect(judged.truth)))
        for outcome, mask in outcomes(links, assaults).items()
    ]
    return pa.Table.from_pylist(rows, ANSWERED)


@dataclass(frozen=True)
class EventAnswer:
    """What one set of links makes of the question.

    Parameters
    ----------
    name
        The linker, `PERFECT_LINKS` or `PERFECT_RULE`.
    counts
        Attendances by outcome (`assaults.OUTCOMES`).
    """

    name: str
    counts: Mapping[str, int]

    @property
    def unknown(self) -> float | None:
        """Share of the attendances coded as assaults for which nothing is found."""
        coded = self.counts["coded"]
        return 1 - self.counts["found"] / coded if coded else None

    @property
    def recall(self) -> float | None:
        """Share of the attendances with an occurrence for which it is found."""
        recorded = self.counts["recorded"]
        return self.counts["right"] / recorded if recorded else None

    @property
    def precision(self) -> float | None:
        """Share of the attendances for which an occurrence is found that have it."""
        found = self.counts["found"]
        return self.counts["right"] / found if found else None


def read_answers(rows: Iterable[Answer]) -> list[EventAnswer]:
    """Read the answers of one task; counts of several seeds are added up.

    Parameters
    ----------
    rows
        The rows of a run that are of the task.

    Returns
    -------
    Linkers in the order of their rows, perfect links, and the truth as perfect links and a perfect
    rule would tell it. Nothing where there are no rows.
    """
    by_name: dict[str, Counter[str]] = {}
    seeds_told = set()
    for row in rows:
        name = row.linker if row.links == BY_LINKER else PERFECT_LINKS
        # Every linker's rows repeat what perfect links make of the seed.
        if name != PERFECT_LINKS or (row.seed, row.outcome) not in seeds_told:
            by_name.setdefault(name, Counter())[row.outcome] += row.n
        if name == PERFECT_LINKS:
            seeds_told.add((row.seed, row.outcome))
    if PERFECT_LINKS not in by_name:
        return []
    perfect_links = by_name.pop(PERFECT_LINKS)
    by_name |= {PERFECT_LINKS: perfect_links, PERFECT_RULE: _in_truth(perfect_links)}
    return [EventAnswer(name, counts) for name, counts in by_name.items()]


def _in_truth(counts: Counter[str]) -> Counter[str]:
    """Give the answer without error: every assault is asked about, and rightly told."""
    n_recorded = counts["recorded"]
    known = {name: counts[name] for name in ("assault", "never_reported", "not_recorded")}
    told = {"coded": counts["assault"], "found": n_recorded, "right": n_recorded}
    return Counter({**known, "recorded": n_recorded, **told})

"""The tables of a class's page: people beside methods, what is hard, and who agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from statistics import mean, median

from scipy.stats import binomtest

from darkfigure.linkage_eval.stats.kappa import Kappa
from darkfigure.reports.classroom.sitting import (
    MATCH,
    NO_MATCH,
    UNSURE,
    Correctness,
    Hits,
    JudgedPair,
    Learner,
    Sitting,
)
from darkfigure.reports.html.comparison import PooledEstimate
from darkfigure.reports.html.formats import DASH, NO_BREAK
from darkfigure.reports.html.tables import PageTable, TableCell, share, table

CLASS = "All learners together"
_NO_FAULT = "No fault of entry"
_HEADS = ("Who", "Recall", "Precision", "Right", "Unsure", "Seconds a pair", "Agrees with others")


def people(sitting: Sitting) -> PageTable:
    """Give each learner, the class and each method a row, the most often right first."""
    scored = [(learner, sitting.tally(learner)) for learner in sitting.learners]
    rows = [
        _person(
            learner.name,
            tally,
            median(given.seconds for given in learner.answers.values()),
            _agrees(sitting, learner),
        )
        for learner, tally in sorted(scored, key=lambda one: -_value(one[1].right))
    ]
    if len(scored) > 1:
        rows.append(_person(CLASS, sitting.tally_class(), None, sitting.agreement()))
    rows += [
        _person(method, sitting.tally_method(method), None, None) for method in sitting.methods
    ]
    return table("people", "Learners and linkage methods, with 95 % intervals", _HEADS, rows)


def _person(
    name: str, tally: Correctness, seconds: float | None, agrees: Kappa | float | None
) -> tuple[TableCell, ...]:
    return (
        TableCell(name, name),
        *(hits_cell(one) for one in (tally.recall, tally.precision, tally.right)),
        TableCell(str(tally.unsure), tally.unsure),
        TableCell(DASH) if seconds is None else TableCell(f"{seconds:.1f}", seconds),
        kappa_cell(agrees),
    )


def _agrees(sitting: Sitting, learner: Learner) -> float | None:
    """Give a learner's mean kappa with the others."""
    found = [
        kappa.value
        for other in sitting.learners
        if other is not learner and (kappa := sitting.agreement_of(learner, other))
    ]
    return mean(found) if found else None


def _value(hits: Hits) -> float:
    return hits.hits / hits.n if hits.n else 0.0


def hits_cell(hits: Hits) -> TableCell:
    """Write a share with its Wilson interval, as the page of practice does."""
    if not hits.n:
        return TableCell(DASH)
    ends = binomtest(hits.hits, hits.n).proportion_ci(method="wilson")
    return share(PooledEstimate(hits.hits / hits.n, float(ends.low), float(ends.high), hits.n))


def kappa_cell(kappa: Kappa | float | None) -> TableCell:
    """Write an agreement, with its interval where there is one."""
    if kappa is None:
        return TableCell(DASH)
    if isinstance(kappa, float):
        return TableCell(f"{kappa:.2f}", kappa)
    bounds = (float(kappa.low), float(kappa.high))
    aside = f"({bounds[0]:.2f}{NO_BREAK}to{NO_BREAK}{bounds[1]:.2f})"
    return TableCell(f"{kappa.value:.2f}", float(kappa.value), aside, bounds=bounds)


def pairs(sitting: Sitting) -> PageTable:
    """Give each pair a row: how many said what, and what is true."""
    heads = ("Pair", "Truth", "Match", "No match", "Unsure", "Right", *sitting.methods, "Kind")
    rows = []
    for number, pair in sitting.pairs.items():
        said = list(sitting.said(number).values())
        counts = [said.count(answer) for answer in (MATCH, NO_MATCH, UNSURE)]
        right = said.count(pair.truth) / len(said)
        rows.append(
            (
                TableCell(str(number), number),
                TableCell(pair.truth, pair.truth),
                *(TableCell(str(one), one) for one in counts),
                TableCell(f"{100 * right:.0f}{NO_BREAK}%", right),
                *(_verdict(pair, method) for method in sitting.methods),
                TableCell(pair.kind, pair.kind),
            )
        )
    return table("pairs", "Every pair, and how many learners said what", heads, rows)


def _verdict(pair: JudgedPair, method: str) -> TableCell:
    said = pair.methods.get(method, "")
    return TableCell(said or DASH, said, "wrong" if said and said != pair.truth else "")


def by_learner(sitting: Sitting) -> PageTable:
    """Give each learner a row and each kind of pair a column: right answers of how many."""
    kinds = sorted({pair.kind for pair in sitting.pairs.values()})
    rows = []
    for learner in sitting.learners:
        cells = []
        for kind in kinds:
            judged = [n for n in learner.answers if sitting.pairs[n].kind == kind]
            right = sum(learner.answers[n].answer == sitting.pairs[n].truth for n in judged)
            text = f"{right} of {len(judged)}" if judged else DASH
            cells.append(TableCell(text, right / len(judged) if judged else None))
        rows.append((TableCell(learner.name, learner.name), *cells))
    return table("by-learner", "Right answers of each learner, by kind of pair",
                 ("Who", *kinds), rows)  # fmt: skip


def hard(sitting: Sitting) -> list[PageTable]:
    """Give the tables of what is hard: by kind of pair, by fault of entry, by group of person."""
    divisions = dict.fromkeys(name for pair in sitting.pairs.values() for name in pair.groups)
    found = [
        _by(sitting, "by-kind", "Kind of pair", "By kind of pair", lambda pair: (pair.kind,)),
        _by(
            sitting,
            "by-fault",
            "Fault",
            "By fault of entry in either record; a pair may have several",
            lambda pair: pair.faults or (_NO_FAULT,),
        ),
    ]
    for place, division in enumerate(divisions):
        name = f"{division[:1].lower()}{division[1:]}"
        found.append(
            _by(sitting, f"by-group-{place}", "Group", f"By {name}", _group_of(division)),
        )
    # Where all pairs are of one group there is nothing to compare.
    return [one for one in found if len(one.rows) > 1]


def _group_of(division: str) -> Callable[[JudgedPair], tuple[str, ...]]:
    return lambda pair: (pair.groups.get(division, "not told"),)


def _by(
    sitting: Sitting,
    key: str,
    head: str,
    caption: str,
    parts: Callable[[JudgedPair], Iterable[str]],
) -> PageTable:
    members: dict[str, list[int]] = {}
    for number, pair in sitting.pairs.items():
        for part in parts(pair):
            members.setdefault(part, []).append(number)
    told = {part: sitting.tally_class(numbers).right for part, numbers in members.items()}
    rows = [
        (
            TableCell(part, part),
            TableCell(str(len(members[part])), len(members[part])),
            _plain_share(told[part]),
            *(_method_share(sitting, method, members[part]) for method in sitting.methods),
        )
        for part in sorted(members, key=lambda part: (_value(told[part]), part))
    ]
    return table(key, caption, (head, "Pairs", "Learners right", *sitting.methods), rows)


def _plain_share(hits: Hits) -> TableCell:
    """Write a share without an interval: answers to one pair are no independent draws."""
    if not hits.n:
        return TableCell(DASH)
    value = hits.hits / hits.n
    return TableCell(f"{100 * value:.0f}{NO_BREAK}%", value, f"{hits.hits} of {hits.n}")


def _method_share(sitting: Sitting, method: str, numbers: Sequence[int]) -> TableCell:
    told = [sitting.pairs[n] for n in numbers if sitting.pairs[n].methods.get(method)]
    return _plain_share(Hits(sum(p.methods[method] == p.truth for p in told), len(told)))


def agreement(sitting: Sitting) -> PageTable:
    """Give every two learners a row: Cohen's kappa with its interval."""
    rows = []
    for one, other in combinations(sitting.learners, 2):
        found = sitting.agreement_of(one, other)
        n = len(one.answers.keys() & other.answers.keys())
        rows.append(
            (
                TableCell(f"{one.name} and {other.name}", f"{one.name} {other.name}"),
                kappa_cell(found),
                TableCell(str(n), n),
            )
        )
    rows.sort(key=lambda row: row[1].value if isinstance(row[1].value, float) else 2.0)
    heads = ("Two learners", "Cohen\u2019s kappa", "Pairs")
    return table("agreement", "Every two learners, the least agreed first", heads, rows)


def shares_of(answers: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """List who gave each answer that was given, the commonest first."""
    found = [(said, sorted(n for n, one in answers.items() if one == said))
             for said in (MATCH, NO_MATCH, UNSURE)]  # fmt: skip
    return sorted(((said, who) for said, who in found if who), key=lambda one: -len(one[1]))

"""Targets of under-reporting: shares of the attendances of groups that the police know of.

Targets may overlap: women and people of 18 to 34, say. The attendances are cut into cells whose
members belong to the same targets, and the number known in each cell is found by integer
programming: every target to its nearest record if all can be, and the cells otherwise as near as
possible to the shares that raking gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import AfterValidator, Field, model_validator
from scipy.optimize import Bounds, LinearConstraint, brentq, linprog, milp
from scipy.special import expit, logit

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.errors import TargetError
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.reporting.help_seeking import Marks
from darkfigure.synth.schema import FORCES, INJURY, PLACE, RELATIONSHIP, SEX, VIOLENCE

_STEEPEST = 40.0  # log odds beyond which a probability is 0 or 1 in double precision; no rate
_ROUNDS = 60  # of raking; it has converged long before where targets agree
_NEXT_RECORD = 1 - 1e-6  # a target may miss its real number by less than one record; no rate
_FIRST = 1e4  # weight of a target's record, where a cell's has 1; no rate


def _one_of(codes: Iterable[str]) -> AfterValidator:
    known = tuple(codes)

    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return value

    return AfterValidator(check)


class Target(Spec):
    """A share for the attendances of a group: those that match every field that is set."""

    unknown_share: Rate
    """Share of the group's attendances without a police record."""
    sex: Annotated[str, _one_of(SEX)] | None = None
    age_from: Amount | None = None
    """Least age in years when the study begins."""
    age_below: Amount | None = None
    """Upper bound of the age in years, itself excluded."""
    relationship: Annotated[str, _one_of(RELATIONSHIP)] | None = None
    kind: Annotated[str, _one_of(VIOLENCE)] | None = None
    injury: Annotated[str, _one_of(INJURY)] | None = None
    place: Annotated[str, _one_of(PLACE)] | None = None
    force: Annotated[str, _one_of(FORCES)] | None = None
    deprivation_quintile: Annotated[int, Field(ge=1, le=5)] | None = None

    @model_validator(mode="after")
    def _names_a_group(self) -> Target:
        if not self._named():
            raise ValueError("names no group; for all attendances set contacts.unknown_share")
        return self

    def __str__(self) -> str:
        """Name the group."""
        return ", ".join(f"{name} = {value}" for name, value in self._named().items())

    def _named(self) -> dict[str, Any]:
        return self.model_dump(exclude={"unknown_share"}, exclude_none=True)

    def members(self, marks: Marks) -> Mask:
        """Mark the incidents of the group."""
        return np.logical_and.reduce(
            [_matches(name, value, marks) for name, value in self._named().items()]
        )


def _matches(name: str, value: Any, marks: Marks) -> Mask:  # noqa: ANN401, a field's value
    if name == "sex":
        return marks.male == (value == "M")
    if name == "age_from":
        return marks.age_years >= value
    if name == "age_below":
        return marks.age_years < value
    if name == "deprivation_quintile":
        return marks.quintile == value
    codes = {
        "relationship": (marks.relationship, RELATIONSHIP),
        "kind": (marks.kind, VIOLENCE),
        "injury": (marks.injury, INJURY),
        "place": (marks.place, PLACE),
        "force": (marks.force, FORCES),
    }
    column, labels = codes[name]
    return np.asarray(column == list(labels).index(value))


@dataclass(frozen=True)
class Aims:
    """Targets in the form that the solver needs; G cells, T targets."""

    names: tuple[str, ...]  # of the targets
    shares: Floats  # unknown, (T,)
    member: Mask  # whether a cell belongs to a target, (T, G)
    size: Ints  # attendances in each cell, (G,)
    most: Floats  # that can be known in each cell, (G,)

    @property
    def counts(self) -> Floats:
        """Numbers of each target's attendances to be known, before rounding, shape (T,)."""
        return np.asarray((self.member @ self.size) * (1 - self.shares))


def rake(aims: Aims) -> Floats:
    """Find numbers known in each cell, before rounding, that fit the targets with even odds within.

    Returns
    -------
    Shape (G,).
    """
    least = np.full(len(aims.size), 0.5)
    room = np.maximum(aims.most, 1e-300)
    for _ in range(_ROUNDS if len(aims.names) > 1 else 1):
        for member, count in zip(aims.member, aims.counts, strict=True):
            least[member] = _tilt(least[member], room[member], float(count))
    return np.asarray(np.minimum(least * room, aims.most))


def _tilt(share: Floats, room: Floats, total: float) -> Floats:
    """Change shares by one odds ratio so that they make a total number."""
    if total <= 0 or total >= room.sum():
        return np.full(len(share), float(total > 0))
    odds = np.clip(logit(share), -_STEEPEST, _STEEPEST)

    def excess(level: float) -> float:
        return float((expit(odds + level) * room).sum() - total)

    return np.asarray(expit(odds + brentq(excess, -3 * _STEEPEST, 3 * _STEEPEST)))


def solve_counts(aims: Aims) -> Ints:
    """Find the number to be known in each cell.

    Returns
    -------
    Whole numbers, shape (G,); each target's sum is the nearest record, or the next if the nearest
    of all targets do not add up.

    Raises
    ------
    TargetError
        The targets contradict each other; the message names them, and the shares that they leave.
    """
    natural, cells, targets = rake(aims), len(aims.size), len(aims.names)
    # The unknowns count from the records below the natural ones: the solver's tolerances, all of
    # which it uses, are absolute, and it refuses its own solution where the numbers are large.
    below = np.floor(natural)
    above, remaining = natural - below, aims.counts - aims.member @ below
    cell_identity, target_identity = np.eye(cells), np.eye(targets)
    member = aims.member.astype(float)
    none = np.zeros((targets, cells))
    # Unknowns: records added in each cell, its distance from the natural number, and each target's
    # distance from its own.
    rows = np.vstack(
        [
            np.hstack([cell_identity, -cell_identity, none.T]),
            np.hstack([cell_identity, cell_identity, none.T]),
            np.hstack([member, none, -target_identity]),
            np.hstack([member, none, target_identity]),
        ]
    )
    low = np.concatenate([np.full(cells, -np.inf), above, np.full(targets, -np.inf), remaining])
    high = np.concatenate([above, np.full(cells, np.inf), remaining, np.full(targets, np.inf)])
    least = np.concatenate([-below, np.zeros(cells + targets)])
    most = np.concatenate(
        [aims.most - below, np.full(cells, np.inf), np.full(targets, _NEXT_RECORD)]
    )
    solution = milp(
        np.concatenate([np.zeros(cells), np.ones(cells), np.full(targets, _FIRST)]),
        constraints=LinearConstraint(rows, low, high),
        bounds=Bounds(least, most),
        integrality=np.concatenate([np.ones(cells), np.zeros(cells + targets)]),
        options={"mip_rel_gap": 0},
    )
    if solution.x is None:
        raise TargetError(_contradiction(aims))
    return np.asarray(below + np.rint(solution.x[:cells]), np.int64)


def _contradiction(aims: Aims) -> str:
    """Name the targets that the others leave no room for, and the shares that they leave."""
    total = aims.member @ aims.size
    lines = []
    for number, name in enumerate(aims.names):
        reach = _reach(aims, number)
        if reach and not reach[0] - 1 < aims.counts[number] < reach[1] + 1:
            low, high = (1 - count / total[number] for count in reversed(reach))
            lines.append(
                f"  - {name}: unknown_share = {aims.shares[number]}, but the others and the "
                f"recording rates leave it between {low:.4f} and {high:.4f}"
            )
    reasons = "\n".join(lines) or "  - no two of them can be told apart as the cause"
    return f"contacts: the targets contradict each other:\n{reasons}\nChange one of them."


def _reach(aims: Aims, number: int) -> tuple[float, float] | None:
    """Give the least and the most that a target can count while the others hold; None if never."""
    others = np.delete(np.arange(len(aims.names)), number)
    rows = aims.member[others].astype(float)
    limits = aims.counts[others]
    cost = aims.member[number].astype(float)
    ends = []
    for sign in (1, -1):
        solution = linprog(
            sign * cost,
            A_ub=np.vstack([rows, -rows]) if len(others) else None,
            b_ub=np.concatenate([limits, -limits]) + _NEXT_RECORD if len(others) else None,
            bounds=np.column_stack([np.zeros(len(aims.most)), aims.most]),
        )
        if solution.x is None:
            return None
        ends.append(sign * float(solution.fun))
    return ends[0], ends[1]

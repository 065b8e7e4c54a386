"""Targets of under-reporting: how many attendances of each group the police are to know of.

Targets may overlap: women and those of 18 to 34, say. The attendances are cut into cells whose
members belong to the same targets, and the number known in each cell is found by integer
programming: every target to its nearest record where all can be, and the cells otherwise as near
as possible to the shares that raking gives.
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

_STEEPEST = 40.0  # log odds beyond which a probability is 0 or 1 in double precision
_ROUNDS = 60  # of raking; it has converged long before where targets agree
_NEXT_RECORD = 1 - 1e-6  # a target may miss its real number by less than one record
_FIRST = 1e4  # how much more a target's record weighs than a cell's


def _one_of(codes: Iterable[str]) -> AfterValidator:
    known = tuple(codes)

    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return value

    return AfterValidator(check)


class Target(Spec):
    """A share for the attendances of a group: those that match everything it names."""

    unknown_share: Rate
    """Share of the group's attendances without a police record."""
    sex: Annotated[str, _one_of(SEX)] | None = None
    age_from: Amount | None = None
    """Least age in years when the study begins."""
    age_below: Amount | None = None
    """Age in years that they have not reached."""
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


def _matches(name: str, value: Any, marks: Marks) -> Mask:  # noqa: ANN401, as named
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
    """Targets as the solver sees them; G cells, T targets."""

    names: tuple[str, ...]  # of the targets
    shares: Floats  # unknown, (T,)
    member: Mask  # whether a cell belongs to a target, (T, G)
    size: Ints  # attendances in each cell, (G,)
    most: Floats  # that can be known in each cell, (G,)

    @property
    def wanted(self) -> Floats:
        """How many are to be known of each target's, as real numbers."""
        return np.asarray((self.member @ self.size) * (1 - self.shares))


def rake(aims: Aims) -> Floats:
    """Give how many known in each cell, as real numbers, fit the targets with even odds within."""
    least = np.full(len(aims.size), 0.5)
    room = np.maximum(aims.most, 1e-300)
    for _ in range(_ROUNDS if len(aims.names) > 1 else 1):
        for member, wanted in zip(aims.member, aims.wanted, strict=True):
            least[member] = _tilt(least[member], room[member], float(wanted))
    return np.asarray(np.minimum(least * room, aims.most))


def _tilt(share: Floats, room: Floats, wanted: float) -> Floats:
    """Change shares by one odds ratio so that they make the wanted number."""
    if wanted <= 0 or wanted >= room.sum():
        return np.full(len(share), float(wanted > 0))
    odds = np.clip(logit(share), -_STEEPEST, _STEEPEST)

    def excess(level: float) -> float:
        return float((expit(odds + level) * room).sum() - wanted)

    return np.asarray(expit(odds + brentq(excess, -3 * _STEEPEST, 3 * _STEEPEST)))


def solve_counts(aims: Aims) -> Ints:
    """Find how many are to be known in each cell.

    Returns
    -------
    Whole numbers, shape (G,); each target's sum is the nearest record, or the next where the
    nearest of all targets do not add up.

    Raises
    ------
    TargetError
        The targets contradict each other; the message says which, and what they leave.
    """
    natural, cells, targets = rake(aims), len(aims.size), len(aims.names)
    # The unknowns count from the records below the natural ones: the solver's tolerances, all of
    # which it uses, are absolute, and it refuses its own solution where the numbers are large.
    below = np.floor(natural)
    above, lacking = natural - below, aims.wanted - aims.member @ below
    one, other = np.eye(cells), np.eye(targets)
    member = aims.member.astype(float)
    none = np.zeros((targets, cells))
    # Unknowns: more known in each cell, its distance from the natural, each target's from the
    # wanted.
    rows = np.vstack(
        [
            np.hstack([one, -one, none.T]),
            np.hstack([one, one, none.T]),
            np.hstack([member, none, -other]),
            np.hstack([member, none, other]),
        ]
    )
    low = np.concatenate([np.full(cells, -np.inf), above, np.full(targets, -np.inf), lacking])
    high = np.concatenate([above, np.full(cells, np.inf), lacking, np.full(targets, np.inf)])
    least = np.concatenate([-below, np.zeros(cells + targets)])
    most = np.concatenate(
        [aims.most - below, np.full(cells, np.inf), np.full(targets, _NEXT_RECORD)]
    )
    found = milp(
        np.concatenate([np.zeros(cells), np.ones(cells), np.full(targets, _FIRST)]),
        constraints=LinearConstraint(rows, low, high),
        bounds=Bounds(least, most),
        integrality=np.concatenate([np.ones(cells), np.zeros(cells + targets)]),
        options={"mip_rel_gap": 0},
    )
    if found.x is None:
        raise TargetError(_contradiction(aims))
    return np.asarray(below + np.rint(found.x[:cells]), np.int64)


def _contradiction(aims: Aims) -> str:
    """Say which targets the others leave no room for, and what they would leave."""
    total = aims.member @ aims.size
    lines = []
    for number, name in enumerate(aims.names):
        reach = _reach(aims, number)
        if reach and not reach[0] - 1 < aims.wanted[number] < reach[1] + 1:
            low, high = (1 - count / total[number] for count in reversed(reach))
            lines.append(
                f"  - {name}: unknown_share = {aims.shares[number]}, but the others and the "
                f"recording rates leave it between {low:.4f} and {high:.4f}"
            )
    said = "\n".join(lines) or "  - no two of them can be told apart as the cause"
    return f"contacts: the targets contradict each other:\n{said}\nChange one of them."


def _reach(aims: Aims, number: int) -> tuple[float, float] | None:
    """Give the least and the most that a target can count while the others hold; None if never."""
    others = np.delete(np.arange(len(aims.names)), number)
    rows = aims.member[others].astype(float)
    limits = aims.wanted[others]
    cost = aims.member[number].astype(float)
    ends = []
    for sign in (1, -1):
        found = linprog(
            sign * cost,
            A_ub=np.vstack([rows, -rows]) if len(others) else None,
            b_ub=np.concatenate([limits, -limits]) + _NEXT_RECORD if len(others) else None,
            bounds=np.column_stack([np.zeros(len(aims.most)), aims.most]),
        )
        if found.x is None:
            return None
        ends.append(sign * float(found.fun))
    return ends[0], ends[1]

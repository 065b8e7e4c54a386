"""Incidents that the police hear of and record.

Three reasons why the police have no record of an incident stay apart: it was never reported, it was
reported but not recorded, or it was recorded and cannot be linked. The first two are decided here;
the third depends on a linkage method.

Each incident has a critical level: the willingness to report, as a log odds common to all, at which
this incident would be reported. A target share is met exactly by recording the incidents whose
critical levels are lowest; raising the target therefore only takes records away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from scipy.optimize import brentq
from scipy.special import expit, logit

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import TargetError
from darkfigure.synth.core.spec import Positive, Rate, Spec
from darkfigure.synth.reporting.help_seeking import Marks
from darkfigure.synth.reporting.targets import Aims, Target, rake, solve_counts
from darkfigure.synth.schema import FORCES, POLICE_STATUS, codes_of

NEVER, NOT_RECORDED, RECORDED = range(len(POLICE_STATUS))
_DYFED_POWYS = list(FORCES).index("dyfed_powys")
_TOGETHER_RATE = 0.85  # people of an event of whom the police hear with it; assumed
_HAIR = 1e-6  # no rate
_KILLED = 30.0  # log odds of reporting a death; assumed
_STEEPEST = 40.0  # log odds beyond which a probability is 0 or 1 in double precision; no rate


class OddsRatios(Spec):
    """Odds of reporting to the police, against an incident without the mark; all assumed."""

    male: Positive = 0.75
    aged_18_to_34: Positive = 0.75
    under_16: Positive = 0.55
    stranger: Positive = 1.0
    acquaintance: Positive = 0.95
    partner: Positive = 0.75
    weapon: Positive = 2.0
    wounding: Positive = 3.3
    minor_injury: Positive = 1.8
    harassment: Positive = 0.29
    admitted: Positive = 2.0
    alcohol: Positive = 0.8
    licensed: Positive = 0.9
    own_home: Positive = 0.9
    most_deprived: Positive = 0.85
    north_wales: Positive = 1.85
    gwent: Positive = 1.1
    south_wales: Positive = 0.8
    dyfed_powys: Positive = 1.85
    harassment_in_dyfed_powys: Positive = 0.9
    """Set so that 45 % of the force's recorded violence is stalking and harassment (ONS 2023)."""


class Recording(Spec):
    """Share of reports of violence that each force records.

    One force's is published; the others are assumed near the rates for all crime (0.88 to 0.91,
    inspections 2017-18).
    """

    north_wales: Rate = 0.86
    """North Wales."""
    gwent: Rate = 0.88
    """Gwent."""
    south_wales: Rate = 0.88
    """South Wales."""
    dyfed_powys: Rate = 0.854
    """Dyfed-Powys. Source: HMICFRS inspection 2021."""
    binding: bool = False
    """True: a target that these rates make impossible is refused; false: the rates give way."""


@dataclass(frozen=True)
class Goals:
    """Shares of incidents that the police are to know of."""

    unknown_share: float  # of attendances
    targets: tuple[Target, ...]  # for groups of attendances
    recorded_without_ed: float | None  # of incidents without an attendance, or:
    dependence: float | None  # odds ratio between attendance and record beyond covariates
    exact: bool
    recording: Recording


def tell_police(
    incidents: pa.Table, marks: Marks, ratios: OddsRatios, goals: Goals, chance: Stream
) -> Ints:
    """Decide which incidents are reported to the police, and which of these are recorded.

    Parameters
    ----------
    incidents
        Table with `ed_attended`, `admitted`, `weapon` and `alcohol`.
    marks
        Marks of the incidents.
    ratios
        Factors that make reporting likelier.
    goals
        Shares of incidents that the police are to know of.
    chance
        Stream of the stage; draws are keyed by incident.

    Returns
    -------
    Index into `schema.POLICE_STATUS`, shape (n,). Among incidents with `ed_attended` the shares
    without a record are those of `goals`, each to the nearest record if `goals.exact`.

    Raises
    ------
    TargetError
        The shares cannot be reached; the message says why and gives the range.
    """
    rate = np.array([getattr(goals.recording, name) for name in FORCES])[marks.force]
    effect = _effects(incidents, marks, ratios)
    reports = _Reports(
        effect=effect,
        rate=rate,
        level=logit(_luck(marks, chance) + 2.0**-54) - effect,
        care=np.where(marks.killed, 0.0, chance.uniform("records", marks.ids)),
    )
    attended = incidents["ed_attended"].to_numpy(zero_copy_only=False)
    cells = _cells(marks, goals.targets)
    status = np.full(len(marks.ids), NEVER)  # outside Wales, another police is told
    seen = _Seen(reports.take(attended), cells[:, attended], goals)
    status[attended] = seen.status()
    elsewhere = ~attended & ~marks.abroad
    unseen = _Unseen(reports.take(elsewhere), cells[:, elsewhere], goals)
    status[elsewhere] = unseen.status(seen)
    return status


def _luck(marks: Marks, chance: Stream) -> Floats:
    """Draw the luck with which each incident is reported; most of an event have the same."""
    together = chance.happens("reported_together", marks.ids, _TOGETHER_RATE)
    alone = chance.uniform("reports", marks.ids)
    shared = chance.uniform("event_reports", marks.event)
    # A hair of their own keeps people of an event apart where a target falls between them.
    return np.where(together, shared + (alone - shared) * _HAIR, alone)


@dataclass(frozen=True)
class _Reports:
    """Incidents on their way to the police; arrays have one entry each."""

    effect: Floats  # log odds of reporting, apart from the common level
    rate: Floats  # share of reports that the force records
    level: Floats  # common level from which this incident is reported
    care: Floats  # draw that decides whether a report is recorded
    odds_ratio: float = 1.0  # divisor of the odds of a record, against an attendance

    @property
    def size(self) -> int:
        """Number of incidents."""
        return len(self.level)

    @property
    def recordable(self) -> Mask:
        """Incidents that will be recorded if they are reported."""
        return np.asarray(self.care < self.rate)

    def take(self, chosen: Mask) -> _Reports:
        """Take some incidents."""
        return replace(
            self,
            effect=self.effect[chosen],
            rate=self.rate[chosen],
            level=self.level[chosen],
            care=self.care[chosen],
        )

    def less_known(self, odds_ratio: float, shift: Floats) -> _Reports:
        """Divide the odds of a record by a ratio, and shift log odds of reporting."""
        # An incident that is reported with this draw is recorded with this probability ...
        recorded = expit(self.level + self.effect) * self.rate
        # ... which would have been this with an attendance; the level is where that is reached.
        seen = odds_ratio * recorded / (1 - recorded + odds_ratio * recorded)
        effect = self.effect + shift
        share = seen / np.maximum(self.rate, 1e-300)
        possible = share < 1
        level = np.where(possible, logit(np.where(possible, share, 0.5)), np.inf) - effect
        return replace(self, effect=effect, level=level, odds_ratio=odds_ratio)

    def expected(self, level: float) -> float:
        """Give the expected number of records at a common level."""
        seen = expit(level + self.effect) * self.rate
        odds = self.odds_ratio
        return float(np.minimum(seen / (seen + odds * (1 - seen)), self.rate).sum())

    def status(self, level: float) -> Ints:
        """Give the status of each incident at a common level of willingness to report."""
        recorded = np.where(self.recordable, RECORDED, NOT_RECORDED)
        return np.where(self.level <= level, recorded, NEVER)

    def solve(self, count: float) -> float:
        """Find the level at which the expected number of records is `count`."""
        if not self.size or self.expected(-_STEEPEST) >= count:
            return -np.inf
        if self.expected(_STEEPEST) <= count:
            return np.inf
        return float(brentq(lambda level: self.expected(level) - count, -_STEEPEST, _STEEPEST))

    def lowest(self, count: int) -> Ints:
        """Record exactly so many: those reported first as willingness to report rises.

        If a force's usual care does not suffice, it takes more, for the best cases first.
        """
        recordable = self.recordable
        order = np.lexsort((np.where(recordable, self.level, self.care), ~recordable))
        chosen = order[:count]
        if count > recordable.sum():
            level = np.inf
        else:
            level = float(self.level[chosen].max()) if count else -np.inf
        status = self.status(level)
        status[chosen] = RECORDED
        return status


class _Seen:
    """Incidents that an emergency department saw, by their cell of targets."""

    def __init__(self, reports: _Reports, member: Mask, goals: Goals) -> None:
        self.reports = reports
        self.goals = goals
        self.code, self.cell = np.unique(_code(member), return_inverse=True)
        self.parts = [reports.take(self.cell == cell) for cell in range(len(self.code))]
        bits = np.arange(len(member))[:, None]
        # The first target is for all attendances.
        inside = np.vstack([np.ones(len(self.code)), self.code >> bits & 1]).astype(bool)
        self.aims = Aims(
            names=("all attendances", *(str(target) for target in goals.targets)),
            shares=np.array(
                [goals.unknown_share, *(target.unknown_share for target in goals.targets)]
            ),
            member=inside,
            size=np.array([part.size for part in self.parts], np.int64),
            most=np.array([self._most(part) for part in self.parts], float),
        )

    def _most(self, part: _Reports) -> float:
        """Give the largest number of records in a cell."""
        if not self.goals.exact:
            return float(part.rate.sum())
        return float(part.recordable.sum()) if self.goals.recording.binding else part.size

    def status(self) -> Ints:
        """Decide the status of each incident so that the targets are met."""
        status = np.empty(self.reports.size, np.int64)
        if not self.reports.size:
            return status
        _refuse_unreachable(self.aims)
        counts = solve_counts(self.aims)
        natural = rake(self.aims)
        for cell, part in enumerate(self.parts):
            level = part.solve(natural[cell])
            own = part.lowest(int(counts[cell])) if self.goals.exact else part.status(level)
            status[self.cell == cell] = own
        return status

    def level(self) -> float:
        """Find the common level at which the share of unknown attendances is the goal's.

        Raises
        ------
        TargetError
            There is no such level, so that odds have no ratio.
        """
        level = self.reports.solve(self.reports.size * (1 - self.goals.unknown_share))
        if self.reports.size and not np.isfinite(level):
            least = 1 - self.reports.rate.mean()
            raise TargetError(
                f"contacts.dependence needs an unknown_share between {least:.4f} and 1, both "
                f"excluded, with these recording rates; it is {self.goals.unknown_share}. Give "
                "recorded_without_ed instead."
            )
        return level

    def shifts(self, common: float) -> dict[int, float]:
        """Give the difference of each cell's level from the common one."""
        natural = rake(self.aims)
        levels = [part.solve(natural[cell]) for cell, part in enumerate(self.parts)]
        return dict(zip(self.code.tolist(), np.array(levels) - common, strict=True))


class _Unseen:
    """Incidents without an attendance."""

    def __init__(self, reports: _Reports, member: Mask, goals: Goals) -> None:
        self.reports = reports
        self.code = _code(member)
        self.goals = goals

    def status(self, seen: _Seen) -> Ints:
        """Record the goal's share, or as many as the dependence on attendance gives."""
        if self.goals.dependence is None:
            reports = self.reports
            share = self.goals.recorded_without_ed or 0.0
            count = min(share * reports.size, float(reports.rate.sum()))
            level = reports.solve(count)
        else:
            level = seen.level()
            reports = self._dependent(seen, level)
            count = reports.expected(level)
        if not self.goals.exact:
            return reports.status(level)
        return reports.lowest(min(round(count), int(reports.recordable.sum())))

    def _dependent(self, seen: _Seen, level: float) -> _Reports:
        shifts = seen.shifts(level) if self.goals.targets else {}
        shift = np.zeros(self.reports.size)
        for code, above in shifts.items():
            shift[self.code == code] = np.clip(above, -_STEEPEST, _STEEPEST)
        return self.reports.less_known(float(self.goals.dependence or 1.0), shift)


def _refuse_unreachable(aims: Aims) -> None:
    """Refuse a share of all attendances that the recording rates alone make impossible."""
    size, most = int(aims.size.sum()), float(aims.most.sum())
    share = float(aims.shares[0])
    if (1 - share) * size > most + 0.5:
        raise TargetError(
            f"contacts.unknown_share = {share} cannot be reached: with these recording rates it "
            f"lies between {1 - most / size:.4f} and 1. Raise contacts.recording, or let it give "
            "way with recording.binding = false and exact = true."
        )


def _cells(marks: Marks, targets: tuple[Target, ...]) -> Mask:
    """Tell which incidents belong to each target's group, shape (targets, n)."""
    rows = [target.members(marks) for target in targets]
    return np.array(rows, bool).reshape(len(rows), len(marks.ids))


def _code(member: Mask) -> Ints:
    """Give each incident the number of its combination of targets: bit t for target t."""
    bits = np.left_shift(1, np.arange(len(member)))
    return np.asarray(bits @ member, np.int64) if len(member) else np.zeros(member.shape[1], int)


def _effects(incidents: pa.Table, marks: Marks, ratios: OddsRatios) -> Floats:
    """Add up the log odds ratios of each incident's marks."""
    age = marks.age_years
    holds = {
        "male": marks.male,
        "aged_18_to_34": (age >= 18) & (age < 35),
        "under_16": age < 16,
        "stranger": marks.by("stranger"),
        "acquaintance": marks.by("acquaintance"),
        "partner": marks.by("partner", "ex_partner"),
        "weapon": codes_of(incidents["weapon"], ("none",)) < 0,
        "wounding": marks.hurt("wounding"),
        "minor_injury": marks.hurt("minor"),
        "harassment": marks.is_kind("harassment"),
        "admitted": incidents["admitted"].to_numpy(zero_copy_only=False),
        "alcohol": incidents["alcohol"].to_numpy(zero_copy_only=False),
        "licensed": marks.at("licensed"),
        "own_home": marks.at("own_home"),
        "most_deprived": marks.quintile == 1,
        **{name: marks.force == number for number, name in enumerate(FORCES)},
        "harassment_in_dyfed_powys": marks.is_kind("harassment") & (marks.force == _DYFED_POWYS),
    }
    effect = np.where(marks.killed, _KILLED, 0.0)
    for name, mark in holds.items():
        effect[mark] += np.log(getattr(ratios, name))
    return effect

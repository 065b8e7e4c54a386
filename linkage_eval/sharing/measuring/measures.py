"""All measurements of a strategy at work: its gains, its costs and its disclosures.

Two worlds are compared. In the one nobody stays away: it has everything that the strategy would
show. In the other the deterred stay away: it has what is left to show.
"""

from __future__ import annotations

import time
from typing import Any

import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import Definition
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge, spread_knowledge
from darkfigure.linkage_eval.sharing.measuring import (
    at_risk,
    attacks,
    exposure,
    members,
    places,
    recaptured,
)
from darkfigure.linkage_eval.sharing.measuring.quantities import ALL, Of, quantity
from darkfigure.linkage_eval.sharing.metrics import (
    deterrence,
    disclosure,
    effort,
    misuse,
    visibility,
)
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.storage.dataset import Dataset

# The agencies whose sight is measured: the police, and the violence prevention unit.
WATCHERS = ("police:*", "vpu:wales")
DEFINITIONS: tuple[Definition, ...] = (
    *visibility.DEFINITIONS,
    *disclosure.DEFINITIONS,
    *effort.DEFINITIONS,
    *misuse.DEFINITIONS,
    *deterrence.DEFINITIONS,
    *recaptured.DEFINITIONS,
    *places.DEFINITIONS,
    *at_risk.DEFINITIONS,
    *exposure.DEFINITIONS,
    *attacks.DEFINITIONS,
    *members.DEFINITIONS,
    Definition("cpu_seconds", "processor time that the strategy took to run", "seconds"),
)


class Yardstick:
    """Measures strategies on one dataset, whose truth and agencies' tables are read once.

    Parameters
    ----------
    dataset
        The dataset, with its truth; strategies see it without.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset, self._view = dataset, AgencyView.of(dataset)
        self._sight = visibility.Sight(dataset)
        self._attendance = deterrence.DeterredAttendance(dataset)
        self._lists = recaptured.Lists(dataset)
        self._atlas = places.Atlas(dataset, self._view)
        self._risks = at_risk.Risks(dataset)
        self._attacker = attacks.Attacker(dataset)
        self._members = members.Members(self._view)

    def measure(self, name: str) -> list[dict[str, Any]]:
        """Measure a strategy.

        Parameters
        ----------
        name
            Name or path of the strategy, with overlays, as `load_strategy` reads it.

        Returns
        -------
        Rows of `tables.SHARING` without scenario, strategy and seed.

        Raises
        ------
        UnknownNameError
            There is no such strategy or overlay.
        SpecError
            A key of its file is missing, unknown or wrong, or the lint refuses it.
        MissingExtraError
            Its form needs a package that is not installed.
        """
        strategy = load_strategy(name)
        presented = self._attendance.under(strategy)
        began = time.process_time()
        full = spread_knowledge(self._view, strategy)
        cpu_seconds = time.process_time() - began
        left = full
        if presented.lost.any():
            absent = deterrence.lost_attendances(self._dataset, presented)
            left = spread_knowledge(self._view, strategy, absent=absent)
        named = self._sight.name_people(full.log)
        values = {
            **effort.measure_effort(full),
            **disclosure.measure_disclosure(self._dataset, full),
            **misuse.measure_misuse(misuse.find_misuses(self._view, full)),
            "duplicate_assessments": effort.count_duplicates(named),
            "cpu_seconds": cpu_seconds,
        }
        n_shared = full.shared.num_rows
        rows = [quantity(metric, value, n=n_shared) for metric, value in values.items()]
        for watcher in WATCHERS:
            rows += self._look(watcher, full, left, presented)
        return [*rows, *_lost(presented), *self._use(left), *self._expose(full)]

    def _expose(self, known: Knowledge) -> list[dict[str, Any]]:
        """Measure the people whom somebody could single out or attack without their names."""
        strategy = known.strategy
        return [
            *exposure.measure_exposure(known),
            self._attacker.measure(strategy),
            *self._members.measure(strategy),
        ]

    def _use(self, known: Knowledge) -> list[dict[str, Any]]:
        """Measure the uses of knowledge: estimates, hotspots, people at risk."""
        rows = [self._lists.measure(known)]
        for watcher in (*WATCHERS, *_others(known)):
            measured = self._atlas.measure(known, watcher)
            defined = any(row["value"] is not None for row in measured)
            rows += measured if watcher in WATCHERS or defined else []
        for protector in at_risk.PROTECTORS:
            rows += self._risks.measure(known, protector)
        return rows

    def _look(
        self, watcher: str, full: Knowledge, left: Knowledge, presented: deterrence.Presentations
    ) -> list[dict[str, Any]]:
        """Measure an agency's sight, and newly visible incidents against lost presentations."""
        own = self._sight.see(full.log[:0], watcher)
        shown = self._sight.see(full.log, watcher)
        remaining = shown if left is full else self._sight.see(left.log, watcher)
        rows = [
            quantity(
                "visible_share",
                row["value"],
                n=row["n"],
                of=Of(watcher, row["granularity"], row["until"]),
                interval=(row["low"], row["high"]),
                why="nothing has happened",
            )
            for row in visibility.measure_visibility(remaining).to_pylist()
        ]
        for granularity in visibility.GRANULARITIES:
            new = pc.and_(pc.is_valid(shown[granularity]), pc.is_null(own[granularity]))
            of = Of(watcher, granularity)
            rows += _exchange(of, new.to_numpy(), presented)
        return rows


def _exchange(of: Of, new: Mask, presented: deterrence.Presentations) -> list[dict[str, Any]]:
    """Set attended incidents that become visible against presentations that are lost."""
    n_lost, n_came = int(presented.lost.sum()), int(presented.came.sum())
    gained = int((new & presented.came).sum())
    share = gained / (gained + n_came) if n_came else None
    why = "nobody stays away" if n_came else "nobody comes"
    rate = gained / n_lost if n_lost else None
    return [
        quantity("exchange_rate", rate, n=n_lost, of=of, why=why),
        quantity("break_even_lost_share", share, n=n_came, of=of, why=why),
    ]


def _lost(presented: deterrence.Presentations) -> list[dict[str, Any]]:
    rows = []
    for group, (lost, came) in presented.by_group().items():
        of = Of(ALL, "group" if group != ALL else ALL, group)
        share = lost / came if came else None
        rows += [
            quantity("presentations_lost", float(lost), n=came, of=of),
            quantity("presentations_lost_share", share, n=came, of=of, why="nobody comes"),
        ]
    return rows


def _others(known: Knowledge) -> list[str]:
    """List the recipients other than the watchers."""
    return sorted({held.recipient for held in known.held} - set(WATCHERS))

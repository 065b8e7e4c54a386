"""All measurements of a strategy at work: its gains, its costs and its disclosures.

Two worlds are compared. In the one nobody stays away: it has everything that the strategy would
show. In the other the deterred stay away: it has what is left to show.
"""

from __future__ import annotations

import time
from typing import Any

from darkfigure.linkage_eval.metrics.metric_set import MetricSet
from darkfigure.linkage_eval.metrics.registry import gather
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import spread_knowledge
from darkfigure.linkage_eval.sharing.measuring.at_risk import Risks
from darkfigure.linkage_eval.sharing.measuring.attacks import Attacker
from darkfigure.linkage_eval.sharing.measuring.members import Members
from darkfigure.linkage_eval.sharing.measuring.places import Atlas
from darkfigure.linkage_eval.sharing.measuring.recaptured import Lists
from darkfigure.linkage_eval.sharing.metrics.deterrence import DeterredAttendance, lost_attendances
from darkfigure.linkage_eval.sharing.metrics.visibility import Sight
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.synth.storage.dataset import Dataset


class Yardstick:
    """Measures strategies on one dataset, whose truth and agencies' tables are read once.

    Parameters
    ----------
    dataset
        The dataset, with its truth; strategies see it without.
    metrics
        The metrics; without, those of the library.
    """

    def __init__(self, dataset: Dataset, metrics: MetricSet | None = None) -> None:
        view = AgencyView.of(dataset)
        self._dataset, self._view = dataset, view
        self._metrics = metrics or gather(())
        self._attendance = DeterredAttendance(dataset)
        # The inputs of metrics that are the same for every strategy.
        self._given: dict[str, Any] = {
            "dataset": dataset,
            "view": view,
            "sight": Sight(dataset),
            "lists": Lists(dataset),
            "atlas": Atlas(dataset, view),
            "risks": Risks(dataset),
            "attacker": Attacker(dataset),
            "members": Members(view),
        }

    def measure(self, name: str) -> list[Measurement]:
        """Measure a strategy.

        Parameters
        ----------
        name
            Name or path of the strategy, with overlays, as `load_strategy` reads it.

        Returns
        -------
        By recipient, stratum and metric.

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
            absent = lost_attendances(self._dataset, presented)
            left = spread_knowledge(self._view, strategy, absent=absent)
        at_work = {
            "knowledge": full,
            "remaining": left,
            "presentations": presented,
            "cpu_seconds": cpu_seconds,
        }
        return self._metrics.measure("sharing", {**self._given, **at_work})

"""Attacks on membership: whether a synthetic release tells whose records it was made from.

The attacker holds the content of somebody's record, as released, and asks whether it was among
those from which the model learned. Ten models are made, each from another sample of the records
asked for. Half of those left over tell the attacker what is common; the other half should be no
nearer to the rows that the model draws.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.privacy import infer_membership
from darkfigure.linkage_eval.privacy.membership import FEW_FALSE, Membership
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge, asked_for
from darkfigure.linkage_eval.sharing.forms.release import carry, content_of
from darkfigure.linkage_eval.sharing.forms.synthetic import LEAST, as_texts, make_up
from darkfigure.linkage_eval.sharing.measuring.quantities import Of, quantity
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.hesitancy import ids_of
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.chance import Stream

_NEEDS = ("knowledge", "members")
_NAMES = ("membership_auc", "membership_tpr")
_SEEDS = range(10)
_WHY = "nothing synthetic is released"
_FEW = f"fewer than {round(1 / FEW_FALSE):,} records are left to compare with"


class _MembershipAttack(NamedTuple):
    n: int
    auc: tuple[float, ...]
    tpr: tuple[float, ...]


class Members:
    """Attacks on the synthetic releases of strategies; each once a dataset.

    Parameters
    ----------
    view
        The dataset without its truth: the members of a sample are known without it.
    """

    def __init__(self, view: AgencyView) -> None:
        self._view = view

    def measure(self, strategy: SharingStrategy) -> list[Measurement]:
        """Attack the synthetic releases of a strategy, and measure the most telling one."""
        flows = [flow for flow in strategy.flow if flow.format.what.made_up]
        attacked = [(flow, self._attack(flow)) for flow in flows]
        if not any(attack.auc for _, attack in attacked):
            reason = "too few records to make a release of" if flows else _WHY
            return [quantity(name, None, n=0, why=reason) for name in _NAMES]
        flow, worst = max(attacked, key=lambda pair: np.median(pair[1].auc or 0.0))
        of = Of(flow.recipient.agency, "attack", flow.format.kind)
        return [
            _spread(name, values, worst.n, of)
            for name, values in zip(_NAMES, (worst.auc, worst.tpr), strict=True)
        ]

    def _attack(self, flow: Flow) -> _MembershipAttack:
        key = flow.model_dump_json(include={"source", "fields", "rows", "generalise", "format"})
        if key not in self._done:
            rows = asked_for(self._view, flow)
            content = as_texts(content_of(flow, carry(flow, rows)))
            size = _learned_from(flow, content)
            trials = (
                [_try(flow, content, _order(flow, rows, seed)) for seed in _SEEDS]
                if size >= LEAST
                else []
            )
            self._done[key] = _MembershipAttack(
                size,
                tuple(trial.auc for trial in trials if trial.auc is not None),
                tuple(
                    trial.tpr_at_few_false for trial in trials if trial.tpr_at_few_false is not None
                ),
            )
        return self._done[key]

    @cached_property
    def _done(self) -> dict[str, _MembershipAttack]:
        return {}


@metric(
    name="membership_auc",
    label="Told who is behind it: .5 is chance",
    meaning="chance that a record behind a synthetic release looks more like it than one that "
    "is not; 0.5 tells nothing",
    formula="median over ten models; the interval is the worst and the best for the attacker",
    direction="lower",
    unit="probability",
    needs=_NEEDS,
)
@metric(
    name="membership_tpr",
    label="Told who is behind it, few false",
    meaning="share of the records behind a synthetic release that are told where one other "
    "in a thousand is told wrongly",
    formula="median over ten models; the interval is the worst and the best for the attacker",
    direction="lower",
    unit="share",
    needs=_NEEDS,
)
def measure_membership(knowledge: Knowledge, members: Members) -> list[Measurement]:
    """Measure the most telling attack on a synthetic release."""
    return members.measure(knowledge.strategy)


def _order(flow: Flow, rows: pa.Table, seed: int) -> np.ndarray:
    """Shuffle records by their keys."""
    chance = Stream(seed, ("privacy", "members"))
    ids = ids_of(rows[flow.source.holding.key])
    return np.argsort(chance.uniform("sample", ids), kind="stable")


def _learned_from(flow: Flow, content: pa.Table) -> int:
    """Count the records from which a model learns: the sample, or half of all if that is less."""
    return min(flow.format.sample, content.num_rows // 2)


def _try(flow: Flow, content: pa.Table, order: np.ndarray) -> Membership:
    size = _learned_from(flow, content)
    left = order[size:]
    members, others, known = (
        content.take(pa.array(rows)) for rows in (order[:size], left[::2], left[1::2])
    )
    # As many rows are drawn as the strategy releases, however few records there are.
    release = make_up(members, flow.format.sample)
    return infer_membership(members, others, known=known, release=release)


def _spread(metric: str, values: tuple[float, ...], n: int, of: Of) -> Measurement:
    if not values:
        return quantity(metric, None, n=n, of=of, why=_FEW)
    ends = min(values), max(values)
    return quantity(metric, float(np.median(values)), n=n, of=of, interval=ends)

"""Attacks on the forms in which a strategy releases records.

The attacker is the recipient, who holds the police's nominals in clear and is given people who are
all among them: the case that favours it most. Success is a distribution over ten draws of people,
and a lower bound. It depends on the form alone, so that each form is attacked once a dataset.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from darkfigure.linkage_eval.linkers.keys import linkage_keys
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.privacy import (
    CountService,
    Encoding,
    Scene,
    Synthetic,
    dictionary_attack,
    difference_counts,
    graph_attack,
    try_attack,
)
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge
from darkfigure.linkage_eval.sharing.forms.noisy import geometric_noise
from darkfigure.linkage_eval.sharing.measuring.quantities import Of, quantity
from darkfigure.linkage_eval.sharing.strategy.flows import Flow, ReleaseForm
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.storage.dataset import Dataset

_SEEDS = range(10)
_PEOPLE = 150
_LEAST = 20  # people in both sources, below which no attack is tried
_SECRET = 0.25  # share of people with the trait that counts are asked about; assumed
_SUCCESS, _ADVANTAGE = "attack_success", "attack_advantage"


@dataclass(frozen=True)
class _Trial:
    """One attack: the share of people whom it reads, and who would be guessed without it."""

    success: float
    guessed: float

    @property
    def advantage(self) -> float:
        return (self.success - self.guessed) / (1 - self.guessed)


class Attacker:
    """Attacks forms of release on the people of one dataset.

    Parameters
    ----------
    dataset
        A dataset marked as synthetic; its truth judges the attacks and is not shown to them.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._done: dict[str, list[_Trial]] = {}

    def measure(self, strategy: SharingStrategy) -> list[Measurement]:
        """Attack each form of a strategy, and measure the attack with the most advantage."""
        attacked = [
            (flow, trials) for flow in strategy.flow if (trials := self._attack(flow.format))
        ]
        if not attacked:
            why = _why(strategy.flow)
            return [quantity(name, None, n=0, why=why) for name in (_SUCCESS, _ADVANTAGE)]
        flow, trials = max(attacked, key=lambda attack: _spread(attack[1], "advantage")[1])
        measured = []
        for name, part in ((_SUCCESS, "success"), (_ADVANTAGE, "advantage")):
            least, median, worst = _spread(trials, part)
            of = Of(flow.recipient.agency, "attack", flow.format.kind)
            measured.append(quantity(name, median, n=len(_SEEDS), of=of, interval=(least, worst)))
        return measured

    def _attack(self, form: ReleaseForm) -> list[_Trial]:
        key = form.model_dump_json()
        if key not in self._done:
            attack = self._find_attack(form)
            self._done[key] = [attack(seed) for seed in _SEEDS] if attack else []
        return self._done[key]

    def _find_attack(self, form: ReleaseForm) -> Callable[[int], _Trial] | None:
        """Find the attack on a form: a function from a seed to a trial."""
        attack = form.what.attacked_by(form)
        if attack == "differencing":
            return partial(_difference, form)
        if attack is None or self._n < _LEAST:
            return None
        return self._read_filters(form) if attack == "graph" else partial(self._look_up, form)

    def _read_filters(self, form: ReleaseForm) -> Callable[[int], _Trial]:
        encoding = Encoding(hardening=form.hardening)
        trials = try_attack(graph_attack, self._stage, encoding, seeds=_SEEDS)
        by_seed = dict(zip(_SEEDS, trials.shares, strict=True))
        return lambda seed: self._named(by_seed[seed])

    def _named(self, share: float) -> _Trial:
        # Who knows nothing but that all are among his own names one person rightly, on average.
        return _Trial(share, 1 / self._n)

    def _look_up(self, form: ReleaseForm, seed: int) -> _Trial:
        scene = self._stage(Stream(seed, ("privacy", "scene")))
        sent = linkage_keys(scene.sent.records, form.key)
        reading = dictionary_attack(
            sent, scene.known.records, lambda records: linkage_keys(records, form.key)
        )
        return self._named(reading.share_named or 0.0)

    def _stage(self, chance: Stream) -> Scene:
        return Scene.stage(*self._sides, n=self._n, overlap=1.0, chance=chance)

    @cached_property
    def _n(self) -> int:
        try:
            sent, known = self._sides
        except DatasetError:  # a dataset without one of them
            return 0
        return min(_PEOPLE, len(np.intersect1d(sent.persons, known.persons)))

    @cached_property
    def _sides(self) -> tuple[Synthetic, Synthetic]:
        return Synthetic.read(self._dataset, "ed"), Synthetic.read(self._dataset, "police")


@metric(
    name=_SUCCESS,
    label="Read by an attacker",
    meaning="share of people attacked who are named, or whose secret, that one in four has, "
    "is told",
    formula="median over ten draws; the interval is the worst and the best of them for the "
    "attacker",
    direction="lower",
    unit="share",
    needs=("knowledge", "attacker"),
)
@metric(
    name=_ADVANTAGE,
    label="Attacker's advantage",
    meaning="what the attack reads beyond what anybody would guess without it: 0 is no attack, "
    "below 0 worse than guessing, 1 everything",
    formula="(success - guess) / (1 - guess); median, worst and best of ten draws",
    direction="lower",
    unit="share",
    needs=("knowledge", "attacker"),
)
def measure_attack(knowledge: Knowledge, attacker: Attacker) -> list[Measurement]:
    """Measure the attack on a strategy that succeeds most."""
    return attacker.measure(knowledge.strategy)


def _difference(form: ReleaseForm, seed: int) -> _Trial:
    """Ask for everybody and for everybody but one, again and again."""
    chance, people = Stream(seed, ("differencing",)), np.arange(_PEOPLE)
    trait = chance.happens("trait", people, _SECRET)

    def noise(asked: Ints) -> Floats:
        drawn = chance.uniform("noise", asked.astype(np.uint64))
        return geometric_noise(drawn, form.epsilon).astype(float)

    service = CountService(
        trait, min_group=form.min_cell, noise=noise if form.what.draws_noise else None
    )
    found = difference_counts(service, people)
    return _Trial(found.success or 0.0, found.baseline)


def _spread(trials: Sequence[_Trial], part: str) -> tuple[float, float, float]:
    values = [getattr(trial, part) for trial in trials]
    return min(values), float(np.median(values)), max(values)


def _why(flows: tuple[Flow, ...]) -> str:
    if not flows:
        return "nothing is shared"
    return "; ".join(dict.fromkeys(flow.format.what.unattacked for flow in flows))

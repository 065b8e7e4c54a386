"""A rule that is learnt from the truth: a boosted model, and the threshold with the best F1.

No person whose pairs a rule judges has a part in what it learnt, be it the model or the threshold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from darkfigure.linkage_eval.linkers.engines import engine
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import ID_BITS, Stream

N_FOLDS = 5
_HALVES = 2
_LEAST_ODDS = 1e-12  # log odds of 0 and 1 have no number; no rate
# Chosen among five on pairs of ED and police and of GP and hospital of the borough that
# `benchmarks/ceiling.py` has (truth of seeds 1 and 3 seen); they differed by .002 of F1 at best.
_MODEL = {
    "max_iter": 60,
    "learning_rate": 0.12,
    "max_leaf_nodes": 12,
    "min_samples_leaf": 10,
    "max_features": 0.3,
    "l2_regularization": 1.0,
    "random_state": 0,
}


@dataclass(frozen=True)
class LabelledPairs:
    """Pairs of records with all that can be seen of them, and the truth.

    Parameters
    ----------
    features
        Shape (pairs, features).
    same
        True where both records are of the same person, shape (pairs,).
    left, right
        Person ids of the two records, shape (pairs,).
    """

    features: Floats
    same: Mask
    left: Ints
    right: Ints

    @classmethod
    def joined(cls, parts: Sequence[LabelledPairs]) -> LabelledPairs:
        """Put the pairs of several worlds together; one is needed."""
        return cls(
            np.concatenate([part.features for part in parts]),
            np.concatenate([part.same for part in parts]),
            np.concatenate([part.left for part in parts]),
            np.concatenate([part.right for part in parts]),
        )

    def keep(self, chosen: Mask) -> LabelledPairs:
        """Keep the pairs that a mask marks."""
        return LabelledPairs(
            self.features[chosen], self.same[chosen], self.left[chosen], self.right[chosen]
        )

    def draw(self, n: int, chance: Stream) -> LabelledPairs:
        """Draw n of the pairs by chance, all if there are fewer."""
        number = chance.uniform("labelled", np.arange(len(self.same)))
        return self.keep(number <= np.sort(number)[min(n, len(number)) - 1])

    def groups(self, decision: str, n: int, chance: Stream) -> tuple[Ints, Ints]:
        """Put people into n groups by chance; give the groups of the left and the right person."""
        left, right = (
            chance.below(decision, people % (1 << ID_BITS), n) for people in (self.left, self.right)
        )
        return left, right


@dataclass(frozen=True)
class LearntRule:
    """Links a pair if the model gives it at least the threshold.

    A model that saw pairs of one kind alone is a number: it gives all pairs the same.
    """

    model: Any
    threshold: float

    @classmethod
    def learn(cls, pairs: LabelledPairs, chance: Stream, *, share: float = 1.0) -> LearntRule:
        """Learn from pairs.

        Parameters
        ----------
        pairs
            Pairs of both kinds.
        chance
            Draws the halves of people: the threshold is chosen on the scores that each half gets
            from a model of the other.
        share
            The people's share of all whom the rule will be used on: two strangers are both among
            them more seldom than one person is, which weights make up for.
        """
        halves = pairs.groups("half", _HALVES, chance)
        parts = [pairs.keep((halves[0] == half) & (halves[1] == half)) for half in range(_HALVES)]
        weight = share / _HALVES
        scores = [
            _scores(_fit(other, weight), part.features)
            for part, other in zip(parts, parts[::-1], strict=True)
        ]
        same = np.concatenate([part.same for part in parts])
        strangers = np.concatenate([part.left != part.right for part in parts])
        threshold = best_threshold(np.concatenate(scores), same, np.where(strangers, 1 / weight, 1))
        return cls(_fit(pairs, share), threshold)

    def margins(self, features: Floats) -> Floats:
        """Give how far the log odds of pairs are above the threshold's, shape (pairs,).

        Pairs are linked from 0 on.
        """
        if np.isinf(self.threshold):
            return np.full(len(features), -np.inf)
        return _log_odds(_scores(self.model, features)) - _log_odds(np.array([self.threshold]))


def margins_across_folds(
    pairs: LabelledPairs, chance: Stream, *, labels: int | None = None
) -> Floats:
    """Judge pairs by rules that learnt from other people of the same world.

    A pair is about two people, so each is judged by a rule that saw neither one's fold. Pairs whose
    people share a fold are judged without that and another, so that the kind of rule that judges a
    pair tells nothing of it.

    Parameters
    ----------
    pairs
        Pairs of both kinds.
    chance
        Draws of folds, keyed by person, and of labelled pairs.
    labels
        The number of pairs that each rule learns from; without, all that it may.

    Returns
    -------
    As of `LearntRule.margins`.
    """
    left, right = pairs.groups("fold", N_FOLDS, chance)
    another = 1 + chance.below("another fold", pairs.left % (1 << ID_BITS), N_FOLDS - 1)
    besides = np.where(left == right, (left + another) % N_FOLDS, right)
    margins = np.full(len(pairs.same), -np.inf)
    for closed in combinations(range(N_FOLDS), 2):
        learnt = pairs.keep(~np.isin(left, closed) & ~np.isin(right, closed))
        learnt = learnt.draw(labels, chance) if labels else learnt
        rule = LearntRule.learn(learnt, chance, share=1 - len(closed) / N_FOLDS)
        judged = np.isin(left, closed) & np.isin(besides, closed)
        margins[judged] = rule.margins(pairs.features[judged])
    return margins


def best_threshold(scores: Floats, same: Mask, weights: Floats) -> float:
    """Find the threshold with the best F1.

    Parameters
    ----------
    scores, same
        Of each pair, shape (pairs,).
    weights
        The number of pairs for which each stands, shape (pairs,).

    Returns
    -------
    A score halfway to the next lower one; infinite if no pair is of the same person.
    """
    order = np.argsort(-scores, kind="stable")
    scores, right, linked = scores[order], (same * weights)[order], weights[order]
    f1 = 2 * np.cumsum(right) / (np.cumsum(linked) + right.sum())
    last = np.append(scores[1:] < scores[:-1], True)  # equal scores are linked together
    if not same.any():
        return np.inf
    best = int(np.argmax(np.where(last, f1, -1)))
    return float(scores[best] + (scores[best + 1] if best + 1 < len(scores) else 0)) / 2


def _fit(pairs: LabelledPairs, share: float) -> Any:  # noqa: ANN401, the engine's
    if pairs.same.all() or not pairs.same.any():
        return float(pairs.same.any())  # of few labels all may be of one kind: nothing is learnt
    weights = np.where(pairs.left != pairs.right, 1 / share, 1)
    model = engine("sklearn.ensemble").HistGradientBoostingClassifier(**_MODEL)
    # So few pairs are learnt from sooner by one thread than by several that wait for each other.
    with engine("threadpoolctl").threadpool_limits(1):
        return model.fit(pairs.features, pairs.same, sample_weight=weights)


def _scores(model: Any, features: Floats) -> Floats:  # noqa: ANN401, the engine's
    if isinstance(model, float):
        return np.full(len(features), model)
    with engine("threadpoolctl").threadpool_limits(1):
        return np.asarray(model.predict_proba(features)[:, 1]) if len(features) else np.empty(0)


def _log_odds(scores: Floats) -> Floats:
    kept = np.clip(scores, _LEAST_ODDS, 1 - _LEAST_ODDS)
    return np.asarray(np.log(kept / (1 - kept)))

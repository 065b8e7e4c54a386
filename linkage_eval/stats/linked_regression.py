"""Regression on linked data: coefficients freed of what false links do to them.

Covariates stand in one file, outcomes in another, and a record of one is linked to its own record
in the other with a known probability, else to any other of its block alike (exchangeable errors).
Outcomes then are a mixture, T E[y], and a plain regression is shrunk. Two estimates undo it: the
ratio form of Chambers, X' (y - T mu), and that of Lahiri and Larsen, (T X)' (y - T mu). The linker
must not have used the outcome, and whoever is not linked is missing by another cause, which this
does not mend.

References
----------
Lahiri and Larsen (2005), "Regression analysis with linked data", Journal of the American
Statistical Association 100; Chambers (2009), "Regression analysis of probability-linked data",
Official Statistics Research Series 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit

from darkfigure.synth.core.arrays import Floats, Ints

Form = Literal["naive", "ratio", "lahiri-larsen"]
_STEPS, _CLOSE = 100, 1e-10  # of Newton's method; no rates


@dataclass(frozen=True)
class LinkedFile:
    """Records with the outcomes that links gave them.

    Parameters
    ----------
    covariates
        Shape (records, coefficients), a column of ones first.
    outcome
        As linked, shape (records,).
    block
        Block of each record, numbered from 0, shape (records,); links err within blocks.
    correct
        Probability that a record of each block is linked rightly, shape (blocks,).

    Raises
    ------
    ValueError
        A block's links are no better than chance.
    """

    covariates: Floats
    outcome: Floats
    block: Ints
    correct: Floats

    def __post_init__(self) -> None:
        size = np.bincount(self.block, minlength=len(self.correct))
        if (self.correct * size <= 1).any():
            raise ValueError("links of a block are right no more often than by chance: no answer")

    def mix(self, values: Floats) -> Floats:
        """Give what links make of values on average: T applied to each column."""
        size = np.bincount(self.block, minlength=len(self.correct))
        other = (1 - self.correct) / np.maximum(size - 1, 1)
        sums = np.zeros((len(self.correct), *values.shape[1:]))
        np.add.at(sums, self.block, values)
        own = (self.correct - other)[self.block], other[self.block]
        first, rest = (part.reshape(-1, *([1] * (values.ndim - 1))) for part in own)
        return np.asarray(first * values + rest * sums[self.block])


def linear(file: LinkedFile, form: Form = "lahiri-larsen") -> Floats:
    """Fit a linear regression.

    Parameters
    ----------
    file
        The linked records.
    form
        "naive" takes all links for right.

    Returns
    -------
    Coefficients, shape (coefficients,).
    """
    plain = file.covariates
    mixed = plain if form == "naive" else file.mix(plain)
    weights = mixed if form == "lahiri-larsen" else plain
    return np.asarray(np.linalg.solve(weights.T @ mixed, weights.T @ file.outcome))


def logistic(file: LinkedFile, form: Form = "lahiri-larsen") -> Floats:
    """Fit a logistic regression of an outcome of 0 and 1; parameters as of `linear`.

    Raises
    ------
    ValueError
        No finite coefficients solve it, as where a covariate tells the outcome for certain.
    """
    plain = file.covariates
    coefficients = np.zeros(plain.shape[1])
    if form != "naive":
        coefficients = logistic(file, "naive")
    for _ in range(_STEPS):
        mean = expit(plain @ coefficients)
        slope = plain * (mean * (1 - mean))[:, None]
        told, mixed = (mean, slope) if form == "naive" else (file.mix(mean), file.mix(slope))
        weights = mixed if form == "lahiri-larsen" else plain
        try:
            step = np.linalg.solve(weights.T @ mixed, weights.T @ (file.outcome - told))
        except np.linalg.LinAlgError:
            break
        coefficients = coefficients + step
        if not np.isfinite(coefficients).all():
            break
        if np.abs(step).max() < _CLOSE:
            return np.asarray(coefficients)
    raise ValueError("no finite coefficients solve the regression; take a covariate out")

"""Membership: whether a synthetic release tells who was in the data it was made from.

The attacker holds a person's record and looks how near the release comes to it: records that the
release was made from should be no nearer than others like them.

References
----------
Giomi et al. (2023), "A unified framework for quantifying privacy risk in synthetic data" (the
package anonymeter), PoPETs, for risk against a control; Carlini et al. (2022), "Membership
inference attacks from first principles", IEEE S&P, for the rate at few false positives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.stats import rankdata

from darkfigure.synth.core.arrays import Floats

FEW_FALSE = 0.001
_ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class Membership:
    """How well members are told from others; None where there are too few to say.

    Parameters
    ----------
    n_members, n_others
        Records of either.
    auc
        Probability that a member is nearer to the release than another; 0.5 tells nothing.
    tpr_at_few_false
        Share of members named where one in a thousand others is named wrongly; needs 1,000 others.
    """

    n_members: int
    n_others: int
    auc: float | None
    tpr_at_few_false: float | None


@dataclass(frozen=True)
class ControlledRisk:
    """An attack's success on those in the data beyond its success on a control group.

    Parameters
    ----------
    main, control
        Shares of right guesses, towards 1/2 by one guess each way so that neither is 0 or 1.
    risk
        (main - control) / (1 - control): what the release adds to what anybody could infer.
    """

    main: float
    control: float
    risk: float


def infer_membership(members: pa.Table, others: pa.Table, release: pa.Table) -> Membership:
    """Tell members of the original data from others by how near the release comes to each.

    Parameters
    ----------
    members, others
        Records that the release was made from, and records of the same kind that it was not.
    release
        Synthetic records with the same columns.
    """
    names = release.column_names
    if not (members.num_rows and others.num_rows and release.num_rows):
        return Membership(members.num_rows, others.num_rows, None, None)
    inside, outside = (nearest(side.select(names), release) for side in (members, others))
    return Membership(
        members.num_rows, others.num_rows, _auc(inside, outside), _few_false(inside, outside)
    )


def nearest(records: pa.Table, release: pa.Table) -> Floats:
    """Give the share of columns in which each record differs from the nearest released one."""
    codes = [_codes(records[name], release[name]) for name in release.column_names]
    found = np.ones(records.num_rows)
    for start in range(0, records.num_rows, _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        differ = sum(
            (mine[some, None] != theirs[None, :]).astype(np.int64) for mine, theirs in codes
        )
        found[some] = np.asarray(differ).min(axis=1) / len(codes)
    return found


def controlled_risk(n_right: int, n: int, n_right_control: int, n_control: int) -> ControlledRisk:
    """Give the risk of an attack beyond its success on people who were not in the data.

    Raises
    ------
    ValueError
        A group has nobody, or more right guesses than guesses.
    """
    if not (0 <= n_right <= n and 0 <= n_right_control <= n_control and n and n_control):
        raise ValueError("right guesses lie between 0 and the guesses made, of at least one person")
    main, control = (n_right + 1) / (n + 2), (n_right_control + 1) / (n_control + 2)
    return ControlledRisk(main, control, (main - control) / (1 - control))


def _codes(left: pa.ChunkedArray, right: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    texts = [pc.fill_null(one.cast(pa.string()), "\x00") for one in (left, right)]
    values = np.concatenate([one.to_numpy().astype(str) for one in texts])
    codes = np.unique(values, return_inverse=True)[1]
    return codes[: len(left)], codes[len(left) :]


def _auc(inside: Floats, outside: Floats) -> float:
    ranks = rankdata(np.concatenate([-inside, -outside]))[: len(inside)]
    above = ranks.sum() - len(inside) * (len(inside) + 1) / 2
    return float(above / (len(inside) * len(outside)))


def _few_false(inside: Floats, outside: Floats) -> float | None:
    if len(outside) < 1 / FEW_FALSE:
        return None
    # Named is who is strictly nearer than the others that may not be named.
    limit = np.sort(outside)[int(FEW_FALSE * len(outside))]
    return float((inside < limit).mean())

"""Membership: whether a synthetic release tells whose records it was made from.

The attacker holds a person's record, the release, and records of people who are neither behind it
nor in question. A record is nearer to a release because it is behind it, or because many are like
it; so the attacker sets the density of the release at the record against that of the known records
(DOMIAS). Common records then tell nothing. No record in question is among the known ones: it would
be rarer among the others known than a member of the same values is, and betray both.

References
----------
Van Breugel, Sun, Qian and van der Schaar (2023), "Membership inference attacks against synthetic
data through overfitting detection", AISTATS, for the ratio of densities; Giomi et al. (2023), "A
unified framework for quantifying privacy risk in synthetic data" (the package anonymeter), PoPETs,
for risk against a control; Carlini et al. (2022), "Membership inference attacks from first
principles", IEEE S&P, for the rate at few false positives.
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
_UNLIKE = 0.1  # weight of a sampled record for each column that differs; assumed


@dataclass(frozen=True)
class Membership:
    """The success of telling members from others; None where there are too few to say.

    Parameters
    ----------
    n_members, n_others
        Numbers of records.
    auc
        Probability that a member looks more like the release than another record does, against what
        is common; 0.5 tells nothing.
    tpr_at_few_false
        Share of members named where one in a thousand others is named wrongly; needs 1,000 others.
    """

    n_members: int
    n_others: int
    auc: float | None
    tpr_at_few_false: float | None


@dataclass(frozen=True)
class ControlledRisk:
    """An attack's success on people in the data beyond its success on a control group.

    Parameters
    ----------
    main, control
        Shares of right guesses, with one right and one wrong guess added so that neither is 0 or 1.
    risk
        (main - control) / (1 - control): the risk that the release adds to general inference.
    """

    main: float
    control: float
    risk: float


def infer_membership(
    members: pa.Table, others: pa.Table, *, known: pa.Table, release: pa.Table
) -> Membership:
    """Tell members of the original data from others by the release's density about them.

    Parameters
    ----------
    members, others
        Records from which the release was made, and other records of the same kind.
    known
        Further records of that kind, which tell the attacker what is common.
    release
        Synthetic records with the same columns.
    """
    names = release.column_names
    if not (members.num_rows and others.num_rows and known.num_rows and release.num_rows):
        return Membership(members.num_rows, others.num_rows, None, None)
    everybody = pa.concat_tables([side.select(names) for side in (members, others)])
    common, found = (_density(everybody, sample.select(names)) for sample in (known, release))
    distance = np.log(common) - np.log(found)
    inside, outside = distance[: members.num_rows], distance[members.num_rows :]
    return Membership(
        members.num_rows, others.num_rows, _auc(inside, outside), _few_false(inside, outside)
    )


def _density(records: pa.Table, sample: pa.Table) -> Floats:
    """Give the density of a sample about each record."""
    codes = [_codes(records[name], sample[name]) for name in sample.column_names]
    density = np.empty(records.num_rows)
    for start in range(0, records.num_rows, _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        differ = sum(
            (record_codes[rows, None] != sample_codes[None, :]).astype(np.int64)
            for record_codes, sample_codes in codes
        )
        density[rows] = (_UNLIKE ** np.asarray(differ)).mean(axis=1)
    return density


def controlled_risk(n_right: int, n: int, n_right_control: int, n_control: int) -> ControlledRisk:
    """Give the risk of an attack beyond its success on people who were not in the data.

    Parameters
    ----------
    n_right, n
        Right guesses and all guesses about people in the data.
    n_right_control, n_control
        The same about people who were not.

    Raises
    ------
    ValueError
        A group has nobody, or more right guesses than guesses.
    """
    if not (0 <= n_right <= n and 0 <= n_right_control <= n_control and n and n_control):
        raise ValueError(
            f"{n_right} of {n} guesses, and {n_right_control} of {n_control} on the control, "
            "cannot be right; right guesses go from 0 to all, of at least one guess each"
        )
    main, control = (n_right + 1) / (n + 2), (n_right_control + 1) / (n_control + 2)
    return ControlledRisk(main, control, (main - control) / (1 - control))


def _codes(left: pa.ChunkedArray, right: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    texts = [pc.fill_null(text.cast(pa.string()), "\x00") for text in (left, right)]
    values = np.concatenate([text.to_numpy().astype(str) for text in texts])
    codes = np.unique(values, return_inverse=True)[1]
    return codes[: len(left)], codes[len(left) :]


def _auc(inside: Floats, outside: Floats) -> float:
    ranks = rankdata(np.concatenate([-inside, -outside]))[: len(inside)]
    above = ranks.sum() - len(inside) * (len(inside) + 1) / 2
    return float(above / (len(inside) * len(outside)))


def _few_false(inside: Floats, outside: Floats) -> float | None:
    if len(outside) < 1 / FEW_FALSE:
        return None
    # A record is named if it is strictly nearer than all others but the few allowed ones.
    limit = np.sort(outside)[int(FEW_FALSE * len(outside))]
    return float((inside < limit).mean())

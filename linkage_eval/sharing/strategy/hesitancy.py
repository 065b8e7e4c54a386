"""Hesitancy: people hold back what they may share, a barrier that the interviews found.

::

    logit h = eta0[default] + w_clarity clarity + w_buyin buy-in + w_guidance guidance
              + w_sensitivity sensitivity + u_role + u_officer

with eta0 the log odds of `base`, lowered where the default is to share; the weights of the levers
are negative. A higher `base` holds back all records that a lower one did, and more.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pandas.util import hash_array
from scipy.special import expit, logit

from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.arrays import Floats, Mask, Words
from darkfigure.synth.core.chance import ID_BITS, Stream

Ids = Words


def ids_of(texts: pa.Array | pa.ChunkedArray) -> Ids:
    """Make 48-bit ids of texts, for draws keyed by them; null is a text of its own."""
    filled = texts.cast(pa.string()).fill_null("None")
    hashed = hash_array(filled.to_numpy(zero_copy_only=False), categorize=False)
    return np.asarray(hashed >> np.uint64(64 - ID_BITS))


def hold_back_rate(flow: Flow, strategy: SharingStrategy, rows: pa.Table, chance: Stream) -> Floats:
    """Give the probability that each record is held back.

    Parameters
    ----------
    flow
        The flow, with its base rate and weights.
    strategy
        The strategy, with its levers and the controller's default.
    rows
        The records asked for, with the officer who decides.
    chance
        Draws of roles and officers, keyed by their names.

    Returns
    -------
    Probabilities, shape (rows,).
    """
    levers, weights = strategy.governance, flow.hesitancy.weights
    holding = flow.source.holding
    carried = [holding.sensitivity_of(name) for name in flow.fields]
    with np.errstate(divide="ignore"):
        odds = float(logit(flow.hesitancy.base))
    odds += weights.framework_clarity * levers.framework_clarity
    odds += weights.high_level_buyin * levers.high_level_buyin
    odds += weights.staff_guidance * levers.staff_guidance
    odds += weights.sensitivity * float(np.mean(carried))
    odds += weights.default_share * (strategy.strategy.controller_default == "share")
    role = ids_of(pa.array([flow.recipient.role]))
    odds += weights.role_sd * float(chance.normal("role", role)[0])
    officer = np.zeros(rows.num_rows)
    if holding.officer:
        officer = chance.normal("officer", ids_of(rows[holding.officer])) * weights.officer_sd
    return np.asarray(expit(odds + officer))


def holds_back(flow: Flow, strategy: SharingStrategy, rows: pa.Table, chance: Stream) -> Mask:
    """Draw the records that are held back, keyed by record, whatever the strategy.

    Parameters are those of `hold_back_rate`.
    """
    ids = ids_of(rows[flow.source.holding.key])
    return chance.happens("holds_back", ids, hold_back_rate(flow, strategy, rows, chance))

"""Accounts: what people tell an agency about the time of an event.

Nobody looks at a clock. People round, misremember, say "about midnight", and now and then name the
wrong day. Each agency hears an account of its own, so that equal times join no two records.
"""

from __future__ import annotations

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.setting.calendar import DAY_S, MINUTE_S

_STEPS = (1, 5, 15, 30, 60)  # minutes to which people round; assumed
_MIDNIGHT_S = 5_400  # times this near to midnight may be told as midnight; assumed


class Account(Spec):
    """Errors of the times that an agency is told; all assumed."""

    error_median_minutes: Amount = 15.0
    """Median of the error, before rounding, of times that are remembered wrong."""
    error_sd_log: Amount = 1.2
    """Standard deviation of the log of that error."""
    exact_rate: Rate = 0.1
    """Share of times that somebody knows to the minute."""
    rounding: tuple[Amount, Amount, Amount, Amount, Amount] = (0.05, 0.2, 0.25, 0.3, 0.2)
    """Weights of rounding the others to 1, 5, 15, 30 and 60 minutes."""
    midnight_rate: Rate = 0.25
    """Share of times near midnight that are told as midnight."""
    wrong_day_rate: Rate = 0.01
    """Share of accounts that name the day before or after."""


def told(account: Account, occurred_s: Ints, ids: Ints, latest_s: Ints, chance: Stream) -> Ints:
    """Give the time that an agency is told for each event.

    Parameters
    ----------
    account
        Errors of the agency's accounts.
    occurred_s
        Seconds since 1970-01-01 at which it happened, shape (n,).
    ids
        Keys of the draws, shape (n,).
    latest_s
        Seconds at which it is told: nobody tells of the future, shape (n,).
    chance
        Stream of the agency.

    Returns
    -------
    Seconds since 1970-01-01, whole minutes, shape (n,).
    """
    chance = chance.stage("account")
    exact = chance.happens("exact", ids, account.exact_rate)
    remembered = occurred_s + np.where(exact, 0.0, _error_s(account, ids, chance))
    step = np.array(_STEPS)[chance.pick("rounding", ids, account.rounding)] * MINUTE_S
    step = np.where(exact, MINUTE_S, step)
    rounded = (np.round(remembered / step) * step).astype(np.int64)
    midnight = (rounded + DAY_S // 2) // DAY_S * DAY_S
    near = ~exact & (np.abs(rounded - midnight) < _MIDNIGHT_S)
    near &= chance.happens("midnight", ids, account.midnight_rate)
    told_s = np.where(near, midnight, rounded)
    wrong = chance.happens("wrong_day", ids, account.wrong_day_rate)
    side = np.where(chance.happens("day_after", ids, 0.5), DAY_S, -DAY_S)
    told_s = np.where(wrong, told_s + side, told_s)
    return np.minimum(told_s, latest_s // MINUTE_S * MINUTE_S)


def _error_s(account: Account, ids: Ints, chance: Stream) -> Floats:
    """Draw how far off a remembered time is, in seconds."""
    size = np.exp(account.error_sd_log * chance.normal("error", ids))
    sign = np.where(chance.happens("later", ids, 0.5), 1.0, -1.0)
    return np.asarray(sign * size * account.error_median_minutes * MINUTE_S)

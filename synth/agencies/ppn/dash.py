"""DASH: the grade of risk of domestic abuse, and the 24 answers behind it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.police.codes import YES_NO
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import coded

HIGH_TICKS = 14  # or more: visible high risk. Source: SafeLives
MEDIUM_TICKS = 9  # assumed
# A normal with these has a tenth at 14 ticks or more and a quarter from 9 to 13; the shares
# (62, 28 and 10 %) are assumed.
_MEAN, _SD = 6.5, 5.5
STANDARD, MEDIUM, HIGH = range(3)
QUESTIONS = 24
_PREGNANT = 8  # the question whether she is pregnant, or has a baby
# Shifts that leave men, a quarter of victims (assumed), 7.6 % of those at high risk.
# Source: West Wales, 2015-16
_WOMEN, _MEN = 0.17, -0.72
_PERSON_SHARE = 0.94  # of the variance of risk, which stays with the person; assumed


def ticks(event: Ints, victim_id: Ints, male: Mask, chance: Stream) -> Ints:
    """Draw the number of questions answered yes; a victim at high risk tends to stay at it.

    Parameters
    ----------
    event
        Ids of the events, shape (n,).
    victim_id
        Person ids, shape (n,).
    male
        Whether the victim is a man, shape (n,).
    chance
        Stream of the notifications.

    Returns
    -------
    0 to `QUESTIONS`, shape (n,).
    """
    lasting = np.sqrt(_PERSON_SHARE) * chance.normal("lasting_risk", victim_id)
    passing = np.sqrt(1 - _PERSON_SHARE) * chance.normal("passing_risk", event)
    risk = lasting + passing + np.where(male, _MEN, _WOMEN)
    return np.clip(np.rint(_MEAN + _SD * risk), 0, QUESTIONS).astype(np.int64)


def grade(count: Ints) -> Ints:
    """Turn ticks into STANDARD, MEDIUM or HIGH risk."""
    return np.digitize(count, [MEDIUM_TICKS, HIGH_TICKS])


def answers(event: Ints, count: Ints, may_bear: Mask, chance: Stream) -> dict[str, pa.Array]:
    """Draw the questions that are answered yes, the common ones more often.

    Parameters
    ----------
    event
        Ids of the events, shape (n,).
    count
        Number of questions answered yes, shape (n,).
    may_bear
        Whether the victim is a woman of an age to bear children, shape (n,).
    chance
        Stream of the notifications.

    Returns
    -------
    Columns `q01` to `q24`.
    """
    weight = load("dash_questions")["weight"].to_numpy()
    score = np.column_stack(
        [
            weight[number] + chance.normal("answer", event, draw=number)
            for number in range(len(weight))
        ]
    )
    score[~may_bear, _PREGNANT] = -np.inf  # the last to be ticked
    rank = np.argsort(np.argsort(-score, axis=1, kind="stable"), axis=1, kind="stable")
    no = (rank >= count[:, None]).astype(np.int64)
    return {f"q{number + 1:02d}": coded(no[:, number], YES_NO) for number in range(len(weight))}

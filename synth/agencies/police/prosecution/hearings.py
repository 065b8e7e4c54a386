"""Hearings: how a case goes through the courts, from the first hearing to the sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.police.codes import OFFENCES
from darkfigure.synth.agencies.police.prosecution.codes import (
    COURT_LEVEL,
    HEARD,
    HEARING,
    RESULT,
    SENTENCE,
)
from darkfigure.synth.agencies.police.prosecution.custody import INDICTABLE, MURDER
from darkfigure.synth.agencies.police.prosecution.spec import Courts
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.working_days import working_day

_CODES = list(OFFENCES)
# Offences that either court may try. Source: well known
_EITHER_WAY = np.array(
    [_CODES.index(code) for code in ("8N", "11A", "3B", "8Q", "8U", "17A", "20A", "22B", "28E")]
)
MAGISTRATES, YOUTH, CROWN = range(len(COURT_LEVEL))
FIRST, PREPARATION, TRIAL, SENTENCING = range(len(HEARING))
PLEADED, FOUND, ACQUITTED, WITHDRAWN = range(len(RESULT))
_ENDED, _ADJOURNED, _SENT, _EFFECTIVE, _CRACKED, _INEFFECTIVE = range(len(HEARD))
_GUILTY_YOUNG = 0.6  # pleas at the first hearing of the youth court; assumed
_GUILTY_PREPARED = 0.4  # pleas at the preparation hearing; assumed
_PREPARED_DAYS = (28, 10)  # from the first hearing, the least and the span; assumed
_RELISTED = (42, 40.0)  # days to a trial after one that was put off: least, mean beyond; assumed
# Of trials that are not put off: shares that crack by a plea, that crack since the case is
# withdrawn, and of the others the share found guilty, in either court. Assumed.
_PLEA, _GIVEN_UP, _FOUND_GUILTY, _FOUND_GUILTY_CROWN = 0.36, 0.16, 0.62, 0.68
# Sentences that wait for a report: shares of magistrates and of the Crown Court; days, the least
# and the span. Assumed.
_REPORT_RATE, _REPORT_RATE_CROWN, _REPORT_DAYS = 0.38, 0.55, (21, 21)
# Shares of sentences in the order of SENTENCE: magistrates, domestic cases there, youth court,
# Crown Court. Assumed.
_SENTENCES = np.array(
    [
        [0.2, 0.34, 0.26, 0.07, 0.1, 0.0, 0.03],
        [0.12, 0.16, 0.42, 0.14, 0.14, 0.0, 0.02],
        [0.13, 0.03, 0.0, 0.0, 0.03, 0.76, 0.05],
        [0.01, 0.02, 0.17, 0.27, 0.49, 0.0, 0.04],
    ]
)


@dataclass(frozen=True)
class Courses:
    """How cases go; arrays have one entry per charge, those of hearings one per hearing."""

    ended_on: Ints  # day, -1 while before the court
    result: Ints  # index into RESULT, -1 likewise
    sentence: Ints  # index into SENTENCE, -1 without
    charge: Ints  # of each hearing, in order of charge and turn
    turn: Ints
    heard_on: Ints
    level: Ints
    hearing: Ints
    heard: Ints


def courses(
    event: Ints,
    offence: Ints,
    days: tuple[Ints, Ints],
    whose: tuple[Mask, Mask],
    spec: Courts,
    chance: Stream,
) -> Courses:
    """Let courts hear charges.

    Parameters
    ----------
    event
        Ids of the events, shape (n,).
    offence
        Offences charged, index into OFFENCES.
    days
        Days of the first hearings, and those from which nothing is known any more.
    whose
        Whether the defendant is under 18, and whether the case is domestic.
    spec
        Rates of courts.
    chance
        Stream of the charges.
    """
    (first, until), (young, domestic) = days, whose
    level = _level(event, offence, young, spec, chance)
    crown = level == CROWN
    prepared = working_day(first + _spread("prepared", event, _PREPARED_DAYS, chance))
    plea_on = np.where(crown, prepared, first)
    guilty = chance.happens("guilty", event, _guilty(level, domestic, spec))
    trial = _trial_day(event, plea_on, crown, spec, chance)
    put_off = ~guilty & chance.happens("put_off", event, spec.ineffective_rate)
    again = working_day(trial + _beyond("relisted", event, _RELISTED, chance))
    verdict_on = np.where(guilty, plea_on, np.where(put_off, again, trial))
    result = np.where(guilty, PLEADED, _verdict(event, crown, chance))
    convicted = result <= FOUND
    waits = convicted & chance.happens(
        "report", event, np.where(crown, _REPORT_RATE_CROWN, _REPORT_RATE)
    )
    sentenced = working_day(verdict_on + _spread("sentenced", event, _REPORT_DAYS, chance))
    ended = np.where(waits, sentenced, verdict_on)
    group = np.where(level == MAGISTRATES, np.where(domestic, 1, 0), level + 1)
    sentence = chance.pick_by_group("sentence", event, _SENTENCES, group)
    sentence = np.where(offence == MURDER, list(SENTENCE).index("custody"), sentence)
    known = ended < until
    at_plea = np.where(guilty & ~waits, _ENDED, _ADJOURNED)
    at_trial = np.where(result == FOUND, _EFFECTIVE, _CRACKED)
    at_trial = np.where(result == ACQUITTED, _EFFECTIVE, at_trial)
    listed = [
        (np.ones(len(event), bool), first, FIRST, np.where(crown, _SENT, at_plea)),
        (crown, prepared, PREPARATION, at_plea),
        (~guilty, trial, TRIAL, np.where(put_off, _INEFFECTIVE, at_trial)),
        (put_off, again, TRIAL, at_trial),
        (waits, sentenced, SENTENCING, np.full(len(event), _ENDED)),
    ]
    return Courses(
        ended_on=np.where(known, ended, -1),
        result=np.where(known, result, -1),
        sentence=np.where(known & convicted, sentence, -1),
        **_hearings(listed, level, until),
    )


def _level(event: Ints, offence: Ints, young: Mask, spec: Courts, chance: Stream) -> Ints:
    """Tell which court tries each case: the Crown Court grave ones, but for the young murder."""
    sent = np.isin(offence, _EITHER_WAY) & chance.happens("sent", event, spec.sent_rate)
    sent = (sent | np.isin(offence, INDICTABLE)) & ~young
    return np.where(sent | (offence == MURDER), CROWN, np.where(young, YOUTH, MAGISTRATES))


def _guilty(level: Ints, domestic: Mask, spec: Courts) -> Floats:
    adult = np.where(domestic, spec.guilty_at_first_domestic_rate, spec.guilty_at_first_rate)
    return np.select([level == CROWN, level == YOUTH], [_GUILTY_PREPARED, _GUILTY_YOUNG], adult)


def _trial_day(event: Ints, plea_on: Ints, crown: Mask, spec: Courts, chance: Stream) -> Ints:
    least = np.where(crown, spec.crown_trial_least_days, spec.trial_least_days)
    mean = np.where(crown, spec.crown_trial_days, spec.trial_days)
    return working_day(plea_on + (least + mean * chance.exponential("trial", event)).astype(int))


def _verdict(event: Ints, crown: Mask, chance: Stream) -> Ints:
    """Draw what comes of cases without an early plea."""
    drawn = chance.uniform("cracks", event)
    found = chance.happens("found", event, np.where(crown, _FOUND_GUILTY_CROWN, _FOUND_GUILTY))
    tried = np.where(found, FOUND, ACQUITTED)
    return np.where(drawn < _PLEA, PLEADED, np.where(drawn < _PLEA + _GIVEN_UP, WITHDRAWN, tried))


def _spread(name: str, event: Ints, days: tuple[int, int], chance: Stream) -> Ints:
    return days[0] + chance.below(name, event, days[1])


def _beyond(name: str, event: Ints, days: tuple[int, float], chance: Stream) -> Ints:
    return days[0] + (days[1] * chance.exponential(name, event)).astype(np.int64)


def _hearings(
    listed: list[tuple[Mask, Ints, int, Ints]], level: Ints, until: Ints
) -> dict[str, Ints]:
    """List the hearings that take place, in order of charge and turn."""
    rows = [np.flatnonzero(held & (day < until)) for held, day, _, _ in listed]
    charge = np.concatenate(rows)
    turn = np.repeat(np.arange(len(listed)), [len(row) for row in rows])
    order = np.lexsort((turn, charge))
    kind = np.array([one for _, _, one, _ in listed])[turn]
    first = level[charge]
    # Every adult's case begins before magistrates, whoever tries it.
    first = np.where((kind == FIRST) & (first == CROWN), MAGISTRATES, first)
    return {
        "charge": charge[order],
        "turn": turn[order],
        "heard_on": np.concatenate([one[1][row] for one, row in zip(listed, rows, strict=True)])[
            order
        ],
        "level": first[order],
        "hearing": kind[order],
        "heard": np.concatenate([one[3][row] for one, row in zip(listed, rows, strict=True)])[
            order
        ],
    }

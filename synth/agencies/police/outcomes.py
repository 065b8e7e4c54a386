"""Outcomes of recorded crimes, by who is named: a suspect, a victim, both or neither."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from darkfigure.synth.agencies.police.codes import OFFENCES, OUTCOME
from darkfigure.synth.agencies.police.kinds_of_work import CRIME
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.population import Census
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR

_CODES = tuple(OUTCOME)
# With a named suspect, after those charged and those dropped: shares of the rest; and of the
# dropped, whether the victim would support action or not. Assumed.
_OTHER = {"3": 0.25, "8": 0.45, "22": 0.05, "10": 0.1, "20": 0.06, "21": 0.09}
_DROPPED = {"15": 1 / 3, "16": 2 / 3}
# Without a victim, as with drugs and blades: none can withdraw; assumed.
_POSSESSED = {
    "1": 0.3,
    "3": 0.1,
    "8": 0.33,
    "22": 0.1,
    "10": 0.02,
    "20": 0.01,
    "21": 0.03,
    "15": 0.11,
}
_UNNAMED = {"18": 0.85, "14": 0.15}  # without a named suspect; assumed
_UNSEEN = {"18": 1.0}  # and without a victim; no rate
_OPEN_RATE = 0.06  # crimes still under investigation; assumed
_ADULT_YEARS = 18  # from which a caution is an adult's. Source: Home Office counting rules
_MURDER = list(OFFENCES).index("1")


def outcomes(
    cases: Mapping[str, Ints], census: Census, start: int, spec: Police, chance: Stream
) -> Ints:
    """Draw the outcome of each crime.

    Parameters
    ----------
    cases
        Columns of `PoliceCases`: `event`, `category`, `offence`, `suspect`, `victim` and
        `reported_s`, shape (n,).
    census
        Census of the scenario.
    start
        First day of the study, since 1970-01-01.
    spec
        Record keeping of the forces.
    chance
        Stream of the police; draws are keyed by event.

    Returns
    -------
    Index into `codes.OUTCOME`, -1 while open and where there is no crime, shape (n,).
    """
    event, suspect = cases["event"], cases["suspect"]
    named, harmed = suspect >= 0, cases["victim"] >= 0
    drawn = [
        chance.pick("outcome", event, _weights(shares))
        for shares in (_supported(spec), _POSSESSED, _UNNAMED, _UNSEEN)
    ]
    outcome = np.select([named & harmed, named, harmed], drawn[:3], drawn[3])
    age = census.age_years[suspect] + (cases["reported_s"] // DAY_S - start) / DAYS_A_YEAR
    young = named & (outcome == _CODES.index("3")) & (age < _ADULT_YEARS)
    outcome = np.where(young, _CODES.index("2"), outcome)
    # Somebody who is named as a murderer is charged.
    outcome = np.where((cases["offence"] == _MURDER) & named, _CODES.index("1"), outcome)
    open_ = chance.happens("open", event, _OPEN_RATE)
    return np.where((cases["category"] == CRIME) & ~open_, outcome, -1)


def _supported(spec: Police) -> dict[str, float]:
    """Give the shares of outcomes with a named suspect and a victim."""
    dropped = spec.no_further_action_rate
    other = 1 - spec.charged_rate - dropped
    shares = {"1": spec.charged_rate} | {code: other * part for code, part in _OTHER.items()}
    return shares | {code: dropped * part for code, part in _DROPPED.items()}


def _weights(shares: Mapping[str, float]) -> Floats:
    return np.array([shares.get(code, 0.0) for code in _CODES])

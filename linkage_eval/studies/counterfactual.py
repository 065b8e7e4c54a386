"""The same world without one cause of missed links: what attribution claims, made to happen.

Chance is keyed by what it decides, so the same people live the same lives. Without a fault of
entry only cells differ that it would have spoilt, and what other faults then do to those cells.
Without moves everybody stays where they lived when histories begin, but for those who come from
elsewhere or go there and for the residents of communal homes; without changes of name everybody
bears the surname they were born with.
"""

from __future__ import annotations

from typing import Any

from darkfigure.linkage_eval.evaluation.metrics.missed import MOVED, RENAMED
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.spec import build
from darkfigure.synth.scenario import Scenario

# Rates of `synth.lives` that a life without moves or without changes of name does not have.
_TURNS = {
    MOVED: ("moves", ("a_year", "leaves_a_year", "separates_a_year", "joins_rate")),
    RENAMED: (
        "surnames",
        (
            "wife_takes_name_rate",
            "double_barrelled_rate",
            "takes_name_back_rate",
            "took_name_back_a_year",
            "step_name_rate",
            "deed_a_year",
        ),
    ),
}


def without_cause(scenario: Scenario, cause: str) -> Scenario:
    """Take one cause of missed links out of a scenario.

    Parameters
    ----------
    scenario
        With its systems' profiles.
    cause
        As the attribution names it: a fault of entry, "missing" or "placeholder" and a field,
        "moved", or "renamed".

    Returns
    -------
    The scenario under a name of its own; everything else is the same.

    Raises
    ------
    SpecError
        Nothing in the scenario has that cause.
    """
    data = scenario.model_dump()
    data["name"] = f"{scenario.name}-without-{cause.replace(' ', '-')}"
    found = _live_without(data, cause) if cause in _TURNS else _enter_without(data, cause)
    if not found:
        raise SpecError(
            f"no system of '{scenario.name}' has the fault '{cause}'. Take one that "
            f"`darkfigure explain` names, or {MOVED} or {RENAMED}."
        )
    return build(Scenario, data, f"scenario '{data['name']}'")


def _live_without(data: dict[str, Any], cause: str) -> bool:
    spec, rates = _TURNS[cause]
    for name in rates:
        rate = data["lives"][spec][name]
        data["lives"][spec][name] = [0.0] * len(rate) if isinstance(rate, (list, tuple)) else 0.0
    return True


def _enter_without(data: dict[str, Any], cause: str) -> bool:
    fault, _, field = cause.partition(" ")
    found = False
    for profile in data["systems"].values():
        for name, rates in profile["faults"].items():
            if name == (field or name) and rates.get(fault) is not None:
                rates[fault] = None
                found = True
    return found

"""Counterfactual worlds: the same world without one cause of missed links, to test attribution.

Chance is keyed by its decision, so the same people live the same lives. Without a fault of entry
only the cells that it would have spoilt differ, and the effects of other faults on those cells.
Without moves everybody stays where they lived when histories begin, except people who come from
elsewhere or go there and residents of communal homes; without changes of name everybody bears the
surname of their birth.
"""

from __future__ import annotations

from typing import Any

from darkfigure.linkage_eval.evaluation.metrics.missed import MOVED, RENAMED
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.spec import build
from darkfigure.synth.scenario import Scenario

# Rates of `synth.lives` that are 0 in a life without moves or without changes of name.
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
        The scenario, with its systems' profiles.
    cause
        A cause of the attribution: a fault of entry, "missing" or "placeholder" and a field,
        "moved", or "renamed".

    Returns
    -------
    The scenario under a name of its own, and otherwise the same.

    Raises
    ------
    SpecError
        Nothing in the scenario has that cause.
    """
    data = scenario.model_dump()
    data["name"] = f"{scenario.name}-without-{cause.replace(' ', '-')}"
    has_cause = _live_without(data, cause) if cause in _TURNS else _enter_without(data, cause)
    if not has_cause:
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
    has_cause = False
    for profile in data["systems"].values():
        for name, rates in profile["faults"].items():
            if name == (field or name) and rates.get(fault) is not None:
                rates[fault] = None
                has_cause = True
    return has_cause

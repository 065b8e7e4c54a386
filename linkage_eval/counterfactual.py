"""The same world without one fault of data entry: what attribution claims, made to happen.

Chance is keyed by what it decides, so the same people live the same lives; only cells that the
fault would have spoilt, and what other faults then do to those cells, differ.
"""

from __future__ import annotations

from synth.scenario import Scenario
from synth.spec import build


def without_fault(scenario: Scenario, cause: str) -> Scenario:
    """Take one cause out of every system's data entry.

    Parameters
    ----------
    scenario
        With its systems' profiles.
    cause
        As `metrics.missed` names it: a fault, or "missing" and a field.

    Returns
    -------
    The scenario under a name of its own; everything else is the same.

    Raises
    ------
    ValueError
        No system has that fault: moves and changes of name are no faults of entry.
    """
    fault, _, field = cause.partition(" ")
    data = scenario.model_dump()
    n_taken = 0
    for profile in data["systems"].values():
        for name, rates in profile["faults"].items():
            if name == (field or name) and rates.get(fault) is not None:
                rates[fault] = None
                n_taken += 1
    if not n_taken:
        raise ValueError(f"no system of '{scenario.name}' has the fault '{cause}'")
    data["name"] = f"{scenario.name}-without-{cause.replace(' ', '-')}"
    return build(Scenario, data, f"scenario '{data['name']}'")

"""Problems of a strategy beyond its spelling: undecided, unlawful, unsafe or inconsistent flows.

A lint, not advice: before sharing, ask the people who answer for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.linkage_eval.sharing.strategy.statutes import HEALTH, POWERS, agencies_of
from darkfigure.synth.core.errors import SpecError, UnknownNameError

# The smallest count each kind of recipient may be given. DataSHIELD's default is 3 and SAIL
# releases none below 5; the rest is assumed.
THRESHOLDS = {"analyst": 3, "research": 5, "csp": 5, "vpu": 5, "police": 5, "public": 10}
_USUAL_THRESHOLD = 5
_NAME = ("surname", "forename")
_SPECIAL = agencies_of("health", "care", "sensitive")


@dataclass(frozen=True)
class StrategyProblem:
    """One problem of a flow.

    Parameters
    ----------
    flow
        Id of the flow; "" for the strategy as a whole.
    kind
        "undecided", "unlawful", "unsafe", "inconsistent" or "expectation".
    message
        The problem and how to mend it.
    error
        Whether the strategy is refused for it; otherwise it is a warning.
    """

    flow: str
    kind: Literal["undecided", "unlawful", "unsafe", "inconsistent", "expectation"]
    message: str
    error: bool = True


def find_problems(strategy: SharingStrategy) -> list[StrategyProblem]:
    """Find all problems of a strategy, flow by flow."""
    problems = [
        problem
        for flow in strategy.flow
        for check in (_undecided, _unlawful, _unsafe, _inconsistent)
        for problem in check(flow)
    ]
    return problems + list(_unexpected(strategy))


def refuse_problems(strategy: SharingStrategy, where: str) -> list[StrategyProblem]:
    """Give the warnings of a strategy, and refuse it if it has errors.

    Parameters
    ----------
    strategy
        The strategy.
    where
        Its name in the message, such as "strategy 'mine'".

    Raises
    ------
    SpecError
        The message lists every error.
    """
    problems = find_problems(strategy)
    errors = [problem for problem in problems if problem.error]
    if errors:
        lines = "\n".join(f"  - {error.flow or 'strategy'}: {error.message}" for error in errors)
        count = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
        raise SpecError(f"{where} has {count} (a lint, not advice):\n{lines}")
    return problems


def is_lawful(flow: Flow) -> bool:
    """Tell whether the lint finds nothing unlawful in a flow."""
    return not any(problem.error for problem in _unlawful(flow))


def threshold_of(flow: Flow) -> int:
    """Give the smallest count that the recipient of a flow may be given."""
    own = flow.recipient.threshold
    return own or THRESHOLDS.get(flow.recipient.kind, _USUAL_THRESHOLD)


def _undecided(flow: Flow) -> Iterator[StrategyProblem]:
    if flow.undecided:
        names = ", ".join(flow.undecided)
        yield StrategyProblem(
            flow.id,
            "undecided",
            f"of {flow.source.holding_name} nothing is said about {names}; share them in "
            '`fields`, or withhold them in `withhold` ("*" for all the rest).',
        )
    if flow.is_personal and flow.retention is None:
        message = 'for how long it is kept is undecided; add `retention`, such as "P2Y".'
        yield StrategyProblem(flow.id, "undecided", message)


def _unlawful(flow: Flow) -> Iterator[StrategyProblem]:
    basis = flow.basis
    if basis.power and basis.power not in POWERS:
        error = UnknownNameError.of("power", basis.power, POWERS)
        yield StrategyProblem(flow.id, "unlawful", f"{error}")
        return
    power = POWERS[basis.power or "none"]
    reason = power.refuses(flow)
    if reason:
        dated = f"{power.title}, as of {power.since.isoformat()} ({power.source})"
        yield StrategyProblem(flow.id, "unlawful", f"{dated}: {reason}.")
    if not flow.is_personal:
        return
    if not basis.art6:
        message = "it is personal and names no lawful basis; add `basis.art6` (UK GDPR art. 6)."
        yield StrategyProblem(flow.id, "unlawful", message)
    if basis.power in {"", "none"}:
        message = "it is personal and names no power; add `basis.power`."
        yield StrategyProblem(flow.id, "unlawful", message)
    if flow.source.kind in _SPECIAL and basis.art9 in {"", "n/a-anonymous"}:
        message = (
            "it is of a special category and meets no condition; add `basis.art9` "
            "(UK GDPR art. 9; Data Protection Act 2018 s.10 and Schedule 1)."
        )
        yield StrategyProblem(flow.id, "unlawful", message)
    if flow.source.kind in HEALTH and basis.common_law in {"", "anonymised"}:
        message = (
            "it is confidential patient information; say in `basis.common_law` why confidence is "
            'not broken: "consent", "public-interest", "s251" or "direct-care".'
        )
        yield StrategyProblem(flow.id, "unlawful", message)
    if basis.power == "future-act":
        yield StrategyProblem(flow.id, "unlawful", f"{power.title}.", error=False)


def _unsafe(flow: Flow) -> Iterator[StrategyProblem]:
    form, least = flow.format, threshold_of(flow)
    suppresses = form.counts and not form.what.draws_noise
    if suppresses and form.min_cell < least:
        yield StrategyProblem(
            flow.id,
            "unsafe",
            f"counts from {form.min_cell} on go to {flow.recipient.agency}, which may be given "
            f"none below {least}; set `format.min_cell = {least}`.",
        )


def _inconsistent(flow: Flow) -> Iterator[StrategyProblem]:
    form, identity = flow.format, flow.carried_identity
    if flow.identifiability == "none" and flow.reads_persons:
        message = (
            'identifiability is "none" and the recipient can read who it is; say '
            '"identified-health" or "identified-police", or carry less.'
        )
        yield StrategyProblem(flow.id, "inconsistent", message)
    if form.counts and identity:
        names = ", ".join(identity.values())
        message = f"counts carry identity ({names}); take it out of `fields`."
        yield StrategyProblem(flow.id, "inconsistent", message)
    needed = {
        "keyed_hash": {"nhs_number"}
        if form.key == "nhs_number"
        else {*_NAME, "date_of_birth", "sex"},
        "clk": {*_NAME, "date_of_birth"},
        "split_file_ttp": {*_NAME, "date_of_birth"},
    }.get(form.kind, set())
    missing = sorted(needed - set(identity))
    if missing:
        message = f"{form.kind} is made of {', '.join(missing)}, which `fields` lacks; add them."
        yield StrategyProblem(flow.id, "inconsistent", message)
    if not flow.audit.log and flow.is_personal:
        message = "nothing is logged of a personal flow; nobody could find misuse."
        yield StrategyProblem(flow.id, "inconsistent", message, error=False)


def _unexpected(strategy: SharingStrategy) -> Iterator[StrategyProblem]:
    forbidden = set(strategy.expect.forbid_fields)
    forbidden |= set(_NAME) if "name" in forbidden else set()
    forbidden |= {"date_of_birth"} if "dob" in forbidden else set()
    for flow in strategy.flow:
        columns = flow.source.holding.columns
        carried = [
            name for name in flow.fields if name in forbidden or columns[name].field in forbidden
        ]
        if carried:
            message = f"carries {', '.join(carried)}, which `expect.forbid_fields` forbids."
            yield StrategyProblem(flow.id, "expectation", message)

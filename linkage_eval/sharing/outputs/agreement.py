"""A strategy in words, in the order of a disclosure agreement of the Wales Accord (WASPI)."""

from __future__ import annotations

from collections.abc import Iterator

from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.lint import find_problems
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.linkage_eval.sharing.strategy.statutes import POWERS
from darkfigure.synth.storage.parts import SYNTHETIC

_WHEN = {"event": "as it happens", "request": "when asked for", "schedule": "every {every}"}


def write_agreement(strategy: SharingStrategy) -> str:
    """Write a strategy as Markdown: parties, purpose, fields, form, times and legal basis."""
    header, levers = strategy.strategy, strategy.governance
    parties = sorted({agency for flow in strategy.flow for agency in _parties(flow)})
    lines = [
        f"# {header.title}",
        "",
        f"{SYNTHETIC} This page describes a strategy for a simulation and is no agreement.",
        "",
        f"- **Instrument**: {header.instrument}",
        f"- **Parties**: {', '.join(parties) or 'none'}",
        f"- **Purpose**: {', '.join(header.purpose) or 'none given'}",
        f"- **In doubt**: {header.controller_default}",
        f"- **Impact assessment**: {_dpia(strategy)}",
        f"- **Clarity of the framework**: {levers.framework_clarity:.0%}",
        f"- **Backing from the top**: {levers.high_level_buyin:.0%}",
        f"- **Guidance of staff**: {levers.staff_guidance:.0%}",
        f"- **Judged by their figures**: {', '.join(levers.judged.agencies) or 'nobody'}",
        f"- **Known weakness**: {header.weakness or 'none given'}",
        "",
        "![Who gives to whom](flows.svg)",
    ]
    for flow in strategy.flow:
        lines += _flow(flow)
    return "\n".join([*lines, "", *_objections(strategy)]) + "\n"


def _parties(flow: Flow) -> Iterator[str]:
    yield from (flow.source.agency, flow.recipient.agency, *flow.recipient.onward)


def _dpia(strategy: SharingStrategy) -> str:
    dpia = strategy.governance.dpia
    return "done" if dpia.done else f"to be done, {dpia.months:g} months"


def _flow(flow: Flow) -> list[str]:
    power = POWERS.get(flow.basis.power)
    basis = [f"UK GDPR art. {article}" for article in (flow.basis.art6, flow.basis.art9) if article]
    basis += [power.title] if power and flow.basis.power != "none" else []
    basis += [f"confidence: {flow.basis.common_law}"] if flow.basis.common_law else []
    withheld = [name for name in flow.source.holding.columns if name not in flow.fields]
    rows = {
        "From": f"{flow.source.agency}, {flow.source.dataset}",
        "To": f"{flow.recipient.agency} ({flow.recipient.role})",
        "On to": f"{', '.join(flow.recipient.onward)} ({flow.recipient.onward_form})"
        if flow.recipient.onward
        else "nobody",
        "Which records": f"`{flow.rows}`" if flow.rows else "all",
        "What is shared": ", ".join(flow.fields),
        "What is not shared": ", ".join(withheld) or "nothing is kept back",
        "Coarsened": ", ".join(f"{key} to {level}" for key, level in flow.generalise.items())
        or "no",
        "Form": _form(flow),
        "When": _when(flow),
        "Basis": "; ".join(basis) or "none claimed",
        "Kept for": flow.retention or "not said",
        "Logged": _audit(flow),
    }
    head = ["", f"## {flow.id}", "", "| | |", "|---|---|"]
    return head + [f"| {name} | {text.replace('|', ' or ')} |" for name, text in rows.items()]


def _audit(flow: Flow) -> str:
    if not flow.audit.log:
        return "no"
    return f"yes, {flow.audit.sample_review:.0%} of uses looked at again"


def _form(flow: Flow) -> str:
    form = flow.format
    detail = form.what.detail(form)
    if form.counts:
        return f"{form.kind}: counts by {', '.join(form.by)}, {detail}"
    return f"{form.kind} ({detail})" if detail else form.kind


def _when(flow: Flow) -> str:
    trigger = flow.trigger
    text = _WHEN[trigger.kind].format(every=trigger.every) + f", then {trigger.lag.median}"
    if trigger.queue is None:
        return text
    most = f", at most {trigger.queue.capacity} at a time" if trigger.queue.capacity else ""
    return f"{text}, at meetings every {trigger.queue.cadence}{most}"


def _objections(strategy: SharingStrategy) -> list[str]:
    problems = find_problems(strategy)
    if not problems:
        return ["The lint, which is no advice, objects to nothing."]
    head = ["## What the lint objects to", "", "A lint, not advice.", ""]
    return head + [f"- {problem.flow or 'strategy'}: {problem.message}" for problem in problems]

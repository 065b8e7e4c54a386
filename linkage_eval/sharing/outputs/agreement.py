"""A strategy in words, in the order of a disclosure agreement of the Wales Accord (WASPI)."""

from __future__ import annotations

from collections.abc import Iterator

from darkfigure.linkage_eval.sharing.outputs import words
from darkfigure.linkage_eval.sharing.outputs.words import agency_name as name
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.lint import find_problems
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.linkage_eval.sharing.strategy.statutes import POWERS
from darkfigure.synth.storage.parts import SYNTHETIC

_PURPOSES = {
    "dpv:PublicBenefit": "public benefit",
    "dpv:ResearchAndDevelopment": "research",
}


def write_agreement(strategy: SharingStrategy) -> str:
    """Write a strategy as Markdown: parties, purpose, fields, form, times and legal basis."""
    header, levers = strategy.strategy, strategy.governance
    judged = ", ".join(map(name, levers.judged.agencies))
    parties = sorted({name(agency) for flow in strategy.flow for agency in _parties(flow)})
    lines = [
        f"# {header.title}",
        "",
        f"{SYNTHETIC} This page describes a strategy for a simulation and is no agreement.",
        "",
        f"- **Instrument**: {header.instrument}",
        f"- **Parties**: {', '.join(parties) or 'none'}",
        f"- **Purpose**: {', '.join(map(_purpose, header.purpose)) or 'none given'}",
        f"- **In doubt**: {header.controller_default}",
        f"- **Impact assessment**: {_dpia(strategy)}",
        f"- **Clarity of the framework**: {levers.framework_clarity:.0%}",
        f"- **Backing from the top**: {levers.high_level_buyin:.0%}",
        f"- **Guidance of staff**: {levers.staff_guidance:.0%}",
        f"- **Judged by their figures**: {judged or 'nobody'}",
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
        "From": f"{name(flow.source.agency)}, {words.about(flow)}",
        "To": f"{name(flow.recipient.agency)} ({flow.recipient.role.replace('_', ' ')})",
        "On to": _onward(flow),
        "Which records": f"`{flow.rows}`" if flow.rows else "all",
        "In short": words.carried(flow),
        "What is shared": ", ".join(flow.fields),
        "What is not shared": ", ".join(withheld) or "nothing is kept back",
        "Coarsened": ", ".join(f"{key} to {level}" for key, level in flow.generalise.items())
        or "no",
        "Form": _form(flow),
        "When": words.times(flow),
        "Basis": "; ".join(basis) or "none claimed",
        "Kept for": words.span(flow.retention) if flow.retention else "not said",
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
    said = words.form(flow)
    return f"{said} ({form.kind}{f', {detail}' if detail else ''})"


def _purpose(purpose: str) -> str:
    return _PURPOSES.get(purpose, purpose.replace("-", " "))


def _onward(flow: Flow) -> str:
    if not flow.recipient.onward:
        return "nobody"
    form = {"same": "as received", "map": "times and places, without names"}
    to = ", ".join(map(name, flow.recipient.onward))
    return f"{to} ({form[flow.recipient.onward_form]})"


def _objections(strategy: SharingStrategy) -> list[str]:
    problems = find_problems(strategy)
    if not problems:
        return ["The lint, which is no advice, objects to nothing."]
    head = ["## What the lint objects to", "", "A lint, not advice.", ""]
    return head + [f"- {problem.flow or 'strategy'}: {problem.message}" for problem in problems]

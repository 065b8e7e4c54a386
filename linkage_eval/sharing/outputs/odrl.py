"""A strategy for machines: an ODRL 2.2 policy with terms of the Data Privacy Vocabulary.

Each flow is a permission of the recipient to use the source's data: for the purposes, once the
duties (coarsen, bring into form, log, delete) are done. Withheld fields are a prohibition.
"""

from __future__ import annotations

from typing import Any

from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy

_CONTEXT = [
    "http://www.w3.org/ns/odrl.jsonld",
    {"dpv": "https://w3id.org/dpv#", "df": "urn:darkfigure:"},
]
# Each form as a technical measure of the vocabulary.


def to_odrl(strategy: SharingStrategy) -> dict[str, Any]:
    """Give a strategy as JSON-LD."""
    header = strategy.strategy
    return {
        "@context": _CONTEXT,
        "@type": "Agreement" if header.instrument != "none" else "Set",
        "uid": f"urn:darkfigure:strategy:{header.id}",
        "df:title": header.title,
        "df:instrument": header.instrument,
        "permission": [_permission(flow, strategy) for flow in strategy.flow],
        "prohibition": [_prohibition(flow) for flow in strategy.flow if _withheld(flow)],
    }


def _permission(flow: Flow, strategy: SharingStrategy) -> dict[str, Any]:
    source = flow.source
    permission: dict[str, Any] = {
        "uid": f"urn:darkfigure:flow:{flow.id}",
        "target": f"urn:darkfigure:holding:{source.holding_name}",
        "assigner": f"urn:darkfigure:agency:{source.agency}",
        "assignee": f"urn:darkfigure:agency:{flow.recipient.agency}",
        "action": "use",
        "dpv:hasPersonalData": list(flow.fields),
        "dpv:hasLegalBasis": {key: basis for key, basis in flow.basis if basis},
        "constraint": [_constraint("purpose", purpose) for purpose in strategy.strategy.purpose],
        "duty": _duties(flow),
    }
    if flow.recipient.onward:
        permission["df:onward"] = {
            "to": list(flow.recipient.onward),
            "form": flow.recipient.onward_form,
        }
    return permission


def _duties(flow: Flow) -> list[dict[str, Any]]:
    duties: list[dict[str, Any]] = [
        {
            "action": "dpv:apply" if flow.is_personal else "anonymize",
            "dpv:hasTechnicalMeasure": flow.format.what.measure,
        }
    ]
    if flow.retention:
        until = _constraint("elapsedTime", flow.retention) | {"operator": "lteq"}
        duties.append({"action": "delete", "constraint": [until]})
    if flow.audit.log:
        duties.append({"action": "dpv:RecordsOfActivities"})
    return duties


def _prohibition(flow: Flow) -> dict[str, Any]:
    return {
        "target": f"urn:darkfigure:holding:{flow.source.holding_name}",
        "assignee": f"urn:darkfigure:agency:{flow.recipient.agency}",
        "action": "use",
        "dpv:hasPersonalData": _withheld(flow),
    }


def _withheld(flow: Flow) -> list[str]:
    return [name for name in flow.source.holding.columns if name not in flow.fields]


def _constraint(what: str, value: str) -> dict[str, Any]:
    return {"leftOperand": what, "operator": "eq", "rightOperand": value}

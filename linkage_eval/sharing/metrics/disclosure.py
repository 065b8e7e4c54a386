"""Disclosure: the people and fields that sharing gives away, also of people not in need."""

from __future__ import annotations

import pyarrow as pa

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge
from darkfigure.linkage_eval.sharing.measuring.quantities import quantities
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.synth.storage.dataset import Dataset

_NEEDS = ("dataset", "knowledge")


@metric(
    name="person_disclosures",
    label="People named to recipients",
    meaning="people whom some recipient can name, counted once for each recipient",
    formula="pairs of recipient and person",
    direction="lower",
    unit="people",
    needs=_NEEDS,
)
@metric(
    name="people_disclosed",
    label="People named",
    meaning="people whom at least one recipient can name",
    formula="distinct persons",
    direction="lower",
    unit="people",
    needs=_NEEDS,
)
@metric(
    name="field_disclosures",
    label="Fields given away",
    meaning="values of fields that recipients hold, row by row",
    formula="rows x fields",
    direction="lower",
    unit="values",
    needs=_NEEDS,
)
@metric(
    name="weighted_disclosures",
    label="Fields given away, weighed",
    meaning="the same, each weighed by how much it harms to disclose it wrongly",
    formula="sum of rows x sensitivity (0 to 1, assumed)",
    direction="lower",
    unit="values",
    needs=_NEEDS,
)
@metric(
    name="collateral_share",
    label="Of them no part in violence",
    meaning="of the disclosures of people, the share about people who had no need to be known",
    formula="|disclosed and not in need| / |disclosed|; in need is who, in truth, suffered, "
    "did or witnessed violence in the study",
    direction="lower",
    unit="share",
    needs=_NEEDS,
)
def measure_disclosure(dataset: Dataset, knowledge: Knowledge) -> list[Measurement]:
    """Measure the disclosures of a strategy."""
    return quantities(disclosures_of(dataset, knowledge), knowledge.shared.num_rows)


def disclosures_of(dataset: Dataset, knowledge: Knowledge) -> dict[str, float | None]:
    """Work out the quantities of `measure_disclosure`, by name.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    knowledge
        The knowledge of every recipient of the strategy.
    """
    pairs = disclosed_people(dataset, knowledge)
    total = pairs.num_rows
    collateral = int(pairs["collateral"].to_numpy(zero_copy_only=False).sum()) if total else 0
    flows = {flow.id: flow for flow in knowledge.strategy.flow}
    fields, weighted = 0, 0.0
    counted = knowledge.shared.group_by(["flow", "recipient"]).aggregate([([], "count_all")])
    # Always in one order, since sums of fractions depend on it.
    for row in counted.sort_by([("flow", "ascending"), ("recipient", "ascending")]).to_pylist():
        carried = _carried(flows[row["flow"]], row["recipient"])
        fields += row["count_all"] * len(carried)
        weighted += row["count_all"] * sum(carried.values())
    return {
        "person_disclosures": float(total),
        "people_disclosed": float(len(pairs["person_id"].unique())),
        "field_disclosures": float(fields),
        "weighted_disclosures": weighted,
        "collateral_share": collateral / total if total else None,
    }


def disclosed_people(dataset: Dataset, knowledge: Knowledge) -> pa.Table:
    """Find the people whom each recipient can name.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    knowledge
        The knowledge of every recipient of the strategy.

    Returns
    -------
    `recipient`, `person_id`, and `collateral`: true where the person has no part in violence.
    """
    incidents = dataset.read("truth/incidents", ["incident_id", "victim_id", "offender_id"])
    return query(
        """WITH needed AS (
            SELECT victim_id AS person_id FROM incidents
            UNION SELECT offender_id FROM incidents UNION SELECT person_id FROM witnesses)
        SELECT DISTINCT recipient, person_id,
            person_id NOT IN (SELECT person_id FROM needed WHERE person_id IS NOT NULL)
                AS collateral
        FROM log JOIN persons AS p ON p.source::VARCHAR = log.source AND p.record_id = log.subject
        WHERE person ORDER BY ALL""",
        log=knowledge.shared,
        persons=dataset.read("truth/record_persons", ["source", "record_id", "person_id"]),
        incidents=incidents,
        witnesses=dataset.read("truth/incident_witnesses"),
    )


def _carried(flow: Flow, recipient: str) -> dict[str, float]:
    """Give the fields of a flow that a recipient can read row by row, with their sensitivity."""
    if not flow.format.has_records:
        return {}
    holding = flow.source.holding
    hidden = set()
    on_a_map = recipient in flow.recipient.onward and flow.recipient.onward_form == "map"
    if not flow.reads_persons or on_a_map:
        hidden = {*holding.identity.values(), holding.subject}
    if flow.format.what.tells_hits_alone(flow.format):
        hidden = set(flow.fields)
    return {name: holding.sensitivity_of(name) for name in flow.fields if name not in hidden}

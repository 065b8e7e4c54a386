"""The privacy loss of noisy counts, added up for each person over all flows."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge
from darkfigure.linkage_eval.sharing.forms.noisy import kept_records
from darkfigure.linkage_eval.sharing.forms.release import Batch
from darkfigure.linkage_eval.sharing.measuring.quantities import quantity
from darkfigure.synth.storage.dataset import Dataset

_NEEDS = ("dataset", "knowledge")
_CLAIMED, _BORNE = "privacy_loss", "privacy_loss_borne"
_NONE = "no flow releases noisy counts"
_MOST = """
SELECT coalesce(max(loss), 0) AS most, count(*) AS people FROM (
    SELECT person_id, sum(loss) AS loss FROM counted
    JOIN about ON record_id = subject AND split_part(source::VARCHAR, '/', 1) = kind
    GROUP BY person_id)
"""


@metric(
    name=_CLAIMED,
    label="Privacy loss",
    meaning="loss of a person whom every noisy flow counts, if each source holds people once",
    formula="sum of epsilon over flows with the form dp (sequential composition)",
    direction="lower",
    unit="epsilon",
    needs=_NEEDS,
)
@metric(
    name=_BORNE,
    label="Greatest loss of anybody",
    meaning="loss of the person who bears most in truth, since sources hold some people twice",
    formula="largest of a person's counted records x epsilon / contributions, over all flows",
    direction="lower",
    unit="epsilon",
    needs=_NEEDS,
)
def measure_privacy_loss(dataset: Dataset, knowledge: Knowledge) -> list[Measurement]:
    """Add up the loss of each person over all flows whose counts are noisy."""
    flows = [flow for flow in knowledge.strategy.flow if flow.format.what.draws_noise]
    if not flows:
        return [quantity(name, None, n=0, why=_NONE) for name in (_CLAIMED, _BORNE)]
    about = dataset.read("truth/record_persons", ["source", "record_id", "person_id"])
    counted = _counted(knowledge.released[flow.id] for flow in flows)
    (most,) = query(_MOST, counted=counted, about=about).to_pylist()
    return [
        quantity(_CLAIMED, sum(flow.format.epsilon for flow in flows), n=len(flows)),
        quantity(_BORNE, most["most"], n=most["people"]),
    ]


def _counted(batches: Iterable[Batch]) -> pa.Table:
    """List the counted records: agency, key of the person in it, and the loss that it costs."""
    parts = []
    for batch in batches:
        form, source = batch.flow.format, batch.flow.source
        kept = batch.rows.filter(pa.array(kept_records(batch)))
        loss = form.epsilon / form.contributions
        columns = {
            "kind": pa.array([source.kind] * kept.num_rows, pa.string()),
            "subject": kept[source.holding.subject].cast(pa.string()),
            "loss": pa.array([loss] * kept.num_rows, pa.float64()),
        }
        parts.append(pa.table(columns))
    return pa.concat_tables(parts)

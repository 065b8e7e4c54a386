"""A synthetic release: rows drawn from a model of the records, none of them a record."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from linkage_eval.strategies.forms.release import Batch, Release
from linkage_eval.strategies.hesitancy import ids_of
from synth.errors import SpecError

_LEAST = 10


def release_made_up(batch: Batch) -> Release:
    """Release rows of a Gaussian copula fitted to the content of a sample (SDV).

    Raises
    ------
    SpecError
        SDV is not installed.
    """
    content = _sampled(batch)
    rows = _draw(content, batch.flow.format.sample) if content.num_rows >= _LEAST else content[:0]
    return Release({batch.flow.recipient.agency: rows}, np.zeros(batch.rows.num_rows, bool))


def _sampled(batch: Batch) -> pa.Table:
    ids = ids_of(batch.rows[batch.flow.source.holding.key])
    order = np.argsort(batch.chance.uniform("sample", ids), kind="stable")
    texts = [column.cast(pa.string()) for column in batch.content.columns]
    plain = pa.table(dict(zip(batch.content.column_names, texts, strict=True)))
    return plain.take(pa.array(np.sort(order[: batch.flow.format.sample])))


def _draw(content: pa.Table, n_rows: int) -> pa.Table:
    # Imported when needed: SDV takes seconds, and is an extra.
    try:
        from sdv.metadata import Metadata  # noqa: PLC0415
        from sdv.single_table import GaussianCopulaSynthesizer  # noqa: PLC0415
    except ImportError:
        raise SpecError(
            "A synthetic release needs SDV: pip install 'darkfigure[sdv]', or choose a strategy "
            "with another form."
        ) from None
    frame = content.to_pandas()
    columns = {name: {"sdtype": "categorical"} for name in frame.columns}
    metadata = Metadata.load_from_dict({"tables": {"records": {"columns": columns}}})
    model = GaussianCopulaSynthesizer(metadata)
    model.fit({"records": frame})
    made = model.sample(n_rows)
    return pa.Table.from_pandas(made["records"], preserve_index=False)

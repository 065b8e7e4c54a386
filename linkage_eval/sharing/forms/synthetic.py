"""A synthetic release: rows drawn from a model of the records, none of them a record."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.sharing.forms.release import Batch, Release
from darkfigure.linkage_eval.sharing.strategy.hesitancy import ids_of
from darkfigure.synth.core.errors import MissingExtraError

LEAST = 10


def release_made_up(batch: Batch) -> Release:
    """Release rows of a Gaussian copula fitted to the content of a sample (SDV).

    Raises
    ------
    MissingExtraError
        SDV is not installed.
    """
    content = _sampled(batch)
    rows = make_up(content, batch.flow.format.sample) if content.num_rows >= LEAST else content[:0]
    return Release({batch.flow.recipient.agency: rows}, np.zeros(batch.rows.num_rows, bool))


def _sampled(batch: Batch) -> pa.Table:
    ids = ids_of(batch.rows[batch.flow.source.holding.key])
    order = np.argsort(batch.chance.uniform("sample", ids), kind="stable")
    return as_texts(batch.content).take(pa.array(np.sort(order[: batch.flow.format.sample])))


def as_texts(content: pa.Table) -> pa.Table:
    """Write every field as text, since the model takes all fields for categories."""
    texts = [column.cast(pa.string()) for column in content.columns]
    return pa.table(dict(zip(content.column_names, texts, strict=True)))


def make_up(content: pa.Table, n_rows: int) -> pa.Table:
    """Draw rows from a model of a table.

    Parameters
    ----------
    content
        Columns of text, at least `LEAST` rows.
    n_rows
        Number of rows to draw.

    Raises
    ------
    MissingExtraError
        SDV is not installed.
    """
    # Imported when needed: SDV takes seconds, and is an extra.
    try:
        from sdv.metadata import Metadata  # noqa: PLC0415
        from sdv.single_table import GaussianCopulaSynthesizer  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError(
            "A synthetic release needs the extra `sdv`: pip install 'darkfigure[sdv]', or choose "
            "a strategy with another form."
        ) from None
    frame = content.to_pandas()
    columns = {name: {"sdtype": "categorical"} for name in frame.columns}
    metadata = Metadata.load_from_dict({"tables": {"records": {"columns": columns}}})
    model = GaussianCopulaSynthesizer(metadata)
    model.fit({"records": frame})
    tables = model.sample(n_rows)
    return pa.Table.from_pandas(tables["records"], preserve_index=False)

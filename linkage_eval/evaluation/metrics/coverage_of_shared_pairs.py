"""Coverage of shared pairs: true pairs both of whose records reached the linking party."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.links.truth import Truth, TruthSide
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.synth.core.arrays import Mask


@metric(
    name="pairs_shared_share",
    label="True pairs shared",
    meaning="share of the true pairs both of whose records reach the linking party; recall divided "
    "by it is that of the linker alone",
    formula="true pairs with both records shared / true pairs",
    direction="higher",
    unit="share",
    needs=("truth", "shared"),
)
def measure_shared_pairs(
    truth: Truth, shared: tuple[pa.ChunkedArray, pa.ChunkedArray]
) -> list[Measurement]:
    """Measure the share of the true pairs that a strategy lets anybody link.

    Parameters
    ----------
    truth
        The truth of the task.
    shared
        Ids of the left and the right records that the linker is given.

    Returns
    -------
    None where there is no true pair.
    """
    left, right = _given(truth.left, shared[0]), _given(truth.right, shared[1])
    both = left[truth.pairs_left] & right[truth.pairs_right]
    value = float(both.mean()) if len(both) else None
    return [Measurement.overall("pairs_shared_share", value, len(both))]


def _given(side: TruthSide, ids: pa.ChunkedArray) -> Mask:
    shared_ids = ids.cast(side.ids.type).combine_chunks()
    return pc.is_in(side.ids, shared_ids).to_numpy(zero_copy_only=False)

"""Coverage of shared pairs: true pairs both of whose records reached the linking party."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import Definition, Measurement
from darkfigure.linkage_eval.links.truth import ScoredLinks, TruthSide
from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.core.chance import Stream

_SHARED = Definition(
    "pairs_shared_share",
    "share of the true pairs both of whose records reach the linking party; recall divided by it "
    "is that of the linker alone",
    "true pairs with both records shared / true pairs",
)


class Reached:
    """The share of the true pairs that a strategy lets anybody link.

    Parameters
    ----------
    left, right
        Ids of the records that the linker is given.
    """

    definitions: tuple[Definition, ...] = (_SHARED,)

    def __init__(self, left: pa.ChunkedArray, right: pa.ChunkedArray) -> None:
        self._left, self._right = left, right

    def measure(self, judged: ScoredLinks, chance: Stream) -> list[Measurement]:  # noqa: ARG002
        """Measure the share; None where there is no true pair."""
        truth = judged.truth
        left, right = _given(truth.left, self._left), _given(truth.right, self._right)
        both = left[truth.pairs_left] & right[truth.pairs_right]
        value = float(both.mean()) if len(both) else None
        return [Measurement("all", "all", _SHARED.name, value, None, None, len(both))]


def _given(side: TruthSide, ids: pa.ChunkedArray) -> Mask:
    shared_ids = ids.cast(side.ids.type).combine_chunks()
    return pc.is_in(side.ids, shared_ids).to_numpy(zero_copy_only=False)

"""The forms in which records are released: clear, hidden, counted, or made up."""

from __future__ import annotations

from collections.abc import Callable

from darkfigure.linkage_eval.sharing.forms import counted, hidden, noisy, queries, split, synthetic
from darkfigure.linkage_eval.sharing.forms.release import Batch, Release, release_clear

_RELEASES: dict[str, Callable[[Batch], Release]] = {
    "clear": release_clear,
    "pseudonym": hidden.release_pseudonyms,
    "keyed_hash": hidden.release_hashes,
    "clk": hidden.release_filters,
    "split_file_ttp": split.release_split,
    "aggregate": counted.release_counts,
    "dp": noisy.release_noisy_counts,
    "federated_query": queries.answer,
    "synthetic": synthetic.release_made_up,
}


def release(batch: Batch) -> Release:
    """Bring records into the form of their flow, for each recipient."""
    return _RELEASES[batch.flow.format.kind](batch)


__all__ = ["Batch", "Release", "release"]

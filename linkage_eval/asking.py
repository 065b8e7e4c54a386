"""What a linker is asked in its own process: to learn, to link, and to tell what it compared."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from linkage_eval.contracts import (
    Blocking,
    Deduplicator,
    Linker,
    Supervised,
    fold_pairs,
    to_links,
)
from synth.errors import LinkerError


@dataclass(frozen=True)
class Question:
    """One task as a linker sees it.

    Parameters
    ----------
    left, right
        Schema `RECORDS`.
    seed
        For the linker.
    within
        Whether both are the same table, whose records are linked to each other.
    labelled
        For supervised linkers: schema `LABELLED`.
    """

    left: pa.Table
    right: pa.Table
    seed: int = 1
    within: bool = False
    labelled: pa.Table | None = None


def link(linker: Linker, question: Question) -> pa.Table:
    """Let a linker learn, if it does, and link.

    Returns
    -------
    Schema `LINKS`, and `status` if the linker gives one, as it answered: `canonical` says what of
    it counts.

    Raises
    ------
    LinkerError
        It learns from labels and got none, or got labels and does not learn.
    ValueError
        It answered something else than links.
    """
    left, right, seed = question.left, question.right, question.seed
    supervised = isinstance(linker, Supervised)
    if supervised != (question.labelled is not None):
        raise LinkerError(
            "it learns from labels: give it `supervision`, such as { labels = 200 }"
            if supervised
            else "it was given labels, but has no method `fit`: leave `supervision` out"
        )
    if isinstance(linker, Supervised):
        linker.fit(left, right, question.labelled)
    if question.within and isinstance(linker, Deduplicator):
        return _as_links(linker.deduplicate(left, seed=seed))
    return _as_links(linker.link(left, right, seed=seed))


def compared_by(linker: Linker, question: Question) -> pa.Table | None:
    """Give the pairs that a linker compares, each once; None if it is silent.

    Returns
    -------
    Rows `left` and `right`; within one table the smaller left.
    """
    if not isinstance(linker, Blocking):
        return None
    pairs, _ = fold_pairs(linker.block(question.left, question.right), within=question.within)
    return pa.table({"left": pairs.left, "right": pairs.right})


def gives_probability(linker: Linker) -> bool:
    """Tell whether a linker says that its scores are match probabilities."""
    return bool(getattr(linker, "gives_probability", False))


def _as_links(answered: object) -> pa.Table:
    # Anything that Arrow can make a table of is welcome, a pandas frame for one.
    return to_links(answered if isinstance(answered, pa.Table) else pa.table(answered))

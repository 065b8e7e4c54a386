"""Ask a linker of the library in this process what others' are asked in their own."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from linkage_eval.contracts import Linker, to_links
from linkage_eval.isolated import Unusable, ask
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
    try:
        answered = ask(
            linker,
            question.left,
            question.right,
            seed=question.seed,
            within=question.within,
            labelled=question.labelled,
        )
    except Unusable as error:
        raise LinkerError(str(error)) from None
    # Anything that Arrow can make a table of is welcome, a pandas frame for one.
    return to_links(answered if isinstance(answered, pa.Table) else pa.table(answered))

"""Scores of links that any tool made: the same measurements as in a run."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.links.files import read_links
from darkfigure.linkage_eval.links.table import to_links
from darkfigure.linkage_eval.rows import Measured, table_of
from darkfigure.synth.core.errors import LinksError
from darkfigure.synth.storage.dataset import Dataset


def score(
    dataset: Dataset,
    links: Path | pa.Table,
    *,
    left: str,
    right: str,
    note: Callable[[str], object] = warnings.warn,
) -> pa.Table:
    """Score links against the truth of a dataset.

    Parameters
    ----------
    dataset
        The dataset of both sources, with its truth.
    links
        A table, or a Parquet or CSV file, with `left_id`, `right_id` and maybe `score`;
        each pair counts once, with its best score (`links.positions.Links`).
    left, right
        The sources that were linked, such as "ed" and "police".
    note
        Called with a sentence on the links that do not count, if some do not.

    Returns
    -------
    One row per stratum and metric (`rows.Measured`).

    Raises
    ------
    LinksError
        The links cannot be read or do not fit the dataset.
    DatasetError
        The dataset has no such source, or is damaged.
    SpecError
        The two sides share some sources and not all.
    """
    where = str(links) if isinstance(links, Path) else "The table of links"
    evaluation = Evaluation(dataset, left, right)
    try:
        table = read_links(links) if isinstance(links, Path) else to_links(links)
        judged = evaluation.judge_table(table)
    except ValueError as error:
        raise LinksError(
            f"{where}: {error}. Links must join records of '{left}' (left_id) to records of "
            f"'{right}' (right_id) of {dataset.path}."
        ) from None
    if judged.left_out:
        note(judged.left_out)
    return table_of(Measured, evaluation.measure(judged))

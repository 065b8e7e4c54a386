"""Scores of links against a truth of the user's own, without any simulated world.

Truth and links are pairs (`left_id`, `right_id`, of links maybe `score`) or clusters (`record_id`,
`cluster_id`). Clusters are of one set of records, whose pairs they stand for; pairs may also run
between two sets. True pairs are closed into people, so a chain of them is enough.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.links.clustering import components
from darkfigure.linkage_eval.links.clusters import (
    RECORD,
    cluster_codes,
    is_clusters,
    pairs_of_clusters,
    read_clusters,
)
from darkfigure.linkage_eval.links.files import links_of
from darkfigure.linkage_eval.links.lookup import find_rows
from darkfigure.linkage_eval.links.truth import Truth, TruthSide, everybody, make_truth
from darkfigure.linkage_eval.records.file_tables import read_table
from darkfigure.linkage_eval.rows import Measured, table_of
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.errors import LinksError
from darkfigure.synth.core.printable import listed

_SEED = 1  # of resampled intervals
_ENDS = ("left_id", "right_id")
_FORMS = "left_id and right_id, or record_id and cluster_id"
# These count strangers, or records without a partner, of which a file of true pairs says nothing.
_OF_ALL_RECORDS = (
    *("specificity", "b_cubed_precision", "b_cubed_recall", "b_cubed_f1", "cluster_precision"),
    *("cluster_recall", "cluster_f1", "merge_distance", "variation_of_information"),
)
_N_EXAMPLES = 3


def score_against(
    truth: Path | pa.Table,
    links: Path | pa.Table,
    *,
    within: bool | None = None,
    note: Callable[[str], object] = warnings.warn,
) -> pa.Table:
    """Score links against the user's own truth.

    Parameters
    ----------
    truth, links
        A table, or a Parquet or CSV file, of pairs or of clusters. Clusters as truth name every
        record; pairs those that have a partner.
    within
        Whether all records are of one set; without, the files tell, or it is asked for.
    note
        Called with a sentence on what does not count, if something does not.

    Returns
    -------
    One row per metric (`rows.Measured`). Where the truth is pairs, metrics that count all records
    are left out, since not all are known.

    Raises
    ------
    LinksError
        A file cannot be read, the two do not fit each other, or they leave open whether the
        records are of one set.
    """
    true_names, link_names = _name(truth, "truth"), _name(links, "links")
    true, found = _read(truth, true_names), _read(links, link_names, empty=True)
    try:
        one_set = _is_one_set(true, found, within=within)
        pairs = links_of(pairs_of_clusters(found) if is_clusters(found) else found)
    except ValueError as error:
        raise LinksError(f"{link_names} {error}.") from None
    try:
        known, complete = _make_truth(true, pairs, within=one_set)
    except ValueError as error:
        raise LinksError(f"{true_names} {error}.") from None
    return _measure(known, pairs, (true_names, link_names), note, complete=complete)


def _name(given: Path | pa.Table, what: str) -> str:
    return str(given) if isinstance(given, Path) else f"The table of {what}"


def _read(given: Path | pa.Table, name: str, *, empty: bool = False) -> pa.Table:
    """Read pairs or clusters; `empty` tells whether there may be nothing at all, as of links."""
    try:
        table = read_table(given) if isinstance(given, Path) else given
    except ValueError as error:
        raise LinksError(f"{name} {error}.") from None
    if is_clusters(table) or set(_ENDS) <= set(table.column_names):
        return table
    if empty and not table.column_names:
        return links_of(table)
    columns = listed(table.column_names)
    raise LinksError(f"{name} needs the columns {_FORMS}; it has {columns}.")


def _is_one_set(true: pa.Table, found: pa.Table, *, within: bool | None) -> bool:
    """Tell whether all records are of one set."""
    if is_clusters(true) or is_clusters(found):
        if within is False:
            raise ValueError("cannot be scored across two sets: clusters are of one set of records")
        return True
    if within is not None:
        return within
    left, right = (_texts(true, end) for end in _ENDS)
    both = pc.unique(left.filter(pc.is_in(left, value_set=right)))
    if len(both):
        raise ValueError(
            f"cannot be scored yet: the truth names {_some(both)} as left_id and as right_id. Say "
            "--within (within=True) if all ids are of one set of records, --across (within=False) "
            "if they are of two"
        )
    return False


def _make_truth(true: pa.Table, links: pa.Table, *, within: bool) -> tuple[Truth, bool]:
    """Give the truth of all records that either file names, and whether it names them all."""
    if is_clusters(true):
        clusters = read_clusters(true)
        return _within(clusters[RECORD].combine_chunks(), cluster_codes(clusters)), True
    pairs = [_texts(true, end) for end in _ENDS]
    blank = sum(pc.equal(ids.fill_null(""), "").true_count for ids in pairs)
    if blank:
        raise ValueError(f"has a blank id in {blank:,} of its pairs")
    named = [_all_ids(ids, *links[end].chunks) for ids, end in zip(pairs, _ENDS, strict=True)]
    if within:
        ids = _all_ids(*named)
        return _within(
            ids, components(len(ids), Pairs(*(_rows(side, ids) for side in pairs)))
        ), False
    return _across(pairs, named), False


def _within(ids: pa.Array, persons: Ints) -> Truth:
    order = pc.sort_indices(ids)
    side = TruthSide("records", (), ids.take(order), persons[order.to_numpy()])
    return make_truth(side, side, (everybody(len(np.unique(persons))),), within=True)


def _across(pairs: list[pa.Array], named: list[pa.Array]) -> Truth:
    left, right = (_rows(side, ids) for side, ids in zip(pairs, named, strict=True))
    n_left = len(named[0])
    persons = components(n_left + len(named[1]), Pairs(left, right + n_left))
    first = TruthSide("left", (), named[0], persons[:n_left])
    second = TruthSide("right", (), named[1], persons[n_left:])
    groups = (everybody(len(np.unique(first.persons))),)
    return make_truth(first, second, groups, within=False)


def _rows(ids: pa.Array, known: pa.Array) -> Ints:
    return find_rows(pa.chunked_array([ids]), known)


def _measure(
    truth: Truth,
    links: pa.Table,
    names: tuple[str, str],
    note: Callable[[str], object],
    *,
    complete: bool,
) -> pa.Table:
    evaluation = Evaluation.of_truth(truth, _SEED)
    try:
        judged = evaluation.judge_table(links)
    except ValueError as error:
        raise LinksError(
            f"{names[1]}: {error}. Links must join records that {names[0]} names."
        ) from None
    if judged.left_out:
        note(judged.left_out)
    measured = evaluation.measure(judged)
    if complete:
        return table_of(Measured, measured)
    _refuse_strangers(truth, links, names)
    note(
        f"{len(truth.pairs_left):,} true pairs, with those that follow from others; records that "
        "neither file names are not counted, so metrics over all records are left out."
    )
    return table_of(Measured, [one for one in measured if one.metric not in _OF_ALL_RECORDS])


def _refuse_strangers(truth: Truth, links: pa.Table, names: tuple[str, str]) -> None:
    """Make sure that links and truth are about the same records."""
    paired = [truth.left.ids.take(truth.pairs_left), truth.right.ids.take(truth.pairs_right)]
    if truth.within:
        paired = [pa.concat_arrays(paired)] * 2
    for end, true in zip(_ENDS, paired, strict=True):
        linked = links[end].combine_chunks()
        if len(linked) and len(true) and not pc.any(pc.is_in(linked, value_set=true)).as_py():
            raise LinksError(
                f"{names[1]} and {names[0]} share no {end}: {_some(linked)} against "
                f"{_some(true)}. Write ids alike in both."
            )


def _all_ids(*parts: pa.Array) -> pa.Array:
    ids = pc.unique(pa.chunked_array(parts, pa.string()))
    return ids.take(pc.sort_indices(ids))


def _texts(table: pa.Table, name: str) -> pa.Array:
    return links_of(table.select(list(_ENDS)))[name].combine_chunks()


def _some(ids: pa.Array) -> str:
    return ", ".join(repr(one) for one in pc.unique(ids)[:_N_EXAMPLES].to_pylist())

"""Dispersion of faults: how unevenly they fall on records, clerks, shifts, systems and people."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.storage.dataset import Dataset

_SYSTEM = ["source", "table"]
_KEY = [*_SYSTEM, "record_id"]
_CAUSES = {
    "clerk": ["source", "clerk_id"],
    "shift": ["source", "shift_no"],
    "person": ["person_id"],
}
# Changes that a system makes to every text are no mishaps, so they do not count.
_STORED = pa.array(["stored_in_capitals", "stored_as_ascii", "cut_to_length"])
_COLUMNS = ("source", "cause", "groups", "records", "ratio")
EVERYWHERE = "all"
_GROUPS = ("sex", "ethnic_group", "deprivation_quintile", "home", "welsh_name")
_BY_GROUP = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("kind", "group")),
        pa.field("records", pa.int64()),
        *(pa.field(name, pa.float64()) for name in ("faults_a_record", "ratio", "low", "high")),
    ]
)
_Z = 1.96
_FEWEST = 10  # groups; with fewer, the source's own mean hides what its groups share


def dispersion(dataset: Dataset) -> pa.Table:
    """Measure the variance of the number of faults against that of independent cells.

    Parameters
    ----------
    dataset
        A dataset with `truth/record_persons` and `truth/entry_faults`.

    Returns
    -------
    One row for each `source` and `cause`, "record", "clerk", "shift" or "person", and for all
    sources together, there with the cause "system" as well: the number of `groups` and `records`
    that are compared, and the `ratio` of variances, 1 under independence. For records it is the
    variance of a record's number of faults over that of independent cells of the same rates. For
    groups it is the variance of the groups' totals over that of as many records drawn at random
    from the same systems; a system is compared with records drawn from all. Null where fewer than
    ten groups have two records.
    """
    records, cells = _records(dataset), _cells(dataset)
    rows = [*_matrix(records, cells, EVERYWHERE)]
    for source in sorted(records["source"].unique().to_pylist()):
        rows += _matrix(_of(records, source), _of(cells, source), source)
    return pa.table(dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True)))


def faults_by_group(dataset: Dataset) -> pa.Table:
    """Count the faults a record by group of the record's person.

    Parameters
    ----------
    dataset
        A dataset with `truth/persons`, `truth/record_persons` and `truth/entry_faults`.

    Returns
    -------
    One row for each `kind` of grouping and `group`: its `records`, their `faults_a_record`, and
    these as a multiple of everybody's, `ratio`, with the bounds `low` and `high` of its 95 %
    interval over people.
    """
    records = _records(dataset)
    people = _plain(dataset.read("truth/persons", ["person_id", *_GROUPS]))
    place = pc.index_in(records["person_id"], people["person_id"]).combine_chunks()
    has_person = place.is_valid()
    counts = records["faults"].filter(has_person).to_numpy().astype(float)
    person, rows = place.drop_null().to_numpy(), []
    totals = np.bincount(person, counts, minlength=len(people))
    sizes = np.bincount(person, minlength=len(people))
    everybody = counts.mean() if len(counts) else 0.0
    for kind in _GROUPS if everybody else ():
        column = people[kind].combine_chunks()
        for group in sorted(column.unique().drop_null().to_pylist(), key=str):
            in_group = pc.equal(column, group).fill_null(False).to_numpy(zero_copy_only=False)
            if sizes[in_group].sum():
                mean, error = _mean_by_person(totals[in_group], sizes[in_group])
                bounds = [(mean + side * _Z * error) / everybody for side in (-1, 1)]
                rows.append(
                    (kind, str(group), int(sizes[in_group].sum()), mean, mean / everybody, *bounds)
                )
    return pa.Table.from_pylist(
        [dict(zip(_BY_GROUP.names, row, strict=True)) for row in rows], _BY_GROUP
    )


def _mean_by_person(totals: Floats, sizes: Ints) -> tuple[float, float]:
    """Give the mean a record and its standard error, people being independent."""
    mean = totals.sum() / sizes.sum()
    return float(mean), float(np.sqrt(((totals - mean * sizes) ** 2).sum()) / sizes.sum())


def _matrix(
    records: pa.Table, cells: pa.Table, source: str
) -> Iterator[tuple[str, str, int, int, float | None]]:
    """Give the rows of one source, or of all."""
    counts, system = records["faults"].to_numpy().astype(float), _numbers(records, _SYSTEM)
    alone = _independent(records, cells, system)
    ratio = _within(counts, system) / alone if alone else None
    yield source, "record", len(counts), len(counts), ratio
    score = _standard(counts, system)
    for cause, names in _CAUSES.items():
        groups, n, between = _between(score, _numbers(records, names))
        yield source, cause, groups, n, between if alone else None
    if source == EVERYWHERE and alone:
        yield source, "system", *_between(_standard(counts, np.zeros_like(system)), system)


def _of(table: pa.Table, source: str) -> pa.Table:
    return table.filter(pc.equal(table["source"], source))


def _records(dataset: Dataset) -> pa.Table:
    """Count each record's faults."""
    entered = _plain(
        dataset.read("truth/record_persons", [*_KEY, "person_id", "clerk_id", "shift_no"])
    )
    entered = entered.filter(
        pc.is_valid(entered["clerk_id"])
    )  # loaded from another system, not entered
    counted = _mishaps(dataset).group_by(_KEY).aggregate([([], "count_all")])
    records = entered.join(counted, _KEY)
    faults = pc.fill_null(records["count_all"], 0)
    return records.append_column("faults", faults)


def _cells(dataset: Dataset) -> pa.Table:
    """Count each column's faults."""
    return _mishaps(dataset).group_by([*_SYSTEM, "column"]).aggregate([([], "count_all")])


def _mishaps(dataset: Dataset) -> pa.Table:
    faults = _plain(dataset.read("truth/entry_faults", [*_KEY, "column", "fault"]))
    return faults.filter(pc.invert(pc.is_in(faults["fault"], _STORED)))


def _plain(table: pa.Table) -> pa.Table:
    fields = [
        pa.field(field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type)
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _independent(records: pa.Table, cells: pa.Table, system: Ints) -> float:
    """Give the mean variance of a record's number of faults if its cells were independent."""
    sizes = np.bincount(system)
    of_system = dict(zip(_pairs(records), system.tolist(), strict=True))
    total = 0.0
    for pair, count in zip(_pairs(cells), cells["count_all"].to_pylist(), strict=True):
        size = sizes[of_system[pair]] if pair in of_system else 0
        total += count * (1 - count / size) if size else 0.0
    return total / len(system) if len(system) else 0.0


def _pairs(table: pa.Table) -> list[tuple[str, str]]:
    return list(zip(*(table[name].to_pylist() for name in _SYSTEM), strict=True))


def _numbers(table: pa.Table, names: list[str]) -> Ints:
    """Give numbers to the distinct values of some columns together."""
    number = np.zeros(len(table), np.int64)
    for name in names:
        own = table[name].combine_chunks().dictionary_encode()
        number = number * len(own.dictionary) + own.indices.to_numpy()
    return np.unique(number, return_inverse=True)[1]


def _within(counts: Floats, system: Ints) -> float:
    """Give the variance of counts about their systems' means."""
    means = np.bincount(system, counts) / np.bincount(system)
    return float(np.mean((counts - means[system]) ** 2))


def _standard(counts: Floats, system: Ints) -> Floats:
    """Give the distance of counts from their systems' means, in standard deviations."""
    size = np.bincount(system)
    away = counts - (np.bincount(system, counts) / size)[system]
    deviation = np.sqrt(np.bincount(system, away**2) / size)[system]
    score: Floats = np.divide(away, deviation, out=np.zeros_like(away), where=deviation > 0)
    return score


def _between(score: Floats, group: Ints) -> tuple[int, int, float | None]:
    """Give the groups of two or more records, their records, and their ratio of variances."""
    size = np.bincount(group)
    several = size > 1
    total = np.bincount(group, score)[several]
    records = int(size[several].sum())
    ratio = float((total**2).sum() / records) if len(total) >= _FEWEST else None
    return int(several.sum()), records, ratio

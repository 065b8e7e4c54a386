"""Risk of reidentification in a release: k-anonymity, prosecutor and journalist risk.

References
----------
Sweeney (2002), "k-anonymity"; El Emam and Dankar (2008), "Protecting privacy using k-anonymity",
Journal of the American Medical Informatics Association 15, for the two attackers: a prosecutor
knows that the target is in the release, a journalist only that the target is in the population.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SMALL = 5  # classes below it are small; usual in health statistics


@dataclass(frozen=True)
class Risk:
    """Risks of a release by its quasi-identifiers; None for an empty release.

    Parameters
    ----------
    n
        Records released.
    k
        Size of the smallest class of records that look alike.
    small_share
        Share of records in classes of fewer than five.
    prosecutor_max, prosecutor_mean
        1 / size of a record's class: the greatest, and the mean over records.
    journalist_max, journalist_mean
        1 / people of the population who look like the record; None without a population.
    """

    n: int
    k: int | None
    small_share: float | None
    prosecutor_max: float | None
    prosecutor_mean: float | None
    journalist_max: float | None
    journalist_mean: float | None


def measure_risk(
    release: pa.Table, quasi_identifiers: list[str], population: pa.Table | None = None
) -> Risk:
    """Measure how far a release singles people out.

    Parameters
    ----------
    release
        One row per person. Missing values look alike.
    quasi_identifiers
        Columns that somebody might know of a person.
    population
        All people who might be in the release, with the same columns.

    Raises
    ------
    ValueError
        A column is missing, or a released row fits nobody of the population.
    """
    missing = [name for name in quasi_identifiers if name not in release.column_names]
    if missing or not quasi_identifiers:
        raise ValueError(
            f"the release has no column {', '.join(missing) or 'to look at'}; name "
            f"quasi-identifiers among its columns: {', '.join(release.column_names)}"
        )
    if not release.num_rows:
        return Risk(0, None, None, None, None, None, None)
    keys = _keys(release, quasi_identifiers)
    values, of_row, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    own = sizes[of_row]
    journalist = None
    if population is not None:
        all_values, all_sizes = np.unique(_keys(population, quasi_identifiers), return_counts=True)
        if not np.isin(values, all_values).all():
            raise ValueError("somebody in the release is not in the population; give all of it")
        journalist = 1 / all_sizes[np.searchsorted(all_values, values)][of_row]
    return Risk(
        n=release.num_rows,
        k=int(sizes.min()),
        small_share=float((own < SMALL).mean()),
        prosecutor_max=float(1 / sizes.min()),
        prosecutor_mean=float((1 / own).mean()),
        journalist_max=None if journalist is None else float(journalist.max()),
        journalist_mean=None if journalist is None else float(journalist.mean()),
    )


def _keys(table: pa.Table, columns: list[str]) -> np.ndarray:
    texts = [pc.fill_null(table[name].cast(pa.string()), "\x00") for name in columns]
    return pc.binary_join_element_wise(*texts, "\x1f").to_numpy().astype(str)

"""What can be seen of a pair of records, in numbers: the widest view that a model can learn from.

Every linkage field has a part in it, whether or not both tables hold it, so that pairs of all
worlds have the same columns. No feature is below 0 but one that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.linkers.blocking import with_sounds
from darkfigure.linkage_eval.linkers.comparing import compare
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.fields import FIELDS

_RARITY = "_rarity"
_MISSING = -1.0  # the boosting engine refuses a column without any value
_CODES = ("sex", "ethnic_group")  # a letter more or less alike means nothing
_BIRTH = {
    "year": "year(l_date_of_birth) = year(r_date_of_birth)",
    "month": "month(l_date_of_birth) = month(r_date_of_birth)",
    "day": "day(l_date_of_birth) = day(r_date_of_birth)",
    "day_and_month_swapped": """day(l_date_of_birth) = month(r_date_of_birth)
        AND month(l_date_of_birth) = day(r_date_of_birth)""",
    "days_between": "abs(date_diff('day', l_date_of_birth, r_date_of_birth))",
    "typing": "damerau_levenshtein(l_date_of_birth::VARCHAR, r_date_of_birth::VARCHAR)",
    "born": "year(l_date_of_birth)",
}
_ACROSS_FIELDS = {
    "surname_as_forename": "jaro_winkler_similarity(l_surname, r_forename)",
    "forename_as_surname": "jaro_winkler_similarity(l_forename, r_surname)",
    "forename_as_middle_name": "jaro_winkler_similarity(l_forename, r_middle_name)",
    "middle_name_as_forename": "jaro_winkler_similarity(l_middle_name, r_forename)",
    "initial": "left(l_forename, 1) = left(r_forename, 1)",
    "surname_sound": "l_surname_sound = r_surname_sound",
    "forename_sound": "l_forename_sound = r_forename_sound",
    # The inward part of a postcode is its last three characters.
    "outward": "left(trim(l_postcode), -3) = left(trim(r_postcode), -3)",
}


def pair_features(left: pa.Table, right: pa.Table, pairs: Pairs) -> Floats:
    """Compare pairs in all fields, and each pair with the others of its records.

    Parameters
    ----------
    left, right
        Schema `RECORDS`.
    pairs
        Rows of both.

    Returns
    -------
    Shape (pairs, features); -1 where a value is missing.
    """
    sides = _with_rarity(with_sounds(left), with_sounds(right))
    expressions = dict(_expressions())
    compared = compare(
        *sides, pairs, {name: f"({sql})::DOUBLE" for name, sql in expressions.items()}
    )
    alike = [compared[f"{field}_same"].to_numpy() for field in FIELDS]
    alike += [compared[f"{field}_alike"].to_numpy() for field in FIELDS if field not in _CODES]
    likeness = np.nansum(np.column_stack(alike), axis=1)
    standing = [part for rows in (pairs.left, pairs.right) for part in _standing(rows, likeness)]
    columns = [compared[name].to_numpy() for name in expressions]
    return np.nan_to_num(np.column_stack([*columns, likeness, *standing]), nan=_MISSING)


def _expressions() -> Iterator[tuple[str, str]]:
    for field in FIELDS:
        left, right = f"l_{field}", f"r_{field}"
        yield f"{field}_same", f"{left} = {right}"
        yield f"{field}_lacking", f"({left} IS NULL)::INT + 2 * ({right} IS NULL)::INT"
        yield f"{field}_shared", f"CASE WHEN {left} = {right} THEN {left}{_RARITY} END"
        if field not in _CODES:
            texts = f"{left}::VARCHAR, {right}::VARCHAR"
            yield f"{field}_alike", f"jaro_winkler_similarity({texts})"
    yield from _BIRTH.items()
    yield from _ACROSS_FIELDS.items()


def _with_rarity(left: pa.Table, right: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Add to each field how rare its value is in both tables: -log of its share; null if null."""
    n_left = left.num_rows
    for field in FIELDS:
        chunks = [*left[field].chunks, *right[field].chunks]
        codes = pa.chunked_array(chunks, left[field].type).combine_chunks().dictionary_encode()
        place = pc.fill_null(codes.indices, -1).to_numpy().astype(np.int64)
        count = np.bincount(place[place >= 0], minlength=len(codes.dictionary))
        known = np.maximum(np.append(count, 1)[place], 1)  # a null's place is the last
        rarity = pa.array(np.log(max(1, count.sum()) / known), mask=place < 0)
        left = left.append_column(field + _RARITY, rarity[:n_left])
        right = right.append_column(field + _RARITY, rarity[n_left:])
    return left, right


def _standing(rows: Ints, likeness: Floats) -> tuple[Floats, Floats]:
    """Say how many pairs a pair's record has, and how far this one is behind its likest."""
    n_records = int(rows.max(initial=-1)) + 1
    best = np.full(n_records, -np.inf)
    np.maximum.at(best, rows, likeness)
    return np.bincount(rows, minlength=n_records)[rows].astype(float), best[rows] - likeness

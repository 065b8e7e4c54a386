"""Pairs worth judging: records of one person, and records of two people who look alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.links.truth import Truth, TruthSide, read_truth
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.storage.dataset import Dataset

MATCH, HOUSEHOLD, NAMESAKE, ALIKE = "match", "household", "namesake", "alike"
# Enough to choose from; with all of Wales, comparing everybody would take minutes.
_MOST_LEFT = 20_000
# Weight of each field in the likeness of two records to a reader; assumed.
_WEIGHTS = {
    "surname": 2.0,
    "forename": 2.0,
    "date_of_birth": 3.0,
    "sex": 0.5,
    "postcode": 1.5,
    "street": 1.0,
    "nhs_number": 3.0,
    "upn": 3.0,
}
# Fields in which two records of one person must differ for the pair to be of a kind of its own.
_GRAVE = ("surname", "forename", "date_of_birth")
_ALIKE_FORENAMES = 0.75  # as Jane and James are, and Emma and Simon are not; assumed
# Likeness of a missing value, which is less than agreement and more than disagreement; assumed.
_MISSING = 0.4
_BLOCKS = (
    ("surname", "forename"),
    ("surname", "date_of_birth"),
    ("forename", "date_of_birth"),
    ("date_of_birth", "postcode"),
    ("surname", "postcode"),
    ("household_id",),
    ("person_id",),
)


@dataclass(frozen=True)
class Candidates:
    """Pairs to choose from.

    Parameters
    ----------
    truth
        The truth of the two sources.
    table
        One row per pair: `key` (unique, below 2**48), `left_id`, `right_id`, `left_person`,
        `right_person`, `kind` (see `find_candidates`), `variety` (the kind; of a match, the
        fields in which the records differ), `contradicts` (the sexes, or forenames that are not
        alike, tell at a glance that these are two people) and `likeness` from 0 to 1.
    """

    truth: Truth
    table: pa.Table


def find_candidates(dataset: Dataset, left: str, right: str, chance: Stream) -> Candidates:
    """Find true pairs, and pairs of different people who share names, birth date or home.

    The kind of a pair is "match"; otherwise the relation of the left person to the right one
    (schema.RELATION), "household", "namesake" (same forename and surname), or "alike".

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    left, right
        Sources; "police" is all forces.
    chance
        Draws of the records that take part, where there are very many.

    Raises
    ------
    DatasetError
        The dataset lacks a source or its truth, or the two hold nothing to judge by.
    """
    truth = read_truth(dataset, left, right)
    chosen = _choose_left(truth.left, chance)
    everybody = np.arange(len(truth.right.ids))
    persons = dataset.read("truth/persons", ["person_id", "household_id"])
    lefts = _with_people(standardise(dataset, left), truth.left, chosen, persons)
    rights = _with_people(standardise(dataset, right), truth.right, everybody, persons)
    fields = [
        field
        for field in _WEIGHTS
        if all(table[field].null_count < table.num_rows for table in (lefts, rights))
    ]
    if not {*_GRAVE} & {*fields}:
        raise DatasetError(
            f"{dataset.path}: '{left}' and '{right}' do not both hold any of {', '.join(_GRAVE)}, "
            "so that nobody could judge their pairs; choose other sources, or generate it again."
        )
    table = query(
        _candidates_query(fields, len(truth.right.ids)),
        lefts=lefts,
        rights=rights,
        relationships=dataset.read("truth/relationships"),
    )
    return Candidates(truth, table)


def _choose_left(side: TruthSide, chance: Stream) -> np.ndarray:
    rows = np.arange(len(side.ids))
    order = np.argsort(chance.uniform("takes_part", rows), kind="stable")
    return np.sort(order[:_MOST_LEFT])


def _with_people(
    records: pa.Table, side: TruthSide, rows: np.ndarray, persons: pa.Table
) -> pa.Table:
    """Add to the chosen records their row, person and household."""
    people = pa.table(
        {"record_id": side.ids.take(pa.array(rows)), "row": rows, "person_id": side.persons[rows]}
    )
    return query(
        """SELECT * FROM records JOIN people USING (record_id) JOIN persons USING (person_id)""",
        records=records,
        people=people,
        persons=persons,
    )


def _candidates_query(fields: list[str], n_right: int) -> str:
    blocks = " UNION ".join(
        f"SELECT l.row AS l_row, r.row AS r_row FROM lefts AS l JOIN rights AS r "  # noqa: S608
        f"USING ({', '.join(block)})"
        for block in _BLOCKS
        if set(block) <= {*fields, "household_id", "person_id"}
    )
    alike = " + ".join(f"{_WEIGHTS[field]} * {_likeness(field)}" for field in fields)
    unlike = ", ".join(
        f"if(l.{field} IS DISTINCT FROM r.{field}, '{field}', NULL)"
        for field in _GRAVE
        if field in fields
    )
    total = sum(_WEIGHTS[field] for field in fields)
    return f"""
        WITH pairs AS ({blocks}), related AS (
            SELECT person_id, other_id, min(relation::VARCHAR) AS relation
            FROM relationships GROUP BY ALL
        )
        SELECT l.row * {n_right} + r.row AS key,
            l.record_id AS left_id, r.record_id AS right_id,
            l.person_id AS left_person, r.person_id AS right_person,
            CASE WHEN l.person_id = r.person_id THEN '{MATCH}'
                WHEN relation IS NOT NULL THEN relation
                WHEN l.household_id = r.household_id THEN '{HOUSEHOLD}'
                WHEN l.surname = r.surname AND l.forename = r.forename THEN '{NAMESAKE}'
                ELSE '{ALIKE}' END AS kind,
            CASE WHEN l.person_id != r.person_id THEN kind
                ELSE concat_ws(' ', {unlike}) END AS variety,
            {_contradiction(fields)} AS contradicts,
            round(({alike}) / {total}, 6) AS likeness
        FROM pairs JOIN lefts AS l ON l_row = l.row JOIN rights AS r ON r_row = r.row
        LEFT JOIN related ON related.person_id = l.person_id AND other_id = r.person_id
        ORDER BY key
    """  # noqa: S608, names of our own schema


def _contradiction(fields: list[str]) -> str:
    """Write as SQL whether two records differ in what nobody gets wrong; missing values do not."""
    tests = {
        "sex": "l.sex <> r.sex",
        # Twins share everything but that.
        "forename": f"""jaro_winkler_similarity(l.forename, r.forename) < {_ALIKE_FORENAMES}
            AND relation IS DISTINCT FROM 'twin'""",
    }
    told = [f"coalesce({test}, false)" for field, test in tests.items() if field in fields]
    return f"({' OR '.join(told)})" if told else "false"


def _likeness(field: str) -> str:
    """Write the likeness of a field in both records, 0 to 1, as an SQL expression."""
    left, right = f"l.{field}", f"r.{field}"
    parts = {
        "date_of_birth": f"""((year({left}) = year({right}))::INT
            + (month({left}) = month({right}))::INT + (day({left}) = day({right}))::INT) / 3.0""",
        "postcode": f"""({left} = {right})::INT / 2.0
            + (split_part({left}, ' ', 1) = split_part({right}, ' ', 1))::INT / 2.0""",
        "sex": f"({left} = {right})::INT",
        "nhs_number": f"({left} = {right})::INT",
        "upn": f"({left} = {right})::INT",
    }
    expression = parts.get(field, f"jaro_winkler_similarity({left}, {right})")
    return f"coalesce({expression}, {_MISSING})"

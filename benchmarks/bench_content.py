"""Whether records tell what becomes of a case: outcomes predicted from the other columns.

`python benchmarks/bench_content.py [FOLDER]` prints a table of a dataset; without a folder it makes
100,000 people of Wales in a temporary one. Who trains a model on records whose columns were drawn
one by one learns nothing, and its area under the curve is .5. Gradient boosting with five folds;
no person is in two of them. Intervals are of 200 draws of persons.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
from bench_violence import world
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from darkfigure.linkage_eval.fidelity.views import opened
from darkfigure.synth.storage.dataset import Dataset

PERSONS, FOLDS, DRAWS = 100_000, 5, 200
SEED = 1  # of the model and of the draws
LEAST = 20  # cases of either outcome, of which a model can be fitted
FEWEST = 50  # cases of a category that stands for itself; the rarer are one

# Each asks for `person`, `outcome` and the columns that are known before the outcome is.
OUTCOMES = {
    "admitted from the department": """
        SELECT person_id AS person, disposal = 'admitted' AS outcome, arrival_mode,
            attendance_category, attendance_group, injury_mechanism, injury_activity, injury_place,
            alcohol, triage_category, diagnosis_code, anatomical_area_code, site_code,
            hour(arrived_at) AS hour, isodow(arrived_at) AS weekday, month(arrived_at) AS month,
            attendances.sex, date_sub('year', birth_date, arrived_at::DATE) AS age
        FROM ed_attendances AS attendances
        JOIN people ON source = 'ed' AND record_id = attendance_no
    """,
    "crime charged or summonsed": """
        SELECT person, outcome_code = '1' AS outcome, offence_code, how_reported, location_type,
            domestic_flag, relationship, weapon, injury, force, victims, suspects, witnesses,
            hour(occurred_at) AS hour, date_sub('hour', occurred_at, reported_at) AS waited,
            year(reported_at) AS year
        FROM police_occurrences JOIN (
            SELECT occurrence_no, nominals.force, min(person_id) AS person,
                count(*) FILTER (role = 'victim') AS victims,
                count(*) FILTER (role = 'suspect') AS suspects,
                count(*) FILTER (role = 'witness') AS witnesses
            FROM police_occurrence_nominals AS nominals JOIN people
                ON source = 'police/' || nominals.force AND record_id = nominal_ref
            GROUP BY ALL
        ) USING (occurrence_no, force)
        WHERE category = 'crime' AND outcome_code IS NOT NULL
    """,
    "high risk, without answers to DASH": """
        SELECT person, final_grade = 'high' AS outcome, children, consent, repeat, force,
            hour(submitted_at) AS hour, isodow(submitted_at) AS weekday, sex, age
        FROM ppn_notifications JOIN victims USING (ppn_no, force) WHERE ppn_type = 'DA'
    """,
    "high risk, with answers to DASH": """
        SELECT person, final_grade = 'high' AS outcome, children, consent, repeat, sex, age,
            dash.* EXCLUDE (ppn_no, ticks)
        FROM ppn_notifications JOIN victims USING (ppn_no, force)
        JOIN ppn_dash AS dash USING (ppn_no, force) WHERE ppn_type = 'DA'
    """,
    "pupil excluded in a year": """
        SELECT person_id AS person, years.pupil_no IN (
                SELECT pupil_no FROM education_exclusions AS own
                WHERE academic_year(started_on) = years.academic_year
            ) AS outcome, years.year_group, sessions_possible,
            sessions_authorised / sessions_possible AS authorised,
            sessions_unauthorised / sessions_possible AS unauthorised, gender, ethnic_code,
            fsm_eligible, aln_provision, aln_need, language_medium, pupils.school_code IN (
                SELECT school_code FROM education_schools WHERE phase = 'special'
            ) AS special
        FROM education_attendance AS years JOIN education_pupils AS pupils USING (pupil_no)
        JOIN education_schools USING (school_code)
        JOIN people ON source = 'education' AND record_id = pupil_no
    """,
}
_PEOPLE = """
    SELECT source, record_id, person_id, sex AS true_sex, birth_date
    FROM truth_record_persons JOIN truth_persons USING (person_id)
"""
_VICTIMS = """
    SELECT ppn_no, force, any_value(person_id) AS person, any_value(true_sex) AS sex,
        any_value(date_sub('year', birth_date, submitted_at::DATE)) AS age
    FROM ppn_persons JOIN ppn_notifications USING (ppn_no, force)
    JOIN people ON source = 'ppn/' || force AND record_id = person_no
    WHERE role = 'victim' GROUP BY ALL
"""


@dataclass(frozen=True)
class Predicted:
    """How well an outcome is predicted: area under the curve, its interval, rows and their rate."""

    value: float
    low: float
    high: float
    n: int
    rate: float


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """Fetch the rows of an outcome; columns of text become categories."""
    rows = connection.execute(query).df().dropna(subset="outcome")
    for name in rows.columns.difference(["person", "outcome"]):
        if not pd.api.types.is_numeric_dtype(rows[name]):
            text = rows[name].astype("string").fillna("none").astype(object)
            common = text.map(text.value_counts()) >= FEWEST
            rows[name] = text.where(common, "rare").astype("category")
    return rows


def predict(rows: pd.DataFrame) -> Predicted:
    """Predict an outcome from all other columns, each row by a model that never saw its person."""
    outcome = rows["outcome"].to_numpy(bool)
    person = rows["person"].to_numpy(np.int64)
    known = rows.drop(columns=["person", "outcome"])
    if min(outcome.sum(), (~outcome).sum()) < LEAST:
        return Predicted(np.nan, np.nan, np.nan, len(rows), float(outcome.mean()))
    score = np.empty(len(rows))
    for seen, unseen in GroupKFold(FOLDS).split(known, outcome, person):
        model = HistGradientBoostingClassifier(
            random_state=SEED, categorical_features="from_dtype", max_iter=60, learning_rate=0.12
        )
        with threadpool_limits(1):  # threads wait for each other where others are at work
            model.fit(known.iloc[seen], outcome[seen])
        score[unseen] = model.predict_proba(known.iloc[unseen])[:, 1]
    value = float(roc_auc_score(outcome, score))
    low, high = np.quantile(_drawn(outcome, score, person), (0.025, 0.975))
    return Predicted(value, float(low), float(high), len(rows), float(outcome.mean()))


def _drawn(
    outcome: NDArray[np.bool_], score: NDArray[np.float64], person: NDArray[np.int64]
) -> list[float]:
    """Draw persons again and again, and give the area under the curve of each draw."""
    chance = np.random.default_rng(SEED)
    people, group = np.unique(person, return_inverse=True)
    count, areas = len(people), []
    for _ in range(DRAWS):
        weight = chance.multinomial(count, np.full(count, 1 / count))
        areas.append(float(roc_auc_score(outcome, score, sample_weight=weight[group])))
    return areas


def all_predicted(dataset: Dataset) -> Iterator[tuple[str, Predicted]]:
    """Predict every outcome."""
    with opened(dataset) as connection:
        connection.execute(f"CREATE TEMP TABLE people AS {_PEOPLE}")
        connection.execute(f"CREATE TEMP TABLE victims AS {_VICTIMS}")
        connection.execute(
            "CREATE MACRO academic_year(day) AS (year(day) - (month(day) < 9)::INT)::VARCHAR"
            " || '/' || right((year(day) + (month(day) >= 9)::INT)::VARCHAR, 2)"
        )
        for name, query in OUTCOMES.items():
            yield name, predict(rows_of(connection, query))


def main(given: list[str]) -> None:
    """Print a table."""
    with world(given[0] if given else None, PERSONS) as dataset:
        print(f"seed {dataset.manifest['seed']}, {dataset.manifest['persons']:,} people\n")  # noqa: T201
        print("| outcome | area under the curve | n | rate |\n| --- | --- | --- | --- |")  # noqa: T201
        for name, found in all_predicted(dataset):
            area = f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"
            print(f"| {name} | {area} | {found.n:,} | {found.rate:.4f} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])

"""How many texts are distinct, how long they are and what they mention, by column of free text.

`python benchmarks/bench_texts.py [DATASET]`; without a dataset a sample of Wales is generated. Two
thirds of the texts of each column are to be distinct, but for the short notes on places.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pyarrow as pa

from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.scrubbing.free_texts import free_texts, prose_columns
from darkfigure.reports.terminal.lines import say
from darkfigure.scenarios import load_scenario
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import Dataset

PERSONS = 30_000


def counts(dataset: Dataset) -> pa.Table:
    """Count records, texts, distinct ones and what they mention, by source and column."""
    rows = {
        (shape.source, column): dataset.tables[shape.path.removesuffix(".parquet")]["rows"]
        for shape, column in prose_columns(dataset)
    }
    records = pa.table(
        {
            "source": [source for source, _ in rows],
            "column": [column for _, column in rows],
            "records": list(rows.values()),
        }
    )
    mentions = dataset.read("truth/text_mentions")
    return query(
        """
        WITH named AS (
            SELECT source::VARCHAR AS source, "column"::VARCHAR AS "column", count(*) AS mentions,
                count(DISTINCT record_id) FILTER (language = 'cy') / count(DISTINCT record_id)
                    AS welsh_share
            FROM mentions GROUP BY ALL
        ), written AS (
            SELECT source, "column", count(*) AS texts, count(DISTINCT text) AS distinct_texts,
                avg(length(text)) AS letters
            FROM texts GROUP BY ALL
        )
        SELECT source, "column", records, texts, distinct_texts, distinct_texts / texts AS share,
            letters, mentions / texts AS mentions_a_text, welsh_share
        FROM records JOIN written USING (source, "column") LEFT JOIN named USING (source, "column")
        ORDER BY source, "column"
        """,
        records=records,
        texts=free_texts(dataset),
        mentions=mentions,
    )


def main(given: list[str]) -> None:
    """Print the counts."""
    with tempfile.TemporaryDirectory() as folder:
        if given:
            dataset = Dataset.open(given[0])
        else:
            scenario = load_scenario("wales", persons=PERSONS)
            dataset = generate(scenario, Path(folder, "world"))
        for row in counts(dataset).to_pylist():
            say(
                f"{row['source']} {row['column']}: {row['records']:,} records, "
                f"{row['texts']:,} texts, {row['distinct_texts']:,} distinct "
                f"({row['share']:.3f}); {row['letters']:.0f} letters and "
                f"{row['mentions_a_text'] or 0:.1f} mentions a text; "
                f"{row['welsh_share'] or 0:.3f} of those with a mention in Welsh"
            )


if __name__ == "__main__":
    main(sys.argv[1:])

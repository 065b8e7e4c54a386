"""Splink as its user would run it, without the harness: `splink_by_hand.py LEFT RIGHT LINKS SEED`.

The settings are those of the linker `splink`; the calls are written out. Prints JSON with what
linking took, from the tables in memory to the links in memory, as the harness counts it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import suppress

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from darkfigure.linkage_eval.linkers.splink_settings import TUNED


def link(left: pa.Table, right: pa.Table, seed: int) -> pa.Table:
    """Train on both tables and predict."""
    known = [
        name
        for name in ("forename", "surname", "date_of_birth", "sex", "postcode", "nhs_number", "upn")
        if left[name].null_count < len(left) and right[name].null_count < len(right)
    ]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record_id",
        comparisons=TUNED.comparisons(frozenset(known)),
        blocking_rules_to_generate_predictions=[
            block_on(*rule) for rule in TUNED.rules if set(rule) <= set(known)
        ],
    )
    database = DuckDBAPI()
    frames = [
        database.register(
            table.append_column(
                "full_name", pc.binary_join_element_wise(table["forename"], table["surname"], " ")
            ),
            dataset_display_name=name,
        )
        # Splink draws training pairs by these names, so they are a setting as well.
        for table, name in ((left, "a_left"), (right, "b_right"))
    ]
    linker = Linker(frames, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("surname", "forename", "date_of_birth")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=seed)
    for rule in (block_on("surname", "forename"), block_on("date_of_birth")):
        with suppress(ValueError):
            linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=2e6)
    return linker.inference.predict(threshold_match_probability=0.5).as_pyarrow_table()


def main() -> None:
    """Link two files and say what it took."""
    left, right = (pq.read_table(path) for path in sys.argv[1:3])
    wall, cpu = time.perf_counter(), _cpu_seconds()
    found = link(left, right, int(sys.argv[4]))
    took = {"wall": time.perf_counter() - wall, "cpu": _cpu_seconds() - cpu}
    columns = ["record_id_l", "record_id_r", "match_probability"]
    links = found.select(columns).rename_columns(["left_id", "right_id", "score"])
    pq.write_table(links, sys.argv[3])
    print(json.dumps(took))  # noqa: T201, the benchmark reads it


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()

"""Rows by DupeHell or Faker, or measures by er-evaluation; prints JSON.

Runs in the environment of `make bench-peers`. Usage: `peers_worlds.py PEER`, where PEER is
`dupehell-medium`, `dupehell-hell`, `faker` or `er-evaluation`.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

N_DUPEHELL, N_FAKER, N_SCORED = 1_000_000, 10_000, 2_000_000


def with_dupehell(difficulty: str, folder: Path) -> tuple[int, int]:
    """Make bank customers with duplicates, as Parquet with its truth."""
    from dupehell import generate  # noqa: PLC0415, it is in the peers' environment alone

    made = generate("kyc", N_DUPEHELL, seed=1, difficulty=difficulty, output_dir=str(folder))
    return made.total_records, len(pq.read_schema(made.dataset).names)


def with_faker(folder: Path) -> tuple[int, int]:
    """Make unconnected people with the fields of an identity, as Parquet."""
    from faker import Faker  # noqa: PLC0415

    fake = Faker("en_GB")
    fake.seed_instance(1)
    rows = [
        {
            "forename": fake.first_name(),
            "surname": fake.last_name(),
            "date_of_birth": fake.date_of_birth(),
            "house": fake.building_number(),
            "street": fake.street_name(),
            "town": fake.city(),
            "postcode": fake.postcode(),
            "telephone": fake.phone_number(),
        }
        for _ in range(N_FAKER)
    ]
    table = pa.Table.from_pylist(rows)
    pq.write_table(table, folder / "people.parquet", compression="zstd", compression_level=1)
    return table.num_rows, table.num_columns


def with_er_evaluation(_: Path) -> tuple[int, int]:
    """Measure clusters of which one record in ten is in the wrong one (see `ours_scored`)."""
    from er_evaluation import metrics  # noqa: PLC0415

    true = np.arange(N_SCORED) // 2
    found = np.where(np.arange(N_SCORED) % 10 == 0, (true + 1) % (N_SCORED // 2), true)
    prediction, reference = pd.Series(found), pd.Series(true)
    measures = (
        metrics.b_cubed_precision,
        metrics.b_cubed_recall,
        metrics.cluster_precision,
        metrics.cluster_recall,
    )
    for measure in measures:
        measure(prediction, reference)
    return N_SCORED, len(measures)


PEERS: dict[str, Callable[[Path], tuple[int, int]]] = {
    "dupehell-medium": lambda folder: with_dupehell("medium", folder),
    "dupehell-hell": lambda folder: with_dupehell("hell", folder),
    "faker": with_faker,
    "er-evaluation": with_er_evaluation,
}


def main() -> None:
    """Time one peer."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        rows, columns = PEERS[sys.argv[1]](Path(folder))
        seconds = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = {"rows": rows, "columns": columns, "cpu_s": seconds, "peak_mb": peak}
    print(json.dumps(said))  # noqa: T201


if __name__ == "__main__":
    main()

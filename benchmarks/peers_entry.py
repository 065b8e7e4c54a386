"""Faults by Gecko or pseudopeople, run in the environment of `make bench-peers`; prints JSON.

Reads columns `first_name`, `last_name`, `date_of_birth` (month/day/year), `street_number`,
`street_name`, `city` and `zipcode`, all text, from a CSV file. Rates are set so that a record
bears about one fault, as in our police profile. Usage: `peers_entry.py PEER FILE`.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
import pandas as pd

# Of each kind of fault in each column; the two count kinds, and what they cannot change, otherwise.
_GECKO_RATE, _PSEUDOPEOPLE_RATE = 0.03, 0.05


def with_gecko(rows: pd.DataFrame) -> pd.DataFrame:
    """Mutate every column in the ways that Gecko's documentation begins with."""
    from gecko import mutator  # noqa: PLC0415, it is in the peers' environment alone

    rng = np.random.default_rng(1)
    typing = [
        (_GECKO_RATE, mutator.with_missing_value(rng=rng)),
        (_GECKO_RATE, mutator.with_insert(rng=rng)),
        (_GECKO_RATE, mutator.with_delete(rng=rng)),
        (_GECKO_RATE, mutator.with_substitute(rng=rng)),
        (_GECKO_RATE, mutator.with_transpose(rng=rng)),
    ]
    spec = [(column, typing) for column in rows.columns]
    swap = (("first_name", "last_name"), (0.002, mutator.with_permute(rng)))
    return mutator.mutate_data_frame(rows, [*spec, swap])


def with_pseudopeople(rows: pd.DataFrame) -> pd.DataFrame:
    """Noise every column with the noise types that its schema gives it."""
    from pseudopeople.configuration.generator import get_configuration  # noqa: PLC0415
    from pseudopeople.noise import noise_dataset  # noqa: PLC0415
    from pseudopeople.schema_entities import COLUMNS, DATASETS  # noqa: PLC0415

    known = {column.name: column for column in COLUMNS}
    noise = {
        name: {
            kind.name: {"cell_probability": _PSEUDOPEOPLE_RATE} for kind in known[name].noise_types
        }
        for name in rows.columns
    }
    for kinds in noise.values():
        kinds.pop("copy_from_household_member", None)
    given = {DATASETS.wic.name: {"row_noise": {}, "column_noise": noise}}
    configuration = get_configuration(given, DATASETS.wic)
    data = rows.assign(state="CA", copy_date_of_birth=rows["date_of_birth"])
    return noise_dataset(DATASETS.wic, data, configuration, 1, progress_bar=False)


def main() -> None:
    """Time one peer over a file."""
    peer, file = sys.argv[1:]
    rows = pd.read_csv(file, dtype=str, keep_default_na=False)
    if peer == "pseudopeople":
        rows = rows.astype(object)
    run = {"gecko": with_gecko, "pseudopeople": with_pseudopeople}[peer]
    run(rows.head(1_000).copy())  # imports and caches
    begin = time.process_time()
    written = run(rows.copy())
    seconds = time.process_time() - begin
    same = written.reindex(rows.index)[rows.columns].fillna("") == rows.fillna("")
    changed = int((~same).to_numpy().sum())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = {"rows": len(rows), "columns": rows.shape[1], "cpu_s": seconds, "peak_mb": peak}
    print(json.dumps(said | {"changed": changed}))  # noqa: T201


if __name__ == "__main__":
    main()

"""A gazetteer: the neighbourhood of a street or of licensed premises, by name.

Whoever is told that somebody was hurt "outside The Tin Heron" looks it up: streets stand on maps,
and premises in the council's register of licences. Nothing of it is secret.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.places import LICENSED, places
from darkfigure.synth.storage.dataset import Dataset

_NAMED = """
WITH named AS (
    SELECT street AS name, lsoa_code::VARCHAR AS area FROM addresses
    UNION ALL SELECT name, area FROM premises)
SELECT fold(name) AS name, mode(area ORDER BY area) AS area FROM named JOIN inside USING (area)
WHERE length(fold(name)) > 0 GROUP BY 1 ORDER BY 1
"""


def named_places(dataset: Dataset) -> pa.Table:
    """Name the streets and licensed premises of a dataset's areas.

    Parameters
    ----------
    dataset
        The dataset. A salted one does not tell which premises it has: it has streets alone.

    Returns
    -------
    `name`, folded as names are compared, and `area`: the neighbourhood that has most of it.
    """
    every = dataset.read("truth/neighbourhoods", ["lsoa_code", "inside"])
    codes = every.filter(every["inside"])["lsoa_code"].cast(pa.string())
    return query(
        _NAMED,
        addresses=dataset.read("truth/addresses", ["street", "lsoa_code"]),
        premises=_premises(dataset, codes),
        inside=pa.table({"area": codes}),
    )


def _premises(dataset: Dataset, codes: pa.ChunkedArray) -> pa.Table:
    if "salt" in dataset.manifest:
        return pa.table({"name": pa.array([], pa.string()), "area": pa.array([], pa.string())})
    every = places(Stream(int(dataset.manifest["seed"])))
    area = wales().code[every.lsoa]
    here = np.flatnonzero(np.isin(every.kind, LICENSED) & np.isin(area, codes.to_pylist()))
    return pa.table({"name": every.names(here), "area": pa.array(area[here], pa.string())})

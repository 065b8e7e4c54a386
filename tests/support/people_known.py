"""Whom the sources of a world know."""

from __future__ import annotations

from darkfigure.synth import schema
from darkfigure.synth.storage.dataset import Dataset


def people_of(village: Dataset, shape: schema.Table) -> str | None:
    """Give a query for the record and person of each row of a table; None where there is none."""
    about, rows = (
        village.sql(name) for name in ("truth/record_persons", shape.path.removesuffix(".parquet"))
    )
    keys = {other.key[0]: other for other in schema.TABLES.values() if other.fields}
    for column in shape.columns:
        # A table of people is itself, whatever other has a key of that name.
        other = shape if shape.fields and column.name == shape.key[0] else keys.get(column.name)
        if other and (other is shape or other.source.split("/")[0] == shape.source.split("/")[0]):
            return (
                f"select person_id, record.* from {rows} as record join {about} as about "
                f"on about.source = '{other.source}' and about.\"table\" = '{other.name}' "
                f"and about.record_id = record.{column.name}"
            )
    return None

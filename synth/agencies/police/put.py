"""Rows in the common form, put into a force's own table."""

from __future__ import annotations

import pyarrow as pa

from darkfigure.synth.agencies.framework.records import Tables, add
from darkfigure.synth.agencies.police.tables import LAYOUTS, common_tables
from darkfigure.synth.schema import Table


def put(force: str, name: str, rows: pa.Table, out: Tables) -> Table:
    """Add rows in the common form to a force's own table; give that table.

    Parameters
    ----------
    force
        Key of `schema.FORCES`.
    name
        Name of the table in `common_tables`.
    rows
        Rows in the common form.
    out
        Receives the rows.
    """
    layout = LAYOUTS[force]
    common = next(table for table in common_tables(force) if table.name == name)
    shape = layout.shape(common)
    add(out, shape, layout.write(common, rows))
    return shape

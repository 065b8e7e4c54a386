"""The ledger of entry faults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.entry.faults.letters import Places


@dataclass(frozen=True)
class Written:
    """Cells of one column in which one fault changed the text.

    Parameters
    ----------
    column, fault
        Their names.
    rows
        Rows of the table, shape (k,).
    known, written
        Texts before and after, shape (k,); null for an empty cell.
    """

    column: str
    fault: str
    rows: Places
    known: pa.StringArray
    written: pa.StringArray

    def where(self, mask: Mask) -> Written:
        """Give the cells for which a mask of shape (k,) is true."""
        selection = pa.array(mask)
        known, written = self.known.filter(selection), self.written.filter(selection)
        return Written(self.column, self.fault, self.rows[mask], known, written)


def fault_table(changes: list[Written], shape: schema.Table, keys: pa.ChunkedArray) -> pa.Table:
    """Make the ledger (`schema.ENTRY_FAULTS`) of a table.

    Parameters
    ----------
    changes
        Changed cells, each once.
    shape
        The table.
    keys
        Key of each row, as text.
    """
    if not changes:
        return schema.ENTRY_FAULTS.empty()
    rows = np.concatenate([cells.rows for cells in changes])
    n_cells = [len(cells.rows) for cells in changes]
    columns = {
        "source": _repeated([shape.source], [len(rows)]),
        "table": _repeated([shape.name], [len(rows)]),
        "record_id": keys.cast(pa.string()).take(pa.array(rows)),
        "column": _repeated([cells.column for cells in changes], n_cells),
        "fault": _repeated([cells.fault for cells in changes], n_cells),
        "known_value": pa.concat_arrays([cells.known for cells in changes]),
        "written_value": pa.concat_arrays([cells.written for cells in changes]),
    }
    return schema.ENTRY_FAULTS.cast(pa.table(columns))


def _repeated(names: list[str], counts: list[int]) -> pa.DictionaryArray:
    known = sorted(set(names))
    codes = np.repeat(np.array([known.index(name) for name in names], np.int32), counts)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(known, pa.string()))

"""Read links that any tool wrote: Parquet or CSV with `left_id`, `right_id` and maybe `score`."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from linkage_eval.contracts import to_links
from synth.errors import LinksError

_PARQUET_MARK = b"PAR1"
_MEND = "Write columns left_id, right_id and, if there is one, score, as Parquet or CSV."


def read_links(path: str | Path) -> pa.Table:
    """Read a file of links; what it is, its content says, not its name.

    Returns
    -------
    Schema `LINKS`; without a score column every score is 1. An empty file holds no links.

    Raises
    ------
    LinksError
        The file is missing, cut short, or not of that form.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            start = file.read(len(_PARQUET_MARK))
        table = _read(path, start)
    except FileNotFoundError:
        raise LinksError(f"{path} does not exist.") from None
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise LinksError(f"{path} cannot be read: {reason}. {_MEND}") from None
    try:
        return to_links(table)
    except ValueError as error:
        raise LinksError(f"{path}: {error}. {_MEND}") from None


def _read(path: Path, start: bytes) -> pa.Table:
    if not start:
        return pa.table({name: pa.array([], pa.string()) for name in ("left_id", "right_id")})
    if start == _PARQUET_MARK:
        return pq.ParquetFile(path).read()
    # Ids are text: a leading zero belongs to them.
    types = {"left_id": pa.string(), "right_id": pa.string(), "score": pa.float64()}
    convert = pyarrow.csv.ConvertOptions(column_types=types, null_values=["", "NA"])
    return pyarrow.csv.read_csv(path, convert_options=convert)

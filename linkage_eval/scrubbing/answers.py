"""What scrubbers answer: spans, or the texts as scrubbed, from which the spans follow."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.records.file_tables import read_table
from darkfigure.synth.core.errors import LinkerError

SPANS = pa.schema(
    [
        pa.field("text_id", pa.string()),
        pa.field("start", pa.int64()),
        pa.field("end", pa.int64()),
    ]
)
MEND = (
    "A scrubber answers with columns text_id, start and end (characters from 0, the end not "
    "included), or text_id and scrubbed (the text without what it found)."
)
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def read_answer(path: Path) -> pa.Table:
    """Read an answer from a file, Parquet or CSV.

    Raises
    ------
    LinkerError
        It is missing or cannot be read.
    """
    if not path.exists():
        raise LinkerError(f"{path} does not exist. {MEND}")
    try:
        return read_table(path)
    except ValueError as error:
        raise LinkerError(f"{path} {error}. {MEND}") from None


def spans_of(answer: object, texts: pa.Table, where: str) -> pa.Table:
    """Make spans of an answer, checked.

    Parameters
    ----------
    answer
        A table or frame with the columns that `MEND` names.
    texts
        The texts that were scrubbed (`free_texts.SCHEMA`).
    where
        Whose answer it is, for messages.

    Returns
    -------
    Schema `SPANS`, spans of the given texts alone.

    Raises
    ------
    LinkerError
        It is no such answer.
    """
    table = _as_table(answer, where)
    names = set(table.column_names)
    if "text_id" not in names or not names & {"start", "scrubbed"}:
        raise LinkerError(f"{where}: columns are {', '.join(sorted(names)) or 'none'}. {MEND}")
    if "scrubbed" in names:
        table = _removed(table, texts, where)
    elif "end" not in names:
        raise LinkerError(f"{where}: there is no column end. {MEND}")
    try:
        spans = table.select(SPANS.names).cast(SPANS)
    except (pa.ArrowException, ValueError) as error:
        raise LinkerError(f"{where}: {str(error).splitlines()[0]}. {MEND}") from None
    _refuse_strangers(spans, texts, where)
    return spans


def _as_table(answer: object, where: str) -> pa.Table:
    if isinstance(answer, pa.Table):
        return answer
    try:
        return pa.Table.from_pandas(answer, preserve_index=False)
    except (AttributeError, TypeError, pa.ArrowException):
        kind = type(answer).__name__
        raise LinkerError(f"{where}: the answer is a {kind}, and no table. {MEND}") from None


def _refuse_strangers(spans: pa.Table, texts: pa.Table, where: str) -> None:
    """Refuse spans of unknown texts, or beyond the text."""
    place = pc.index_in(spans["text_id"], texts["text_id"].combine_chunks())
    unknown = pc.filter(spans["text_id"], pc.is_null(place))
    if len(unknown):
        raise LinkerError(f"{where}: there is no text '{unknown[0].as_py()}'. {MEND}")
    lengths = pc.utf8_length(texts["text"]).take(place).to_numpy()
    start, end = (spans[name].to_numpy(zero_copy_only=False) for name in ("start", "end"))
    wrong = np.flatnonzero(~((start >= 0) & (start < end) & (end <= lengths)))
    if len(wrong):
        row = spans.slice(int(wrong[0]), 1).to_pylist()[0]
        text = f"text '{row['text_id']}' has {lengths[wrong[0]]} characters"
        raise LinkerError(f"{where}: {text}, and no span {row['start']} to {row['end']}. {MEND}")


def _removed(table: pa.Table, texts: pa.Table, where: str) -> pa.Table:
    """Find what scrubbed texts lack: words of the text that are not in them, in order."""
    place = pc.index_in(table["text_id"], texts["text_id"].combine_chunks())
    if place.null_count:
        unknown = pc.filter(table["text_id"], pc.is_null(place))[0].as_py()
        raise LinkerError(f"{where}: there is no text '{unknown}'. {MEND}")
    missing = set(texts["text_id"].to_pylist()) - set(table["text_id"].to_pylist())
    if missing:
        raise LinkerError(
            f"{where}: {len(missing):,} texts have no scrubbed one, such as '{min(missing)}'; "
            "give every text, also one in which nothing was found."
        )
    known = texts["text"].combine_chunks().take(place.combine_chunks()).to_pylist()
    rows = [
        (name, *span)
        for name, before, after in zip(
            table["text_id"].to_pylist(), known, table["scrubbed"].to_pylist(), strict=True
        )
        for span in _lacking(before, str(after or ""))
    ]
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    return pa.table(dict(zip(SPANS.names, map(list, columns), strict=True)), SPANS)


def _lacking(before: str, after: str) -> Iterator[tuple[int, int]]:
    """Give the stretches of a text that another lacks, token by token."""
    if before == after:
        return
    tokens = [match.group() for match in _TOKEN.finditer(before)]
    edges = np.cumsum([0, *map(len, tokens)])
    kept = [match.group() for match in _TOKEN.finditer(after)]
    matcher = difflib.SequenceMatcher(None, tokens, kept, autojunk=False)
    for kind, first, last, _, _ in matcher.get_opcodes():
        if kind in {"delete", "replace"}:
            yield int(edges[first]), int(edges[last])

"""The four forces' tables in one form, as an analyst must bring them before anything else.

Each force keeps the same tables under its own names, codes and forms (`synth.schema.layout`);
here they are put back into the common form. Columns that a force does not keep are null, and
meanings that its older code lists do not tell apart stay together.
"""

from __future__ import annotations

import pyarrow as pa

from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.schema import AGENCIES, DATE, FORCES, TIME, Column, Table
from darkfigure.synth.schema.layout import TEXT_DATE, TEXT_TIME, Layout
from darkfigure.synth.schema.manifest import CommonForm
from darkfigure.synth.storage.dataset import Dataset

MODEL = "south_wales"  # the force whose names and codes of identities are the common ones


def common_names() -> dict[str, tuple[str, ...]]:
    """Name the tables in common form of each agency whose forces keep them in ways of their own."""
    return {
        name: tuple(table.name for table in common_tables(name))
        for name, manifest in AGENCIES.items()
        if manifest.common
    }


def common_tables(kind: str) -> tuple[Table, ...]:
    """Give the tables of an agency in their common form, as the model force has them."""
    return _form(kind).tables(MODEL)


def _form(kind: str) -> CommonForm:
    form = AGENCIES[kind].common
    if form is None:
        raise UnknownNameError.of("agency with a common form", kind, common_names())
    return form


def read_alike(dataset: Dataset, kind: str, name: str) -> pa.Table:
    """Read one table of all forces that a dataset has, in the common form.

    Parameters
    ----------
    dataset
        A dataset.
    kind
        An agency whose manifest has a common form, such as "police".
    name
        Common name of the table: one of `common_names()[kind]`.

    Returns
    -------
    The common columns and, last, `force`. Identity columns bear the names and codes of South
    Wales; dates of birth stay as written.
    """
    parts = [
        _read(dataset, force, *_described(kind, name, force))
        for force in FORCES
        if dataset.has(_path(kind, name, force))
    ]
    if not parts:
        _, common = _described(kind, name, MODEL)
        return common.empty().append_column("force", pa.array([], pa.string()))
    return pa.concat_tables(parts)


def _described(kind: str, name: str, force: str) -> tuple[Layout, Table]:
    form = _form(kind)
    return form.layouts[force], next(one for one in form.tables(force) if one.name == name)


def _path(kind: str, name: str, force: str) -> str:
    layout, common = _described(kind, name, force)
    return layout.shape(common).path.removesuffix(".parquet")


def _read(dataset: Dataset, force: str, layout: Layout, common: Table) -> pa.Table:
    kind = common.source.split("/", maxsplit=1)[0]
    _, model = _described(kind, common.name, MODEL)
    shown = {column.field or column.name: column for column in model.columns}
    columns = [
        f"{_expression(layout, common, column, shown)} AS "
        f'"{shown[column.field or column.name].name}"'
        for column in common.columns
    ]
    written = dataset.read(layout.shape(common).path.removesuffix(".parquet"))
    sql = f"SELECT {', '.join(columns)} FROM written"  # noqa: S608, names of our own schema
    table = query(sql, written=written)
    order = [column.name for column in model.columns]
    plain = pa.schema([(column.name, _plain(column.type)) for column in model.columns])
    alike = table.select(order).cast(plain)
    return alike.append_column("force", pa.array([force] * table.num_rows, pa.string()))


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _expression(layout: Layout, common: Table, column: Column, shown: dict[str, Column]) -> str:
    own = layout.column(common, column.name)
    if own is None:
        return "NULL"
    if column.field:
        codes = _by_meaning(column, shown[column.field])
        return _recoded(own, codes) if codes else f'"{own}"'
    if layout.typed(column):
        form = {TIME: TEXT_TIME, DATE: TEXT_DATE}[column.type]
        return f"strptime(\"{own}\", '{form}')"
    back: dict[str, str] = {}
    for code, own_code in layout.codes.get(column.name, {}).items():
        back.setdefault(own_code, code)
    return _recoded(own, back) if back else f'"{own}"'


def _by_meaning(column: Column, model: Column) -> dict[str, str]:
    """Find the model's code of the same meaning for each code of a column, where they differ."""
    by_meaning = {meaning: code for code, meaning in model.codes.items()}
    return {
        code: by_meaning.get(meaning, by_meaning.get("unknown", code))
        for code, meaning in column.codes.items()
        if by_meaning.get(meaning) != code
    }


def _recoded(own: str, codes: dict[str, str]) -> str:
    cases = " ".join(f"WHEN '{code}' THEN '{common}'" for code, common in codes.items())
    return f'CASE "{own}"::VARCHAR {cases} ELSE "{own}"::VARCHAR END'

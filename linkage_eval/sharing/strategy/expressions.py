"""Conditions on the rows of a flow: a small language of comparisons, read without `eval`.

::

    attendance_group == 'assault' and arrived_at >= '2022-01-01'
    role in ['victim', 'child'] and not repeat
    domestic_flag or offence_code is not None

A code may be written as its meaning. A comparison with a missing value does not hold.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.schema import Column

_COMPARISONS: dict[type[ast.cmpop], Callable[..., Any]] = {
    ast.Eq: pc.equal,
    ast.NotEq: pc.not_equal,
    ast.Lt: pc.less,
    ast.LtE: pc.less_equal,
    ast.Gt: pc.greater,
    ast.GtE: pc.greater_equal,
}
_ALLOWED = "comparisons of a field with a value, `in`, `is None`, `and`, `or`, `not`"


def names_in(text: str) -> set[str]:
    """Give the fields that an expression names.

    Raises
    ------
    ValueError
        The text is no expression of this language.
    """
    tree = _parse(text)
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def select_rows(text: str, table: pa.Table, columns: Mapping[str, Column]) -> pa.ChunkedArray:
    """Mark the rows for which an expression holds.

    Parameters
    ----------
    text
        The expression; "" holds for every row.
    table
        The rows.
    columns
        The columns by name, with codes and their meanings: a code may be written as its meaning.

    Returns
    -------
    Booleans without nulls, shape (rows,).

    Raises
    ------
    ValueError
        The text is no expression of this language, or its value is neither true nor false.
    """
    if not text:
        return pa.chunked_array([pa.repeat(pa.scalar(True), table.num_rows)])
    holds = _Evaluation(table, columns).of(_parse(text))
    if not pa.types.is_boolean(holds.type):
        raise ValueError(f"`{text}` is neither true nor false; use {_ALLOWED}")
    return pc.fill_null(holds, False)


def _parse(text: str) -> ast.expr:
    try:
        tree = ast.parse(text.strip() or "True", mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"`{text}` is no expression: {error.msg}; use {_ALLOWED}") from None
    _check(tree, text)
    return tree


def _check(node: ast.expr, text: str) -> None:
    match node:
        case ast.BoolOp(values=parts):
            for part in parts:
                _check(part, text)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            _check(part, text)
        case ast.Compare(left=ast.Name(), ops=[_], comparators=[other]) if _is_value(other):
            pass
        case ast.Name() | ast.Constant(value=bool()):
            pass
        case _:
            raise ValueError(f"`{ast.unparse(node)}` in `{text}` is not allowed; use {_ALLOWED}")


def _is_value(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple):
        return all(isinstance(item, ast.Constant) for item in node.elts)
    return isinstance(node, ast.Constant)


class _Evaluation:
    def __init__(self, table: pa.Table, columns: Mapping[str, Column]) -> None:
        self._table, self._columns = table, columns

    def of(self, node: ast.expr) -> Any:  # noqa: ANN401, an Arrow array of booleans
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return reduce(pc.and_kleene, [self.of(part) for part in parts])
            case ast.BoolOp(values=parts):
                return reduce(pc.or_kleene, [self.of(part) for part in parts])
            case ast.UnaryOp(operand=part):
                return pc.invert(self.of(part))
            case ast.Compare(left=ast.Name(id=name), ops=[comparison], comparators=[other]):
                return self._compare(name, comparison, ast.literal_eval(other))
            case ast.Name(id=name):
                return self._values(name)
            case _:
                return pa.chunked_array([pa.repeat(pa.scalar(True), self._table.num_rows)])

    def _compare(self, name: str, comparison: ast.cmpop, value: Any) -> Any:  # noqa: ANN401
        column = self._values(name)
        if isinstance(comparison, ast.Is | ast.IsNot):
            missing = pc.is_null(column)
            return missing if isinstance(comparison, ast.Is) else pc.invert(missing)
        if isinstance(comparison, ast.In | ast.NotIn):
            codes = pa.array([self._code(name, item) for item in value])
            inside = pc.is_in(column, value_set=codes.cast(column.type))
            inside = inside if isinstance(comparison, ast.In) else pc.invert(inside)
            return pc.and_(inside, pc.is_valid(column))
        literal = pa.scalar(self._code(name, value)).cast(column.type)
        return _COMPARISONS[type(comparison)](column, literal)

    def _values(self, name: str) -> pa.ChunkedArray:
        column = self._table[name]
        return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column

    def _code(self, name: str, value: Any) -> Any:  # noqa: ANN401, whatever the user compares with
        codes = self._columns[name].codes if name in self._columns else {}
        if value in codes:
            return value
        return next((code for code, meaning in codes.items() if meaning == value), value)

"""Numbers that shape a draw of chance where they stand, found in the source code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

DRAWS = {"happens", "pick", "pick_by_row", "poisson", "exponential", "normal", "below", "uniform"}
# Nothing, all, one of each pair, the square; shapes of no rate.
_TRIVIAL = (0, 1, 2)
_COIN = 0.5
# Guards against a division by nothing, and steps between two floats.
_TINY = 1e-6
# Rates are per thousand or ten thousand people.
_PER = (1_000, 10_000)
_BASES = (2, 10)
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
_CARRIERS = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Attribute, ast.Subscript)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def literals_in_draws(code: str) -> list[int]:
    """Find the lines on which a number shapes a draw without a name.

    Such a number is a rate, a weight, a mean or a bound that a draw is given, or one that a draw
    is compared with, multiplied by, raised to or added to: there, or in an expression of the same
    module from which a local name or a function of the module brings it.

    Parameters
    ----------
    code
        Source code of a module.

    Returns
    -------
    Line numbers, ascending. 0, 1, 2 and numbers below a millionth are free, and so is 0.5 as the
    rate of `happens`, a fair coin.
    """
    module = ast.parse(code)
    return sorted({line for shapes in _all_shapes(module) for line in shapes.lines()})


def fractions_in_functions(code: str) -> list[int]:
    """Find the lines within functions on which a number is written with a point.

    Parameters
    ----------
    code
        Source code of a module.

    Returns
    -------
    Line numbers, ascending. Whole numbers, halves and numbers below a millionth are free.
    """
    parts = [
        part
        for function in ast.walk(ast.parse(code))
        if isinstance(function, _Function)
        for part in ast.walk(function)
        if isinstance(part, ast.Constant) and isinstance(part.value, float)
    ]
    return sorted({part.lineno for part in parts if _is_fraction(part.value)})


def _is_fraction(value: float) -> bool:
    return value not in (*_TRIVIAL, _COIN) and abs(value) > _TINY


def _all_shapes(module: ast.Module) -> list[_Shapes]:
    every = [node for node in ast.walk(module) if isinstance(node, _Function)]
    return [_Shapes(function, {one.name: one for one in every}) for function in every]


def constants_in_draws(code: str) -> set[str]:
    """Give the upper-case names, own and imported, that shape a draw as `literals_in_draws` has it.

    Parameters
    ----------
    code
        Source code of a module.

    Returns
    -------
    Full names of the constants of other modules of ours, bare names of the module's own.
    """
    module = ast.parse(code)
    names: set[str] = set()
    for shapes in _all_shapes(module):
        shapes.lines()
        names |= {part.id for part in shapes.seen if isinstance(part, ast.Name)}
    imported = {
        alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return {imported.get(name, name) for name in names if name.isupper()}


class _Shapes:
    """The expressions of a function that shape its draws."""

    def __init__(self, function: _Function, functions: dict[str, _Function]) -> None:
        self.function, self.functions = function, functions
        self.parents = {
            child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)
        }
        self.values = _values(function)
        self.seen: set[ast.AST] = set()

    def lines(self) -> set[int]:
        """Give the lines of the numbers in them."""
        draws = [node for node in ast.walk(self.function) if _draws(node)]
        lines: set[int] = set()
        for draw in draws:
            for given in _given(draw):
                lines |= self.numbers(given)
        for node in [*draws, *self._uses(draws)]:
            for beside in self._beside(node):
                lines |= self.numbers(beside)
        return lines

    def _uses(self, draws: list[ast.Call]) -> Iterator[ast.AST]:
        """Give the places of the names that hold what was drawn."""
        names: set[str] = set()
        for name, values in self.values.items():
            if any(draw is part for value in values for part in _top(value) for draw in draws):
                names.add(name)
        for node in ast.walk(self.function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
                yield node

    def _beside(self, node: ast.AST) -> Iterator[ast.expr]:
        """Give what a draw is compared with and reckoned with."""
        parent = self.parents.get(node)
        while isinstance(parent, _CARRIERS):
            if isinstance(parent, ast.BinOp):
                if not isinstance(parent.op, _ARITHMETIC):
                    return
                other = parent.right if parent.left is node else parent.left
                # A place's number times the room of its staff, and one of them: that is an id.
                if not (_numbers_one(node) and isinstance(other, ast.BinOp)):
                    yield other
            elif isinstance(parent, ast.Compare):
                yield from (part for part in (parent.left, *parent.comparators) if part is not node)
            elif isinstance(parent, ast.Subscript) and parent.slice is node:
                return
            elif isinstance(parent, ast.Call):
                if _draws(parent) or not _reckons(parent):
                    return
                yield from (part for part in parent.args if part is not node)
            node, parent = parent, self.parents.get(parent)

    def numbers(self, shape: ast.AST) -> set[int]:
        """Give the lines of the numbers in an expression, and in what its names stand for."""
        lines: set[int] = set()
        for part in _top(shape):
            if part in self.seen:
                continue
            self.seen.add(part)
            if isinstance(part, ast.Constant) and _shapes(part, self.parents.get(part)):
                lines.add(part.lineno)
            elif isinstance(part, ast.Name):
                for value in self.values.get(part.id, ()):
                    lines |= self.numbers(value)
            elif isinstance(part, ast.Call):
                lines |= self._returned(part)
        return lines

    def _returned(self, call: ast.Call) -> set[int]:
        """Give the lines of the numbers in what a function of the module returns."""
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "self":
            name = call.func.attr
        function = self.functions.get(name)
        if function is None or function is self.function:
            return set()
        inner = _Shapes(function, {})
        lines: set[int] = set()
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                lines |= inner.numbers(node.value)
        self.seen |= inner.seen
        return lines


def _draws(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in DRAWS
    )


def _numbers_one(node: ast.AST) -> bool:
    return _draws(node) and ast.unparse(node.func).endswith(".below")


def _reckons(call: ast.Call) -> bool:
    """Whether a call gives back a number made of its arguments."""
    name = ast.unparse(call.func)
    return name.startswith("np.") or name.rpartition(".")[2] in {"astype", "clip", "_folded"}


def _given(draw: ast.Call) -> list[ast.expr]:
    """Give the parameters of a draw, without the decision and the ids."""
    assert isinstance(draw.func, ast.Attribute)
    keywords = [word.value for word in draw.keywords if word.arg not in {"draw", "ids"}]
    if draw.func.attr in {"uniform", "normal", "exponential"}:
        return keywords
    return [*(draw.args[2:] or draw.args[1:]), *keywords]


def _values(function: _Function) -> dict[str, list[ast.expr]]:
    """Give the expressions that each local name stands for."""
    values: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name, value in _paired(target, node.value):
                    values.setdefault(name, []).append(value)
        elif isinstance(node, ast.AugAssign | ast.AnnAssign) and node.value is not None:
            for name, value in _paired(node.target, node.value):
                values.setdefault(name, []).append(value)
    return values


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Tuple):
        each = value.elts if isinstance(value, ast.Tuple) else [value] * len(target.elts)
        for part, its_value in zip(target.elts, each, strict=False):
            yield from _paired(part, its_value)
    while isinstance(target, ast.Subscript):
        target = target.value
    if isinstance(target, ast.Name):
        yield target.id, value


def _top(node: ast.AST) -> Iterator[ast.AST]:
    """Walk the numbers an expression is made of.

    What picks places of an array is none of them, nor is a condition, nor what takes ids apart.
    """
    if isinstance(node, ast.Compare) or _is_step(node):
        return
    if isinstance(node, ast.BinOp) and not isinstance(node.op, _ARITHMETIC):
        return
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        yield from _top(node.elt)
        return
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Subscript) and child is node.slice:
            continue
        if isinstance(node, ast.keyword) and node.arg in {"axis", "draw", "dtype", "minlength"}:
            continue
        if isinstance(node, ast.Call) and _draws(node) and child is not node.func:
            continue
        yield from _top(child)


def _whole(node: ast.AST) -> ast.AST:
    """Give the array of which an expression picks places."""
    return node.value if isinstance(node, ast.Subscript) else node


def _is_step(node: ast.AST) -> bool:
    """Whether it is a power of a base alone, such as the step between two floats."""
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Pow)
        and isinstance(node.left, ast.Constant)
        and node.left.value in _BASES
    )


def _shapes(number: ast.Constant, parent: ast.AST | None) -> bool:
    value = number.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if isinstance(parent, ast.BinOp):
        if isinstance(parent.op, ast.Div | ast.Mult) and value in _PER:
            return False
        beside = parent.left if parent.right is number else parent.right
        if value == _COIN and _draws(_whole(beside)):
            return False
    if isinstance(parent, ast.Compare) and value == _COIN:
        return not any(_draws(_whole(part)) for part in ast.iter_child_nodes(parent))
    if value == _COIN and parent is not None and _draws(parent):
        return not ast.unparse(parent.func).endswith(".happens")
    return value not in _TRIVIAL and abs(value) > _TINY

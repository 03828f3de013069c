"""The unit of one SQL expression, from the units of what it reads.

Closed lists: an expression of a kind named nowhere here is refused, so that nothing passes unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from sqlglot import exp

from pipelines.engine.unitcheck.cells import COUNT, PLAIN, Anything, Cell, Number, Text, UnitError
from pipelines.engine.unitcheck.scope import Scope
from pipelines.units.measures import parse_measure

_DECLARED = re.compile(r"\s*unit:\s*(?P<unit>\S+)\s*")
_SAME_UNIT = (exp.Add, exp.Sub, exp.Greatest, exp.Least, exp.Coalesce, exp.Nullif)
_UNCHANGED = (
    exp.Paren,
    exp.Neg,
    exp.Abs,
    exp.Round,
    exp.Ceil,
    exp.Floor,
    exp.Cast,
    exp.TryCast,
    exp.Distinct,
)
_COMPARED = (
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.NullSafeEQ,
    exp.NullSafeNEQ,
    exp.Between,
    exp.In,
)
_OVER_ROWS = (exp.Sum, exp.Min, exp.Max, exp.Avg, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue)
_COUNTING = (exp.Count, exp.RowNumber, exp.Length, exp.Rank, exp.DenseRank)
_WORDS = (
    exp.Boolean, exp.And, exp.Or, exp.Not, exp.Is, exp.Like, exp.DPipe, exp.Concat, exp.Substring, exp.Upper,
    exp.Lower, exp.Trim, exp.Replace, exp.Split, exp.Explode, exp.Unnest, exp.StartsWith, exp.Exists, exp.Interval,
    exp.DateAdd, exp.DateSub, exp.DateTrunc, exp.Left, exp.Right, exp.StrPosition, exp.GroupConcat, exp.LogicalOr,
    exp.LogicalAnd, exp.Translate,
)  # fmt: skip


class Reader:
    """Infers expressions of one SELECT: *keys* are its group keys, *inner* answers a query inside it."""

    def __init__(
        self,
        scope: Scope,
        keys: Iterable[exp.Expr],
        inner: Callable[[exp.Expr], Cell],
        asserted: Callable[[exp.Expr, str], None],
    ) -> None:
        self._scope = scope
        self._keys = list(keys)
        self._inner = inner
        self._asserted = asserted

    def cell(self, node: exp.Expr) -> Cell:
        """What *node* is.

        Raises:
            UnitError: its parts do not fit together, or it is of a kind we cannot judge.
        """
        declared = _declared(node)
        if declared is None:
            return self._judge(node)
        measure = self._scope.settled(parse_measure(declared).bound(self._scope.stands_for))
        if isinstance(node, exp.Literal):
            return Number(measure)
        if isinstance(node, exp.Cast) and isinstance(self.cell(node.this), Text):
            self._asserted(node, declared)
            return Number(measure)
        found = self._judge(node)
        if not (isinstance(found, Number) and found.measure == measure):
            self._asserted(node, declared)
        return Number(measure)

    def _judge(self, node: exp.Expr) -> Cell:
        for kinds, judge in _JUDGES:
            if isinstance(node, kinds):
                return judge(self, node)
        kind = type(node).__name__
        raise UnitError(
            f"无法推断 {node.sql('duckdb')[:80]} 的单位（{kind} 不在可判断之列）",
            f"cannot infer the unit of {node.sql('duckdb')[:80]} ({kind})",
        )

    def _column(self, node: exp.Column) -> Cell:
        return self._scope.cell(node)

    def _filter(self, node: exp.Filter) -> Cell:
        self.cell(node.expression.this)
        return self.cell(node.this)

    def _query(self, node: exp.Expr) -> Cell:
        return self._inner(node)

    def _extract(self, node: exp.Expr) -> Cell:
        self._parts(node)
        is_year = isinstance(node, exp.Year) or node.name.upper() == "YEAR"
        return Number(parse_measure("year")) if is_year else COUNT

    def _agreeing(self, node: exp.Expr) -> Cell:
        return self._same(node, self._operands(node))

    def _unchanged(self, node: exp.Expr) -> Cell:
        return self.cell(_only(node))

    def _compared(self, node: exp.Expr) -> Cell:
        self._same(node, [part for part in self._operands(node) if not isinstance(part, exp.Tuple)])
        return PLAIN

    def _aggregate(self, node: exp.Expr) -> Cell:
        return self._over_rows(node, self._keys)

    def _count(self, node: exp.Expr) -> Cell:
        self._parts(node)
        return COUNT

    def _word(self, node: exp.Expr) -> Cell:
        self._parts(node)
        return PLAIN

    def _operands(self, node: exp.Expr) -> list[exp.Expr]:
        return [part for part in node.iter_expressions() if not isinstance(part, exp.DataType)]

    def _parts(self, node: exp.Expr) -> None:
        """Judge what stands inside, for its own mistakes."""
        for part in self._operands(node):
            if not isinstance(part, exp.Star | exp.Var | exp.Identifier):
                self.cell(part)

    def _same(self, node: exp.Expr, parts: Iterable[exp.Expr]) -> Cell:
        return self._agreed(node, [(part, self.cell(part)) for part in parts])

    def _agreed(self, node: exp.Expr, cells: list[tuple[exp.Expr, Cell]]) -> Cell:
        """The one unit of all *cells*; bare numbers are of the dimension one, so they fit only a count."""
        numbers = [(part, cell) for part, cell in cells if isinstance(cell, Number)]
        texts = [cell for _, cell in cells if isinstance(cell, Text)]
        if not numbers:
            return _common_text(texts) if texts else Anything()
        first_part, first = numbers[0]
        for part, cell in numbers[1:]:
            if cell.measure != first.measure:
                one, other = (
                    f"{first_part.sql('duckdb')[:60]} [{first.measure}]",
                    f"{part.sql('duckdb')[:60]} [{cell.measure}]",
                )
                raise UnitError(
                    f"{_name(node)}两边单位不同：{one} 与 {other}",
                    f"{type(node).__name__} mixes units: {one} and {other}",
                )
        return Number(first.measure, all(cell.is_bare for _, cell in numbers))

    def _product(self, node: exp.Expr) -> Cell:
        left, right = self.cell(node.this), self.cell(node.expression)
        if isinstance(left, Anything) or isinstance(right, Anything):
            return Anything()
        if isinstance(left, Text) or isinstance(right, Text):
            raise UnitError(
                f"{node.sql('duckdb')[:80]}：文本不能相乘", f"{node.sql('duckdb')[:80]}: text in a product"
            )
        product = left.measure.times(right.measure, -1 if isinstance(node, exp.Div) else 1)
        return Number(self._scope.settled(product), left.is_bare and right.is_bare)

    def _cast(self, node: exp.Cast) -> Cell:
        inner = self.cell(node.this)
        becomes_number = node.to.this in exp.DataType.NUMERIC_TYPES
        if becomes_number and isinstance(inner, Text):
            raise UnitError(
                f"{node.sql('duckdb')[:80]}：由文本转来的数没有单位，请用 /* unit: … */ 写明",
                f"{node.sql('duckdb')[:80]}: a number read from text has no unit",
            )
        return PLAIN if isinstance(inner, Number) and not becomes_number else inner

    def _case(self, node: exp.Expr) -> Cell:
        branches = [node] if isinstance(node, exp.If) else node.args["ifs"]
        cells: list[tuple[exp.Expr, Cell]] = []
        scopes: list[Scope] = []
        subject = node.args.get("this") if isinstance(node, exp.Case) else None
        for branch in branches:
            condition, value = branch.this, branch.args["true"]
            if subject is not None:
                condition = exp.EQ(this=subject.copy(), expression=condition.copy())
            self.cell(condition)
            scopes.append(self._scope.assuming(condition))
            inside = Reader(scopes[-1], self._keys, self._inner, self._asserted)
            cells.append((value, inside.cell(value)))
        default = node.args.get("default") or node.args.get("false")
        if default is not None:
            scopes.append(self._scope)
            cells.append((default, self.cell(default)))
        stated = [
            (cell.measure, scope)
            for (_, cell), scope in zip(cells, scopes, strict=True)
            if isinstance(cell, Number)
        ]
        for candidate, _ in stated:
            # What a branch assumes may fix a symbol: unit = 'CNY' makes [unit] the same as CNY there.
            if all(scope.settled(candidate) == scope.settled(measure) for measure, scope in stated):
                return Number(candidate)
        return self._agreed(node, cells)

    def _over_rows(self, node: exp.Expr, keys: Iterable[exp.Expr]) -> Cell:
        """An aggregate: what its unit depends on must be the same in every row it takes together."""
        inner = self.cell(node.this)
        for extra in self._operands(node)[1:]:
            self.cell(extra)
        if node.args.get("default") is not None:
            self._same(node, [node.this, node.args["default"]])
        if not isinstance(inner, Number):
            return Text(inner.constant) if isinstance(inner, Text) else inner
        free = inner.measure.symbols() - self._scope.fixed_by(keys)
        if free:
            names = "、".join(sorted(symbol.rpartition(".")[2] for symbol in free))
            raise UnitError(
                f"{node.sql('duckdb')[:80]} 把不同单位的行合在一起：{inner.measure} 随 {names} 而变，而分组不含它",
                f"{node.sql('duckdb')[:80]} takes rows of different units together: {inner.measure} varies with {names}",
            )
        return Number(inner.measure)

    def _window(self, node: exp.Window) -> Cell:
        partition = node.args.get("partition_by") or []
        for part in partition:
            self.cell(part)
        order = node.args.get("order")
        for ordered in order.expressions if order else []:
            self.cell(ordered.this)
        function = node.this
        if isinstance(function, exp.IgnoreNulls):
            function = function.this
        return (
            self._over_rows(function, partition) if isinstance(function, _OVER_ROWS) else self.cell(function)
        )


# What judges which kind of expression; the first that fits.
_JUDGES: tuple[tuple[tuple[type[exp.Expr], ...], Callable[[Reader, Any], Cell]], ...] = (
    ((exp.Column,), Reader._column),
    ((exp.Literal,), lambda _, node: _literal(node)),
    ((exp.Null,), lambda _reader, _node: Anything()),
    ((exp.Window,), Reader._window),
    ((exp.Filter,), Reader._filter),
    ((exp.Case, exp.If), Reader._case),
    ((exp.Subquery, exp.Select), Reader._query),
    ((exp.Mul, exp.Div), Reader._product),
    ((exp.Extract, exp.Year), Reader._extract),
    (_SAME_UNIT, Reader._agreeing),
    ((exp.Cast, exp.TryCast), Reader._cast),
    (_UNCHANGED, Reader._unchanged),
    (_COMPARED, Reader._compared),
    (_OVER_ROWS, Reader._aggregate),
    (_COUNTING, Reader._count),
    (_WORDS, Reader._word),
)


def _declared(node: exp.Expr) -> str | None:
    """The unit a comment behind *node* declares."""
    for comment in node.comments or []:
        found = _DECLARED.fullmatch(comment)
        if found:
            return found["unit"]
    return None


def _literal(node: exp.Literal) -> Cell:
    if node.is_string:
        return Text(node.name)
    return Anything() if float(node.name) == 0 else Number(COUNT.measure, is_bare=True)


def _common_text(texts: list[Text]) -> Text:
    nodes, constants = {cell.node for cell in texts}, {cell.constant for cell in texts}
    return Text(
        constants.pop() if len(constants) == 1 else None,
        texts[0].names if all(cell.names == texts[0].names for cell in texts) else None,
        nodes.pop() if len(nodes) == 1 else None,
    )


def _only(node: exp.Expr) -> exp.Expr:
    inside: exp.Expr = node.this if node.this is not None else node.expressions[0]
    return inside


def _name(node: exp.Expr) -> str:
    return {"Add": "相加", "Sub": "相减", "Case": "CASE 各分支", "Coalesce": "COALESCE"}.get(
        type(node).__name__, "比较"
    )

"""Which columns of one SELECT hold the same value, and what a symbol therefore stands for.

``t.energy_code = k.energy_code`` in a join makes ``[energy_code]`` of both sides one symbol; a literal,
``factor.gas = 'CO2'``, fixes it. Sums are only sound over rows whose symbols the group key fixes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping

from sqlglot import exp

from pipelines.engine.unitcheck.cells import Cell, Columns, Number, Text, UnitError
from pipelines.units.measures import Measure, Part, of_part, parse_measure

UnitNamed = Callable[[str, str], Measure | None]
"""(value, variant) → the measure a constant names, None when it names none."""

_HIDDEN = itertools.count(1)


class Scope:
    """The sources of one SELECT with their columns; equalities learned from joins and filters."""

    def __init__(self, sources: Mapping[str, Columns], unit_named: UnitNamed) -> None:
        self._sources = sources
        self._unit_named = unit_named
        self._parent: dict[str, str] = {}
        self._constant: dict[str, str] = {}
        self._names: dict[str, Measure] = {}
        for alias, columns in sources.items():
            for name, cell in columns.items():
                if isinstance(cell, Text):
                    self._enter(f"{alias}.{name}", self._lifted(alias, cell))

    def assuming(self, condition: exp.Expr) -> Scope:
        """This scope where *condition* holds too: the branch of a CASE."""
        child = Scope({}, self._unit_named)
        child._sources = self._sources
        child._parent = dict(self._parent)
        child._constant = dict(self._constant)
        child._names = dict(self._names)
        child.learn(condition)
        return child

    def learn(self, condition: exp.Expr | None, only_of: str | None = None) -> None:
        """Take the equalities that *condition* demands, all of its AND-ed parts.

        *only_of* is the source an outer join adds: rows of the others are kept though the condition fails, so
        nothing is learned of them alone.
        """
        equal = [part for part in _conjuncts(condition) if isinstance(part, exp.EQ | exp.NullSafeEQ)]
        for part in equal:
            left, right = self._node(part.this), self._node(part.expression)
            if left and right and self._concerns(only_of, left, right):
                self._join(left, right)
        for part in equal:
            for column, value in ((part.this, part.expression), (part.expression, part.this)):
                node = self._node(column)
                if node and _is_text(value) and self._is_free(node, only_of):
                    self._constant[self._find(node)] = value.name

    def _concerns(self, only_of: str | None, *nodes: str) -> bool:
        return only_of is None or any(node.startswith(f"{only_of}.") for node in nodes)

    def _is_free(self, node: str, only_of: str | None) -> bool:
        """Whether a constant may be learned of *node*: of the outer-joined source, and tied to no other."""
        if only_of is None:
            return True
        root = self._find(node)
        tied = [other for other in self._parent if self._find(other) == root]
        return all(other.startswith(f"{only_of}.") for other in tied)

    def cell(self, column: exp.Column) -> Cell:
        """What *column* is, its symbols turned into nodes of this scope.

        Raises:
            UnitError: no source has it, or more than one does and it is not said which.
        """
        alias = column.table or self._only_source(column.name)
        columns = self._sources.get(alias)
        if columns is None or column.name not in columns:
            raise UnitError(f"找不到列 {column.sql()}", f"no column {column.sql()}")
        cell = columns[column.name]
        if isinstance(cell, Number):
            return Number(self.settled(_prefixed(cell.measure, alias)))
        if isinstance(cell, Text):
            root = self._find(f"{alias}.{column.name}")
            return Text(self._constant.get(root), self._names.get(root), root)
        return cell

    def settled(self, measure: Measure) -> Measure:
        """*measure* with each symbol replaced by what is known of it: a unit, a tag, or its representative."""
        return measure.bound(self._resolved)

    def stands_for(self, part: Part) -> Measure:
        """What one symbol written in a comment of this query means: a column, with its source where needed."""
        node = part.symbol if "." in part.symbol else f"{self._only_source(part.symbol)}.{part.symbol}"
        if node not in self._parent:
            raise UnitError(
                f"单位说明中的 [{part.symbol}] 不是文本列", f"[{part.symbol}] names no text column"
            )
        return self._resolved(part._replace(symbol=node))

    def fixed_by(self, keys: Iterable[exp.Expr]) -> set[str]:
        """The nodes that one group of *keys* holds constant."""
        return {self._find(node) for node in map(self._node, keys) if node}

    def _resolved(self, part: Part) -> Measure:
        root = self._find(part.symbol)
        constant = self._constant.get(root)
        if part.dimension:  # a tag: t{[gas]}
            return of_part(
                part._replace(symbol="", tag=constant) if constant is not None else part._replace(symbol=root)
            )
        if constant is not None:
            named = self._unit_named(constant, part.variant)
            if named is not None:
                return named
        names = self._names.get(root)
        if names is not None and not part.variant:
            return names if root in names.symbols() else names.bound(self._resolved)
        return of_part(part._replace(symbol=root))

    def _lifted(self, alias: str, cell: Text) -> Text:
        return Text(cell.constant, _prefixed(cell.names, alias) if cell.names else None)

    def _enter(self, node: str, cell: Text) -> None:
        self._parent[node] = node
        if cell.constant is not None:
            self._constant[node] = cell.constant
        if cell.names is not None:
            self._names[node] = cell.names

    def _find(self, node: str) -> str:
        root = node
        while self._parent.get(root, root) != root:
            root = self._parent[root]
        return root

    def _join(self, one: str, other: str) -> None:
        given, kept = self._find(one), self._find(other)
        if kept == given:
            return
        self._parent[given] = kept
        if given in self._constant:
            self._constant.setdefault(kept, self._constant.pop(given))
        if given in self._names:
            self._names.setdefault(kept, self._names.pop(given))

    def _node(self, expression: exp.Expr) -> str | None:
        """The node of a plain text column, or None."""
        while isinstance(expression, exp.Paren):
            expression = expression.this
        if not isinstance(expression, exp.Column):
            return None
        try:
            node = f"{expression.table or self._only_source(expression.name)}.{expression.name}"
        except UnitError:
            return None
        return node if node in self._parent else None

    def _only_source(self, column: str) -> str:
        having = [alias for alias, columns in self._sources.items() if column in columns]
        if not having:
            raise UnitError(f"找不到列 {column}", f"no column {column}")
        roots = {self._find(f"{alias}.{column}") for alias in having}
        if len(roots) > 1:
            raise UnitError(f"列 {column} 出自多个来源，请写明", f"column {column} is ambiguous")
        return having[0]


def outward(cells: Mapping[str, Cell]) -> Columns:
    """The cells of a select list as columns of their own: symbols become names of output columns.

    A symbol no output column carries becomes hidden: it equals itself and nothing else, and no later
    query can name it.
    """
    named: dict[str, str] = {}
    for name, cell in cells.items():
        if isinstance(cell, Text) and cell.node is not None:
            named.setdefault(cell.node, name)
    hidden: dict[str, str] = {}

    def resolve(part: Part) -> Measure:
        if part.symbol not in named and part.symbol not in hidden:
            hidden[part.symbol] = f"{part.symbol.rpartition('.')[2]}_hidden{next(_HIDDEN)}"
        return of_part(part._replace(symbol=named.get(part.symbol) or hidden[part.symbol]))

    columns: Columns = {}
    for name, cell in cells.items():
        if isinstance(cell, Number):
            columns[name] = Number(cell.measure.bound(resolve))
        elif isinstance(cell, Text):
            first = named.get(cell.node or "", name)
            same = of_part(Part("", symbol=first)) if first != name else None
            columns[name] = Text(cell.constant, cell.names.bound(resolve) if cell.names else same)
        else:
            columns[name] = cell
    return columns


def seen_in(measure: Measure, columns: Columns, unit_named: UnitNamed) -> Measure:
    """*measure*, whose symbols name columns, with what those columns are known to hold."""
    scope = Scope({"": columns}, unit_named)
    return _unprefixed(scope.settled(_prefixed(measure, "")))


def unit_reader(codes: Mapping[str, str]) -> UnitNamed:
    """How constants name units: an energy code by *codes*, else a unit written out."""

    def named(value: str, variant: str) -> Measure | None:
        if value in codes:
            return parse_measure(codes[value]) if not variant else None
        try:
            return parse_measure(value) if not variant else None
        except ValueError:
            return None

    return named


def _prefixed(measure: Measure, alias: str) -> Measure:
    return measure.bound(lambda part: of_part(part._replace(symbol=f"{alias}.{part.symbol}")))


def _unprefixed(measure: Measure) -> Measure:
    return measure.bound(lambda part: of_part(part._replace(symbol=part.symbol.removeprefix("."))))


def _conjuncts(condition: exp.Expr | None) -> Iterable[exp.Expr]:
    if condition is None:
        return
    if isinstance(condition, exp.Paren):
        yield from _conjuncts(condition.this)
    elif isinstance(condition, exp.And):
        yield from _conjuncts(condition.this)
        yield from _conjuncts(condition.expression)
    else:
        yield condition


def _is_text(expression: exp.Expr) -> bool:
    return isinstance(expression, exp.Literal) and expression.is_string

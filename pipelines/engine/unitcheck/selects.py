"""The columns of a whole query with their units: sources, joins, CTEs, subqueries, unions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from pipelines.engine.unitcheck.cells import Anything, Cell, Columns, Number, Text, UnitError
from pipelines.engine.unitcheck.expressions import Reader
from pipelines.engine.unitcheck.scope import Scope, UnitNamed, outward, seen_in
from pipelines.units.measures import Measure, Part, of_part


@dataclass
class Findings:
    """What went wrong or was taken on the author's word in one model: (where, Chinese, English)."""

    problems: list[tuple[str, str, str]] = field(default_factory=list)
    asserted: list[tuple[str, str]] = field(default_factory=list)


class QueryReader:
    """Infers queries; *tables* answers ``layer.name``, None when nobody declared it."""

    def __init__(
        self, tables: Callable[[str], Columns | None], unit_named: UnitNamed, findings: Findings
    ) -> None:
        self._tables = tables
        self._unit_named = unit_named
        self._findings = findings

    def branches(self, query: exp.Expr, known: Mapping[str, Columns] | None = None) -> list[Columns]:
        """The columns of *query*, one entry a branch of a union, under the names of the first branch."""
        env = dict(known or {})
        for cte in query.args["with_"].expressions if query.args.get("with_") else []:
            env[cte.alias] = self.columns(cte.this, env, cte.alias)
        if isinstance(query, exp.SetOperation):
            found = [*self.branches(query.this, env), *self.branches(query.expression, env)]
            names = list(found[0])
            return [_renamed(branch, names) for branch in found]
        if isinstance(query, exp.Subquery):
            return self.branches(query.this, env)
        if isinstance(query, exp.Select):
            return [self._select(query, env)]
        raise UnitError(f"无法判断 {type(query).__name__}", f"cannot judge {type(query).__name__}")

    def columns(self, query: exp.Expr, known: Mapping[str, Columns], where: str) -> Columns:
        """The columns of *query* with the branches of a union made one."""
        branches = self.branches(query, known)
        if len(branches) == 1:
            return branches[0]
        merged: Columns = {name: self._text_of(name, branches) for name in branches[0]}
        for name in branches[0]:
            if merged[name] == Anything():
                merged[name] = self._number_of(name, branches, merged, where)
        return merged

    def _text_of(self, name: str, branches: list[Columns]) -> Cell:
        """The column as text when any branch has it so; otherwise it is a number, settled later."""
        texts = [cell for cell in (branch[name] for branch in branches) if isinstance(cell, Text)]
        if not texts:
            return Anything()
        constants, names = {cell.constant for cell in texts}, {cell.names for cell in texts}
        all_text = len(texts) == len(branches)
        return Text(
            constants.pop() if all_text and len(constants) == 1 else None,
            names.pop() if all_text and len(names) == 1 else None,
        )

    def _number_of(self, name: str, branches: list[Columns], merged: Columns, where: str) -> Cell:
        """The one measure every branch agrees with, its own constants taken into account."""
        stated = [(branch, cell) for branch in branches if isinstance(cell := branch[name], Number)]
        if not stated:
            return Anything()
        for candidate in _candidates(name, stated):
            if all(
                self._seen(candidate, branch) == self._seen(cell.measure, branch) for branch, cell in stated
            ):
                return Number(candidate)
        units = "、".join(sorted({str(cell.measure) for _, cell in stated}))
        self._findings.problems.append(
            (f"{where}.{name}", f"UNION 各支单位不同：{units}", f"the branches of the union differ: {units}")
        )
        return Anything()

    def _seen(self, measure: Measure, columns: Columns) -> Measure:
        return seen_in(measure, columns, self._unit_named)

    def _select(self, select: exp.Select, env: Mapping[str, Columns]) -> Columns:
        sources, joins = self._sources(select, env)
        scope = Scope(sources, self._unit_named)
        for join, alias in joins:
            scope.learn(join.args.get("on"), alias if join.side else None)
        where = select.args.get("where")
        scope.learn(where.this if where else None)
        group = select.args.get("group")
        keys = list(group.expressions) if group else []
        reader = Reader(scope, keys, lambda query: self._scalar(query, env), self._note_assertion)
        for condition in self._conditions(select, joins):
            self._try(reader, condition, "where/on/having")
        cells = {
            projection.alias_or_name: self._try(reader, _bare(projection), projection.alias_or_name)
            for projection in select.expressions
        }
        return outward(cells)

    def _sources(
        self, select: exp.Select, env: Mapping[str, Columns]
    ) -> tuple[dict[str, Columns], list[tuple[exp.Join, str]]]:
        sources: dict[str, Columns] = {}
        joins: list[tuple[exp.Join, str]] = []
        first = select.args.get("from_")
        if first is not None:
            sources[first.this.alias_or_name] = self._source(first.this, env)
        for join in select.args.get("joins") or []:
            sources[join.this.alias_or_name] = self._source(join.this, env)
            joins.append((join, join.this.alias_or_name))
        return sources, joins

    def _source(self, source: exp.Expr, env: Mapping[str, Columns]) -> Columns:
        if isinstance(source, exp.Subquery):
            return self.columns(source.this, env, source.alias_or_name)
        if isinstance(source, exp.Table) and not source.db and source.name in env:
            return env[source.name]
        name = f"{source.db}.{source.name}" if isinstance(source, exp.Table) else source.sql()[:60]
        found = self._tables(name)
        if found is None:
            raise UnitError(f"表 {name} 没有申明各列单位", f"nobody declared the units of {name}")
        return found

    def _conditions(self, select: exp.Select, joins: list[tuple[exp.Join, str]]) -> list[exp.Expr]:
        found = [join.args["on"] for join, _ in joins if join.args.get("on") is not None]
        found += [clause.this for name in ("where", "having", "qualify") if (clause := select.args.get(name))]
        return found

    def _scalar(self, query: exp.Expr, env: Mapping[str, Columns]) -> Cell:
        columns = self.columns(query, env, "subquery")
        return next(iter(columns.values()))

    def _try(self, reader: Reader, node: exp.Expr, where: str) -> Cell:
        """The cell, or Anything after the mistake has been noted, so that it is told once."""
        try:
            return reader.cell(node)
        except UnitError as error:
            self._findings.problems.append((where, error.message_zh, error.message_en))
        except ValueError as error:
            self._findings.problems.append((where, f"单位写法有误：{error}", str(error)))
        return Anything()

    def _note_assertion(self, node: exp.Expr, unit: str) -> None:
        self._findings.asserted.append((node.sql("duckdb", comments=False)[:80], unit))


def _bare(projection: exp.Expr) -> exp.Expr:
    """The expression of a select item; a unit declared behind it stands on the alias."""
    if not isinstance(projection, exp.Alias):
        return projection
    if projection.comments and not projection.this.comments:
        projection.this.add_comments(projection.comments)
    return projection.this


def _renamed(branch: Columns, names: list[str]) -> Columns:
    """*branch* under other column names, by position."""
    if list(branch) == names:
        return branch
    new = dict(zip(branch, names, strict=True))

    def resolve(part: Part) -> Measure:
        return of_part(part._replace(symbol=new.get(part.symbol, part.symbol)))

    renamed: Columns = {}
    for old, cell in branch.items():
        if isinstance(cell, Number):
            renamed[new[old]] = Number(cell.measure.bound(resolve), cell.is_bare)
        elif isinstance(cell, Text) and cell.names:
            renamed[new[old]] = Text(cell.constant, cell.names.bound(resolve))
        else:
            renamed[new[old]] = cell
    return renamed


def _candidates(name: str, stated: list[tuple[Columns, Number]]) -> list[Measure]:
    """What the union's column could be in: a branch's own measure, or one that a text column of it names."""
    found = [cell.measure for _, cell in stated]
    branch, cell = stated[0]
    for column, text in branch.items():
        if not isinstance(text, Text) or text.constant is None:
            continue
        found.append(of_part(Part("", symbol=column)))
        found += [
            Measure(
                cell.measure.scale,
                frozenset(_tagged(item, text.constant, column) for item in cell.measure.powers),
            )
        ]
    return found


def _tagged(item: tuple[Part, int], constant: str, column: str) -> tuple[Part, int]:
    part, power = item
    return (part._replace(tag="", symbol=column), power) if part.tag == constant else item

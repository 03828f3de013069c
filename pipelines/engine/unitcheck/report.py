"""All models held to their headers: what each column declares, what follows from the SQL, where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.engine.models import Check, Column, Model, parsed
from pipelines.engine.unitcheck.cells import Anything, Cell, Columns, Number, Text, UnitError
from pipelines.engine.unitcheck.scope import UnitNamed, seen_in, unit_reader
from pipelines.engine.unitcheck.selects import Findings, QueryReader
from pipelines.errors import BrokenModel
from pipelines.units.measures import Measure, parse_measure


@dataclass(frozen=True)
class UnitLine:
    """One column of one model: *declared* in its header, *inferred* from its SQL; *problem* when they differ."""

    model: str
    column: str
    declared: str
    inferred: str
    problem_zh: str = ""
    problem_en: str = ""


@dataclass(frozen=True)
class UnitReport:
    """Every column of every model, and what was taken on the author's word: (model, expression, unit)."""

    lines: list[UnitLine]
    asserted: list[tuple[str, str, str]]

    @property
    def problems(self) -> list[UnitLine]:
        """The lines that do not hold."""
        return [line for line in self.lines if line.problem_zh]

    def raise_if_any(self) -> None:
        """Stop the build when a line does not hold.

        Raises:
            BrokenModel: all problems of all models, named by model and column.
        """
        if self.problems:
            zh = "\n".join(f"  {line.model}.{line.column}：{line.problem_zh}" for line in self.problems)
            en = "\n".join(f"  {line.model}.{line.column}: {line.problem_en}" for line in self.problems)
            raise BrokenModel(f"SQL 模型的单位不成立：\n{zh}", f"units in the models do not hold:\n{en}")


def check_units(
    models: Sequence[Model],
    checks: Sequence[Check],
    sources: Mapping[str, Mapping[str, Column]],
    codes: Mapping[str, str],
) -> UnitReport:
    """Infer the unit of every output column of *models* and *checks* and hold it to the header.

    Args:
        sources: columns of the tables no model makes (raw, ref, verdicts).
        codes: energy code → its canonical unit, for filters such as ``energy_code = '33'``.
    """
    book = _Book(models, sources, unit_reader(codes))
    lines: list[UnitLine] = []
    asserted: list[tuple[str, str, str]] = []
    parts: list[tuple[str, Model | Check]] = [(model.key, model) for model in models]
    parts += [(f"checks.{check.name}", check) for check in checks]
    for key, part in parts:
        found, taken = book.hold(key, part)
        lines += found
        asserted += taken
    return UnitReport(lines, asserted)


class _Book:
    def __init__(
        self, models: Sequence[Model], sources: Mapping[str, Mapping[str, Column]], unit_named: UnitNamed
    ) -> None:
        declared = {**sources, **{model.key: model.columns for model in models}}
        self._unit_named = unit_named
        self._declared = declared
        self._tables: dict[str, Columns] = {}

    def hold(self, key: str, part: Model | Check) -> tuple[list[UnitLine], list[tuple[str, str, str]]]:
        """The lines of one model or check."""
        findings = Findings()
        reader = QueryReader(self._table, self._unit_named, findings)
        branches: list[Columns] = []
        try:
            (tree,) = parsed(part.sql)
            branches = reader.branches(tree) if tree is not None else []
        except UnitError as error:
            findings.problems.append(("*", error.message_zh, error.message_en))
        lines = [self._line(key, name, column, branches) for name, column in part.columns.items()]
        lines += [UnitLine(key, where, "", "", zh, en) for where, zh, en in dict.fromkeys(findings.problems)]
        return lines, [(key, expression, unit) for expression, unit in dict.fromkeys(findings.asserted)]

    def _table(self, name: str) -> Columns | None:
        if name not in self._tables and name in self._declared:
            self._tables[name] = {
                column: _declared_cell(declared) for column, declared in self._declared[name].items()
            }
        return self._tables.get(name)

    def _line(self, key: str, name: str, column: Column, branches: Iterable[Columns]) -> UnitLine:
        declared = column.unit or ""
        inferred: dict[str, None] = {}
        for branch in branches:
            cell = branch.get(name, Anything())
            inferred[_shown(cell)] = None
            said = self._disagreement(column, cell, branch)
            if said:
                return UnitLine(key, name, declared, _shown(cell), *said)
        return UnitLine(key, name, declared, " | ".join(word for word in inferred if word))

    def _disagreement(self, column: Column, cell: Cell, branch: Columns) -> tuple[str, str] | None:
        """What is wrong with one branch of one column, in Chinese and English."""
        if column.unit is None:
            if isinstance(cell, Number):
                return (
                    f"数值列没有写单位（由 SQL 推得 {cell.measure}）",
                    f"a numeric column without a unit (the SQL gives {cell.measure})",
                )
            return None
        try:
            stated = parse_measure(column.unit)
        except ValueError as error:
            return f"单位写法有误：{error}", str(error)
        if isinstance(cell, Text):
            return (
                f"写了单位 {column.unit}，但这一列是文本",
                f"declared {column.unit}, but the column is text",
            )
        if isinstance(cell, Number) and not self._agrees(stated, cell.measure, branch):
            return (
                f"表头写 {column.unit}，由 SQL 推得 {cell.measure}",
                f"declared {column.unit}, inferred {cell.measure}",
            )
        return None

    def _agrees(self, stated: Measure, inferred: Measure, branch: Columns) -> bool:
        expected = seen_in(stated, branch, self._unit_named)
        found = seen_in(inferred, branch, self._unit_named)
        if found == expected:
            return True
        # A unit column spells units for readers and may leave the tag to the column's name.
        return bool(stated.symbols()) and expected == expected.untagged() == found.untagged()


def _declared_cell(column: Column) -> Cell:
    try:
        if column.unit is not None:
            return Number(parse_measure(column.unit))
        return Text(names=parse_measure(column.names) if column.names else None)
    except ValueError:
        return Anything()  # told where the header itself is held


def _shown(cell: Cell) -> str:
    if isinstance(cell, Number):
        return str(cell.measure)
    return "" if isinstance(cell, Text) else "*"

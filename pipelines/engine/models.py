"""SQL files read: header, grain, columns, and the tables each one stands on.

A model is one ``SELECT`` in one file. Its header says what a row is (grain) and what every column
means, in which unit; :mod:`pipelines.engine.subset` holds the text to the portable subset.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import sqlglot
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlglot import exp

from pipelines.engine.subset import departures
from pipelines.errors import BrokenModel

_HEADER = re.compile(r"\A/\*---\n(?P<header>.*?)\n---\*/\n(?P<sql>.+)\Z", re.DOTALL)


class Column(BaseModel):
    """One output column: its meaning, its unit when it is a number, its SQL type when it is pinned.

    A text column that names a unit may say which: ``names: "[energy_code]"``.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    meaning: str = Field(alias="is")
    unit: str | None = None
    type: str | None = None
    names: str | None = None


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    grain: list[str]
    columns: dict[str, Column]
    materialized: Literal["table", "view"] = "table"
    severity: str | None = None
    message_zh: str | None = None


@dataclass(frozen=True)
class Model:
    """One SQL file that makes one table. ``key`` is ``layer.name``, after folder and file.

    With ``materialized: view`` its rows are formed where they are read and not stored: for wide rows that
    few read, or read in part.
    """

    key: str
    title_zh: str
    title_en: str
    grain: tuple[str, ...]
    columns: dict[str, Column]
    sql: str
    depends_on: tuple[str, ...]
    path: Path
    is_view: bool = False

    @property
    def layer(self) -> str:
        """``stg``, ``core`` or ``mart``."""
        return self.key.split(".")[0]

    @property
    def name(self) -> str:
        """The table's name inside its layer."""
        return self.key.split(".")[1]


@dataclass(frozen=True)
class Check:
    """One query that must return nothing. A ``blocking`` one stops publication when it does."""

    name: str
    severity: str
    title_zh: str
    title_en: str
    message_zh: str
    columns: dict[str, Column]
    sql: str
    depends_on: tuple[str, ...]
    path: Path


def load_model(path: Path) -> Model:
    """The model in *path*.

    Raises:
        BrokenModel: no readable header, SQL outside the subset, or header and select list disagree.
    """
    header, sql, tree = _read(path)
    complaints = departures(tree) + _disagreements(header, tree)
    if complaints:
        raise _broken(path, complaints)
    zh, _, en = header.title.partition(" | ")
    return Model(
        key=f"{path.parent.name}.{path.stem}",
        title_zh=zh,
        title_en=en or zh,
        grain=tuple(header.grain),
        columns=header.columns,
        sql=sql,
        depends_on=_tables(tree),
        path=path,
        is_view=header.materialized == "view",
    )


def load_models(
    folder: Path,
    layers: Iterable[str] = ("stg", "core", "mart"),
    made_between: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[Model]:
    """Every model under *folder*, each after all it depends on; ties in alphabetical order.

    *made_between* names tables made by other means (table → what it needs), so that models which read them
    come after what those need.

    Raises:
        BrokenModel: a file is broken, or models depend on each other in a circle.
    """
    files = [path for layer in layers for path in sorted((folder / layer).glob("*.sql"))]
    models = {model.key: model for model in map(load_model, files)}
    needs = {key: model.depends_on for key, model in models.items()} | dict(made_between)
    sorter = TopologicalSorter(
        {key: [name for name in before if name in needs] for key, before in needs.items()}
    )
    try:
        sorter.prepare()
    except CycleError as circle:
        names = " → ".join(circle.args[1])
        raise BrokenModel(f"模型互相依赖成环：{names}", f"models depend on each other: {names}") from circle
    order: list[Model] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(models[key] for key in ready if key in models)
        sorter.done(*ready)
    return order


def load_checks(folder: Path) -> list[Check]:
    """Every check under ``folder/checks``, in alphabetical order."""
    return [_load_check(path) for path in sorted((folder / "checks").glob("*.sql"))]


def _load_check(path: Path) -> Check:
    header, sql, tree = _read(path)
    complaints = departures(tree) + _disagreements(header, tree)
    if header.severity not in ("blocking", "warning"):
        complaints.append(f"severity: read {header.severity!r}, expected blocking or warning")
    if complaints:
        raise _broken(path, complaints)
    zh, _, en = header.title.partition(" | ")
    return Check(
        name=path.stem,
        severity=str(header.severity),
        title_zh=zh,
        title_en=en or zh,
        message_zh=header.message_zh or zh,
        columns=header.columns,
        sql=sql,
        depends_on=_tables(tree),
        path=path,
    )


def _read(path: Path) -> tuple[_Header, str, exp.Expr]:
    found = _HEADER.match(path.read_text(encoding="utf-8"))
    if not found:
        raise _broken(path, ["expected a header between /*--- and ---*/, then one select"])
    try:
        header = _Header.model_validate(yaml.safe_load(found["header"]))
        sql = found["sql"].strip().removesuffix(";")
        trees = parsed(sql)
    except (ValidationError, yaml.YAMLError, sqlglot.ParseError) as error:
        raise _broken(path, [str(error)]) from error
    if len(trees) != 1 or trees[0] is None:
        raise _broken(path, [f"expected one select, found {len(trees)} statements"])
    return header, sql, trees[0]


@lru_cache(maxsize=1024)
def parsed(sql: str) -> tuple[exp.Expr | None, ...]:
    """The statements of *sql*; the same text is parsed once, for the loader and the unit check alike."""
    return tuple(sqlglot.parse(sql, read="duckdb"))


def _disagreements(header: _Header, tree: exp.Expr) -> list[str]:
    """Where the header and the final select list differ."""
    complaints = []
    selected = tree.named_selects if isinstance(tree, exp.Query) else []
    if list(header.columns) != list(selected):
        complaints.append(f"columns: header says {list(header.columns)}, select gives {list(selected)}")
    unknown = [name for name in header.grain if name not in header.columns]
    if unknown:
        complaints.append(f"grain: {unknown} are no columns")
    return complaints


def _tables(tree: exp.Expr) -> tuple[str, ...]:
    """Tables read, as ``layer.name``; CTEs have no layer and are left out."""
    return tuple(sorted({f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db}))


def _broken(path: Path, complaints: list[Any]) -> BrokenModel:
    listed = "\n  ".join(str(complaint) for complaint in complaints)
    where = f"{path.parent.name}/{path.name}"
    return BrokenModel(
        f"SQL 模型 {where} 不合规：\n  {listed}", f"model {where} breaks the rules:\n  {listed}"
    )

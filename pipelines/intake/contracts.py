"""What a table must look like: schemas/contracts/*.yml read through a strict model, and headers matched to it."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines import paths
from pipelines.errors import BrokenReference
from pipelines.units import fold

_BRACKETS = re.compile(r"[(\[【〔](?P<inside>[^)\]】〕]*)[)\]】〕]")

ColumnType = Literal[
    "text", "code", "uscc", "period", "date", "year", "decimal", "money", "unit", "boolean", "choice"
]

# Contract type → SQL type of the typed value; other types keep no separate text.
_SQL_TYPES: dict[str, str] = {
    "text": "varchar",
    "code": "varchar",
    "uscc": "varchar",
    "period": "date",
    "date": "date",
    "year": "integer",
    "decimal": "decimal(28,9)",
    "money": "decimal(38,2)",
    "unit": "varchar",
    "boolean": "boolean",
    "choice": "varchar",
}
PLAIN_TEXT = frozenset({"text"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """One text in both languages."""

    zh: str
    en: str


class ContractColumn(_Strict):
    """One column a sender fills: its names, what may stand in it, and what it means."""

    name: str
    header: str
    aliases: list[str] = []
    type: ColumnType
    required: bool = False
    meaning: Words = Field(alias="is")
    example: str = ""
    choices: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    pattern: str = ""
    pad: int = 0
    reference: str = ""
    units: str = ""
    unit: str = ""
    unit_column: str = ""
    measure: str = ""
    money_column: str = ""
    money_default: str = "元"

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Every header this column answers to, folded."""
        return frozenset({fold_header(text) for text in (self.name, self.header, *self.aliases)})


class Contract(_Strict):
    """One table: who sends it, what a row is, which key a newer submission replaces, its columns."""

    contract: str
    title: Words
    source: str
    table: str
    senders: list[str]
    grain: list[str]
    version_key: list[str]
    at_least_one: list[list[str]] = []
    columns: list[ContractColumn]

    @property
    def required(self) -> list[ContractColumn]:
        """Columns that must be there."""
        return [column for column in self.columns if column.required]

    def column(self, name: str) -> ContractColumn:
        """The column of that canonical name."""
        return next(column for column in self.columns if column.name == name)


@cache
def load_contracts(folder: Path = paths.CONTRACTS) -> dict[str, Contract]:
    """Every contract by name.

    Raises:
        BrokenReference: a file has an unknown key or lacks one.
    """
    found = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            contract = Contract.model_validate(_yaml(path.read_text(encoding="utf-8")))
        except (ValidationError, yaml.YAMLError) as error:
            raise BrokenReference(f"{path.name} 不合规：{error}", f"{path.name}: {error}") from error
        found[contract.contract] = contract
    return found


def _yaml(text: str) -> Any:
    """*text* read by the safe loader, the one in C where it was built: the child reads contracts at every start."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders


def raw_schema(contract: str) -> dict[str, str]:
    """Name → SQL type of ``raw.<contract>_line``: lineage, typed values, and each parsed value's text as read."""
    columns = {"receipt_id": "varchar", "line_no": "integer"}
    declared = load_contracts()[contract].columns
    columns |= {column.name: _SQL_TYPES[column.type] for column in declared}
    columns |= {f"{column.name}_text": "varchar" for column in declared if column.type not in PLAIN_TEXT}
    return columns


def raw_units(contract: str) -> dict[str, str | None]:
    """Column of ``raw.<contract>_line`` → what its number is stated in (grammar of units/measures); None for text."""
    units: dict[str, str | None] = dict.fromkeys(raw_schema(contract))
    units["line_no"] = "1"
    return units | {column.name: _measure(column) for column in load_contracts()[contract].columns}


def _measure(column: ContractColumn) -> str | None:
    if column.measure:
        return column.measure
    if column.unit_column:
        return f"[{column.unit_column}]"
    return {"money": "CNY", "year": "year", "decimal": "1"}.get(column.type)


def fold_header(text: str) -> str:
    """A header without its bracketed unit, blanks, case and width.

    >>> fold_header(" 消费量（万千瓦时）"), fold_header("Factory_ID")
    ('消费量', 'factory_id')
    """
    return _BRACKETS.sub("", fold(text)).lower().strip("*:：")


def bracketed(text: str) -> str:
    """What stands in a header's brackets, or nothing.

    >>> bracketed("购进金额（万元）"), bracketed("消费量")
    ('万元', '')
    """
    found = _BRACKETS.search(fold(text))
    return found["inside"] if found else ""

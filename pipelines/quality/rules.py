"""Row rules read from schemas/expectations/rules.yml: each declared once, strict, with text in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pipelines import paths
from pipelines.errors import BrokenReference


class Rule(BaseModel):
    """One row rule. ``breaks`` is SQL over the contract's candidate table, true when the row breaks it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^Q\d{3}$")
    contract: str
    severity: Literal["critical", "warning"]
    columns: list[str]
    breaks: str
    zh: str
    en: str
    mend_zh: str


def load_rules(folder: Path = paths.EXPECTATIONS) -> list[Rule]:
    """Every rule, in the order of the file.

    Raises:
        BrokenReference: an unknown key, a code used twice, or a text that is missing.
    """
    path = folder / "rules.yml"
    try:
        rules = TypeAdapter(list[Rule]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise BrokenReference(f"{path.name} 不合规：{error}", f"{path.name}: {error}") from error
    codes = [rule.code for rule in rules]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise BrokenReference(f"{path.name}：规则代码重复 {twice}", f"{path.name}: codes used twice {twice}")
    return rules


def rules_for(contract: str, folder: Path = paths.EXPECTATIONS) -> list[Rule]:
    """The rules of one contract."""
    return [rule for rule in load_rules(folder) if rule.contract == contract]

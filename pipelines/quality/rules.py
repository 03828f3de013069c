"""Row rules read from schemas/expectations/rules/: each declared once, strict, with text in both languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines import paths
from pipelines.errors import BrokenReference

# The same safe loader in C where the package brings it: every contract's rules are read on every run.
_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """One text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Rule(_Strict):
    """One row rule (规则). ``breaks`` is SQL over the contract's candidate table, true when the row breaks it.

    ``critical`` holds the row (暂挂); ``warning`` lets it pass flagged (提示). The rule speaks of months from
    ``valid_from`` until before ``valid_to``; without dates it always holds. ``source`` says who asks for it.
    ``expected`` finishes the sentence “应为……”: what a line that keeps the rule would have.
    Where ``may_release`` is false a release has no effect: such a row cannot be computed with.
    ``shows`` names text columns of the candidate table that say more than the cells read, such as the sum that fails.
    """

    code: str = Field(pattern=r"^Q\d{3}$")
    contract: str = ""
    severity: Literal["critical", "warning"]
    columns: tuple[str, ...] = Field(min_length=1)
    shows: tuple[str, ...] = ()
    breaks: str = Field(min_length=1)
    title: Words
    expected: Words
    why: Words
    mend: Words
    source: str = Field(min_length=1)
    valid_from: date | None = None
    valid_to: date | None = None
    may_release: bool = True

    def condition(self, month: str) -> str:
        """SQL, true when the row breaks the rule and its *month* lies in the rule's dates; perhaps unknown.

        >>> words = Words(zh="一", en="one")
        >>> Rule(code="Q101", severity="critical", columns=("a",), breaks="a < 0", title=words,
        ...      expected=words, why=words, mend=words, source="s", valid_from=date(2022, 1, 1)).condition("m")
        "((a < 0) and m >= date '2022-01-01')"
        """
        terms = [f"({self.breaks})"]
        if self.valid_from:
            terms.append(f"{month} >= date '{self.valid_from.isoformat()}'")
        if self.valid_to:
            terms.append(f"{month} < date '{self.valid_to.isoformat()}'")
        return f"({' and '.join(terms)})"

    def predicate(self, month: str) -> str:
        """The condition with an unknown counted as no break: true or false, never empty."""
        return f"coalesce({self.condition(month)}, false)"


class _RuleFile(_Strict):
    contract: str
    rules: list[Rule]


def load_rules(folder: Path = paths.EXPECTATIONS) -> list[Rule]:
    """Every rule, by code.

    Raises:
        BrokenReference: an unknown key, a code used twice, or a text that is missing. All are told at once.
    """
    rules: list[Rule] = []
    complaints: list[str] = []
    for path in sorted((folder / "rules").glob("*.yml")):
        try:
            rules += _rules_in(path)
        except BrokenReference as error:
            complaints.append(error.en)
    codes = [rule.code for rule in rules]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    complaints += [f"规则代码重复 code used twice: {code}" for code in twice]
    if complaints:
        raise _broken("\n".join(complaints))
    return sorted(rules, key=lambda rule: rule.code)


def rules_for(contract: str, folder: Path = paths.EXPECTATIONS) -> list[Rule]:
    """The rules of one contract, by code.

    Raises:
        BrokenReference: the contract has no file of rules, or it is broken.
    """
    return sorted(_rules_in(folder / "rules" / f"{contract}.yml"), key=lambda rule: rule.code)


def _rules_in(path: Path) -> list[Rule]:
    try:
        read = _RuleFile.model_validate(yaml.load(path.read_text(encoding="utf-8"), _SAFE))  # noqa: S506 - it is safe
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise _broken(f"{path.name}: {error}") from error
    if read.contract != path.stem:
        raise _broken(f"{path.name}: contract {read.contract}")
    return [rule.model_copy(update={"contract": read.contract}) for rule in read.rules]


def _broken(told: str) -> BrokenReference:
    return BrokenReference(f"expectations/rules 不合规：{told}", told)

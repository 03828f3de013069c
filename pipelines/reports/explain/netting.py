"""净购入与绿电抵减 | What a basis counts of bought energy: exports netted, green power at zero where it is proven.

净购入 = 购进量 − 外供量 where ``purpose_rules.csv`` says so; else the consumption. Green power counts zero only by a
rule of ``green_power_rules.csv`` for the basis and the month, and only with the evidence the rule asks for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from pipelines.reports.explain import gates, reading
from pipelines.reports.explain.chains import LEDGER_PLACES, plain, pretty
from pipelines.reports.explain.evidence import Column, Row
from pipelines.reports.explain.printed import PrintedRow
from pipelines.reports.explain.shapes import Gate, Step
from pipelines.reports.explain.uses import HALF_UP, Book, UsePart
from pipelines.units import decimals

_MART_PLACES = 6
_PAPERS = ("contract_no", "settlement_no", "certificate_ids")


class Net(NamedTuple):
    """What was bought for own use or resale, and what of it was passed on; ``exported`` is empty where none counts."""

    used: Decimal
    gross: Decimal
    exported: Decimal | None
    told: str


@dataclass
class Credit:
    """Green power that counts zero under the basis; ``declared`` is all there is."""

    quantity: Decimal = Decimal(0)
    declared: list[Declared] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)


def nets_exports(book: Book) -> bool:
    """Whether the printed rule of the basis sets exported energy against what was bought."""
    return any(
        row["handling"] == "net" and row.covers(book.day) and gates.usable(book.evidence, row).holds
        for row in book.evidence.printed.rows("purpose_rules")
        if (row["purpose"], row["item"]) == (book.purpose, "exported_energy")
    )


def of(parts: Sequence[UsePart], *, nets: bool) -> Net:
    """Net purchase of some parts of one kind, all in its canonical unit.

    Consumption has no exports in it. Where something was exported and the basis nets, the amount bought counts;
    where 购进量 is not on every line, consumption and exports are both taken as bought.
    """
    uses = [part.used for part in parts if part.used is not None]
    used, told = decimals.total(uses), " + ".join(map(plain, uses))
    supplied = decimals.total([part.supplied for part in parts if part.supplied is not None])
    if not nets or supplied == 0:
        return Net(used, used, None, told)
    exported = supplied if supplied > 0 else None
    bought = [part.purchased for part in parts if part.purchased is not None]
    if len(bought) == len(parts):
        return Net(used, decimals.total(bought), exported, f"{' + '.join(map(plain, bought))}（购进量）")
    gross = decimals.total([used, supplied])
    return Net(used, gross, exported, f"{told} + {plain(supplied)}（购进量未逐行填，按消费量加外供量）")


@dataclass
class Declared:
    """Green power of one kind, declared with the same papers: its amount, and whether a rule counts it."""

    kind: str
    papers: str
    quantity: Decimal
    rule: PrintedRow | None
    is_wanted: bool
    is_proven: bool
    lines: list[Row]
    stored: Row

    @property
    def is_counted(self) -> bool:
        """The rule wants the kind, and the papers it asks for are there."""
        return self.is_wanted and self.is_proven

    def told(self) -> str:
        """The rule, what it asks for, and what there is."""
        return f"{_spelled(self.rule)}；{f'有{self.papers}' if self.papers else '无凭证'}"


Judge = Callable[[str], tuple[PrintedRow | None, bool]]
"""The rule for a kind of green power, and whether it wants the kind."""


def declared(book: Book, factory: str, unit: str, judge: Judge) -> tuple[list[Declared], list[Step]]:
    """Green power of a factory, group by group as the ledger keeps it; and stored rows no line stands behind."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for line in book.green.get((factory,), []):
        groups[(line["kind"], *_proofs(line), line["receipt_id"])].append(line)
    stored = {_group(row): row for row in book.credits.get((factory,), [])}
    found = [_declared(book, lines, unit, judge, stored.pop(key, {})) for key, lines in groups.items()]
    told, place = "没有准入的来源行", "core.green_credit.quantity_mwh"
    left = [Step("绿电来源行", told, None, "", "", place, row["quantity_mwh"]) for row in stored.values()]
    return found, left


def declared_steps(found: Declared, unit: str, counted: str) -> list[Step]:
    """Its amount, and whether it counts, beside the ledger's."""
    place = "core.green_credit"
    told = " + ".join(f"“{line['quantity_text']}” {line['unit_text']}" for line in found.lines)
    return [
        Step(
            f"绿电 {found.kind}",
            told,
            found.quantity,
            pretty(unit),
            HALF_UP,
            f"{place}.quantity_mwh",
            found.stored.get("quantity_mwh"),
        ),
        Step(
            f"绿电 {found.kind} {counted}",
            found.told(),
            found.is_counted,
            "",
            "",
            f"{place}.is_credited",
            found.stored.get("is_credited"),
        ),
    ]


def published_steps(book: Book, factory: str, scheme: str, found: Declared) -> list[Step]:
    """Its row in the table of green power by scheme."""
    line = found.lines[0]
    where = {
        "scheme": scheme,
        "factory_id": factory,
        "month": book.day,
        "kind": found.kind,
        **dict(zip(("has_contract", "has_settlement", "has_certificate"), _proofs(line), strict=True)),
        "receipt_id": line["receipt_id"],
    }
    told = f"{scheme} 绿电 {found.kind}"
    amount = decimals.rounded(found.quantity, _MART_PLACES, ROUND_HALF_UP)
    columns = [
        Column("quantity_mwh", f"{told}（月表）", "各行之和", amount, "MWh"),
        Column("is_credited", f"{told}计入（月表）", found.told(), found.is_counted),
    ]
    return book.evidence.columns("mart.green_credit", where, columns)


def zero_rated(book: Book, factory: str, unit: str) -> Credit:
    """Green power that counts zero by a printed rule of the basis."""
    found, left = declared(book, factory, unit, lambda kind: _rule(book, kind))
    credit = Credit(declared=found)
    for item in found:
        credit.steps += declared_steps(item, unit, "按零计")
        if item.is_counted and item.rule is not None:
            credit.quantity = decimals.total([credit.quantity, item.quantity])
            credit.gates.append(gates.usable(book.evidence, item.rule))
    credit.steps += left
    credit.gates = list(dict.fromkeys(credit.gates))
    return credit


def _declared(book: Book, lines: list[Row], unit: str, judge: Judge, stored: Row) -> Declared:
    kind, proofs = lines[0]["kind"], _proofs(lines[0])
    exact = decimals.total([_amount(book, line, unit) for line in lines])
    rule, is_wanted = judge(kind)
    papers = "、".join(
        name for name, has in zip(("合同号", "结算单号", "绿证编号"), proofs, strict=True) if has
    )
    return Declared(
        kind,
        papers,
        decimals.rounded(exact, LEDGER_PLACES, ROUND_HALF_UP),
        rule,
        is_wanted,
        rule is not None and _is_proven(rule.get("evidence"), proofs),
        lines,
        stored,
    )


def _rule(book: Book, kind: str) -> tuple[PrintedRow | None, bool]:
    """The rule of the basis for a kind of green power in the month, and whether it counts the kind zero."""
    for row in book.evidence.printed.rows("green_power_rules"):
        is_its = (row["purpose"], row["kind"]) == (book.purpose, kind) and row.covers(book.day)
        if is_its and gates.usable(book.evidence, row).holds:
            return row, row["treatment"] == "zero"
    return None, False


def _is_proven(evidence: str, proofs: tuple[bool, ...]) -> bool:
    """Whether the papers are what the rule asks for; rulebooks before evidence was asked for leave it blank."""
    has_contract, has_settlement, has_certificate = proofs
    is_settled = has_contract and has_settlement
    return {
        "": True,
        "none": True,
        "any": any(proofs),
        "certificate": has_certificate,
        "settlement": is_settled,
        "certificate_or_settlement": has_certificate or is_settled,
    }[evidence]


def _spelled(rule: PrintedRow | None) -> str:
    if rule is None:
        return "没有规定"
    asked = rule.get("evidence")
    treated = rule.get("treatment") or ("计入" if rule.get("is_counted") == "true" else "不计入")
    return f"{rule.row_id}：{treated}，凭证要求 {asked or '无'}"


def _amount(book: Book, line: Row, unit: str) -> Decimal:
    stated = book.evidence.printed.unit_of(line["unit_text"]) or ""
    return book.quantity(reading.number(line["quantity_text"]) or Decimal(0), stated).to(unit).value


def _proofs(line: Row) -> tuple[bool, ...]:
    return tuple(line[name] is not None for name in _PAPERS)


def _group(row: Row) -> tuple[object, ...]:
    has = (row["has_contract"], row["has_settlement"], row["has_certificate"])
    return (row["kind"], *has, row["receipt_id"])

"""净购入与绿电抵减 | What a basis counts of bought energy: exports netted, green power at zero where it is proven.

净购入 = 购进量 − 外供量 where ``purpose_rules.csv`` says so; else the consumption. Green power counts zero only by a
rule of ``green_power_rules.csv`` for the basis and the month, and only with the evidence the rule asks for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from pipelines.reports.explain import gates, reading
from pipelines.reports.explain.chains import LEDGER_PLACES, plain, pretty
from pipelines.reports.explain.evidence import Row
from pipelines.reports.explain.printed import PrintedRow
from pipelines.reports.explain.shapes import Gate, Step
from pipelines.reports.explain.uses import HALF_UP, Book, UsePart
from pipelines.units import decimals

_PAPERS = ("contract_no", "settlement_no", "certificate_ids")


class Net(NamedTuple):
    """What was bought for own use or resale, and what of it was passed on; ``exported`` is empty where none counts."""

    used: Decimal
    gross: Decimal
    exported: Decimal | None
    told: str


@dataclass
class Credit:
    """Green power that counts zero under the basis."""

    quantity: Decimal = Decimal(0)
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


def zero_rated(book: Book, factory: str, unit: str) -> Credit:
    """Green power that counts zero by a printed rule, group by group as the ledger keeps it."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for line in book.green.get((factory,), []):
        groups[(line["kind"], *_proofs(line), line["receipt_id"])].append(line)
    stored = {_group(row): row for row in book.credits.get((factory,), [])}
    credit = Credit()
    for key, lines in groups.items():
        _judge(book, credit, lines, unit, stored.pop(key, {}))
    for row in stored.values():
        told, place = "没有准入的来源行", "core.green_credit.quantity_mwh"
        credit.steps.append(Step("绿电来源行", told, None, "", "", place, row["quantity_mwh"]))
    credit.gates = list(dict.fromkeys(credit.gates))
    return credit


def _judge(book: Book, credit: Credit, lines: list[Row], unit: str, stored: Row) -> None:
    """One group of lines of one kind with the same papers: its amount, and whether the rule credits it."""
    kind, proofs = lines[0]["kind"], _proofs(lines[0])
    amounts = [_amount(book, line, unit) for line in lines]
    quantity = decimals.rounded(decimals.total(amounts), LEDGER_PLACES, ROUND_HALF_UP)
    rule = _rule(book, kind)
    is_credited = (
        rule is not None and rule["treatment"] == "zero" and _is_proven(rule.get("evidence"), proofs)
    )
    told = " + ".join(map(plain, amounts))
    place = "core.green_credit"
    credit.steps.append(
        Step(
            f"绿电 {kind}",
            told,
            quantity,
            pretty(unit),
            HALF_UP,
            f"{place}.quantity_mwh",
            stored.get("quantity_mwh"),
        )
    )
    credit.steps.append(
        Step(
            f"绿电 {kind} 按零计",
            _told(rule, proofs),
            is_credited,
            "",
            "",
            f"{place}.is_credited",
            stored.get("is_credited"),
        )
    )
    if is_credited and rule is not None:
        credit.quantity = decimals.total([credit.quantity, quantity])
        credit.gates.append(gates.usable(book.evidence, rule))


def _rule(book: Book, kind: str) -> PrintedRow | None:
    """The rule of the basis for a kind of green power in the month, known by the knowledge date."""
    for row in book.evidence.printed.rows("green_power_rules"):
        is_its = (row["purpose"], row["kind"]) == (book.purpose, kind) and row.covers(book.day)
        if is_its and gates.usable(book.evidence, row).holds:
            return row
    return None


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


def _told(rule: PrintedRow | None, proofs: tuple[bool, ...]) -> str:
    papers = "、".join(
        name for name, has in zip(("合同号", "结算单号", "绿证编号"), proofs, strict=True) if has
    )
    asked = (
        f"{rule.row_id}：{rule['treatment']}，凭证要求 {rule.get('evidence') or '无'}" if rule else "没有规定"
    )
    return f"{asked}；有 {papers or '无凭证'}"


def _amount(book: Book, line: Row, unit: str) -> Decimal:
    stated = book.evidence.printed.unit_of(line["unit_text"]) or ""
    return book.quantity(reading.number(line["quantity_text"]) or Decimal(0), stated).to(unit).value


def _proofs(line: Row) -> tuple[bool, ...]:
    return tuple(line[name] is not None for name in _PAPERS)


def _group(row: Row) -> tuple[object, ...]:
    has = (row["has_contract"], row["has_settlement"], row["has_certificate"])
    return (row["kind"], *has, row["receipt_id"])

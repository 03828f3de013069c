"""能源消费量复算 | One energy use recomputed: lines as received → canonical unit → heat and standard coal.

The order of the ledger is followed step by step, and its roundings exactly there: the lines of one unit and
receipt are added as stated, then converted once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from pipelines.periods import Month
from pipelines.reports.explain import gates, reading
from pipelines.reports.explain.chains import EVEN, LEDGER_PLACES, Chain, Chains, Term, plain, pretty
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.flows import Flows
from pipelines.reports.explain.measured import Measured, ncv_step
from pipelines.reports.explain.shapes import Gate, Step
from pipelines.units import HEAT_IN_TONNES, Quantity, decimals

HALF_UP = "乘积取 12 位小数，四舍五入"
MEASURED = "measured"
_SHOWN_TERMS = 6
_BESIDE = {
    "feedstock": "其中用于原材料",
    "transport": "其中运输工具消费",
    "purchased": "购进量",
    "supplied": "外供量",
}


@dataclass
class UsePart:
    """One row of core.energy_use recomputed: the lines of one unit, receipt, coefficient and measured state."""

    unit: str
    receipt_id: str
    first_line_no: int
    lines: list[Row]
    canonical: str
    amount: Decimal | None
    used: Decimal | None = None
    feedstock: Decimal | None = None
    purchased: Decimal | None = None
    supplied: Decimal | None = None
    transport: Decimal | None = None
    measured: Measured = field(default_factory=Measured)
    adopted: Decimal | None = None
    energy_gj: Decimal | None = None
    coal_tce: Decimal | None = None
    coal_generation_tce: Decimal | None = None
    steps: list[Step] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)


class Book:
    """One month, of one factory or of all: lines as received beside the rows stored for them."""

    def __init__(self, evidence: Evidence, month: Month, purpose: str, factory: str = "") -> None:
        self.evidence = evidence
        self.month = month
        self.purpose = purpose
        self.chains = Chains(evidence.printed)
        self.flows = Flows(evidence, month)
        self.lines = _by(
            evidence.admitted("energy", month.first, month.first, factory), "factory_id", "energy_code"
        )
        self.green = _by(evidence.admitted("green_power", month.first, month.first, factory), "factory_id")
        only, parameters = (" and factory_id = ?", [factory]) if factory else ("", [])
        uses = evidence.rows(f"select * from core.energy_use where month = ?{only}", month.first, *parameters)
        self.uses = _by(uses, "factory_id", "energy_code")
        self._rows = {(row["receipt_id"], row["first_line_no"]): row for row in uses}
        credits = f"select * from core.green_credit where month = ? and scheme = ?{only}"
        self.credits = _by(evidence.rows(credits, month.first, purpose, *parameters), "factory_id")
        sql = f"select * from core.emission where month = ? and purpose = ?{only}"
        self.emissions = _by(
            evidence.rows(sql, month.first, purpose, *parameters), "factory_id", "energy_code"
        )
        conversions = evidence.rows("select * from ref.unit_conversion")
        self.conversions = {(row["energy_code"], row["unit"]): row for row in conversions}
        states = evidence.rows("select * from stg.energy_conversion where is_by_state")
        self.states = {
            (row["energy_code"], row["unit"], row["steam_enthalpy"], row["water_temperature"]): row
            for row in states
        }
        sql = "select * from ref.standard_coal where valid_from <= ? and ? < valid_to"
        coefficients = evidence.rows(sql, month.first, month.first)
        self.coefficients = {
            (row["energy_code"], row["basis"], row["factor_id"]): row for row in coefficients
        }
        self._parts: dict[tuple[str, str], list[UsePart]] = {}

    @property
    def day(self) -> date:
        """The first day of the month, by which factors are chosen."""
        return self.month.first

    def factories(self) -> list[str]:
        """Everybody with a line or a stored row in the month."""
        return sorted({key[0] for key in (*self.lines, *self.uses, *self.emissions)})

    def codes(self, factory: str) -> list[str]:
        """The energy kinds of one factory, of-which rows and totals included."""
        keys = (*self.lines, *self.uses, *self.emissions)
        return sorted({key[1] for key in keys if key[0] == factory})

    def quantity(self, value: Decimal, unit: str) -> Quantity:
        """A number with its unit."""
        return self.evidence.printed.quantity(value, unit)

    def is_counted(self, code: str) -> bool:
        """Whether sums include the kind: not an of-which row, not the total."""
        kind = self.evidence.printed.kind(code)
        return kind["is_of_which"] != "true" and kind["is_total"] != "true"

    def use_row(self, part: UsePart) -> Row:
        """The stored energy use a part was recomputed beside; empty when there is none."""
        return self._rows.get((part.receipt_id, part.first_line_no), {})

    def parts(self, factory: str, code: str) -> list[UsePart]:
        """The recomputed rows of one energy use, each made once."""
        key = (factory, code)
        if key not in self._parts:
            self._parts[key] = _parts(self, factory, code)
        return self._parts[key]


class _Key(NamedTuple):
    """What the ledger groups lines by before it converts them."""

    receipt_id: str
    unit: str
    adopted: Decimal | None
    measured: Measured
    enthalpy: Decimal | None
    temperature: Decimal | None


def _parts(book: Book, factory: str, code: str) -> list[UsePart]:
    groups: dict[_Key, list[Row]] = defaultdict(list)
    for row in book.lines.get((factory, code), []):
        groups[_key(book, row)].append(row)
    stored = {(row["receipt_id"], row["first_line_no"]): row for row in book.uses.get((factory, code), [])}
    made = []
    for key, lines in sorted(groups.items(), key=lambda item: (item[0].receipt_id, item[1][0]["line_no"])):
        first = min(row["line_no"] for row in lines)
        made.append(_part(book, code, key, lines, stored.pop((key.receipt_id, first), {})))
    # A stored row that no line stands behind is the gravest difference of all.
    return made + [_unfounded(row) for row in stored.values()]


def _key(book: Book, row: Row) -> _Key:
    return _Key(
        row["receipt_id"],
        book.evidence.printed.unit_of(row["unit_text"]) or str(row["unit_text"]),
        reading.number(row["adopted_coefficient_text"]),
        Measured.of(book.evidence.printed, row),
        reading.number(row.get("steam_enthalpy_text")),
        reading.number(row.get("water_temperature_text")),
    )


def _part(book: Book, code: str, key: _Key, lines: list[Row], stored: Row) -> UsePart:
    canonical = book.evidence.printed.kind(code)["canonical_unit"]
    amount, step = _sum_of(book, lines, "consumed", "消费量", key.unit)
    first = min(row["line_no"] for row in lines)
    part = UsePart(key.unit, key.receipt_id, first, lines, canonical, amount, measured=key.measured)
    part.adopted = key.adopted
    part.steps += book.flows.steps(lines, pretty(key.unit))
    part.gates += book.flows.gates(lines)
    part.steps.append(step)
    _convert(book, code, part, key, stored)
    _heat(book, part, stored)
    _coal(book, code, part, stored, key.adopted)
    return part


def _sum_of(
    book: Book, lines: Sequence[Row], column: str, label: str, unit: str
) -> tuple[Decimal | None, Step]:
    found = [book.flows.stated(row, column) for row in lines]
    known = [stated for stated in found if stated.value is not None]
    amount = decimals.total([stated.value for stated in known if stated.value is not None]) if known else None
    told = " + ".join(stated.told for stated in known[:_SHOWN_TERMS])
    if len(known) > _SHOWN_TERMS:
        told += f" + …（共 {len(known)} 行）"
    return amount, Step(f"{label}（原文）", told, amount, pretty(unit))


def _convert(book: Book, code: str, part: UsePart, key: _Key, stored: Row) -> None:
    """Stated unit → canonical unit; heat in tonnes by the enthalpy or the temperature the lines state."""
    if (code, part.unit) == HEAT_IN_TONNES:
        chain = book.chains.heat_in_tonnes(part.canonical, part.unit, key.enthalpy, key.temperature)
        kept = book.states.get((code, part.unit, key.enthalpy, key.temperature), {})
        place, rounding = "stg.energy_conversion.multiplier", HALF_UP
    else:
        kept = book.conversions.get((code, part.unit), {})
        chain = book.chains.conversion(part.unit, part.canonical, kept.get("factor_id"))
        place, rounding = "ref.unit_conversion.multiplier", EVEN
    part.chains.append(chain)
    part.gates += gates.of_row(book.evidence, chain, book.day)
    multiplier = kept.get("multiplier")
    unit = pretty(chain.unit)
    part.steps.append(Step("换算乘数", chain.expression, chain.value, unit, rounding, place, multiplier))
    part.used = _times(book, part.amount, part.unit, chain, part.canonical)
    part.steps.append(
        _product("消费量（规范单位）", part.amount, part.unit, chain, part.used, "used", stored)
    )
    for column, label in _BESIDE.items():
        _beside(book, part, chain, column, label, stored)


def _beside(book: Book, part: UsePart, chain: Chain, column: str, label: str, stored: Row) -> None:
    """A quantity reported beside the consumption. 购进量 is one only where every line reports it."""
    found = [book.flows.stated(row, column).value for row in part.lines]
    if all(value is None for value in found) or (column == "purchased" and None in found):
        return
    amount, step = _sum_of(book, part.lines, column, label, part.unit)
    value = _times(book, amount, part.unit, chain, part.canonical)
    setattr(part, column, value)
    name = f"{label.removeprefix('其中')}（规范单位）"
    part.steps += [step, _product(name, amount, part.unit, chain, value, column, stored)]


def _heat(book: Book, part: UsePart, stored: Row) -> None:
    """Heat content by the lower heating value."""
    factor_id = stored.get("heat_value_id")
    if part.measured.ncv is not None:
        _measured_heat(book, part, stored)
        return
    if factor_id is None or factor_id == MEASURED:
        part.steps.append(_unknown("折热量", "没有热值，未知", "energy_gj", "GJ", stored))
        return
    chain = book.chains.heat_value(factor_id, part.canonical)
    part.chains.append(chain)
    part.gates += gates.of_row(book.evidence, chain, book.day)
    part.energy_gj = _times(book, part.used, part.canonical, chain, "GJ")
    part.steps.append(
        _product("折热量", part.used, part.canonical, chain, part.energy_gj, "energy_gj", stored)
    )


def _measured_heat(book: Book, part: UsePart, stored: Row) -> None:
    """The factory's own heat value, proven by its document, in place of the default."""
    part.steps.append(ncv_step(book.evidence.printed, part.measured, part.canonical, stored))
    value = part.measured.ncv_gj(book.evidence.printed, part.canonical)
    chain = Chain(
        MEASURED, f"GJ/{part.canonical}", value, (Term(plain(value), f"GJ/{part.canonical}", "实测"),)
    )
    part.energy_gj = _times(book, part.used, part.canonical, chain, "GJ")
    part.steps.append(
        _product("折热量", part.used, part.canonical, chain, part.energy_gj, "energy_gj", stored)
    )
    told = "实测值有凭证号，代替缺省热值"
    kept = stored.get("heat_value_id")
    part.steps.append(Step("折热量所用热值", told, MEASURED, "", "", "core.energy_use.heat_value_id", kept))


InUnit = tuple[Decimal | None, str]
"""An amount, or nothing when unknown, and its unit."""


def _coal(book: Book, code: str, part: UsePart, stored: Row, adopted: Decimal | None) -> None:
    """Standard coal, 当量 by calorific value and 等价 by generation; the factory's own coefficient wins, but for power in 等价."""
    if adopted is None:
        part.coal_tce = _coal_by(book, code, part, stored, "calorific", "综合能耗（当量）")
        part.coal_generation_tce = _coal_by(book, code, part, stored, "generation", "综合能耗（等价）")
        return
    kind = book.evidence.printed.kind(code)
    in_form = _in_form_unit(book, part, kind["form_unit"])
    part.coal_tce = _adopted_coal(book, part, stored, in_form, adopted, "coal_tce")
    if kind["carrier"] == "electricity":
        part.coal_generation_tce = _coal_by(book, code, part, stored, "generation", "综合能耗（等价）")
    else:
        part.coal_generation_tce = _adopted_coal(book, part, stored, in_form, adopted, "coal_generation_tce")


def _coal_by(book: Book, code: str, part: UsePart, stored: Row, basis: str, label: str) -> Decimal | None:
    column = "coal_tce" if basis == "calorific" else "coal_generation_tce"
    factor_id = stored.get("coal_factor_id" if basis == "calorific" else "generation_factor_id")
    is_power = book.evidence.printed.kind(code)["carrier"] == "electricity"
    if basis == "generation" and is_power:
        part.gates.append(gates.of_equivalent(book.evidence, code, factor_id, book.day))
    if factor_id is None:
        part.steps.append(_unknown(label, "没有折标系数，未知", column, "tce", stored))
        return None
    chain = book.chains.coal(factor_id, part.canonical)
    part.chains.append(chain)
    is_provisional = bool(book.coefficients.get((code, basis, factor_id), {}).get("is_provisional"))
    part.gates += gates.of_row(book.evidence, chain, book.day, is_provisional=is_provisional)
    tce = _times(book, part.used, part.canonical, chain, "tce")
    part.steps.append(_product(label, part.used, part.canonical, chain, tce, column, stored))
    return tce


def _in_form_unit(book: Book, part: UsePart, form_unit: str) -> InUnit:
    chain = book.chains.form_units(part.canonical, form_unit)
    in_form = _times(book, part.used, part.canonical, chain, form_unit)
    told = f"{_told(part.used, part.canonical)} × {chain.expression}"
    part.steps.append(Step("按表中计量单位", told, in_form, pretty(form_unit), HALF_UP))
    return in_form, form_unit


def _adopted_coal(
    book: Book, part: UsePart, stored: Row, in_form: InUnit, adopted: Decimal, column: str
) -> Decimal | None:
    amount, form_unit = in_form
    value: Decimal | None = None
    if amount is not None:
        tce = (book.quantity(amount, form_unit) * book.quantity(adopted, f"tce/{form_unit}")).to("tce").value
        value = decimals.rounded(tce, LEDGER_PLACES, ROUND_HALF_UP)
    label = "综合能耗（当量）" if column == "coal_tce" else "综合能耗（等价）"
    told = f"{_told(amount, form_unit)} × {plain(adopted)} tce/{pretty(form_unit)}（企业采用折标系数）"
    part.steps.append(
        Step(label, told, value, "tce", HALF_UP, f"core.energy_use.{column}", stored.get(column))
    )
    return value


def feedstock_coal(book: Book, code: str, part: UsePart) -> tuple[Decimal | None, Step]:
    """原材料折标准煤 | Standard coal (当量) of what was used as raw material, by the coefficient of the use."""
    stored = book.use_row(part)
    unit, told = part.canonical, "未报用于原材料"
    value: Decimal | None = None
    factor_id = stored.get("coal_factor_id")
    if part.feedstock is not None and part.adopted is not None:
        form_unit = book.evidence.printed.kind(code)["form_unit"]
        in_form = _times(book, part.feedstock, unit, book.chains.form_units(unit, form_unit), form_unit)
        own = Chain("", f"tce/{form_unit}", part.adopted, ())
        value = _times(book, in_form, form_unit, own, "tce")
        told = f"{_told(in_form, form_unit)} × {_told(part.adopted, own.unit)}（企业采用折标系数）"
    elif part.feedstock is not None and factor_id is not None:
        chain = book.chains.coal(str(factor_id), unit)
        value = _times(book, part.feedstock, unit, chain, "tce")
        told = f"{_told(part.feedstock, unit)} × {_told(chain.value, chain.unit)}"
    place = "core.energy_use.feedstock_tce"
    return value, Step("原材料折标准煤", told, value, "tce", HALF_UP, place, stored.get("feedstock_tce"))


def _times(book: Book, amount: Decimal | None, unit: str, chain: Chain, wanted: str) -> Decimal | None:
    if amount is None:
        return None
    exact = (book.quantity(amount, unit) * book.quantity(chain.value, chain.unit)).to(wanted).value
    return decimals.rounded(exact, LEDGER_PLACES, ROUND_HALF_UP)


def _product(
    label: str,
    amount: Decimal | None,
    unit: str,
    chain: Chain,
    value: Decimal | None,
    column: str,
    stored: Row,
) -> Step:
    told = f"{_told(amount, unit)} × {_told(chain.value, chain.unit)}"
    wanted = {"energy_gj": "GJ", "coal_tce": "tce", "coal_generation_tce": "tce"}.get(
        column, chain.unit.split("/")[0]
    )
    return Step(label, told, value, pretty(wanted), HALF_UP, f"core.energy_use.{column}", stored.get(column))


def _unknown(label: str, why: str, column: str, unit: str, stored: Row) -> Step:
    return Step(label, why, None, unit, "", f"core.energy_use.{column}", stored.get(column))


def _told(amount: Decimal | None, unit: str) -> str:
    return f"{'未知' if amount is None else plain(amount)} {pretty(unit)}"


def _unfounded(row: Row) -> UsePart:
    part = UsePart(row["unit"], row["receipt_id"], row["first_line_no"], [], row["canonical_unit"], None)
    part.steps = [Step("来源行", "没有准入的来源行", None, "", "", "core.energy_use.used", row["used"])]
    return part


def _by(rows: Sequence[Row], *names: str) -> dict[tuple[str, ...], list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names)].append(row)
    return dict(groups)

"""过程与逸散复算 | Process and fugitive emissions recomputed: line as received × figures as printed × GWP as printed.

The route (``activity_routes.csv``) is found here anew by activity, gas, process type, abatement and date; its figures
are multiplied with their units, and every one of them may be used or the emission is unknown. Nothing of
``ref.process_factor`` or ``ref.gas_gwp`` is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from pipelines.periods import Month
from pipelines.reports.explain import gates, reading
from pipelines.reports.explain.chains import EVEN, LEDGER_PLACES, Chain, Term, plain, pretty
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.printed import Printed, PrintedRow
from pipelines.reports.explain.shapes import Gate, Step
from pipelines.units import Quantity, decimals

HALF_UP = "乘积取 12 位小数，四舍五入"
_WIDTHS = ("measured", "national", "international")
_Key = tuple[str, int, str]


@dataclass
class Release:
    """One gas of one line recomputed; ``co2e_t`` is empty where a figure or the GWP may not be used."""

    line: Row
    gas: str
    emitted_t: Decimal | None = None
    co2e_t: Decimal | None = None
    is_counted: bool = True
    """Whether an inventory counts the gas."""
    is_biogenic: bool = False
    factor_id: str = ""
    level: str = ""
    """Where the widest figure of the route came from; blank without a coefficient."""
    steps: list[Step] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Every step and every condition."""
        return all(step.agrees for step in self.steps) and all(gate.holds for gate in self.gates)


class Releases:
    """One month under one accounting basis, of one factory or of all: lines as received beside what is stored."""

    def __init__(self, evidence: Evidence, month: Month, purpose: str, factory: str = "") -> None:
        self.evidence = evidence
        self.day = month.first
        self.purpose = next(row for row in evidence.printed.rows("purposes") if row["purpose"] == purpose)
        only, more = (" and factory_id = ?", [factory]) if factory else ("", [])
        sql = f"select * from core.process_emission where month = ?{only}"
        self._masses = _keyed(evidence.rows(sql, self.day, *more))
        sql = f"select * from core.process_co2e where month = ? and purpose = ?{only}"
        self._counted = _keyed(evidence.rows(sql, self.day, purpose, *more))
        conversions = evidence.rows("select * from ref.activity_unit")
        self._conversions = {(row["activity_code"], row["unit"]): row["multiplier"] for row in conversions}
        self._figures = figures_named(evidence.printed)
        lines = evidence.admitted("activity", self.day, self.day, factory)
        self.made = [made for line in lines for made in self._of_line(line)]
        # A stored row that no line stands behind is the gravest difference of all.
        self.made += [self._unfounded(row) for row in (*self._masses.values(), *self._counted.values())]

    def of(self, factory: str, activity: str = "") -> list[Release]:
        """A factory's, of one activity or of all."""
        return [
            made
            for made in self.made
            if made.line["factory_id"] == factory and activity in ("", made.line["activity_code"])
        ]

    def _of_line(self, line: Row) -> list[Release]:
        activity = self._row("activities", "activity_code", line["activity_code"])
        routes = self._routes(line, activity)
        if not routes:
            told = "没有对应的算法（activity_routes.csv）：未知，不是零"
            return [Release(line, "", steps=[Step("算法", told, None)])]
        return [self._of_route(line, activity, route) for route in routes]

    def _routes(self, line: Row, activity: PrintedRow) -> list[PrintedRow]:
        """The routes of a line: same activity, gas or group of gases, process type, in force in the month."""
        gas = _input(line, activity)
        groups = self._groups(gas)
        return [
            route
            for route in self.evidence.printed.rows("activity_routes")
            if route["activity_code"] == line["activity_code"]
            and (route["input_gas"] == gas or route["input_gas"].removeprefix("@") in groups)
            and route["process_type"] == (line["process_type"] or "")
            and route.covers(self.day)
        ]

    def _groups(self, gas: str) -> list[str]:
        found = [row for row in self.evidence.printed.rows("gases") if row["gas"] == gas]
        return [group for row in found for group in row["groups"].split(";") if group]

    def _of_route(self, line: Row, activity: PrintedRow, route: PrintedRow) -> Release:
        gas = _input(line, activity) if route["gas"] == "=" else route["gas"]
        made = Release(line, gas, is_biogenic=activity["is_biogenic"] == "true")
        key = (line["receipt_id"], line["line_no"], gas)
        stored, counted = self._masses.pop(key, {}), self._counted.pop(key, {})
        amount = self._amount(made, activity, stored)
        coefficient = self._coefficient(made, route, activity["canonical_unit"], stored)
        if amount is not None and coefficient is not None:
            made.emitted_t = _product(amount, coefficient)
        told = f"{_told(amount)} {pretty(activity['canonical_unit'])} × {_told(coefficient)}"
        place = "core.process_emission.emitted_t"
        made.steps.append(
            Step(f"排放 {gas}", told, made.emitted_t, f"t {gas}", HALF_UP, place, stored.get("emitted_t"))
        )
        self._equivalent(made, counted)
        return made

    def _amount(self, made: Release, activity: PrintedRow, stored: Row) -> Decimal | None:
        """The amount in the activity's canonical unit; a volume of gas by the density row of the activity."""
        line, target = made.line, activity["canonical_unit"]
        printed = self.evidence.printed
        unit = printed.unit_of(line["unit_text"]) or str(line["unit_text"])
        quantity = reading.number(line["quantity_text"])
        one = printed.quantity(Decimal(1), unit)
        density: PrintedRow | None = None
        try:
            exact = one.to(target).value
        except ValueError:
            density = self._figures[activity["density"]]
            exact = (one * _quantity(printed, density)).to(target).value
            made.gates.append(gates.usable(self.evidence, density))
        multiplier = decimals.rounded(exact, LEDGER_PLACES, ROUND_HALF_EVEN)
        what = "密度" if density else "单位换算"
        shown = f"{target}/{unit}"
        made.chains.append(Chain("", shown, exact, (Term(plain(exact), shown, what, density),)))
        kept = self._conversions.get((line["activity_code"], unit))
        place = "ref.activity_unit.multiplier"
        amount = None if quantity is None else _product(quantity, multiplier)
        told = f"“{line['quantity_text']}” {pretty(unit)} × {plain(multiplier)}"
        made.steps += [
            Step("换算乘数", plain(exact), multiplier, pretty(shown), EVEN, place, kept),
            Step(
                "活动水平",
                told,
                amount,
                pretty(target),
                HALF_UP,
                "core.process_emission.activity",
                stored.get("activity"),
            ),
        ]
        return amount

    def _coefficient(self, made: Release, route: PrintedRow, canonical: str, stored: Row) -> Decimal | None:
        """Tonnes of gas of one canonical unit: the route's figures, and what abatement leaves where it runs."""
        is_abated = made.line["is_abated"] is True and bool(route["abatement"])
        terms = _terms(route, is_abated=is_abated)
        rows = [self._figures[name] for term in terms for name in term.removeprefix("1-").split("*")]
        held = [gates.usable(self.evidence, row) for row in rows if "constant" not in row.cells]
        refused = [gate.detail for gate in held if not gate.holds]
        place = "core.process_emission.coefficient"
        unit = f"t {made.gas}/{pretty(canonical)}"
        if refused or not terms:
            told = "；".join(refused) or route["note"]
            step = Step("系数", f"因子不可用，未知：{told}", None, unit, "", place, stored.get("coefficient"))
            made.steps += [step, _id_step(None, stored)]
            return None
        made.gates += held
        printed = self.evidence.printed
        exact = coefficient_of(printed, self._figures, route, canonical, is_abated=is_abated)
        shown = tuple(Term(_shown(row), row.get("unit"), "过程因子", row) for row in rows)
        chain = Chain(route["route_id"] + (".abated" if is_abated else ""), unit, exact, shown)
        made.chains.append(chain)
        made.factor_id, made.level = chain.factor_id, max(map(_level, rows), key=_WIDTHS.index)
        told = " × ".join(self._spelled(term) for term in terms)
        made.steps += [
            Step("系数", told, chain.value, unit, EVEN, place, stored.get("coefficient")),
            _id_step(chain.factor_id, stored),
        ]
        return chain.value

    def _equivalent(self, made: Release, counted: Row) -> None:
        """二氧化碳当量 | By the GWP edition of the basis; a gas no inventory counts stays in tonnes."""
        printed = self.evidence.printed
        gas = next((row for row in printed.rows("gases") if row["gas"] == made.gas), None)
        if gas is not None and gas["is_inventory_gas"] != "true":
            made.is_counted = False
            made.steps.append(Step("当量", "该气体不在清单内，只记吨数", None))
            if counted:
                made.steps.append(_co2e_step("不应计入当量", None, counted))
            return
        edition = self.purpose["gwp_edition"]
        row = potential(self.evidence, edition, made.gas, is_biogenic=made.is_biogenic)
        place = "core.process_co2e.gwp"
        if row is None:
            told = f"该版（{edition}）没有可用的 GWP：未知，不是零"
            made.steps.append(Step("GWP", told, None, "", "", place, counted.get("gwp")))
        else:
            gwp = Decimal(row["gwp"])
            made.chains.append(Chain(row.row_id, "", gwp, (Term(row["gwp"], "", f"GWP（{edition}）", row),)))
            made.gates.append(gates.usable(self.evidence, row))
            made.steps.append(
                Step(f"GWP（{edition}）", row["gwp"], gwp, "t CO2e/t", "", place, counted.get("gwp"))
            )
            if made.emitted_t is not None:
                made.co2e_t = _product(made.emitted_t, gwp)
        told = f"{_told(made.emitted_t)} t × {row['gwp'] if row else '未知'}"
        made.steps.append(_co2e_step(told, made.co2e_t, counted))

    def _spelled(self, term: str) -> str:
        told = " × ".join(_shown(self._figures[name]) for name in term.removeprefix("1-").split("*"))
        return f"(1 − {told})" if term.startswith("1-") else told

    def _row(self, table: str, column: str, value: str) -> PrintedRow:
        return next(row for row in self.evidence.printed.rows(table) if row[column] == value)

    def _unfounded(self, row: Row) -> Release:
        place, column = (
            ("core.process_co2e", "co2e_t") if "co2e_t" in row else ("core.process_emission", "emitted_t")
        )
        step = Step("来源行", "没有准入的来源行或算法", None, "", "", f"{place}.gas", row["gas"])
        also = Step("排放", "没有来源", None, "t", "", f"{place}.{column}", row[column])
        return Release(row, row["gas"], steps=[step, also])


def potential(evidence: Evidence, edition: str, gas: str, *, is_biogenic: bool) -> PrintedRow | None:
    """The printed GWP of a gas in an edition, by its origin; none where the edition has none that may be used."""
    row = next((row for row in evidence.printed.rows("gases") if row["gas"] == gas), None)
    named = (row["gwp_biogenic" if is_biogenic else "gwp_fossil"] if row else "") or gas
    for name in named.split(";"):
        for printed in evidence.printed.rows("gwp"):
            if (printed["edition"], printed["gas"]) == (edition, name) and gates.usable(
                evidence, printed
            ).holds:
                return printed
    return None


def figures_named(printed: Printed) -> dict[str, PrintedRow]:
    """Every printed row a route may name, by its id."""
    named = {row["constant"]: row for row in printed.rows("constants")}
    for table in ("calorific_values", "process_factors"):
        named |= {row["factor_id"]: row for row in printed.rows(table)}
    return named


def coefficient_of(
    printed: Printed, named: Mapping[str, PrintedRow], route: PrintedRow, canonical: str, *, is_abated: bool
) -> Decimal:
    """Tonnes of gas of one *canonical* unit: the route's figures multiplied with their units, divisions last."""
    held = printed.quantity(Decimal(1), canonical)
    below = Decimal(1)
    for term in _terms(route, is_abated=is_abated):
        names = term.removeprefix("1-").split("*")
        if term.startswith("1-"):
            parts = [_quantity(printed, named[name]).to("1").value for name in names]
            rest = decimals.total([Decimal(1), -decimals.product(*parts)])
            held = held * printed.quantity(rest, "1")
            continue
        for name in names:
            row = named[name]
            held = held * _quantity(printed, row)
            below = decimals.product(below, Decimal(row.get("denominator") or 1))
    return decimals.ratio(held.to("t").value, below)


def total(found: Sequence[Release]) -> Decimal | None:
    """t CO2e of what is known; nothing when no part is."""
    known = [made.co2e_t for made in found if made.co2e_t is not None]
    return decimals.total(known) if known else None


def by_activity(found: Sequence[Release]) -> dict[str, list[Release]]:
    """Grouped by activity, in the order of their codes."""
    groups: dict[str, list[Release]] = defaultdict(list)
    for made in found:
        groups[made.line["activity_code"]].append(made)
    return dict(sorted(groups.items()))


def _terms(route: PrintedRow, *, is_abated: bool) -> list[str]:
    terms = [term for term in route["terms"].split(";") if term]
    removed = route["abatement"].split(";") if is_abated and route["abatement"] else []
    return [*terms, *(f"1-{term}" for term in removed)]


def _level(row: PrintedRow) -> str:
    """How wide a figure speaks; a constant of nature says nothing of its own, so what was measured stays measured."""
    if "constant" in row.cells:
        return "measured"
    return "national" if row.get("region") == "CN" else "international"


def _quantity(printed: Printed, row: PrintedRow) -> Quantity:
    """A figure with its unit; of a constant, what stands above the line."""
    return printed.quantity(Decimal(row.get("value") or row["numerator"]), row["unit"])


def _keyed(rows: Sequence[Row]) -> dict[_Key, Row]:
    return {(row["receipt_id"], row["line_no"], row["gas"]): row for row in rows}


def _input(line: Row, activity: PrintedRow) -> str:
    """The gas a route is asked for; a gas stated where the method implies it is no input of its own."""
    return str(line["gas"]) if activity["is_gas_required"] == "true" and line["gas"] else ""


def _product(first: Decimal, second: Decimal) -> Decimal:
    return decimals.rounded(decimals.product(first, second), LEDGER_PLACES, ROUND_HALF_UP)


def _id_step(factor_id: str | None, stored: Row) -> Step:
    place = "core.process_emission.factor_id"
    return Step("算法编号", "activity_routes.csv", factor_id, "", "", place, stored.get("factor_id"))


def _co2e_step(told: str, value: Decimal | None, counted: Row) -> Step:
    return Step("当量", told, value, "t CO2e", HALF_UP, "core.process_co2e.co2e_t", counted.get("co2e_t"))


def _shown(row: PrintedRow) -> str:
    if "constant" in row.cells:
        return f"{row['numerator']}/{row['denominator']}"
    return f"{row['value']} {pretty(row['unit'])}" if row["unit"] != "1" else row["value"]


def _told(value: Decimal | None) -> str:
    return "未知" if value is None else plain(value)

"""过程与逸散 | Process and fugitive emissions: each route multiplied out to one exact coefficient.

A route (``activity_routes.csv``) says how an amount of an activity becomes tonnes of a gas: a product of
published figures, named by their ids. Here the product is formed once, with fractions, and its units are
multiplied with it. Whether files and routes hold together is :mod:`pipelines.reference.processholding`'s work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from pipelines import units
from pipelines.reference.datafiles import LONG_AGO, OPEN_END, Complaints, Row, day
from pipelines.reference.physics import Physics

_BASES = {
    "[mass]": "kg",
    "[energy]": "J",
    "[volume]": "L",
    "[reference_volume]": "Nm3",
    "[substance]": "mol",
}
_WIDTHS = ("measured", "national", "international")
_STRENGTHS = ("recalled", "single", "verified2")
_UNSUPPORTED = "没有公布的末端处理去除效率，按未处理计"


class Term(NamedTuple):
    """One factor of a product: the ids multiplied with each other, and whether what is left over counts."""

    ids: tuple[str, ...]
    is_rest: bool

    @property
    def text(self) -> str:
        """As a reader writes it: ``(1 − a × b)``."""
        product = " × ".join(self.ids)
        return f"(1 − {product})" if self.is_rest else product


def terms_of(text: str) -> list[Term]:
    """The terms of a route.

    >>> terms_of("a;1-b*c")
    [Term(ids=('a',), is_rest=False), Term(ids=('b', 'c'), is_rest=True)]
    """
    parts = [part for part in text.split(";") if part]
    return [Term(tuple(part.removeprefix("1-").split("*")), part.startswith("1-")) for part in parts]


def scale_of(unit: str) -> Fraction:
    """How many base units (kg, J, L, Nm3, mol and their quotients) are in one *unit*.

    >>> scale_of("kg/t"), scale_of("GJ/t"), scale_of("1")
    (Fraction(1, 1000), Fraction(1000000, 1), Fraction(1, 1))
    """
    if unit == "1":
        return Fraction(1)
    first, *others = unit.split("/")
    scale = _to_base(first)
    for name in others:
        scale /= _to_base(name)
    return scale


def _to_base(name: str) -> Fraction:
    (measured,) = units.dimension(name)
    return units.multiplier(name, _BASES[measured])


def figures(physics: Physics) -> dict[str, Row]:
    """Every row a route may name, by its id: process factors, heat values, constants."""
    named = {row["constant"]: row for row in physics.rows["constants"]}
    for file in ("calorific_values", "process_factors"):
        named |= {row["factor_id"]: row for row in physics.rows[file]}
    return named


def value_of(row: Row) -> Fraction:
    """A figure's value in base units."""
    if "constant" in row.cells:
        return Fraction(int(row["numerator"]), int(row["denominator"]))
    return Fraction(row["value"]) * scale_of(row["unit"])


def members(physics: Physics, input_gas: str) -> list[str]:
    """The gases a route speaks of: one, none (blank), or all of a group (``@refrigerant``)."""
    if not input_gas.startswith("@"):
        return [input_gas]
    group = input_gas[1:]
    return [row["gas"] for row in physics.rows["gases"] if group in row["groups"].split(";")]


def levels(physics: Physics) -> Iterator[tuple[Row, str]]:
    """Each route that has figures, and the level of its widest one, with and without abatement."""
    named = figures(physics)
    for route in physics.rows["activity_routes"]:
        plain = terms_of(route["terms"])
        treated = [*plain, *terms_of(f"1-{route['abatement']}")] if route["abatement"] else plain
        for terms in (plain, treated) if plain else ():
            rows = [named[name] for term in terms for name in term.ids if name in named]
            if rows:
                yield route, max((_level(row) for row in rows), key=_WIDTHS.index)


class Product(NamedTuple):
    """A coefficient multiplied out; empty (None) with the reason where a figure may not be used."""

    value: Fraction | None
    level: str | None
    confidence: str | None
    text: str
    ids: tuple[str, ...]
    dated_from: date
    why: str


class Process:
    """The tables of one run: known on *as_of*, official or not."""

    def __init__(self, physics: Physics, as_of: date, official: bool, complaints: Complaints) -> None:
        self._physics = physics
        self._as_of = as_of
        self._official = official
        self._complaints = complaints
        self._figures = figures(physics)
        self._activities = {row["activity_code"]: row for row in physics.rows["activities"]}

    def activities(self) -> list[dict[str, Any]]:
        """ref.activity: 活动目录, one row an activity."""
        names = ("activity_code", "name_zh", "name_en", "method", "canonical_unit", "confidence", "note")
        return [
            {name: row[name] for name in names}
            | {"gas": row["gas"] or None}
            | {name: row[name] == "true" for name in ("is_gas_required", "is_biogenic")}
            for row in self._activities.values()
        ]

    def gases(self) -> list[dict[str, Any]]:
        """ref.gas: 气体, and whether an inventory counts it."""
        names = ("gas", "name_zh", "name_en", "note")
        return [
            {name: row[name] for name in names} | {"is_inventory_gas": row["is_inventory_gas"] == "true"}
            for row in self._physics.rows["gases"]
        ]

    def activity_units(self) -> list[dict[str, Any]]:
        """ref.activity_unit: one exact multiplier per activity and unit it may be stated in."""
        return [
            self._conversion(row, unit)
            for row in self._activities.values()
            for unit in row["allowed_units"].split(";")
        ]

    def factors(self) -> list[dict[str, Any]]:
        """ref.process_factor: tonnes of a gas per canonical unit, with and without abatement."""
        rows: list[dict[str, Any]] = []
        for route in self._physics.rows["activity_routes"]:
            for is_abated in (False, True):
                for factor in self._dated(route, self._multiplied(route, is_abated)):
                    rows += [
                        self._factor_row(route, is_abated, input_gas, factor)
                        for input_gas in members(self._physics, route["input_gas"])
                    ]
        return rows

    def gwps(self) -> list[dict[str, Any]]:
        """ref.gas_gwp: per edition, gas and origin the one GWP; none where the edition has none to use."""
        known = {
            (row["edition"], row["gas"]): row
            for row in self._physics.rows["gwp"]
            if self._physics.usable(row, self._as_of, official=self._official)
        }
        rows: list[dict[str, Any]] = []
        for edition in sorted({edition for edition, _ in known}):
            for gas in self._physics.rows["gases"]:
                for is_biogenic in (False, True):
                    named = gas["gwp_biogenic" if is_biogenic else "gwp_fossil"] or gas["gas"]
                    found = [known[edition, name] for name in named.split(";") if (edition, name) in known]
                    rows += [_gwp_row(gas["gas"], is_biogenic, row) for row in found[:1]]
        return rows

    def derived_sources(self) -> Iterator[dict[str, Any]]:
        """ref.factor_source rows of the coefficients: the figures they are the product of."""
        for route in self._physics.rows["activity_routes"]:
            for is_abated in (False, True):
                product = self._multiplied(route, is_abated)
                if product.value is not None:
                    yield self._source_row(_id_of(route, is_abated), product)

    def _multiplied(self, route: Row, is_abated: bool) -> Product:
        terms = terms_of(route["terms"])
        if is_abated and route["abatement"]:
            terms += terms_of(f"1-{route['abatement']}")
        rows = [self._figures[name] for term in terms for name in term.ids]
        text = " × ".join(term.text for term in terms)
        why = "；".join(dict.fromkeys(filter(None, map(self._why_not, rows)))) or (
            "" if terms else route["note"]
        )
        if why or not terms:
            return Product(None, None, None, text, (), LONG_AGO, why)
        value = Fraction(1)
        for term in terms:
            part = Fraction(1)
            for name in term.ids:
                part *= value_of(self._figures[name])
            value *= 1 - part if term.is_rest else part
        canonical = self._activities[route["activity_code"]]["canonical_unit"]
        return Product(
            value / scale_of(f"t/{canonical}"),
            max((_level(row) for row in rows), key=_WIDTHS.index),
            min((row.cells.get("confidence", "verified2") for row in rows), key=_STRENGTHS.index),
            text,
            tuple(dict.fromkeys(name for term in terms for name in term.ids)),
            max(self._start(row) for row in rows),
            "",
        )

    def _why_not(self, row: Row) -> str:
        """Why a figure may not be used in this run, or nothing."""
        if "constant" in row.cells or self._physics.usable(row, self._as_of, official=self._official):
            return ""
        if self._official and row["confidence"] == "recalled":
            return f"因子 {row['factor_id']} 仅凭记忆，核对原件前不用"
        return f"因子 {row['factor_id']} 在知识日期尚未公布"

    def _start(self, row: Row) -> date:
        return day(row, "valid_from", LONG_AGO, self._complaints) if "valid_from" in row.cells else LONG_AGO

    def _dated(self, route: Row, product: Product) -> Iterator[tuple[date, date, Product, str]]:
        """The route's interval, parted where a figure's document came into force: the same value, told apart."""
        start = day(route, "valid_from", LONG_AGO, self._complaints)
        end = day(route, "valid_to", OPEN_END, self._complaints)
        turn = product.dated_from
        if product.value is not None and start < turn < end:
            yield start, turn, product, f"因子所在文件 {turn} 起施行，此前的活动沿用同一数值"
            start = turn
        yield start, end, product, ""

    def _factor_row(
        self, route: Row, is_abated: bool, input_gas: str, dated: tuple[date, date, Product, str]
    ) -> dict[str, Any]:
        start, end, product, dating = dated
        canonical = self._activities[route["activity_code"]]["canonical_unit"]
        known = product.value is not None
        gas = input_gas if route["gas"] == "=" else route["gas"]
        helpless = is_abated and known and not route["abatement"]
        notes = (product.why or route["note"], dating, _UNSUPPORTED if helpless else "")
        return {
            "activity_code": route["activity_code"],
            "input_gas": input_gas,
            "process_type": route["process_type"],
            "is_abated": is_abated,
            "gas": gas,
            "role": route["role"],
            "valid_from": start,
            "valid_to": end,
            "coefficient": None if product.value is None else units.to_decimal(product.value),
            "coefficient_unit": f"t/{canonical}",
            "coefficient_exact": None if product.value is None else str(product.value),
            "can_be_abated": bool(route["abatement"]),
            "factor_id": _id_of(route, is_abated) if known else None,
            "factor_ids": ";".join(product.ids) or None,
            "level": product.level,
            "confidence": product.confidence,
            "note": "；".join(filter(None, notes)),
        }

    def _conversion(self, row: Row, unit: str) -> dict[str, Any]:
        """A volume of gas becomes mass by its density row, which is named beside the result."""
        target = row["canonical_unit"]
        exact = scale_of(unit) / scale_of(target)
        density = None
        if units.dimension(unit) != units.dimension(target):
            density = self._figures[row["density"]]
            exact *= value_of(density)
        return {
            "activity_code": row["activity_code"],
            "unit": unit,
            "to_unit": target,
            "multiplier": units.to_decimal(exact),
            "multiplier_exact": f"{exact.numerator}/{exact.denominator}",
            "factor_id": density["factor_id"] if density else None,
        }

    def _source_row(self, factor_id: str, product: Product) -> dict[str, Any]:
        documents = {row["source_id"]: row for row in self._physics.rows["sources"]}
        rows = [self._figures[name] for name in product.ids]
        cited = list(dict.fromkeys(row["source_id"] for row in rows))
        days = [self._physics.published[source] for source in cited]
        return {
            "factor_id": factor_id,
            "title": "；".join(_distinct(documents[source]["title"] for source in cited)),
            "document_number": "；".join(_distinct(documents[source]["document_number"] for source in cited)),
            "publisher": "；".join(_distinct(documents[source]["publisher"] for source in cited)),
            "published_on": max((day for day in days if day), default=None),
            "confidence": product.confidence,
            "value_text": " × ".join(_shown(row) for row in rows),
            "unit_text": "",
            "note": f"＝ {product.text}",
        }


def _gwp_row(gas: str, is_biogenic: bool, row: Row) -> dict[str, Any]:
    return {
        "gwp_edition": row["edition"],
        "gas": gas,
        "is_biogenic": is_biogenic,
        "gwp": units.to_decimal(Fraction(row["gwp"])),
        "factor_id": row["factor_id"],
        "variant": row["variant"],
        "confidence": row["confidence"],
    }


def _id_of(route: Row, is_abated: bool) -> str:
    return route["route_id"] + (".abated" if is_abated and route["abatement"] else "")


def _level(row: Row) -> str:
    """How wide a figure speaks: a constant says nothing of its own, so what was measured stays measured."""
    if "constant" in row.cells:
        return "measured"
    return "national" if row.cells.get("region") == "CN" else "international"


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))


def _shown(row: Row) -> str:
    if "constant" in row.cells:
        return f"{row['constant']} {row['numerator']}/{row['denominator']}"
    return f"{row['factor_id']} {row['value']} {row['unit']}"

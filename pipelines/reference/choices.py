"""The factors, heat values and standard-coal coefficients of one run: candidates gathered, winners named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from pipelines import units
from pipelines.reference.datafiles import LONG_AGO, OPEN_END, Complaints, Row, day, hold_unit, number
from pipelines.reference.physics import Physics, constant
from pipelines.reference.resolution import Candidate, Choice, choose

DEFINITION = "definition"
"""The ``factor_id`` of a heat value that follows from the units alone."""

_CARRIERS = {"electricity", "heat"}


class Chooser:
    """Candidates of one run (knowledge date, official or not) and what was chosen from them."""

    def __init__(self, physics: Physics, as_of: date, official: bool, complaints: Complaints) -> None:
        self._physics = physics
        self._complaints = complaints
        self._usable = {
            name: [row for row in rows if physics.usable(row, as_of, official=official)]
            for name, rows in physics.rows.items()
            if rows and "confidence" in rows[0].cells and "source_id" in rows[0].cells
        }
        self._kinds = physics.rows["energy_kinds"]
        self._heat = self._heat_candidates()
        self._triples = self._fuel_triples()
        self._burnt: dict[str, list[Choice]] = {}

    def emission_factors(self) -> list[dict[str, Any]]:
        """ref.emission_factor: per purpose, energy kind and interval, the one factor that applies."""
        rows: list[dict[str, Any]] = []
        for purpose in (row["purpose"] for row in self._physics.rows["purposes"]):
            for kind in self._kinds:
                rows += [
                    self._factor_row(purpose, kind, choice) for choice in self._factor_choices(purpose, kind)
                ]
        return rows

    def heat_values(self) -> list[dict[str, Any]]:
        """ref.heat_value: GJ in one canonical unit. Electricity and heat are energy by definition."""
        rows = []
        for kind in self._kinds:
            for choice in choose(self._heat_of(kind), f"热值 {kind['energy_code']}", self._complaints):
                rows.append(
                    {
                        "energy_code": kind["energy_code"],
                        "valid_from": choice.start,
                        "valid_to": _open(choice.end),
                        "ncv_gj": units.to_decimal(choice.candidate.value),
                        "factor_id": choice.candidate.factor_id,
                        "note": choice.note,
                    }
                )
        return rows

    def standard_coal(self) -> list[dict[str, Any]]:
        """ref.standard_coal: tce of one canonical unit, 当量 (calorific) and 等价 (generation)."""
        rows: list[dict[str, Any]] = []
        for kind in self._kinds:
            calorific = self._coal_candidates(kind, "calorific")
            generation = (
                self._coal_candidates(kind, "generation") if kind["carrier"] == "electricity" else calorific
            )
            for basis, candidates in (("calorific", calorific), ("generation", generation)):
                about = f"折标系数 {kind['energy_code']} {basis}"
                rows += [
                    self._coal_row(kind, basis, choice)
                    for choice in choose(candidates, about, self._complaints)
                ]
        return rows

    def derived_sources(self) -> list[dict[str, Any]]:
        """ref.factor_source rows of the fuel factors we multiply out: their three inputs and 44/12."""
        documents = {row["source_id"]: row for row in self._physics.rows["sources"]}
        return [
            source_row(ncv, documents[ncv["source_id"]], self._physics.published, factor_id)
            | {
                "confidence": _weakest([ncv["confidence"], carbon["confidence"], oxidation["confidence"]]),
                "value_text": f"{ncv['value']} {ncv['unit']} × {carbon['value']} t C/TJ × {oxidation['value']} × 44/12",
                "unit_text": "",
                "note": f"由 {ncv['factor_id']}、{carbon['factor_id']}、{oxidation['factor_id']} 相乘",
            }
            for factor_id, (ncv, carbon, oxidation) in self._triples.items()
        ]

    def _factor_choices(self, purpose: str, kind: Row) -> list[Choice]:
        """Recovered heat (余热余压) has none: what was burnt for it is counted where it was burnt."""
        if kind["is_recovered"] == "true":
            return []
        code = kind["energy_code"]
        if kind["carrier"] in _CARRIERS:
            candidates = list(self._purchased_candidates(purpose, kind["carrier"]))
            return choose(candidates, f"排放因子 {purpose} {code}", self._complaints)
        if code not in self._burnt:  # burning is the same on every accounting basis
            self._burnt[code] = choose(
                list(self._fuel_candidates(kind)), f"排放因子 {code}", self._complaints
            )
        return self._burnt[code]

    def _purchased_candidates(self, purpose: str, carrier: str) -> Iterable[Candidate]:
        for order in self._physics.rows["purchased_resolution"]:
            if (order["purpose"], order["carrier"]) != (purpose, carrier):
                continue
            for row in self._usable["purchased_factors"]:
                wanted = (order["carrier"], order["parameter"], order["factor_purpose"], order["region"])
                if (row["carrier"], row["parameter"], row["purpose"], row["region"]) == wanted:
                    yield Candidate(
                        factor_id=row["factor_id"],
                        rank=int(order["rank"]),
                        level=order["level"],
                        start=day(row, "valid_from", LONG_AGO, self._complaints),
                        end=day(row, "valid_to", OPEN_END, self._complaints),
                        value=number(row, "value", self._complaints),
                        may_stand_in=order["may_stand_in"] == "true",
                        note=order["note"],
                    )

    def _fuel_candidates(self, kind: Row) -> Iterable[Candidate]:
        """One candidate an edition that has all three inputs for this fuel."""
        ratio = constant(self._physics, "co2_per_carbon")
        for order in self._physics.rows["fuel_editions"]:
            factor_id = f"fuel.{kind['fuel']}.{order['edition']}"
            triple = self._triples.get(factor_id)
            if triple is None:
                continue
            ncv, carbon, oxidation = triple
            heat = number(ncv, "value", self._complaints) * hold_unit(
                ncv, "unit", f"GJ/{kind['canonical_unit']}", self._complaints
            )
            # t C/TJ is 1/1000 t C/GJ.
            value = heat * number(carbon, "value", self._complaints) / 1000
            value *= number(oxidation, "value", self._complaints) * ratio
            yield self._edition_candidate(order, factor_id, value)

    def _edition_candidate(self, order: Row, factor_id: str, value: Fraction) -> Candidate:
        return Candidate(
            factor_id=factor_id,
            rank=int(order["rank"]),
            level=order["level"],
            start=day(order, "used_from", LONG_AGO, self._complaints),
            end=day(order, "used_to", OPEN_END, self._complaints),
            value=value,
            note="" if int(order["rank"]) == 1 else f"版本顺位 {order['rank']}：{order['note']}",
        )

    def _fuel_triples(self) -> dict[str, tuple[Row, Row, Row]]:
        """``fuel.<fuel>.<edition>`` → heat value, carbon content, oxidation, where an edition has all three."""
        parts: dict[tuple[str, str], dict[str, Row]] = {}
        for row in (*self._usable["calorific_values"], *self._usable["fuel_factors"]):
            if row["purpose"] == "enterprise_accounting":
                parameter = row.cells.get("parameter", "ncv")
                parts.setdefault((row["fuel"], row["edition"]), {})[parameter] = row
        wanted = ("ncv", "carbon_content", "oxidation_fraction")
        return {
            f"fuel.{fuel}.{edition}": (found[wanted[0]], found[wanted[1]], found[wanted[2]])
            for (fuel, edition), found in sorted(parts.items())
            if all(name in found for name in wanted)
        }

    def _heat_candidates(self) -> dict[tuple[str, str], Row]:
        return {
            (row["fuel"], row["edition"]): row
            for row in self._usable["calorific_values"]
            if row["purpose"] == "enterprise_accounting"
        }

    def _heat_of(self, kind: Row) -> list[Candidate]:
        canonical = kind["canonical_unit"]
        if kind["carrier"] in _CARRIERS:
            value = units.multiplier(canonical, "GJ")
            return [Candidate(DEFINITION, 1, "definition", LONG_AGO, OPEN_END, value)]
        found = []
        for order in self._physics.rows["fuel_editions"]:
            row = self._heat.get((kind["fuel"], order["edition"]))
            if row is not None:
                scale = hold_unit(row, "unit", f"GJ/{canonical}", self._complaints)
                value = number(row, "value", self._complaints) * scale
                found.append(self._edition_candidate(order, row["factor_id"], value))
        return found

    def _coal_candidates(self, kind: Row, basis: str) -> list[Candidate]:
        found = []
        for order in self._physics.rows["coal_order"]:
            if order["basis"] != basis:
                continue
            for row in self._usable["standard_coal"]:
                # Undated equivalents of other provinces and programs are kept for comparison, never used.
                if row["energy_code"] != kind["energy_code"] or row["parameter"] != order["parameter"]:
                    continue
                if not row["valid_from"]:
                    continue
                scale = hold_unit(row, "unit", f"tce/{kind['canonical_unit']}", self._complaints)
                found.append(
                    Candidate(
                        factor_id=row["factor_id"],
                        rank=int(order["rank"]),
                        level="national",
                        start=day(row, "valid_from", LONG_AGO, self._complaints),
                        end=day(row, "valid_to", OPEN_END, self._complaints),
                        value=number(row, "value", self._complaints) * scale,
                        may_stand_in=order["may_stand_in"] == "true",
                        note=order["note"] if int(order["rank"]) > 1 or basis == "generation" else "",
                    )
                )
        return found

    def _factor_row(self, purpose: str, kind: Row, choice: Choice) -> dict[str, Any]:
        return {
            "purpose": purpose,
            "energy_code": kind["energy_code"],
            "gas": "CO2",
            "valid_from": choice.start,
            "valid_to": _open(choice.end),
            "factor_t": units.to_decimal(choice.candidate.value),
            "factor_unit": f"t/{kind['canonical_unit']}",
            "factor_id": choice.candidate.factor_id,
            "level": choice.candidate.level,
            "is_provisional": choice.is_provisional,
            "note": choice.note,
        }

    def _coal_row(self, kind: Row, basis: str, choice: Choice) -> dict[str, Any]:
        return {
            "energy_code": kind["energy_code"],
            "basis": basis,
            "valid_from": choice.start,
            "valid_to": _open(choice.end),
            "coefficient_tce": units.to_decimal(choice.candidate.value),
            "form_units": units.to_decimal(units.multiplier(kind["canonical_unit"], kind["form_unit"])),
            "factor_id": choice.candidate.factor_id,
            "is_provisional": choice.is_provisional,
            "note": choice.note,
        }


def source_row(
    row: Row, document: Row, published: Mapping[str, date | None], factor_id: str
) -> dict[str, Any]:
    """Where a row came from, and how its value was printed there."""
    return {
        "factor_id": factor_id,
        "title": document["title"],
        "document_number": document["document_number"],
        "publisher": document["publisher"],
        "published_on": published[row["source_id"]],
        "confidence": row["confidence"],
        "value_text": row.cells.get("value_published")
        or row.cells.get("value")
        or row.cells.get("gwp")
        or "",
        "unit_text": row.cells.get("unit_published") or row.cells.get("unit") or "",
        "note": row.cells.get("note", ""),
    }


def _open(end: date) -> date:
    """Stand-ins reach to the end of time; tables write that as 9999-12-31."""
    return min(end, OPEN_END)


def _weakest(confidences: Iterable[str]) -> str:
    order = ("recalled", "single", "verified2")
    return min(confidences, key=order.index)

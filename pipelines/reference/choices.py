"""The factors, heat values and standard-coal coefficients of one run: candidates gathered, winners named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from pipelines import units
from pipelines.reference import equivalents, fuels
from pipelines.reference.datafiles import LONG_AGO, OPEN_END, Complaints, Row, day, hold_unit, number
from pipelines.reference.holding import DEFAULT_SECTOR
from pipelines.reference.physics import Physics, constant
from pipelines.reference.replacements import spans
from pipelines.reference.resolution import Candidate, Choice, choose

DEFINITION = "definition"
"""The ``factor_id`` of a heat value that follows from the units alone."""
ANY_SECTOR = "any"
"""``sector`` of a factor that is the same for every industry: bought electricity and heat."""

_CARRIERS = {"electricity", "heat"}


class Chooser:
    """Candidates of one run (knowledge date, official or not) and what was chosen from them."""

    def __init__(self, physics: Physics, as_of: date, official: bool, complaints: Complaints) -> None:
        self._physics = physics
        self._as_of = as_of
        self._complaints = complaints
        self._usable = {
            name: [row for row in rows if physics.usable(row, as_of, official=official)]
            for name, rows in physics.rows.items()
            if rows and "confidence" in rows[0].cells and "source_id" in rows[0].cells
        }
        self._kinds = physics.rows["energy_kinds"]
        self._parts = fuels.parts((*self._usable["calorific_values"], *self._usable["fuel_factors"]))
        self._fuels = fuels.complete(self._parts)
        self._sectors = sorted({row["sector"] for row in physics.rows["fuel_editions"]})
        self._burnt: dict[tuple[str, str], list[Choice]] = {}

    def emission_factors(self) -> list[dict[str, Any]]:
        """ref.emission_factor: per purpose, energy kind, sector and interval, the one factor that applies."""
        rows: list[dict[str, Any]] = []
        for purpose in (row["purpose"] for row in self._physics.rows["purposes"]):
            for kind in self._kinds:
                sectors = [ANY_SECTOR] if kind["carrier"] in _CARRIERS else self._sectors
                for sector in sectors:
                    choices = self.factor_choices(purpose, kind, sector)
                    rows += [self._factor_row(purpose, kind, sector, choice) for choice in choices]
        return rows

    def heat_values(self) -> list[dict[str, Any]]:
        """ref.heat_value: GJ in one canonical unit. Electricity and heat are energy by definition."""
        rows = []
        for kind in self._kinds:
            for choice in choose(self.heat_candidates(kind), f"热值 {kind['energy_code']}", self._complaints):
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
            for basis in ("calorific", "generation"):
                about = f"折标系数 {kind['energy_code']} {basis}"
                rows += [
                    self._coal_row(kind, basis, choice)
                    for choice in choose(self.coal_candidates(kind, basis), about, self._complaints)
                ]
        return rows

    def derived_sources(self) -> list[dict[str, Any]]:
        """ref.factor_source rows of the fuel factors we multiply out: their inputs and how they combine."""
        documents = {row["source_id"]: row for row in self._physics.rows["sources"]}
        return [
            source_row(rows[0], documents[rows[0]["source_id"]], self._physics.published, factor_id)
            | fuels.provenance(rows)
            for factor_id, rows in self._fuels.items()
        ]

    def burnt_parts(self, kind: Row) -> Iterable[tuple[str, tuple[Row, ...]]]:
        """Each edition's factor of a fuel (``fuel.<fuel>.<edition>``) with its inputs, the heat value first."""
        for factor_id, rows in self._fuels.items():
            if rows[0]["fuel"] == kind["fuel"] and fuels.fits(
                rows[0], rows[0]["edition"], kind["canonical_unit"]
            ):
                yield factor_id, rows

    def factor_choices(self, purpose: str, kind: Row, sector: str) -> list[Choice]:
        """The factors of one energy kind over time. Burning is the same on every accounting basis."""
        if kind["carrier"] in _CARRIERS:
            about = f"排放因子 {purpose} {kind['energy_code']}"
            return choose(self.factor_candidates(purpose, kind, sector), about, self._complaints)
        key = (kind["energy_code"], sector)
        if key not in self._burnt:
            about = f"排放因子 {kind['energy_code']}（{sector}）"
            self._burnt[key] = choose(self.factor_candidates(purpose, kind, sector), about, self._complaints)
        return self._burnt[key]

    def factor_candidates(self, purpose: str, kind: Row, sector: str) -> list[Candidate]:
        """Every row that may answer for an energy kind under a purpose in a sector.

        Recovered heat (余热余压) has none: what was burnt for it is counted where it was burnt.
        """
        if kind["is_recovered"] == "true":
            return []
        if kind["carrier"] in _CARRIERS:
            return list(self._purchased_candidates(purpose, kind["carrier"]))
        return list(self._fuel_candidates(kind, sector))

    def _purchased_candidates(self, purpose: str, carrier: str) -> Iterable[Candidate]:
        for order in self._physics.rows["purchased_resolution"]:
            if (order["purpose"], order["carrier"]) != (purpose, carrier):
                continue
            for row in self._usable["purchased_factors"]:
                if answers(order, row):
                    yield from self._spoken_for(order, row)

    def _spoken_for(self, order: Row, row: Row) -> Iterable[Candidate]:
        """*row* once an interval it speaks for, as known on the run's day."""
        for span in spans(self._physics, row, self._as_of, self._complaints):
            yield Candidate(
                factor_id=row["factor_id"],
                rank=int(order["rank"]),
                level=order["level"],
                start=span.start,
                end=span.end,
                value=number(row, "value", self._complaints),
                may_stand_in=order["may_stand_in"] == "true",
                note="；".join(note for note in (order["note"], span.note) if note),
                series=row["series"],
                is_rebased=span.is_rebased,
                rows=(row,),
            )

    def _fuel_candidates(self, kind: Row, sector: str) -> Iterable[Candidate]:
        """One candidate an edition that states all inputs for this fuel."""
        ratio = constant(self._physics, "co2_per_carbon")
        for order in self._editions(sector):
            factor_id = fuels.factor_name(kind["fuel"], order["edition"])
            rows = self._fuels.get(factor_id)
            if rows is not None and fuels.fits(rows[0], order["edition"], kind["canonical_unit"]):
                value = fuels.value(rows, kind["canonical_unit"], ratio, self._complaints)
                yield self._edition_candidate(order, factor_id, value, rows)

    def _editions(self, sector: str) -> list[Row]:
        return [row for row in self._physics.rows["fuel_editions"] if row["sector"] == sector]

    def _edition_candidate(
        self, order: Row, factor_id: str, value: Fraction, rows: tuple[Row, ...]
    ) -> Candidate:
        return Candidate(
            factor_id=factor_id,
            rank=int(order["rank"]),
            level=order["level"],
            start=day(order, "used_from", LONG_AGO, self._complaints),
            end=day(order, "used_to", OPEN_END, self._complaints),
            value=value,
            note="" if int(order["rank"]) == 1 else f"版本顺位 {order['rank']}：{order['note']}",
            series=f"edition_{order['edition']}",
            rows=rows,
        )

    def heat_candidates(self, kind: Row) -> list[Candidate]:
        """The heat values of an energy kind, in GJ of its canonical unit."""
        canonical = kind["canonical_unit"]
        if kind["carrier"] in _CARRIERS:
            value = units.multiplier(canonical, "GJ")
            return [Candidate(DEFINITION, 1, "definition", LONG_AGO, OPEN_END, value)]
        found = []
        for order in self._editions(DEFAULT_SECTOR):
            row = self._parts.get((kind["fuel"], order["edition"]), {}).get("ncv")
            if row is not None and fuels.fits(row, order["edition"], canonical):
                scale = hold_unit(row, "unit", f"GJ/{canonical}", self._complaints)
                value = number(row, "value", self._complaints) * scale
                found.append(self._edition_candidate(order, row["factor_id"], value, (row,)))
        return found

    def coal_candidates(self, kind: Row, basis: str) -> list[Candidate]:
        """The 当量 or 等价 coefficients of an energy kind, in tce of its canonical unit.

        Only electricity counts for more than its calorific value in 等价.
        """
        if basis == "generation" and kind["carrier"] == "electricity":
            return equivalents.candidates(self._usable["generation_equivalents"], kind, self._complaints)
        return self._coal_candidates(kind)

    def _coal_candidates(self, kind: Row) -> list[Candidate]:
        found = []
        for order in self._physics.rows["coal_order"]:
            for row in self._usable["standard_coal"]:
                # Undated rows are explanations of a definition, kept for comparison, never used.
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
                        note=order["note"] if int(order["rank"]) > 1 else "",
                        rows=(row,),
                    )
                )
        return found

    def _factor_row(self, purpose: str, kind: Row, sector: str, choice: Choice) -> dict[str, Any]:
        return {
            "purpose": purpose,
            "energy_code": kind["energy_code"],
            "sector": sector,
            "gas": "CO2",
            "valid_from": choice.start,
            "valid_to": _open(choice.end),
            "factor_t": units.to_decimal(choice.candidate.value),
            "factor_unit": f"t/{kind['canonical_unit']}",
            "factor_id": choice.candidate.factor_id,
            "level": choice.candidate.level,
            "series": choice.candidate.series,
            "is_provisional": choice.is_provisional,
            "is_rebased": choice.candidate.is_rebased,
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


def answers(order: Row, row: Row) -> bool:
    """Whether a row of purchased_factors is what a line of purchased_resolution asks for."""
    wanted = (order["carrier"], order["parameter"], order["factor_purpose"], order["region"])
    return (row["carrier"], row["parameter"], row["purpose"], row["region"]) == wanted


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
        "purpose": row.cells.get("purpose", ""),
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

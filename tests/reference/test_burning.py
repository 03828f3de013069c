"""Measured values, CH4 and N2O, heat in tonnes: what the tables say, against figures worked by hand."""

from __future__ import annotations

import csv
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from pipelines import paths, units
from tests.reference.folder import TODAY, factor, known, row_of

IN_2022 = date(2022, 6, 1)


def rows(table: str, **wanted: Any) -> list[dict[str, Any]]:
    """The rows of a table with these cells, in force in June 2022."""
    return [
        row
        for row in known().tables[table].to_dicts()
        if all(row[name] == value for name, value in wanted.items())
        and row.get("valid_from", IN_2022) <= IN_2022 < row.get("valid_to", date.max)
    ]


def test_the_parts_of_a_fuel_factor_multiply_to_it() -> None:
    """Natural gas of edition b: 38.931 MJ/Nm3 × 15.3 t C/TJ × 0.99 × 44/12."""
    (part,) = rows("ref.fuel_parameter", energy_code="15", edition="b")
    chosen = factor("location_provincial", "15", IN_2022)

    assert chosen is not None
    assert part["factor_id"] == chosen["factor_id"] == "fuel.natural_gas.b"
    exact = Fraction("0.0153") * Fraction("0.99") * Fraction(44, 12)
    assert part["co2_t_per_gj"] == units.to_decimal(exact)
    product = (part["ncv_gj"] * part["co2_t_per_gj"]).quantize(Decimal(1).scaleb(-12), ROUND_HALF_UP)
    assert product == chosen["factor_t"]


def test_a_measured_heat_value_of_120_wan_cubic_metres() -> None:
    """120 万m3 at 36 MJ/m3 measured: 43,200 GJ × 0.0555390 = 2,399.28 t, where the default gives 2,594.63 t."""
    (part,) = rows("ref.fuel_parameter", energy_code="15", edition="b")
    (unit,) = rows("ref.measured_unit", energy_code="15", unit="MJ_per_Nm3")
    tonnes = 1_200_000 * (36 * unit["ncv_gj"]) * part["co2_t_per_gj"]

    assert tonnes.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("2399.28")


def test_a_result_with_a_measured_value_names_the_edition_that_gave_the_rest() -> None:
    (part,) = rows("ref.fuel_parameter", energy_code="21", edition="b")
    sources = {row["factor_id"]: row for row in known().tables["ref.factor_source"].to_dicts()}

    for what in ("measured_ncv_id", "measured_carbon_id", "measured_both_id"):
        assert "fuel.diesel.b" in part[what]
        assert "实测" in sources[part[what]]["value_text"]


def test_the_hidden_factor_of_ten_thousand_between_gas_heat_values() -> None:
    """389.31 GJ/万Nm3 and 38.931 MJ/Nm3 are one value."""
    (per_wan,) = rows("ref.measured_unit", energy_code="15", unit="GJ_per_wan_Nm3")
    (per_one,) = rows("ref.measured_unit", energy_code="15", unit="MJ_per_Nm3")

    assert Decimal("389.31") * per_wan["ncv_gj"] == Decimal("38.931") * per_one["ncv_gj"]


def test_a_unit_states_one_measure_and_fits_solids_or_gases_but_not_both() -> None:
    table = known().tables["ref.measured_unit"]
    for row in table.to_dicts():
        assert sum(row[name] is not None for name in ("ncv_gj", "carbon_of_heat", "carbon_of_amount")) == 1

    assert not rows("ref.measured_unit", energy_code="15", unit="GJ_per_t")
    assert not rows("ref.measured_unit", energy_code="01", unit="MJ_per_Nm3")
    assert not rows("ref.measured_unit", energy_code="33")
    assert not rows("ref.measured_unit", energy_code="39")


def test_every_default_lies_inside_the_band_measured_values_are_held_to() -> None:
    with (paths.SCHEMAS / "ranges.csv").open(encoding="utf-8") as file:
        bands = {(row["subject"], row["energy_code"]): row for row in csv.DictReader(file)}
    for part in known().tables["ref.fuel_parameter"].to_dicts():
        for subject, value in (
            ("measured_ncv", part["ncv_gj"]),
            ("measured_carbon_of_heat", part["carbon_t_per_gj"]),
            ("measured_carbon_of_amount", part["ncv_gj"] * part["carbon_t_per_gj"]),
        ):
            band = bands[subject, part["energy_code"]]
            assert Decimal(band["low"]) < value < Decimal(band["high"]), (part["energy_code"], subject)


def test_methane_and_nitrous_oxide_of_a_gas_boiler() -> None:
    """120 万m3 × 38.931 MJ = 46,717.2 GJ; at 1 and 0.1 kg/TJ that is 46.72 kg CH4 and 4.67 kg N2O."""
    heat = Decimal("46717.2")
    kilograms = {
        row["gas"]: (heat * row["factor_t"] * 1000).quantize(Decimal("0.01"), ROUND_HALF_UP)
        for row in rows("ref.combustion_gas", energy_code="15", use="stationary")
    }

    assert kilograms == {"CH4": Decimal("46.72"), "N2O": Decimal("4.67")}


def test_recalled_road_factors_enter_no_official_run_but_are_there_for_a_trial() -> None:
    official = rows("ref.combustion_gas", energy_code="21", use="mobile")
    trial = known(TODAY, official=False).tables["ref.combustion_gas"]

    assert {row["factor_t"] for row in official} == {None}
    assert all("仅凭记忆" in row["note"] for row in official)
    tried = trial.filter(energy_code="21", use="mobile", gas="CH4")["factor_id"].to_list()
    assert tried == ["ipcc2006.road.diesel.ch4"]


def test_every_fuel_has_an_answer_for_both_gases_and_uses_even_if_it_is_unknown() -> None:
    table = known().tables["ref.combustion_gas"]
    answered = {(row["energy_code"], row["use"], row["gas"]) for row in table.to_dicts()}
    for line in known().tables["ref.energy_kind"].to_dicts():
        if line["is_fuel"] and not line["is_of_which"]:
            for use in ("stationary", "mobile"):
                assert {(line["energy_code"], use, gas) for gas in ("CH4", "N2O")} <= answered
    unknown = table.filter(pl.col("factor_t").is_null())
    assert unknown["note"].str.len_chars().min() > 0


def test_biomass_has_carbon_of_its_own_and_no_fossil_factor() -> None:
    """10 t at 11.6 GJ/t and 100 t CO2/TJ: 11.6 t, told beside the totals."""
    (row,) = rows("ref.combustion_gas", energy_code="36", gas="CO2")

    assert 10 * row["fallback_ncv_gj"] * row["factor_t"] == Decimal("11.6")
    assert factor("location_provincial", "36", IN_2022) is None
    assert not [
        one
        for one in known().tables["ref.combustion_gas"].to_dicts()
        if one["gas"] == "CO2" and one is not row and one["energy_code"] != "36"
    ]


@pytest.mark.parametrize(
    ("tonnes", "state", "gigajoules"),
    [(100, ("steam", "2763"), "267.926"), (100, ("water", "90"), "29.3076"), (1, ("water", "20"), "0")],
)
def test_heat_in_tonnes_by_enthalpy_or_temperature(
    tonnes: int, state: tuple[str, str], gigajoules: str
) -> None:
    """GJ = t × (h − 83.74)/1000 and t × (T − 20) × 4.1868/1000; a flat 0.1286 kgce/kg ignores pressure."""
    (formula,) = rows("ref.heat_formula")
    kind, value = state
    above = Decimal(value) - formula[f"{kind}_zero"]

    assert tonnes * above * formula[f"{kind}_step"] == Decimal(gigajoules)
    assert row_of("process_factors", formula["steam_id"])["value"] == "83.74"


def test_every_purpose_says_what_it_counts_beside_the_carbon_dioxide_of_what_was_used() -> None:
    purposes = set(known().tables["ref.purpose"]["purpose"].to_list())
    for item in ("combustion_ch4_n2o", "exported_energy"):
        assert {row["purpose"] for row in rows("ref.purpose_rule", item=item)} == purposes

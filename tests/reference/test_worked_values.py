"""Worked cases with their results as a reviewer computed them by hand, from the figures of the documents."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from pipelines import units
from tests.reference.folder import coal, factor, factor_t, known, lines, row_of

IN_2022 = date(2022, 6, 1)
IN_2023 = date(2023, 6, 1)
IN_2026 = date(2026, 6, 1)


def rounded(value: Decimal | Fraction, places: str = "0.01") -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(places), ROUND_HALF_UP)


def canonical(amount: int, unit: str, energy_code: str) -> Decimal:
    """An amount in the kind's canonical unit, by the table the ledger joins."""
    (row,) = [
        row
        for row in known().tables["ref.unit_conversion"].to_dicts()
        if (row["energy_code"], row["unit"]) == (energy_code, unit)
    ]
    return amount * Decimal(row["multiplier"])


def test_ten_million_kilowatt_hours_in_2022_on_every_basis() -> None:
    power = canonical(1000, "wan_kWh", "33")
    tonnes = {
        purpose: power * factor_t(purpose, "33", IN_2022)
        for purpose in ("shanghai_ets", "location_provincial", "national_ets", "location_regional")
    }

    assert power == 10_000
    assert tonnes == {
        "shanghai_ets": 4200,
        "location_provincial": 5849,
        "national_ets": 5703,
        "location_regional": 5617,
    }
    assert power * factor_t("location_national", "33", IN_2022) == 5366
    assert power * factor_t("market_residual", "33", IN_2022) == 5856


def test_settled_green_power_counts_zero_for_shanghai_and_the_rest_as_before() -> None:
    (rule,) = [
        rule
        for rule in known().tables["ref.green_power_rule"].to_dicts()
        if (rule["purpose"], rule["kind"]) == ("shanghai_ets", "inter_provincial")
    ]
    rest = canonical(1000, "wan_kWh", "33") - canonical(200, "wan_kWh", "33")

    assert rule["treatment"] == "zero"
    assert rule["factor_id"] == "elec.shanghai_green.cn-sh.2023"
    assert Fraction(row_of("purchased_factors", rule["factor_id"])["value"]) == 0
    assert rest * factor_t("shanghai_ets", "33", IN_2022) == 3360


def test_fifty_thousand_gigajoules_of_bought_heat() -> None:
    assert canonical(50_000, "GJ", "32") * factor_t("shanghai_ets", "32", IN_2022) == 3000
    for purpose in ("national_ets", "location_provincial", "location_national", "market_residual"):
        assert canonical(50_000, "GJ", "32") * factor_t(purpose, "32", IN_2022) == 5500


@pytest.mark.parametrize(
    ("amount", "unit", "code", "day", "as_of", "factor_id", "tonnes"),
    [
        (120, "wan_Nm3", "15", IN_2022, IN_2026, "fuel.natural_gas.b", "2594.63"),
        # Before edition b was published only the provincial guide was known.
        (120, "wan_Nm3", "15", date(2014, 1, 1), date(2014, 6, 1), "fuel.natural_gas.d", "2598.02"),
        (100, "t", "21", date(2025, 3, 1), IN_2026, "fuel.diesel.a", "309.59"),
        (100, "t", "21", date(2025, 2, 1), IN_2026, "fuel.diesel.b", "314.51"),
        (1000, "t", "04", date(2025, 3, 1), IN_2026, "fuel.bituminous.a", "1741.75"),
        (1000, "t", "04", IN_2022, IN_2026, "fuel.bituminous.b", "2071.51"),
    ],
)
def test_fuels_by_the_edition_of_the_activity(
    amount: int, unit: str, code: str, day: date, as_of: date, factor_id: str, tonnes: str
) -> None:
    reference = known(as_of)
    chosen = factor("location_provincial", code, day, reference)

    assert chosen is not None
    assert chosen["factor_id"] == factor_id
    assert rounded(canonical(amount, unit, code) * Decimal(chosen["factor_t"])) == Decimal(tonnes)


def test_every_multiplied_out_fuel_agrees_with_the_table_computed_apart() -> None:
    """92 values to four decimals: heat value × carbon content × oxidation × 44/12, by edition."""
    inputs = {line["factor_id"]: line for line in (*lines("calorific_values"), *lines("fuel_factors"))}
    compared = 0
    for line in lines("derived_co2"):
        parts = [
            inputs.get(f"fuel.{line['fuel']}.{name}.{line['edition']}")
            for name in ("ncv", "carbon_content", "oxidation_fraction")
        ]
        if None in parts or not line["factor_id"].startswith("derived."):
            continue
        heat, carbon, oxidation = (Fraction(part["value"]) for part in parts if part)
        # MJ/Nm3 × t C/TJ gives grams per Nm3 where GJ/t gives kilograms a tonne; both are 1/1000 of the unit.
        expected = heat * carbon * oxidation * Fraction(44, 12) / 1000
        assert abs(expected - Fraction(line["value"])) <= Fraction(1, 10_000), line["factor_id"]
        compared += 1

    assert compared >= 70


def test_what_the_table_stores_is_the_product_to_twelve_decimals() -> None:
    chosen = factor("location_provincial", "21", IN_2022)
    exact = Fraction("43.33") * Fraction("20.2") * Fraction("0.98") * Fraction(44, 12) / 1000

    assert chosen is not None
    assert Decimal(chosen["factor_t"]) == units.to_decimal(exact)
    assert chosen["factor_unit"] == "t/t"


def test_a_litre_of_diesel_weighs_what_the_named_density_says() -> None:
    """1.4571 kgce is for a kilogram; attached to a litre it would overstate by almost a fifth."""
    (row,) = [
        row
        for row in known().tables["ref.unit_conversion"].to_dicts()
        if (row["energy_code"], row["unit"]) == ("21", "L")
    ]

    assert row["factor_id"] == "fuel.diesel.density"
    assert canonical(1000, "L", "21") == Decimal("0.845")
    assert rounded(
        canonical(1000, "L", "21") * Decimal(coal("21", "calorific", IN_2022)["coefficient_tce"]), "0.0001"
    ) == Decimal("1.2312")


def test_electricity_in_standard_coal_is_the_statutory_figure_not_a_conversion() -> None:
    calorific = Decimal(coal("33", "calorific", IN_2022)["coefficient_tce"])

    assert canonical(1000, "wan_kWh", "33") * calorific == 1229
    assert calorific != units.to_decimal(Fraction(3600) / Fraction("29307.6"))


def test_the_legacy_generation_equivalent_is_kept_but_never_chosen() -> None:
    legacy = Fraction(row_of("generation_equivalents", "sc.electricity_coal_equivalent.legacy_form")["value"])
    chosen = {row["factor_id"] for row in known().tables["ref.standard_coal"].to_dicts()}

    assert legacy * 10_000 == 4040
    assert "sc.electricity_coal_equivalent.legacy_form" not in chosen


def test_heat_in_standard_coal_takes_five_digits_and_the_form_four() -> None:
    assert 50_000 * Decimal(coal("32", "calorific", IN_2022)["coefficient_tce"]) == 1706
    assert 50_000 * Fraction(row_of("standard_coal", "nbs205_1.32")["value"]) == 1705


def test_of_everything_but_electricity_the_two_bases_agree() -> None:
    table = known().tables["ref.standard_coal"].to_dicts()
    values = {
        basis: {
            (row["energy_code"], row["valid_from"]): row["coefficient_tce"]
            for row in table
            if row["basis"] == basis and row["energy_code"] != "33"
        }
        for basis in ("calorific", "generation")
    }

    assert values["calorific"] == values["generation"]


@pytest.mark.parametrize(
    ("code", "unit", "coefficient", "form_units"),
    [("15", "Nm3", "0.00133", "0.0001"), ("33", "MWh", "0.1229", "0.1"), ("21", "t", "1.4571", "1")],
)
def test_adopted_coefficients_are_per_unit_of_the_form(
    code: str, unit: str, coefficient: str, form_units: str
) -> None:
    row = coal(code, "calorific", IN_2022)

    assert units.energy_kinds()[code].canonical_unit == unit
    assert Decimal(row["coefficient_tce"]) == Decimal(coefficient)
    assert Decimal(row["form_units"]) == Decimal(form_units)


@pytest.mark.parametrize(
    ("code", "gigajoules"), [("33", "3.6"), ("32", "1"), ("15", "0.038931"), ("21", "43.33")]
)
def test_heat_values_of_2022(code: str, gigajoules: str) -> None:
    (row,) = [
        row
        for row in known().tables["ref.heat_value"].to_dicts()
        if row["energy_code"] == code and row["valid_from"] <= IN_2022 < row["valid_to"]
    ]

    assert Decimal(row["ncv_gj"]) == Decimal(gigajoules)


def gwp(gas: str, edition: str) -> Decimal:
    (row,) = [
        row for row in known().tables["ref.gwp"].to_dicts() if (row["gas"], row["edition"]) == (gas, edition)
    ]
    return Decimal(row["gwp"])


@pytest.mark.parametrize(
    ("edition", "value", "tonnes"),
    [("AR4", "2087.5", "73.06"), ("AR5", "1923.5", "67.32"), ("AR6", "2255.5", "78.94")],
)
def test_thirty_five_kilograms_of_leaked_r410a(edition: str, value: str, tonnes: str) -> None:
    assert gwp("R410A", edition) == Decimal(value)
    assert rounded(gwp("R410A", edition) * 35 / 1000) == Decimal(tonnes)


@pytest.mark.parametrize(
    ("gas", "values"),
    [
        ("R404A", {"AR4": "3921.6", "AR5": "3942.8", "AR6": "4728"}),
        ("NF3", {"AR4": "17200", "AR5": "16100", "AR6": "17400"}),
        ("SF6", {"SAR": "23900", "AR4": "22800", "AR5": "23500", "AR6": "25200"}),
        ("CO2", {"SAR": "1", "AR6": "1"}),
        ("N2O", {"SAR": "310"}),
    ],
)
def test_each_assessment_report_keeps_its_own_figure(gas: str, values: dict[str, str]) -> None:
    assert {edition: rounded(gwp(gas, edition), "0.1") for edition in values} == {
        edition: rounded(Decimal(value), "0.1") for edition, value in values.items()
    }


@pytest.mark.parametrize(
    ("process", "collection", "nf3_t", "cf4_t"),
    [
        ("nf3", "0", "2898.00", "537.03"),
        ("nf3", "0.9", "420.21", "102.04"),
        ("remote_nf3", "0", "289.80", "119.34"),
    ],
)
def test_a_tonne_of_nf3_through_a_semiconductor_plant(
    process: str, collection: str, nf3_t: str, cf4_t: str
) -> None:
    """(1 - heel) × purchased × unreacted (or yield) × (1 - collection × destruction) × GWP; remote is a tenth."""

    def value(name: str) -> Fraction:
        return Fraction(row_of("process_factors", f"elec_ind.{name}")["value"])

    entering = Fraction(1000) * (1 - Fraction("0.1"))
    results = {}
    for gas, share in (("NF3", "one_minus_u"), ("CF4", "byproduct_cf4")):
        destroyed = Fraction(collection) * value(f"abatement.{gas.lower()}.destruction")
        released = entering * value(f"semiconductor.tier2a.{process}.{share}") * (1 - destroyed)
        results[gas] = rounded(released * Fraction(gwp(gas, "AR5")) / 1000)

    assert results == {"NF3": Decimal(nf3_t), "CF4": Decimal(cf4_t)}

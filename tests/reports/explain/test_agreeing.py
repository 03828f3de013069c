"""What is true agrees, to the last digit, at every level."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from pipelines import units
from pipelines.engine import Ledger
from pipelines.reports.explain import energy
from pipelines.reports.explain.metrics import METRICS
from pipelines.units import decimals, quantity
from tests.reports.explain.conftest import A, B, Golden


def test_every_energy_use_of_the_ledger_is_recomputed_to_the_last_digit(golden: Golden) -> None:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        sql = "select distinct strftime(month, '%Y-%m') as month, factory_id, energy_code from core.energy_use order by all"
        uses = list(ledger.rows(sql).iter_rows())
    kinds = ["co2", "co2@shanghai_ets", *(name for name in METRICS if name != "co2")]
    assert len(uses) >= 15
    for (month, factory, code), kind in itertools.product(uses, kinds):
        screen = golden.explain(f"{kind}/{month}/{factory}/{code}")
        assert screen.agrees, screen.verdict()
        assert screen.compared >= 2


@pytest.mark.parametrize("month", ["2022-12", "2023-01"])
@pytest.mark.parametrize(
    "kind",
    [
        "co2",
        "co2@shanghai_ets",
        "coal",
        "coal_generation",
        "energy",
        "green_share",
        "national_green_factories",
        "progress",
        "held",
    ],
)
def test_every_figure_of_the_district_agrees(golden: Golden, kind: str, month: str) -> None:
    screen = golden.explain(f"{kind}/{month}")
    assert screen.agrees, screen.verdict()


def test_every_name_on_the_list_answers_and_agrees(golden: Golden) -> None:
    from pipelines.reports import figure_names  # noqa: PLC0415

    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        names = figure_names(ledger)
    assert [item["pattern"] for item in names if not item["example"]] == []
    for item in names:
        screen = golden.explain(item["example"])
        assert screen.agrees, screen.verdict()
        assert screen.title
        assert screen.release == golden.release.name


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("15", "2594.6265708"),  # 120 万m³ gas, edition b
        ("21", "283.06102439997"),  # 90 of 100 t diesel: a tenth is raw material
        ("32", "5500"),  # 50,000 GJ outside the Shanghai rules
    ],
)
def test_worked_cases_come_out_as_printed(golden: Golden, code: str, value: str) -> None:
    screen = golden.explain(f"co2/2022-12/{B}/{code}")
    assert screen.steps[-1].name == "排放"
    assert screen.steps[-1].value == Decimal(value)


def test_the_formula_is_one_line_with_units_and_numbers(golden: Golden) -> None:
    screen = golden.explain(f"co2/2022-12/{B}/15")
    assert screen.formula == (
        "120 万Nm³ × 10000 Nm³/万Nm³ × 0.038931 GJ/Nm³ × 0.0153 t C/GJ × 0.99 × 44/12 = 2594.6265708 t CO2"
    )


def test_the_factorys_own_coefficient_is_shown_and_applied(golden: Golden) -> None:
    screen = golden.explain(f"coal/2022-12/{B}/32")
    assert screen.steps[-1].value == Decimal(1705)
    assert "0.0341 tce/GJ（企业采用折标系数）" in screen.steps[-1].expression


def test_lines_are_shown_as_received_with_file_receipt_and_number(golden: Golden) -> None:
    lines = golden.explain(f"co2/2022-12/{B}/33").lines
    assert [(line.filename, line.line_no) for line in lines] == [("99-算例.csv", 5), ("99-算例.csv", 6)]
    assert lines[1].cells[4] == "３７"


def test_each_factor_names_document_number_dates_and_confidence(golden: Golden) -> None:
    source = golden.explain(f"co2/2023-01/{A}/33").sources[0]
    assert source.document_number == "公告2025年第47号"
    assert (source.value_text, source.unit_text) == ("0.5737", "kgCO2/kWh")
    assert str(source.published_on) == "2025-12-31"
    assert (source.valid_from, source.valid_to) == ("2023-01-01", "2024-01-01")
    assert source.confidence in ("single", "verified2")
    assert source.place.startswith("emission_factors/purchased_factors.csv:")


def test_a_very_large_month_is_the_exact_sum_of_stored_parts_and_says_so(
    golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = golden.explain("co2/2023-01")
    monkeypatch.setattr(energy, "MOST_LINES_AT_ONCE", 1)
    summed = golden.explain("co2/2023-01")
    assert summed.agrees and summed.value == whole.value
    assert "存储值的精确求和" in summed.scope and "逐一由原文复算" in whole.scope
    assert 3 <= summed.compared < whole.compared


def test_every_rounding_is_named(golden: Golden) -> None:
    assert len(golden.explain(f"co2/2023-01/{B}/21").roundings) == 2


def test_without_a_release_the_checkout_is_read_and_no_mart_compared(golden: Golden) -> None:
    screen = golden.ask(f"co2/2023-01/{A}", None)
    assert screen.agrees
    assert not any(step.place.startswith("发布") for step in screen.steps)


def test_two_registries_that_share_only_the_unit_file_convert_alike() -> None:
    pairs = 0
    for kind in units.energy_kinds().values():
        for unit in kind.allowed_units:
            if units.dimension(unit) != units.dimension(kind.canonical_unit):
                continue
            fraction = units.to_decimal(units.multiplier(unit, kind.canonical_unit))
            value = quantity(Decimal(1), unit).to(kind.canonical_unit).value
            assert decimals.rounded(value, 12, "ROUND_HALF_EVEN") == fraction
            pairs += 1
    assert pairs > 80


def test_the_second_registry_refuses_what_does_not_measure_the_same() -> None:
    with pytest.raises(ValueError, match="Cannot convert"):
        quantity(Decimal(1), "Nm3").to("m3")
    with pytest.raises(ValueError, match="no unit"):
        quantity(Decimal(1), "9**9**9")
    with pytest.raises(ValueError, match="Cannot convert"):
        quantity(Decimal(1), "tce") + quantity(Decimal(1), "t")

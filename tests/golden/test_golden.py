"""The golden district: seven invented factories, answers by hand in ANSWERS.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines import intake
from pipelines.dag import walk
from pipelines.dag.site import Site
from pipelines.engine import Ledger
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month
from tests.sample.codes import credit_code

FILES = Path(__file__).parent / "files"
JANUARY = date(2023, 1, 1)
A, B, C, D, E, F, G = [credit_code(number) for number in range(901, 908)]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    home = Home(tmp_path_factory.mktemp("golden"))
    with intake.Landing.open(home) as landing:
        for place, path in enumerate(sorted(FILES.iterdir())):
            at = datetime(2023, 2, 1 + place, 10, tzinfo=SHANGHAI)
            receipt = intake.receive(
                path.read_bytes(), sender="commission", filename=path.name, at=at, landing=landing
            )
            assert receipt.is_accepted, receipt.as_text()
    with Ledger.memory(folders=[home.lines]) as ledger:
        walk.walk(ledger, Site(home, Month(2023, 1), date(2026, 6, 30)))
        yield ledger


def value(ledger: Ledger, sql: str, *parameters: Any) -> Any:
    return ledger.one(sql, list(parameters))[0]


@pytest.mark.parametrize(
    ("factory", "month", "tonnes"),
    [
        (A, date(2022, 12, 1), "584.9"),
        (A, JANUARY, "573.7"),
        (B, JANUARY, "215.056394214866"),
        (C, JANUARY, "44"),
        (D, JANUARY, "57.37"),
        (E, JANUARY, "114.74"),
        (F, JANUARY, "19.002988488"),
    ],
)
def test_each_factory_emits_what_the_hand_says(
    ledger: Ledger, factory: str, month: date, tonnes: str
) -> None:
    sql = "select sum(co2_t) from core.emission where purpose = 'location_provincial' and factory_id = ? and month = ?"
    assert value(ledger, sql, factory, month) == Decimal(tonnes)


def test_settled_green_power_counts_zero_under_the_shanghai_basis_alone(ledger: Ledger) -> None:
    sql = "select sum(co2_t) from core.emission where purpose = ? and factory_id = ? and month = ?"
    assert value(ledger, sql, "shanghai_ets", E, JANUARY) == Decimal(63)
    assert value(ledger, sql, "location_provincial", E, JANUARY) == Decimal("114.74")


def test_the_district_adds_up(ledger: Ledger) -> None:
    sql = (
        "select co2_t, coal_tce from mart.district_month where purpose = 'location_provincial' and month = ?"
    )
    assert ledger.one(sql, [JANUARY]) == (Decimal("1023.869383"), Decimal("237.694750"))


def test_the_of_which_row_is_kept_and_not_counted(ledger: Ledger) -> None:
    rows = ledger.rows(
        "select energy_code, is_counted from core.energy_use where factory_id = ? order by 1", [F]
    )
    assert rows.rows() == [("01", True), ("04", False)]


def test_the_correction_replaces_the_first_report(ledger: Ledger) -> None:
    fates = ledger.rows(
        "select fate, count(*) as n from stg.line_fate where factory_id = ? and contract = 'energy' group by 1 order by 1",
        [C],
    )
    assert fates.rows() == [("admitted", 1), ("superseded", 1)]


def test_the_negative_row_waits_with_its_reason_and_the_others_pass(ledger: Ledger) -> None:
    rows = ledger.rows(
        "select line_no, fate, hold_codes from stg.line_fate where factory_id = ? and contract = 'energy' order by 1",
        [D],
    )
    assert rows.rows() == [(2, "admitted", ""), (3, "held", "Q103")]
    assert (
        value(
            ledger, "select held_lines from mart.factory_month where factory_id = ? and month = ?", D, JANUARY
        )
        == 1
    )


def test_process_emissions_by_the_edition_of_the_basis(ledger: Ledger) -> None:
    sql = "select sum(co2e_t), count(*), count(co2e_t) from core.process_co2e where purpose = ? and factory_id = ? and month = ?"
    assert ledger.one(sql, ["location_provincial", A, JANUARY]) == (Decimal("478.4625"), 4, 4)
    assert ledger.one(sql, ["shanghai_ets", A, JANUARY]) == (Decimal("179.375"), 4, 3)


def test_nf3_without_its_process_type_waits_with_the_reason(ledger: Ledger) -> None:
    rows = ledger.rows(
        "select line_no, fate, hold_codes from stg.line_fate where factory_id = ? and contract = 'activity' order by 1",
        [A],
    )
    assert rows.rows() == [
        (2, "admitted", ""),
        (3, "admitted", ""),
        (4, "admitted", ""),
        (5, "held", "Q808"),
    ]


def test_exactly_thirty_percent_reaches_the_goal(ledger: Ledger) -> None:
    sql = "select numerator, denominator, is_met, gap, factories_without_output from mart.green_share where month = ? and is_headline"
    assert ledger.one(sql, [JANUARY]) == (Decimal(30_000_000), Decimal(100_000_000), True, Decimal(0), 1)
    sql = "select numerator, denominator, is_met, gap from mart.green_share where month = ? and definition = 'count' and cluster_variant = 'a9'"
    assert ledger.one(sql, [JANUARY]) == (Decimal(1), Decimal(4), False, Decimal(1))


def test_a_removed_title_counts_before_and_not_after(ledger: Ledger) -> None:
    sql = "select sum(factories) from mart.national_green_factory where month = ?"
    assert value(ledger, sql, date(2022, 12, 1)) == 4
    assert value(ledger, sql, JANUARY) == 0


def test_every_emission_names_its_factor_and_purpose(ledger: Ledger) -> None:
    assert (
        value(
            ledger,
            "select count(*) from core.emission where co2_t is not null and (factor_id is null or purpose is null)",
        )
        == 0
    )
    named = value(
        ledger,
        "select count(*) from core.emission as emission left join ref.factor_source as source on "
        "emission.factor_id = source.factor_id where emission.factor_id is not null and source.factor_id is null",
    )
    assert named == 0

"""Worked cases from a file to tonnes: invented factories, real factors, results a reviewer computed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from pipelines import intake
from pipelines.dag import walk
from pipelines.dag.site import Site
from pipelines.engine import Ledger
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month
from tests.sample.codes import credit_code

POWER, HEAT, FUEL, STEAM, SELLER, GREEN, OTHER = [credit_code(number) for number in range(951, 958)]
JUNE, APRIL = date(2022, 6, 1), date(2025, 4, 1)

_REGISTER = "统一社会信用代码,企业名称,行业代码,6+X标签,街镇,园区,是否规上,土地面积,生效日期,失效日期\n"
_ENERGY = (
    "统一社会信用代码,报告期,能源代码,计量单位,购进量,消费量,其中用于原材料,其中运输工具消费,外供量,"
    "实测低位发热量,低位发热量单位,实测含碳量,含碳量单位,蒸汽焓值,热水温度,凭证号,计量点\n"
)
_LINES = f"""\
{POWER},2022-06,33,万千瓦时,,1000,,,,,,,,,,,
{HEAT},2022-06,32,百万千焦,,50000,,,,,,,,,,,
{FUEL},2022-06,15,万立方米,,120,,,,,,,,,,,
{FUEL},2022-06,21,吨,,100,,40,,,,,,,,,
{FUEL},2025-04,21,吨,,100,,,,,,,,,,,
{FUEL},2025-04,15,万立方米,,120,,,,36,MJ/m3,,,,,示例报告-1,
{FUEL},2025-04,01,吨,,1000,100,,,,,55,%,,,示例报告-2,
{FUEL},2025-04,23,吨,,10,,,,48,GJ/t,,,,,,
{FUEL},2025-04,36,吨,,100,,,,,,,,,,,
{STEAM},2022-06,32,吨,,100,,,,,,,,2763,,,汽
{STEAM},2022-06,32,吨,,100,,,,,,,,,90,,水
{SELLER},2022-06,33,兆瓦时,130,100,,,30,,,,,,,,
{GREEN},2025-04,33,兆瓦时,,1000,,,,,,,,,,,
{OTHER},2025-04,33,兆瓦时,,1000,,,,,,,,,,,
"""
_GREEN = "统一社会信用代码,报告期,类型,电量,计量单位,合同号,结算单号,绿证编号\n"
_GREEN_LINES = f"""\
{POWER},2022-06,跨省绿电交易,200,万千瓦时,示例合同-1,示例结算-1,
{GREEN},2025-04,绿证,2,兆瓦时,,,示例证-1；示例证-2
{GREEN},2025-04,绿电直连,100,兆瓦时,示例合同-2,,
"""
_REUSE = f"{OTHER},2025-04,绿证,1,兆瓦时,,,示例证-2\n"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    home = Home(tmp_path_factory.mktemp("cases"))
    factories = (POWER, HEAT, FUEL, STEAM, SELLER, GREEN, OTHER)
    register = "".join(
        f"{code},示例企业{number},3311,,示例镇,,是,1000,2020-01-01,\n"
        for number, code in enumerate(factories)
    )
    files = (_REGISTER + register, _ENERGY + _LINES, _GREEN + _GREEN_LINES, _GREEN + _REUSE)
    with intake.Landing.open(home) as landing:
        for place, text in enumerate(files):
            at = datetime(2025, 5, 1 + place, 10, tzinfo=SHANGHAI)
            receipt = intake.receive(
                text.encode(), sender="commission", filename=f"{place}.csv", at=at, landing=landing
            )
            assert receipt.is_accepted, receipt.as_text()
    with Ledger.memory(folders=[home.lines]) as ledger:
        walk.walk(ledger, Site(home, Month(2025, 4), date(2026, 6, 30)))
        yield ledger


def co2(ledger: Ledger, purpose: str, factory: str, month: date, code: str) -> Decimal:
    sql = (
        "select cast(sum(co2_t) as decimal(38, 12)) from core.emission "
        "where purpose = ? and factory_id = ? and month = ? and energy_code = ?"
    )
    return Decimal(ledger.one(sql, [purpose, factory, month, code])[0])


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("purpose", "tonnes"),
    [
        ("shanghai_ets", 3360),
        ("location_provincial", 5849),
        ("national_ets", 5703),
        ("location_national", 5366),
        ("national_standard", 5366),
        ("location_regional", 5617),
        ("market_residual", "4684.8"),
    ],
)
def test_ten_million_kilowatt_hours_a_fifth_of_them_green(ledger: Ledger, purpose: str, tonnes: Any) -> None:
    """1,000 万kWh, 200 万kWh of them settled: 8,000 MWh × 0.42 = 3,360 t for Shanghai; residual 8,000 × 0.5856."""
    assert co2(ledger, purpose, POWER, JUNE, "33") == Decimal(tonnes)


def test_the_bases_stand_side_by_side_with_what_each_credits(ledger: Ledger) -> None:
    rows = ledger.rows(
        "select purpose, charged_mwh, credited_mwh, uncredited_mwh from mart.electricity_basis "
        "where factory_id = ? order by purpose",
        [POWER],
    ).to_dicts()
    credited = {row["purpose"]: (row["credited_mwh"], row["uncredited_mwh"]) for row in rows}

    assert credited["shanghai_ets"] == credited["market_residual"] == (2000, 0)
    assert credited["location_national"] == credited["national_standard"] == (0, 2000)
    assert {row["charged_mwh"] + row["credited_mwh"] for row in rows} == {10_000}


@pytest.mark.parametrize(("purpose", "tonnes"), [("shanghai_ets", 3000), ("location_provincial", 5500)])
def test_fifty_thousand_gigajoules_of_heat(ledger: Ledger, purpose: str, tonnes: int) -> None:
    assert co2(ledger, purpose, HEAT, JUNE, "32") == tonnes


@pytest.mark.parametrize(
    ("month", "code", "tonnes"),
    [
        (JUNE, "15", "2594.63"),
        (JUNE, "21", "314.51"),
        (APRIL, "21", "309.59"),
        # 1,200,000 m3 × 36 MJ measured × 15.3 t C/TJ × 0.99 × 44/12
        (APRIL, "15", "2399.28"),
        # (1,000 − 100 t of raw material) × 55 % carbon × 0.94 × 44/12
        (APRIL, "01", "1706.10"),
        # no document, so the default of edition a: 10 t × 50.179 × 17.2 × 0.98 × 44/12
        (APRIL, "23", "31.01"),
    ],
)
def test_fuels_by_default_and_measured(ledger: Ledger, month: date, code: str, tonnes: str) -> None:
    assert cents(co2(ledger, "location_provincial", FUEL, month, code)) == Decimal(tonnes)


def test_a_measured_result_names_the_edition_and_one_without_a_document_says_so(ledger: Ledger) -> None:
    sql = (
        "select energy_code, factor_id, level, note from core.emission "
        "where purpose = 'location_provincial' and factory_id = ? and month = ?"
    )
    found = {row["energy_code"]: row for row in ledger.rows(sql, [FUEL, APRIL]).to_dicts()}

    assert found["15"]["factor_id"].startswith("measured.ncv+fuel.natural_gas.")
    assert found["01"]["factor_id"] == "measured.carbon+fuel.raw_coal.d"
    assert found["15"]["level"] == found["01"]["level"] == "measured"
    assert found["23"]["factor_id"] == "fuel.lpg.a"
    assert "无凭证号" in found["23"]["note"]
    assert "36" not in found
    warned = "select count(*) from stg.rule_hit where rule_code = 'Q161' and factory_id = ?"
    assert ledger.one(warned, [FUEL])[0] == 1


def test_the_heat_content_follows_the_measured_value(ledger: Ledger) -> None:
    sql = "select energy_gj from core.energy_use where factory_id = ? and month = ? and energy_code = '15'"
    assert ledger.one(sql, [FUEL, JUNE])[0] == Decimal("46717.2")
    assert ledger.one(sql, [FUEL, APRIL])[0] == Decimal(43_200)


def test_steam_by_enthalpy_and_water_by_temperature(ledger: Ledger) -> None:
    """100 t × (2,763 − 83.74)/1000 + 100 t × (90 − 20) × 4.1868/1000 = 297.2336 GJ, at 0.11 and 0.06 t/GJ."""
    assert co2(ledger, "location_provincial", STEAM, JUNE, "32") == Decimal("32.695696")
    assert co2(ledger, "shanghai_ets", STEAM, JUNE, "32") == Decimal("17.834016")


def test_what_is_resold_is_counted_where_it_is_used(ledger: Ledger) -> None:
    sql = "select kind, activity from core.emission where purpose = ? and factory_id = ? order by kind"
    net = [("electricity", Decimal(130)), ("electricity_exported", Decimal(-30))]
    assert list(ledger.rows(sql, ["location_provincial", SELLER]).iter_rows()) == net
    assert list(ledger.rows(sql, ["shanghai_ets", SELLER]).iter_rows()) == [("electricity", Decimal(100))]
    assert co2(ledger, "location_provincial", SELLER, JUNE, "33") == Decimal("58.49")
    assert co2(ledger, "shanghai_ets", SELLER, JUNE, "33") == Decimal(42)


def test_biomass_and_the_other_gases_stand_apart(ledger: Ledger) -> None:
    """100 t × 11.6 GJ/t × 100 kg/GJ = 116 t of biogenic CO2; the vehicles' CH4 and N2O are unknown."""
    sql = "select gas, use, is_biogenic, mass_t from core.combustion_gas where factory_id = ? and energy_code = ?"
    biomass = {row["gas"]: row["mass_t"] for row in ledger.rows(sql, [FUEL, "36"]).to_dicts()}
    assert biomass == {"CO2": 116, "CH4": Decimal("0.0348"), "N2O": Decimal("0.00464")}

    diesel = ledger.rows(sql + " and month = ?", [FUEL, "21", JUNE]).to_dicts()
    known = {(row["gas"], row["use"]): row["mass_t"] for row in diesel}
    assert known["CH4", "stationary"] == Decimal("0.0077994")  # 60 t × 43.33 GJ × 3 kg/TJ
    assert known["CH4", "mobile"] is known["N2O", "mobile"] is None


def test_green_power_under_the_national_standard_and_the_renewable_rate(ledger: Ledger) -> None:
    """2 MWh of certificates count under both; 100 MWh of direct line without settlement under neither."""
    sql = "select scheme, kind, is_credited from mart.green_credit where factory_id = ?"
    credited = {
        (row["scheme"], row["kind"]): row["is_credited"] for row in ledger.rows(sql, [GREEN]).to_dicts()
    }
    assert credited["national_standard", "certificate"] and credited["renewable_rate", "certificate"]
    assert not credited["national_standard", "direct_line"] and not credited["renewable_rate", "direct_line"]
    assert not credited["shanghai_ets", "certificate"]

    rate = "select renewable_tce, energy_tce, uncounted_mwh from mart.renewable_rate where factory_id = ?"
    assert ledger.one(rate, [GREEN]) == (Decimal("0.245800"), Decimal("122.900000"), Decimal("100.000000"))


def test_a_certificate_used_twice_names_both_receipts(ledger: Ledger) -> None:
    found = next(
        item for item in walk.findings(ledger, _checks()) if item.check.name == "green_evidence_reused"
    )
    (row,) = found.rows.to_dicts()
    assert (row["evidence"], row["factory_id"], row["first_factory_id"]) == ("示例证-2", OTHER, GREEN)
    assert row["receipt_id"] != row["first_receipt_id"]
    held = "select fate, hold_codes from stg.green_power_verdict where receipt_id = ?"
    assert ledger.one(held, [row["receipt_id"]]) == ("held", "Q305")


def _checks() -> list[Any]:
    from pipelines import paths  # noqa: PLC0415 - only here
    from pipelines.engine import load_checks  # noqa: PLC0415

    return load_checks(paths.WAREHOUSE)

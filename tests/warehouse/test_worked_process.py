"""Worked cases of process and fugitive emissions: a factory's line through admission, coefficients and GWPs as they are."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from pipelines import paths, units
from pipelines.engine import load_checks
from tests.quality.station import MAY, Station, references, registered

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "worked" / "process.yml").read_text(encoding="utf-8")
)
EDITIONS = ("SAR", "AR4", "AR5", "AR6")
CHECKS = {check.name: check for check in load_checks(paths.WAREHOUSE)}


@pytest.fixture(scope="module")
def computed() -> Station:
    """Every case by a factory of its own, under one purpose an edition."""
    made = Station()
    purpose = references()["ref.purpose"].head(1)
    made.ledger.load(
        "ref.purpose",
        pl.concat(
            [
                purpose.with_columns(purpose=pl.lit(edition), gwp_edition=pl.lit(edition))
                for edition in EDITIONS
            ]
        ),
    )
    made.receive("register", registered(*[f"示例{place}" for place in range(len(CASES))]))
    for place, case in enumerate(CASES):
        made.receive("activity", [{"factory_id": f"示例{place}", "period": MAY, **case["line"]}])
    return made.run(("stg", "core"))


def told(made: Station, sql: str, place: int) -> dict[str, Decimal | None]:
    return dict(made.ledger.rows(sql, [f"示例{place}"]).iter_rows())


@pytest.mark.parametrize("place", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_the_case_emits_what_the_hand_says(place: int, computed: Station) -> None:
    case = CASES[place]
    emitted = told(computed, "select gas, emitted_t from core.process_emission where factory_id = ?", place)
    assert emitted == {gas: exact and Decimal(exact) for gas, exact in case["emitted_t"].items()}
    for edition, wanted in case.get("co2e_t", {}).items():
        sql = f"select gas, co2e_t from core.process_co2e where factory_id = ? and purpose = '{edition}'"
        found = {gas: exact and rounded(exact) for gas, exact in told(computed, sql, place).items()}
        assert found == {gas: exact and Decimal(exact) for gas, exact in wanted.items()}, edition


def rounded(exact: Decimal) -> Decimal:
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_remote_plasma_is_about_eight_times_lower_than_in_situ(computed: Station) -> None:
    sums = {
        process_type: computed.ledger.one(
            "select sum(co2e_t) from core.process_co2e where purpose = 'AR5' and process_type = ? and factory_id = ?",
            [process_type, f"示例{place}"],
        )[0]
        for place, process_type in ((1, "in_situ"), (4, "remote"))
    }
    assert 8 < sums["in_situ"] / sums["remote"] < 9


def test_what_is_unknown_is_counted_and_what_is_known_names_its_route(computed: Station) -> None:
    assert computed.ledger.violations(CHECKS["process_without_coefficient"])["gas"].to_list() == [
        "NF3",
        "C4F6",
        "HFC227ea",
        "SF6",
    ]
    without = computed.ledger.violations(CHECKS["process_without_gwp"])
    assert ("SAR", "NF3") in set(without.select("purpose", "gas").iter_rows())
    assert computed.ledger.violations(CHECKS["process_outside_inventory"])["gas"].to_list() == ["HCFC22"]
    for name in ("one_gwp_edition", "every_activity_routed", "conservation_activity", "conservation_rows"):
        assert computed.ledger.violations(CHECKS[name]).is_empty(), name
    sql = (
        "select count(*) from core.process_emission as emission left join ref.factor_source as source on "
        "emission.factor_id = source.factor_id where emission.emitted_t is not null and source.factor_id is null"
    )
    assert computed.ledger.one(sql)[0] == 0


def test_unstated_abatement_is_noted_on_the_result(computed: Station) -> None:
    sql = "select distinct note from core.process_emission where factory_id = '示例3'"
    assert computed.ledger.rows(sql)["note"].to_list() == ["IPCC Tier 2a；未说明末端处理是否运行，按未处理计"]


def test_a_second_edition_in_an_inventory_stops_publication(computed: Station) -> None:
    made = computed.ledger
    made.execute("create or replace temp table kept as select * from core.process_co2e")
    try:
        made.execute(
            "update core.process_co2e set gwp_edition = 'AR4' where purpose = 'AR5' and gas = 'R410A'"
        )
        assert made.violations(CHECKS["one_gwp_edition"])["purpose"].to_list() == ["AR5"]
        made.execute("create or replace table core.process_co2e as select * from kept")
        made.execute(
            "update core.process_co2e set gwp_id = 'gwp.r410a.ar4' where purpose = 'AR5' and gas = 'R410A'"
        )
        assert made.violations(CHECKS["one_gwp_edition"])["strays"].to_list() == [1]
    finally:
        made.execute("create or replace table core.process_co2e as select * from kept")


def routes() -> list[tuple[str, str, str]]:
    """Every activity, input gas and process type there is."""
    table = references()["ref.process_factor"].select("activity_code", "input_gas", "process_type").unique()
    return sorted(table.iter_rows())


def test_the_same_amount_in_any_unit_an_activity_allows_emits_the_same() -> None:
    dice = random.Random(20230501)
    made = Station()
    made.receive("register", registered("示例A"))
    lines = []
    for number, (code, gas, process_type) in enumerate(routes()):
        grams = dice.randint(1, 10**9)
        stated = {"kg": Decimal(grams) / 1000, "t": Decimal(grams) / 10**6}
        lines += [
            {
                "factory_id": "示例A",
                "period": MAY,
                "activity_code": code,
                "quantity": stated[unit],
                "unit": unit,
                "gas": gas or None,
                "process_type": process_type or None,
                "equipment": f"{number} {unit}",
            }
            for unit in units.activities()[code].allowed_units
            if unit in stated
        ]
    receipt = made.receive("activity", lines)
    made.run(("stg", "core"))
    assert {fate for fate, _, _ in made.fates("activity").values()} == {"admitted"}
    sql = (
        "select line.equipment, emission.gas, emission.emitted_t from core.process_emission as emission "
        "inner join stg.activity_line as line on emission.receipt_id = line.receipt_id "
        "and emission.line_no = line.line_no where line.receipt_id = ?"
    )
    told: dict[tuple[str, str], list[Decimal | None]] = defaultdict(list)
    for equipment, gas, emitted in made.ledger.rows(sql, [receipt]).iter_rows():
        told[equipment.split(" ")[0], gas].append(emitted)
    assert len({number for number, _ in told}) == len(routes())
    assert [key for key, found in told.items() if len(found) != 2 or len(set(found)) != 1] == []


def test_two_thousand_mutated_lines_lose_nothing_and_stop_nothing() -> None:
    dice = random.Random(20230502)
    known = routes()
    made = Station()
    made.receive("register", registered("示例A"))
    for number in range(500):
        rows = [_mutated(dice, known) for _ in range(4)]
        receipt = made.receive("activity", rows, f"M{number:04d}")
        if dice.random() < 0.1:
            made.decide(receipt, 2, dice.choice(["released", "rejected", "acknowledged"]))
    made.run(("stg", "core"))
    fates = [fate for fate, _, _ in made.fates("activity").values()]
    assert len(fates) == 2_000
    assert set(fates) == {"admitted", "held", "rejected", "superseded"}
    blocking = ("conservation_activity", "conservation_rows", "every_activity_routed", "one_gwp_edition")
    assert [name for name in blocking if len(made.ledger.violations(CHECKS[name]))] == []


def _mutated(dice: random.Random, known: list[tuple[str, str, str]]) -> dict[str, Any]:
    """A line that may be sound, with up to two cells changed into something a file has held before."""
    code, gas, process_type = dice.choice(known)
    row: dict[str, Any] = {
        "factory_id": dice.choice(["示例A", f"示例{dice.randint(1, 200)}"]),
        "period": MAY.replace(year=dice.randint(1999, 2026), month=dice.randint(1, 12)),
        "activity_code": code,
        "quantity": dice.choice([0, 1, "0.000000001", "999999999.999999999"]),
        "unit": dice.choice(["kg", "t"]),
        "gas": gas or None,
        "process_type": process_type or None,
        "is_abated": dice.choice([None, True, False]),
    }
    odd: dict[str, list[Any]] = {
        "quantity": [None, -1, 10**9, 10**12, "9999999999999999999"],
        "unit": ["parsec", "MWh", "Nm3"],
        "gas": [None, "SF6", "R410A", "<b>"],
        "process_type": [None, "remote", "chillers", "'; drop table raw.activity_line; --"],
        "activity_code": ["welding_co2", "unheard-of", "{0}"],
    }
    for column in dice.sample(sorted(odd), dice.randint(0, 2)):
        row[column] = dice.choice(odd[column])
    return row

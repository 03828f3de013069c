"""The rules themselves: each is broken by a line that should break it and by no flawless one; the data hold together."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines import paths, quality
from pipelines.errors import BrokenReference
from pipelines.reference.policytables import RANGE_TABLES
from tests.quality.station import APRIL, MARCH, MAY, Station, models, power, registered

Row = dict[str, Any]


def coal(**changes: Any) -> Row:
    return power(energy_code="01", unit="t", purchased=100, consumed=100, cost_cny=None) | changes


def steam(**changes: Any) -> Row:
    return power(energy_code="32", unit="t", purchased=100, consumed=100, cost_cny=None) | changes


def output(**changes: Any) -> Row:
    return {"period": MAY, "product_code": "P1", "output_value_cny": 100, "product_quantity": 5} | changes


def green(**changes: Any) -> Row:
    flawless = {"kind": "inter_provincial", "quantity": 5, "unit": "MWh", "contract_no": "示例合同"}
    return {"period": MAY, **flawless, "settlement_no": "示例结算-0"} | changes


def title(**changes: Any) -> Row:
    flawless = {"title": "green_factory", "level": "national", "award_cycle": 2021}
    return {**flawless, "published_on": date(2022, 1, 5), "removed_on": None} | changes


def indicator(**changes: Any) -> Row:
    return {"target_metric": METRIC, "period": MAY, "value": 1, "unit": "%"} | changes


def profile(**changes: Any) -> Row:
    return {"year": 2022, "indicator_code": "unheard-of", "value": 1, "unit": "1"} | changes


def activity(**changes: Any) -> Row:
    """A flawless line: 2 tonnes of shielding gas."""
    return {"period": MAY, "activity_code": "welding_co2", "quantity": 2, "unit": "t"} | changes


def electronics(**changes: Any) -> Row:
    flawless = {"activity_code": "electronics.semiconductor", "gas": "NF3", "process_type": "remote"}
    return activity(**flawless, unit="kg", is_abated=False) | changes


def cooling(activity_code: str, **changes: Any) -> Row:
    is_charge = activity_code == "refrigerant.operation"
    return activity(
        activity_code=activity_code, gas="R410A", process_type="chillers" if is_charge else None, **changes
    )


def medium(**changes: Any) -> Row:
    flawless = {"medium": "compressed_air", "origin": "purchased", "consumed": 100, "unit": "Nm3"}
    return {"period": MAY, **flawless} | changes


with (paths.SCHEMAS / "ranges.csv").open(encoding="utf-8") as _ranges:
    RANGES = list(csv.DictReader(_ranges))
METRIC = "示例指标"
STRANGER = {"factory_id": "不在名录"}

# Rule → rows of one submission that break it; the last row is the one that does.
BREAKING: dict[str, list[Row]] = {
    "Q101": [power(**STRANGER)],
    "Q102": [power(consumed=None)],
    "Q103": [power(supplied=-1)],
    "Q104": [power(feedstock=121)],
    "Q105": [power(transport=121)],
    "Q106": [power(meter_id="表1"), power(meter_id="表1")],
    "Q107": [coal(energy_code="02")],
    "Q108": [power(unit="t")],
    "Q109": [power(consumed=10**12, purchased=None, cost_cny=None)],
    "Q121": [power(measured_ncv=36, measured_ncv_unit="MJ_per_Nm3")],
    "Q122": [coal(measured_ncv=20_908, measured_ncv_unit="MJ_per_kg", document_no="示例报告")],
    "Q123": [coal(measured_carbon=96, measured_carbon_unit="tC_per_TJ", document_no="示例报告")],
    "Q124": [steam(steam_enthalpy=419)],
    "Q110": [power(adopted_coefficient="4.04")],
    "Q111": [coal(opening_stock=10, supplied=0, closing_stock=30)],
    "Q112": [
        power(period=date(2023, 1, 1), basis="cumulative", consumed=100, cost_cny=None),
        power(period=date(2023, 2, 1), basis="cumulative", consumed=90, purchased=150, cost_cny=None),
    ],
    "Q113": [power(basis="cumulative")],
    "Q151": [coal(opening_stock=10, supplied=0, closing_stock=11)],
    "Q152": [power(period=APRIL, consumed=10), power()],
    "Q153": [power(cost_cny=84_000)],
    "Q154": [coal(adopted_coefficient="1.5")],
    "Q155": [coal(energy_code="02", consumed=101), coal()],
    "Q156": [power(energy_code="39", unit="tce", consumed=5, cost_cny=None)],
    "Q157": [coal(feedstock=60, transport=60)],
    "Q161": [coal(measured_ncv="20.9", measured_ncv_unit="GJ_per_t")],
    "Q158": [coal(opening_stock=10, closing_stock=10)],
    "Q159": [power(period=APRIL), power(basis="cumulative")],
    "Q201": [output(**STRANGER)],
    "Q202": [output(output_value_cny=-1)],
    "Q203": [output(), output()],
    "Q204": [output(output_value_cny=10**14)],
    "Q251": [output(output_value_cny=None)],
    "Q252": [output(value_added_cny=101)],
    "Q301": [green(**STRANGER, settlement_no="示例结算-1")],
    "Q302": [green(quantity=-1, settlement_no="示例结算-2")],
    "Q303": [green(settlement_no=None)],
    "Q304": [green(kind="certificate", settlement_no=None)],
    "Q305": [
        green(kind="certificate", settlement_no=None, certificate_ids="示例001；示例002"),
        green(kind="certificate", settlement_no=None, certificate_ids="示例003, 示例002"),
    ],
    "Q306": [green(unit="t", settlement_no="示例结算-3")],
    "Q307": [green(kind="certificate", settlement_no=None, certificate_ids="示例201～示例209")],
    "Q351": [
        green(kind="certificate", settlement_no=None, quantity=2, certificate_ids="示例301；示例302"),
        green(kind="certificate", settlement_no=None, quantity=30, certificate_ids="示例303；示例304"),
    ],
    "Q401": registered("示例F1", valid_to=date(2020, 1, 1)),
    "Q402": registered("示例F2", valid_to=date(2023, 1, 2))
    + registered("示例F2", valid_from=date(2023, 1, 1)),
    "Q403": registered("示例F3", industry_code="39A3"),
    "Q451": registered("示例F4", tag_6x="unknown"),
    "Q501": [title(removed_on=date(2021, 12, 31))],
    "Q502": [title(level="galactic")],
    "Q503": [title(), title()],
    "Q551": [title(**STRANGER)],
    "Q552": [title(award_cycle=2023)],
    "Q601": [indicator()],
    "Q602": [indicator(), indicator()],
    "Q603": [indicator(value=None)],
    "Q701": [profile(**STRANGER)],
    "Q702": [profile(), profile()],
    "Q751": [profile()],
    "Q801": [activity(**STRANGER)],
    "Q802": [activity(quantity=-1)],
    "Q803": [activity(quantity=10**9)],
    "Q804": [activity(activity_code="unheard-of")],
    "Q805": [activity(unit="MWh")],
    "Q806": [electronics(gas=None)],
    "Q807": [electronics(gas="R410A")],
    "Q808": [electronics(process_type=None)],
    "Q809": [electronics(process_type="chillers")],
    "Q810": [activity(equipment="一号"), activity(equipment="二号"), activity(equipment="一号")],
    "Q851": [activity(activity_code="sf6_equipment.operation", process_type="sealed_pressure")],
    "Q852": [electronics(is_abated=None)],
    "Q853": [electronics(gas="HFC32", process_type="etch", is_abated=True), activity(is_abated=True)],
    "Q854": [
        cooling("refrigerant.operation", equipment="冷机二号"),
        cooling("refrigerant.leak", equipment="冷机一号"),
        cooling("refrigerant.operation", equipment="冷机一号"),
    ],
    "Q901": [medium(**STRANGER)],
    "Q902": [medium(consumed=-1)],
    "Q903": [medium(), medium()],
    "Q904": [medium(unit="t")],
    "Q905": [medium(consumed=10**12)],
    "Q951": [medium(medium="phlogiston")],
}
# Every other way to break a rule: each column, end and alternative its condition names.
ALSO_BREAKING: list[tuple[str, list[Row]]] = [
    *(("Q103", [power(**{column: -1})]) for column in ("opening_stock", "purchased", "consumed")),
    *(("Q103", [power(**{column: -1})]) for column in ("feedstock", "transport", "closing_stock")),
    ("Q109", [power(cost_cny=10**12)]),
    ("Q110", [power(adopted_coefficient="1.0")]),
    ("Q111", [coal(opening_stock=10, supplied=0, closing_stock=0, consumed=60)]),
    ("Q113", [power(period=date(2023, 1, 1), basis="cumulative", meter_id=f"{n}") for n in (1, 2)]
     + [power(period=date(2023, 2, 1), basis="cumulative", unit="kWh", meter_id="2", consumed=10**7)]),
    ("Q122", [coal(measured_ncv=2, measured_ncv_unit="MJ_per_kg", document_no="示例报告")]),
    ("Q123", [coal(measured_carbon=9, measured_carbon_unit="tC_per_TJ", document_no="示例报告")]),
    ("Q123", [coal(measured_carbon=99, measured_carbon_unit="percent_C", document_no="示例报告")]),
    ("Q124", [steam(steam_enthalpy=9000)]),
    ("Q124", [steam(water_temperature=400)]),
    ("Q124", [steam(water_temperature=2)]),
    ("Q151", [coal(opening_stock=10, supplied=0, closing_stock=9)]),
    ("Q152", [power(period=APRIL, consumed=10_000, cost_cny=None), power()]),
    ("Q153", [power(cost_cny=8_400_000)]),
    ("Q154", [coal(adopted_coefficient="0.1")]),
    ("Q161", [coal(measured_carbon=55, measured_carbon_unit="percent_C")]),
    ("Q302", [green(quantity=None, settlement_no="示例结算-11")]),
    ("Q302", [green(quantity=10**12, settlement_no="示例结算-12")]),
    ("Q303", [green(contract_no=None, settlement_no="示例结算-13")]),
    ("Q307", [green(kind="certificate", settlement_no=None, certificate_ids="示例401至示例409")]),
    ("Q351", [green(kind="certificate", settlement_no=None, quantity=1, certificate_ids="示例411；示例412")]),
    ("Q802", [activity(quantity=None)]),
    ("Q807", [activity(gas="NF3")]),
    ("Q905", [medium(consumed=-(10**12))]),
]  # fmt: skip
FLAWLESS: dict[str, list[Row]] = {
    "energy": [
        power(),
        power(meter_id="表2"),
        power(period=APRIL, consumed=0, purchased=None, cost_cny=None),
        coal(measured_ncv="20.9", measured_ncv_unit="GJ_per_t", document_no="示例报告"),
        coal(measured_carbon=55, measured_carbon_unit="percent_C", document_no="示例报告", meter_id="表3"),
        steam(steam_enthalpy=2763),
        steam(water_temperature=90, meter_id="表4"),
    ],
    "output": [output(value_added_cny=-5), output(product_code="P2")],
    "green_power": [
        green(quantity=0, contract_no=None, settlement_no=None),
        green(),
        green(kind="certificate", settlement_no=None, quantity=2, certificate_ids="示例101;示例102"),
    ],
    "titles": [title(), title(title="green_product")],
    "activity": [
        activity(gas="CO2"),
        activity(quantity=0, equipment="停用"),
        electronics(),
        electronics(gas="CF4", process_type=None, is_abated=True),
        activity(activity_code="refrigerant.leak", gas="R410A", quantity=35, unit="kg"),
        cooling("refrigerant.operation", equipment="没有补充记录的冷机"),
        activity(activity_code="wastewater.cod", process_type="anaerobic_reactor"),
    ],
    "media": [medium(), medium(document_no="示例001"), medium(origin="self_produced", unit="wan_Nm3")],
}


@pytest.fixture(scope="module")
def judged() -> tuple[Station, dict[str, str]]:
    """Every breaking and every flawless submission in one ledger, each from a factory of its own."""
    made = Station()
    register = [rows for code, rows in BREAKING.items() if code.startswith("Q4")]
    made.receive("register", registered(*[f"示例{name}" for name in (*BREAKING, *FLAWLESS)]))
    receipts = {}
    for rows in register:
        made.receive("register", rows, f"示例-{rows[0]['factory_id']}")
    for code, rows in BREAKING.items():
        contract = CONTRACT[code]
        if contract == "register":
            receipts[code] = f"示例-{rows[0]['factory_id']}"
        else:
            receipts[code] = made.receive(contract, [_of(f"示例{code}", contract, row, code) for row in rows])
    for contract, rows in FLAWLESS.items():
        receipts[contract] = made.receive(contract, [_of(f"示例{contract}", contract, row) for row in rows])
    return made.run(), receipts


def _of(factory_id: str, contract: str, row: Row, code: str = "") -> Row:
    if contract == "indicators":
        return {**row, "target_metric": f"{METRIC}{code}"}
    return row if row.get("factory_id") in STRANGER.values() else {**row, "factory_id": factory_id}


RULES = {rule.code: rule for rule in quality.load_rules()}
CONTRACT = {code: rule.contract for code, rule in RULES.items()}


def test_every_rule_has_a_line_here_that_breaks_it() -> None:
    assert set(BREAKING) == set(RULES)


@pytest.mark.parametrize("code", sorted(BREAKING))
def test_the_line_breaks_the_rule_it_should(code: str, judged: tuple[Station, dict[str, str]]) -> None:
    made, receipts = judged
    rule = RULES[code]
    last = len(BREAKING[code]) + 1
    fate, holds, warns = made.fate(receipts[code], last, rule.contract)
    assert code in (holds if rule.severity == "critical" else warns).split(";")
    assert (fate == "held") == bool(holds)


def test_a_rule_holds_or_tells_as_its_code_says() -> None:
    """x01 to x49 hold the line, x51 to x99 let it pass (schemas/expectations/README.md): nobody softens a rule in one word."""
    for code, rule in RULES.items():
        assert rule.severity == ("critical" if int(code[2:]) < 50 else "warning"), code


def test_what_cannot_be_computed_is_not_released() -> None:
    """Without an amount, a unit or a method there is no figure, whoever releases the line."""
    beyond = {code for code, rule in RULES.items() if not rule.may_release}

    assert beyond == {
        *("Q102", "Q108", "Q109", "Q112", "Q113", "Q121"),
        *("Q204", "Q302", "Q306", "Q307", "Q401", "Q502", "Q601", "Q603"),
        *("Q802", "Q803", "Q804", "Q805", "Q806", "Q807", "Q808", "Q809", "Q904", "Q905"),
    }


@pytest.fixture(scope="module")
def also_judged() -> tuple[Station, list[str]]:
    """Every other breaking submission, each from a factory of its own."""
    made = Station()
    made.receive("register", registered(*[f"示例{place}" for place in range(len(ALSO_BREAKING))]))
    receipts = [
        made.receive(CONTRACT[code], [{**row, "factory_id": f"示例{place}"} for row in rows])
        for place, (code, rows) in enumerate(ALSO_BREAKING)
    ]
    return made.run(), receipts


@pytest.mark.parametrize("place", range(len(ALSO_BREAKING)), ids=[code for code, _ in ALSO_BREAKING])
def test_so_does_every_other_way_to_break_it(place: int, also_judged: tuple[Station, list[str]]) -> None:
    made, receipts = also_judged
    code, rows = ALSO_BREAKING[place]
    _, holds, warns = made.fate(receipts[place], len(rows) + 1, CONTRACT[code])
    assert code in f"{holds};{warns}".split(";")


@pytest.mark.parametrize("contract", sorted(FLAWLESS))
def test_flawless_lines_break_nothing(contract: str, judged: tuple[Station, dict[str, str]]) -> None:
    made, receipts = judged
    for line in range(2, len(FLAWLESS[contract]) + 2):
        assert made.fate(receipts[contract], line, contract) == ("admitted", "", "")


def test_a_hit_tells_what_was_read_under_the_header_the_clerk_knows(
    judged: tuple[Station, dict[str, str]],
) -> None:
    made, receipts = judged
    sql = "select detail from stg.rule_hit where receipt_id = ? and rule_code = ?"
    read = {code: made.ledger.rows(sql, [receipts[code], code])["detail"][0] for code in ("Q102", "Q104")}
    sums = {
        code: made.ledger.rows(sql, [receipts[code], code])["detail"][0] for code in ("Q111", "Q158", "Q112")
    }
    assert sums == {
        "Q111": "期初 10 ＋ 购进 100 － 消费 100 － 外供 0 － 期末 30 ＝ -20.000",
        "Q158": "期初 10 ＋ 购进 100 － 消费 100 － 外供 未报 － 期末 10 ＝ 不能核对",
        "Q112": f"本月累计 90（回执 {receipts['Q112']} 第3行），上月累计 100（回执 {receipts['Q112']} 第2行），累计数不应减少",
    }
    assert read == {"Q102": "消费量空白", "Q104": "其中用于原材料“121”，消费量“120”"}


def test_columns_a_rule_names_are_columns_of_its_raw_table() -> None:
    from pipelines import intake  # noqa: PLC0415 - only here

    for rule in RULES.values():
        assert set(rule.columns) <= set(intake.raw_schema(rule.contract)), rule.code


def test_a_rule_in_dates_speaks_of_those_months_alone() -> None:
    rule = RULES["Q102"].model_copy(update={"valid_from": APRIL, "valid_to": MAY})
    made = Station()
    made.ledger.execute("create schema stg")
    made.ledger.execute(
        "create table stg.line as select null as stated_consumed, unnest([?, ?, ?]) as period", DATES
    )
    told = made.ledger.rows(f"select period from stg.line where {rule.predicate('period')}")
    assert told["period"].to_list() == [APRIL]


DATES = [MARCH, APRIL, MAY]


def test_every_file_a_rule_cites_is_there() -> None:
    parts = [part for rule in RULES.values() for part in rule.source.split("；")]
    cited = [part for part in parts if part.startswith(("schemas/", "emission_factors/"))]
    assert cited
    assert [name for name in cited if not (paths.CHECKOUT / name).exists()] == []


def test_an_unknown_key_and_a_code_used_twice_are_told_together(tmp_path: Path) -> None:
    source = (paths.EXPECTATIONS / "rules" / "profile.yml").read_text(encoding="utf-8")
    folder = tmp_path / "rules"
    folder.mkdir()
    for contract in ("profile", "titles", "output"):
        text = source.replace("contract: profile", f"contract: {contract}")
        broken = text.replace("severity:", "seriousness:") if contract == "output" else text
        (folder / f"{contract}.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(BrokenReference) as told:
        quality.load_rules(tmp_path)
    assert "Q701" in str(told.value)
    assert "seriousness" in str(told.value)


def test_plausible_ranges_never_overlap_so_no_line_is_judged_twice() -> None:
    keys = [(row["subject"], row["energy_code"]) for row in RANGES]
    for first, row in enumerate(RANGES):
        for other in RANGES[first + 1 :]:
            if keys[first] == (other["subject"], other["energy_code"]):
                apart = _ends_before(row, other) or _ends_before(other, row)
                assert apart, (row["range_id"], other["range_id"])


def test_every_plausible_range_is_sourced_dated_and_of_a_subject_a_rule_reads() -> None:
    read = "".join(
        model.sql
        for model in models()
        if model.key in ("stg.energy_context", "stg.energy_measured", "stg.energy_balance")
    )
    for row in RANGES:
        assert row["source"] and row["valid_from"] and row["unit"], row["range_id"]
        assert f"left join {RANGE_TABLES[row['subject']]} " in read


def _ends_before(row: Row, other: Row) -> bool:
    return bool(row["valid_to"]) and row["valid_to"] <= other["valid_from"]

"""Every line has exactly one fate, decided by the rules, the newest version and the steward's last word."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines import paths, quality
from pipelines.engine import load_checks
from pipelines.errors import BrokenReference
from tests.quality.station import APRIL, KNOWN, MAY, OTHER, Station, power, registered, station

CHECKS = [
    check
    for check in load_checks(paths.WAREHOUSE)
    if check.name.startswith(("conservation_", "stg_")) and "core.energy_use" not in check.depends_on
]
USE = next(check for check in load_checks(paths.WAREHOUSE) if check.name == "conservation_use")


def test_a_released_line_is_admitted_and_keeps_the_codes_it_broke() -> None:
    made = station()
    receipt = made.receive("energy", [power(supplied=-1)])
    made.decide(receipt, 2, "released")
    assert made.run().fate(receipt) == ("admitted", "Q103", "")


def test_a_line_that_cannot_be_computed_with_stays_held_even_when_released() -> None:
    made = station()
    flaws = {"consumed": None}, {"unit": "t"}, {"consumed": "9999999999999999999"}
    receipt = made.receive("energy", [power(meter_id=str(n), **flaw) for n, flaw in enumerate(flaws)])
    for line in (2, 3, 4):
        made.decide(receipt, line, "released")
    fates = made.run(("stg", "core")).fates()
    assert [codes for fate, codes, _ in fates.values() if fate == "held"] == ["Q102", "Q108", "Q109"]


def test_the_stewards_last_word_counts() -> None:
    made = station()
    receipt = made.receive(
        "energy", [power(supplied=-1), power(meter_id="2"), power(meter_id="3", supplied=-1)]
    )
    for decision in ("rejected", "released"):
        made.decide(receipt, 2, decision)
    made.decide(receipt, 3, "rejected")
    for decision in ("released", "rejected"):
        made.decide(receipt, 4, decision)
    fates = [fate for fate, _, _ in made.run().fates().values()]
    assert fates == ["admitted", "rejected", "rejected"]


def test_an_acknowledged_warning_changes_no_fate_and_is_kept_with_the_line() -> None:
    made = station()
    receipt = made.receive("energy", [power(cost_cny=1), power(meter_id="2", cost_cny=1)])
    made.decide(receipt, 2, "acknowledged")
    rows = made.run().ledger.rows("select * from stg.line_fate where contract = 'energy' order by line_no")
    assert rows["fate"].to_list() == ["admitted", "admitted"]
    assert rows["is_acknowledged"].to_list() == [True, False]


def test_a_correction_takes_the_place_of_the_whole_month_and_of_no_other() -> None:
    made = station()
    first = made.receive("energy", [power(), power(energy_code="15", unit="Nm3"), power(period=APRIL)])
    second = made.receive("energy", [power(consumed=118)])
    fates = {key: fate for key, (fate, _, _) in made.run().fates().items()}
    assert fates == {
        (first, 2): "superseded",
        (first, 3): "superseded",
        (first, 4): "admitted",
        (second, 2): "admitted",
    }


def test_a_correction_that_is_held_still_takes_the_place_of_the_older_version() -> None:
    made = station()
    first = made.receive("energy", [power()])
    second = made.receive("energy", [power(consumed=None)])
    made.run()
    assert made.fate(first)[0] == "superseded"
    assert made.fate(second)[0] == "held"


def test_a_factory_that_joins_the_register_later_is_held_before_that_month_and_admitted_from_it() -> None:
    made = Station()
    made.receive("register", registered(KNOWN, valid_from=MAY))
    receipt = made.receive("energy", [power(period=APRIL), power()])
    made.run()
    assert made.fate(receipt, 2) == ("held", "Q101", "")
    assert made.fate(receipt, 3) == ("admitted", "", "")


def test_a_held_register_line_makes_no_factory_known() -> None:
    made = Station()
    made.receive("register", registered(KNOWN, industry_code="x"))
    receipt = made.receive("energy", [power()])
    assert made.run().fate(receipt)[1] == "Q101"


def test_admitting_twice_gives_the_same_verdicts_and_hits() -> None:
    made = station()
    made.receive("energy", [power(consumed=None), power(meter_id="2", cost_cny=1)])
    made.run()
    before = [made.ledger.rows(f"select * from {table} order by all") for table in JUDGED]
    quality.admit(made.ledger, "energy")
    after = [made.ledger.rows(f"select * from {table} order by all") for table in JUDGED]
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))


JUDGED = ("stg.energy_verdict", "stg.rule_hit", "stg.rule_summary")


def test_the_rule_summary_counts_rows_of_submissions_that_break_nothing_too() -> None:
    made = station()
    flawed = made.receive("energy", [power(supplied=-1, feedstock=200)])
    sound = made.receive("energy", [power(factory_id=OTHER)])
    sql = "select receipt_id, rule_code, rows, held, hits from stg.rule_summary where contract = 'energy'"
    rows = sorted(made.run().ledger.rows(sql).rows())
    assert rows == [(flawed, "Q103", 1, 1, 1), (flawed, "Q104", 1, 1, 1), (sound, "", 1, 0, 0)]


def test_a_rule_that_cannot_be_run_stops_admission_and_is_named(tmp_path: Path) -> None:
    made = station()
    made.receive("energy", [power()])
    made.run()
    folder = tmp_path / "expectations" / "rules"
    folder.mkdir(parents=True)
    text = (paths.EXPECTATIONS / "rules" / "energy.yml").read_text(encoding="utf-8")
    (folder / "energy.yml").write_text(text.replace("not is_known_factory", "not no_such_column"), "utf-8")
    with pytest.raises(BrokenReference, match="Q101") as told:
        quality.admit(made.ledger, "energy", tmp_path / "expectations")
    assert "Q102" not in str(told.value)


def test_figures_too_large_for_the_arithmetic_are_held_and_stop_nothing() -> None:
    made = station()
    largest = "999999999999.999999999"
    many = [
        power(
            energy_code="14",
            unit="wan_Nm3",
            consumed=largest,
            supplied=largest,
            meter_id=str(n),
            cost_cny=None,
        )
        for n in range(40)
    ]
    beyond = [power(meter_id="x", consumed="9999999999999999999", adopted_coefficient="9999")]
    receipt = made.receive("energy", [*many, *beyond, power(energy_code="15", unit="Nm3", cost_cny=None)])
    made.run(("stg", "core"))
    fates = made.fates()
    assert {codes for (fate, codes, _) in list(fates.values())[:-1]} == {"Q109", "Q109;Q110"}
    assert fates[receipt, 43][0] == "admitted"
    assert [check.name for check in (*CHECKS, USE) if len(made.ledger.violations(check))] == []


def test_the_largest_figures_that_are_admitted_can_be_computed_with() -> None:
    made = station()
    rows = [
        power(energy_code=code, unit=unit, consumed=99_999_999_999, purchased=99_999_999_999, cost_cny=None)
        for code, unit in (("33", "MWh"), ("01", "t"), ("15", "Nm3"), ("32", "GJ"), ("21", "t"), ("19", "t"))
    ]
    rows[1] |= {"adopted_coefficient": 9999}
    made.receive("energy", rows)
    made.run(("stg", "core"))
    assert {fate for fate, _, _ in made.fates().values()} == {"admitted"}
    assert made.ledger.rows("select count(*) as n from core.energy_use").item() == len(rows)


def test_a_line_lost_or_told_twice_is_found() -> None:
    made = station()
    receipt = made.receive("energy", [power(), power(energy_code="15", unit="Nm3")])
    made.run()
    assert [check.name for check in CHECKS if len(made.ledger.violations(check))] == []
    # As many rows as before, and yet one is missing and one is there twice.
    made.ledger.execute("update stg.line_fate set line_no = 2 where contract = 'energy' and line_no = 3")
    made.ledger.execute("delete from stg.energy_line where line_no = 3")
    assert [check.name for check in CHECKS if len(made.ledger.violations(check))] == [
        "conservation_quantity",
        "conservation_rows",
    ]
    made.ledger.execute("delete from raw.submission where receipt_id = ?", [receipt])
    assert "stg_line_without_submission" in [c.name for c in CHECKS if len(made.ledger.violations(c))]


def test_two_thousand_mutated_submissions_lose_no_row_and_no_quantity() -> None:
    made = station()
    dice = random.Random(20230501)
    sent = {}
    for number in range(2_000):
        rows = [_mutated(dice) for _ in range(dice.randint(1, 4))]
        receipt = f"M{number:04d}"
        sent[receipt] = len(rows)
        made.receive("energy", rows, receipt)
        if dice.random() < 0.05:
            made.decide(receipt, 2, dice.choice(["released", "rejected", "acknowledged"]))
    fates = made.run(("stg", "core")).fates()
    judged: dict[str, int] = {}
    for receipt, _ in fates:
        judged[receipt] = judged.get(receipt, 0) + 1
    assert judged == sent
    kinds = {fate for fate, _, _ in fates.values()}
    assert kinds == {"admitted", "held", "rejected", "superseded"}
    assert [check.name for check in (*CHECKS, USE) if len(made.ledger.violations(check))] == []


_QUANTITIES: list[Any] = [None, 0, 1, 120, -3, "0.000000001", "123456.789", 10**12, "9999999999999999999"]
_COLUMNS = ("opening_stock", "purchased", "consumed", "feedstock", "transport", "supplied", "closing_stock")


def _mutated(dice: random.Random) -> dict[str, Any]:
    """A line with up to three cells changed into something a file has held before."""
    row = power(factory_id=f"示例{dice.randint(1, 400)}" if dice.random() < 0.5 else KNOWN)
    row["period"] = date(dice.choice([2022, 2023, 1999]), dice.randint(1, 12), 1)
    for _ in range(dice.randint(0, 3)):
        column = dice.choice(
            [*_COLUMNS, "energy_code", "unit", "meter_id", "adopted_coefficient", "cost_cny"]
        )
        if column == "energy_code":
            row[column] = f"{dice.randint(1, 41):02d}"
        elif column == "unit":
            row[column] = dice.choice(["t", "Nm3", "wan_Nm3", "MWh", "GJ", "tce", "parsec"])
        elif column == "meter_id":
            row[column] = dice.choice(["'; drop table raw.energy_line; --", "{0}", "表;1", "<b>"])
        else:
            row[column] = dice.choice(_QUANTITIES)
    return row

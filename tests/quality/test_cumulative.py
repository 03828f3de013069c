"""累计口径 | A year of totals through admission and arithmetic: months come out, quantities are conserved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipelines import paths
from pipelines.engine import load_checks
from tests.quality.station import KNOWN, Station, power, station

JANUARY, FEBRUARY, MARCH = (date(2023, month, 1) for month in (1, 2, 3))
HELD_BY = {"conservation_quantity", "conservation_rows", "conservation_use", "cumulative_adds_up"}


def total(period: date, consumed: Any, **changes: Any) -> dict[str, Any]:
    return power(
        period=period, basis="cumulative", consumed=consumed, purchased=consumed, cost_cny=None, **changes
    )


def months(made: Station) -> dict[date, Decimal]:
    rows = made.ledger.rows("select month, used from core.energy_use where energy_code = '33' order by month")
    return dict(rows.iter_rows())


def violations(made: Station) -> list[str]:
    checks = [check for check in load_checks(paths.WAREHOUSE) if check.name in HELD_BY]
    assert {check.name for check in checks} == HELD_BY
    return [check.name for check in checks if not made.ledger.violations(check).is_empty()]


def test_totals_become_months_and_nothing_is_lost() -> None:
    made = station()
    made.receive("energy", [total(JANUARY, 100)])
    made.receive("energy", [total(FEBRUARY, 180)])
    made.receive("energy", [total(MARCH, "300.5")])
    made.run(("stg", "core"))

    assert months(made) == {JANUARY: 1000, FEBRUARY: 800, MARCH: 1205}
    assert violations(made) == []


def test_a_drop_is_held_beyond_release_until_the_wrong_month_is_sent_again() -> None:
    made = station()
    first = made.receive("energy", [total(JANUARY, 1000)])
    second = made.receive("energy", [total(FEBRUARY, 180)])
    made.decide(second, 2, "released")
    made.run(("stg", "core"))

    assert made.fate(second)[:2] == ("held", "Q112")
    assert months(made) == {JANUARY: 10_000}
    assert violations(made) == []

    made.receive("energy", [total(JANUARY, 100)])
    made.run(("stg", "core"))

    assert made.fate(first)[0] == "superseded"
    assert made.fate(second)[0] == "admitted"
    assert months(made) == {JANUARY: 1000, FEBRUARY: 800}
    assert violations(made) == []


def test_a_month_that_is_missing_is_not_guessed_and_comes_by_itself_once_it_is_sent() -> None:
    made = station()
    made.receive("energy", [total(JANUARY, 100)])
    late = made.receive("energy", [total(MARCH, 300)])
    made.run(("stg", "core"))

    assert made.fate(late)[:2] == ("held", "Q113")
    assert months(made) == {JANUARY: 1000}

    made.receive("energy", [total(FEBRUARY, 180)])
    made.run(("stg", "core"))

    assert made.fate(late)[0] == "admitted"
    assert months(made) == {JANUARY: 1000, FEBRUARY: 800, MARCH: 1200}
    assert violations(made) == []


def test_months_sent_as_months_before_the_totals_are_told_and_not_added_in() -> None:
    made = station()
    made.receive("energy", [power(period=JANUARY, consumed=100)])
    mixed = made.receive("energy", [total(FEBRUARY, 180)])
    made.run(("stg", "core"))

    assert made.fate(mixed) == ("held", "Q113", "Q159")
    assert months(made) == {JANUARY: 1000}


def test_a_lost_flow_is_found() -> None:
    made = station()
    made.receive("energy", [total(JANUARY, 100), total(FEBRUARY, 180)])
    made.run(("stg", "core"))
    made.ledger.execute("update stg.energy_flow set consumed = 79 where period = date '2023-02-01'")

    assert set(violations(made)) >= {"cumulative_adds_up"}


@pytest.mark.parametrize(
    ("coefficient", "fate"),
    [("1.229", "admitted"), ("3", "held"), ("4.04", "held"), ("0.1229", "held")],
)
def test_an_equivalent_entered_as_the_coefficient_of_electricity_waits(coefficient: str, fate: str) -> None:
    made = station()
    receipt = made.receive("energy", [power(factory_id=KNOWN, adopted_coefficient=coefficient)])
    made.run()

    assert made.fate(receipt)[:2] == (fate, "" if fate == "admitted" else "Q110")

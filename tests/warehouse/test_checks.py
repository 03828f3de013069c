"""Checks that keep a curve on one basis, unconfirmed rows out and a fallback told, run on rows that break them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipelines import paths
from pipelines.engine import Check, Ledger, load_checks

CHECKS = {check.name: check for check in load_checks(paths.WAREHOUSE)}
OLD, NEW = "shanghai_2012", "shanghai_2022"


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger.memory(threads=1) as opened:
        yield opened


def emission(month: str, series: str | None, **changed: Any) -> dict[str, Any]:
    row = {
        "purpose": "shanghai_ets",
        "sector": "any",
        "energy_code": "33",
        "kind": "electricity",
        "month": month,
        "series": series,
        "factor_id": "f",
    }
    return {**row, **changed}


def change(first: str, then: str, on: str) -> dict[str, str]:
    return {"from_series": first, "to_series": then, "changed_on": on}


def found(ledger: Ledger, rows: list[dict[str, Any]], changes: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Pairs of series the check refuses."""
    dates = [pl.col("month").str.to_date()]
    ledger.load("core.emission", pl.DataFrame(rows).with_columns(dates))
    frame = pl.DataFrame(
        changes, schema={"from_series": pl.String, "to_series": pl.String, "changed_on": pl.String}
    )
    ledger.load("ref.series_change", frame.with_columns(pl.col("changed_on").str.to_date()))
    broken = ledger.violations(check("series_mixed")).to_dicts()
    return [(row["series"], row["other_series"]) for row in broken]


def check(name: str) -> Check:
    assert CHECKS[name].severity == "blocking"
    return CHECKS[name]


def test_a_curve_of_7_88_and_4_2_is_refused(ledger: Ledger) -> None:
    """The change alone would show a 47 % "cut" nobody made."""
    rows = [emission("2021-12-01", OLD), emission("2022-01-01", NEW)]

    assert found(ledger, rows, []) == [(OLD, NEW)]


def test_one_basis_all_through_is_what_a_curve_is(ledger: Ledger) -> None:
    rows = [emission("2020-12-01", NEW), emission("2022-01-01", NEW), emission("2022-02-01", None)]

    assert found(ledger, rows, []) == []


def test_two_purposes_may_rest_on_different_bases_and_so_may_two_sectors(ledger: Ledger) -> None:
    rows = [
        emission("2022-01-01", NEW),
        emission("2022-01-01", "mee_ets_grid", purpose="national_ets"),
        emission("2022-01-01", "edition_b", energy_code="16", kind="fuel", sector="general"),
        emission("2022-01-01", "edition_c", energy_code="16", kind="fuel", sector="ministry"),
        emission("2022-01-01", "green_power", kind="green_power"),
    ]

    assert found(ledger, rows, []) == []


def test_a_declared_change_is_let_through_on_its_day_and_on_no_other(ledger: Ledger) -> None:
    declared = [change("edition_b", "edition_a", "2025-03-01")]
    fuel = {"energy_code": "16", "kind": "fuel", "sector": "general"}
    rows = [emission("2025-02-01", "edition_b", **fuel), emission("2025-03-01", "edition_a", **fuel)]

    assert found(ledger, rows, declared) == []
    assert found(ledger, [*rows, emission("2025-04-01", "edition_b", **fuel)], declared) == [
        ("edition_b", "edition_a")
    ]
    assert found(ledger, [emission("2025-01-01", "edition_a", **fuel), *rows], declared) == [
        ("edition_a", "edition_b")
    ]


def test_a_month_that_mixes_two_bases_is_refused_even_where_a_change_is_declared(ledger: Ledger) -> None:
    fuel = {"energy_code": "16", "kind": "fuel", "sector": "general"}
    rows = [emission("2025-03-01", "edition_b", **fuel), emission("2025-03-01", "edition_a", **fuel)]

    assert len(found(ledger, rows, [change("edition_b", "edition_a", "2025-03-01")])) == 1


@pytest.mark.parametrize(
    ("factor_id", "refused"),
    [("good", False), ("remembered", True), ("trap", True), ("nowhere", True), (None, False)],
)
@pytest.mark.parametrize("place", ["emission", "heat", "coal", "generation", "density"])
def test_a_row_nobody_confirmed_is_refused_wherever_it_is_used(
    ledger: Ledger, place: str, factor_id: str | None, refused: bool
) -> None:
    def used(here: str) -> str | None:
        return factor_id if place == here else "good"

    text = pl.String
    ledger.load("core.emission", pl.DataFrame({"factor_id": [used("emission")]}, schema={"factor_id": text}))
    ledger.load(
        "core.energy_use",
        pl.DataFrame(
            {
                "heat_value_id": [used("heat"), "good"],
                "coal_factor_id": [used("coal"), "adopted"],
                "generation_factor_id": [used("generation"), "good"],
            },
            schema=dict.fromkeys(("heat_value_id", "coal_factor_id", "generation_factor_id"), text),
        ),
    )
    ledger.load(
        "ref.unit_conversion", pl.DataFrame({"factor_id": [used("density")]}, schema={"factor_id": text})
    )
    ledger.load(
        "ref.factor_source",
        pl.DataFrame(
            {
                "factor_id": ["good", "remembered", "trap"],
                "confidence": ["single", "recalled", "verified2"],
                "purpose": ["", "", "do_not_use"],
            }
        ),
    )

    rows = ledger.violations(check("unconfirmed_factor_used")).to_dicts()
    assert [row["factor_id"] for row in rows] == ([factor_id] if refused else [])


def test_only_a_factor_wider_than_the_written_order_begins_with_is_told(ledger: Ledger) -> None:
    def use(energy: str, tier: str, factor: str, purpose: str = "p") -> dict[str, Any]:
        return {
            "purpose": purpose,
            "energy_code": energy,
            "factor_tier": tier,
            "factor_id": factor,
            "co2_t": Decimal("1.5"),
            "quality_tier": 3,
        }

    def order(energy: str, level: str, *, is_fallback: bool) -> dict[str, Any]:
        return {"purpose": "p", "energy_code": energy, "level": level, "is_fallback": is_fallback}

    uses = [
        use("33", "province", "own"),
        use("33", "grid_region", "wider"),
        use("33", "grid_region", "wider"),
        # Fuels begin with the nation: nothing narrower was asked for.
        use("15", "national", "gas"),
        use("33", "grid_region", "beside", purpose="q"),
    ]
    ledger.load("core.emission_quality", pl.DataFrame(uses))
    ledger.load("ref.purpose", pl.DataFrame({"purpose": ["p", "q"], "is_headline": [True, False]}))
    orders = [
        order("33", "province", is_fallback=False),
        order("33", "grid_region", is_fallback=True),
        order("15", "national", is_fallback=False),
    ]
    ledger.load("ref.factor_order", pl.DataFrame(orders))
    (told,) = ledger.violations(CHECKS["factor_fell_back"]).to_dicts()
    assert (told["factor_id"], told["uses"], told["co2_t"]) == ("wider", 2, Decimal(3))

"""The steps of freezing, restating and rehearsing, each on a few rows of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.dag import differences, frozenrows, rehearsal, setaside, splicing
from pipelines.dag.clocks import Clock, Frozen, hold_order
from pipelines.dag.rehearsal import State
from pipelines.dag.site import Site
from pipelines.engine import Column, Ledger, Model
from pipelines.errors import FrozenMonth
from pipelines.paths import Home
from pipelines.periods import Month

JANUARY, FEBRUARY, MARCH, APRIL = (Month(2023, number) for number in (1, 2, 3, 4))
CLOCK = Clock(date(2023, 3, 1), 5, 7, "F1")


def model(key: str, grain: tuple[str, ...], columns: tuple[str, ...]) -> Model:
    named = {name: Column.model_validate({"is": name}) for name in columns}
    return Model(key, "试", "trial", grain, named, "", (), Path("x.sql"))


def table(rows: list[dict[str, Any]], **types: Any) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides=types)


def aside(
    tmp_path: Path, decisions: list[dict[str, Any]]
) -> tuple[list[tuple[Any, ...]], list[int], list[int]]:
    """What is set aside of January, the energy lines that stay, and the decisions that stay."""
    sent = [("before", 5, date(2023, 2, 1)), ("after", 6, date(2023, 2, 1)), ("later", 5, date(2023, 3, 2))]
    months = ((2, JANUARY), (3, JANUARY), (4, FEBRUARY))
    lines = [
        {"receipt_id": receipt, "line_no": line, "factory_id": "A", "period": month.first}
        for receipt, _, _ in sent
        for line, month in months
    ]
    with Ledger.memory() as ledger:
        ledger.load(
            "raw.submission",
            table([{"receipt_id": name, "seq": seq, "received_on": day} for name, seq, day in sent]),
        )
        ledger.load("raw.decision", table(decisions, decided_on=pl.Date))
        ledger.load("raw.energy_line", table(lines, line_no=pl.Int32))
        ledger.load("raw.output_line", table(lines[:1], line_no=pl.Int32))
        site = Site(Home(tmp_path), FEBRUARY, date(2026, 6, 30), frozen={JANUARY: Frozen("R", CLOCK)})
        setaside.set_aside(ledger, site, {"output": "raw.output_line", "energy": "raw.energy_line"})
        told = ledger.rows(
            f"select contract, receipt_id, line_no, decision_seq from {setaside.SET_ASIDE} order by all"
        )
        kept = ledger.rows("select receipt_id, line_no from raw.energy_line order by all").rows()
        left = ledger.rows("select seq from raw.decision order by all")["seq"].to_list()
    return told.rows(), kept, left


def decided(seq: int, line: int, on: date = date(2023, 2, 10)) -> dict[str, Any]:
    return {"seq": seq, "receipt_id": "before", "line_no": line, "decision": "rejected", "decided_on": on}


def test_lines_that_came_after_a_months_clock_wait_by_number_or_by_day_and_no_others(tmp_path: Path) -> None:
    told, kept, _ = aside(tmp_path, [decided(1, 2)])

    assert told == [("energy", receipt, line, None) for receipt in ("after", "later") for line in (2, 3)]
    assert kept == [("after", 4), ("before", 2), ("before", 3), ("before", 4), ("later", 4)]


def test_decisions_taken_after_a_months_clock_wait_and_their_lines_stay(tmp_path: Path) -> None:
    decisions = [decided(7, 2), decided(8, 2), decided(6, 3, date(2023, 3, 2)), decided(9, 4)]
    told, kept, left = aside(tmp_path, decisions)

    waiting = [row for row in told if row[3] is not None]
    assert [(row[0], row[2], row[3]) for row in waiting] == [
        ("energy", 2, 8),
        ("energy", 3, 6),
        ("output", 2, 8),
    ]
    assert ("before", 2) in kept and ("before", 3) in kept
    assert left == [7, 9]


MART = model(
    "mart.trial",
    ("month", "purpose"),
    ("month", "purpose", "co2_t", "is_met", "status", "co2_previous_month_t"),
)
NUMBER = pl.Decimal(38, 6)


def trial(*rows: tuple[Month, str, str | None, bool | None, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "month": month.first,
                "purpose": purpose,
                "co2_t": None if value is None else Decimal(value),
                "is_met": met,
                "status": status,
                "co2_previous_month_t": Decimal(len(rows)),
            }
            for month, purpose, value, met, status in rows
        ],
        schema={
            "month": pl.Date,
            "purpose": pl.String,
            "co2_t": NUMBER,
            "is_met": pl.Boolean,
            "status": pl.String,
            "co2_previous_month_t": NUMBER,
        },
    )


def test_a_figure_that_changes_comes_or_goes_is_a_difference_and_a_comparison_is_none() -> None:
    old = trial(
        (JANUARY, "p", "5", True, "met"),
        (JANUARY, "q", None, None, "unknown"),
        (JANUARY, "r", "1", True, "met"),
    )
    new = trial((JANUARY, "p", "7.5", False, "short"), (JANUARY, "q", "2", None, "unknown"))
    found = [
        (row["key"], row["column"], row["old"], row["new"], row["difference"])
        for row in differences.as_json(differences.between(MART, old, new))
    ]

    assert found == [
        ("purpose=p", "co2_t", "5", "7.5", "2.5"),
        ("purpose=p", "is_met", "true", "false", None),
        ("purpose=p", "status", "met", "short", None),
        ("purpose=q", "co2_t", None, "2", None),
        ("purpose=r", "co2_t", "1", None, None),
        ("purpose=r", "is_met", "true", None, None),
        ("purpose=r", "status", "met", None, None),
    ]


def test_what_the_lines_look_like_now_is_no_figure_of_a_month() -> None:
    models = [
        MART,
        *(model(key, ("month",), ("month",)) for key in ("mart.quality_month", "mart.late_factory")),
    ]

    assert differences.monthly([*models, model("mart.ranking", ("year",), ("year",))]) == [MART]


def test_carried_rows_take_their_place_and_comparisons_follow_them() -> None:
    """A basis nobody published then keeps what was computed, and so does a column."""
    now = trial(
        (JANUARY, "p", "9", True, "met"),
        (FEBRUARY, "p", "20", True, "met"),
        (JANUARY, "new", "3", True, "met"),
    )
    published = trial((JANUARY, "p", "5", False, None)).drop("status")
    with Ledger.memory() as ledger:
        ledger.load(MART.key, now)
        spine = [
            {"month": month.first, "previous_month": before.first}
            for before, month in ((Month(2022, 12), JANUARY), (JANUARY, FEBRUARY))
        ]
        ledger.load("ref.month", pl.DataFrame(spine))
        frozenrows.carry(ledger, [MART], {MART.key: published}, [JANUARY])
        rows = ledger.rows(f"select * from {MART.key}").rows()

    assert [(day.month, *rest) for day, *rest in rows] == [
        (1, "new", Decimal(3), True, "met", None),
        (1, "p", Decimal(5), False, "met", None),
        (2, "p", Decimal(20), True, "met", Decimal(5)),
    ]


def test_a_run_of_the_same_knowledge_date_is_let_through_and_an_earlier_one_is_not() -> None:
    frozen = {JANUARY: Frozen("R", CLOCK)}
    hold_order(frozen, CLOCK.as_of)
    with pytest.raises(FrozenMonth, match="2023-03-01"):
        hold_order(frozen, date(2023, 2, 28))


def test_frozen_months_in_a_row_by_one_clock_are_one_span_and_a_gap_parts_them(tmp_path: Path) -> None:
    other = replace(CLOCK, as_of=date(2023, 4, 1))
    frozen = {month: Frozen("R", CLOCK) for month in (JANUARY, FEBRUARY, APRIL)} | {MARCH: Frozen("S", other)}
    spans = splicing.spans(Site(Home(tmp_path), APRIL, date(2026, 6, 30), frozen=frozen))
    gap = {month: held for month, held in frozen.items() if month != MARCH}
    apart = splicing.spans(Site(Home(tmp_path), APRIL, date(2026, 6, 30), frozen=gap))

    assert [(span.start.month, span.end.month, span.as_of) for span in spans] == [
        (1, 3, CLOCK.as_of),
        (3, 4, other.as_of),
        (4, 5, CLOCK.as_of),
    ]
    assert [(span.start.month, span.end.month) for span in apart] == [(1, 3), (4, 5)]


def state(uses: list[tuple[str, str, str | None, int]], **changed: Any) -> State:
    """Emissions of January by factory and energy kind: (factory, code, tonnes, uses without a factor)."""
    rows = [
        {
            "purpose": "p",
            "factory_id": factory,
            "month": JANUARY.first,
            "energy_code": code,
            "kind": "fuel",
            "co2_t": None if value is None else Decimal(value),
            "unknown": unknown,
            "year": 2023,
        }
        for factory, code, value, unknown in uses
    ]
    emission = pl.DataFrame(rows, schema_overrides={"co2_t": pl.Decimal(38, 12)})
    inventory = emission.select(
        "purpose", "factory_id", "year", pl.col("co2_t").alias("co2e_t")
    ).with_columns(category=pl.lit("fuel_stationary"), gas=pl.lit("CO2"))
    coal = emission.select("month", pl.lit("coal_tce").alias("metric"), pl.col("co2_t").alias("value"))
    marts = {name: pl.DataFrame() for name in ()}
    return State(
        **{"emission": emission, "inventory": inventory, "coal": coal, "marts": marts, "failed": ()} | changed
    )


def test_a_rehearsal_tells_what_is_lost_what_is_new_and_who_moves_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rehearsal, "_LIGHTS", {})
    old = state(
        [
            ("A", "15", "10", 0),
            ("B", "15", "10", 0),
            ("C", "26", None, 1),
            ("D", "27", None, 1),
            ("E", "15", "5", 0),
        ]
    )
    new = state(
        [
            ("A", "15", "4", 0),
            ("B", "15", "13", 0),
            ("C", "26", "7", 0),
            ("D", "27", None, 1),
            ("E", "15", None, 1),
        ]
    )
    told = rehearsal.compared(old, replace(new, failed=("one_factor_each：x",)))

    assert [(row["old"], row["new"], row["difference"]) for row in told["co2_t"]] == [("25", "24", "-1")]
    # Whom nobody can say the change of comes first, then the largest change either way.
    assert [(row["factory_id"], row["difference"]) for row in told["movers"]] == [
        ("C", None),
        ("E", None),
        ("A", "-6"),
        ("B", "3"),
    ]
    assert [(row["factory_id"], row["co2_t"]) for row in told["without_factor"]] == [("E", "5")]
    assert [row["factory_id"] for row in told["newly_covered"]] == ["C"]
    assert [row["factory_id"] for row in told["factory_months"]] == ["A", "B", "C", "E"]
    assert told["checks"] == {"old": [], "new": ["one_factor_each：x"]}


def test_a_total_nothing_of_which_is_known_is_unknown_and_not_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "_LIGHTS", {})
    told = rehearsal.compared(state([("A", "26", None, 1)]), state([("A", "26", None, 1)]))

    assert [(row["old"], row["new"], row["difference"]) for row in told["co2_t"]] == [(None, None, "0")]

"""What the policy's SQL checks find and leave alone, and the national lists whose sums are known."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from pipelines import paths
from pipelines.engine import Check, Ledger, Model, load_checks, load_models
from tests.warehouse.tables import column_types

MODELS = {model.key: model for model in load_models(paths.WAREHOUSE)}
CHECKS = {check.name: check for check in load_checks(paths.WAREHOUSE)}
Rows = list[dict[str, Any]]
DECEMBER = {"month": "2023-12-01", "next_month": "2024-01-01", "year": 2023}
NOVEMBER = {"month": "2023-11-01", "next_month": "2023-12-01", "year": 2023}
ALWAYS = {"valid_from": "2021-01-01", "valid_to": "9999-12-31"}
SHARE = {
    "month": "2023-12-01",
    "definition": "output",
    "cluster_variant": "a9",
    "numerator": 30,
    "denominator": 100,
    "green_factories": 1,
    "unit": "CNY",
    "factories": 2,
    "target_percent": 30,
    "is_headline": True,
}
MEMBERS: Rows = [
    {"month": "2023-12-01", "factory_id": "A", "is_green": True, "output_ytd_cny": 30, "is_in_b6": True},
    {"month": "2023-12-01", "factory_id": "B", "is_green": False, "output_ytd_cny": 70, "is_in_b6": False},
]


def filled(ledger: Ledger, reader: Check | Model, given: dict[str, Rows]) -> None:
    """The tables *reader* reads, with *given* in them and nothing else."""
    assert set(given) <= set(reader.depends_on)
    for table in reader.depends_on:
        types = column_types(table, MODELS)
        declared = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        ledger.execute(f'create schema if not exists "{table.split(".")[0]}"')
        ledger.execute(f"create table {table} ({declared})")
        for row in given.get(table, []):
            names = ", ".join(f'"{name}"' for name in row)
            ledger.execute(
                f"insert into {table} ({names}) values ({', '.join('?' for _ in row)})", [*row.values()]
            )


def found(name: str, given: dict[str, Rows]) -> Rows:
    """What a check says of *given*."""
    with Ledger.memory(threads=1) as ledger:
        filled(ledger, CHECKS[name], given)
        return ledger.violations(CHECKS[name]).to_dicts()


def test_a_share_that_is_the_sum_of_its_companies_passes() -> None:
    b6 = SHARE | {"cluster_variant": "b6", "denominator": 30, "factories": 1}
    assert not found(
        "green_share_adds_up", {"mart.green_share": [SHARE, b6], "mart.green_share_member": MEMBERS}
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"numerator": 31},
        {"denominator": 101},
        {"denominator": None},
        {"factories": 3},
        {"green_factories": 2},
    ],
)
def test_a_share_that_is_not_the_sum_of_its_companies_is_found(wrong: dict[str, Any]) -> None:
    given = {"mart.green_share": [SHARE | wrong], "mart.green_share_member": MEMBERS}
    assert len(found("green_share_adds_up", given)) == 1


def test_an_empty_share_of_no_companies_passes() -> None:
    empty = SHARE | {"numerator": 0, "denominator": None, "factories": 0, "green_factories": 0}
    assert not found("green_share_adds_up", {"mart.green_share": [empty]})


def test_a_company_twice_in_a_month_is_found() -> None:
    once, twice = (
        {"month": "2023-12-01", "factory_id": "A"},
        {"month": "2023-12-01", "factory_id": "B"},
    )
    rows = found("green_company_once", {"core.share_frame": [once, twice, twice]})
    assert [(row["factory_id"], row["times"]) for row in rows] == [("B", 2)]


def test_a_title_of_an_unlisted_level_is_found() -> None:
    titles = [
        {"receipt_id": "R1", "line_no": 2, "factory_id": "A", "level": "national", "rank": 1},
        {"receipt_id": "R1", "line_no": 3, "factory_id": "B", "level": "provincial", "rank": None},
    ]
    assert [row["factory_id"] for row in found("green_title_level_unknown", {"core.title": titles})] == ["B"]


def test_a_green_factory_the_register_does_not_have_is_named() -> None:
    statuses = [{"factory_id": name, "month": "2023-12-01", "level": "national"} for name in "ABC"]
    names = [
        {"factory_id": "A", "month": "2023-12-01", "name": "示例甲", "is_registered": True},
        {"factory_id": "B", "month": "2023-12-01", "name": "示例乙", "is_registered": False},
    ]
    given = {"ref.month": [DECEMBER], "core.green_status": statuses, "core.factory_name": names}
    assert [row["factory_id"] for row in found("green_company_not_registered", given)] == ["B", "C"]


def test_companies_waiting_for_a_tag_or_a_scale_are_named() -> None:
    clusters = {
        "A": ("tag_needed", True, False),
        "B": ("tag_needed", False, False),
        "C": ("by_code", None, True),
        "D": ("by_code", True, True),
        "E": ("outside", None, False),
    }
    factories = [
        {"factory_id": key, "is_above_scale": scale, **ALWAYS} for key, (_, scale, _) in clusters.items()
    ]
    places = [
        {"factory_id": key, "reason": reason, "is_in_a9": counted, **ALWAYS}
        for key, (reason, _, counted) in clusters.items()
    ]
    given = {"ref.month": [DECEMBER], "core.factory": factories, "core.factory_cluster": places}
    rows = found("green_membership_pending", given)
    assert [(row["factory_id"], row["reason"]) for row in rows] == [
        ("A", "tag_needed"),
        ("C", "scale_unknown"),
    ]


def test_output_of_a_company_no_longer_counted_is_named() -> None:
    frame = [
        {"month": "2023-11-01", "factory_id": "A"},
        {"month": "2023-11-01", "factory_id": "B"},
        {"month": "2023-12-01", "factory_id": "B"},
    ]
    output = [{"month": "2023-11-01", "factory_id": name, "output_value_cny": 5} for name in "AB"]
    given = {"ref.month": [NOVEMBER, DECEMBER], "core.share_frame": frame, "core.output": output}
    rows = found("green_output_left_out", given)
    assert [(row["factory_id"], row["output_ytd_cny"]) for row in rows] == [("A", 5)]


def test_a_month_without_a_reading_is_found() -> None:
    whole = {
        "month": "2023-12-01",
        "plan_start": "2021-01-01",
        "plan_end": "2023-12-31",
        "green_share_definition": "output",
        "cluster_variant": "a9",
        "national_reading": "new_by_cycle",
        "approximate_tolerance": "0.05",
    }
    assert not found("plan_setting_missing", {"core.policy_month": [whole]})
    for name in set(whole) - {"month"}:
        assert len(found("plan_setting_missing", {"core.policy_month": [whole | {name: None}]})) == 1


def test_a_month_without_a_headline_is_found() -> None:
    national = {"month": "2023-12-01", "reading": "new_by_cycle", "target": 8, "is_headline": True}
    given = {"ref.month": [DECEMBER], "mart.green_share": [SHARE], "mart.national_green_factory": [national]}
    assert not found("plan_goal_missing", given)
    given["mart.green_share"] = [SHARE | {"is_headline": False}]
    given["mart.national_green_factory"] = [national | {"target": None}]
    assert [row["goal"] for row in found("plan_goal_missing", given)] == [
        "green_share",
        "national_green_factories",
    ]


def test_an_indicator_in_another_unit_is_named() -> None:
    target = {"metric_key": "rd", "unit": "%", "kind": "quantified", "computed_by": "indicator"}
    lines = [
        {"receipt_id": "R1", "line_no": 2, "target_metric": "rd", "unit": "%"},
        {"receipt_id": "R1", "line_no": 3, "target_metric": "rd", "unit": "1"},
        {"receipt_id": "R1", "line_no": 4, "target_metric": "rd", "unit": None},
    ]
    rows = found("plan_indicator_unit", {"ref.plan_target": [target], "stg.indicator_line": lines})
    assert [(row["line_no"], row["expected_unit"]) for row in rows] == [(3, "%"), (4, "%")]


# How many factories each national list named, and how many were taken off (public notices; days inside a year invented).
LISTS = [
    (2017, date(2017, 9, 1), 201),
    (2018, date(2018, 2, 1), 208),
    (2018, date(2018, 11, 1), 391),
    (2019, date(2019, 9, 1), 602),
    (2020, date(2020, 10, 1), 719),
    (2021, date(2022, 1, 15), 662),
    (2022, date(2023, 3, 24), 874),
    (2023, date(2024, 1, 5), 1488),
]
SHANGHAI = [2, 2, 8, 16, 28, 23]
REMOVALS = [(date(2023, 3, 24), 41), (date(2024, 1, 5), 9)]


def _national_titles(lists: list[tuple[int, date, int]], removals: list[tuple[date, int]]) -> pl.DataFrame:
    """One company a listing; the first ones are those taken off."""
    rows = [(cycle, day) for cycle, day, size in lists for _ in range(size)]
    gone = [day for day, size in removals for _ in range(size)]
    removed = [*gone, *[date(9999, 12, 31)] * (len(rows) - len(gone))]
    return pl.DataFrame(
        {
            "factory_id": [f"示例{place:05d}" for place in range(len(rows))],
            "title": "green_factory",
            "level": "national",
            "award_cycle": [cycle for cycle, _ in rows],
            "published_on": [day for _, day in rows],
            "removed_on": removed,
            "document_no": None,
        },
        schema_overrides={"award_cycle": pl.Int32, "document_no": pl.String},
    )


def _stock(titles: pl.DataFrame, month: date, next_month: date) -> int:
    model = MODELS["mart.national_green_factory_member"]
    with Ledger.memory(threads=1) as ledger:
        filled(
            ledger,
            model,
            {
                "ref.month": [{"month": month, "next_month": next_month, "year": month.year}],
                "core.policy_month": [{"month": month, "plan_start": "2021-01-01", "plan_end": "2023-12-31"}],
            },
        )
        ledger.load("core.title", titles)
        ledger.build(model)
        query = f"select count(*) from {model.key} where reading = 'stock_by_publication'"
        return int(ledger.one(query)[0])


def test_the_national_lists_close() -> None:
    titles = _national_titles(LISTS, REMOVALS)
    assert len(titles) == 5145
    assert _stock(titles, date(2023, 12, 1), date(2024, 1, 1)) == 5145 - 1488 - 41
    assert _stock(titles, date(2024, 1, 1), date(2024, 2, 1)) == 5095


def test_shanghai_has_seventy_nine_up_to_cycle_2021() -> None:
    sizes = [(cycle, day, size) for (cycle, day, _), size in zip(LISTS, SHANGHAI, strict=False)]
    assert _stock(_national_titles(sizes, []), date(2022, 1, 1), date(2022, 2, 1)) == 79


def test_six_thousand_and_more_after_the_lists_of_2026() -> None:
    titles = _national_titles(
        [(2024, date(2025, 1, 1), 6430), (2025, date(2026, 3, 1), 2038)], [(date(2026, 3, 1), 132)]
    )
    assert _stock(titles, date(2026, 3, 1), date(2026, 4, 1)) == 8336

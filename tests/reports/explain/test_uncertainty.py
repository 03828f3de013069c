"""不确定度: tiers from the columns of the lines, half-widths from the printed tables, squares to the last place."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.reports import Explanation
from tests.reports.explain.conftest import B, C, Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]


def test_every_row_of_the_mart_is_recomputed_to_the_last_digit(golden: Golden) -> None:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        sql = "select purpose, strftime(month, '%Y-%m') as month, factory_id from mart.uncertainty_month order by all"
        rows = list(ledger.rows(sql).iter_rows())
    assert len(rows) > 25
    for purpose, month, factory in rows:
        figure = f"uncertainty@{purpose}/{month}" + (f"/{factory}" if factory else "")
        screen = golden.explain(figure)
        assert screen.agrees, (figure, screen.verdict())
        assert screen.compared > 30


def test_the_worked_square_comes_out(golden: Golden) -> None:
    # 乙 2022-12: every line is stated alone (± 20 %) but the power, which has meters (± 5 %); fuel factors ± 10 %, heat
    # and Shanghai's power ± 15 %. To the fourth place: gas 2594.6266, diesel 283.0610, heat 5500, power, LPG.
    screen = golden.explain(f"uncertainty/2022-12/{B}")
    values = {step.name: step.value for step in screen.steps}
    short = {
        row[0].split()[0]: Decimal(row[1]).quantize(Decimal("0.0001"))
        for section in screen.sections
        if section.title == "逐项"
        for row in section.rows
    }
    assert short["15"] == Decimal("2594.6266") and short["32"] == Decimal("5500.0000")
    activity = sum(
        short[code] ** 2 * (Decimal("0.05") if code == "33" else Decimal("0.2")) ** 2 for code in short
    )
    wide = {code: short[code] * Decimal("0.15" if code in ("32", "33") else "0.1") for code in short}
    factor = sum(value.quantize(Decimal("0.0001"), ROUND_HALF_UP) ** 2 for value in wide.values())
    # The activity's side is rounded once a group, in the sixth place; the factors' side to 0.0001 t before the square.
    assert abs(values["活动数据平方和"] - activity) < Decimal("0.00001")  # type: ignore[operator]
    assert abs(values["因子平方和"] - factor) < Decimal("0.000001")  # type: ignore[operator]
    assert values["半宽平方"] == values["活动数据平方和"] + values["因子平方和"]  # type: ignore[operator]
    root = values["半宽"]
    assert abs(root * root - values["半宽平方"]) < Decimal("0.01")  # type: ignore[operator]
    assert screen.value.startswith("± ")
    assert {source.place.split(":")[0] for source in screen.sources} == {
        "emission_factors/quality_tiers.csv",
        "emission_factors/uncertainty.csv",
    }


LAST_PLACE = "0.000001"
PLANTED = [
    (
        f"update mart.uncertainty_month set {column} = {column} + {LAST_PLACE}",
        f"mart.uncertainty_month.{column}",
    )
    for column in (
        "co2_t",
        "covered_t",
        "half_width_squared_t2",
        "activity_squared_t2",
        "factor_squared_t2",
        "tier_4_t",
    )
]
PLANTED += [
    ("update mart.uncertainty_month set lowest_tier = 1", "mart.uncertainty_month.lowest_tier"),
    ("update core.activity_quality set tier = 'metered'", "core.emission_quality.activity_tier"),
    (
        "update core.activity_quality set half_width = half_width + 0.0001",
        "core.emission_quality.activity_half_width",
    ),
    (
        "update ref.quality_tier set half_width = half_width + 0.0001 where side = 'factor'",
        "core.emission_quality.factor_half_width",
    ),
    (
        "update ref.quality_tier set half_width_squared = half_width_squared + 0.000000000001",
        "core.emission_quality.half_width_squared",
    ),
    ("update core.emission set level = 'province' where kind = 'fuel'", "core.emission_quality.factor_tier"),
    ("update core.emission set co2_t = co2_t + 0.000000000001", "core.emission.co2_t"),
    ("update raw.energy_line set document_no = '1'", "core.emission_quality.activity_tier"),
    ("update raw.energy_line set meter_id = null", "core.emission_quality.activity_tier"),
]


@pytest.mark.parametrize(("statement", "place"), PLANTED)
def test_an_altered_digit_is_told(golden: Golden, altered: Alter, statement: str, place: str) -> None:
    figures = (f"uncertainty/2022-12/{B}", "uncertainty/2022-12", "uncertainty@shanghai_ets/2022-12")
    ask = altered(statement)
    found = {
        step.place
        for figure in figures
        for screen in [ask(figure)]
        for step in screen.steps
        if not step.agrees
    }
    assert place in found


def test_a_half_width_of_the_printed_table_that_differs_is_told(golden: Golden, tmp_path: Path) -> None:
    name, old, new = "emission_factors/uncertainty.csv", "activity.estimate,0.2,", "activity.estimate,0.3,"
    with rewritten(golden, tmp_path, name, old, new) as published:
        screen = golden.ask(f"uncertainty/2022-12/{B}", published)
    assert screen.first_difference is not None
    assert screen.first_difference.place == "core.emission_quality.activity_half_width"


def test_a_half_width_only_remembered_is_unknown(golden: Golden, tmp_path: Path) -> None:
    name, old, new = "emission_factors/uncertainty.csv", "ef.co2,0.1,1,single", "ef.co2,0.1,1,recalled"
    with rewritten(golden, tmp_path, name, old, new) as published:
        screen = golden.ask(f"uncertainty/2022-12/{B}", published)
    values = {step.name.partition(" ")[2] or step.name: step.value for step in screen.steps}
    assert not screen.agrees
    assert values["半宽未知的项"] == 3


def test_measured_and_metered_lines_have_better_tiers(golden: Golden) -> None:
    screen = golden.explain(f"uncertainty/2022-12/{C}")
    rows = next(section.rows for section in screen.sections if section.title == "逐项")
    assert any("有计量点和凭证" in row[2] and "实测" in row[3] and row[5] == "1" for row in rows)


def test_a_factory_under_another_basis_is_refused_with_what_may_be_asked(golden: Golden) -> None:
    with pytest.raises(NotFound, match="uncertainty@shanghai_ets/2022-12"):
        golden.explain(f"uncertainty@shanghai_ets/2022-12/{B}")

"""耗能工质: bought-in media from line text and the edition of the month; made on site is told and not counted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.reports import Explanation
from tests.reports.explain.conftest import A, E, Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]
FIGURE = f"medium/2022-12/{E}"


def test_the_district_and_every_factory_agree_to_the_last_digit(golden: Golden) -> None:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        sql = (
            "select distinct strftime(month, '%Y-%m') as month, factory_id from core.medium_use order by all"
        )
        rows = list(ledger.rows(sql).iter_rows())
    assert len(rows) == 3
    figures = {f"medium/{month}/{factory}" for month, factory in rows} | {
        f"medium/{month}" for month, _ in rows
    }
    for figure in figures:
        screen = golden.explain(figure)
        assert screen.agrees, (figure, screen.verdict())
        assert screen.compared >= 10


def test_the_worked_sum_comes_out(golden: Golden) -> None:
    # 475,000 m³ of air × 0.04 kgce by the edition of 2008, standing in; 1,234.5678 t of water × 0.2571 kgce by that of 2020.
    screen = golden.explain(FIGURE)
    values = {step.name: step.value for step in screen.steps}
    water = Decimal("1234.5678") * Decimal("0.0002571")
    assert values["新水（外购）折标准煤"] == water.quantize(Decimal("1e-12"))
    assert values["外购工质"] == (19 + water).quantize(Decimal("1e-6"))
    assert values["自产工质（不计入）"] == Decimal(2)
    assert values["暂用旧版系数的"] == 1
    assert any("暂用旧版" in note for note in screen.notes)
    assert {source.document_number for source in screen.sources} == {"GB/T 2589-2008", "GB/T 2589-2020"}
    assert screen.lines[1].cells[4] == "３７.5"


LAST_DIGIT = "0.000000000001"
PLANTED = [
    (f"update core.medium_use set coal_tce = coal_tce + {LAST_DIGIT}", "core.medium_use.coal_tce"),
    (f"update core.medium_use set used = used + {LAST_DIGIT}", "core.medium_use.used"),
    ("update core.medium_use set is_counted = true", "core.medium_use.is_counted"),
    ("update core.medium_use set is_provisional = not is_provisional", "core.medium_use.is_provisional"),
    ("update core.medium_use set factor_id = 'x'", "core.medium_use.factor_id"),
    ("delete from core.medium_use where medium = 'fresh_water'", "core.medium_use.used"),
    (
        f"update ref.medium_conversion set multiplier = multiplier + {LAST_DIGIT}",
        "ref.medium_conversion.multiplier",
    ),
    (
        f"update ref.medium_coal set coefficient_tce = coefficient_tce + {LAST_DIGIT}",
        "ref.medium_coal.coefficient_tce",
    ),
    (
        "update mart.energy_total_month set media_tce = media_tce + 0.000001",
        "mart.energy_total_month.media_tce",
    ),
    (
        "update mart.energy_total_month set media_not_counted_tce = null",
        "mart.energy_total_month.media_not_counted_tce",
    ),
    ("update raw.medium_line set consumed_text = '11'", "core.medium_use.used"),
    ("update raw.medium_line set origin = 'purchased'", "core.medium_use.used"),
    (
        "update stg.line_fate set fate = 'held' where contract = 'media' and fate = 'admitted'",
        "core.medium_use.used",
    ),
]


@pytest.mark.parametrize(("statement", "place"), PLANTED)
@pytest.mark.parametrize("figure", [FIGURE, "medium/2022-12"])
def test_an_altered_digit_is_told(
    golden: Golden, altered: Alter, statement: str, place: str, figure: str
) -> None:
    assert golden.explain(figure).agrees
    screen = altered(statement)(figure)
    assert not screen.agrees
    assert place in {step.place for step in screen.steps if not step.agrees}, screen.verdict()


def test_an_edition_that_is_not_in_use_is_told(golden: Golden, tmp_path: Path) -> None:
    name, old = "emission_factors/media_editions.csv", "GB/T 2589-2020,1,2021-04-01,"
    with rewritten(golden, tmp_path, name, old, "GB/T 2589-2020,1,2023-04-01,") as published:
        screen = golden.ask(FIGURE, published)
    assert screen.first_difference is not None
    assert screen.first_difference.place == "core.medium_use.factor_id"


def test_a_row_only_remembered_is_not_used(golden: Golden, tmp_path: Path) -> None:
    name, old = "emission_factors/standard_coal.csv", "GB/T 2589-2008,verified2,gbt-2589-2008.01,0.0400,"
    with rewritten(golden, tmp_path, name, old, old.replace("verified2", "recalled")) as published:
        screen = golden.ask(FIGURE, published)
    assert not screen.agrees
    assert any("没有可用的折标系数" in note for note in screen.notes)


def test_a_factory_without_media_is_told(golden: Golden) -> None:
    with pytest.raises(NotFound, match="没有准入的耗能工质"):
        golden.explain(f"medium/2022-12/{A}")

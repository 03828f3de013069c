"""The inventory on the pages: what is counted, what stands beside, what is unknown."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import fastexcel

from pipelines.reports import dashboard, inventory, workbook
from tests.reports import marts as sample


def test_the_page_counts_what_the_basis_counts_and_tells_the_rest_beside(tmp_path: Path) -> None:
    marts, facts = sample.marts(), sample.facts()
    found = inventory.of_month(marts, facts.purpose, facts.month)
    said = inventory.totals(found)

    assert said["counted_t"] == Decimal("5067.32")  # 5000 CO2 + 67.32 of R410A
    assert said["beside_t"] == Decimal("2.8")
    assert said["biomass_t"] == Decimal(30)
    assert said["unknown_rows"] == 1
    assert [row["category_zh"] for row in found][:2] == ["燃料燃烧（固定源）", "过程与逸散"]

    dashboard(marts, facts, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "计入合计 5,067 t CO₂e，1 项未知、未计入" in page
    assert "另列不计入 2.8 t CO₂e。生物质 CO₂ 30.0 t" in page


def test_the_workbook_lists_every_gas_with_its_edition(tmp_path: Path) -> None:
    workbook(sample.marts(), sample.facts(), tmp_path / "book.xlsx")
    rows = fastexcel.read_excel(tmp_path / "book.xlsx").load_sheet("温室气体清单").to_polars().to_dicts()

    assert {row["气体"] for row in rows} == {"CO2", "CO2（生物质）", "CH4", "R410A"}
    assert {row["GWP 版本"] for row in rows} == {"AR5"}


def test_a_release_without_an_inventory_says_nothing_of_it(tmp_path: Path) -> None:
    marts = {name: frame for name, frame in sample.marts().items() if name != "mart.inventory_month"}
    dashboard(marts, sample.facts(), tmp_path / "page.html")

    assert "温室气体清单（全部气体" not in (tmp_path / "page.html").read_text(encoding="utf-8")

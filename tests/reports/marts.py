"""A small invented release: marts with the columns their models declare, and one row changed at a time.

36 months to December 2023, three 示例 companies in two clusters, share 45 % in the end. A column no model
declares is an error here, so these marts cannot drift away from the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl

from pipelines import paths
from pipelines.engine import load_models
from pipelines.periods import Month, months_between
from pipelines.reports import ReleaseFacts
from tests.reports import evaluations

Row = Mapping[str, Any]

LAST = Month(2023, 12)
MONTH = LAST.first
MONTHS = [month.first for month in months_between(Month(2021, 1), LAST)]
HEADLINE = "location_provincial"
_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "date": pl.Date,
    "bigint": pl.Int64,
    "integer": pl.Int32,
    "boolean": pl.Boolean,
}


def facts(**changed: Any) -> ReleaseFacts:
    """The release the marts belong to."""
    values: dict[str, Any] = {
        "release_id": "2023-12-0123456789ab",
        "through": LAST,
        "as_of": date(2024, 2, 1),
        "purpose": HEADLINE,
        "purpose_zh": "区级清单（上海省级平均因子）",
        "files": {"accepted": 40, "refused": 2},
        "rows": {"admitted": 1200, "held": 5, "superseded": 30},
        "quality_report": "quality.html",
        "notes": ("有用能而无排放因子：1 项未计入合计。",),
        "purposes": {"shanghai_ets": "上海碳市场报告"},
    }
    return ReleaseFacts(**{**values, **changed})


def marts(**changed: Iterable[Row]) -> dict[str, pl.DataFrame]:
    """Every mart; ``green_share=[...]`` and so on replaces the rows of one."""
    rows = {**{name: make() for name, make in _DEFAULTS.items()}, **changed}
    return {key: _frame(key, rows.get(key.removeprefix("mart."), [])) for key in _declared()}


@cache
def _declared() -> dict[str, dict[str, pl.DataType | type[pl.DataType]]]:
    """The columns of every mart with their types, as the models' headers say."""
    models = [model for model in load_models(paths.WAREHOUSE) if model.layer == "mart"]
    return {
        model.key: {name: _type(column.type) for name, column in model.columns.items()} for model in models
    }


def _type(text: str | None) -> pl.DataType | type[pl.DataType]:
    if text and text.startswith("decimal"):
        precision, scale = text.removeprefix("decimal(").rstrip(")").split(",")
        return pl.Decimal(int(precision), int(scale))
    return _TYPES[text] if text else pl.String


def _frame(key: str, rows: Iterable[Row]) -> pl.DataFrame:
    """*rows* as a frame of the mart *key*; a column a row does not mention is unknown."""
    schema = _declared()[key]
    strangers = {name for row in rows for name in row} - set(schema)
    assert not strangers, f"{key} declares no {sorted(strangers)}"
    return pl.DataFrame(
        [{name: row.get(name) for name in schema} for row in rows], schema=schema, orient="row"
    )


def share(month: date = MONTH, **changed: Any) -> Row:
    """绿色占比 of one month: 4.5 of 10 亿元 are green."""
    values = {
        "month": month,
        "definition": "output",
        "cluster_variant": "a9",
        "numerator": Decimal("450000000.00"),
        "denominator": Decimal("1000000000.00"),
        "unit": "CNY",
        "green_factories": 1,
        "factories": 3,
        "factories_without_output": 0,
        "target_percent": Decimal(30),
        "gap": Decimal("0.00"),
        "is_met": True,
        "is_headline": True,
    }
    return {**values, **changed}


def count_share(**changed: Any) -> Row:
    """The same by companies: one of four, and 0.2 companies short."""
    by_count = {"definition": "count", "numerator": Decimal(1), "denominator": Decimal(4), "unit": "家"}
    return share(**{**by_count, "gap": Decimal("0.20"), "is_met": False, "is_headline": False, **changed})


def cluster(**changed: Any) -> Row:
    """One cluster of the last month."""
    values = {
        "month": MONTH,
        "cluster_variant": "a9",
        "cluster": "ic",
        "cluster_zh": "集成电路",
        "green_output_ytd_cny": Decimal("450000000.00"),
        "output_ytd_cny": Decimal("700000000.00"),
        "green_factories": 3,
        "factories": 7,
        "factories_without_output": 0,
    }
    return {**values, **changed}


def member(name: str, **changed: Any) -> Row:
    """One company of the share's named list."""
    values = {
        "month": MONTH,
        "factory_id": "91310000MA1K00001X",
        "name": name,
        "cluster": "ic",
        "cluster_zh": "集成电路",
        "is_in_b6": True,
        "is_green": True,
        "level": "national",
        "output_ytd_cny": Decimal("450000000.00"),
        "months_reported": 12,
    }
    return {**values, **changed}


def national(reading: str = "new_by_cycle", **changed: Any) -> Row:
    """One reading of the goal of eight."""
    values = {
        "month": MONTH,
        "reading": reading,
        "factories": 2,
        "target": Decimal(8),
        "gap": Decimal(6),
        "is_met": False,
        "is_headline": reading == "new_by_cycle",
    }
    return {**values, **changed}


def national_member(name: str, **changed: Any) -> Row:
    """One company of the list behind the goal of eight."""
    values = {
        "month": MONTH,
        "reading": "new_by_cycle",
        "factory_id": "91310000MA1K00001X",
        "name": name,
        "award_cycle": 2022,
        "published_on": date(2023, 3, 24),
        "document_no": "示例公告〔2023〕1号",
    }
    return {**values, **changed}


def district(month: date = MONTH, **changed: Any) -> Row:
    """The district in one month under one accounting basis."""
    has_last_year, has_last_month = month.year > MONTHS[0].year, month > MONTHS[0]
    values = {
        "month": month,
        "purpose": HEADLINE,
        "co2_direct_t": Decimal("1000.5"),
        "co2_indirect_t": Decimal("4000.25"),
        "co2_t": Decimal("5000.75"),
        "coal_tce": Decimal("1500.125"),
        "coal_generation_tce": Decimal(2500),
        "energy_gj": Decimal("43965.9"),
        "output_value_cny": Decimal("90000000.00"),
        "factories_reporting": 3,
        "factories_expected": 3,
        "held_lines": 0,
        "uses_without_factor": 0,
        "is_provisional": False,
        "is_rebased": False,
        "rebased_note": None,
        "is_new_basis_since_previous_month": False,
        "is_new_basis_since_last_year": False,
        "co2_previous_month_t": Decimal(4800) if has_last_month else None,
        "co2_same_month_last_year_t": Decimal(5200) if has_last_year else None,
        "coal_previous_month_tce": Decimal(1490) if has_last_month else None,
        "coal_same_month_last_year_tce": Decimal(1510) if has_last_year else None,
    }
    return {**values, **changed}


def uncertainty(month: date = MONTH, **changed: Any) -> Row:
    """How sure the district's emissions of a month are: ± 15 %, three fifths of them well evidenced."""
    total = Decimal("5000.75")
    values = {
        "purpose": HEADLINE,
        "month": month,
        "scale": "district",
        "factory_id": "",
        "co2_t": total,
        "covered_t": total,
        "half_width_squared_t2": (total * Decimal("0.15")) ** 2,
        "activity_squared_t2": Decimal(0),
        "factor_squared_t2": (total * Decimal("0.15")) ** 2,
        "tier_2_t": Decimal("3000.45"),
        "tier_4_t": Decimal("2000.30"),
        "lowest_tier": 4,
        "emission_rows": 9,
        "rows_without_factor": 0,
        "rows_uncovered": 0,
    }
    return {**values, **changed}


def gas_quality(month: date = MONTH, **changed: Any) -> Row:
    """What processes and other gases add: 67.32 t CO2e, half of it with a half-width of 20 %."""
    values = {
        "purpose": HEADLINE,
        "month": month,
        "co2e_t": Decimal("67.32"),
        "covered_t": Decimal("33.66"),
        "half_width_squared_t2": (Decimal("33.66") * Decimal("0.2")) ** 2,
        "tier_3_t": Decimal("33.66"),
        "tier_5_t": Decimal("33.66"),
        "lowest_tier": 5,
        "emission_rows": 3,
        "rows_unknown": 1,
        "rows_uncovered": 1,
    }
    return {**values, **changed}


def target(target_id: str = "SJ2021-10", **changed: Any) -> Row:
    """One plan target, 13 short of 60."""
    values = {
        "month": MONTH,
        "target_id": target_id,
        "text_zh": "60家专精特新“小巨人”企业",
        "section_zh": "二(二) 名企培育专项行动 4",
        "kind": "quantified",
        "computed_by": "indicator",
        "comparator": ">=",
        "target_value": Decimal(60),
        "unit": "家",
        "actual": Decimal(47),
        "reported_month": MONTH,
        "source": "示例统计表",
        "status": "short",
    }
    return {**values, **changed}


def ranked(dimension: str = "town", **changed: Any) -> Row:
    """One place of a ranking."""
    values = {
        "dimension": dimension,
        "year": MONTH.year,
        "key": "示例一镇",
        "key_zh": "示例一镇",
        "purpose": HEADLINE,
        "co2_t": Decimal("60000.4"),
        "coal_tce": Decimal(18000),
        "output_value_cny": Decimal("1000000000.00"),
        "compared_coal_tce": Decimal(18000),
        "compared_co2_t": Decimal("60000.4"),
        "compared_output_cny": Decimal("1000000000.00"),
        "factories": 3,
        "rank_by_co2": 1,
    }
    return {**values, **changed}


def _targets() -> list[Row]:
    goal = {"target_value": Decimal(30), "unit": "%", "actual": Decimal("450000000"), "status": "met"}
    return [
        target("SJ2021-24", computed_by="green_share", actual_denominator=Decimal("1000000000"), **goal),
        target(
            "SJ2021-23", computed_by="national_green_factories", target_value=Decimal(8), actual=Decimal(2)
        ),
        target(),
        target("SJ2021-01", actual=None, status="unknown", unit="%", target_value=Decimal("4.8")),
        target(
            "SJ2021-D1",
            kind="directional",
            comparator="increase",
            target_value=None,
            actual=None,
            status="directional",
        ),
    ]


def emitted(category: str, gas: str, mass: str, co2e: str | None, **changed: Any) -> Row:
    """One category and gas of the inventory."""
    values = {
        "purpose": HEADLINE,
        "gwp_edition": "AR5",
        "month": MONTH,
        "category": category,
        "scope": "direct",
        "gas": gas,
        "is_biogenic": False,
        "is_optional": False,
        "is_in_total": True,
        "mass_t": Decimal(mass),
        "co2e_t": None if co2e is None else Decimal(co2e),
        "unknown_rows": 0,
        "is_provisional": False,
    }
    return {**values, **changed}


def _inventory() -> list[Row]:
    return [
        emitted("process", "R410A", "0.035", "67.32", unknown_rows=1),
        emitted("fuel_stationary", "CO2", "5000", "5000"),
        emitted("fuel_stationary", "CH4", "0.1", "2.8", is_optional=True, is_in_total=False),
        emitted("fuel_stationary", "CO2", "30", "30", is_biogenic=True, is_in_total=False),
    ]


_DEFAULTS: dict[str, Any] = {
    "inventory_month": _inventory,
    "district_month": lambda: [*map(district, MONTHS), district(purpose="shanghai_ets", co2_t=Decimal(3000))],
    "uncertainty_month": lambda: [*map(uncertainty, MONTHS)],
    "gas_quality_month": lambda: [*map(gas_quality, MONTHS)],
    "green_share": lambda: [*map(share, MONTHS), count_share()],
    "green_share_cluster": lambda: [
        cluster(),
        cluster(cluster="ai", cluster_zh="人工智能", factories=2, green_factories=1),
    ],
    "green_share_member": lambda: [member("示例甲公司")],
    "national_green_factory": lambda: [
        national(),
        national("stock_by_cycle", factories=9, gap=Decimal(0), is_met=True),
    ],
    "national_green_factory_member": lambda: [national_member("示例甲公司")],
    "green_factory": lambda: [
        {
            "month": MONTH,
            "factory_id": "91310000MA1K00001X",
            "name": "示例甲公司",
            "level": "national",
            "award_cycle": 2022,
        }
    ],
    "factory_month": lambda: [
        {
            "month": MONTH,
            "factory_id": "91310000MA1K00001X",
            "name": "示例甲公司",
            "co2_t": Decimal("1.5"),
            "held_lines": 0,
        }
    ],
    "green_eligibility": lambda: [evaluations.evaluated()],
    "green_assessment": lambda: [evaluations.judged()],
    "plan_progress": _targets,
    "ranking": lambda: [ranked(), ranked(key="示例二镇", key_zh="示例二镇", factories=2, rank_by_co2=2)],
    "quality_month": lambda: [
        {
            "month": MONTH,
            "contract": "energy",
            "submissions": 3,
            "rows_in": 9,
            "admitted": 7,
            "held": 1,
            "rejected": 0,
            "superseded": 1,
        }
    ],
}

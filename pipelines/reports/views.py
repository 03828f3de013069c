"""Rows of the marts as pages need them: the month of the release, the headline reading, names in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

Marts = Mapping[str, pl.DataFrame]
Row = dict[str, Any]

READINGS = {
    "new_by_cycle": "规划期内新创建（按批次年度）",
    "new_by_publication": "规划期内新创建（按公布日期）",
    "stock_by_cycle": "期末存量（按批次年度）",
    "stock_by_publication": "期末存量（按公布日期）",
}
DEFINITIONS = {"output": "产值占比", "count": "企业数占比"}
VARIANTS = {"a9": "规划九个集群", "b6": "2024 年表述的六个集群"}
STATUSES = {
    "met": ("达到", "green"),
    "near": ("接近", "amber"),
    "short": ("差距较大", "red"),
    "unknown": ("未报送", "grey"),
    "directional": ("定性目标", "grey"),
}
LEVELS = {"national": "国家级", "municipal": "市级", "district": "区级"}
DIMENSIONS = {"town": "街镇", "park": "园区", "industry": "行业大类（代码）", "cluster": "产业集群"}
FATES = {"admitted": "准入", "held": "暂挂", "rejected": "退回", "superseded": "被更正取代"}
SHARE_TARGET, NATIONAL_TARGET = "green_share", "national_green_factories"


def latest_month(marts: Marts) -> date:
    """The month of the release: the last one of the spine."""
    return marts["mart.district_month"]["month"].max()  # type: ignore[return-value]


def of_month(marts: Marts, name: str, month: date) -> list[Row]:
    """A mart's rows of one month."""
    return marts[name].filter(pl.col("month") == month).to_dicts()


def headline_share(marts: Marts, month: date) -> Row:
    """The green share under the chosen definition."""
    return next(row for row in of_month(marts, "mart.green_share", month) if row["is_headline"])


def headline_national(marts: Marts, month: date) -> Row:
    """The count of national green factories under the chosen reading."""
    return next(row for row in of_month(marts, "mart.national_green_factory", month) if row["is_headline"])


def national_members(marts: Marts, month: date, reading: str) -> list[Row]:
    """The factories behind one reading, by cycle."""
    rows = [
        row
        for row in of_month(marts, "mart.national_green_factory_member", month)
        if row["reading"] == reading
    ]
    return sorted(rows, key=lambda row: (row["award_cycle"], row["published_on"], row["factory_id"]))


def district(marts: Marts, purpose: str) -> list[Row]:
    """The district's months under one accounting basis, in order."""
    frame = marts["mart.district_month"].filter(pl.col("purpose") == purpose).sort("month")
    return frame.to_dicts()


def goal_status(marts: Marts, month: date, computed_by: str) -> str:
    """Status of one of the two goals, from plan progress."""
    rows = of_month(marts, "mart.plan_progress", month)
    return next((row["status"] for row in rows if row["computed_by"] == computed_by), "unknown")

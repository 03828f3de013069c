"""不确定度、数据质量与等价系数 | How sure a figure is, and on what it rests, in words for every page.

Marts keep squares; the one root is taken in :func:`pipelines.reports.figures.half_width`. A release made before these
marts existed has none: then it is said that nothing is known.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.reports import figures
from pipelines.reports.views import Marts, Row

TIERS = range(1, 6)
_MART, _GASES, _EQUIVALENT = "mart.uncertainty_month", "mart.gas_quality_month", "mart.generation_month"
NOT_ADOPTED = "未提供"
WHY_NOT_ADOPTED = (
    "等价值未提供：该时期没有主管部门采用的电力等价折标系数（emission_factors/generation_equivalents.csv），"
    "不以其他年份或常数顶替"
)


def district(marts: Marts, purpose: str, month: date) -> Row | None:
    """The district's uncertainty in one month under one basis; nothing when the release has none."""
    return next((row for row in _months(marts, purpose) if row["month"] == month), None)


def whole(marts: Marts, purpose: str, month: date) -> Row | None:
    """The same of the whole inventory in CO2e: energy CO2 with what processes and other gases add under the basis.

    The two have no factor in common, so their squares add up; CO2 has a GWP of 1 in every edition.
    """
    energy, gases = district(marts, purpose, month), _gases(marts, purpose, month)
    if energy is None or gases is None:
        return energy
    added = {"rows_without_factor": energy["rows_without_factor"] + gases["rows_unknown"]}
    pairs = [(name, energy[name], gases[name]) for name in ("covered_t", "half_width_squared_t2")]
    pairs += [(f"tier_{tier}_t", energy[f"tier_{tier}_t"], gases[f"tier_{tier}_t"]) for tier in TIERS]
    pairs += [("co2_t", energy["co2_t"], gases["co2e_t"])]
    pairs += [("rows_uncovered", energy["rows_uncovered"], gases["rows_uncovered"])]
    added |= {name: _known_sum(one, other) for name, one, other in pairs}
    return {**energy, **added, "lowest_tier": max(energy["lowest_tier"], gases["lowest_tier"])}


def _gases(marts: Marts, purpose: str, month: date) -> Row | None:
    rows = marts[_GASES].to_dicts() if _GASES in marts else []
    return next((row for row in rows if (row["purpose"], row["month"]) == (purpose, month)), None)


def _known_sum(one: Any, other: Any) -> Any:
    known = [value for value in (one, other) if value is not None]
    return sum(known[1:], known[0]) if known else None


def districts(marts: Marts) -> dict[tuple[str, date], Row]:
    """The district's uncertainty by basis and month."""
    return {(row["purpose"], row["month"]): row for row in _months(marts)}


def plus_minus(row: Row | None) -> str:
    """± share（95 %）, or that it is unknown."""
    return figures.UNCERTAINTY_UNKNOWN if row is None else figures.plus_minus(*_pair(row))


def half_width(row: Row | None) -> Decimal | None:
    """The relative half-width as a share; nothing when unknown."""
    return None if row is None else figures.half_width(*_pair(row))


def coverage(row: Row | None) -> str:
    """What the half-width does not speak of; blank when it speaks of everything."""
    if row is None:
        return ""
    told = []
    if row["rows_uncovered"]:
        told.append(
            f"半宽只覆盖排放的 {figures.percent(row['covered_t'] or Decimal(0), row['co2_t'])}（{row['rows_uncovered']} 项没有档次）"
        )
    if row["rows_without_factor"]:
        told.append(f"{row['rows_without_factor']} 项无因子，不在其内")
    return "；".join(told)


def shares(row: Row | None) -> list[tuple[int, str]]:
    """Data-quality tiers that have emissions, each with its share of the emissions."""
    if row is None or not row["co2_t"]:
        return []
    return [
        (tier, figures.percent(row[f"tier_{tier}_t"], row["co2_t"], 1))
        for tier in TIERS
        if row[f"tier_{tier}_t"]
    ]


def quality(row: Row | None) -> str:
    """The shares as a sentence: 2 档 60.0%，4 档 40.0%；最低 4 档."""
    told = "，".join(f"{tier} 档 {share}" for tier, share in shares(row))
    return f"{told}；最低 {row['lowest_tier']} 档" if told and row else "数据质量未知"


def as_json(row: Row | None) -> dict[str, Any] | None:
    """The district's uncertainty for programs; shares are 0-1."""
    if row is None:
        return None
    return {
        "co2_t": row["co2_t"],
        "covered_t": row["covered_t"],
        "half_width_share_95": half_width(row),
        "half_width_squared_t2": row["half_width_squared_t2"],
        "quality_tier_shares": {
            str(tier): figures.ratio(row[f"tier_{tier}_t"] or Decimal(0), row["co2_t"], 6) for tier in TIERS
        },
        "lowest_tier": row["lowest_tier"],
        "rows_without_factor": row["rows_without_factor"],
        "rows_uncovered": row["rows_uncovered"],
    }


def generation(row: Row) -> Any:
    """等价值 of a month or a factory, or 未提供 where energy was used and no equivalent was adopted."""
    value = row["coal_generation_tce"]
    return NOT_ADOPTED if value is None and row["coal_tce"] is not None else value


def equivalent_notes(marts: Marts) -> list[str]:
    """What the 等价 columns rest on: each coefficient with its months, and the months that have none."""
    if _EQUIVALENT not in marts:
        return []
    rows = marts[_EQUIVALENT].sort("month").to_dicts()
    told: dict[str, list[date]] = {}
    for row in rows:
        if row["generation_tce"] is not None or row["uses_without_equivalent"]:
            told.setdefault(row["note"] or WHY_NOT_ADOPTED, []).append(row["month"])
    return [f"{_span(months)}：{note}" for note, months in told.items()]


def _span(months: list[date]) -> str:
    first, last = months[0].strftime("%Y-%m"), months[-1].strftime("%Y-%m")
    return first if first == last else f"{first} 至 {last}"


def _months(marts: Marts, purpose: str | None = None) -> list[Row]:
    if _MART not in marts:
        return []
    frame = marts[_MART].filter(pl.col("scale") == "district")
    return (frame if purpose is None else frame.filter(pl.col("purpose") == purpose)).to_dicts()


def _pair(row: Row) -> tuple[Decimal | None, Decimal | None]:
    return row["half_width_squared_t2"], row["covered_t"]

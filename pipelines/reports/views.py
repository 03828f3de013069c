"""Rows of the marts as pages need them: one month, one reading, in the order people read. Nothing is rounded here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.errors import NotFound
from pipelines.reports import figures, words

Marts = Mapping[str, pl.DataFrame]
Row = dict[str, Any]

SHARE_TARGET, NATIONAL_TARGET = "green_share", "national_green_factories"
# Below this many companies a cell gives single companies away (RULES section 6): marked, for publication outside.
SMALL_CELL = 3
_REACHED_FROM_BELOW = (">=", "~=", "range")


def latest_month(marts: Marts) -> date:
    """The month of the release: the last one of the district's months.

    Raises:
        NotFound: the release has no month at all.
    """
    latest = marts["mart.district_month"]["month"].max()
    if not isinstance(latest, date):
        raise NotFound("发布中没有任何月份。", "the release has no month")
    return latest


def of_month(marts: Marts, name: str, month: date) -> list[Row]:
    """A mart's rows of one month."""
    return marts[name].filter(pl.col("month") == month).to_dicts()


def headline_share(marts: Marts, month: date) -> Row:
    """绿色占比 | The green share under the chosen definition."""
    rows = of_month(marts, "mart.green_share", month)
    return _the_one((row for row in rows if row["is_headline"]), "mart.green_share", month)


def headline_national(marts: Marts, month: date) -> Row:
    """The count of national green factories under the chosen reading."""
    rows = of_month(marts, "mart.national_green_factory", month)
    return _the_one((row for row in rows if row["is_headline"]), "mart.national_green_factory", month)


def national_members(marts: Marts, month: date, reading: str) -> list[Row]:
    """The factories behind one reading, by cycle, then publication."""
    rows = of_month(marts, "mart.national_green_factory_member", month)
    mine = [row for row in rows if row["reading"] == reading]
    return sorted(
        mine, key=lambda row: (row["award_cycle"] or 0, row["published_on"] or date.max, row["factory_id"])
    )


def district(marts: Marts, purpose: str) -> list[Row]:
    """The district's months under one accounting basis, in order."""
    return marts["mart.district_month"].filter(pl.col("purpose") == purpose).sort("month").to_dicts()


def district_of(marts: Marts, purpose: str, month: date) -> Row:
    """One month of the district under one accounting basis."""
    rows = of_month(marts, "mart.district_month", month)
    return _the_one((row for row in rows if row["purpose"] == purpose), "mart.district_month", month)


def energy_totals(marts: Marts) -> dict[date, Row]:
    """综合能耗 with bought-in working media, of the district by month; nothing in releases made before it was kept."""
    if "mart.energy_total_month" not in marts:
        return {}
    rows = marts["mart.energy_total_month"].filter(pl.col("scale") == "district").to_dicts()
    return {row["month"]: row for row in rows}


def clusters(marts: Marts, month: date, variant: str) -> list[Row]:
    """产业集群 | The clusters of one variant, largest output first, those without output last."""
    rows = of_month(marts, "mart.green_share_cluster", month)
    mine = [row for row in rows if row["cluster_variant"] == variant]
    return sorted(mine, key=lambda row: (-_or_zero(row["output_ytd_cny"]), row["cluster"]))


def cluster_members(marts: Marts, month: date, variant: str) -> dict[str, list[Row]]:
    """The companies behind each cluster: green ones first, then by output."""
    rows = of_month(marts, "mart.green_share_member", month)
    if variant == "b6":
        rows = [row for row in rows if row["is_in_b6"]]
    rows.sort(key=lambda row: (not row["is_green"], -_or_zero(row["output_ytd_cny"]), row["factory_id"]))
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["cluster"], []).append(row)
    return found


def ranking(marts: Marts, dimension: str, year: int) -> list[Row]:
    """排名 | Towns, parks, industries or clusters of one year, largest emissions first."""
    frame = marts["mart.ranking"].filter((pl.col("dimension") == dimension) & (pl.col("year") == year))
    return frame.sort("rank_by_co2").to_dicts()


def rates(row: Row) -> Row:
    """单位产值综合能耗、单位产值排放 of a ranked place, of 10,000 yuan; each nothing where no month has all three.

    Both rest on the months of a factory that have energy, emissions and output: otherwise who sends one table alone
    would move them. Releases made before the sums were kept have none.
    """
    output = row.get("compared_output_cny")
    return {
        "coal_rate": figures.per_output(row.get("compared_coal_tce"), output),
        "co2_rate": figures.per_output(row.get("compared_co2_t"), output),
        "compared_output_cny": output,
    }


def goal_status(marts: Marts, month: date, computed_by: str) -> str:
    """Status of one of the two goals, from plan progress: met, near, short or unknown."""
    rows = of_month(marts, "mart.plan_progress", month)
    return next((str(row["status"]) for row in rows if row["computed_by"] == computed_by), "unknown")


def goal_light(marts: Marts, month: date, computed_by: str) -> words.Light:
    """The light of one of the two goals."""
    return words.light_of(goal_status(marts, month, computed_by), is_computed=True)


def target_light(row: Row) -> words.Light:
    """The light of one plan target."""
    return words.light_of(row["status"], is_computed=row["computed_by"] != "indicator")


def shortfall(row: Row) -> Decimal | None:
    """How much a plan target's value lacks, in the target's unit; nothing when met, unknown or a share.

    A share's distance is money or companies and stands with the goal itself.
    """
    is_numeric = row["comparator"] in _REACHED_FROM_BELOW and row["target_value"] is not None
    if not is_numeric or row["actual"] is None or row["actual_denominator"] is not None:
        return None
    missing: Decimal = row["target_value"] - row["actual"]
    return missing if missing > 0 and row["status"] != "met" else None


def status_counts(marts: Marts, month: date) -> dict[str, int]:
    """How many plan targets have each status, in the order of the lights; those without any left out.

    The plan states one figure twice (SJ2021-03 and -07); it is one target and is counted once.
    """
    rows = of_month(marts, "mart.plan_progress", month)
    statuses = [row["status"] for row in rows if not row["repeats_target_id"]]
    return {status: statuses.count(status) for status in words.LIGHTS if status in statuses}


def rows_by_fate(marts: Marts) -> dict[str, int]:
    """Lines received (``rows_in``) and by fate, over all months and contracts."""
    frame = marts["mart.quality_month"]
    return {name: int(frame[name].sum() or 0) for name in ("rows_in", *words.FATES)}


def contracts(marts: Marts) -> list[Row]:
    """Lines received and by fate for each contract, in the order factories know them."""
    names = ["rows_in", *words.FATES]
    sums = marts["mart.quality_month"].group_by("contract").agg(pl.col(names).sum()).to_dicts()
    by_code = {row["contract"]: row for row in sums}
    unknown = sorted(set(by_code) - set(words.CONTRACTS))
    return [by_code[code] for code in [*words.CONTRACTS, *unknown] if code in by_code]


def is_small(companies: int | None) -> bool:
    """Whether a cell stands for one or two companies."""
    return companies is not None and 0 < companies < SMALL_CELL


def _or_zero(value: Decimal | None) -> Decimal:
    """For sorting alone: unknown last among the largest-first."""
    return Decimal(-1) if value is None else value


def _the_one(rows: Any, table: str, month: date) -> Row:
    found: Row | None = next(iter(rows), None)
    if found is None:
        raise NotFound(
            f"{table} 中没有 {month:%Y-%m} 的采用口径。", f"{table} has no headline row for {month:%Y-%m}"
        )
    return found

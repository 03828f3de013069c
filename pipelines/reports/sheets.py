"""What stands on each sheet of the workbook: rows in the order people read, under the columns of ``sheetcolumns``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.reports import certainty, charts, evaluation, figures, inventory, sheetcolumns, views, words
from pipelines.reports.facts import ReleaseFacts
from pipelines.reports.sheetcolumns import Column
from pipelines.reports.standing import standing_lines
from pipelines.reports.views import Marts, Row


class Sheet(NamedTuple):
    """One sheet; every row has one value a column, ``None`` where it is unknown."""

    name: str
    columns: Sequence[Column]
    rows: list[list[Any]]
    frozen_columns: int = 0


_YEARS_OF_EVALUATION = 10


def sheets(marts: Marts, facts: ReleaseFacts) -> list[Sheet]:
    """Every sheet, in order. Month-end lists are those of the release's month."""
    month = facts.month
    return [
        _about(facts, certainty.equivalent_notes(marts)),
        _sheet("两项目标", sheetcolumns.GOALS, [*_share_rows(marts, facts), *_national_rows(marts, facts)]),
        _sheet(
            "产业集群",
            sheetcolumns.CLUSTERS,
            map(_cluster, views.of_month(marts, "mart.green_share_cluster", month)),
        ),
        _sheet(
            "占比企业名单",
            sheetcolumns.MEMBERS,
            map(_levelled, views.of_month(marts, "mart.green_share_member", month)),
            2,
        ),
        _sheet("绿色工厂名单", sheetcolumns.GREEN_FACTORIES, _green_factories(marts, facts), 2),
        _sheet("月度能耗排放", sheetcolumns.MONTHS, _months(marts, facts), 1),
        _sheet("温室气体清单", sheetcolumns.INVENTORY, _inventory(marts, facts), 1),
        _sheet("街镇园区行业排名", sheetcolumns.RANKING, _rankings(marts)),
        _sheet("企业月度", sheetcolumns.FACTORY_MONTHS, _factory_months(marts, facts), 3),
        _sheet("绿色工厂评价", sheetcolumns.EVALUATIONS, _evaluations(marts, facts), 2),
        _sheet("评价逐条", sheetcolumns.CRITERIA, evaluation.criteria(marts), 2),
        _sheet(
            "规划指标", sheetcolumns.TARGETS, map(_target, views.of_month(marts, "mart.plan_progress", month))
        ),
        _sheet("数据质量", sheetcolumns.QUALITY, map(_quality, marts["mart.quality_month"].to_dicts())),
        _sheet("应报未报", sheetcolumns.LATE, views.of_month(marts, "mart.late_factory", month), 2),
    ]


def _evaluations(marts: Marts, facts: ReleaseFacts) -> list[Row]:
    """Newest year first."""
    years = range(facts.month.year, facts.month.year - _YEARS_OF_EVALUATION, -1)
    return [row for year in years for row in evaluation.of_year(marts, year)]


def _sheet(name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], frozen: int = 0) -> Sheet:
    return Sheet(name, columns, [[row[column.key] for column in columns] for row in rows], frozen)


def _trace(facts: ReleaseFacts) -> str:
    """Which name to type for which sheet."""
    month = facts.through
    names = {
        "两项目标": f"green_share/{month}、national_green_factories/{month}",
        "产业集群": f"green_share/{month}/集群",
        "占比企业名单": f"output/{month}/企业、membership/{month}/企业、green_status/{month}/企业",
        "月度能耗排放": f"co2/{month}、coal/{month}、coal_generation/{month}",
        "企业月度": f"co2/{month}/企业、coal/{month}/企业",
        "绿色工厂评价": f"assessment/{facts.month.year}/企业",
        "评价逐条": f"assessment/{facts.month.year}/企业/指标代码",
        "街镇园区行业排名": f"ranking/{facts.month.year}/town",
        "规划指标": f"progress/{month}/编号",
    }
    told = "；".join(f"“{sheet}”{name}" for sheet, name in names.items())
    return f"greenledger explain 后写数字名称：{told}。企业写统一社会信用代码；全部写法见 greenledger explain --list"


def _about(facts: ReleaseFacts, equivalents: Sequence[str]) -> Sheet:
    rows: list[list[Any]] = [
        ["发布编号", facts.release_id],
        ["报告期", f"截至 {facts.through}"],
        ["知识日期", f"{facts.as_of}（只用此日以前收到的数据和公布的因子）"],
        ["核算口径", f"{facts.purpose_zh}；其他口径见“月度能耗排放”，不同口径不可相加、不可相比"],
        ["绿色占比", f"{words.SHARE_FORMULAS['output']}；其他读法见“两项目标”"],
        ["国家级绿色工厂", words.COUNT_RULE],
        ["追溯", _trace(facts)],
        *[["综合能耗等价值", note] for note in equivalents],
        [
            "不确定度",
            "排放的 95 % 置信半宽占排放的比例：活动误差独立，同一因子的误差相加；不含漏报和错报。数据质量 1 档最好，5 档最差",
        ],
        ["空白", "未知或未报送，不是零"],
        ["长数字", "超过 15 位有效数字的数以文本存放（右对齐），求和函数不计入"],
        ["隐去", f"不足 {views.SMALL_CELL} 家企业的数，对外公开时应隐去，并另隐去至少一个数以免倒推"],
        ["企业名单", "含单家企业数据，仅供内部使用"],
        *[[f"文件 {words.OUTCOMES.get(key, key)}（件）", count] for key, count in facts.files.items()],
        *[[f"数据行 {words.FATES.get(key, key)}（行）", count] for key, count in facts.rows.items()],
        *[["发布状态", line] for line in standing_lines(facts.standing)],
        *[["请注意", note] for note in facts.notes],
    ]
    return Sheet("说明", (Column("item", "项目"), Column("content", "内容", "wrapped")), rows)


def _share_rows(marts: Marts, facts: ReleaseFacts) -> list[Row]:
    return [
        {
            **row,
            "goal": "“6+X”产业绿色占比",
            "reading": f"{words.DEFINITIONS[row['definition']]} · {words.VARIANTS[row['cluster_variant']]}",
            "unit": "元" if row["unit"] == "CNY" else row["unit"],
            "share": _share(row["numerator"], row["denominator"]),
            "target": f"≥ {figures.number(row['target_percent'])}%",
            "verdict": words.verdict(row["is_met"]),
        }
        for row in views.of_month(marts, "mart.green_share", facts.month)
    ]


def _national_rows(marts: Marts, facts: ReleaseFacts) -> list[Row]:
    return [
        {
            **row,
            "goal": "国家级绿色工厂",
            "reading": words.READINGS[row["reading"]],
            "numerator": row["factories"],
            "denominator": None,
            "unit": "家",
            "share": None,
            "target": f"≥ {figures.number(row['target'])} 家",
            "verdict": words.verdict(row["is_met"]),
            "factories_without_output": None,
        }
        for row in views.of_month(marts, "mart.national_green_factory", facts.month)
    ]


def _cluster(row: Row) -> Row:
    marked = charts.small_cells(row)
    parts = [name for key, name in (("green", "绿色产值"), ("whole", "产值")) if marked[key]]
    return {
        **row,
        "variant": words.VARIANTS[row["cluster_variant"]],
        "share": _share(row["green_output_ytd_cny"], row["output_ytd_cny"]),
        "suppress": "、".join([*parts, "占比"]) if parts else None,
    }


def _levelled(row: Row) -> Row:
    return {**row, "level": words.LEVELS.get(row["level"], row["level"])}


def _green_factories(marts: Marts, facts: ReleaseFacts) -> list[Row]:
    reading = views.headline_national(marts, facts.month)["reading"]
    counted = {row["factory_id"] for row in views.national_members(marts, facts.month, reading)}
    rows = views.of_month(marts, "mart.green_factory", facts.month)
    return [{**_levelled(row), "national": row["factory_id"] in counted} for row in rows]


def _months(marts: Marts, facts: ReleaseFacts) -> list[Row]:
    """All months under all accounting bases, the chosen basis first."""
    rows = marts["mart.district_month"].to_dicts()
    rows.sort(key=lambda row: (row["purpose"] != facts.purpose, row["purpose"], row["month"]))
    sure = certainty.districts(marts)
    totals = views.energy_totals(marts)
    return [
        {
            **row,
            **{key: totals.get(row["month"], {}).get(key) for key in ("media_tce", "total_tce")},
            **_certainty(sure.get((row["purpose"], row["month"]))),
            "coal_generation_tce": certainty.generation(row),
            "purpose_zh": facts.purpose_name(row["purpose"]),
            "co2_year": figures.co2_year_on_year(row),
            "co2_month": figures.co2_month_on_month(row),
            "coal_year": figures.year_on_year(row["coal_tce"], row["coal_same_month_last_year_tce"]),
            "coal_month": figures.month_on_month(row["coal_tce"], row["coal_previous_month_tce"]),
        }
        for row in rows
    ]


def _inventory(marts: Marts, facts: ReleaseFacts) -> list[Row]:
    """Every basis and month of the release's year, the chosen basis first."""
    found = [row for row in inventory.rows(marts) if row["month"].year == facts.month.year]
    found.sort(key=lambda row: row["purpose"] != facts.purpose)
    return [{**row, "purpose_zh": facts.purpose_name(row["purpose"])} for row in found]


def _certainty(row: Row | None) -> Row:
    """Half-width and the shares of each data-quality tier; unknown where the release has none."""
    shares = {
        f"tier_{tier}": None if row is None else figures.ratio(row[f"tier_{tier}_t"], row["co2_t"], 6)
        for tier in certainty.TIERS
    }
    return {
        **shares,
        "half_width": certainty.half_width(row) if row else None,
        "lowest_tier": row["lowest_tier"] if row else None,
    }


def _rankings(marts: Marts) -> list[Row]:
    """Newest year first; within a year by dimension and rank."""
    order = list(words.DIMENSIONS)
    rows = [row for row in marts["mart.ranking"].to_dicts() if row["dimension"] in order]
    rows.sort(key=lambda row: (-row["year"], order.index(row["dimension"]), row["rank_by_co2"]))
    return [
        {
            **row,
            "dimension_zh": words.DIMENSIONS[row["dimension"]],
            **views.rates(row),
            "suppress": "各数" if views.is_small(row["factories"]) else None,
        }
        for row in rows
    ]


def _factory_months(marts: Marts, facts: ReleaseFacts) -> list[Row]:
    """The companies' months of the release's year; earlier years stand in their own releases."""
    rows = [row for row in marts["mart.factory_month"].to_dicts() if row["month"].year == facts.month.year]
    rows = [{**row, "coal_generation_tce": certainty.generation(row)} for row in rows]
    return sorted(rows, key=lambda row: (row["factory_id"], row["month"]))


def _target(row: Row) -> Row:
    is_share = row["actual_denominator"] is not None
    return {
        **row,
        "comparator_zh": "定性"
        if row["kind"] == "directional"
        else words.COMPARATORS.get(row["comparator"], row["comparator"]),
        "share": _share(row["actual"], row["actual_denominator"]) if is_share else None,
        "missing": views.shortfall(row),
        "status_zh": views.target_light(row).word,
    }


def _quality(row: Row) -> Row:
    return {**row, "contract_zh": words.CONTRACTS.get(row["contract"], row["contract"])}


def _share(numerator: figures.Figure | None, denominator: figures.Figure | None) -> Any:
    """A share a spreadsheet formats as percent, or the words why there is none."""
    share = figures.ratio(numerator, denominator, 6)
    return figures.NO_DENOMINATOR if share is None else share

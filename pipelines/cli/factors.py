"""``greenledger factors``: the data folders checked, one factor resolved with its rivals, rows looked up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.console import AsJson, date_option, month_option, say, say_json
from pipelines.periods import shanghai_now

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.reference import Answer, Resolution

group = typer.Typer(
    help="因子与规则数据。 Factors and rule data.", no_args_is_help=True, rich_markup_mode=None
)

AsOf = Annotated[
    str, typer.Option("--as-of", help="知识日期 YYYY-MM-DD：只用此前公布的文件；默认今天。Knowledge date.")
]
_EVER = (date(1900, 1, 1), date(9999, 12, 31))
"""How the data files' blank ends are kept."""
_OTHERS = ("other_purpose", "other_region", "other_parameter", "do_not_use")
"""Reasons that put a row outside the question altogether; counted, unless all are asked for."""


@group.command("check")
def check(as_of: AsOf = "") -> None:
    """检查因子与规则数据文件，一次列出全部问题。 Check the data folders; every problem at once.

    例 Example: greenledger factors check
    """
    from pipelines import paths, reference  # noqa: PLC0415 - heavy

    tables = reference.load(paths.EMISSION_FACTORS, as_of=_day(as_of)).tables
    for name, frame in sorted((tables | reference.load_policy(paths.SCHEMAS)).items()):
        say(f"{name:<28}{len(frame):>6} 行")


@group.command("resolve")
def resolve(
    energy: Annotated[str, typer.Option("--energy", help="能源代码 01–40，如 33 电力。Energy code.")],
    period: Annotated[str, typer.Option("--period", help="活动月份 YYYY-MM。Month of the activity.")],
    purpose: Annotated[
        str, typer.Option("--purpose", help="核算口径，如 shanghai_ets；见 purposes.csv。")
    ] = "location_provincial",
    as_of: AsOf = "",
    sector: Annotated[
        str, typer.Option("--sector", help="行业组（general、ministry）或四位行业代码。Sector or industry.")
    ] = "general",
    parameter: Annotated[
        str, typer.Option("--parameter", help="emission、heat_value、coal_calorific、coal_generation。")
    ] = "emission",
    every: Annotated[
        bool, typer.Option("--all", help="其他口径、地区的行也逐行列出。List rows of other bases too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """选出适用的因子，并逐行说明其余各行为何不用。 The factor that applies, and why nothing else does.

    例 Example: greenledger factors resolve --energy 33 --period 2022-06 --purpose shanghai_ets --as-of 2021-12-31
    """
    from pipelines import paths, reference  # noqa: PLC0415 - heavy

    month = month_option(period)
    question = reference.Question(energy, month.first, purpose, _day(as_of), sector, parameter)
    found = reference.resolve(paths.EMISSION_FACTORS, question)
    if as_json:
        say_json(_as_object(found))
    else:
        _print(found, every=every)
    raise typer.Exit(0 if found.chosen else 1)


@group.command("list")
def list_factors(
    energy: Annotated[str, typer.Option("--energy", help="只列一个能源代码。Only this energy code.")] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="只列一个核算口径。Only this basis.")] = "",
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """列出正式运行将采用的排放因子及有效区间。 The factors an official run would apply, by interval.

    例 Example: greenledger factors list --energy 33 --purpose shanghai_ets
    """
    from pipelines import paths, reference  # noqa: PLC0415 - heavy

    table = reference.load(paths.EMISSION_FACTORS, as_of=_day(as_of)).tables["ref.emission_factor"]
    rows = [
        row
        for row in table.sort("purpose", "energy_code", "sector", "valid_from").to_dicts()
        if energy in ("", row["energy_code"]) and purpose in ("", row["purpose"])
    ]
    if as_json:
        say_json({"factors": rows})
        return
    columns = ("口径", "能源", "行业组", "自", "至", "数值", "单位", "因子", "级别", "暂用", "说明")
    _table("采用的排放因子 Factors applied", columns, (_listed(row) for row in rows))


@group.command("show")
def show(
    factor_id: Annotated[str, typer.Argument(help="因子行编号。Id of a row.")], as_json: AsJson = False
) -> None:
    """显示一行因子的全部单元格、所在文件行和出处。 A row as it stands, with file, line and document.

    例 Example: greenledger factors show elec.shanghai_ets.cn-sh.2022
    """
    from pipelines import paths, reference  # noqa: PLC0415 - heavy

    row = reference.described(paths.EMISSION_FACTORS, factor_id)
    if as_json:
        say_json(row)
        return
    for name, value in row.items():
        if value:
            say(f"{name:<18}{value}")


def _print(found: Resolution, *, every: bool) -> None:
    from pipelines import reference  # noqa: PLC0415 - heavy

    asked = found.question
    say(
        f"{reference.PARAMETERS[asked.parameter]}　能源 {asked.energy_code}　活动日期 {asked.day:%Y-%m}　"
        f"口径 {asked.purpose}　行业组 {asked.sector}　知识日期 {asked.as_of}"
    )
    if found.chosen is None:
        say("没有可用的行：结果为“未知”，不是零。 Nothing applies: unknown, not zero.")
    else:
        _print_chosen(found.chosen)
    near = [row for row in found.rejected if every or not set(row.reasons) & set(_OTHERS)]
    columns = ("行", "数值", "单位", "级别", "有效区间", "文号", "公布日", "为何不用")
    _table("未采用的行 Passed over", columns, (_rejected(row) for row in near))
    if len(near) < len(found.rejected):
        say(
            f"另有 {len(found.rejected) - len(near)} 行属于其他口径、地区、参数或标为不得使用；加 --all 逐行列出。"
        )


def _print_chosen(row: Answer) -> None:
    lines = {
        "采用 chosen": row.factor_id,
        "数值 value": f"{row.value.normalize():f} {row.unit}（原值 {row.printed or '按单位定义'}）",
        "文号 document": f"{row.document_number} {row.title}".strip(),
        "公布日 published": str(row.published_on or "不详"),
        "级别 level": f"{row.level}（序列 {row.series or '—'}）",
        "可信度 confidence": row.confidence or "—",
        "是否暂用 provisional": "暂用 yes" if row.is_provisional else "否 no",
        "有效区间 in force": _interval(row.valid_from, row.valid_to),
        "所在行 lines": "；".join(row.lines) or "units.txt",
        "说明 note": row.note or "—",
    }
    from rich.table import Table  # noqa: PLC0415 - only where a table is drawn

    grid = Table.grid(padding=(0, 2))
    for name, value in lines.items():
        grid.add_row(f"  {name}", value)
    _console().print(grid)


def _rejected(row: Answer) -> tuple[str, ...]:
    from pipelines import reference  # noqa: PLC0415 - heavy

    reasons = "；".join(reference.REASONS[code][0] for code in row.reasons)
    return (
        row.factor_id,
        f"{row.value.normalize():f}",
        row.unit,
        row.level or "—",
        _interval(row.valid_from, row.valid_to),
        row.document_number or "—",
        str(row.published_on or "不详"),
        f"{reasons}（{row.note}）" if row.note and "incomplete" in row.reasons else reasons,
    )


def _listed(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["purpose"],
        row["energy_code"],
        row["sector"],
        str(row["valid_from"]),
        str(row["valid_to"]),
        f"{row['factor_t'].normalize():f}",
        row["factor_unit"],
        row["factor_id"],
        row["level"],
        "是" if row["is_provisional"] else "",
        row["note"],
    )


def _table(title: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
    from rich.table import Table  # noqa: PLC0415 - only where a table is drawn

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    _console().print(table)


def _console() -> Console:
    """The terminal as wide as it is; a file or pipe as wide as the texts need."""
    from rich.console import Console  # noqa: PLC0415 - only where a table is drawn

    console = Console(markup=False, highlight=False)
    return console if console.is_terminal else Console(markup=False, highlight=False, width=220)


def _as_object(found: Resolution) -> dict[str, Any]:
    from pipelines import reference  # noqa: PLC0415 - heavy

    def plain(row: Answer) -> dict[str, Any]:
        told = [{"code": code, "zh": reference.REASONS[code][0]} for code in row.reasons]
        return asdict(row) | {"reasons": told}

    return {
        "question": asdict(found.question),
        "chosen": plain(found.chosen) if found.chosen else None,
        "rejected": [plain(row) for row in found.rejected],
    }


def _interval(start: date, end: date) -> str:
    return f"[{'' if start in _EVER else start}, {'' if end in _EVER else end})"


def _day(text: str) -> date:
    return date_option(text) if text else shanghai_now().date()


def join(app: typer.Typer) -> None:
    """Add the group to *app*."""
    app.add_typer(group, name="factors")

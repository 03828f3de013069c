"""Factor releases for the steward: pin, list, activate, compare, rehearse before anything changes."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.console import AsJson, date_option, month_option, say, say_json
from pipelines.paths import EMISSION_FACTORS, Home
from pipelines.periods import shanghai_now

Actor = Annotated[str, typer.Option("--by", help="经办人代号。")]
AsOf = Annotated[str, typer.Option("--as-of", help="知识日期 YYYY-MM-DD；默认今天。")]
SetName = Annotated[
    str,
    typer.Argument(help="因子发布编号或名称、已发布结果的编号、active、checkout，或文件夹。"),
]
_SHOWN = 40


def pin(
    folder: Annotated[
        Path, typer.Argument(help="因子文件夹；默认现行目录。", file_okay=False)
    ] = EMISSION_FACTORS,
    name: Annotated[str, typer.Option("--name", help="便于称呼的名称，如 2026年7月。")] = "",
    actor: Actor = "steward",
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """固定因子发布：检查后按内容编号保存，永不改动。 Pin a folder as a factor release.

    例 Example: greenledger factors pin --name 2026年7月 --by steward01
    """
    from pipelines.dag import factors  # noqa: PLC0415 - heavy

    day = date_option(as_of) if as_of else shanghai_now().date()
    pinned = factors.pin(Home.default(), folder, name=name, actor=actor, as_of=day, at=shanghai_now())
    if as_json:
        say_json({"factors": pinned, "name": name})
    else:
        say(
            f"已固定因子发布 {pinned}{f'（{name}）' if name else ''}。启用前请先预演：greenledger factors rehearse {pinned}"
        )


def releases(as_json: AsJson = False) -> None:
    """列出因子发布：编号、名称、时间、经办人、是否启用。 Every pinned factor release.

    例 Example: greenledger factors releases
    """
    from pipelines.dag import factors  # noqa: PLC0415 - heavy

    home = Home.default()
    found, now = factors.releases(home), factors.active(home)
    if as_json:
        say_json({"active": now.factors_id, "active_from": now.origin, "releases": found})
        return
    say(f"现用因子：{now.factors_id}（{'现行目录' if now.origin == factors.CHECKOUT else '已启用的发布'}）")
    for item in found:
        mark = "●" if item["factors"] == now.factors_id else "○"
        names = "、".join(item["names"]) or "—"
        say(
            f"  {mark} {item['factors']}  {item['created_at'][:16]}  {item['by']}  {names}  {len(item['files'])} 个文件"
        )


def activate(
    release: Annotated[str, typer.Argument(help="因子发布编号或名称；checkout 表示改回现行目录。")],
    reason: Annotated[str, typer.Option("--reason", help="理由（永久保存）。")],
    actor: Annotated[str, typer.Option("--by", help="经办人代号。")],
) -> None:
    """启用因子发布：此后的运行用它；已冻结的月份不变。 Make a factor release the one runs use.

    例 Example: greenledger factors activate 2026年7月 --reason 公告2026年第9号 --by steward01
    """
    from pipelines.dag import factors  # noqa: PLC0415 - heavy
    from pipelines.engine import exclusive  # noqa: PLC0415 - heavy

    home = Home.default()
    with exclusive(home.run_lock):
        chosen = factors.activate(
            home, release, reason=_said(reason, "--reason"), actor=actor, at=shanghai_now()
        )
    say(f"已启用 {chosen}。已冻结的月份仍用公布时的因子；要改它们，用 greenledger restate。")


def diff(a: SetName, b: SetName, as_of: AsOf = "", as_json: AsJson = False) -> None:
    """两套因子的差别：增、删、改的行，以及取用结果的变化。 What changes between two factor sets.

    例 Example: greenledger factors diff active ./新因子 --json
    """
    from pipelines.dag import factordiff, factors  # noqa: PLC0415 - heavy

    home = Home.default()
    day = date_option(as_of) if as_of else shanghai_now().date()
    found = factordiff.diff(factors.find(home, a), factors.find(home, b), day)
    if as_json:
        say_json(found)
    else:
        _show_diff(found)


def rehearse(
    new: Annotated[
        str,
        typer.Argument(help="新的一套：因子发布、文件夹，或含 emission_factors/（和 schemas/）的文件夹。"),
    ],
    month: Annotated[str, typer.Option("--month", help="截至哪个报告期；默认与当前发布相同。")] = "",
    as_of: AsOf = "",
    out: Annotated[Path | None, typer.Option("--out", help="把结果写到这个文件夹。", file_okay=False)] = None,
    as_json: AsJson = False,
) -> None:
    """启用前预演：新旧因子各算一遍，只比较，不发布。 Compute old against new before activation.

    例 Example: greenledger factors rehearse ./新因子 --out 预演
    """
    from pipelines.dag import rehearsal  # noqa: PLC0415 - heavy
    from pipelines.dag import release as published  # noqa: PLC0415 - heavy

    home = Home.default()
    inputs = {} if month and as_of else published.read_manifest(published.current(home))["inputs"]
    through = month_option(month or inputs["through"])
    day = date_option(as_of) if as_of else shanghai_now().date()
    found = rehearsal.rehearse(home, new, through=through, as_of=day)
    if out is not None:
        _write_rehearsal(found, out)
    if as_json:
        say_json(found)
    else:
        _show_rehearsal(found)
        if out is not None:
            say(f"\n已写到 {out}：rehearsal.json、factory_months.csv")


def join(group: typer.Typer) -> None:
    """Add these commands to the ``factors`` group."""
    for command in (pin, releases, activate, diff, rehearse):
        group.command()(command)


def _said(text: str, option: str) -> str:
    if not text.strip():
        raise typer.BadParameter(f"{option} 不能为空。{option} must not be blank.")
    return text.strip()


def _show_diff(found: dict[str, Any]) -> None:
    said = found["summary"]
    say(f"{found['a']['factors']} → {found['b']['factors']}（知识日期 {found['as_of']}）")
    say(
        f"文件 {said['files']} 个有变动：增 {said['added']} 行，删 {said['removed']} 行，改 {said['changed']} 行；取用结果 {said['resolved']} 项有变"
    )
    for change in found["files"]:
        say(f"\n{change['file']}")
        for sign, rows in (("＋", change["added"]), ("－", change["removed"])):
            for row in rows:
                say(
                    f"  {sign} {' / '.join(row[key] for key in change['key'])}  {row.get('value', '')} {row.get('unit', '')}".rstrip()
                )
        for row in change["changed"]:
            told = "；".join(f"{name} {side['old']} → {side['new']}" for name, side in row["fields"].items())
            say(f"  改 {' / '.join(row['key'].values())}  {told}")
    for line in found["units_txt"]:
        say(f"units.txt  {line}")
    if found["resolved"]:
        say("\n取用结果（口径 × 品种 × 区间）")
    for entry in found["resolved"][:_SHOWN]:
        say(
            f"  {_asked(entry)}  {_answer(entry['old'])} → {_answer(entry['new'])}  {_percent(entry['relative_change'])}"
        )
    _say_more(found["resolved"])


def _asked(entry: dict[str, Any]) -> str:
    names = ("purpose", "basis", "edition", "energy_code", "sector", "gas", "variant", "unit")
    asked = " ".join(str(entry[name]) for name in names if entry.get(name))
    return f"{asked} [{entry['valid_from'] or '…'}, {entry['valid_to'] or '…'})"


def _answer(side: dict[str, Any] | None) -> str:
    return "无因子" if side is None else f"{side['value']}（{side['factor_id']}）"


def _percent(change: dict[str, str | None]) -> str:
    from decimal import Decimal  # noqa: PLC0415

    return f"{Decimal(change['decimal']) * 100:+.4f}%" if change["decimal"] else ""


def _say_more(rows: list[Any]) -> None:
    if len(rows) > _SHOWN:
        say(f"  另有 {len(rows) - _SHOWN} 项，见 --json")


def _show_rehearsal(found: dict[str, Any]) -> None:
    say(
        f"预演：{found['old']} → {found['new']}，截至 {found['through']}，知识日期 {found['as_of']}（未发布，未改动任何状态）"
    )
    say("\n二氧化碳（吨）按口径和年份")
    for row in found["co2_t"]:
        say(f"  {row['purpose']:<20}{row['year']}  {_moved(row)}")
    _show_list(
        "清单有变的气体（吨二氧化碳当量，含过程与逸散）",
        [
            f"{row['purpose']:<20}{row['year']}  {row['category']} {row['gas']}  {_moved(row)}"
            for row in found["inventory_co2e_t"]
            if row["difference"] != "0"
        ],
    )
    say("\n综合能耗（吨标准煤）：coal_tce 当量，coal_generation_tce 等价")
    for row in found["coal_tce"]:
        say(f"  {row['metric']:<20}{row['year']}  {_moved(row)}")
    _show_list(
        "变动最大的企业",
        [f"{row['purpose']:<20}{row['factory_id']}  {_moved(row)}" for row in found["movers"]],
    )
    _show_list(
        "清单变动最大的企业",
        [f"{row['purpose']:<20}{row['factory_id']}  {_moved(row)}" for row in found["inventory_movers"]],
    )
    _show_list(
        "会翻转的灯和结论",
        [
            f"{row['table']} {_key(row['key'])} {row['column']}：{row['old']} → {row['new']}"
            for row in found["flips"]
        ],
    )
    _show_list(
        "会失去因子的用能",
        [
            _key({k: v for k, v in row.items() if k != "co2_t"}) + f"（原 {row['co2_t']} 吨）"
            for row in found["without_factor"]
        ],
    )
    _show_list(
        "会新得到因子的用能",
        [_key({k: v for k, v in row.items() if k != "co2_t"}) for row in found["newly_covered"]],
    )
    _show_list("新规则下会阻止发布的校核", found["checks"]["new"])
    if found["frozen_months"] and found["factory_months"]:
        say(
            f"\n其中已冻结 {len(found['frozen_months'])} 个月：启用后仍为公布数，须逐月 greenledger restate 才会改。"
        )


def _moved(row: dict[str, Any]) -> str:
    if row["difference"] == "0":
        return f"{row['new'] or '未知'}（不变）"
    return f"{row['old'] or '未知'} → {row['new'] or '未知'}  {_percent(row['relative_change'])}"


def _key(key: dict[str, Any]) -> str:
    return " ".join(str(value) for value in key.values())


def _show_list(title: str, lines: list[str]) -> None:
    say(f"\n{title}：{len(lines)} 项")
    for line in lines[:_SHOWN]:
        say(f"  {line}")
    _say_more(lines)


def _write_rehearsal(found: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / "rehearsal.json").write_text(text, encoding="utf-8")
    columns = ["purpose", "factory_id", "month", "old", "new", "difference"]
    with (folder / "factory_months.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(found["factory_months"])

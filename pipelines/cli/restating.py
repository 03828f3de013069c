"""``greenledger restate``: the only way a published month changes, with reason and approver, kept for ever."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipelines.cli import commission
from pipelines.cli.console import AsJson, date_option, month_option, say, say_json
from pipelines.paths import Home
from pipelines.periods import shanghai_now

_SHOWN = 20


def restate(
    month: Annotated[list[str], typer.Option("--month", help="要重述的报告期 YYYY-MM；可写多次。")],
    reason: Annotated[str, typer.Option("--reason", help="理由（永久保存，写在页面上）。")],
    approver: Annotated[str, typer.Option("--approver", help="批准人（永久保存，写在页面上）。")],
    through: Annotated[str, typer.Option("--through", help="发布截至哪个报告期；默认与当前发布相同。")] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="知识日期 YYYY-MM-DD；默认今天。")] = "",
    as_json: AsJson = False,
) -> None:
    """重述已冻结的月份：按现有数据和因子重算，另行发布，新旧并存。 Restate frozen months as a new release.

    例 Example: greenledger restate --month 2023-05 --reason 企业更正用电量 --approver 张主任
    """
    from pipelines.dag import release as releases  # noqa: PLC0415 - heavy
    from pipelines.dag.asked import Order  # noqa: PLC0415 - heavy

    months = tuple(month_option(text) for text in month)
    for option, text in (("--reason", reason), ("--approver", approver)):
        if not text.strip():
            raise typer.BadParameter(f"{option} 不能为空。{option} must not be blank.")
    home, today = Home.default(), shanghai_now().date()
    inputs = releases.read_manifest(releases.current(home))["inputs"]
    order = Order(months, reason.strip(), approver.strip(), today)
    day = date_option(as_of) if as_of else today
    release = commission.run_once(
        home, month_option(through or inputs["through"]), day, quiet=as_json, restate=order
    )
    record = json.loads((release / releases.RESTATEMENT).read_text(encoding="utf-8"))
    if as_json:
        say_json(record | {"folder": str(release)})
        return
    say(
        f"已重述 {'、'.join(record['months'])}，新发布 {release.name}；变动 {len(record['figures'])} 个数字。"
    )
    for line in record["district"][:_SHOWN]:
        say(f"  {line['month']} 全区 {line['column']}：{line['old']} → {line['new']}（{line['difference']}）")
    say(f"逐企业、逐项的新旧数字：{release / releases.RESTATEMENT}")
    say(
        "原发布仍可核验：" + "、".join(f"greenledger verify {item['release']}" for item in record["replaces"])
    )


def join(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(restate)

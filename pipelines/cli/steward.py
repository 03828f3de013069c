"""For data stewards: held rows, decisions with reasons, and the checks of the data folders."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.console import AsJson, date_option, say, say_json
from pipelines.paths import Home
from pipelines.periods import shanghai_now

desk = typer.Typer(help="数据管理：暂挂行、放行与退回。 Held rows and decisions.", no_args_is_help=True)
factors = typer.Typer(help="因子与规则数据。 Factors and rule data.", no_args_is_help=True)

Receipt = Annotated[str, typer.Argument(help="回执号。")]
Line = Annotated[int, typer.Argument(help="行号。", min=1)]
Reason = Annotated[str, typer.Option("--reason", help="理由（永久保存）。", prompt="理由")]
Actor = Annotated[str, typer.Option("--by", help="经办人代号。", prompt="经办人")]


@desk.command()
def held(as_json: AsJson = False) -> None:
    """列出暂挂行及原因。 Held rows with their reasons.

    例 Example: greenledger steward held
    """
    from pipelines import quality  # noqa: PLC0415 - heavy
    from pipelines.engine import Ledger  # noqa: PLC0415 - heavy

    with Ledger.open(Home.default().ledger, read_only=True) as ledger:
        rows = quality.held_rows(ledger).to_dicts()
    if as_json:
        say_json({"held": rows})
        return
    say(f"暂挂 {len(rows)} 行")
    for row in rows:
        say(f"  {row['receipt_id']} 第{row['line_no']}行  {row['contract']}  {row['hold_codes']}")


@desk.command()
def release(receipt_id: Receipt, line_no: Line, reason: Reason, actor: Actor) -> None:
    """放行一行：下次运行起计入台账。 Release a held row.

    例 Example: greenledger steward release R0123456789abcdef 17 --reason 电话核实 --by steward01
    """
    _decide(receipt_id, line_no, "released", reason, actor)


@desk.command()
def reject(receipt_id: Receipt, line_no: Line, reason: Reason, actor: Actor) -> None:
    """退回一行：不计入台账，保留记录。 Reject a row.

    例 Example: greenledger steward reject R0123456789abcdef 17 --reason 重复填报 --by steward01
    """
    _decide(receipt_id, line_no, "rejected", reason, actor)


@desk.command()
def acknowledge(receipt_id: Receipt, line_no: Line, reason: Reason, actor: Actor) -> None:
    """确认一行的提示（数据准入不变）。 Acknowledge a warning with a comment.

    例 Example: greenledger steward acknowledge R0123456789abcdef 17 --reason 停产检修 --by steward01
    """
    _decide(receipt_id, line_no, "acknowledged", reason, actor)


@factors.command("check")
def check_factors(as_of: Annotated[str, typer.Option("--as-of", help="知识日期。")] = "") -> None:
    """检查因子与规则数据文件，一次列出全部问题。 Check the data folders; every problem at once.

    例 Example: greenledger factors check
    """
    from pipelines import paths, reference  # noqa: PLC0415 - heavy

    day = date_option(as_of) if as_of else shanghai_now().date()
    tables = reference.load(paths.EMISSION_FACTORS, as_of=day).tables | reference.load_policy(paths.SCHEMAS)
    for name, frame in sorted(tables.items()):
        say(f"{name:<28}{len(frame):>6} 行")


def _decide(receipt_id: str, line_no: int, decision: str, reason: str, actor: str) -> None:
    from pipelines import intake  # noqa: PLC0415 - heavy

    with intake.Landing.open(Home.default()) as landing:
        landing.decide(receipt_id, line_no, decision, reason, actor, shanghai_now())
    say(f"已登记：{receipt_id} 第{line_no}行 {decision}。下次运行（greenledger run）生效。")


def join(app: typer.Typer) -> None:
    """Add the two groups to *app*."""
    app.add_typer(desk, name="steward")
    app.add_typer(factors, name="factors")

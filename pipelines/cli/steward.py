"""For data stewards: held rows, and decisions on them with reasons."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.console import AsJson, say, say_json
from pipelines.errors import NoEffect
from pipelines.paths import Home
from pipelines.periods import shanghai_now

desk = typer.Typer(help="数据管理：暂挂行、放行与退回。 Held rows and decisions.", no_args_is_help=True)

_DECISIONS = {"released": "放行", "rejected": "退回", "acknowledged": "确认"}

Receipt = Annotated[str, typer.Argument(help="回执号。")]
Line = Annotated[int, typer.Argument(help="行号。", min=1)]
Reason = Annotated[str, typer.Option("--reason", help="理由（永久保存）。", prompt="理由")]
Actor = Annotated[str, typer.Option("--by", help="经办人代号。", prompt="经办人")]


@desk.command()
def held(as_json: AsJson = False) -> None:
    """列出暂挂行及原因，并注明放行是否有效。 Held rows with their reasons, and whether a release would count.

    例 Example: greenledger steward held
    """
    from pipelines import quality  # noqa: PLC0415 - heavy
    from pipelines.engine import Ledger  # noqa: PLC0415 - heavy

    rules = {rule.code: rule for rule in quality.load_rules()}
    with Ledger.open(Home.default().ledger, read_only=True) as ledger:
        rows = quality.held_rows(ledger).to_dicts()
    for row in rows:
        broken = [rules[code] for code in row["hold_codes"].split(";") if code in rules]
        row["may_release"] = all(rule.may_release for rule in broken)
        row["hold_reasons"] = [rule.title.zh for rule in broken]
    if as_json:
        say_json({"held": rows})
        return
    say(f"暂挂 {len(rows)} 行")
    for row in rows:
        mark = "" if row["may_release"] else "  （无法计算，放行无效，请企业更正）"
        say(
            f"  {row['receipt_id']} 第{row['line_no']}行  {row['contract']}  {row['hold_codes']} "
            f"{'；'.join(row['hold_reasons'])}{mark}"
        )


@desk.command()
def decisions(
    receipt_id: Annotated[str, typer.Option("--receipt", help="只看这一回执。")] = "",
    as_json: AsJson = False,
) -> None:
    """列出历次决定：何时、何人、哪一行、什么理由。 Every decision taken: when, by whom, on which line, why.

    例 Example: greenledger steward decisions
    """
    from pipelines import intake  # noqa: PLC0415 - heavy

    with intake.Landing.open(Home.default()) as landing:
        rows = landing.decisions().to_dicts()
        files = {row["receipt_id"]: row for row in landing.submissions().to_dicts()}
    rows = [row for row in rows if receipt_id in ("", row["receipt_id"])]
    for row in rows:
        row |= {name: files[row["receipt_id"]][name] for name in ("contract", "filename")}
    if as_json:
        say_json({"decisions": rows})
        return
    say(f"决定 {len(rows)} 项")
    for row in rows:
        say(
            f"  {row['decided_on']}  {row['actor']}  {_DECISIONS[row['decision']]}  {row['receipt_id']} "
            f"第{row['line_no']}行（{row['filename']}）  理由：{row['reason']}"
        )


@desk.command()
def release(receipt_id: Receipt, line_no: Line, reason: Reason, actor: Actor) -> None:
    """放行一行：下次运行起计入台账；无法计算的行不予放行。 Release a held row, unless it cannot be computed with.

    例 Example: greenledger steward release R0123456789abcdef 17 --reason 电话核实 --by steward01
    """
    _tell_what_a_release_would_do(receipt_id, line_no)
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


def _tell_what_a_release_would_do(receipt_id: str, line_no: int) -> None:
    """Refuse a release that could have no effect; say so when nothing holds the line.

    Raises:
        NoEffect: a rule with ``may_release: false`` holds the line.
    """
    from pipelines import intake  # noqa: PLC0415 - heavy
    from pipelines.dag import filecheck  # noqa: PLC0415 - heavy

    with intake.Landing.open(Home.default()) as landing:
        answer = filecheck.stands_against(receipt_id, line_no, landing, shanghai_now())
    holding = [item for item in answer.findings if item.severity == "critical" and not item.is_broken_rule]
    final = [item for item in holding if not item.may_release]
    if final:
        zh = "\n".join(item.as_text("zh") for item in final)
        en = "\n".join(item.as_text("en") for item in final)
        raise NoEffect(
            f"该行无法计算，放行不会生效，未登记。请让企业更正后重报。\n{zh}",
            f"such a row cannot be computed with: a release has no effect and is not recorded\n{en}",
        )
    for item in holding:
        say(item.as_text("zh"))
    if not answer.is_judged:
        say("\n".join(answer.findings_text()))
        say(
            "行级规则未能全部执行，放行能否生效未经核对。 | not every rule could be run; the effect was not checked"
        )
    elif not holding:
        say("该行目前没有被任何规则暂挂（或已被更正取代），放行只作记录。 | nothing holds this line now")


def _decide(receipt_id: str, line_no: int, decision: str, reason: str, actor: str) -> None:
    from pipelines import intake  # noqa: PLC0415 - heavy

    with intake.Landing.open(Home.default()) as landing:
        landing.decide(receipt_id, line_no, decision, reason, actor, shanghai_now())
    say(f"已登记：{receipt_id} 第{line_no}行 {_DECISIONS[decision]}。下次运行（greenledger run）生效。")


def join(app: typer.Typer) -> None:
    """Add the group to *app*."""
    app.add_typer(desk, name="steward")

"""For factory clerks: check a file, send it, get a template."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import AsJson, month_option, say, say_json
from pipelines.paths import Home
from pipelines.periods import shanghai_now

if TYPE_CHECKING:
    from pipelines.dag.filecheck import Answer

RULES_NOT_RUN = 70

Files = Annotated[
    list[Path], typer.Argument(help="CSV 或 XLSX 文件。", exists=True, dir_okay=False, metavar="FILE...")
]
Sender = Annotated[
    str, typer.Option("--sender", help="报送单位：统一社会信用代码，或 commission（主管部门）。")
]


def check(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX 文件。", exists=True, dir_okay=False)],
    sender: Sender = "commission",
    as_json: AsJson = False,
) -> None:
    """试填检查：列出文件的全部问题，不登记、不保存。 Dry run: every problem of a file; writes nothing.

    例 Example: greenledger check 能源2023-05.xlsx
    """
    from pipelines.dag import filecheck  # noqa: PLC0415 - heavy
    from pipelines.intake import Delivery  # noqa: PLC0415 - heavy

    answer = filecheck.check(Delivery(file.read_bytes(), sender, file.name, shanghai_now()), Home.default())
    if as_json:
        say_json(answer.as_dict())
    else:
        say(answer.as_text())
    raise typer.Exit(_exit_code([answer]))


def receive(files: Files, sender: Sender = "commission", as_json: AsJson = False) -> None:
    """报送文件：给出回执，并列出将暂挂和有提示的行；有错则列出全部问题。 Send files: receipts, and what will be held.

    例 Example: greenledger receive 能源2023-05.xlsx --sender 91310000MA1FL0AB1C
    """
    from pipelines import intake  # noqa: PLC0415 - heavy
    from pipelines.dag import filecheck  # noqa: PLC0415 - heavy

    now = shanghai_now()
    deliveries = [intake.Delivery(file.read_bytes(), sender, file.name, now) for file in files]
    with intake.Landing.open(Home.default()) as landing:
        receipts = intake.receive_many(deliveries, landing=landing)
        if not as_json:
            # The receipt is told as soon as it is given: judging the lines takes seconds more.
            for receipt in receipts:
                say(receipt.as_text("zh"))
        answers = filecheck.judge_received(receipts, landing, now)
    if as_json:
        say_json({"receipts": [answer.as_dict() for answer in answers]})
    for answer in () if as_json else answers:
        _say_findings(answer, is_alone=len(answers) == 1)
    raise typer.Exit(_exit_code(answers))


def template(
    contract: Annotated[
        str, typer.Argument(help="报表：energy、output、green_power、activity、media、profile …")
    ],
    factory_id: Annotated[str, typer.Option("--factory", help="统一社会信用代码。")] = "",
    period: Annotated[str, typer.Option("--period", help="报告期 YYYY-MM。")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件（.xlsx 或 .csv）。")] = None,
) -> None:
    """填报模板：带单位、下拉选项和填写说明。 A template to fill, with units, lists and guidance.

    例 Example: greenledger template energy --factory 91310000MA1FL0AB1C --period 2023-05
    """
    from pipelines import intake  # noqa: PLC0415 - heavy

    path = out or Path(f"{contract}{'-' + period if period else ''}.xlsx")
    intake.template(contract, factory_id, month_option(period) if period else None, path)
    say(f"已生成模板：{path}")


def _say_findings(answer: Answer, *, is_alone: bool) -> None:
    """What the rules say of one file, under its name where several were sent."""
    told = answer.findings_text()
    if told and not is_alone:
        say(f"{answer.receipt.filename}  {answer.receipt.receipt_id}")
    for line in told:
        say(line)


def _exit_code(answers: Sequence[Answer]) -> int:
    """1 when a file is refused or a row will be held; 70 when all is well so far, but not every rule could be run."""
    if not all(answer.is_good for answer in answers):
        return 1
    return 0 if all(answer.is_judged for answer in answers) else RULES_NOT_RUN


def join(app: typer.Typer) -> None:
    """Add these commands to *app*, in the order of the flow."""
    for command in (template, check, receive):
        app.command()(command)

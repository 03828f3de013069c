"""For factory clerks: check a file, send it, get a template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import AsJson, month_option, say, say_json
from pipelines.paths import Home
from pipelines.periods import shanghai_now

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
    from pipelines import intake  # noqa: PLC0415 - heavy
    from pipelines.dag import filecheck  # noqa: PLC0415 - heavy

    examined = intake.examine(file.read_bytes(), sender=sender, filename=file.name, at=shanghai_now())
    findings = filecheck.judge(examined, Home.default()) if examined.is_accepted else []
    if as_json:
        say_json({**examined.as_dict(), "findings": [finding.as_dict() for finding in findings]})
    else:
        say(examined.as_text("zh"))
        for finding in findings:
            say(finding.as_text())
    held = any(finding.severity == "critical" for finding in findings)
    raise typer.Exit(0 if examined.is_accepted and not held else 1)


def receive(files: Files, sender: Sender = "commission", as_json: AsJson = False) -> None:
    """报送文件：给出回执，或列出全部问题。 Send files: a receipt, or every problem.

    例 Example: greenledger receive 能源2023-05.xlsx --sender 91310000MA1FL0AB1C
    """
    from pipelines import intake  # noqa: PLC0415 - heavy

    deliveries = [intake.Delivery(file.read_bytes(), sender, file.name, shanghai_now()) for file in files]
    with intake.Landing.open(Home.default()) as landing:
        receipts = intake.receive_many(deliveries, landing=landing)
    if as_json:
        say_json({"receipts": [receipt.as_dict() for receipt in receipts]})
    else:
        for receipt in receipts:
            say(receipt.as_text("zh"))
    raise typer.Exit(0 if all(receipt.is_accepted for receipt in receipts) else 1)


def template(
    contract: Annotated[str, typer.Argument(help="报表：energy、output、green_power、profile …")],
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


def join(app: typer.Typer) -> None:
    """Add these commands to *app*, in the order of the flow."""
    for command in (template, check, receive):
        app.command()(command)

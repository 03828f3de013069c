"""``greenledger units``: the units of every SQL model, as declared and as they follow from the SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import AsJson, say, say_json

if TYPE_CHECKING:
    from pipelines.engine import UnitLine

group = typer.Typer(
    help="SQL 模型的单位检查。 Units of the SQL models.", no_args_is_help=True, rich_markup_mode=None
)


@group.command("check")
def check(
    model: Annotated[
        str, typer.Option("--model", help="只列一个模型，如 core.emission。Only this model.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """推断每一列的单位并与表头核对，列出全表；不符时退出码 1。 Infer every column's unit and hold it to its header.

    例 Example: greenledger units check --model core.emission
    """
    from pipelines.dag.site import Rulebook  # noqa: PLC0415 - heavy
    from pipelines.dag.unitbook import unit_report  # noqa: PLC0415 - heavy

    report = unit_report(Rulebook())
    lines = [line for line in report.lines if not model or line.model == model]
    taken = [entry for entry in report.asserted if not model or entry[0] == model]
    if not lines:
        raise typer.BadParameter(f"没有模型 {model}。No such model.")
    if as_json:
        say_json(
            {
                "lines": [vars(line) for line in lines],
                "asserted": [
                    dict(zip(("model", "expression", "unit"), entry, strict=True)) for entry in taken
                ],
                "problems": len(report.problems),
            }
        )
    else:
        _print(lines, taken)
    if report.problems:
        raise typer.Exit(1)


def _print(lines: Sequence[UnitLine], taken: Sequence[tuple[str, str, str]]) -> None:
    say("模型.列                                             表头单位                      由 SQL 推得")
    for line in lines:
        if line.declared or line.problem_zh:
            mark = "✗" if line.problem_zh else " "
            say(f"{mark} {line.model + '.' + line.column:<50}{line.declared:<30}{line.inferred}")
            if line.problem_zh:
                say(f"    {line.problem_zh}\n    {line.problem_en}")
    if taken:
        say("\n按作者所写采信（SQL 注释 /* unit: … */） | taken on the author’s word:")
        for name, expression, unit in taken:
            say(f"  {name:<32}{unit:<40}{expression}")
    numbers = sum(1 for line in lines if line.declared)
    problems = sum(1 for line in lines if line.problem_zh)
    say(
        f"\n{len({line.model for line in lines})} 个模型，{numbers} 个数值列，{len(taken)} 处采信，{problems} 处不符"
    )


def join(app: typer.Typer) -> None:
    """Add the group to *app*."""
    app.add_typer(group, name="units")

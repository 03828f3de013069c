"""For the auditor: where a figure comes from, recomputed while one looks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import AsJson, say, say_json
from pipelines.errors import NotFound
from pipelines.paths import Home
from pipelines.periods import Month

if TYPE_CHECKING:
    from pipelines.engine import Ledger
    from pipelines.reports import Published
    from pipelines.reports.explain import Explanation


def explain(
    figure: Annotated[
        str, typer.Argument(help="数字名称，如 green_share/2023-12 或 co2/2023-05/<企业>/33；见 --list。")
    ] = "",
    is_list: Annotated[bool, typer.Option("--list", help="列出全部数字名称的写法。List all names.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="另存为一页可打印的 HTML。Write a card.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """一个数字从哪里来：逐级追溯到企业、原始行和因子文号，并独立复算；不一致则退出码为 1。 Where a figure comes from, recomputed.

    例 Example: greenledger explain green_share/2023-12
    """
    from pipelines import intake, reports  # noqa: PLC0415 - heavy
    from pipelines.engine import Ledger  # noqa: PLC0415 - heavy

    if not figure and not is_list:
        raise typer.BadParameter("请写出数字名称，或用 --list 查看全部写法。Name a figure, or use --list.")
    home = Home.default()
    with Ledger.open(home.ledger, read_only=True) as ledger, intake.Landing.open(home) as landing:
        if is_list:
            _show_names(reports.figure_names(ledger), as_json=as_json)
            return
        screen = reports.explain(ledger, landing, figure, _published(home, _last_month(ledger)))
    if html is not None:
        _write_card(screen, html)
    if as_json:
        say_json(screen.as_dict())
    else:
        reports.show(screen)
    raise typer.Exit(0 if screen.agrees else 1)


def _write_card(screen: Explanation, path: Path) -> None:
    """The HTML card, or wrong usage (exit 2) where nothing can be written."""
    from pipelines import reports  # noqa: PLC0415 - heavy

    try:
        reports.card(screen, path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise typer.BadParameter(
            f"不能写入 “{path}”：{reason}。请换一个已有且可写的文件夹。Cannot write there; name another path."
        ) from error


def _last_month(ledger: Ledger) -> Month:
    """The month the ledger ends with."""
    return Month.of(ledger.one("select max(month) from ref.month")[0])


def _published(home: Home, through: Month) -> Published | None:
    """The release the ledger was published as; none when nothing has been published of that month."""
    from pipelines import reports  # noqa: PLC0415 - heavy
    from pipelines.dag import release as releases  # noqa: PLC0415 - heavy

    try:
        folder = releases.current(home)
    except NotFound:
        return None
    inputs = releases.read_manifest(folder)["inputs"]
    if inputs["through"] != str(through):
        return None
    return reports.Published(
        release=folder.name,
        through=through,
        as_of=date.fromisoformat(inputs["as_of"]),
        rules=folder / "rules",
        marts=releases.read_marts(folder),
        restatements=releases.restatements_in(folder),
        pending=releases.pending_in(folder),
    )


def _show_names(names: list[dict[str, str]], *, as_json: bool) -> None:
    if as_json:
        say_json({"figures": names})
        return
    say("数字名称的写法（MONTH 为 YYYY-MM，FACTORY 为统一社会信用代码或名录全称）：")
    for item in names:
        say(f"  {item['pattern']:<40}{item['title']}")
        if item["example"]:
            say(f"      例：greenledger explain {item['example']}")
    say("排放可另写口径，如 co2@shanghai_ets/2023-12；不写即仪表板所用口径。")

"""For the commission and the auditor: run, read progress, walk figures back, verify."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import AsJson, date_option, month_option, say, say_json
from pipelines.cli.explaining import explain
from pipelines.errors import LedgerError, NotFound
from pipelines.paths import CHECKOUT, Home
from pipelines.periods import Month, shanghai_now

if TYPE_CHECKING:
    from pipelines.dag.asked import Order
    from pipelines.dag.rebuild import Verification

MonthOption = Annotated[str, typer.Option("--month", help="截至哪个报告期 YYYY-MM；默认为已报送的最近月份。")]
AsOf = Annotated[
    str, typer.Option("--as-of", help="知识日期 YYYY-MM-DD：只用此前收到的数据和公布的因子；默认今天。")
]


def run(
    month: MonthOption = "",
    year: Annotated[int | None, typer.Option("--year", help="全年，即截至该年 12 月。")] = None,
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """运行流水线并发布：收件、校验、计算、评价、发布。 Run the pipeline and publish.

    例 Example: greenledger run --month 2023-12
    """
    home = Home.default()
    through = Month(year, 12) if year else month_option(month) if month else _latest_month(home)
    release = run_once(home, through, date_option(as_of) if as_of else shanghai_now().date(), quiet=as_json)
    if as_json:
        say_json({"release": release.name, "folder": str(release)})
    else:
        _show_progress(release)


def demo(
    factories: Annotated[int, typer.Option("--factories", help="示例企业数。", min=120)] = 120,
) -> None:
    """用示例区的数据跑完整流程，显示两项目标。 The whole job on the invented sample district.

    例 Example: greenledger demo
    """
    from pipelines.cli import sample  # noqa: PLC0415 - heavy

    home = Home(Home.default().root / "demo")
    sample.deliver(home, factories, say)
    release = run_once(home, sample.THROUGH, sample.AS_OF, quiet=False)
    _show_progress(release)
    say(f"\n重新查看：GREENLEDGER_HOME={_short(home.root)} .venv/bin/greenledger progress")
    say(
        f"追溯数字：GREENLEDGER_HOME={_short(home.root)} .venv/bin/greenledger explain green_share/{sample.THROUGH}"
    )


def progress(as_json: AsJson = False) -> None:
    """两项目标和各项规划指标的进展。 Progress toward the two goals and all plan targets.

    例 Example: greenledger progress --json
    """
    from pipelines import reports  # noqa: PLC0415 - heavy
    from pipelines.dag import release as releases  # noqa: PLC0415 - heavy

    release = releases.current(Home.default())
    if as_json:
        kept = releases.facts_in(releases.read_manifest(release))
        facts, standing = kept or (None, [])
        told = reports.progress(releases.read_marts(release), facts)
        say_json(told | {"release": release.name, "standing": standing})
    else:
        _show_progress(release)


def verify(
    release: Annotated[str, typer.Argument(help="发布编号；默认为当前发布。")] = "",
    earlier: Annotated[
        bool, typer.Option("--with-earlier", help="连同它取用其行的各次发布，逐个核验，各用制成它的程序。")
    ] = False,
    python: Annotated[
        Path | None,
        typer.Option(
            "--python", exists=True, dir_okay=False, help="用这个解释器（及其软件包）运行存档的程序。"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """由原始文件、用制成它的那一版程序重建一次发布并逐字节比较。 Rebuild a release from originals, by the program that made it.

    例 Example: greenledger verify
    """
    from pipelines.dag import rebuild  # noqa: PLC0415 - heavy
    from pipelines.dag import release as releases  # noqa: PLC0415 - heavy

    home = Home.default()
    folder = home.published / release if release else releases.current(home)
    ask = rebuild.verify_with_earlier if earlier else lambda *asked: iter([rebuild.verify(*asked)])
    results = []
    for result in ask(home, folder, python):
        results.append(result)
        if not as_json:
            _show_verification(result, alone=not earlier)
    if as_json:
        rest = {"earlier": [result.as_dict() for result in results[1:]]} if earlier else {}
        say_json(results[0].as_dict() | rest)
    raise typer.Exit(0 if all(result.holds for result in results) else 1)


def late(
    month: Annotated[str, typer.Option("--month", help="报告期 YYYY-MM。")],
    as_json: AsJson = False,
) -> None:
    """催报：该月在册而未见准入能源数据的企业。 Factories on the register with no admitted energy line.

    例 Example: greenledger late --month 2023-05
    """
    from pipelines.engine import Ledger  # noqa: PLC0415 - heavy

    wanted = month_option(month)
    with Ledger.open(Home.default().ledger, read_only=True) as ledger:
        missing = ledger.rows("select * from mart.late_factory where month = ?", [wanted.first]).to_dicts()
    if as_json:
        say_json({"month": str(wanted), "late": missing})
        return
    say(f"{wanted} 应报未报（或全部暂挂）的企业：{len(missing)} 家")
    for row in missing:
        say(f"  {row['factory_id']}  {row['name']}  {row['town'] or ''}  {row['reason_zh']}")


def dev(
    port: Annotated[int, typer.Option("--port", help="端口。", min=1, max=65535)] = 3000,
) -> None:
    """打开 Dagster 页面（仅本机）。 Open the Dagster page with the whole graph, on this machine only.

    例 Example: greenledger dev
    """
    from pipelines.dag.job import prepare_dagster_home  # noqa: PLC0415 - heavy

    prepare_dagster_home(Home.default())
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions", "-h", "127.0.0.1"]
    command += ["-p", str(port)]
    # In place of this process, so that stopping it stops the daemon and the web server too.
    os.execve(sys.executable, command, os.environ.copy())  # noqa: S606 - our own program


def export(
    what: Annotated[str, typer.Argument(help="ledger：全部提交与每行判定，JSON lines。")] = "ledger",
    out: Annotated[Path | None, typer.Option("--out", help="写到文件；默认标准输出。")] = None,
) -> None:
    """导出台账：每件提交、每行的判定，一行一个 JSON。 Every submission and row verdict as JSON lines.

    例 Example: greenledger export ledger --out ledger.jsonl
    """
    from pipelines import intake, reports  # noqa: PLC0415 - heavy
    from pipelines.engine import Ledger  # noqa: PLC0415 - heavy

    if what != "ledger":
        raise typer.BadParameter(f"读到 “{what}”，应为 ledger。Expected ledger.")
    home = Home.default()
    with Ledger.open(home.ledger, read_only=True) as ledger, intake.Landing.open(home) as landing:
        if out is None:
            reports.export_ledger(ledger, landing, sys.stdout)
            return
        with out.open("w", encoding="utf-8") as stream:
            reports.export_ledger(ledger, landing, stream)
    say(f"已导出：{out}")


def run_once(home: Home, through: Month, as_of: date, *, quiet: bool, restate: Order | None = None) -> Path:
    """One run with progress on the terminal."""
    from pipelines.dag import job  # noqa: PLC0415 - heavy

    job.prepare_dagster_home(home)
    from pipelines.cli.watching import watched  # noqa: PLC0415 - heavy
    from pipelines.definitions import defs  # noqa: PLC0415 - loads the graph, after DAGSTER_HOME is set

    with watched(quiet=quiet) as tell:
        return job.run(defs, home, through=through, as_of=as_of, tell=tell, restate=restate)


def _latest_month(home: Home) -> Month:
    """The latest month any accepted energy line reports."""
    from pipelines import intake  # noqa: PLC0415 - heavy

    with intake.Landing.open(home) as landing:
        latest = landing.latest_month("energy")
    if latest is None:
        raise NotFound("尚无已受理的能源数据。", "no energy data has been accepted yet")
    return latest


def _show_progress(release: Path) -> None:
    from pipelines import reports  # noqa: PLC0415 - heavy
    from pipelines.dag import release as releases  # noqa: PLC0415 - heavy

    facts, standing = releases.facts_in(releases.read_manifest(release)) or (None, [])
    say(reports.progress_text(releases.read_marts(release), facts))
    say()
    for line in standing:
        say(line)
    for label, name in (
        ("仪表板", releases.DASHBOARD),
        ("工作簿", releases.WORKBOOK),
        ("月度简报", releases.BRIEF),
        ("质量报告", releases.QUALITY),
        ("清单", releases.MANIFEST),
        ("待重述", releases.PENDING),
        ("重述记录", releases.RESTATEMENT),
    ):
        if not (release / name).exists():
            continue
        say(f"{label:　<5}{_short(release / name)}")


def _show_verification(result: Verification, *, alone: bool) -> None:
    say(
        f"发布 {result.release}：核对原件 {result.originals} 件、结果表 {result.marts} 张、文件 {result.files} 个。"
    )
    say(result.rebuilt_in_words())
    say("重建结果与发布逐字节一致。" if result.holds else "\n".join(result.differences))
    for name in result.rests_on if alone else ():
        say(f"部分已冻结月份的行取自发布 {name}，可另行核验：greenledger verify {name}")


def _short(path: Path) -> str:
    """*path* as one would type it from the checkout."""
    try:
        return str(path.relative_to(CHECKOUT))
    except ValueError:
        return str(path)


def join(app: typer.Typer) -> None:
    """Add these commands to *app*, in the order of the flow."""
    for command in (run, demo, progress, explain, verify, late, export, dev):
        app.command()(command)


__all__ = ["LedgerError", "join"]

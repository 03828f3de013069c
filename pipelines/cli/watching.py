"""Progress of a run on the terminal: which table was made, how many rows it has."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.dag.assets import all_assets

_STAGES = {
    "raw": "收件",
    "ref": "参考数据",
    "stg": "准入",
    "core": "计算",
    "mart": "评价",
    "published": "发布",
}


@contextmanager
def watched(*, quiet: bool) -> Iterator[Callable[[str, int | None], None]]:
    """A listener for the tables of one run; with *quiet* it says nothing."""
    logging.getLogger("dagster").setLevel(logging.WARNING)
    if quiet:
        yield lambda table, rows: None
        return
    total = sum(len(asset.keys) for asset in all_assets())
    columns = (
        TextColumn("{task.description}", justify="left"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=not console.is_terminal) as bar:
        task = bar.add_task("开始", total=total)

        def tell(table: str, rows: int | None) -> None:
            stage = _STAGES.get(table.split(".", maxsplit=1)[0], "")
            counted = "视图" if rows is None else f"{rows:,} 行"
            bar.update(task, advance=1, description=f"{stage} {table} {counted}"[:46].ljust(46))

        yield tell
        bar.update(task, completed=total, description="完成")

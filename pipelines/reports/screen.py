"""An explanation on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.reports.escaping import one_line
from pipelines.reports.explain import Explanation


def show(screen: Explanation, console: Console | None = None) -> None:
    """Print one screen; text from files is printed as text: no markup, no escape sequence reaches the terminal."""
    out = console or Console(soft_wrap=False)
    out.print(Text(one_line(screen.title), style="bold"))
    out.print(Text(one_line(f"{screen.value}    {screen.formula}")))
    for section in screen.sections:
        table = Table(title=Text(section.title), title_justify="left", title_style="", show_lines=False)
        for name in section.header:
            table.add_column(name, overflow="fold")
        for row in section.rows:
            table.add_row(*[Text(one_line(cell)) for cell in row])
        out.print(table)
    if not screen.agrees:
        out.print(Text("现场复算与存储值不一致，请报告。", style="bold red"))
    for name in screen.closer:
        out.print(Text(one_line(f"  greenledger explain {name}")))

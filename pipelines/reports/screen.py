"""An explanation on the terminal."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.reports.escaping import one_line
from pipelines.reports.explain import Explanation, Section
from pipelines.reports.sections import sections_of

_WIDTH = 120


def show(screen: Explanation, console: Console | None = None) -> None:
    """Print one screen; text from files is printed as text: no markup, no escape sequence reaches the terminal."""
    out = console or Console(soft_wrap=False, width=_width())
    out.print(_plain(screen.title, "bold"))
    out.print(_plain(screen.value, "bold"))
    out.print(_plain(screen.formula))
    style = "green" if screen.agrees else "bold red"
    for told in screen.verdict():
        out.print(_plain(("✓ " if screen.agrees else "✗ ") + told, style))
    for name, value in screen.facts.items():
        out.print(_plain(f"{name}：{value}"))
    for section in sections_of(screen):
        out.print(_table(section))
    for note in screen.notes:
        out.print(_plain(f"注：{note}"))
    for number, rounding in enumerate(screen.roundings, 1):
        out.print(_plain(f"舍入 {number}：{rounding}"))
    out.print(_plain(f"复算范围：{screen.scope}" + (f"　发布：{screen.release}" if screen.release else "")))
    _closer(out, screen.closer)


def _closer(out: Console, names: Sequence[str]) -> None:
    for name in names:
        out.print(_plain(f"  greenledger explain {name}"))


def _table(section: Section) -> Table:
    table = Table(title=Text(section.title), title_justify="left", title_style="", show_lines=False)
    for name in section.header:
        table.add_column(name, overflow="fold")
    for row in section.rows:
        table.add_row(*[Text(one_line(cell)) for cell in row])
    return table


def _plain(text: str, style: str = "") -> Text:
    return Text(one_line(text), style=style)


def _width() -> int:
    """The terminal's, but never so narrow that a figure of fifteen digits breaks."""
    return max(shutil.get_terminal_size((_WIDTH, 40)).columns, 100)

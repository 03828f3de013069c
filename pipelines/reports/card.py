"""解释卡 | An explanation on one sheet of A4: self-contained, escaped, printable."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pipelines.reports.escaping import one_line
from pipelines.reports.explain import Explanation
from pipelines.reports.sections import sections_of

_MOST_ROWS = 12


def card(screen: Explanation, path: Path) -> None:
    """Write the card of *screen* to *path*. Equal screens give equal bytes."""
    page = _template().render(screen=screen, sections=sections_of(screen, _MOST_ROWS), most_rows=_MOST_ROWS)
    path.write_text(page, encoding="utf-8", newline="\n")


def _harmless(value: Any) -> Any:
    """Text on one line, without control or direction-changing characters; the template escapes it afterwards."""
    return one_line(value) if isinstance(value, str) else value


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=_harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("card.html")

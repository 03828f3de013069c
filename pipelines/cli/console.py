"""How commands speak: plain text for people, one JSON object for programs."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.errors import LedgerError
from pipelines.periods import Month

AsJson = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。Print one JSON object.")]


def say(text: str = "") -> None:
    """One line, or several, to standard output."""
    typer.echo(text)


def say_json(value: Any) -> None:
    """One JSON object; numbers with decimals as text so that no digit is lost."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def complain(error: LedgerError) -> None:
    """An error of ours, Chinese first, to standard error."""
    typer.echo(f"{error.code}  {error}", err=True)


def month_option(text: str) -> Month:
    """A month as typed, or wrong usage (exit 2)."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise typer.BadParameter(f"读到 “{text}”，应为 YYYY-MM，如 2023-05。Expected YYYY-MM.") from error


def date_option(text: str) -> date:
    """A day as typed, or wrong usage (exit 2)."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"读到 “{text}”，应为 YYYY-MM-DD。Expected YYYY-MM-DD.") from error


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Month | Path):
        return str(value)
    raise TypeError(type(value).__name__)

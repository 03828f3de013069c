"""The intake station: bytes in, a receipt or a list of problems out.

``receive`` ``receive_many``  check and register submissions (CLI, inbox and portal all come here)
``examine``                   the same checks, nothing written
``Landing``                   the register (append-only, hash-chained) and the originals, kept by hash
``template``                  a form to fill
``sweep`` ``take``            files waiting in the inbox
``reading_tables``            the data files by which files are read

What a file must look like is data: schemas/contracts/. Files are read in a child process with limits, because
small crafted workbooks abort the process that reads them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.intake.contracts import Contract, load_contracts, raw_schema, raw_units
    from pipelines.intake.desk import Delivery, Examination, examine, receive, receive_many
    from pipelines.intake.inbox import sweep, take
    from pipelines.intake.landing import Landing
    from pipelines.intake.receipts import Receipt
    from pipelines.intake.stamp import reading_tables
    from pipelines.intake.templates import template

__all__ = [
    "Contract",
    "Delivery",
    "Examination",
    "Landing",
    "Receipt",
    "examine",
    "load_contracts",
    "raw_schema",
    "raw_units",
    "reading_tables",
    "receive",
    "receive_many",
    "sweep",
    "take",
    "template",
]

_HOMES = {
    "Contract": "contracts",
    "load_contracts": "contracts",
    "raw_schema": "contracts",
    "raw_units": "contracts",
    "Delivery": "desk",
    "Examination": "desk",
    "examine": "desk",
    "receive": "desk",
    "receive_many": "desk",
    "sweep": "inbox",
    "take": "inbox",
    "Landing": "landing",
    "Receipt": "receipts",
    "reading_tables": "stamp",
    "template": "templates",
}


def __getattr__(name: str) -> Any:
    """Each door opens when it is first used: the reading child starts without the register's database layer."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found

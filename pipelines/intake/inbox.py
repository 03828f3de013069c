"""Files waiting in the inbox: ``inbox/`` is the commission's, ``inbox/<factory_id>/`` a factory's."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pipelines.intake.desk import Delivery, receive_many
from pipelines.intake.landing import Landing
from pipelines.intake.parsing import COMMISSION
from pipelines.intake.receipts import Receipt

DONE = ".done"
REFUSED = ".refused"
_UNFINISHED = (".part", ".tmp", ".crdownload")


def sweep(inbox: Path) -> list[tuple[Path, str]]:
    """Complete files with their senders, in order of name; lock files and unfinished copies stay."""
    if not inbox.exists():
        return []
    found = [(path, COMMISSION) for path in inbox.iterdir() if _is_complete(path)]
    for folder in inbox.iterdir():
        if folder.is_dir() and not folder.name.startswith("."):
            found += [(path, folder.name) for path in folder.iterdir() if _is_complete(path)]
    return sorted(found)


def take(landing: Landing, inbox: Path, at: datetime) -> list[Receipt]:
    """Receive every waiting file and move it away, refused ones with the answer beside them in Chinese.

    A crash between reception and the move leaves the file waiting; taking it again gives the same receipt.
    """
    waiting = sweep(inbox)
    deliveries = [Delivery(path.read_bytes(), sender, path.name, at) for path, sender in waiting]
    receipts = receive_many(deliveries, landing=landing)
    for (path, _), receipt in zip(waiting, receipts, strict=True):
        _move(path, receipt)
    return receipts


def _move(path: Path, receipt: Receipt) -> None:
    folder = path.parent / (DONE if receipt.is_accepted else REFUSED)
    folder.mkdir(exist_ok=True)
    target = folder / f"{receipt.receipt_id}-{path.name}"
    if not receipt.is_accepted:
        target.with_name(target.name + ".答复.txt").write_text(receipt.as_text("zh") + "\n", encoding="utf-8")
    path.replace(target)


def _is_complete(path: Path) -> bool:
    return path.is_file() and not path.name.startswith((".", "~$")) and path.suffix.lower() not in _UNFINISHED

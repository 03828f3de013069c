"""Files waiting in the inbox: ``inbox/`` is the commission's, ``inbox/<factory_id>/`` a factory's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pipelines.intake.desk import Delivery, receive_many
from pipelines.intake.landing import Landing
from pipelines.intake.parsing import COMMISSION
from pipelines.intake.receipts import Receipt

DONE = ".done"
REFUSED = ".refused"
_AT_ONCE = 20
_UNFINISHED = (".part", ".tmp", ".crdownload")
_SETTLES_SECONDS = 2
_ANSWER = ".答复.txt"
_LONGEST_NAME = 255
_LONGEST_KIND = 8

Answering = Callable[[Sequence[Receipt]], Sequence[str]]
"""The text to leave beside each file for its sender; blank for none."""


def refusals(receipts: Sequence[Receipt]) -> list[str]:
    """The answers to refused files alone."""
    return ["" if receipt.is_accepted else receipt.as_text("zh") for receipt in receipts]


def sweep(inbox: Path, at: datetime) -> list[tuple[Path, str]]:
    """Complete files with their senders, in order of name; lock files and copies unfinished at *at* stay."""
    if not inbox.exists():
        return []
    found = [(path, COMMISSION) for path in inbox.iterdir() if _is_complete(path, at)]
    for folder in inbox.iterdir():
        if folder.is_dir() and not folder.is_symlink() and not folder.name.startswith("."):
            found += [(path, folder.name) for path in folder.iterdir() if _is_complete(path, at)]
    return sorted(found)


def take(landing: Landing, inbox: Path, at: datetime, answering: Answering = refusals) -> list[Receipt]:
    """Receive every waiting file and move it away, with the answer beside it where there is something to say.

    A crash between reception and the move leaves the file waiting; taking it again gives the same receipt.
    """
    receipts: list[Receipt] = []
    waiting = sweep(inbox, at)
    for first in range(0, len(waiting), _AT_ONCE):
        read = [(path, sender, _read(path)) for path, sender in waiting[first : first + _AT_ONCE]]
        there = [(path, sender, data) for path, sender, data in read if data is not None]
        deliveries = (Delivery(data, sender, path.name, at) for path, sender, data in there)
        taken = receive_many(deliveries, landing=landing)
        for (path, _, _), receipt, text in zip(there, taken, answering(taken), strict=True):
            _move(path, receipt, text)
        receipts += taken
    return receipts


def _read(path: Path) -> bytes | None:
    """The file's bytes; None when its sender took it back meanwhile."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _move(path: Path, receipt: Receipt, text: str) -> None:
    folder = path.parent / (DONE if receipt.is_accepted else REFUSED)
    folder.mkdir(exist_ok=True)
    target = folder / _shortened(f"{receipt.receipt_id}-{path.name}")
    if text:
        target.with_name(target.name + _ANSWER).write_text(text + "\n", encoding="utf-8")
    # Gone when its sender took it back after it was read: it has been received all the same.
    with suppress(FileNotFoundError):
        path.replace(target)


def _shortened(name: str) -> str:
    """*name* cut in its middle so that the answer beside it has a name too: a folder holds names of 255 bytes."""
    most = _LONGEST_NAME - len(_ANSWER.encode())
    if len(name.encode()) <= most:
        return name
    stem, dot, kind = name.rpartition(".")
    end = f"…{dot}{kind}" if dot and len(kind) <= _LONGEST_KIND else "…"
    return (stem or name).encode()[: most - len(end.encode())].decode(errors="ignore") + end


def _is_complete(path: Path, at: datetime) -> bool:
    # A link would let one folder's owner hand in any file this program can read.
    if path.is_symlink() or not path.is_file():
        return False
    if path.name.startswith((".", "~$")) or path.suffix.lower() in _UNFINISHED:
        return False
    # A copy still being written would be read in part, and the rest of it never.
    return not 0 <= at.timestamp() - path.stat().st_mtime < _SETTLES_SECONDS

"""Stored lines: one Parquet file of typed lines a submission, under the stamp of the code and contracts that read it.

They are a convenience: what is missing or was read by older rules is made again from the original.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_PARQUET_END = b"PAR1"
_SMALLEST_PARQUET = 12


class StoredLines:
    """The folder of typed lines; those of one *stamp* are in use."""

    def __init__(self, folder: Path, stamp: str) -> None:
        self._folder = folder
        self._stamp = stamp

    def path(self, contract: str, receipt_id: str) -> Path:
        """Where a receipt's lines are kept, as read by the contracts and the code of today."""
        return self._folder / self._stamp / contract / f"{receipt_id}.parquet"

    def has(self, contract: str, receipt_id: str) -> bool:
        """They are there, written to their end: a power cut may leave a name without its content."""
        path = self.path(contract, receipt_id)
        if not path.exists() or path.stat().st_size < _SMALLEST_PARQUET:
            return False
        with path.open("rb") as stream:
            stream.seek(-len(_PARQUET_END), os.SEEK_END)
            return stream.read() == _PARQUET_END

    def write(self, contract: str, receipt_id: str, parquet: bytes) -> None:
        """Keep a submission's lines; replaced whole."""
        path = self.path(contract, receipt_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{receipt_id}.{os.getpid()}")
        draft.write_bytes(parquet)
        draft.replace(path)

    def forget_old(self) -> int:
        """Remove lines read by contracts, units or code that have changed since; how many folders of them.

        For the one run that holds the lock: the lines in use are made first, the old ones go then.
        """
        old = [folder for folder in self._folder.iterdir() if folder.name != self._stamp]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return len(old)

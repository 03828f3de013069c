"""Originals: every file as it came, kept under the SHA-256 of its bytes, never changed and never removed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipelines import durable
from pipelines.errors import NotFound, TamperedRegister


class Originals:
    """The folder of originals. Files in it are read-only and named by their content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Write *data* under its SHA-256, read-only and on disk; the hash. Bytes already there are left."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._folder / sha256
        if path.exists():
            return sha256
        durable.write(path, data)
        return sha256

    def sync(self) -> None:
        """The folder itself on disk, so that names of new originals survive a power cut."""
        durable.sync(self._folder)

    def read(self, sha256: str) -> bytes:
        """An original's bytes, checked against its name.

        Raises:
            NotFound: it is not there.
            TamperedRegister: its content is not what was received.
        """
        path = self._folder / sha256
        if not path.exists():
            raise NotFound(f"原件 {sha256[:12]} 不存在。", f"original {sha256[:12]} is missing")
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise TamperedRegister(
                f"原件 {sha256[:12]} 内容已被改动。", f"original {sha256[:12]} was changed"
            )
        return data

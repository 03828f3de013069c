"""What a run is asked (month, knowledge date) and which folders it reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from pipelines import paths
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month


@dataclass(frozen=True)
class Rulebook:
    """The data folders a run reads. A release keeps a copy of its own, so it can be rebuilt later."""

    emission_factors: Path = paths.EMISSION_FACTORS
    schemas: Path = paths.SCHEMAS
    warehouse: Path = paths.WAREHOUSE

    @classmethod
    def under(cls, folder: Path) -> Rulebook:
        """The rulebook kept under *folder*."""
        return cls(folder / "emission_factors", folder / "schemas", folder / "warehouse")

    def files(self) -> Iterator[tuple[str, Path]]:
        """Every file with its name relative to the checkout, in order."""
        for folder in (self.emission_factors, self.schemas, self.warehouse):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix in {".csv", ".json", ".md", ".sql", ".txt", ".yml"}:
                    yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path

    def digests(self) -> dict[str, str]:
        """SHA-256 of every file."""
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in self.files()}


@dataclass(frozen=True)
class Site:
    """One run: the ledger through *through*, as it could be known on *as_of*."""

    home: Home
    through: Month
    as_of: date
    rules: Rulebook = field(default_factory=Rulebook)

    @property
    def until(self) -> datetime:
        """The last moment of the knowledge date: submissions received later are not seen."""
        return datetime.combine(self.as_of, time.max, tzinfo=SHANGHAI)

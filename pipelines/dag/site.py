"""What a run is asked (month, knowledge date) and which folders it reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from pipelines import paths
from pipelines.dag.clocks import Frozen, Restating
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
        folders = {
            "emission_factors": self.emission_factors,
            "schemas": self.schemas,
            "warehouse": self.warehouse,
        }
        for name, folder in folders.items():
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix in {".csv", ".json", ".md", ".sql", ".txt", ".yml"}:
                    yield f"{name}/{path.relative_to(folder).as_posix()}", path

    def digests(self) -> dict[str, str]:
        """SHA-256 of every file."""
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in self.files()}


@dataclass(frozen=True)
class Site:
    """One run: the ledger through *through*, as it could be known on *as_of*.

    ``submission_seq`` and ``decision_seq`` are the last the register held (nothing: whatever it holds now).
    ``frozen`` are the months that run by an earlier clock, ``restating`` the months that are restated by this run,
    ``restatements`` what the register says of earlier ones.
    """

    home: Home
    through: Month
    as_of: date
    rules: Rulebook = field(default_factory=Rulebook)
    submission_seq: int | None = None
    decision_seq: int | None = None
    frozen: Mapping[Month, Frozen] = field(default_factory=dict)
    restating: Restating | None = None
    restatements: tuple[Mapping[str, object], ...] = ()

    @property
    def until(self) -> datetime:
        """The last moment of the knowledge date: submissions received later are not seen."""
        return datetime.combine(self.as_of, time.max, tzinfo=SHANGHAI)

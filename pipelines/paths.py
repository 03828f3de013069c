"""Where everything lives: the data folders in the checkout and the state folder ``var/``.

Nothing else in the package spells a path. Importing this module touches no disk; the folders of a
:class:`Home` are made by whoever writes into them first, through :meth:`Home.made`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

EMISSION_FACTORS = CHECKOUT / "emission_factors"
SCHEMAS = CHECKOUT / "schemas"
CONTRACTS = SCHEMAS / "contracts"
EXPECTATIONS = SCHEMAS / "expectations"
CRITERIA = SCHEMAS / "criteria"
TARGETS = SCHEMAS / "targets"
WAREHOUSE = CHECKOUT / "warehouse"
PACKAGE = CHECKOUT / "pipelines"
CONSTRAINTS = CHECKOUT / "constraints.txt"


@dataclass(frozen=True)
class Home:
    """One installation's state folder (DESIGN section 3): what is truth, what is derived."""

    root: Path

    @classmethod
    def default(cls) -> Home:
        """``GREENLEDGER_HOME`` when set, else ``var/`` in the checkout."""
        named = os.environ.get("GREENLEDGER_HOME")
        return cls(Path(named).expanduser().resolve() if named else CHECKOUT / "var")

    @property
    def originals(self) -> Path:
        """Bytes as received, one read-only file per SHA-256. Truth: never deleted."""
        return self.root / "landing" / "originals"

    @property
    def register(self) -> Path:
        """The submission register (SQLite). Truth: never deleted."""
        return self.root / "landing" / "register.sqlite"

    @property
    def inbox(self) -> Path:
        """Where files may be dropped: ``inbox/`` for the commission, ``inbox/<factory_id>/`` for a factory."""
        return self.root / "inbox"

    @property
    def lines(self) -> Path:
        """Typed lines as Parquet, ``lines/<stamp>/<contract>/<receipt_id>.parquet``. Derived from originals.

        The stamp is a digest of what the reading depends on: contracts, units, code.
        """
        return self.root / "lines"

    @property
    def ledger(self) -> Path:
        """The DuckDB file everybody reads. Derived; replaced whole."""
        return self.root / "warehouse" / "ledger.duckdb"

    @property
    def building(self) -> Path:
        """The DuckDB file a run is writing, beside the one in use."""
        return self.root / "warehouse" / "building.duckdb"

    @property
    def run_lock(self) -> Path:
        """Held by the one run that may write."""
        return self.root / "warehouse" / "run.lock"

    @property
    def published(self) -> Path:
        """One folder a release, and ``current`` naming the newest."""
        return self.root / "published"

    @property
    def factors(self) -> Path:
        """One read-only folder a pinned factor release. Truth: releases are rebuilt with it, never deleted."""
        return self.root / "factors"

    @property
    def programs(self) -> Path:
        """One read-only archive a version of the program that published. Truth: releases are rebuilt by it, never deleted."""
        return self.root / "programs"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME. May be deleted."""
        return self.root / "dagster"

    def made(self, folder: Path) -> Path:
        """*folder*, created when it was not there."""
        folder.mkdir(parents=True, exist_ok=True)
        return folder

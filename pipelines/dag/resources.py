"""The one Dagster resource: the ledger being built, held by one run at a time."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from pipelines.dag import asked
from pipelines.dag.asked import Basis, Order
from pipelines.dag.site import Site
from pipelines.dag.walk import Finding, Tell
from pipelines.engine import Ledger, exclusive
from pipelines.paths import Home
from pipelines.periods import Month, shanghai_now
from pipelines.quality import SuiteResult

PROGRESS: ContextVar[Tell] = ContextVar("progress", default=lambda table, rows: None)
"""Who is told of each table made, when somebody is watching (``greenledger run``)."""

RELEASE_KEY = dg.AssetKey(["published", "release"])


class Workshop(dg.ConfigurableResource):
    """The building file of one run: opened once, switched in at publication, thrown away on failure.

    ``as_of`` is the knowledge date (YYYY-MM-DD); blank means today in Shanghai.
    ``home`` is the state folder; blank means ``GREENLEDGER_HOME`` or ``var/``.
    ``restate`` is the order of a restatement as JSON (months, reason, approver, on); blank for an ordinary run.
    """

    as_of: str = ""
    home: str = ""
    restate: str = ""

    _ledger: Ledger | None = PrivateAttr(default=None)
    _found: list[Finding] = PrivateAttr(default_factory=list)
    _suites: list[SuiteResult] = PrivateAttr(default_factory=list)
    _basis: Basis | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Workshop"]:
        """Hold the run lock and an open building file for as long as the run lasts.

        Raises:
            Busy: another run holds the lock.
        """
        home = self.home_folder()
        with exclusive(home.run_lock):
            _prepare(home, is_whole=_publishes(context.run))
            self._basis = asked.basis(home)
            self._ledger = Ledger.open(home.building, folders=[home.lines, home.published])
            self._found, self._suites = [], []
            try:
                yield self
            finally:
                self.put_down()

    def home_folder(self) -> Home:
        """The state folder of this run."""
        return Home(Path(self.home)) if self.home else Home.default()

    def site(self, through: Month) -> Site:
        """What this run is asked, for the ledger through *through*: frozen months by their own clocks.

        Raises:
            FrozenMonth: the knowledge date is earlier than that of a frozen month, or a month to be restated is not
                frozen.
        """
        if self._basis is None:
            raise RuntimeError("the workshop is closed")
        as_of = date.fromisoformat(self.as_of) if self.as_of else shanghai_now().date()
        return asked.site(self.home_folder(), through, as_of, self._basis, self._order())

    def _order(self) -> Order | None:
        if not self.restate:
            return None
        said = json.loads(self.restate)
        months = tuple(map(Month.parse, said["months"]))
        return Order(months, said["reason"], said["approver"], date.fromisoformat(said["on"]))

    @property
    def ledger(self) -> Ledger:
        """The open building file."""
        if self._ledger is None:
            raise RuntimeError("the workshop is closed")
        return self._ledger

    @property
    def found(self) -> list[Finding]:
        """What the SQL checks found so far in this run."""
        return self._found

    @property
    def suites(self) -> list[SuiteResult]:
        """What the Great Expectations suites found so far in this run."""
        return self._suites

    def made(self, table: str, rows: int | None) -> None:
        """Tell whoever watches that a table was made."""
        PROGRESS.get()(table, rows)

    def hand_over(self) -> None:
        """Switch the finished file in for everybody to read."""
        self.ledger.execute("checkpoint")
        self.put_down()
        home = self.home_folder()
        home.building.replace(home.ledger)

    def put_down(self) -> None:
        """Close the building file when it is open."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None


def _prepare(home: Home, *, is_whole: bool) -> None:
    """An empty building file for a whole run; for a part of the graph, a copy of the ledger in use."""
    home.made(home.building.parent)
    home.made(home.lines)
    home.made(home.published)
    home.building.unlink(missing_ok=True)
    home.building.with_suffix(".duckdb.wal").unlink(missing_ok=True)
    if not is_whole and home.ledger.exists():
        shutil.copyfile(home.ledger, home.building)


def _publishes(run: dg.DagsterRun | None) -> bool:
    selection = run.asset_selection if run else None
    return selection is None or RELEASE_KEY in selection

"""The golden district for tests of the corridor: delivered, run and published without the orchestrator around it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from pipelines import intake
from pipelines.dag import asked, release, walk
from pipelines.dag.asked import Order
from pipelines.engine import Ledger
from pipelines.intake import Landing
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month
from tests.golden.test_golden import FILES
from tests.reference import folder as factor_folder

JANUARY, AS_OF = Month(2023, 1), date(2026, 6, 30)


def delivered(folder: Path) -> Home:
    """The golden files received one a day from 2023-02-01."""
    home = Home(folder)
    for place, path in enumerate(sorted(FILES.iterdir())):
        receive(home, path.name, path.read_bytes(), datetime(2023, 2, 1 + place, 10, tzinfo=SHANGHAI))
    return home


GRID = "elec.provincial.cn-sh.2023"


def with_grid_factor(folder: Path, value: str = "0.6") -> Path:
    """A copy of the factors under *folder* in which the provincial factor of 2023 is *value*, as if printed so."""
    factors = factor_folder.copy(folder)
    for column in ("value", "value_published"):
        factor_folder.spoil(factors, "purchased_factors", GRID, column, value)
    return factors


def receive(home: Home, name: str, data: bytes, at: datetime) -> str:
    """One file at the door; its receipt."""
    with Landing.open(home) as landing:
        receipt = intake.receive(data, sender="commission", filename=name, at=at, landing=landing)
    assert receipt.is_accepted, receipt.as_text()
    return receipt.receipt_id


def publish(home: Home, *, through: Month = JANUARY, as_of: date = AS_OF, order: Order | None = None) -> Path:
    """A run as the assets make it: asked, walked, published, switched in."""
    site = asked.site(home, through, as_of, asked.basis(home), order)
    home.made(home.published)
    home.building.unlink(missing_ok=True)
    with Ledger.open(home.building, folders=[home.lines, home.published]) as ledger:
        found = walk.walk(ledger, site)
        folder = release.publish(ledger, site, found, [])
    home.building.replace(home.ledger)
    return folder

"""The stages measured, each a process of its own: ``python -m benchmarks.stages NAME FOLDER``."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

from pipelines import intake, paths, reference
from pipelines.dag import walk
from pipelines.dag.site import Site
from pipelines.engine import Ledger, load_model
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month

AT = datetime(2024, 2, 1, tzinfo=SHANGHAI)
SITE_DAY = date(2026, 6, 30)


def floor(folder: Path) -> None:
    """Plain DuckDB SQL: read the CSV, join one factor a kind, sum by factory and month."""
    factors = reference.load(paths.EMISSION_FACTORS, as_of=SITE_DAY).tables["ref.emission_factor"]
    with Ledger.memory(folders=[folder]) as ledger:
        ledger.load("ref.emission_factor", factors)
        ledger.execute(
            f"create table result as select factory_id, period, sum(consumed * factor_t) as t "
            f"from read_csv('{folder}/energy-*.csv', types = {{'consumed': 'decimal(18,2)', 'energy_code': 'varchar'}}) as line "
            "join ref.emission_factor as f on f.energy_code = line.energy_code and f.purpose = 'location_provincial' "
            "and cast(line.period || '-01' as date) >= f.valid_from and cast(line.period || '-01' as date) < f.valid_to "
            "group by factory_id, period"
        )
        sys.stdout.write(f"{ledger.one('select count(*) from result')[0]} groups\n")


def receive(folder: Path) -> None:
    """Every file through the desk: child process, checks, originals, register, typed lines."""
    home = Home(folder / "home")
    files = [folder / "register.csv", *sorted(folder.glob("energy-*.csv"))]
    deliveries = (intake.Delivery(path.read_bytes(), "commission", path.name, AT) for path in files)
    with intake.Landing.open(home) as landing:
        receipts = intake.receive_many(deliveries, landing=landing)
    refused = [receipt.as_text() for receipt in receipts if not receipt.is_accepted]
    assert not refused, refused[0][:500]


def run(folder: Path) -> None:
    """From typed lines to marts: rules, verdicts, arithmetic, judgement, checks."""
    home = Home(folder / "home")
    home.building.unlink(missing_ok=True)
    with Ledger.open(home.building, folders=[home.lines]) as ledger:
        walk.walk(ledger, Site(home, Month(2023, 12), SITE_DAY))
        sys.stdout.write(f"{ledger.count('stg.energy_line')} admitted\n")


def arithmetic(folder: Path) -> None:
    """Stored lines to tonnes for six purposes, without rules: the two core models alone."""
    home = Home(folder / "home")
    with Ledger.memory(folders=[home.lines]) as ledger:
        site = Site(home, Month(2023, 12), SITE_DAY)
        walk.refer(ledger, site)
        lines = sorted((home.lines / "energy").glob("*.parquet"))
        ledger.load_parquet("stg.energy_line", lines, intake.raw_schema("energy"))
        ledger.load_parquet("stg.green_power_line", [], intake.raw_schema("green_power"))
        for name in ("energy_use", "green_power", "emission"):
            ledger.build(load_model(paths.WAREHOUSE / "core" / f"{name}.sql"))
        sys.stdout.write(f"{ledger.count('core.emission')} emissions\n")


STAGES = {"floor": floor, "receive": receive, "run": run, "arithmetic": arithmetic}

if __name__ == "__main__":
    STAGES[sys.argv[1]](Path(sys.argv[2]))

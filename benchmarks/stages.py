"""The stages measured, each a process of its own: ``python -m benchmarks.stages NAME FOLDER``."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

from pipelines import intake, paths, reference
from pipelines.dag import walk
from pipelines.dag.site import Rulebook, Site
from pipelines.dag.unitbook import unit_report
from pipelines.engine import Ledger, load_model
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month

AT = datetime(2024, 2, 1, tzinfo=SHANGHAI)
SITE_DAY = date(2026, 6, 30)
_PURPOSES = ("shanghai_ets", "location_provincial", "market_residual")


def floor(folder: Path) -> None:
    """Plain DuckDB SQL: read the CSV, join one factor a kind, sum by factory and month."""
    factors = reference.load(paths.EMISSION_FACTORS, as_of=SITE_DAY).tables["ref.emission_factor"]
    with Ledger.memory(folders=[folder]) as ledger:
        ledger.load("ref.emission_factor", factors)
        ledger.execute(
            f"create table result as select factory_id, period, sum(consumed * factor_t) as t "
            f"from read_csv('{folder}/energy-*.csv', types = {{'consumed': 'decimal(18,2)', 'energy_code': 'varchar'}}) as line "
            "join ref.emission_factor as f on f.energy_code = line.energy_code and f.purpose = 'location_provincial' "
            "and f.sector in ('any', 'general') "
            "and cast(line.period || '-01' as date) >= f.valid_from and cast(line.period || '-01' as date) < f.valid_to "
            "group by factory_id, period"
        )
        sys.stdout.write(f"{ledger.one('select count(*) from result')[0]} groups\n")


def start(_folder: Path) -> None:
    """What every stage pays before its first row: the process, its imports, the reference data."""
    reference.load(paths.EMISSION_FACTORS, as_of=SITE_DAY)


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
    """Stored lines to tonnes on one basis, as the floor: canonical units, heat, standard coal, factor ids; no rules."""
    _arithmetic(folder, "where purpose <> 'location_provincial'")


def arithmetic_all(folder: Path) -> None:
    """The same on every basis there is."""
    _arithmetic(folder, "where false")


def _arithmetic(folder: Path, left_out: str) -> None:
    home = Home(folder / "home")
    with Ledger.memory(folders=[home.lines]) as ledger:
        walk.refer(ledger, Site(home, Month(2023, 12), SITE_DAY))
        ledger.execute(f"delete from ref.purpose {left_out}")
        # Read where it lies, and only the columns the models ask for.
        stored = ", ".join(repr(str(path)) for path in sorted(home.lines.glob("*/energy/*.parquet")))
        columns = ", ".join(load_model(paths.WAREHOUSE / "stg/energy_line.sql").columns)
        ledger.execute(
            f"create schema stg; create view stg.energy_line as select {columns} from read_parquet([{stored}])"
        )
        _compute(ledger)


def resolve_floor(folder: Path) -> None:
    """The joins of resolution and arithmetic in plain SQL, three purposes at once, nothing else."""
    with _referred(folder) as ledger:
        text = (Path(__file__).parent / "resolve_floor.sql").read_text(encoding="utf-8")
        for statement in text.split(";"):
            if statement.strip():
                ledger.execute(statement.replace("LINES", str(folder / "lines.parquet")))
        sys.stdout.write(f"{ledger.one('select count(*) from emission')[0]} emissions\n")


def resolve(folder: Path) -> None:
    """The same from the same lines by the models: canonical units, heat, standard coal, emissions."""
    with _referred(folder) as ledger:
        ledger.load_parquet("stg.energy_line", [folder / "lines.parquet"], intake.raw_schema("energy"))
        _compute(ledger)


def units_check(_folder: Path) -> None:
    """Every model's units, as before each run."""
    report = unit_report(Rulebook())
    sys.stdout.write(f"{len(report.lines)} columns, {len(report.problems)} problems\n")


def _compute(ledger: Ledger) -> None:
    """The models from stored lines to tonnes."""
    ledger.load_parquet("stg.green_power_line", [], intake.raw_schema("green_power"))
    ledger.load_parquet("raw.energy_line", [], intake.raw_schema("energy"))
    ledger.load_parquet("stg.register_line", [], intake.raw_schema("register"))
    ledger.execute(
        "insert into stg.register_line (factory_id, industry_code, valid_from, line_no) "
        "select distinct factory_id, '3511', date '2019-01-01', 2 from stg.energy_line"
    )
    for name in (
        "stg/energy_conversion",
        "core/factory",
        "core/factory_sector",
        "core/energy_use",
        "core/green_power",
        "core/green_credit",
        "core/purchased_energy",
        "core/emission",
    ):
        ledger.build(load_model(paths.WAREHOUSE / f"{name}.sql"))
    sys.stdout.write(f"{ledger.count('core.emission')} emissions\n")


def _referred(folder: Path) -> Ledger:
    ledger = Ledger.memory(folders=[folder])
    walk.refer(ledger, Site(Home(folder / "home"), Month(2023, 12), SITE_DAY))
    ledger.execute("delete from ref.purpose where purpose not in (?, ?, ?)", list(_PURPOSES))
    return ledger


STAGES = {
    "floor": floor,
    "start": start,
    "receive": receive,
    "run": run,
    "arithmetic": arithmetic,
    "arithmetic_all": arithmetic_all,
    "resolve_floor": resolve_floor,
    "resolve": resolve,
    "units_check": units_check,
}

if __name__ == "__main__":
    STAGES[sys.argv[1]](Path(sys.argv[2]))

"""One file judged by the row rules before it is sent: nothing is written, nothing else is read but the register."""

from __future__ import annotations

from pipelines import intake, paths, quality, reference
from pipelines.dag import walk
from pipelines.dag.site import Site
from pipelines.dag.tables import RAW_TABLES
from pipelines.engine import Ledger, load_models
from pipelines.intake import Examination
from pipelines.paths import Home
from pipelines.periods import Month, shanghai_now

_REGISTER = "raw.register_line"


def judge(examined: Examination, home: Home) -> list[quality.Finding]:
    """What the rules say of an examined file's lines.

    Where no register is at hand (a factory's own machine), its factories are taken as known.
    """
    today = shanghai_now().date()
    site = Site(home, max(Month.of(today), reference.first_month(paths.SCHEMAS)), today)
    with Ledger.memory(folders=[home.lines]) as ledger:
        walk.refer(ledger, site)
        ledger.load("ref.month", walk.calendar(site))
        _land(ledger, examined, home)
        name = quality.TABLE_NAMES[examined.contract]
        wanted = ["stg.register_candidate", "stg.register_line", f"stg.{name}_candidate"]
        models = {model.key: model for model in load_models(paths.WAREHOUSE, layers=("stg",))}
        for key in dict.fromkeys(wanted):
            if key == "stg.register_line":
                quality.admit(ledger, "register")
            ledger.build(models[key])
        return quality.judge_file(ledger, examined.contract)


def _land(ledger: Ledger, examined: Examination, home: Home) -> None:
    """Every raw table empty but the file's own, and the register as it was last accepted."""
    for contract, table in RAW_TABLES.items():
        ledger.load_parquet(table, [], intake.raw_schema(contract))
    kept = sorted((home.lines / "register").glob("R*.parquet"))
    ledger.load_parquet(_REGISTER, kept, intake.raw_schema("register"))
    table = RAW_TABLES[examined.contract]
    ledger.load("scratch.lines", examined.lines)
    ledger.execute(f"insert into {table} by name select * from scratch.lines")
    if ledger.count(_REGISTER) == 0 and "factory_id" in examined.lines.columns:
        ledger.execute(
            f"insert into {_REGISTER} by name select distinct 'own' as receipt_id, 1 as line_no, factory_id, "
            "'0000' as industry_code, date '1900-01-01' as valid_from from scratch.lines"
        )
    ledger.execute("create schema if not exists raw")
    ledger.execute(
        "create or replace table raw.submission as select distinct receipt_id, cast(1 as bigint) as seq, "
        "cast(0 as integer) as rows from (select receipt_id from raw.register_line union select receipt_id from scratch.lines)"
    )
    ledger.execute(
        "create or replace table raw.decision (seq bigint, receipt_id varchar, line_no integer, decision varchar)"
    )

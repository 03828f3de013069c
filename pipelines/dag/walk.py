"""The walk of the ledger, step by step: land → refer → admit → compute → check.

Each step takes an open :class:`~pipelines.engine.Ledger` and the :class:`Site`, calls one room, and says
what it did. The Dagster assets call these same functions; ``verify`` and the tests call :func:`walk`.
The whole ledger is made anew on every run: it takes seconds, and nothing stale can survive
(``docs/decisions/0003-rebuild-whole.md``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from pipelines import intake, quality, reference
from pipelines.dag import setaside, splicing
from pipelines.dag.site import Site
from pipelines.dag.tables import RAW_TABLES, models_in_order
from pipelines.dag.unitbook import hold_units
from pipelines.engine import Check, Ledger, load_checks
from pipelines.errors import FailedCheck
from pipelines.intake import Landing
from pipelines.periods import Month, months_between

Tell = Callable[[str, int | None], None]
"""Called with a table and its rows when it has been made; a view's rows are not counted."""


class Finding(NamedTuple):
    """What one check found."""

    check: Check
    rows: pl.DataFrame

    @property
    def passed(self) -> bool:
        """Nothing found."""
        return self.rows.is_empty()


def land(ledger: Ledger, site: Site) -> dict[str, int]:
    """raw.*: every accepted line received by the knowledge date, with its submission and decisions."""
    with Landing.open(site.home) as landing:
        submissions = _up_to(landing.submissions(until=site.until), site.submission_seq)
        for contract in RAW_TABLES:
            _land_contract(ledger, landing, submissions, contract, site.through)
        landing.stored.forget_old()
        ledger.load("raw.decision", _up_to(landing.decisions(until=site.until), site.decision_seq))
    ledger.load("raw.submission", submissions)
    ledger.load("ref.month", calendar(site))
    setaside.set_aside(ledger, site, RAW_TABLES)
    return {table: ledger.count(table) for table in (*RAW_TABLES.values(), "raw.submission", "raw.decision")}


def _up_to(rows: pl.DataFrame, seq: int | None) -> pl.DataFrame:
    """Rows the register held when its last number was *seq*."""
    return rows if seq is None else rows.filter(pl.col("seq") <= seq)


def _land_contract(
    ledger: Ledger, landing: Landing, submissions: pl.DataFrame, contract: str, through: Month
) -> None:
    accepted = submissions.filter((pl.col("contract") == contract) & (pl.col("outcome") == "accepted"))
    lines = landing.lines(contract, accepted["receipt_id"].to_list())
    table, columns = RAW_TABLES[contract], intake.raw_schema(contract)
    ledger.load_parquet(table, lines, columns)
    if "period" in columns:
        # A ledger through May knows nothing of June, though June's file may already be here.
        ledger.execute(f"delete from {table} where period > ?", [through.first])


def refer(ledger: Ledger, site: Site) -> dict[str, int]:
    """ref.*: factors as published by the knowledge date, a frozen month's by its own; units, criteria, targets."""
    factors = splicing.factor_tables(ledger, site)
    tables = {**factors, **reference.load_policy(site.rules.schemas)}
    for name, frame in tables.items():
        ledger.load(name, frame)
    return {name: len(frame) for name, frame in tables.items()}


def findings(ledger: Ledger, checks: list[Check]) -> list[Finding]:
    """What the checks found, all of them."""
    return [Finding(check, ledger.violations(check)) for check in checks]


def stop_on_blocking(found: list[Finding]) -> None:
    """Raise when a blocking check found rows, naming every such check and its first rows.

    Raises:
        FailedCheck: nothing may be published.
    """
    failed = [finding for finding in found if finding.check.severity == "blocking" and not finding.passed]
    if failed:
        zh = "\n".join(f"{f.check.name}：{f.check.message_zh}\n{f.rows.head(3).to_dicts()}" for f in failed)
        en = "\n".join(f"{f.check.name}: {f.check.title_en}" for f in failed)
        raise FailedCheck(f"校核未通过，不发布：\n{zh}", f"blocking checks failed, nothing published:\n{en}")


def walk(ledger: Ledger, site: Site, tell: Tell = lambda table, rows: None) -> list[Finding]:
    """All steps in order. Returns what the checks found.

    Raises:
        FailedCheck: a blocking check found rows.
        BrokenReference: a data folder does not hold together.
        BrokenModel: the units of a model do not hold.
    """
    hold_units(site.rules)
    compute(ledger, site, tell)
    found = findings(ledger, load_checks(site.rules.warehouse))
    stop_on_blocking(found)
    return found


def compute(ledger: Ledger, site: Site, tell: Tell = lambda table, rows: None) -> None:
    """All steps but the checks and the units of the models, which were held when the rules were taken into use."""
    for table, rows in (land(ledger, site) | refer(ledger, site)).items():
        tell(table, rows)
    admitted: set[str] = set()
    for model in models_in_order(site.rules):
        for contract in quality.contracts_behind(model.depends_on):
            if contract not in admitted:
                quality.admit(ledger, contract, site.rules.schemas / "expectations")
                admitted.add(contract)
        tell(model.key, ledger.build(model))


def calendar(site: Site) -> pl.DataFrame:
    """ref.month: one row a month from the first the plan knows to the one asked, with its neighbours."""
    first = reference.first_month(site.rules.schemas)
    months = list(months_between(min(first, site.through), site.through))
    return pl.DataFrame(
        [_calendar_row(month) for month in months], schema_overrides={"year": pl.Int32, "month_no": pl.Int32}
    )


def _calendar_row(month: Month) -> dict[str, object]:
    return {
        "month": month.first,
        "month_end": month.last,
        "next_month": month.next().first,
        "previous_month": month.shift(-1).first,
        "same_month_last_year": month.shift(-12).first,
        "year": month.year,
        "month_no": month.month,
    }

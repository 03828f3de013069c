"""数字名称举例 | Every kind of figure with an example the ledger can answer."""

from __future__ import annotations

from pipelines.engine import Ledger
from pipelines.reports.explain.kinds import KINDS, Kind

# Columns are called after the steps of a name. What most kinds share, the newest month and its greatest use, comes first.
_COMMON = (
    "select strftime(max(month), '%Y-%m') as month from ref.month",
    "select strftime(month, '%Y-%m') as month, factory_id as factory, energy_code as energy, receipt_id as receipt, "
    "first_line_no as line from core.energy_use order by month desc, energy_gj desc nulls last, factory_id limit 1",
    "select cluster from mart.green_share_cluster order by month desc, cluster limit 1",
    "select min(target_id) as target from mart.plan_progress where computed_by = 'green_share'",
)
# Kinds that need lines of their own.
_OWN = {
    "process": "select strftime(month, '%Y-%m') as month, factory_id as factory, activity_code as activity "
    "from core.process_co2e order by month desc, co2e_t desc nulls last, factory_id, activity_code limit 1",
    "gas_uncertainty": "select strftime(max(month), '%Y-%m') as month from mart.gas_quality_month",
    "medium": "select strftime(month, '%Y-%m') as month, factory_id as factory "
    "from core.medium_use order by month desc, coal_tce desc nulls last, factory_id limit 1",
    "electricity": "select strftime(month, '%Y-%m') as month, factory_id as factory "
    "from mart.electricity_basis order by month desc, charged_mwh desc nulls last, factory_id limit 1",
    "output": "select strftime(month, '%Y-%m') as month, factory_id as factory "
    "from core.output order by month desc, output_value_cny desc nulls last, factory_id limit 1",
    "green_status": "select strftime(month, '%Y-%m') as month, factory_id as factory "
    "from mart.green_factory order by month desc, level, factory_id limit 1",
    "assessment": "select year, factory_id as factory, criterion "
    "from mart.green_assessment where value is not null order by year desc, factory_id, kind desc, criterion limit 1",
    "ranking": "select year, dimension, key "
    "from mart.ranking order by year desc, dimension desc, rank_by_co2, key limit 1",
}


def names(ledger: Ledger) -> list[dict[str, str]]:
    """Every kind of figure: how it is named, what it is, and an example this ledger can answer."""
    common: dict[str, str] = {}
    for sql in _COMMON:
        common |= _words(ledger, sql)
    words = {name: common | _words(ledger, sql) for name, sql in _OWN.items()}
    return [
        {
            "pattern": kind.pattern,
            "title": kind.title_zh,
            "example": _example(kind, words.get(kind.name, common)),
        }
        for kind in KINDS
    ]


def _words(ledger: Ledger, sql: str) -> dict[str, str]:
    """The words of the first row by the step they stand for; none without a row."""
    rows = ledger.rows(sql).to_dicts()[:1]
    return {step.upper(): str(word) for row in rows for step, word in row.items() if word is not None}


def _example(kind: Kind, words: dict[str, str]) -> str:
    """A name this ledger can answer; blank where it has nothing of the kind."""
    has_all = all(words.get(step) for step in kind.steps)
    return "/".join((kind.name, *(words[step] for step in kind.steps))) if has_all else ""

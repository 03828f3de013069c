"""What the pages say of checks that found something and did not block: the check's own words, and what it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.dag.walk import Finding
from pipelines.engine import Ledger

_MOST_NAMED = 8
# Column of a check → what it is called on a page, and the query for the names of its codes where it has some.
_SUBJECTS = {
    "purpose": ("口径", "select purpose, name_zh from ref.purpose"),
    "energy_code": ("能源", "select energy_code, name_zh from ref.energy_kind"),
    "activity_code": ("活动", "select activity_code, name_zh from ref.activity"),
    "gas": ("气体", ""),
}


def notes(ledger: Ledger, found: Sequence[Finding]) -> tuple[str, ...]:
    """One sentence a check that found rows, with the kinds of energy, gases or activities they are about."""
    return tuple(
        f"{finding.check.title_zh}：{finding.check.message_zh}{_concerned(ledger, finding)}"
        for finding in found
        if not finding.passed
    )


def _concerned(ledger: Ledger, finding: Finding) -> str:
    told = []
    for column, (title, query) in _SUBJECTS.items():
        if column in finding.rows.columns:
            codes = sorted(finding.rows[column].drop_nulls().cast(str).unique())
            names = {str(code): str(name) for code, name in ledger.rows(query).iter_rows()} if query else {}
            more = f"等 {len(codes)} 个" if len(codes) > _MOST_NAMED else ""
            told.append(f"{title} {'、'.join(names.get(code, code) for code in codes[:_MOST_NAMED])}{more}")
    return f"（{'；'.join(told)}）" if told else ""

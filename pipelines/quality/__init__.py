"""The quality station: which lines may enter the ledger, which wait, and why.

``admit``        row rules (schemas/expectations/rules.yml), evaluated by the engine in one scan a contract
``suites``       Great Expectations contracts on the rule summary and on the shape of what was admitted
``judge_file``   the same rules through Great Expectations, row by row, for one uploaded file
``report``       the steward's page: rules, hits, held rows, rates; offline and escaped

Rules are data; a rule that could not be run is told apart from a rule that was broken.
"""

from pipelines.quality.admission import (
    TABLE_NAMES,
    VERDICT_TABLES,
    Admission,
    admit,
    contracts_behind,
    held_rows,
)
from pipelines.quality.files import Finding, judge_file
from pipelines.quality.report import report
from pipelines.quality.rules import Rule, load_rules
from pipelines.quality.suites import Suite, SuiteResult, judge, suites_on, write_suites

__all__ = [
    "TABLE_NAMES",
    "VERDICT_TABLES",
    "Admission",
    "Finding",
    "Rule",
    "Suite",
    "SuiteResult",
    "admit",
    "contracts_behind",
    "held_rows",
    "judge",
    "judge_file",
    "load_rules",
    "report",
    "suites_on",
    "write_suites",
]

"""The quality station: which lines may enter the ledger, which wait, and why.

``admit``        row rules (schemas/expectations/rules/), evaluated by the engine in one scan a contract
``judge_month``  Great Expectations contracts on the rule summary and on the shape of what was admitted
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
from pipelines.quality.files import Finding, judge_file, suite_of, write_file_suites
from pipelines.quality.report import report
from pipelines.quality.rules import Rule, load_rules, rules_for
from pipelines.quality.suites import (
    Suite,
    SuiteResult,
    all_suites,
    judge,
    judge_month,
    suites_on,
    write_suites,
)

__all__ = [
    "TABLE_NAMES",
    "VERDICT_TABLES",
    "Admission",
    "Finding",
    "Rule",
    "Suite",
    "SuiteResult",
    "admit",
    "all_suites",
    "contracts_behind",
    "held_rows",
    "judge",
    "judge_file",
    "judge_month",
    "load_rules",
    "report",
    "rules_for",
    "suite_of",
    "suites_on",
    "write_file_suites",
    "write_suites",
]

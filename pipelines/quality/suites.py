"""Great Expectations suites: the declared contracts on what admission made.

Kept as JSON in schemas/expectations/. ``<contract>_summary`` speaks of one row a submission,
``<contract>_month`` of one row a month: frames that stay small at any size (docs/decisions/0004-two-sieves.md).
``<contract>_file`` speaks of the lines of one uploaded file; it is made from the rules (files.py).
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import paths
from pipelines.engine import Ledger
from pipelines.periods import Month
from pipelines.quality.admission import CONTRACTS_ZH, TABLE_NAMES

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Suite:
    """One suite: the frame it is evaluated on, the model after which it can be, and its file."""

    name: str
    title_zh: str
    table: str
    frame: str

    @property
    def path(self) -> Path:
        """Where the suite is kept."""
        return paths.EXPECTATIONS / f"{self.name}.json"

    @property
    def speaks_of_months(self) -> bool:
        """Its frame has one row a month (otherwise one a submission)."""
        return self.name.endswith("_month")

    @property
    def frame_sql(self) -> str:
        """The query that makes its frame."""
        name = self.table.removeprefix("stg.").removesuffix("_line")
        contract = self.name.removesuffix("_summary").removesuffix("_month")
        return (_HERE / self.frame).read_text(encoding="utf-8").format(name=name, contract=contract)


@dataclass(frozen=True)
class Expected:
    """One expectation's outcome. ``broken`` says why it could not be evaluated; then nothing is known."""

    code: str
    zh: str
    severity: str
    success: bool
    unexpected: tuple[Mapping[str, Any], ...]
    broken: str = ""


@dataclass(frozen=True)
class SuiteResult:
    """What a suite found."""

    name: str
    title_zh: str
    expectations: tuple[Expected, ...]

    @property
    def evaluated(self) -> int:
        """How many expectations were evaluated."""
        return sum(not item.broken for item in self.expectations)

    @property
    def failed(self) -> list[str]:
        """Codes of the expectations the data did not meet."""
        return [item.code for item in self.expectations if not item.success and not item.broken]

    @property
    def broken(self) -> list[str]:
        """Codes of the expectations that could not be evaluated: a mistake of ours, not of the data."""
        return [item.code for item in self.expectations if item.broken]

    @property
    def passed(self) -> bool:
        """Every expectation evaluated and met."""
        return all(item.success and not item.broken for item in self.expectations)

    @property
    def is_critical(self) -> bool:
        """Something critical failed or could not be evaluated: publication must stop."""
        return any(
            item.broken or (not item.success and item.severity == "critical") for item in self.expectations
        )


def all_suites() -> list[Suite]:
    """Every suite there is."""
    summaries = [
        Suite(
            f"{contract}_summary",
            f"{CONTRACTS_ZH[contract]}：每件报送的去向",
            f"stg.{name}_line",
            "summary.sql",
        )
        for contract, name in TABLE_NAMES.items()
    ]
    months = [
        Suite("energy_month", "能源：每月准入数据的形状", "stg.energy_line", "energy_month.sql"),
        Suite("output_month", "产值产量：每月准入数据的形状", "stg.output_line", "output_month.sql"),
    ]
    return summaries + months


def suites_on(table: str) -> list[Suite]:
    """The suites to evaluate once *table* is made."""
    return [suite for suite in all_suites() if suite.table == table]


def judge(ledger: Ledger, suite: Suite, month: Month | None = None) -> SuiteResult:
    """Evaluate one suite on its frame; on one month's row of it when a month is named."""
    frame = ledger.rows(suite.frame_sql)
    if month is not None and "month" in frame.columns:
        frame = frame.filter(pl.col("month") == month.first)
    declared = read_suite(suite.path)
    index = [column for column in ("receipt_id", "month") if column in frame.columns]
    return SuiteResult(suite.name, suite.title_zh, tuple(evaluate(frame, suite.name, declared, index)))


def judge_month(ledger: Ledger, month: Month | None = None) -> list[SuiteResult]:
    """What the suites say of one month's admitted lines; without a month, of every month and submission."""
    suites = [suite for suite in all_suites() if month is None or suite.speaks_of_months]
    return [judge(ledger, suite, month) for suite in suites]


def read_suite(path: Path) -> list[dict[str, Any]]:
    """The expectations declared in one suite file."""
    return list(json.loads(path.read_text(encoding="utf-8"))["expectations"])


def evaluate(
    frame: pl.DataFrame, name: str, declared: Sequence[Mapping[str, Any]], index: Sequence[str]
) -> Iterable[Expected]:
    """Each declared expectation's outcome on *frame*, rows that failed named by *index*.

    An empty frame meets every expectation: there is nothing to object to.
    """
    if frame.is_empty():
        return [_outcome(item, success=True) for item in declared]
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings():
        # The library warns of its own and its dependencies' deprecations while it is imported and used.
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415 - costs seconds; only those who judge pay

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False, "metric_calculations": False}
        suite = context.suites.add(
            gx.ExpectationSuite(name=name, expectations=[dict(item) for item in declared])
        )
        batch = (
            context.data_sources.add_pandas("frames")
            .add_dataframe_asset(name)
            .add_batch_definition_whole_dataframe("whole")
            .get_batch({"dataframe": frame.to_pandas()})
        )
        wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": list(index)}
        results = batch.validate(suite, result_format=wanted).results
    by_code = {result.expectation_config.meta["code"]: result for result in results}
    return [_read(item, by_code[item["meta"]["code"]]) for item in declared]


def write_suites(suites: Mapping[str, Sequence[Mapping[str, Any]]], folder: Path) -> None:
    """Write suites as JSON the way they are kept: stable order, no generated ids."""
    for name, declared in suites.items():
        text = json.dumps({"name": name, "expectations": list(declared)}, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _read(declared: Mapping[str, Any], result: Any) -> Expected:
    failure = _exception_of(result.exception_info or {})
    unexpected = tuple(dict(item) for item in result.result.get("unexpected_index_list") or ())
    return _outcome(declared, success=bool(result.success), unexpected=unexpected, broken=failure)


def _outcome(
    declared: Mapping[str, Any],
    *,
    success: bool,
    unexpected: tuple[Mapping[str, Any], ...] = (),
    broken: str = "",
) -> Expected:
    meta = declared["meta"]
    return Expected(
        meta["code"], meta["zh"], declared.get("severity", "critical"), success, unexpected, broken
    )


def _exception_of(info: Mapping[str, Any]) -> str:
    """Why an expectation could not be evaluated; the library nests this by metric or not at all."""
    if info.get("raised_exception"):
        return str(info.get("exception_message"))
    nested = [item for item in info.values() if isinstance(item, Mapping) and item.get("raised_exception")]
    return "; ".join(sorted({str(item.get("exception_message")) for item in nested}))

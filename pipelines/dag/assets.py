"""The walk as Dagster assets: one a station, one a SQL file, each about ten lines.

Partition M is the ledger *through* month M. A run over a range of partitions builds it once, through the
last of them (single-run backfill): the ledger is always made whole.
"""

import warnings
from collections.abc import Iterable, Iterator, Sequence

import dagster as dg

from pipelines import paths, quality, reference
from pipelines.dag import filecheck, labels, release, walk
from pipelines.dag.resources import RELEASE_KEY, Workshop
from pipelines.dag.site import Rulebook, Site
from pipelines.dag.tables import RAW_TABLES, models_in_order
from pipelines.dag.unitbook import hold_units
from pipelines.engine import Check, Model, load_checks
from pipelines.intake import Landing
from pipelines.periods import SHANGHAI, Month, shanghai_now

# Single-run backfills have been "beta" for years; saying so once an asset helps nobody at the terminal.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

RULES = Rulebook()
MONTHS = dg.MonthlyPartitionsDefinition(
    start_date=str(reference.first_month(paths.SCHEMAS)) + "-01", timezone=str(SHANGHAI), fmt="%Y-%m-%d"
)
_WHOLE = dg.BackfillPolicy.single_run()
_REF_TABLES = tuple(sorted(reference.TABLES))
_GROUPS = {"stg": "3_admission", "core": "4_arithmetic", "mart": "5_judgement"}


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


def site_of(context: dg.AssetExecutionContext, workshop: Workshop) -> Site:
    """The site of this run: through the last month of its partition range."""
    last = context.partition_key_range.end
    return workshop.site(Month.parse(last[:7]))


@dg.multi_asset(
    name="landing",
    specs=[
        dg.AssetSpec(
            _key(table),
            group_name="1_landing",
            kinds={"parquet", "duckdb"},
            owners=[labels.ENGINEER],
            description=labels.raw_label(table),
            metadata=labels.raw_columns(table),
        )
        for table in (*RAW_TABLES.values(), "raw.submission", "raw.decision", "ref.month")
    ],
    partitions_def=MONTHS,
    backfill_policy=_WHOLE,
)
def landing(context: dg.AssetExecutionContext, workshop: Workshop) -> Iterator[dg.MaterializeResult]:
    """收件 | The inbox drained, then every accepted line as received, with its submission and decisions."""
    site = site_of(context, workshop)
    with Landing.open(site.home) as desk:
        taken = filecheck.take(desk, site.home.made(site.home.inbox), shanghai_now())
    context.log.info("inbox: %d files taken, %d not in order", len(taken), sum(not a.is_good for a in taken))
    counts = walk.land(workshop.ledger, site) | {"ref.month": workshop.ledger.count("ref.month")}
    for table, rows in counts.items():
        workshop.made(table, rows)
        yield dg.MaterializeResult(_key(table), metadata={"rows": rows})


@dg.multi_asset(
    name="reference",
    specs=[
        dg.AssetSpec(
            _key(table),
            group_name="2_reference",
            kinds={"csv", "duckdb"},
            owners=[labels.STEWARD],
            description=labels.reference_label(table),
        )
        for table in _REF_TABLES
    ],
    partitions_def=MONTHS,
    backfill_policy=_WHOLE,
)
def reference_tables(context: dg.AssetExecutionContext, workshop: Workshop) -> Iterator[dg.MaterializeResult]:
    """参考数据 | Units of every SQL model proven; factors, criteria and targets checked on load, as known on the knowledge date."""
    site = site_of(context, workshop)
    hold_units(site.rules)
    for table, rows in walk.refer(workshop.ledger, site).items():
        workshop.made(table, rows)
        yield dg.MaterializeResult(_key(table), metadata={"rows": rows})


def _admission(contract: str) -> dg.AssetsDefinition:
    verdict = f"stg.{quality.TABLE_NAMES[contract]}_verdict"

    @dg.asset(
        key=_key(verdict),
        deps=[_key(f"stg.{quality.TABLE_NAMES[contract]}_candidate"), _key("raw.decision")],
        group_name=_GROUPS["stg"],
        kinds={"sql", "duckdb"},
        owners=[labels.STEWARD],
        partitions_def=MONTHS,
        backfill_policy=_WHOLE,
        description=f"准入判定（{labels.contract_title(contract)}） | Every line's fate by the row rules and the steward's decisions.",
    )
    def admission(context: dg.AssetExecutionContext, workshop: Workshop) -> dg.MaterializeResult:
        fates = quality.admit(workshop.ledger, contract, RULES.schemas / "expectations").fates
        workshop.made(verdict, sum(fates.values()))
        return dg.MaterializeResult(metadata=dict(fates))

    return admission


def _model(model: Model, checks: Sequence[Check]) -> dg.AssetsDefinition:
    suites = quality.suites_on(model.key)

    @dg.asset(
        key=_key(model.key),
        deps=[_key(table) for table in model.depends_on],
        group_name=_GROUPS[model.layer],
        kinds={"sql", "duckdb"},
        owners=[labels.ANALYST],
        metadata=labels.model_columns(model),
        partitions_def=MONTHS,
        backfill_policy=_WHOLE,
        description=f"{model.title_zh} | {model.title_en}",
        check_specs=[
            dg.AssetCheckSpec(
                check.name,
                asset=_key(model.key),
                description=f"{check.title_zh} | {check.title_en}",
                blocking=check.severity == "blocking",
            )
            for check in checks
        ]
        + [
            dg.AssetCheckSpec(
                suite.name,
                asset=_key(model.key),
                description=f"{suite.title_zh} | Great Expectations suite {suite.path.name}",
                blocking=True,
            )
            for suite in suites
        ],
    )
    def table(context: dg.AssetExecutionContext, workshop: Workshop) -> dg.MaterializeResult:
        rows = workshop.ledger.build(model)
        workshop.made(model.key, rows)
        found = walk.findings(workshop.ledger, list(checks))
        workshop.found.extend(found)
        results = [_sql_result(finding) for finding in found]
        judged = [quality.judge(workshop.ledger, suite) for suite in suites]
        workshop.suites.extend(judged)
        results += [_suite_result(result) for result in judged]
        return dg.MaterializeResult(
            metadata={"materialized": "view"} if rows is None else {"rows": rows}, check_results=results
        )

    return table


def _sql_result(finding: walk.Finding) -> dg.AssetCheckResult:
    is_blocking = finding.check.severity == "blocking"
    return dg.AssetCheckResult(
        passed=finding.passed,
        check_name=finding.check.name,
        severity=dg.AssetCheckSeverity.ERROR if is_blocking else dg.AssetCheckSeverity.WARN,
        metadata={
            "rows_found": len(finding.rows),
            "first": _listed(str(row) for row in finding.rows.head(3).to_dicts()),
        },
        description=None if finding.passed else finding.check.message_zh,
    )


def _suite_result(result: quality.SuiteResult) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=result.passed,
        check_name=result.name,
        severity=dg.AssetCheckSeverity.ERROR if result.is_critical else dg.AssetCheckSeverity.WARN,
        metadata={
            "expectations": result.evaluated,
            "failed": _listed(result.failed),
            "broken": _listed(result.broken),
        },
    )


def _listed(items: Iterable[str]) -> str:
    """Items as the page shows them."""
    return "；".join(items) or "无 | none"


def _last_dependency(check: Check, order: Sequence[str]) -> str:
    """The model after which a check can first run: the last made of what it reads."""
    return max((table for table in check.depends_on if table in order), key=list(order).index)


@dg.asset(
    key=RELEASE_KEY,
    deps=[_key(model.key) for model in release.marts_of(RULES)],
    group_name="6_publication",
    kinds={"parquet", "html", "excel"},
    owners=[labels.ENGINEER],
    partitions_def=MONTHS,
    backfill_policy=_WHOLE,
)
def published_release(context: dg.AssetExecutionContext, workshop: Workshop) -> dg.MaterializeResult:
    """发布 | Marts, dashboard, workbook, brief and quality report, switched in whole with their manifest."""
    site = site_of(context, workshop)
    folder = release.publish(workshop.ledger, site, workshop.found, workshop.suites)
    workshop.hand_over()
    workshop.made(".".join(RELEASE_KEY.path), 1)
    return dg.MaterializeResult(
        metadata={"release": folder.name, "folder": dg.MetadataValue.path(str(folder))}
    )


def all_assets() -> list[dg.AssetsDefinition]:
    """Every asset of the graph, in the order of the walk."""
    models = models_in_order(RULES)
    order = [model.key for model in models]
    checks: dict[str, list[Check]] = {}
    for check in load_checks(RULES.warehouse):
        checks.setdefault(_last_dependency(check, order), []).append(check)
    return [
        landing,
        reference_tables,
        *[_admission(contract) for contract in RAW_TABLES],
        *[_model(model, checks.get(model.key, [])) for model in models],
        published_release,
    ]

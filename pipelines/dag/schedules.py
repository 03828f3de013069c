"""When the ledger runs by itself: on the reporting calendar, and when files lie in the inbox."""

import hashlib
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines import intake, paths, reference
from pipelines.dag.assets import MONTHS, RULES
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month, shanghai_now

LEDGER_JOB = "ledger"
WAITING = "greenledger/inbox"
"""Tag of a run: which files waited for it."""

# Once a minute: an hour is longer than any run, and short of filling the list of runs with a mistake of ours.
MOST_ATTEMPTS = 60
# Dagster gives a job that is not yet bound to its assets no public name.
Job = Any


def ledger_job() -> Job:
    """The whole walk in one process: steps are short, and one process may write."""
    return dg.define_asset_job(
        LEDGER_JOB,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        description="收件 → 参考数据 → 准入 → 计算 → 评价 → 发布 | The whole walk, from files to a release",
    )


def monthly_schedule(job: Job) -> dg.ScheduleDefinition:
    """The morning after the filing day, for the month that was to be filed (schemas/calendar.yml)."""
    filing = reference.filing_calendar(paths.SCHEMAS)

    @dg.schedule(
        name="monthly_report",
        job=job,
        cron_schedule=f"0 6 {filing.day + 1} * *",
        execution_timezone=str(SHANGHAI),
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"每月 {filing.day} 日为报送截止日，次日早 6 时运行上月报告期 | The morning after the filing day",
    )
    def monthly_report(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        month = Month.of(context.scheduled_execution_time.astimezone(SHANGHAI).date()).shift(-1)
        return dg.RunRequest(run_key=f"monthly-{month}", partition_key=month.first.isoformat())

    return monthly_report


def inbox_sensor(job: Job) -> dg.SensorDefinition:
    """One run a tick that drains the inbox; files already asked for start another run only when that one failed.

    A run may have found the ledger busy, or have been killed: then the files still wait, and nobody would come.
    """

    @dg.sensor(
        name="inbox",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="收件箱有新文件时运行一次，取走全部文件 | One run that drains the inbox",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        waiting = intake.sweep(Home.default().inbox, shanghai_now())
        if not waiting:
            return dg.SkipReason("收件箱为空 | the inbox is empty")
        key = _key_of([path for path, _ in waiting])
        failed = _failed(context, key)
        if failed >= MOST_ATTEMPTS:
            return dg.SkipReason(
                f"这些文件已运行 {failed} 次未成，请查看失败的运行 | {failed} runs for these files failed; see why"
            )
        return dg.RunRequest(
            run_key=f"{key}-{failed + 1}",
            partition_key=MONTHS.get_last_partition_key(),
            tags={WAITING: key},
        )

    return inbox


def _failed(context: dg.SensorEvaluationContext, key: str) -> int:
    """How many runs for the same files under the same rules ended without success."""
    ended = dg.RunsFilter(
        tags={WAITING: key}, statuses=[dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
    )
    return context.instance.get_runs_count(ended)


def _key_of(files: list[Path]) -> str:
    """What waits and by which rules it will be judged: contents, not names or times."""
    digest = hashlib.sha256()
    for content in sorted(_content(path) for path in files):
        digest.update(content.encode())
    for name, rule in sorted(RULES.digests().items()):
        digest.update(f"{name}{rule}".encode())
    return f"inbox-{digest.hexdigest()[:24]}"


def _content(path: Path) -> str:
    """SHA-256 of a waiting file; blank when its sender took it back meanwhile."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""

"""When the ledger runs by itself: on the reporting calendar, and when files lie in the inbox."""

import hashlib
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines import intake, paths, reference
from pipelines.dag.assets import MONTHS, RULES
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month

LEDGER_JOB = "ledger"
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
    """One run a tick that drains the inbox; the same files under the same rules never start a second run."""

    @dg.sensor(
        name="inbox",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="收件箱有新文件时运行一次，取走全部文件 | One run that drains the inbox",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        waiting = intake.sweep(Home.default().inbox)
        if not waiting:
            return dg.SkipReason("收件箱为空 | the inbox is empty")
        month = MONTHS.get_last_partition_key()
        return dg.RunRequest(run_key=_key_of([path for path, _ in waiting]), partition_key=month)

    return inbox


def _key_of(files: list[Path]) -> str:
    """What waits and by which rules it will be judged: contents, not names or times."""
    digest = hashlib.sha256()
    for content in sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in files):
        digest.update(content.encode())
    for name, rule in sorted(RULES.digests().items()):
        digest.update(f"{name}{rule}".encode())
    return f"inbox-{digest.hexdigest()[:24]}"

"""What Dagster loads: assets, their resource, the job, the schedule and the inbox sensor. Nothing else."""

import dagster as dg

from pipelines.dag.assets import all_assets
from pipelines.dag.resources import Workshop
from pipelines.dag.schedules import inbox_sensor, ledger_job, monthly_schedule

_job = ledger_job()

defs = dg.Definitions(
    assets=all_assets(),
    resources={"workshop": Workshop()},
    jobs=[_job],
    schedules=[monthly_schedule(_job)],
    sensors=[inbox_sensor(_job)],
)

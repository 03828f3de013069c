"""One run through Dagster, started by hand: ``greenledger run`` and ``greenledger demo``."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import dagster as dg

from pipelines.dag import release
from pipelines.dag.assets import MONTHS
from pipelines.dag.resources import PROGRESS
from pipelines.dag.schedules import LEDGER_JOB
from pipelines.dag.walk import Tell
from pipelines.errors import LedgerError
from pipelines.paths import Home
from pipelines.periods import Month

_SETTINGS = """\
telemetry:
  enabled: false
"""


def prepare_dagster_home(home: Home) -> None:
    """DAGSTER_HOME inside the state folder, with telemetry off, for this process and its children."""
    folder = home.made(home.dagster)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["GREENLEDGER_HOME"] = str(home.root)


def run(defs: dg.Definitions, home: Home, *, first: Month, through: Month, as_of: date, tell: Tell) -> Path:
    """Build the ledger through *through* and publish it. Returns the release folder.

    *first* is where the range of partitions begins that Dagster marks as made.

    Raises:
        Busy: another run holds the ledger.
        FailedCheck: a blocking check found rows; nothing was published.
        BrokenReference: a data folder does not hold together.
    """
    prepare_dagster_home(home)
    watching = PROGRESS.set(tell)
    try:
        with dg.DagsterInstance.get() as instance:
            result = defs.resolve_job_def(LEDGER_JOB).execute_in_process(
                instance=instance,
                run_config={
                    "resources": {
                        "workshop": {"config": {"as_of": as_of.isoformat(), "home": str(home.root)}}
                    }
                },
                tags=_range_tags(first, through),
                raise_on_error=True,
            )
    except dg.DagsterError as error:
        raise _our_error(error) from error
    finally:
        PROGRESS.reset(watching)
    if not result.success:
        raise LedgerError("运行未完成，未发布。", "the run did not finish; nothing was published")
    return release.current(home)


def _range_tags(first: Month, through: Month) -> dict[str, str]:
    known = set(MONTHS.get_partition_keys())
    if through.first.isoformat() not in known:
        raise LedgerError(f"{through} 不在可运行的报告期内。", f"{through} is not a month that can be run")
    return {
        "dagster/asset_partition_range_start": first.first.isoformat(),
        "dagster/asset_partition_range_end": through.first.isoformat(),
    }


def _our_error(error: BaseException) -> BaseException:
    """The error of ours inside Dagster's wrapping, or Dagster's when there is none."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, LedgerError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return error

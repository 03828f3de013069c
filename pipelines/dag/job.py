"""One run through Dagster, started by hand: ``greenledger run`` and ``greenledger demo``."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.dag import release
from pipelines.dag.asked import Order
from pipelines.dag.assets import MONTHS
from pipelines.dag.resources import PROGRESS
from pipelines.dag.schedules import LEDGER_JOB
from pipelines.dag.walk import Tell
from pipelines.errors import LedgerError, NotFound
from pipelines.paths import Home
from pipelines.periods import Month

_SETTINGS = """\
telemetry:
  enabled: false
nux:
  enabled: false
"""


def prepare_dagster_home(home: Home) -> None:
    """DAGSTER_HOME inside the state folder, for this process and its children.

    Telemetry is off, and so is the page's invitation to sign up somewhere else.
    """
    folder = home.made(home.dagster)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["GREENLEDGER_HOME"] = str(home.root)


def run(
    defs: dg.Definitions,
    home: Home,
    *,
    through: Month,
    as_of: date,
    tell: Tell,
    restate: Order | None = None,
) -> Path:
    """Build the ledger through *through* and publish it; with *restate*, frozen months anew. Returns the release folder.

    Raises:
        Busy: another run holds the ledger.
        FailedCheck: a blocking check found rows; nothing was published.
        BrokenReference: a data folder does not hold together.
        FrozenMonth: less is known than when a frozen month was published, or there is nothing to restate.
    """
    prepare_dagster_home(home)
    watching = PROGRESS.set(tell)
    try:
        with dg.DagsterInstance.get() as instance:
            result = defs.resolve_job_def(LEDGER_JOB).execute_in_process(
                instance=instance,
                run_config=_config(home, as_of, restate),
                partition_key=_partition(through),
                raise_on_error=True,
            )
    except dg.DagsterError as error:
        raise _our_error(error) from error
    finally:
        PROGRESS.reset(watching)
    if not result.success:
        raise LedgerError("运行未完成，未发布。", "the run did not finish; nothing was published")
    return release.current(home)


def _config(home: Home, as_of: date, restate: Order | None) -> dict[str, Any]:
    """Which state folder and knowledge date; Dagster's own log stays in its storage, off the terminal."""
    settings = {"as_of": as_of.isoformat(), "home": str(home.root)}
    if restate:
        said = restate._asdict() | {
            "months": [str(month) for month in restate.months],
            "on": restate.on.isoformat(),
        }
        settings["restate"] = json.dumps(said, ensure_ascii=False)
    return {
        "resources": {"workshop": {"config": settings}},
        "loggers": {"console": {"config": {"log_level": "ERROR"}}},
    }


def _partition(through: Month) -> str:
    """The partition of a month: the ledger through it."""
    key = through.first.isoformat()
    if key not in MONTHS.get_partition_keys():
        raise NotFound(
            f"{through} 不在可运行的报告期内（{MONTHS.get_first_partition_key()} 起，至上月）。",
            f"{through} is not a month that can be run",
        )
    return key


def _our_error(error: BaseException) -> BaseException:
    """The error of ours inside Dagster's wrapping, or Dagster's when there is none."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, LedgerError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return error

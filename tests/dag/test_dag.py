"""The corridor: the golden district through Dagster, a killed run mended by running again, the schedule and the sensor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import dagster as dg
import pytest

from pipelines import intake
from pipelines.dag import job, release, schedules
from pipelines.definitions import defs
from pipelines.engine import exclusive
from pipelines.errors import Busy
from pipelines.intake import Landing
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month
from tests.golden.test_golden import FILES

THROUGH, AS_OF = Month(2023, 1), date(2026, 6, 30)


def delivered(folder: Path) -> Home:
    home = Home(folder)
    with Landing.open(home) as landing:
        for place, path in enumerate(sorted(FILES.iterdir())):
            at = datetime(2023, 2, 1 + place, 10, tzinfo=SHANGHAI)
            intake.receive(path.read_bytes(), sender="commission", filename=path.name, at=at, landing=landing)
    return home


def run(home: Home) -> Path:
    made: list[str] = []
    folder = job.run(defs, home, through=THROUGH, as_of=AS_OF, tell=lambda table, rows: made.append(table))
    assert "mart.green_share" in made and "published.release" in made
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_killed_run_is_mended_by_running_again_and_gives_the_same_bytes(tmp_path: Path) -> None:
    home = delivered(tmp_path / "one")
    first = contents(run(home))
    assert {"dashboard.html", "workbook.xlsx", "quality.html", "brief.md", "manifest.json"} <= set(first)

    other = delivered(tmp_path / "two")
    program = f"""
from pathlib import Path
from datetime import date
from pipelines.dag import job
from pipelines.definitions import defs
from pipelines.paths import Home
from pipelines.periods import Month
job.run(defs, Home(Path({str(other.root)!r})), through=Month(2023, 1), as_of=date(2026, 6, 30),
        tell=lambda table, rows: print(table, flush=True))
"""
    for stop in ("mart.plan_progress",):
        running = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert running.stdout is not None
        for line in running.stdout:
            if line.strip() == stop:
                break
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        assert not (other.published / release.CURRENT).exists()
    assert contents(run(other)) == first


def test_a_second_run_is_told_it_is_busy(tmp_path: Path) -> None:
    home = delivered(tmp_path)
    with exclusive(home.run_lock), pytest.raises(Busy):
        run(home)


def test_the_graph_shows_the_walk_and_every_check_stands_at_its_station() -> None:
    graph = defs.resolve_asset_graph()
    groups = {graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert groups == {
        "1_landing",
        "2_reference",
        "3_admission",
        "4_arithmetic",
        "5_judgement",
        "6_publication",
    }
    names = {key.name for key in graph.asset_check_keys}
    assert {"one_factor_each", "energy_summary", "energy_month", "every_use_converted"} <= names


def test_every_table_on_the_page_says_what_it_is_who_keeps_it_and_what_its_columns_mean() -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description and " | " in node.description, key
        assert node.owners and node.kinds, key
    schema = graph.get(dg.AssetKey(["mart", "green_share"])).metadata["dagster/column_schema"]
    assert "单位 %" in next(
        column.description for column in schema.columns if column.name == "target_percent"
    )
    for check in graph.asset_check_keys:
        assert graph.get_check_spec(check).description, check


def test_the_dagster_home_sends_nothing_and_invites_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("GREENLEDGER_HOME", "")
    job.prepare_dagster_home(Home(tmp_path))
    with dg.DagsterInstance.get() as instance:
        assert not instance.telemetry_enabled and not instance.nux_enabled


def test_schedule_and_sensor_work_as_soon_as_the_daemon_runs() -> None:
    assert defs.resolve_schedule_def("monthly_report").default_status == dg.DefaultScheduleStatus.RUNNING
    assert defs.resolve_sensor_def("inbox").default_status == dg.DefaultSensorStatus.RUNNING


def test_the_schedule_runs_the_month_that_was_to_be_filed() -> None:
    schedule = defs.resolve_schedule_def("monthly_report")
    moment = datetime(2023, 6, 11, 6, tzinfo=SHANGHAI)
    context = dg.build_schedule_context(
        scheduled_execution_time=moment, repository_def=defs.get_repository_def()
    )
    data = schedule.evaluate_tick(context)
    assert data.run_requests is not None
    assert data.run_requests[0].partition_key == "2023-05-01"


def put(path: Path, text: str) -> None:
    """A file that has lain in the inbox for a while."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (0, 0))


def ask_sensor(instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    context = dg.build_sensor_context(instance=instance, repository_def=defs.get_repository_def())
    return list(defs.resolve_sensor_def("inbox").evaluate_tick(context).run_requests or [])


def test_the_sensor_asks_for_one_run_by_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLEDGER_HOME", str(tmp_path))
    with dg.DagsterInstance.ephemeral() as instance:
        assert not ask_sensor(instance)
        inbox = Home(tmp_path).made(Home(tmp_path).inbox)
        put(inbox / "a.csv", "x")
        first = ask_sensor(instance)
        (inbox / "a.csv").rename(inbox / "b.csv")
        again = ask_sensor(instance)
        assert first and again and first[0].run_key == again[0].run_key
        put(inbox / "b.csv", "y")
        changed = ask_sensor(instance)
        assert changed and changed[0].run_key != first[0].run_key


def test_files_left_by_a_run_that_failed_are_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLEDGER_HOME", str(tmp_path))
    inbox = Home(tmp_path).made(Home(tmp_path).inbox)
    put(inbox / "a.csv", "x")

    @dg.job
    def idle() -> None: ...

    with dg.DagsterInstance.ephemeral() as instance:
        first = ask_sensor(instance)[0]
        run = instance.create_run_for_job(idle, tags=first.tags)
        assert ask_sensor(instance)[0].run_key == first.run_key
        instance.report_run_failed(run)
        second = ask_sensor(instance)[0]
        assert second.run_key != first.run_key
        monkeypatch.setattr(schedules, "MOST_ATTEMPTS", 1)
        assert not ask_sensor(instance)

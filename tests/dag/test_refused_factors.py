"""A data folder that does not hold together, and a curve that would change its basis: nothing is published."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipelines import paths
from pipelines.dag import walk
from pipelines.dag.site import Rulebook, Site
from pipelines.engine import Ledger
from pipelines.errors import FailedCheck
from pipelines.periods import Month
from tests.dag.test_dag import delivered
from tests.reference.folder import Line, copy, rewrite, spoil


def house(target: Path) -> Path:
    """The program and its data folders in another place, so that one cell may be spoilt."""
    for name in ("pipelines", "emission_factors", "schemas", "warehouse"):
        shutil.copytree(
            paths.CHECKOUT / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
        )
    return target


def test_a_run_on_a_spoilt_folder_says_where_and_publishes_nothing(tmp_path: Path) -> None:
    place, home = house(tmp_path / "house"), delivered(tmp_path / "home")
    line = spoil(
        place / "emission_factors", "purchased_factors", "elec.provincial.cn-sh.2023", "value", "5.737"
    )
    result = subprocess.run(
        [sys.executable, "-m", "pipelines", "run", "--month", "2023-01", "--as-of", "2026-06-30"],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(place), "GREENLEDGER_HOME": str(home.root)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert result.returncode == 1, result.stderr
    assert f"purchased_factors.csv 第{line}行「value」：读到 “5.737”，应为" in result.stderr
    assert "Traceback" not in result.stderr
    assert not list(home.published.glob("*")) if home.published.exists() else True
    assert not home.ledger.exists()


def test_a_district_whose_curve_would_change_its_basis_is_refused(tmp_path: Path) -> None:
    """Without the province's figures before 2023 the region's would answer, and 2023 not be comparable."""
    folder = copy(tmp_path)

    def only_from_2023(old: list[Line]) -> list[Line]:
        gone = {"elec.provincial.cn-sh.2021", "elec.provincial.cn-sh.2022"}
        return [row for row in old if row["factor_id"] not in gone]

    rewrite(folder, "purchased_factors", only_from_2023)
    home = delivered(tmp_path / "home")
    site = Site(home, Month(2023, 1), date(2026, 6, 30), Rulebook(emission_factors=folder))

    with Ledger.memory(folders=[home.lines]) as ledger, pytest.raises(FailedCheck) as told:
        walk.walk(ledger, site)

    assert "series_mixed" in told.value.zh
    assert "mee_nbs_regional" in told.value.zh


def test_the_golden_district_before_and_after_the_shanghai_notice_keeps_one_basis_each_time(
    tmp_path: Path,
) -> None:
    """The receipts are of 2023, so the knowledge date is moved in the sources instead: the notice comes later."""
    folder = copy(tmp_path)
    spoil(folder, "sources", "sh-2022-34.01", "published_on", "2026-12-31")
    home = delivered(tmp_path / "home")
    seen = {}
    for name, rules in (("known", Rulebook()), ("not yet", Rulebook(emission_factors=folder))):
        with Ledger.memory(folders=[home.lines]) as ledger:
            walk.walk(ledger, Site(home, Month(2023, 1), date(2026, 6, 30), rules))
            seen[name] = ledger.rows(
                "select distinct series, factor_t from core.emission "
                "where purpose = 'shanghai_ets' and kind = 'electricity'"
            ).rows()

    assert [(series, format(value.normalize(), "f")) for series, value in seen["known"]] == [
        ("shanghai_2022", "0.42")
    ]
    assert [(series, format(value.normalize(), "f")) for series, value in seen["not yet"]] == [
        ("shanghai_2012", "0.788")
    ]

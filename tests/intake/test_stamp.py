"""Stored lines follow the contracts, the unit spellings and the code; receipts do not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines import paths
from pipelines.intake.stamp import reading_stamp

# Run in a copy of the house, so that its data can be changed: send a file, then read its line back.
PROGRAM = """
import json, sys
from datetime import datetime
from pathlib import Path
import polars as pl
from pipelines import intake, paths
from pipelines.errors import LedgerError
from pipelines.paths import Home
from pipelines.periods import SHANGHAI
assert paths.CHECKOUT == Path.cwd(), paths.CHECKOUT
data = "统一社会信用代码,报告期,能源代码,计量单位,消费量\\n91000000MA0000001R,2023-05,33,度,5\\n".encode()
at = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)
with intake.Landing.open(Home(Path(sys.argv[1]))) as landing:
    receipt = intake.receive(data, sender="commission", filename="a.csv", at=at, landing=landing)
    told = {"receipt": receipt.receipt_id, "is_repeat": receipt.is_repeat, "outcome": receipt.outcome}
    try:
        line = pl.read_parquet(landing.lines("energy", [receipt.receipt_id])[0])
        told |= {"unit": line["unit"][0], "old": landing.stored.forget_old()}
    except LedgerError as error:
        told |= {"error": error.zh}
print(json.dumps(told))
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    root = tmp_path / "house"
    for name in ("pipelines", "schemas", "emission_factors"):
        shutil.copytree(paths.CHECKOUT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def read(house: Path) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(house / "var")],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def edit(house: Path, name: str, old: str, new: str) -> None:
    text = (house / name).read_text(encoding="utf-8")
    assert old in text
    (house / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_changed_alias_is_seen_in_lines_kept_before_and_the_receipt_stays(house: Path) -> None:
    first = read(house)
    assert (first["unit"], first["is_repeat"], first["old"]) == ("kWh", False, 0)
    edit(house, "emission_factors/unit_aliases.csv", "\n度,kWh,", "\n度,wan_kWh,")
    changed = read(house)
    assert changed == first | {"unit": "wan_kWh", "is_repeat": True, "old": 1}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("schemas/contracts/energy.yml", "contract: energy", "# changed\ncontract: energy"),
        ("emission_factors/energy_kinds.csv", "\n33,电力,", "\n33,电力 ,"),
        ("emission_factors/gases.csv", "三氟化氮", "三氟化氮气"),
        ("emission_factors/process_types.csv", "远程;", "远端;"),
        ("emission_factors/activities.csv", "welding_co2,二氧化碳保护焊", "welding_co2,二保焊"),
        ("pipelines/intake/cells.py", '"""', '"""Changed. '),
        ("pipelines/units/kinds.py", '"""', '"""Changed. '),
    ],
)
def test_the_stamp_changes_with_what_a_reading_depends_on(house: Path, name: str, old: str, new: str) -> None:
    before = reading_stamp(house)
    edit(house, name, old, new)
    assert reading_stamp(house) != before


def test_other_changes_leave_the_stamp_alone(house: Path) -> None:
    edit(house, "schemas/ranges.csv", "proposal", "derived")
    edit(house, "pipelines/quality/rules.py", '"""', '"""Changed. ')
    assert reading_stamp(house) == reading_stamp()


def test_a_change_that_refuses_accepted_files_names_their_receipts(house: Path) -> None:
    first = read(house)
    edit(house, "emission_factors/unit_aliases.csv", "\n度,kWh,", "\n度量,kWh,")
    told = read(house)
    assert told["outcome"] == "accepted" and told["receipt"] == first["receipt"]
    assert first["receipt"] in told["error"] and "E308" in told["error"]

"""The change file: another row of the same value is a change, and neighbours are one only when both sides are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pipelines import paths
from pipelines.dag import factordiff, factors
from tests.reference import folder as factor_folder
from tests.reference.folder import TODAY


def changes(folder: Path, as_of: date = TODAY) -> dict[str, Any]:
    """The change file from the checkout's factors to *folder*."""
    sets = (
        factors.FactorSet(factors.id_of(path), path, path.name) for path in (paths.EMISSION_FACTORS, folder)
    )
    return factordiff.diff(*sets, as_of)


def resolved(folder: Path, as_of: date = TODAY) -> list[dict[str, Any]]:
    """What a run would choose otherwise with *folder*."""
    found: list[dict[str, Any]] = changes(folder, as_of)["resolved"]
    return found


def test_another_row_of_the_same_value_is_told(tmp_path: Path) -> None:
    folder = factor_folder.copy(tmp_path)
    factor_folder.spoil(
        folder, "purchased_factors", "elec.provincial.cn-sh.2023", "factor_id", "elec.renamed"
    )
    found = resolved(folder)

    assert found
    assert {(row["old"]["factor_id"], row["new"]["factor_id"]) for row in found} == {
        ("elec.provincial.cn-sh.2023", "elec.renamed")
    }
    assert {row["relative_change"]["fraction"] for row in found} == {"0/1"}


def test_two_answers_that_go_are_told_each_with_its_own_interval(tmp_path: Path) -> None:
    folder = factor_folder.copy(tmp_path)
    for factor_id in ("sc.diesel.2008", "sc.diesel.2020", "nbs205_1.21"):
        factor_folder.spoil(folder, "standard_coal", factor_id, "confidence", "recalled")
    gone = [row for row in resolved(folder) if row.get("basis") == "calorific"]

    assert all(row["new"] is None and row["energy_code"] == "21" for row in gone)
    assert [(row["valid_from"], row["valid_to"], row["old"]["factor_id"]) for row in gone] == [
        ("2008-06-01", "2021-04-01", "sc.diesel.2008"),
        ("2021-04-01", "9999-12-31", "sc.diesel.2020"),
    ]


def test_a_change_nobody_could_know_of_on_the_day_changes_no_choice(tmp_path: Path) -> None:
    """公告2025年第47号 was published on 2025-12-31: before, no run could choose its figure for 2023."""
    folder = factor_folder.copy(tmp_path)
    factor_folder.spoil(
        folder, "purchased_factors", "elec.provincial.cn-sh.2023", "factor_id", "elec.renamed"
    )

    assert resolved(folder, date(2025, 12, 30)) == []
    assert resolved(folder, date(2025, 12, 31)) != []


def test_lines_of_units_taken_away_and_added_are_told(tmp_path: Path) -> None:
    folder = factor_folder.copy(tmp_path)
    units = folder / "units.txt"
    first, *rest = units.read_text(encoding="utf-8").splitlines()
    units.write_text("\n".join(["# 另一版", *rest]) + "\n", encoding="utf-8")
    told = changes(folder)

    assert sorted(told["units_txt"]) == sorted(["+ # 另一版", f"- {first}"])
    assert not told["summary"]["is_same"]

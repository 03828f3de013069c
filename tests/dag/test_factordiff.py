"""The change file: another row of the same value is a change, and neighbours are one only when both sides are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines import paths
from pipelines.dag import factordiff, factors
from tests.reference import folder as factor_folder
from tests.reference.folder import TODAY


def resolved(folder: Path) -> list[dict[str, Any]]:
    """What a run would choose otherwise with *folder* than with the checkout's factors."""
    sets = (
        factors.FactorSet(factors.id_of(path), path, path.name) for path in (paths.EMISSION_FACTORS, folder)
    )
    found: list[dict[str, Any]] = factordiff.diff(*sets, TODAY)["resolved"]
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

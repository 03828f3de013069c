"""schemas/ as tables: every target and rule set is carried, and a mistake in the data is told."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines import paths, reference
from pipelines.errors import BrokenReference


def test_policy_data_carries_every_target_and_rule_set() -> None:
    policy = reference.load_policy(paths.SCHEMAS)
    targets = policy["ref.plan_target"]
    assert len(targets) == 33
    goals = dict(
        targets.filter(pl.col("computed_by") != "indicator").select("computed_by", "value").iter_rows()
    )
    assert goals == {"green_share": Decimal(30), "national_green_factories": Decimal(8)}
    assert policy["ref.rule_set"]["pass_mark"].null_count() == len(policy["ref.rule_set"])
    assert len(policy["ref.industry_6x"]) == 79


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("targets/songjiang_2021_2023.yml", "comparator:", "comparitor:", "comparitor"),
        ("criteria/gbt36132_2018.yml", "weight_percent: 20", "weight_percent: 21", "100"),
        ("industries_6x.csv", "partial_needs_tag", "partial", "coverage"),
        ("calendar.yml", "day: 10", "day: 31", "day"),
    ],
)
def test_a_mistake_in_policy_data_is_told(tmp_path: Path, name: str, old: str, new: str, told: str) -> None:
    folder = tmp_path / "schemas"
    shutil.copytree(paths.SCHEMAS, folder)
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrokenReference, match=told):
        reference.load_policy(folder)

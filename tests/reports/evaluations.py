"""Evaluations of the invented release: one factory's year summed, and one criterion of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
YEAR = 2023


def evaluated(factory_id: str = "91310000MA1K00001X", **changed: Any) -> Row:
    """One factory's evaluation, summed."""
    values = {
        "factory_id": factory_id,
        "year": YEAR,
        "rule_set": "gbt36132-2018",
        "veto_set": "veto-2018-2023",
        "gates_met": 7,
        "gates_failed": 0,
        "gates_unknown": 5,
        "indicators_passed": 1,
        "indicators_failed": 0,
        "indicators_unknown": 12,
        "pass_mark": None,
        "verdict": "gates_unknown",
    }
    return {**values, **changed}


def judged(criterion: str = "green_material_rate", **changed: Any) -> Row:
    """One criterion of an evaluation."""
    values = {
        "factory_id": "91310000MA1K00001X",
        "year": YEAR,
        "rule_set": "gbt36132-2018",
        "rule_set_kind": "standard",
        "criterion": criterion,
        "kind": "indicator",
        "name_zh": "绿色物料使用率",
        "value": Decimal(31),
        "reported_unit": "%",
        "unit": "%",
        "comparator": ">=",
        "threshold": Decimal(30),
        "threshold_source": "标准条文",
        "certainty": "secondary",
        "distance": Decimal(1),
        "verdict": "pass",
        "reason": None,
    }
    return {**values, **changed}

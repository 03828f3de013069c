"""Which table each contract lands in, and the models in the order they are built."""

from __future__ import annotations

from pipelines import quality
from pipelines.dag.site import Rulebook
from pipelines.engine import Model, load_models

# Contract → the raw table its lines land in.
RAW_TABLES = {
    "energy": "raw.energy_line",
    "output": "raw.output_line",
    "green_power": "raw.green_power_line",
    "register": "raw.register_line",
    "titles": "raw.title_line",
    "indicators": "raw.indicator_line",
    "profile": "raw.profile_line",
    "activity": "raw.activity_line",
    "media": "raw.medium_line",
}


def models_in_order(rules: Rulebook) -> list[Model]:
    """Every model of the rulebook, each after what it reads."""
    verdicts = {f"stg.{name}_verdict": [f"stg.{name}_candidate"] for name in quality.TABLE_NAMES.values()}
    return load_models(rules.warehouse, made_between=verdicts)

"""The propagation formula against simulation, and its decimals against a district larger than any."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from statistics import quantiles

import pytest

from pipelines import paths
from pipelines.engine import Ledger, load_models
from pipelines.reports import figures
from tests.warehouse.tables import column_types

MODELS = {model.key: model for model in load_models(paths.WAREHOUSE)}
DRAWS = 40_000
# 40,000 draws place a 97.5 % quantile within about 1.5 % of itself; the formula leaves out u_a² × u_f² (under 1 % here).
TOLERANCE = 0.03


@dataclass(frozen=True)
class Use:
    """One emission row: tonnes, half-widths of its activity and its factor, and which factor it was."""

    co2_t: str
    activity: str
    factor: str
    factor_id: str
    factory_id: str = "A"


SITUATIONS = {
    "one product": [Use("1000", "0.05", "0.15", "grid")],
    "a sum of unlike uses": [
        Use("500", "0.05", "0.15", "grid"),
        Use("300", "0.2", "0.1", "gas"),
        Use("200", "0.02", "0.15", "heat"),
    ],
    "many uses of one factor": [
        Use(str(40 + number), "0.2", "0.15", "grid", f"F{number}") for number in range(40)
    ],
    "many uses of two factors": [
        Use(str(40 + number), "0.2", "0.1", ("grid", "gas")[number % 2], f"F{number}") for number in range(40)
    ],
}


def stated_half_width(uses: list[Use]) -> Decimal:
    """What mart.uncertainty_month and the page say of the district, as a share."""
    with Ledger.memory(threads=1) as ledger:
        total, squared = _marts(ledger, uses)
    share = figures.half_width(squared, total)
    assert share is not None
    return share


def simulated_half_width(uses: list[Use], seed: int) -> float:
    """Half the distance between the 2.5 % and 97.5 % points, every factor drawn once a draw."""
    dice = random.Random(seed)
    z = 1.959964
    drawn = []
    widths = {use.factor_id: float(use.factor) for use in uses}
    for _ in range(DRAWS):
        factor = {name: 1 + dice.gauss(0, width / z) for name, width in widths.items()}
        drawn.append(
            sum(
                float(use.co2_t) * (1 + dice.gauss(0, float(use.activity) / z)) * factor[use.factor_id]
                for use in uses
            )
        )
    points = quantiles(drawn, n=40)
    return (points[-1] - points[0]) / 2 / sum(float(use.co2_t) for use in uses)


@pytest.mark.parametrize("uses", SITUATIONS.values(), ids=SITUATIONS)
def test_the_formula_agrees_with_simulation(uses: list[Use]) -> None:
    assert float(stated_half_width(uses)) == pytest.approx(simulated_half_width(uses, seed=9), rel=TOLERANCE)


def test_taking_a_shared_factor_as_independent_would_be_found_out() -> None:
    uses = SITUATIONS["many uses of one factor"]
    alone = sum(
        (Decimal(use.co2_t) ** 2 * (Decimal(use.activity) ** 2 + Decimal(use.factor) ** 2)) for use in uses
    )
    naive = alone.sqrt() / sum(Decimal(use.co2_t) for use in uses)

    assert float(naive) < simulated_half_width(uses, seed=9) * (1 - TOLERANCE) / 2


def test_a_district_of_the_largest_lines_that_can_be_admitted_does_not_overflow() -> None:
    # Q109 holds uses of 10^11 canonical units; no fuel emits more than 4 t a unit.
    uses = [Use("400000000000", "0.3", "0.2", "grid", f"F{number}") for number in range(5000)]

    assert stated_half_width(uses) == figures.rounded((Decimal("0.04") + Decimal("0.09") / 5000).sqrt(), 12)


def test_a_factory_of_kilograms_still_has_a_half_width() -> None:
    assert stated_half_width([Use("0.010", "0.3", "0.4", "gas")]) == Decimal("0.5")


def _marts(ledger: Ledger, uses: list[Use]) -> tuple[Decimal, Decimal]:
    types = column_types("core.emission_quality", MODELS)
    declared = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    ledger.execute(
        "create schema ref; create table ref.purpose as select 'p' as purpose, true as is_headline"
    )
    ledger.execute("create schema core")
    ledger.execute(f"create table core.emission_quality ({declared})")
    for use in uses:
        activity, factor = Decimal(use.activity), Decimal(use.factor)
        ledger.execute(
            "insert into core.emission_quality (purpose, factory_id, month, factor_id, co2_t, quality_tier, "
            "activity_half_width, factor_half_width, half_width_squared) values ('p', ?, date '2023-01-01', ?, ?, 2, ?, ?, ?)",
            [use.factory_id, use.factor_id, Decimal(use.co2_t), activity, factor, activity**2 + factor**2],
        )
    ledger.build(MODELS["mart.uncertainty_month"])
    total, squared = ledger.one(
        "select covered_t, half_width_squared_t2 from mart.uncertainty_month where scale = 'district'"
    )
    return total, squared

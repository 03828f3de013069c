"""The whole inventory: every part from its lines, what the basis counts from the printed rules; told when anything is off."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pipelines.reports import Explanation
from tests.reports.explain.conftest import A, B, C, Golden

Alter = Callable[[str], Callable[[str], Explanation]]


@pytest.mark.parametrize("basis", ["inventory", "inventory@market_residual", "inventory@shanghai_ets"])
@pytest.mark.parametrize("month", ["2022-12", "2023-01"])
def test_the_district_and_every_factory_agree(golden: Golden, basis: str, month: str) -> None:
    for figure in (
        f"{basis}/{month}",
        f"{basis}/{month}/{A}",
        f"{basis}/{month}/{B}",
        f"{basis}/{month}/{C}",
    ):
        screen = golden.explain(figure)
        assert screen.agrees, (figure, screen.verdict())
        assert screen.compared


def test_the_worked_sum_comes_out(golden: Golden) -> None:
    # 甲: 573.7 t of electricity and 478.4625 t CO2e of processes (tests/golden/ANSWERS.md).
    screen = golden.explain(f"inventory/2023-01/{A}")
    values = {step.name: step.value for step in screen.steps}
    assert values["购入电力 CO2"] == Decimal("573.7")
    processes = [
        value for name, value in values.items() if name.startswith("过程与逸散") and "月表" not in name
    ]
    assert sum(processes) == Decimal("478.4625")  # type: ignore[arg-type]
    assert values["合计"] == Decimal("1052.1625")


def _values(screen: Explanation) -> dict[str, Decimal]:
    return {step.name: step.value for step in screen.steps if isinstance(step.value, Decimal)}


def _of(values: dict[str, Decimal], *gases: str) -> list[Decimal]:
    return [value for name, value in values.items() if name.endswith(gases)]


def test_methane_is_in_the_sum_where_the_basis_counts_it_and_beside_it_elsewhere(golden: Golden) -> None:
    counted = _values(golden.explain(f"inventory@market_residual/2022-12/{B}"))
    beside = _values(golden.explain(f"inventory/2022-12/{B}"))
    burnt = "燃料燃烧（固定源）"
    assert counted[f"{burnt} CH4"] == beside[f"{burnt} CH4（另列，不计入）"]

    assert counted["合计"] == sum(_of(counted, " CO2", " CH4", " N2O"))
    assert beside["合计"] == sum(_of(beside, " CO2"))
    none = [step.name for step in golden.explain(f"inventory@shanghai_ets/2022-12/{B}").steps]
    assert not any("CH4" in name for name in none)


@pytest.mark.parametrize(
    ("table", "column"),
    [("core.emission", "co2_t"), ("core.combustion_gas", "mass_t"), ("core.process_co2e", "co2e_t")],
)
def test_the_last_digit_of_any_part_is_told(altered: Alter, table: str, column: str) -> None:
    ask = altered(f"update {table} set {column} = {column} + 0.000000000001 where {column} is not null")
    screens = [ask("inventory/2022-12"), ask("inventory/2023-01")]
    assert not all(screen.agrees for screen in screens)

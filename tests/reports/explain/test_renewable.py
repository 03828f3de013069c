"""可再生能源利用率: both sides from lines, papers and the printed rule; what is left out is named; one digit off is told."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.reports import Explanation
from tests.reports.explain.conftest import E, G, Golden, rewritten

Alter = Callable[[str], Callable[[str], Explanation]]
FIGURE = f"renewable_rate/2022-12/{E}"


def test_every_rate_of_the_ledger_is_recomputed_to_the_last_digit(golden: Golden) -> None:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        sql = "select strftime(month, '%Y-%m') as month, factory_id from core.renewable_rate order by all"
        rates = list(ledger.rows(sql).iter_rows())
    assert len(rates) > 8
    for month, factory in rates:
        screen = golden.explain(f"renewable_rate/{month}/{factory}")
        assert screen.agrees, (month, factory, screen.verdict())
        assert screen.compared >= 10


def test_certificates_count_what_lacks_a_paper_does_not_and_own_power_is_in_both_sides(
    golden: Golden,
) -> None:
    screen = golden.explain(FIGURE)
    values = {step.name: step.value for step in screen.steps}
    # 30 MWh by certificate and 25 MWh of one's own, at 0.1229 tce/MWh; the direct line has no settlement.
    assert values["计入的绿电"] == Decimal(55)
    assert values["不计入的绿电"] == Decimal(10)
    assert values["分子"] == Decimal("6.7595")
    # 150 MWh and 100 GJ bought, 25 MWh of one's own: 18.435 + 3.412 + 3.0725.
    assert values["分母"] == Decimal("24.9195")
    assert screen.value.startswith("27.13%")
    papers = next(section for section in screen.sections if section.title.startswith("绿电"))
    assert {(row[0], row[4]) for row in papers.rows} == {
        ("certificate", "在外购电量之内"),
        ("direct_line", "凭证不全"),
        ("self_generated", "自发自用，另加入分母"),
    }
    assert any(source.place.startswith("emission_factors/renewable_rules.csv:") for source in screen.sources)
    assert {line.filename for line in screen.lines} == {"99-细项.csv", "99-绿证.csv"}


LAST_DIGIT = "0.000000000001"
PLANTED = [
    (f"update core.renewable_rate set renewable_tce = renewable_tce + {LAST_DIGIT}", "core.renewable_rate.renewable_tce"),
    (f"update core.renewable_rate set energy_tce = energy_tce + {LAST_DIGIT}", "core.renewable_rate.energy_tce"),
    ("update mart.renewable_rate set uncounted_mwh = uncounted_mwh + 0.000001", "mart.renewable_rate.uncounted_mwh"),
    ("update mart.renewable_rate set uses_without_tce = 1", "mart.renewable_rate.uses_without_tce"),
    ("update core.green_credit set is_credited = not is_credited where scheme = 'renewable_rate'", "core.green_credit.is_credited"),
    ("update core.green_credit set factor_id = 'x' where scheme = 'renewable_rate'", "core.green_credit.factor_id"),
    (f"update core.energy_use set coal_tce = coal_tce + {LAST_DIGIT}", "core.energy_use.coal_tce"),
    (f"update ref.standard_coal set coefficient_tce = coefficient_tce + {LAST_DIGIT} where basis = 'calorific'", "ref.standard_coal.coefficient_tce"),
    ("update raw.green_power_line set quantity_text = '9' where kind = 'self_generated'", "core.green_credit.quantity_mwh"),
    ("update raw.green_power_line set certificate_ids = null", "core.green_credit.is_credited"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "place"), PLANTED)
def test_an_altered_digit_is_told(golden: Golden, altered: Alter, statement: str, place: str) -> None:
    assert golden.explain(FIGURE).agrees
    screen = altered(statement)(FIGURE)
    places = {step.place for step in screen.steps if not step.agrees}
    assert not screen.agrees and place in places, screen.verdict()


def test_raw_material_is_in_neither_side_and_its_standard_coal_is_compared(
    golden: Golden, altered: Alter
) -> None:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        row = ledger.one(
            "select strftime(month, '%Y-%m'), factory_id from core.energy_use where feedstock_tce is not null order by all limit 1"
        )
    figure = f"renewable_rate/{row[0]}/{row[1]}"
    assert any(section.title.startswith("分子、分母都不含") for section in golden.explain(figure).sections)
    screen = altered(f"update core.energy_use set feedstock_tce = feedstock_tce + {LAST_DIGIT}")(figure)
    assert screen.first_difference is not None
    assert screen.first_difference.place == "core.energy_use.feedstock_tce"


def test_a_printed_rule_that_no_longer_counts_a_kind_is_told(golden: Golden, tmp_path: Path) -> None:
    name, old = "emission_factors/renewable_rules.csv", "self_generated,true,none"
    with rewritten(golden, tmp_path, name, old, "self_generated,false,none") as published:
        screen = golden.ask(FIGURE, published)
    assert not screen.agrees


def test_a_factory_without_energy_or_green_power_is_told(golden: Golden) -> None:
    with pytest.raises(NotFound, match="没有准入的能源或绿电"):
        golden.explain(f"renewable_rate/2022-11/{G}")

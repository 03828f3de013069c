"""排名: places of a year from the months of their factories, who belonged where read from the register."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.reports import Explanation
from pipelines.reports.explain import ranking
from tests.reports.explain.conftest import Golden

Alter = Callable[[str], Callable[[str], Explanation]]


def _places(golden: Golden) -> list[tuple[str, int, str]]:
    with Ledger.open(golden.home.ledger, read_only=True) as ledger:
        return list(ledger.rows("select dimension, year, key from mart.ranking order by all").iter_rows())


def test_every_row_of_the_mart_is_recomputed(golden: Golden) -> None:
    dimensions = sorted({(year, dimension) for dimension, year, _ in _places(golden)})
    assert len(dimensions) >= 4
    for year, dimension in dimensions:
        screen = golden.explain(f"ranking/{year}/{dimension}")
        assert screen.agrees, (year, dimension, screen.verdict())
        keys = [key for named, when, key in _places(golden) if (named, when) == (dimension, year)]
        told = {step.name.rsplit(" ", 1)[0] for step in screen.steps if step.name.endswith("名次")}
        assert told == set(keys)


def test_one_place_names_its_factories_and_adds_them_up(golden: Golden) -> None:
    dimension, year, key = _places(golden)[0]
    screen = golden.explain(f"ranking/{year}/{dimension}/{key}")
    assert screen.agrees, screen.verdict()
    rows = next(section for section in screen.sections if section.title.startswith("企业")).rows
    known = [Decimal(row[3].replace(",", "")) for row in rows if row[3] != "—"]
    values = {step.name: step.value for step in screen.steps}
    assert sum(known) == values[f"{key} 排放"]
    assert values[f"{key} 企业"] == len(rows)
    assert screen.lines


def test_the_unknown_come_last(golden: Golden, altered: Alter) -> None:
    # Every use of the first cluster loses its factor: what is not known is not the largest, and not zero.
    first = golden.explain("ranking/2022/cluster").sections[0].rows[0][1]
    ask = altered(
        "update core.emission set factor_id = null, factor_t = null, co2_t = null where factory_id in (select factory_id "
        "from mart.factory_month where cluster in (select key from mart.ranking where dimension = 'cluster' "
        "and year = 2022 and rank_by_co2 = 1))"
    )
    rows = ask("ranking/2022/cluster").sections[0].rows
    assert len(rows) > 1
    assert rows[-1][1:3] == (first, "—")


PLANTED = [
    ("update raw.register_line set town = '示例他镇'", "2022/town", "mart.ranking.factories"),
    ("update raw.register_line set industry_code = '3612'", "2022/industry", "mart.ranking.factories"),
    ("update core.emission set co2_t = co2_t + 0.000000000001", "2022/town", "core.emission.co2_t"),
    ("update core.energy_use set coal_tce = coal_tce + 0.000000000001", "2022/town", "core.energy_use.coal_tce"),
    ("update raw.output_line set output_value_cny_text = '1'", "2023/town", "mart.ranking.output_value_cny"),
    ("update mart.ranking set rank_by_co2 = 3 - rank_by_co2 where rank_by_co2 < 3", "2022/town", "mart.ranking.rank_by_co2"),
    ("delete from mart.ranking where rank_by_co2 = 1", "2022/cluster", "mart.ranking.co2_t"),
    ("update mart.ranking set key = '示例空镇' where rank_by_co2 = 1", "2022/town", "mart.ranking.key"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "asked", "place"), PLANTED)
def test_an_altered_row_is_told(altered: Alter, statement: str, asked: str, place: str) -> None:
    screen = altered(statement)(f"ranking/{asked}")
    assert place in {step.place for step in screen.steps if not step.agrees}


def test_very_many_lines_are_added_from_what_is_stored_and_the_screen_says_so(
    golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = golden.explain("ranking/2022/town")
    monkeypatch.setattr(ranking, "MOST_LINES_AT_ONCE", 1)
    screen = golden.explain("ranking/2022/town")
    assert screen.agrees, screen.verdict()
    assert screen.value == whole.value
    assert any("未独立复算" in note for note in screen.notes)
    assert "不逐一复算" in screen.scope


def test_words_that_name_nothing_are_told(golden: Golden) -> None:
    for figure, told in (
        ("ranking/2022/street", "应为 town 街镇"),
        ("ranking/1999/town", "台账没有 1999 年"),
        ("ranking/2022/town/nowhere", "没有街镇 “nowhere”"),
    ):
        with pytest.raises(NotFound, match=told):
            golden.explain(figure)

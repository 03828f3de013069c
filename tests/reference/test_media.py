"""耗能工质: the edition in force speaks, an older one stands in where the newer row is only recalled, and says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import BrokenReference
from pipelines.intake.contracts import load_contracts
from pipelines.reference import load
from tests.reference.folder import TODAY, copy, known, rewrite, spoil

IN_2020, IN_2022 = date(2020, 6, 1), date(2022, 6, 1)


def coefficient(medium: str, day: date, folder: Path | None = None) -> dict[str, object]:
    reference = load(folder, TODAY) if folder else known()
    (row,) = [
        row
        for row in reference.tables["ref.medium_coal"].to_dicts()
        if row["medium"] == medium and row["valid_from"] <= day < row["valid_to"]
    ]
    return row


def test_water_takes_the_figure_of_the_edition_in_force_and_tells_of_the_other() -> None:
    before, after = coefficient("fresh_water", IN_2020), coefficient("fresh_water", IN_2022)

    assert (before["coefficient_tce"], after["coefficient_tce"]) == (
        Decimal("0.0000857"),
        Decimal("0.0002571"),
    )
    assert not before["is_provisional"]
    assert not after["is_provisional"]
    assert "0.0857" in str(after["note"])
    assert "0.2571" in str(before["note"])


def test_where_the_new_row_is_only_recalled_the_old_edition_stands_in_and_says_so() -> None:
    air = coefficient("compressed_air", IN_2022)

    assert air["factor_id"] == "sc.compressed_air.2008"
    assert air["is_provisional"]
    assert "暂用 2008 版" in str(air["note"])


def test_a_confirmed_row_of_the_new_edition_takes_over(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    spoil(folder, "standard_coal", "sc.compressed_air.2020", "confidence", "single")
    air = coefficient("compressed_air", IN_2022, folder)

    assert air["factor_id"] == "sc.compressed_air.2020"
    assert not air["is_provisional"]


def test_the_choice_of_edition_is_data(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    rewrite(
        folder, "media_editions", lambda rows: [row for row in rows if row["edition"] != "GB/T 2589-2020"]
    )

    assert coefficient("fresh_water", IN_2022, folder)["coefficient_tce"] == Decimal("0.0000857")


def test_every_medium_a_factory_may_name_has_units_and_a_coefficient() -> None:
    named = set(load_contracts()["media"].column("medium").choices)
    tables = known().tables

    assert named == set(tables["ref.working_medium"]["medium"].to_list())
    assert named == set(tables["ref.medium_conversion"]["medium"].to_list())
    assert named == {medium for medium in named if coefficient(medium, IN_2022)}


@pytest.mark.parametrize(
    ("file", "row_id", "column", "value", "told"),
    [
        ("working_media", "oxygen", "allowed_units", "Nm3;t", "t 不能"),
        ("working_media", "oxygen", "subject", "phlogiston", "已登记的 subject"),
        ("working_media", "oxygen", "subject", "diesel", "能源品种"),
        ("standard_coal", "sc.oxygen.2008", "unit", "kgce/t", "同量纲"),
        ("media_editions", "GB/T 2589-2020", "edition", "GB/T 2589-2035", "中的版次"),
    ],
)
def test_media_that_do_not_hold_together_stop_loading(
    tmp_path: Path, file: str, row_id: str, column: str, value: str, told: str
) -> None:
    folder = copy(tmp_path)
    spoil(folder, file, row_id, column, value)

    with pytest.raises(BrokenReference) as refused:
        load(folder, TODAY)

    assert told in refused.value.zh

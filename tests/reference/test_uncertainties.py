"""Half-widths and tiers: what is recalled is unknown, and no way of choosing a factor is without a tier."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import BrokenReference
from pipelines.reference import load
from tests.reference.folder import TODAY, copy, known, lines, rewrite, spoil


def tiers(folder: Path | None = None) -> dict[tuple[str, str, str, bool], dict[str, object]]:
    reference = load(folder, TODAY) if folder else known()
    rows = reference.tables["ref.quality_tier"].to_dicts()
    return {(row["side"], row["kind"], row["tier"], row["is_provisional"]): row for row in rows}


def test_a_tier_has_its_half_width_and_the_exact_square_of_it() -> None:
    row = tiers()["factor", "electricity", "province", False]

    assert row["half_width"] == Decimal("0.15")
    assert row["half_width_squared"] == Decimal("0.0225")
    assert row["uncertainty_id"] == "unc.grid_ef.subnational"


def test_a_provisional_factor_is_a_tier_lower_than_the_same_factor_in_its_year() -> None:
    found = tiers()
    for side, kind, tier, is_provisional in found:
        if is_provisional:
            later, exact = found[side, kind, tier, True], found[side, kind, tier, False]
            assert later["quality_tier"] > exact["quality_tier"]  # type: ignore[operator]
            assert later["half_width"] >= exact["half_width"]  # type: ignore[operator]


def test_wider_geography_is_never_a_better_tier() -> None:
    order = ["measured", "contract", "city", "province", "grid_region", "national", "international"]
    found = tiers()
    for kind in ("electricity", "heat", "fuel"):
        ranks = [
            found["factor", kind, level, False]["quality_tier"]
            for level in order
            if ("factor", kind, level, False) in found
        ]
        assert ranks == sorted(ranks)  # type: ignore[type-var]


def test_recalled_half_widths_enter_no_official_run_and_leave_their_tier_unknown(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    spoil(folder, "uncertainty", "unc.ef.co2", "confidence", "recalled")
    official = load(folder, TODAY).tables

    recalled = {line["subject"] for line in lines("uncertainty") if line["confidence"] == "recalled"}
    assert recalled
    assert not recalled & set(official["ref.uncertainty"]["subject"].to_list())
    assert tiers(folder)["factor", "fuel", "national", False]["half_width"] is None


def test_a_level_that_factors_are_chosen_from_without_a_tier_stops_loading(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    rewrite(
        folder,
        "quality_tiers",
        lambda rows: [row for row in rows if row["tier_id"] != "factor.electricity.province.provisional"],
    )

    with pytest.raises(
        BrokenReference, match=r"purchased_resolution\.csv 第.*quality_tiers\.csv 中 electricity"
    ):
        load(folder, TODAY)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("side", "both", "activity、factor、process 或 burning"),
        ("subject", "grid_ef.street", "已登记"),
        ("quality_tier", "6", "1（最好）"),
        ("quality_tier", "good", "十进制数"),
        ("is_provisional", "maybe", "true、false"),
    ],
)
def test_a_tier_that_says_nothing_stops_loading(tmp_path: Path, column: str, value: str, told: str) -> None:
    folder = copy(tmp_path)
    line = spoil(folder, "quality_tiers", "activity.any.stated", column, value)

    with pytest.raises(BrokenReference) as refused:
        load(folder, TODAY)

    assert f"quality_tiers.csv 第{line}行" in refused.value.zh
    assert told in refused.value.zh


def test_every_activity_and_gas_of_burning_has_a_tier_and_no_half_width_is_made_up() -> None:
    """Electronics and waste water: no source gives a half-width, so the tier is known and the width is not."""
    found = tiers()
    for row in known().tables["ref.process_factor"].to_dicts():
        if row["level"] is not None:
            assert ("process", row["activity_code"], row["level"], False) in found
    for row in known().tables["ref.combustion_gas"].to_dicts():
        if row["level"] is not None:
            assert ("burning", row["gas"], row["level"], False) in found
    assert found["process", "electronics.semiconductor", "international", False]["half_width"] is None
    assert found["process", "refrigerant.leak", "measured", False]["half_width"] == Decimal("0.1")


@pytest.mark.parametrize(
    ("tier_id", "told"),
    [
        (
            "process.refrigerant.leak.measured",
            r"activity_routes\.csv 第.*quality_tiers\.csv 中 refrigerant\.leak",
        ),
        ("burning.n2o.international", r"combustion_gases\.csv 第.*quality_tiers\.csv 中 N2O"),
    ],
)
def test_a_process_or_gas_without_a_tier_stops_loading(tmp_path: Path, tier_id: str, told: str) -> None:
    folder = copy(tmp_path)
    rewrite(folder, "quality_tiers", lambda rows: [row for row in rows if row["tier_id"] != tier_id])

    with pytest.raises(BrokenReference, match=told):
        load(folder, TODAY)


def test_a_level_is_a_fallback_only_where_the_written_order_has_a_narrower_one() -> None:
    orders = {
        (row["purpose"], row["energy_code"], row["level"]): row["is_fallback"]
        for row in known().tables["ref.factor_order"].to_dicts()
    }
    assert not orders["location_provincial", "33", "province"]
    assert (
        orders["location_provincial", "33", "grid_region"] and orders["location_provincial", "33", "national"]
    )
    assert not orders["location_national", "33", "national"]
    assert not orders["location_provincial", "32", "national"]


def test_a_set_pinned_before_processes_had_tiers_still_loads(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    rewrite(
        folder, "quality_tiers", lambda rows: [row for row in rows if row["side"] in ("activity", "factor")]
    )

    assert {side for side, *_ in tiers(folder)} == {"activity", "factor"}

"""Which row wins: by purpose, activity date and knowledge date; what is unknown stays unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines import paths
from pipelines.periods import Month, months_between
from pipelines.reference import load
from pipelines.reference.choices import Chooser
from pipelines.reference.datafiles import Complaints
from pipelines.reference.physics import read
from tests.reference.folder import TODAY, copy, factor, factor_t, known, lines, rewrite, row_of

PURPOSES = [
    "shanghai_ets",
    "national_ets",
    "location_provincial",
    "location_regional",
    "location_national",
    "market_residual",
    "national_standard",
]


@pytest.mark.parametrize(
    ("purpose", "values"),
    [
        ("shanghai_ets", ["0.42", "0.42", "0.42"]),
        ("national_ets", ["0.5810", "0.5703", "0.5703"]),
        ("location_provincial", ["0.5834", "0.5849", "0.5737"]),
        ("location_regional", ["0.5992", "0.5617", "0.5500"]),
        ("location_national", [None, "0.5366", "0.5306"]),
        ("market_residual", [None, "0.5856", "0.6096"]),
        ("national_standard", [None, "0.5366", "0.5306"]),
    ],
)
def test_electricity_2021_to_2023(purpose: str, values: list[str | None]) -> None:
    found = [factor(purpose, "33", date(year, 7, 1)) for year in (2021, 2022, 2023)]

    assert [row and Decimal(row["factor_t"]) for row in found] == [
        None if value is None else Decimal(value) for value in values
    ]
    assert not any(row["is_provisional"] for row in found if row)


def test_the_factor_changes_at_new_year_and_not_a_day_before() -> None:
    assert factor_t("location_provincial", "33", date(2022, 12, 31)) == Decimal("0.5849")
    assert factor_t("location_provincial", "33", date(2023, 1, 1)) == Decimal("0.5737")


def test_a_national_average_known_only_from_memory_is_unknown_and_no_other_basis_takes_its_place() -> None:
    assert row_of("purchased_factors", "elec.average.cn.2021")["confidence"] == "recalled"
    assert factor("location_national", "33", date(2021, 7, 1)) is None
    assert factor("market_residual", "33", date(2021, 7, 1)) is None


@pytest.mark.parametrize("purpose", ["location_provincial", "location_regional", "market_residual"])
def test_before_the_first_published_year_there_is_no_factor_rather_than_a_wrong_one(purpose: str) -> None:
    assert factor(purpose, "33", date(2020, 12, 1)) is None


@pytest.mark.parametrize(
    ("as_of", "day", "value", "provisional"),
    [
        (date(2022, 6, 30), date(2021, 7, 1), None, False),
        (date(2024, 4, 11), date(2021, 7, 1), None, False),
        (date(2024, 4, 12), date(2021, 7, 1), "0.5834", False),
        (date(2024, 4, 12), date(2022, 7, 1), "0.5834", True),
        (date(2024, 12, 20), date(2022, 7, 1), "0.5849", False),
        (date(2024, 12, 20), date(2023, 7, 1), "0.5849", True),
        (date(2025, 12, 31), date(2023, 7, 1), "0.5737", False),
        (date(2025, 12, 31), date(2024, 7, 1), "0.5737", True),
    ],
)
def test_a_run_knows_only_what_was_published_by_its_day(
    as_of: date, day: date, value: str | None, provisional: bool
) -> None:
    row = factor("location_provincial", "33", day, known(as_of))

    assert (row and Decimal(row["factor_t"])) == (None if value is None else Decimal(value))
    assert row is None or row["is_provisional"] == provisional


def test_a_provisional_factor_says_which_year_stands_in() -> None:
    row = factor("location_provincial", "33", date(2024, 7, 1))

    assert row is not None
    assert row["note"] == "当期因子尚未公布，暂用 2023 年数据"


YEARS = [date(year, 7, 1) for year in range(2013, 2027)]


def test_before_the_shanghai_notice_the_old_figures_held_for_the_whole_series() -> None:
    """沪环气〔2022〕34号 was published on 2022-02-11; a run of the year before knows 7.88 and 0.11 alone."""
    for as_of in (date(2021, 12, 31), date(2022, 2, 10)):
        rows = [factor("shanghai_ets", "33", day, known(as_of)) for day in YEARS]
        heat = {factor_t("shanghai_ets", "32", day, known(as_of)) for day in YEARS}

        assert {row and (row["factor_t"], row["series"], row["note"]) for row in rows} == {
            (Decimal("0.788"), "shanghai_2012", "")
        }
        assert heat == {Decimal("0.11")}


def test_from_the_day_of_the_notice_the_new_figures_hold_for_all_years_and_earlier_ones_say_so() -> None:
    for as_of in (date(2022, 2, 11), date(2022, 3, 1), TODAY):
        rows = [factor("shanghai_ets", "33", day, known(as_of)) for day in YEARS]
        heat = {factor_t("shanghai_ets", "32", day, known(as_of)) for day in YEARS}

        assert {row and (row["factor_t"], row["series"]) for row in rows} == {
            (Decimal("0.42"), "shanghai_2022")
        }
        assert heat == {Decimal("0.06")}
        for day, row in zip(YEARS, rows, strict=True):
            assert row is not None
            assert row["is_rebased"] == (day.year < 2021)
            assert ("原值（电力 7.88 tCO2/万kWh、热力 0.11 tCO2/GJ）不再使用" in row["note"]) == (
                day.year < 2021
            )


def test_no_knowledge_date_gives_a_series_that_changes_its_basis_unsaid() -> None:
    """Whatever is known on whatever day: a new basis inside a curve is one that series_changes.csv names."""
    declared = {
        (line["from_series"], line["to_series"], line["changed_on"]) for line in lines("series_changes")
    }
    days = sorted({line["published_on"] for line in lines("sources") if line["published_on"]})
    physics = read(paths.EMISSION_FACTORS, Complaints())
    for day in map(date.fromisoformat, days):
        rows = Chooser(physics, day, official=True, complaints=Complaints()).emission_factors()
        last: dict[tuple[str, str, str], dict[str, Any]] = {}
        for row in sorted(rows, key=lambda row: row["valid_from"]):
            before = last.get((row["purpose"], row["energy_code"], row["sector"]))
            if before is not None and before["series"] != row["series"]:
                change = (before["series"], row["series"], row["valid_from"].isoformat())
                assert change in declared, (day, row)
            last[row["purpose"], row["energy_code"], row["sector"]] = row


@pytest.mark.parametrize(
    ("day", "general", "ministry"),
    [
        (date(2020, 6, 1), "fuel.lng.b", "fuel.lng.b"),
        (date(2022, 6, 1), "fuel.lng.b", "fuel.lng.c"),
        (date(2025, 2, 1), "fuel.lng.b", "fuel.lng.c"),
        (date(2025, 3, 1), "fuel.lng.a", "fuel.lng.c"),
    ],
)
def test_an_enterprise_takes_the_edition_of_its_own_sector_and_year(
    day: date, general: str, ministry: str
) -> None:
    for sector, factor_id in (("general", general), ("ministry", ministry)):
        row = factor("location_provincial", "16", day, sector=sector)
        assert row is not None
        assert row["factor_id"] == factor_id


def test_a_fuel_the_sectors_own_guide_does_not_state_falls_back_and_says_so() -> None:
    row = factor("location_provincial", "04", date(2022, 6, 1), sector="ministry")

    assert row is not None
    assert row["factor_id"] == "fuel.bituminous.b"
    assert "部委行业指南未列该燃料的成套参数" in str(row["note"])


def test_a_ministry_guide_not_yet_published_is_not_used_for_the_year_it_governs() -> None:
    row = factor("location_provincial", "16", date(2021, 6, 1), known(date(2022, 6, 30)), sector="ministry")

    assert row is not None
    assert row["factor_id"] == "fuel.lng.b"


def test_ipcc_answers_only_before_any_edition_of_ours_was_known() -> None:
    row = factor("location_provincial", "21", date(2010, 6, 1), known(date(2010, 12, 31)))

    assert row is not None
    assert (row["factor_id"], row["level"]) == ("fuel.diesel.ipcc", "international")
    assert Decimal(row["factor_t"]) == Decimal("43.0") * Decimal("74100") / 1_000_000
    assert "退用 IPCC 2006 缺省值" in str(row["note"])
    assert not [
        row for row in known().tables["ref.emission_factor"].to_dicts() if row["series"] == "edition_ipcc"
    ]


def test_the_year_before_a_notice_stands_in_until_the_notice_is_out() -> None:
    row = factor("national_ets", "33", date(2022, 6, 1), known(date(2022, 12, 31)))

    assert row is not None
    assert (Decimal(row["factor_t"]), row["is_provisional"]) == (Decimal("0.5810"), True)
    assert row["note"] == "当期因子尚未公布，暂用 2021 年数据"


def test_the_next_wider_level_answers_when_the_province_has_no_figure_and_says_so(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    rewrite(
        folder,
        "purchased_factors",
        lambda old: [row for row in old if not row["factor_id"].startswith("elec.provincial.cn-sh")],
    )
    row = factor("location_provincial", "33", date(2022, 6, 1), load(folder, TODAY))

    assert row is not None
    assert (row["factor_id"], row["level"]) == ("elec.regional.cn-grid-east.2022", "grid_region")
    assert row["series"] == "mee_nbs_regional"
    assert row["note"] == "没有上海省级因子，退用华东区域因子，须复核"


def test_values_that_circulate_but_were_never_in_force_are_kept_and_never_chosen() -> None:
    traps = [line for line in lines("purchased_factors") if line["purpose"] == "do_not_use"]
    for official in (True, False):
        chosen = {
            row["factor_id"] for row in known(official=official).tables["ref.emission_factor"].to_dicts()
        }
        assert chosen.isdisjoint(line["factor_id"] for line in traps)
    assert {"0.5839", "0.785", "0.823774"} <= {line["value"] for line in traps}


def test_life_cycle_footprint_factors_are_not_accounting_factors() -> None:
    chosen = {row["factor_id"] for row in known().tables["ref.emission_factor"].to_dicts()}
    footprints = {
        line["factor_id"] for line in lines("purchased_factors") if line["purpose"] == "product_footprint"
    }

    assert footprints
    assert chosen.isdisjoint(footprints)


@pytest.mark.parametrize("as_of", [date(2022, 6, 30), date(2024, 4, 12), TODAY])
def test_nothing_known_from_memory_or_marked_do_not_use_enters_an_official_run(as_of: date) -> None:
    """Every ref.* table that names factor rows, whichever they are; the list of sources itself names all."""
    tables = known(as_of).tables
    sources = {row["factor_id"]: row for row in tables["ref.factor_source"].to_dicts()}
    looked_at = []
    for name, table in tables.items():
        if name == "ref.factor_source" or "factor_id" not in table.columns:
            continue
        looked_at.append(name)
        for factor_id in table["factor_id"].drop_nulls().unique():
            assert sources[factor_id]["confidence"] != "recalled", (name, factor_id)
            assert sources[factor_id]["purpose"] != "do_not_use", (name, factor_id)
    assert set(looked_at) >= {
        "ref.emission_factor",
        "ref.green_power_rule",
        "ref.gwp",
        "ref.heat_value",
        "ref.standard_coal",
        "ref.unit_conversion",
    }


def test_rows_of_every_file_known_from_memory_are_kept_out_even_where_nothing_else_answers() -> None:
    """The files hold them, with their confidence, until somebody has seen the originals."""
    recalled = {
        line["factor_id"]
        for file in ("purchased_factors", "standard_coal", "gwp", "fuel_factors", "process_factors")
        for line in lines(file)
        if line["confidence"] == "recalled"
    }
    used = {
        factor_id
        for name, table in known().tables.items()
        if name != "ref.factor_source" and "factor_id" in table.columns
        for factor_id in table["factor_id"].drop_nulls().unique()
    }

    assert len(recalled) > 60
    assert recalled.isdisjoint(used)


def test_an_unofficial_run_may_look_at_what_is_only_remembered() -> None:
    row = factor("location_national", "33", date(2021, 7, 1), known(official=False))

    assert row is not None
    assert row["factor_id"] == "elec.average.cn.2021"


def test_every_chosen_row_can_be_walked_back_to_a_document() -> None:
    sources = {row["factor_id"]: row for row in known().tables["ref.factor_source"].to_dicts()}
    for table in (
        "ref.emission_factor",
        "ref.heat_value",
        "ref.standard_coal",
        "ref.green_power_rule",
        "ref.gwp",
    ):
        for row in known().tables[table].to_dicts():
            assert sources[row["factor_id"]]["title"], row
    diesel = sources["fuel.diesel.b"]
    assert diesel["document_number"] == "发改办气候〔2015〕1722号"
    assert diesel["value_text"].startswith("43.33 GJ/t × 20.2 t C/TJ × 0.98")
    assert all(
        part in diesel["note"] for part in ("fuel.diesel.ncv.b", "carbon_content.b", "oxidation_fraction.b")
    )


def test_there_is_one_answer_at_most_for_every_purpose_kind_and_month() -> None:
    table = known().tables["ref.emission_factor"]
    months = pl.DataFrame(
        {"month": [month.first for month in months_between(Month(2010, 1), Month(2030, 12))]}
    )
    answers = table.join_where(
        months, pl.col("month") >= pl.col("valid_from"), pl.col("month") < pl.col("valid_to")
    )

    assert answers.height > 0
    assert not answers.select("purpose", "energy_code", "sector", "gas", "month").is_duplicated().any()


def test_energy_kinds_without_any_usable_factor_stay_without() -> None:
    kinds = known().tables["ref.energy_kind"].to_dicts()
    with_factor = {
        row["energy_code"]
        for row in known().tables["ref.emission_factor"].to_dicts()
        if row["purpose"] == "location_provincial"
    }

    assert [row["energy_code"] for row in kinds if row["energy_code"] not in with_factor] == [
        "17", "26", "27", "28", "30", "34", "35", "36", "37", "38", "39", "40",
    ]  # fmt: skip


def test_kinds_without_a_standard_coal_coefficient_stay_without() -> None:
    kinds = known().tables["ref.energy_kind"].to_dicts()
    for day in (date(2020, 6, 1), date(2022, 6, 1)):
        covered = {
            row["energy_code"]
            for row in known().tables["ref.standard_coal"].to_dicts()
            if row["valid_from"] <= day < row["valid_to"]
        }
        assert [row["energy_code"] for row in kinds if row["energy_code"] not in covered] == [
            "02", "03", "04", "05", "07", "17", "35", "36", "38", "40",
        ]  # fmt: skip


def test_recovered_heat_has_no_factor_because_its_fuel_was_counted_where_it_burnt() -> None:
    assert {factor(purpose, "37", date(2022, 6, 1)) and purpose for purpose in PURPOSES} == {None}


def test_natural_gas_lies_where_physics_puts_it() -> None:
    """An app that counts all methane as leaked shows 7.966 kg per cubic metre; burning gives about 2.16."""
    for purpose in PURPOSES:
        for sector in ("general", "ministry"):
            row = factor(purpose, "15", date(2022, 6, 1), sector=sector)
            assert row is not None
            assert Decimal("0.0019") < Decimal(row["factor_t"]) < Decimal("0.0023")


def test_every_purpose_says_how_it_treats_every_kind_of_green_power() -> None:
    rules = {
        (rule["purpose"], rule["kind"]): rule["treatment"]
        for rule in known().tables["ref.green_power_rule"].to_dicts()
        if rule["valid_from"] <= date(2025, 6, 1) < rule["valid_to"]
    }
    zero = {pair for pair, treatment in rules.items() if treatment == "zero"}

    assert len(rules) == len(PURPOSES) * 4
    assert zero == {
        ("shanghai_ets", "inter_provincial"),
        ("market_residual", "inter_provincial"),
        ("market_residual", "certificate"),
        ("market_residual", "direct_line"),
        ("national_standard", "inter_provincial"),
        ("national_standard", "certificate"),
        ("national_standard", "direct_line"),
    }

"""emission_factors/ and schemas/: worked values, traps, and mistakes planted one by one."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines import paths, reference
from pipelines.errors import BrokenReference

AS_OF = date(2026, 6, 30)
YEAR_2022 = date(2022, 6, 1)


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return reference.load(paths.EMISSION_FACTORS, as_of=AS_OF).tables


def factor(
    tables: dict[str, pl.DataFrame], purpose: str, code: str, day: date = YEAR_2022
) -> tuple[Decimal, str, bool]:
    frame = tables["ref.emission_factor"].filter(
        (pl.col("purpose") == purpose)
        & (pl.col("energy_code") == code)
        & (pl.col("valid_from") <= day)
        & (pl.col("valid_to") > day)
    )
    assert len(frame) == 1
    row = frame.to_dicts()[0]
    return row["factor_t"], row["factor_id"], row["is_provisional"]


@pytest.mark.parametrize(
    ("purpose", "year", "tonnes"),
    [
        ("shanghai_ets", 2022, "4200"),
        ("location_provincial", 2021, "5834"),
        ("location_provincial", 2022, "5849"),
        ("location_provincial", 2023, "5737"),
        ("location_regional", 2022, "5617"),
        ("location_national", 2022, "5366"),
        ("location_national", 2023, "5306"),
        ("national_ets", 2021, "5810"),
        ("national_ets", 2022, "5703"),
        ("market_residual", 2022, "5856"),
        ("market_residual", 2023, "6096"),
    ],
)
def test_ten_thousand_megawatt_hours_are_as_many_tonnes_as_the_purpose_says(
    tables: dict[str, pl.DataFrame], purpose: str, year: int, tonnes: str
) -> None:
    assert factor(tables, purpose, "33", date(year, 6, 1))[0] * 10_000 == Decimal(tonnes)


@pytest.mark.parametrize(
    ("code", "day", "amount", "tonnes"),
    [
        ("15", YEAR_2022, 1_200_000, "2594.63"),
        ("21", YEAR_2022, 100, "314.51"),
        ("21", date(2025, 6, 1), 100, "309.59"),
        ("04", YEAR_2022, 1_000, "2071.51"),
        ("04", date(2025, 6, 1), 1_000, "1741.75"),
    ],
)
def test_fuels_burn_to_the_worked_values_of_their_edition(
    tables: dict[str, pl.DataFrame], code: str, day: date, amount: int, tonnes: str
) -> None:
    value = factor(tables, "shanghai_ets", code, day)[0] * amount
    assert value.quantize(Decimal("0.01")) == Decimal(tonnes)


def test_heat_is_half_as_heavy_under_the_shanghai_rule(tables: dict[str, pl.DataFrame]) -> None:
    assert factor(tables, "shanghai_ets", "32")[0] * 50_000 == 3_000
    assert factor(tables, "national_ets", "32")[0] * 50_000 == 5_500


@pytest.mark.parametrize(
    ("code", "amount", "tce"), [("33", 10_000, "1229"), ("32", 50_000, "1706"), ("21", 1, "1.4571")]
)
def test_standard_coal_takes_the_statutory_coefficients(
    tables: dict[str, pl.DataFrame], code: str, amount: int, tce: str
) -> None:
    frame = tables["ref.standard_coal"].filter(
        (pl.col("energy_code") == code)
        & (pl.col("basis") == "calorific")
        & (pl.col("valid_from") <= YEAR_2022)
        & (pl.col("valid_to") > YEAR_2022)
    )
    assert frame["coefficient_tce"][0] * amount == Decimal(tce)


def test_the_generation_equivalent_is_marked_as_standing_in(tables: dict[str, pl.DataFrame]) -> None:
    row = (
        tables["ref.standard_coal"]
        .filter(
            (pl.col("energy_code") == "33")
            & (pl.col("basis") == "generation")
            & (pl.col("valid_from") <= YEAR_2022)
            & (pl.col("valid_to") > YEAR_2022)
        )
        .to_dicts()[0]
    )
    assert row["coefficient_tce"] == Decimal("0.3055") and row["is_provisional"]


@pytest.mark.parametrize(
    ("gas", "edition", "tonnes"),
    [("R410A", "AR4", "73.06"), ("R410A", "AR5", "67.32"), ("R410A", "AR6", "78.94")],
)
def test_thirty_five_kilograms_of_refrigerant_weigh_as_their_edition_says(
    tables: dict[str, pl.DataFrame], gas: str, edition: str, tonnes: str
) -> None:
    row = tables["ref.gwp"].filter((pl.col("gas") == gas) & (pl.col("edition") == edition))
    assert (row["gwp"][0] * 35 / 1000).quantize(Decimal("0.01")) == Decimal(tonnes)


def test_the_edition_of_a_fuel_can_be_traced_to_its_three_inputs(tables: dict[str, pl.DataFrame]) -> None:
    row = tables["ref.factor_source"].filter(pl.col("factor_id") == "fuel.natural_gas.b").to_dicts()[0]
    assert row["document_number"] == "发改办气候〔2015〕1722号"
    assert row["value_text"] == "38.931 MJ/Nm3 × 15.3 t C/TJ × 0.99 × 44/12"


def test_recalled_and_do_not_use_rows_are_never_chosen(tables: dict[str, pl.DataFrame]) -> None:
    chosen = set(tables["ref.emission_factor"]["factor_id"]) | set(tables["ref.standard_coal"]["factor_id"])
    for name in ("purchased_factors", "standard_coal"):
        with (paths.EMISSION_FACTORS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["confidence"] == "recalled" or row.get("purpose") == "do_not_use":
                    assert row["factor_id"] not in chosen


def test_an_unpublished_year_is_stood_in_for_and_says_so() -> None:
    early = reference.load(paths.EMISSION_FACTORS, as_of=date(2024, 6, 1)).tables
    value, factor_id, provisional = factor(early, "location_provincial", "33", date(2023, 6, 1))
    assert (value, provisional) == (Decimal("0.5834"), True)
    assert factor_id == "elec.provincial.cn-sh.2021"
    note = early["ref.emission_factor"].filter((pl.col("factor_id") == factor_id) & pl.col("is_provisional"))[
        "note"
    ][0]
    assert "2021" in note


def test_before_its_publication_a_factor_cannot_be_known() -> None:
    early = reference.load(paths.EMISSION_FACTORS, as_of=date(2022, 3, 1)).tables["ref.emission_factor"]
    assert early.filter(
        (pl.col("purpose") == "location_provincial") & (pl.col("energy_code") == "33")
    ).is_empty()


def test_one_factor_an_interval_everywhere(tables: dict[str, pl.DataFrame]) -> None:
    frame = tables["ref.emission_factor"].sort("purpose", "energy_code", "gas", "valid_from")
    for _, group in frame.group_by(["purpose", "energy_code", "gas"], maintain_order=True):
        starts, ends = group["valid_from"].to_list(), group["valid_to"].to_list()
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


def test_every_energy_kind_converts_from_every_unit_it_may_be_stated_in(
    tables: dict[str, pl.DataFrame],
) -> None:
    assert tables["ref.unit_conversion"]["multiplier"].null_count() == 0
    assert (tables["ref.unit_conversion"]["multiplier"] > 0).all()


@pytest.mark.parametrize("name", sorted(path.name for path in paths.EMISSION_FACTORS.glob("*.csv")))
def test_data_files_are_tidy(name: str) -> None:
    data = (paths.EMISSION_FACTORS / name).read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf") and b"\r" not in data and data.endswith(b"\n")
    data.decode("utf-8")


def test_every_data_file_is_described() -> None:
    text = (paths.EMISSION_FACTORS / "README.md").read_text(encoding="utf-8")
    for path in paths.EMISSION_FACTORS.iterdir():
        assert path.name == "README.md" or path.name in text, path.name


Mutation = Callable[[str], str]


def replaced(pattern: str, text: str) -> Mutation:
    return lambda old: re.sub(pattern, text, old, count=1, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "mutate", "told"),
    [
        ("purchased_factors.csv", replaced(r",mee-2024-33\.01,", ",nobody.01,"), "source_id"),
        (
            "purchased_factors.csv",
            replaced(r"^(elec\.provincial\.cn-sh\.2022,.*?),0\.5849,t/MWh", r"\1,5.849,t/MWh"),
            "bands.csv",
        ),
        (
            "purchased_factors.csv",
            replaced(r"^(elec\.provincial\.cn-sh\.2022,.*?),0\.5849,t/MWh", r"\1,0.5849,t/GJ"),
            "t/MWh",
        ),
        ("purchased_factors.csv", replaced(r"^(heat\.national\.cn,)heat", r"\1electricity"), "t/MWh"),
        (
            "purchased_factors.csv",
            replaced(r"^elec\.provincial\.cn-sh\.2022,", "elec.provincial.cn-sh.2023,"),
            "不重复",
        ),
        (
            "calorific_values.csv",
            replaced(r"^(fuel\.diesel\.ncv\.b,.*?),43\.33,GJ/t", r"\1,433.3,GJ/t"),
            "bands.csv",
        ),
        (
            "calorific_values.csv",
            replaced(r"^(fuel\.diesel\.ncv\.b,.*?),43\.33,GJ/t", r"\1,43.33,GJ/ton"),
            "units.txt",
        ),
        (
            "calorific_values.csv",
            replaced(r"^(fuel\.diesel\.ncv\.b,.*?),43\.33,GJ/t", r"\1,4E3x,GJ/t"),
            "十进制数",
        ),
        (
            "calorific_values.csv",
            replaced(r"^(fuel\.diesel\.ncv\.b,.*?),43\.33,GJ/t", r"\1,43.33,MJ/Nm3"),
            "量纲",
        ),
        (
            "fuel_factors.csv",
            replaced(r"^(fuel\.diesel\.oxidation_fraction\.b,.*?),0\.98,1,", r"\1,98,1,"),
            "bands.csv",
        ),
        ("sources.csv", replaced(r"^(sh-2022-34\.01,.*),2022-02-11,", r"\1,2022-2-31,"), "日期"),
        ("green_power_rules.csv", replaced(r"2022-01-01,,elec", "2022-01-01,2021-01-01,elec"), "晚于"),
        ("energy_kinds.csv", replaced(r"wan_kWh", "wan_KWH"), "wan_KWH"),
        ("purposes.csv", replaced(r",true,", ",false,"), "is_headline"),
    ],
)
def test_a_planted_mistake_is_told_with_file_and_line(
    tmp_path: Path, name: str, mutate: Mutation, told: str
) -> None:
    folder = tmp_path / "emission_factors"
    shutil.copytree(paths.EMISSION_FACTORS, folder)
    path = folder / name
    before = path.read_text(encoding="utf-8")
    after = mutate(before)
    assert after != before
    path.write_text(after, encoding="utf-8")
    with pytest.raises(BrokenReference, match=re.escape(told)) as caught:
        reference.load(folder, as_of=AS_OF)
    assert "第" in str(caught.value) or name in str(caught.value)


def test_a_tie_between_two_rows_stops_loading(tmp_path: Path) -> None:
    folder = tmp_path / "emission_factors"
    shutil.copytree(paths.EMISSION_FACTORS, folder)
    path = folder / "purchased_factors.csv"
    text = path.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("elec.provincial.cn-sh.2022,"))
    path.write_text(text + row.replace(".2022,", ".2022b,", 1) + "\n", encoding="utf-8")
    with pytest.raises(BrokenReference, match="并列"):
        reference.load(folder, as_of=AS_OF)


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

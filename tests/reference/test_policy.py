"""schemas/ as tables: figures carried whole, and every mistake in the data told with its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import yaml

from pipelines import paths, reference
from pipelines.errors import BrokenReference

# The numbers of 沪松府〔2022〕11号, written out again by hand.
PLAN = {
    "SJ2021-01": ("rd_intensity_region_pct", ">=", "4.8", "%", 25),
    "SJ2021-02": ("sei_output_share_pct", ">=", "65", "%", 25),
    "SJ2021-03": ("hte_new_per_year", "~=", "250", "家/年", 25),
    "SJ2021-04": ("brand_demo_enterprises", ">=", "20", "家", 42),
    "SJ2021-05": ("shanghai_brand_certs", ">=", "6", "件", 42),
    "SJ2021-06": ("headquarters_recognised", "~=", "70", "家", 51),
    "SJ2021-07": ("hte_new_per_year", "~=", "250", "家/年", 52),
    "SJ2021-08": ("hte_total", "~=", "2600", "家", 52),
    "SJ2021-09": ("srdi_smes", ">=", "800", "家", 53),
    "SJ2021-10": ("little_giants", ">=", "60", "家", 53),
    "SJ2021-11": ("single_champions", ">=", "4", "家", 53),
    "SJ2021-12": ("star_parks", "range", "30", "个", 73),
    "SJ2021-13": ("iiot_benchmark_platforms", ">=", "6", "个", 80),
    "SJ2021-14": ("smes_on_platforms", ">=", "8000", "家", 80),
    "SJ2021-15": ("smart_factories_municipal", ">=", "10", "个", 81),
    "SJ2021-16": ("sector_databases", ">=", "1", "个", 84),
    "SJ2021-17": ("national_standards", ">=", "150", "个", 90),
    "SJ2021-18": ("sector_standards", ">=", "35", "个", 90),
    "SJ2021-19": ("enterprise_tech_centres_new", ">=", "100", "家", 94),
    "SJ2021-20": ("standardisation_sites_new", ">=", "30", "家", 105),
    "SJ2021-21": ("clusters_100bn", ">=", "4", "个", 113),
    "SJ2021-23": ("national_green_factories", ">=", "8", "家", 135),
    "SJ2021-24": ("green_share_6x_pct", ">=", "30", "%", 135),
}
TARGETS = "targets/songjiang_2021_2023.yml"
OLD, NEW = "criteria/gbt36132_2018.yml", "criteria/gbt36132_2025.yml"


@pytest.fixture(scope="module")
def policy() -> dict[str, pl.DataFrame]:
    return reference.load_policy(paths.SCHEMAS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of schemas/ to make mistakes in."""
    copy = tmp_path / "schemas"
    shutil.copytree(paths.SCHEMAS, copy)
    return copy


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), encoding="utf-8")


def rows_of(frame: pl.DataFrame, **wanted: str) -> pl.DataFrame:
    return frame.filter([pl.col(name) == value for name, value in wanted.items()])


def test_every_number_of_the_plan_is_carried(policy: dict[str, pl.DataFrame]) -> None:
    quantified = rows_of(policy["ref.plan_target"], kind="quantified")
    found = {
        row["target_id"]: (row["metric_key"], row["comparator"], row["value"], row["unit"], row["plan_line"])
        for row in quantified.to_dicts()
    }
    assert found == {
        key: (metric, comparator, Decimal(value), unit, line)
        for key, (metric, comparator, value, unit, line) in PLAN.items()
    }
    assert rows_of(quantified, target_id="SJ2021-12")["value_max"].to_list() == [Decimal(40)]
    assert set(quantified["due_year"]) == {2023}


def test_directional_targets_are_listed_and_the_repeated_one_says_so(policy: dict[str, pl.DataFrame]) -> None:
    targets = policy["ref.plan_target"]
    assert len(targets) == 33
    assert len(rows_of(targets, kind="directional")) == 10
    repeats = targets.filter(pl.col("repeats_target_id").is_not_null())
    assert repeats.select("target_id", "repeats_target_id").rows() == [("SJ2021-07", "SJ2021-03")]


def test_the_ledger_computes_two_targets_and_the_commission_reports_the_rest(
    policy: dict[str, pl.DataFrame],
) -> None:
    computed = policy["ref.plan_target"].filter(pl.col("computed_by") != "indicator")
    goals = dict(computed.select("computed_by", "value").iter_rows())
    assert goals == {"green_share": Decimal(30), "national_green_factories": Decimal(8)}


def test_the_indicators_contract_knows_every_metric_it_may_report(policy: dict[str, pl.DataFrame]) -> None:
    contract = yaml.safe_load((paths.SCHEMAS / "contracts" / "indicators.yml").read_text(encoding="utf-8"))
    names = next(column["names"] for column in contract["columns"] if column["name"] == "target_metric")
    assert set(rows_of(policy["ref.plan_target"], kind="quantified")["metric_key"]) <= set(names)


def test_nine_clusters_are_mapped_and_six_of_them_were_named_in_2024(policy: dict[str, pl.DataFrame]) -> None:
    industries = policy["ref.industry_6x"]
    clusters = dict(industries.select("cluster", "cluster_zh").unique().iter_rows())
    named = set(industries.filter("is_named_2024")["cluster_zh"])
    assert len(clusters) == 9
    assert named == {"集成电路", "生物医药", "人工智能", "新材料", "新能源", "智慧安防"}
    register = yaml.safe_load((paths.SCHEMAS / "contracts" / "register.yml").read_text(encoding="utf-8"))
    tags = next(column["choices"] for column in register["columns"] if column["name"] == "tag_6x")
    assert set(tags) == set(clusters)


def test_all_divisions_of_the_2017_standard_have_a_name(policy: dict[str, pl.DataFrame]) -> None:
    divisions = policy["ref.industry_division"]
    assert divisions["division"].to_list() == [f"{number:02}" for number in range(1, 98)]
    names = dict(divisions.select("division", "name_zh").iter_rows())
    assert (names["13"], names["39"], names["44"]) == (
        "农副食品加工业",
        "计算机、通信和其他电子设备制造业",
        "电力、热力生产和供应业",
    )
    manufacturing = rows_of(divisions, section_zh="制造业")["division"]
    assert (manufacturing[0], manufacturing[-1], len(manufacturing)) == ("13", "43", 31)


def test_classes_that_need_a_tag_inside_a_full_group_have_rows_of_their_own(
    policy: dict[str, pl.DataFrame],
) -> None:
    industries = policy["ref.industry_6x"]
    for group, exception in (("349", "3499"), ("358", "3587")):
        assert rows_of(industries, prefix=group)["coverage"].to_list() == ["full"]
        assert rows_of(industries, prefix=exception)["coverage"].to_list() == ["partial_needs_tag"]


def test_the_2018_standard_has_six_first_and_twenty_five_second_level_indicators() -> None:
    rules = yaml.safe_load((paths.SCHEMAS / OLD).read_text(encoding="utf-8"))
    assert [level["weight_percent"] for level in rules["first_level"]] == [20, 15, 15, 10, 10, 30]
    assert [len(level["second_level"]) for level in rules["first_level"]] == [3, 4, 3, 5, 5, 5]


def test_the_numbers_the_2018_standard_prints_are_thresholds(policy: dict[str, pl.DataFrame]) -> None:
    printed = rows_of(policy["ref.criterion"], rule_set="gbt36132-2018").filter(
        pl.col("threshold").is_not_null()
    )
    found = {row["criterion"]: (row["comparator"], row["threshold"]) for row in printed.to_dicts()}
    assert found == {
        "building_density": (">=", Decimal(30)),
        "green_material_rate": (">=", Decimal(30)),
        "solid_waste_utilisation_rate": (">", Decimal(65)),
    }


def test_the_2025_example_adds_up_to_a_hundred_and_energy_with_resources_to_sixty(
    policy: dict[str, pl.DataFrame],
) -> None:
    indicators = rows_of(policy["ref.criterion"], rule_set="gbt36132-2025", kind="indicator")
    points = dict(indicators.group_by("first_level").agg(pl.col("points").sum()).iter_rows())
    assert len(indicators) == 14
    assert points == {
        "能源低碳化": 30,
        "资源高效化": 30,
        "生产洁净化": 16,
        "产品绿色化": 16,
        "用地集约化": 8,
    }
    rules = yaml.safe_load((paths.SCHEMAS / NEW).read_text(encoding="utf-8"))
    assert [formula["id"] for formula in rules["formulas"]] == [f"B.{number}" for number in range(1, 29)]


def test_the_application_form_is_kept_apart_and_adds_up(policy: dict[str, pl.DataFrame]) -> None:
    form = rows_of(policy["ref.criterion"], rule_set="form-2025-cycle")
    points = form.group_by("first_level", maintain_order=True).agg(pl.col("points").sum())
    assert points["points"].to_list() == [34, 22, 22, 14, 8]
    assert form["lead"].null_count() == form["base"].null_count() == len(form) == 20
    assert rows_of(policy["ref.rule_set"], rule_set="form-2025-cycle")["kind"].to_list() == ["form"]


@pytest.mark.parametrize(
    ("day", "chosen"),
    [
        (date(2023, 12, 31), {"gbt36132-2018", "veto-2018-2023"}),
        (date(2024, 1, 18), {"gbt36132-2018", "veto-2018-2023"}),
        (date(2024, 1, 19), {"gbt36132-2018", "veto-2024"}),
        (date(2025, 12, 30), {"gbt36132-2018", "veto-2024"}),
        (date(2025, 12, 31), {"gbt36132-2025", "veto-2024"}),
    ],
)
def test_one_standard_and_one_set_of_vetoes_are_in_force_on_a_day(
    policy: dict[str, pl.DataFrame], day: date, chosen: set[str]
) -> None:
    in_force = policy["ref.rule_set"].filter(
        (pl.col("valid_from") <= day) & (pl.col("valid_to") > day) & (pl.col("kind") != "form")
    )
    assert set(in_force["rule_set"]) == chosen


def test_no_standard_has_a_pass_mark_until_an_authority_sets_one(
    policy: dict[str, pl.DataFrame], folder: Path
) -> None:
    assert policy["ref.pass_mark"].is_empty()
    mark = '- {value: "75", valid_from: 2024-01-01, authority: 示例主管部门, document: 示例〔2024〕2号}'
    edit(folder, OLD, "pass_marks: []", f"pass_marks:\n{mark}")
    assert reference.load_policy(folder)["ref.pass_mark"].to_dicts() == [
        {
            "rule_set": "gbt36132-2018",
            "pass_mark": Decimal(75),
            "authority": "示例主管部门",
            "document": "示例〔2024〕2号",
            "valid_from": date(2024, 1, 1),
            "valid_to": date(9999, 12, 31),
        }
    ]


def test_a_reading_is_changed_by_ending_one_row_and_adding_another(folder: Path) -> None:
    old = "{key: cluster_variant, value: a9, valid_from: 2021-01-01,"
    new = "{key: cluster_variant, value: b6, valid_from: 2024-01-01, certainty: proposal, source: 示例}"
    edit(folder, TARGETS, old, f"{new}\n- {old} valid_to: 2024-01-01,")
    settings = rows_of(reference.load_policy(folder)["ref.policy_setting"], setting="cluster_variant")
    assert settings.sort("valid_from")["value"].to_list() == ["a9", "b6"]


def test_the_filing_day_of_the_past_is_remembered(folder: Path) -> None:
    old = "{day: 10, valid_from: 2021-01-01,"
    new = "{day: 8, valid_from: 2024-07-01, certainty: proposal, source: 示例}"
    edit(folder, "calendar.yml", old, f"{new}\n- {old} valid_to: 2024-07-01,")
    assert reference.filing_calendar(folder).day == 8
    assert reference.filing_calendar(folder, on=date(2024, 6, 30)).day == 10
    assert str(reference.first_month(folder)) == "2021-01"


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (TARGETS, "comparator:", "comparitor:", r"第\d+行「targets\.0\.target\.comparitor」.*拼写"),
        (TARGETS, 'comparator: "~="', 'comparator: "~"', r"第\d+行「targets\.2\.target\.comparator」.*之一"),
        (TARGETS, 'value: "4.8"', "value: 4.8", r"「targets\.0\.target\.value」.*加引号"),
        (TARGETS, 'value: "4.8"', 'value: "4,8"', r"「targets\.0\.target\.value」.*十进制数"),
        (TARGETS, 'value: "4.8", ', "", r"SJ2021-01：定量目标应有 value"),
        (TARGETS, 'value_max: "40"', 'value_max: "20"', r"SJ2021-12：value_max（20）应大于"),
        (TARGETS, "id: SJ2021-05", "id: SJ2021-04", "“SJ2021-04”重复"),
        (TARGETS, "repeats: SJ2021-03", "repeats: SJ2021-04", "repeats: SJ2021-04"),
        (
            TARGETS,
            "computed_by: green_share",
            "computed_by: indicator",
            "computed_by: green_share 应恰有一项",
        ),
        (TARGETS, "key: cluster_variant", "key: cluster_varient", "cluster_varient.*之一"),
        (TARGETS, "value: a9", "value: a8", "读到 “a8”，应为a9、b6 之一"),
        (TARGETS, "value: municipal", "value: provincial", "provincial.*title_levels"),
        (TARGETS, 'value: "2021-01-01"', 'value: "2021"', "读到 “2021”，应为日期"),
        (TARGETS, 'value: "0.05"', 'value: "5"', "读到 “5”，应为0 至 1"),
        (TARGETS, "a9, valid_from: 2021-01-01", "a9, valid_from: 2021-01-15", "月初"),
        (TARGETS, "a9, valid_from: 2021-01-01", "a9, valid_from: 2021-13-01", "valid_from」.*2021-13-01"),
        (
            TARGETS,
            "a9, valid_from: 2021-01-01",
            "a9, valid_from: 2021-01-01, valid_to: 2023-01-01",
            "至今有效",
        ),
        (TARGETS, "key: approximate_tolerance", "key: plan_end", "settings plan_end：.*同时有效"),
        (TARGETS, 'metric_key: "*"', "metric_key: hte_totals", "hte_totals.*metric_key"),
        (TARGETS, '"0.90"', '"1.90"', "不大于 1"),
        (OLD, "weight_percent: 20", "weight_percent: 21", "合计 101，应为 100"),
        (OLD, "valid_to: 2025-12-31", "valid_to: 2025-12-01", "2025-12-01 至 2025-12-31 没有有效的一行"),
        (OLD, "valid_to: 2025-12-31", "valid_to: 2026-12-31", "同时有效"),
        (OLD, "second_level: 用地集约化", "second_level: 用地集约", "plot_ratio.*一、二级指标"),
        (OLD, '{comparator: ">="', '{comparator: "<="', "building_density.*相反"),
        (OLD, "key: training", "key: top_management", "“top_management”重复"),
        (NEW, 'points: "8"', 'points: "9"', "能源低碳化.*合计 31，应为权重 30"),
        (NEW, "[B.1, B.2]", "[B.1, B.29]", "公式 B.29"),
        (NEW, "kind: standard", "kind: standart", r"第3行「kind」.*之一"),
        ("industries_6x.csv", "partial_needs_tag", "partial", "第2行「coverage」"),
        ("industries_6x.csv", "\n265,", "\n2641,", "第3行「prefix」.*第2行"),
        ("industries_6x.csv", "生物医药,千亿级,true", "生物医药,百亿级,true", "「seed_tier」.*同一集群"),
        ("industries_6x.csv", "full,mat,yes", "full,mats,yes", "「secondary_cluster」"),
        (
            "industry_divisions.csv",
            "\n39,计算机",
            "\n93,计算机",
            "第94行：有效区间与 industry_divisions.csv 第40行 重叠",
        ),
        ("industry_divisions.csv", "\n39,计算机", "\n3９,计算机", "第40行「division」.*两位数字"),
        (
            "industry_divisions.csv",
            "\n39,计算机",
            "\n399,计算机",
            "industries_6x.csv 第.*行「prefix」.*有名称的大类",
        ),
        (
            "industry_divisions.csv",
            "13,农副食品加工业,C,制造业",
            "13,农副食品加工业,C,制造",
            "「section_zh」.*同一门类",
        ),
        (
            "industry_divisions.csv",
            "39,计算机、通信和其他电子设备制造业",
            "39,",
            "第40行「name_zh」.*不为空白",
        ),
        ("industry_divisions.csv", "secondary", "certain", "第2行「certainty」.*之一"),
        ("title_levels.csv", "district,区级,3", "district,区级,2", "第4行「rank」.*第3行"),
        (
            "criteria/references.csv",
            "plot_ratio,36,required",
            "plot_ratios,36,required",
            "第2行「criterion」",
        ),
        ("criteria/references.csv", "plot_ratio,36,required", "building_density,36,required", "不得另行取值"),
        ("criteria/references.csv", "required,0.8", "required,0·8", "第2行「value」.*十进制数"),
        ("ranges.csv", ",3000,12000,", ",12000,3000,", "「high」"),
        ("ranges.csv", ",CNY/MWh,", ",CNY/kWh,", "「unit」"),
        ("calendar.yml", "day: 10", "day: 31", r"第7行「filing\.0\.day」.*不大于 27"),
        ("calendar.yml", '"04-15"', '"02-30"', "month_day"),
    ],
)
def test_a_mistake_is_told_with_its_place(folder: Path, name: str, old: str, new: str, told: str) -> None:
    edit(folder, name, old, new)
    with pytest.raises(BrokenReference, match=told):
        reference.load_policy(folder)


def test_a_key_written_twice_is_told_with_both_lines(folder: Path) -> None:
    edit(folder, OLD, "number: GB/T 36132-2018", "number: GB/T 36132-2018\nnumber: GB/T 36132-2025")
    with pytest.raises(BrokenReference, match="第7行「number」：与第6行重复"):
        reference.load_policy(folder)


@pytest.mark.parametrize(
    ("name", "damage", "told"),
    [
        (TARGETS, lambda path: path.write_bytes("规划".encode("gb18030")), "不是 UTF-8"),
        (OLD, lambda path: path.write_text("gates: [", encoding="utf-8"), "不是有效的 YAML"),
        (OLD, lambda path: path.write_text("", encoding="utf-8"), "字段与值"),
        ("calendar.yml", lambda path: path.unlink(), "文件不存在"),
        ("title_levels.csv", lambda path: path.unlink(), "文件不存在"),
        ("targets", shutil.rmtree, "没有 .yml 文件"),
    ],
)
def test_a_damaged_or_missing_file_is_told(
    folder: Path, name: str, damage: Callable[[Path], object], told: str
) -> None:
    damage(folder / name)
    with pytest.raises(BrokenReference, match=told):
        reference.load_policy(folder)


def test_mistakes_of_several_files_are_told_at_once(folder: Path) -> None:
    edit(folder, TARGETS, "value: a9", "value: a8")
    edit(folder, OLD, "weight_percent: 20", "weight_percent: 21")
    edit(folder, "calendar.yml", "day: 10", "day: 31")
    edit(folder, "industries_6x.csv", "partial_needs_tag", "partial")
    with pytest.raises(BrokenReference) as caught:
        reference.load_policy(folder)
    for told in ("“a8”", "合计 101", "filing.0.day", "「coverage」"):
        assert told in caught.value.zh
    assert "4 problems" in caught.value.en


def test_a_mistake_in_the_calendar_stops_the_schedule_too(folder: Path) -> None:
    edit(
        folder,
        "calendar.yml",
        "{day: 10, valid_from: 2021-01-01,",
        "{day: 10, valid_from: 2021-01-01, valid_to: 2022-01-01,",
    )
    with pytest.raises(BrokenReference, match="至今有效"):
        reference.filing_calendar(folder)

"""What the commission sends: register, monthly output, titles, plan indicators; and how any file is delivered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

from tests.sample import files
from tests.sample.people import Factory, make_factories
from tests.sample.truth import Truth

YEARS = (2021, 2022, 2023)
SEASON = (108, 82, 100, 97, 98, 104, 112, 114, 103, 96, 99, 104)
# Month the national lists came out: cycle → day (facts of the calendar; the companies are invented).
PUBLISHED = {2020: "2020-10-10", 2021: "2022-01-15", 2022: "2023-03-24", 2023: "2024-01-05"}
NATIONAL = {2020: (9, 22), 2021: (4, 31, 52), 2022: (17, 40, 68), 2023: (27, 59, 73)}
REMOVED = 52
PLAN_VALUES = (
    ("sei_output_share_pct", "61.5", "%"),
    ("hte_total", "2510", "家"),
    ("srdi_smes", "812", "家"),
    ("little_giants", "47", "家"),
    ("single_champions", "3", "家"),
    ("smart_factories_municipal", "11", "个"),
    ("star_parks", "33", "个"),
    ("smes_on_platforms", "7350", "家"),
)
# Indicators for the worked rule set, for a few factories; values are invented.
PROFILE = (
    ("lawful_establishment", "1", "是/否"),
    ("no_major_incident_3y", "1", "是/否"),
    ("stakeholder_commitments", "1", "是/否"),
    ("top_management", "1", "是/否"),
    ("responsible_body", "1", "是/否"),
    ("plan_and_annual_targets", "1", "是/否"),
    ("training", "1", "是/否"),
    ("building_density", "36.5", "%"),
    ("green_material_rate", "31", "%"),
    ("solid_waste_utilisation_rate", "64.9", "%"),
)

UNTRAINED = 60
VETOES = (
    "veto_larger_safety_or_quality_accident",
    "veto_level_three_environment_event",
    "veto_inspection_problem",
    "veto_energy_supervision_open",
    "veto_dishonest_person",
)


class Office:
    """The deliveries of a district, and those of its commission."""

    def __init__(self, out: Path, factories: int, seed: int) -> None:
        self.out = out
        self.random = Random(seed)
        self.truth = Truth(factories=make_factories(self.random, factories))
        self.deliveries: list[tuple[str, str, str]] = []
        self.to_date: dict[tuple[str, int, str], Decimal] = defaultdict(Decimal)

    def deliver(
        self, name: str, data: bytes, sender: str, day: str, outcome: str = "accepted", why: str = ""
    ) -> None:
        """One file on one day; ten in the morning, Shanghai."""
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.deliveries.append((name, sender, f"{day}T10:00:00+08:00"))
        self.truth.outcomes[name] = outcome
        if why:
            self.truth.reasons[name] = why

    def _register(self) -> None:
        header = [
            "统一社会信用代码",
            "企业名称",
            "行业代码",
            "6+X标签",
            "街镇",
            "园区",
            "是否规上",
            "土地面积",
            "生效日期",
            "失效日期",
        ]
        rows = [
            [
                f.code,
                f.name,
                f.industry,
                f.tag,
                f.town,
                f.park,
                "是" if f.is_above_scale else "否",
                str(f.land_m2),
                "2021-01-01",
                "",
            ]
            for f in self.truth.factories
        ]
        self.deliver("commission/企业名录.xlsx", files.workbook([header, *rows]), "commission", "2021-01-04")

    def _output(self) -> None:
        """Monthly bulk files by the commission, in the unit of the month's clerk."""
        for place, (year, month) in enumerate(months()):
            unit, scale = (("千元", 1_000), ("万元", 10_000), ("元", 1))[place % 3]
            rows = []
            for factory in self.truth.factories:
                growth = Decimal(100 + place) / 100
                amount = Decimal(factory.output_wan) * growth * SEASON[month - 1] / 100
                amount *= Decimal(str(round(self.random.uniform(0.94, 1.06), 3)))
                yuan = int(amount * 10_000) // 1_000 * 1_000
                self.truth.output_cny[(factory.code, f"{year}-{month:02d}")] = Fraction(yuan)
                rows.append([factory.code, f"{year}-{month:02d}", format(Decimal(yuan) / scale, "f")])
            table = [["统一社会信用代码", "报告期", f"工业总产值（{unit}）"], *rows]
            data = (
                files.workbook(table)
                if place % 4 == 1
                else files.text_file(table, ("gb18030", "utf-8-sig")[place % 2])
            )
            suffix = "xlsx" if place % 4 == 1 else "csv"
            self.deliver(
                f"commission/产值-{year}-{month:02d}.{suffix}", data, "commission", next_month(year, month, 9)
            )

    def _titles(self) -> None:
        """National titles by cycle; municipal and district ones until the share passes the goal a little."""
        for cycle, numbers in NATIONAL.items():
            for number in numbers:
                self._award(self.truth.factories[number - 1], "国家级", cycle, PUBLISHED[cycle])
        for title in self.truth.factories[REMOVED - 1].titles:
            title["removed"] = "2023-03-24"
        self._award_until_goal()
        header = ["统一社会信用代码", "称号", "级别", "批次年度", "公布日期", "移出日期", "文号"]
        for day in ("2021-01-05", "2022-02-10", "2023-04-12", "2024-01-08"):
            rows = [
                [
                    f.code,
                    "绿色工厂",
                    str(t["level"]),
                    str(t["cycle"]),
                    str(t["published"]),
                    _known(str(t["removed"]), day),
                    str(t["document"]),
                ]
                for f in self.truth.factories
                for t in f.titles
                if str(t["published"]) <= day
            ]
            self.deliver(
                f"commission/绿色称号-{day}.csv",
                files.text_file([header, *rows], "gb18030"),
                "commission",
                day,
            )

    def _award(self, factory: Factory, level: str, cycle: int, day: str) -> None:
        number = len(factory.titles) + factory.number
        factory.titles.append(
            {
                "level": level,
                "cycle": cycle,
                "published": day,
                "removed": "",
                "document": f"示例公告〔{day[:4]}〕{number}号",
            }
        )

    def _award_until_goal(self) -> None:
        candidates = [f for f in self.truth.factories if f.counts and not f.titles]
        self.random.shuffle(candidates)
        for place, factory in enumerate(candidates):
            green, total = self.truth.green_share("2023-12")
            if green * 1000 >= total * 308:
                return
            if (green + self.truth.output_to_date(factory.code, "2023-12")) * 1000 > total * 324:
                continue
            year = (2021, 2022, 2023, 2023)[place % 4]
            self._award(factory, "市级" if place % 2 else "区级", year, f"{year}-{6 + place % 5:02d}-20")

    def _indicators(self) -> None:
        header = ["报告期", "指标", "值", "计量单位", "来源文件"]
        rows = [["2023-12", key, value, unit, "示例统计表"] for key, value, unit in PLAN_VALUES]
        self.deliver(
            "commission/规划指标-2023.csv",
            files.text_file([header, *rows], "utf-8-sig"),
            "commission",
            "2024-01-20",
        )
        header = ["统一社会信用代码", "年度", "指标代码", "值", "计量单位", "证明材料"]
        for number in (4, 17, 31, 45, 60):
            factory = self.truth.factories[number - 1]
            chosen = answers(number)
            rows = [[factory.code, "2023", key, value, unit, "示例材料"] for key, value, unit in chosen]
            data = files.text_file([header, *rows], "utf-8-sig")
            self.deliver(f"{factory.code}/绩效-2023.csv", data, factory.code, "2024-01-25")


def answers(number: int) -> list[tuple[str, str, str]]:
    """What a factory reports of its evaluation: some answer the vetoes, one has not met a gate and says so."""
    asked = [*PROFILE[: 7 + number % 4], *(((veto, "1", "是/否") for veto in VETOES) if number % 2 else ())]
    return [
        (key, "0" if (number, key) == (UNTRAINED, "training") else value, unit) for key, value, unit in asked
    ]


def months() -> Iterator[tuple[int, int]]:
    return ((year, month) for year in YEARS for month in range(1, 13))


def next_month(year: int, month: int, day: int) -> str:
    """A day of the month after."""
    return f"{year + month // 12}-{month % 12 + 1:02d}-{day:02d}"


def _known(removed: str, day: str) -> str:
    return removed if removed and removed <= day else ""

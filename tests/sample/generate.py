"""The sample district 示例区, invented from a seed: ``python -m tests.sample.generate OUT [--factories 120]``.

Writes the files factories and the commission would send in 36 months, ``deliveries.csv`` (path, sender, moment, in
order) and ``truth.json``. A known share of the files is flawed; :class:`~tests.sample.truth.Truth` knows which, and
what the ledger must say in the end. Standard library and xlsxwriter only: nothing of the product is used.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

from tests.sample import constants, files
from tests.sample.codes import credit_code
from tests.sample.people import Factory, make_factories
from tests.sample.truth import Truth

SEED = 2022
YEARS = (2021, 2022, 2023)
NAMES = {
    "33": "电力",
    "15": "天然气",
    "21": "柴油",
    "19": "汽油",
    "32": "热力",
    "01": "原煤",
    "04": "一般烟煤",
    "23": "液化石油气",
}
_SEASON = (108, 82, 100, 97, 98, 104, 112, 114, 103, 96, 99, 104)
# Month the national lists came out: cycle → day (facts of the calendar; the companies are invented).
PUBLISHED = {2020: "2020-10-10", 2021: "2022-01-15", 2022: "2023-03-24", 2023: "2024-01-05"}
NATIONAL = {2020: (9, 22), 2021: (4, 31, 52), 2022: (17, 40, 68), 2023: (27, 59, 73)}
REMOVED = 52
UNKNOWN_COMPANY = 9_999_999
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

Row = tuple[str, str, str, str, str, str, str, str]


class District:
    """The district while it is being written."""

    def __init__(self, out: Path, factories: int, seed: int) -> None:
        self.out = out
        self.random = Random(seed)
        self.truth = Truth(factories=make_factories(self.random, factories))
        self.deliveries: list[tuple[str, str, str]] = []

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

    def write(self) -> Truth:
        """Everything, and the list of deliveries in order of time."""
        self._register()
        self._output()
        self._titles()
        for factory in self.truth.factories:
            self._energy(factory)
            if factory.has_green_power:
                self._green_power(factory)
        self._flaws()
        self._indicators()
        order = sorted(range(len(self.deliveries)), key=lambda place: (self.deliveries[place][2], place))
        with (self.out / "deliveries.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("path", "sender", "received_at"))
            writer.writerows(self.deliveries[place] for place in order)
        self.truth.save(
            self.out / "truth.json", [f"{year}-{month:02d}" for year in YEARS for month in range(1, 13)]
        )
        return self.truth

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
        for place, (year, month) in enumerate(_months()):
            unit, scale = (("千元", 1_000), ("万元", 10_000), ("元", 1))[place % 3]
            rows = []
            for factory in self.truth.factories:
                growth = Decimal(100 + place) / 100
                amount = Decimal(factory.output_wan) * growth * _SEASON[month - 1] / 100
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
                f"commission/产值-{year}-{month:02d}.{suffix}", data, "commission", _next(year, month, 9)
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

    def _energy(self, factory: Factory) -> None:
        step = factory.habit.months_a_file
        months = list(_months())
        for start in range(0, len(months), step):
            chunk = months[start : start + step]
            rows = [row for year, month in chunk for row in self._month_rows(factory, year, month)]
            year, month = chunk[-1]
            name = f"{factory.code}/能源-{chunk[0][0]}-{chunk[0][1]:02d}-{step}.{factory.habit.form}"
            day = _next(year, month, 3 + factory.number % 7)
            self._maybe_flawed(factory, name, rows, day, start)
            self.deliver(name, files.energy_file(factory.habit, rows), factory.code, day)

    def _month_rows(self, factory: Factory, year: int, month: int) -> Iterator[Row]:
        """A month's rows, entered into the truth as they are written."""
        for code, base in factory.uses.items():
            if code == "01" and year > 2021:
                continue
            value = base * _SEASON[month - 1] // 100 * self.random.randrange(93, 108) // 100
            unit, stated = self._stated(factory, code, value)
            key = (factory.code, f"{year}-{month:02d}", code)
            self.truth.used[key] += Fraction(stated) * constants.UNITS[(code, unit)]
            feedstock = ""
            if code == "23" and month % 2:
                part = (stated / 4).quantize(Decimal("0.001"))
                feedstock = files.amount(factory.habit, part)
                self.truth.feedstock[key] += Fraction(part) * constants.UNITS[(code, unit)]
            yield self._row(factory, year, month, code, unit, stated, feedstock)
            if code == "01":
                # 其中项: part of raw coal, kept and never counted.
                yield self._row(factory, year, month, "04", "吨", stated, "")

    def _row(
        self, factory: Factory, year: int, month: int, code: str, unit: str, stated: Decimal, feedstock: str
    ) -> Row:
        habit = factory.habit
        when, amount = files.period(habit, year, month), files.amount(habit, stated)
        return (factory.code, when, code, NAMES[code], unit, amount, feedstock, "")

    def _stated(self, factory: Factory, code: str, value: int) -> tuple[str, Decimal]:
        """A base amount (kWh, m3, kg, GJ, t) in the unit of the factory's clerk."""
        habit, exact = factory.habit, Decimal(value)
        if code == "33":
            scale = {"万千瓦时": 10_000, "MWh": 1_000}.get(habit.electricity_unit, 1)
            return habit.electricity_unit, exact / scale
        if code == "15":
            return habit.gas_unit, exact / (10_000 if habit.gas_unit == "万立方米" else 1)
        if code == "21":
            return habit.diesel_unit, exact / 1000 if habit.diesel_unit == "吨" else exact
        if code == "19":
            return "吨", exact / 1000
        if code == "23":
            return "吨", exact / 1000
        return ("GJ" if factory.number % 2 else "百万千焦") if code == "32" else "吨", exact

    def _maybe_flawed(self, factory: Factory, name: str, rows: list[Row], day: str, start: int) -> None:
        """Now and then the clerk first sends something that must be refused or replaced; the good file follows."""
        kinds = ("unit", "text", "column", "future", "digit", "other", "correction", "twice")
        place = factory.number * 37 + start * 11
        if place % 13:
            return
        kind = kinds[place // 13 % len(kinds)]
        earlier = f"{factory.code}/先-{name.rsplit('/', 1)[1]}"
        if kind == "twice":
            data = files.energy_file(factory.habit, rows)
            self.deliver(earlier, data, factory.code, day, "accepted", "duplicate")
            return
        if kind == "correction":
            wrong = [
                (*row[:5], row[5][:-1] + ("5" if row[5][-1] != "5" else "6"), *row[6:])
                if row[2] == "33"
                else row
                for row in rows
            ]
            data = files.energy_file(factory.habit, wrong)
            self.deliver(earlier, data, factory.code, day, "accepted", "superseded")
            return
        self.deliver(earlier, self._broken(factory, kind, rows), factory.code, day, "refused", kind)

    def _broken(self, factory: Factory, kind: str, rows: list[Row]) -> bytes:
        first = rows[0]
        if kind == "column":
            return files.text_file([files.CHINESE[:5], *[row[:5] for row in rows]], "utf-8-sig")
        changed: dict[str, Row] = {
            "unit": (*first[:4], "吨", *first[5:]),
            "text": (*first[:5], "1,2O4", *first[6:]),
            "future": (*first[:1], "2099-01", *first[2:]),
            "digit": (first[0][:-1] + ("0" if first[0][-1] != "0" else "1"), *first[1:]),
            "other": (self.truth.factories[factory.number % len(self.truth.factories)].code, *first[1:]),
        }
        return files.text_file([files.CHINESE, changed[kind], *rows[1:]], "gb18030")

    def _green_power(self, factory: Factory) -> None:
        header = ["统一社会信用代码", "报告期", "类型", "电量", "计量单位", "合同号", "结算单号", "绿证编号"]
        for year in YEARS[1:]:
            rows = []
            for month in range(1, 13):
                key = (factory.code, f"{year}-{month:02d}")
                mwh = 5 + (factory.number * month) % 60
                self.truth.green_mwh[key] += mwh
                serial = f"示例结算{factory.number:03d}{year}{month:02d}"
                rows.append(
                    [
                        factory.code,
                        key[1],
                        "跨省绿电交易",
                        str(mwh),
                        "MWh",
                        f"示例合同{factory.number:03d}",
                        serial,
                        "",
                    ]
                )
            data = files.text_file([header, *rows], "utf-8-sig")
            self.deliver(f"{factory.code}/绿电-{year}.csv", data, factory.code, f"{year + 1}-01-12")

    def _flaws(self) -> None:
        """Files that are no tables, and rows that must wait."""
        first = self.truth.factories[0]
        self.deliver(
            f"{first.code}/照片.csv",
            b"\xff\xd8\xff\xe0" + bytes(2_000),
            first.code,
            "2021-06-01",
            "refused",
            "photo",
        )
        self.deliver(f"{first.code}/空.csv", b"", first.code, "2021-06-02", "refused", "empty")
        self.deliver(
            f"{first.code}/名单.csv", b"a,b\r\n1,2\r\n", first.code, "2021-06-03", "refused", "header"
        )
        stranger = credit_code(UNKNOWN_COMPANY)
        rows = [(stranger, "2022-05", "33", "电力", "万千瓦时", "12.5", "", "")]
        data = files.text_file([files.CHINESE, *rows], "utf-8")
        self.deliver(
            "commission/名录外企业.csv", data, "commission", "2022-06-08", "accepted", "unknown factory"
        )
        self.truth.held_rows += 1
        for number in (3, 14, 25):
            factory = self.truth.factories[number - 1]
            extra = f"{factory.code}/绿电-缺结算.csv"
            header = [
                "统一社会信用代码",
                "报告期",
                "类型",
                "电量",
                "计量单位",
                "合同号",
                "结算单号",
                "绿证编号",
            ]
            row = [factory.code, "2022-07", "跨省绿电交易", "30", "MWh", "示例合同", "", ""]
            self.deliver(
                extra,
                files.text_file([header, row], "gb18030"),
                factory.code,
                "2022-08-05",
                "accepted",
                "no settlement",
            )
            self.truth.held_rows += 1
        self._late_mistakes()

    def _late_mistakes(self) -> None:
        """A resend of one month in which one row must wait: the month keeps the others, and says so."""
        for number, kind in ((2, "negative"), (8, "feedstock"), (19, "repeated")):
            factory = self.truth.factories[number - 1]
            year, month = 2023, 4
            for key in [
                key for key in self.truth.used if key[0] == factory.code and key[1] == f"{year}-{month:02d}"
            ]:
                del self.truth.used[key]
                self.truth.feedstock.pop(key, None)
            rows = list(self._month_rows(factory, year, month))
            when = files.period(factory.habit, year, month)
            bad: dict[str, Row] = {
                "negative": (factory.code, when, "22", "燃料油", "吨", "-3.5", "", ""),
                "feedstock": (factory.code, when, "22", "燃料油", "吨", "2", "3", ""),
                "repeated": rows[0],
            }
            data = files.energy_file(factory.habit, [*rows, bad[kind]])
            suffix = factory.habit.form
            self.deliver(
                f"{factory.code}/更正-2023-04.{suffix}", data, factory.code, "2024-02-06", "accepted", kind
            )
            self.truth.held_rows += 1

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
            chosen = PROFILE[: 7 + number % 4]
            rows = [[factory.code, "2023", key, value, unit, "示例材料"] for key, value, unit in chosen]
            data = files.text_file([header, *rows], "utf-8-sig")
            self.deliver(f"{factory.code}/绩效-2023.csv", data, factory.code, "2024-01-25")


def generate(out: Path, factories: int = 120, seed: int = SEED) -> Truth:
    """Write the district into *out* and return what is true of it."""
    out.mkdir(parents=True, exist_ok=True)
    return District(out, factories, seed).write()


def _months() -> Iterator[tuple[int, int]]:
    return ((year, month) for year in YEARS for month in range(1, 13))


def _next(year: int, month: int, day: int) -> str:
    """A day of the month after."""
    return f"{year + month // 12}-{month % 12 + 1:02d}-{day:02d}"


def _known(removed: str, day: str) -> str:
    return removed if removed and removed <= day else ""


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="示例区数据生成（企业全部虚构）")
    parser.add_argument("out", type=Path)
    parser.add_argument("--factories", type=int, default=120)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args(arguments)
    generate(chosen.out, chosen.factories, chosen.seed)


if __name__ == "__main__":
    main()

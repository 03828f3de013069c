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

from tests.sample import constants, files, forms, media, process
from tests.sample.codes import credit_code
from tests.sample.commission import SEASON, YEARS, Office, months, next_month
from tests.sample.people import Factory
from tests.sample.truth import Truth

SEED = 2022
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
UNKNOWN_COMPANY = 9_999_999
Row = tuple[str, ...]


class District(Office):
    """The district while it is being written: what its factories send, with their mistakes."""

    def write(self) -> Truth:
        """Everything, and the list of deliveries in order of time."""
        self._register()
        self._output()
        self._titles()
        for factory in self.truth.factories:
            self._energy(factory)
            if factory.has_green_power:
                self._green_power(factory)
        process.send(self)
        media.send(self)
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

    def _energy(self, factory: Factory) -> None:
        step = factory.habit.months_a_file
        every = list(months())
        for start in range(0, len(every), step):
            chunk = every[start : start + step]
            rows = [row for year, month in chunk for row in self._month_rows(factory, year, month)]
            year, month = chunk[-1]
            name = f"{factory.code}/能源-{chunk[0][0]}-{chunk[0][1]:02d}-{step}.{factory.habit.form}"
            day = next_month(year, month, 3 + factory.number % 7)
            self._maybe_flawed(factory, name, rows, day, start)
            self.deliver(name, self._file(factory, rows), factory.code, day)

    def _file(self, factory: Factory, rows: Sequence[Row]) -> bytes:
        return files.energy_file(factory.habit, rows, forms.columns(factory))

    def _month_rows(self, factory: Factory, year: int, month: int) -> Iterator[Row]:
        """A month's rows, entered into the truth as they are written."""
        for code, base in factory.uses.items():
            if code == "01" and year > 2021:
                continue
            value = base * SEASON[month - 1] // 100 * self.random.randrange(93, 108) // 100
            unit, stated = self._stated(factory, code, value)
            key = (factory.code, f"{year}-{month:02d}", code)
            self._tell_truth(factory, month, key, unit, stated)
            feedstock = ""
            if code == "23" and month % 2:
                part = (stated / 4).quantize(Decimal("0.001"))
                feedstock = files.amount(factory.habit, part)
                self.truth.feedstock[key] += Fraction(part) * constants.UNITS[(code, unit)]
            yield self._row(factory, year, month, code, unit, stated, feedstock)
            if code == "01":
                # 其中项: part of raw coal, kept and never counted.
                yield self._row(factory, year, month, "04", "吨", stated, "")

    def _tell_truth(
        self, factory: Factory, month: int, key: tuple[str, str, str], unit: str, stated: Decimal
    ) -> None:
        code, step = key[2], constants.UNITS[(key[2], unit)]
        self.truth.used[key] += Fraction(stated) * step
        if passed_on := forms.resold(factory, code, stated):
            self.truth.resold_mwh[key[:2]] += Fraction(passed_on) * step
        heat = forms.measured_ncv(factory, month, code)
        if heat is not None:
            self.truth.measured_ncv[key] = Fraction(heat) / 1000

    def _row(
        self, factory: Factory, year: int, month: int, code: str, unit: str, stated: Decimal, feedstock: str
    ) -> Row:
        habit = factory.habit
        shown = stated
        if forms.is_cumulative(factory):
            self.to_date[factory.code, year, code] += stated
            shown = self.to_date[factory.code, year, code]
        when, amount = files.period(habit, year, month), files.amount(habit, shown)
        more = forms.cells(factory, year, month, code, stated)
        return (factory.code, when, code, NAMES[code], unit, amount, feedstock, "", *more)

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
        if code in ("19", "23"):
            return "吨", exact / 1000
        if code == "32" and not forms.states_steam(factory):
            return "GJ" if factory.number % 2 else "百万千焦", exact
        return "吨", exact

    def _maybe_flawed(self, factory: Factory, name: str, rows: list[Row], day: str, start: int) -> None:
        """Now and then the clerk first sends something that must be refused or replaced; the good file follows."""
        kinds = ("unit", "text", "column", "future", "digit", "other", "correction", "twice")
        place = factory.number * 37 + start * 11
        if place % 13:
            return
        kind = kinds[place // 13 % len(kinds)]
        earlier = f"{factory.code}/先-{name.rsplit('/', 1)[1]}"
        if kind == "twice":
            self.deliver(earlier, self._file(factory, rows), factory.code, day, "accepted", "duplicate")
            return
        if kind == "correction":
            wrong = [
                (*row[:5], row[5][:-1] + ("5" if row[5][-1] != "5" else "6"), *row[6:])
                if row[2] == "33"
                else row
                for row in rows
            ]
            self.deliver(earlier, self._file(factory, wrong), factory.code, day, "accepted", "superseded")
            return
        self.deliver(earlier, self._broken(factory, kind, rows), factory.code, day, "refused", kind)

    def _broken(self, factory: Factory, kind: str, rows: list[Row]) -> bytes:
        first = rows[0]
        if kind == "column":
            return files.text_file([files.CHINESE[:5], *[row[:5] for row in rows]], "utf-8-sig")
        header = [*files.CHINESE, *(forms.HEADERS[name] for name in forms.columns(factory))]
        changed: dict[str, Row] = {
            "unit": (*first[:4], "吨", *first[5:]),
            "text": (*first[:5], "1,2O4", *first[6:]),
            "future": (*first[:1], "2099-01", *first[2:]),
            "digit": (first[0][:-1] + ("0" if first[0][-1] != "0" else "1"), *first[1:]),
            "other": (self.truth.factories[factory.number % len(self.truth.factories)].code, *first[1:]),
        }
        return files.text_file([header, changed[kind], *rows[1:]], "gb18030")

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
            blank = [""] * len(forms.columns(factory))
            bad: dict[str, Row] = {
                "negative": (factory.code, when, "22", "燃料油", "吨", "-3.5", "", "", *blank),
                "feedstock": (factory.code, when, "22", "燃料油", "吨", "2", "3", "", *blank),
                "repeated": rows[0],
            }
            data = self._file(factory, [*rows, bad[kind]])
            suffix = factory.habit.form
            self.deliver(
                f"{factory.code}/更正-2023-04.{suffix}", data, factory.code, "2024-02-06", "accepted", kind
            )
            self.truth.held_rows += 1


def generate(out: Path, factories: int = 120, seed: int = SEED) -> Truth:
    """Write the district into *out* and return what is true of it."""
    out.mkdir(parents=True, exist_ok=True)
    return District(out, factories, seed).write()


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

"""Process and fugitive activities of the sample district: welding, refrigerants, chamber cleaning; yearly files.

The oracle's figures: 发改办气候〔2015〕1722号 (welding 1 t/t), 2006 IPCC Guidelines volume 3 chapter 6 (tier 2a), GWPs of
AR5 table 8.A.1 and of SAR. Amounts are invented and follow from the factory's number, so that nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tests.sample import files
from tests.sample.commission import YEARS, Office
from tests.sample.people import Factory

HEADER = ["统一社会信用代码", "报告期", "活动代码", "数量", "计量单位", "气体", "工艺类型", "是否末端处理"]
GWP = {
    "AR5": {"CO2": 1, "R410A": Fraction("1923.5"), "NF3": 16_100, "CF4": 6_630, "SF6": 23_500},
    "SAR": {"CO2": 1, "R410A": 1_725, "CF4": 6_500, "SF6": 23_900},
}
"""SAR did not assess NF3: by it the equivalent is unknown."""
_HEEL = Fraction(9, 10)
_IN_SITU, _BY_PRODUCT = Fraction(1, 5), Fraction(9, 100)
_PASSES_NF3, _PASSES_CF4 = 1 - Fraction("0.9") * Fraction("0.95"), 1 - Fraction("0.9") * Fraction("0.9")


def send(office: Office) -> None:
    """A file a year from every fifth factory, the truth entered; one row of all must wait."""
    for factory in office.truth.factories:
        if factory.number % 5 == 4:
            for year in YEARS:
                rows = [row for month in range(1, 13) for row in _month(office, factory, year, month)]
                data = files.text_file([HEADER, *rows], factory.habit.encoding)
                office.deliver(f"{factory.code}/过程-{year}.csv", data, factory.code, f"{year + 1}-01-14")
    late = next(factory for factory in office.truth.factories if factory.number % 5 == 3)
    row = [late.code, "2023-11", "半导体制造含氟气体使用", "12.5", "kg", "NF3", "", ""]
    name = f"{late.code}/过程-缺工艺.csv"
    data = files.text_file([HEADER, row], "gb18030")
    office.deliver(name, data, late.code, "2023-12-06", "accepted", "no process type")
    office.truth.held_rows += 1


def _month(office: Office, factory: Factory, year: int, month: int) -> Iterator[list[str]]:
    when, scale = f"{year}-{month:02d}", factory.number + month
    emitted = office.truth.emitted
    key = (factory.code, when)
    yield [factory.code, when, "二氧化碳保护焊", str(40 * scale), "公斤", "", "", ""]
    emitted[*key, "CO2"] += Fraction(40 * scale, 1000)
    if month % 3 == 0:
        yield [factory.code, when, "refrigerant.leak", f"{scale}.5", "千克", "R-410A", "", ""]
        emitted[*key, "R410A"] += Fraction(2 * scale + 1, 2000)
    if factory.number % 10 == 4:
        yield [factory.code, when, "sf6_equipment.top_up", f"0.{scale:04d}", "吨", "六氟化硫", "", ""]
        emitted[*key, "SF6"] += Fraction(scale, 10_000)
    else:
        is_abated = factory.number % 20 == 9
        yield [
            factory.code,
            when,
            "electronics.semiconductor",
            str(10 * scale),
            "kg",
            "三氟化氮",
            "原位清洗",
            "是" if is_abated else "否",
        ]
        used = Fraction(10 * scale, 1000) * _HEEL
        emitted[*key, "NF3"] += used * _IN_SITU * (_PASSES_NF3 if is_abated else 1)
        emitted[*key, "CF4"] += used * _BY_PRODUCT * (_PASSES_CF4 if is_abated else 1)

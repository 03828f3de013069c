"""耗能工质 of the sample district: fresh water and compressed air of two factories, a file a year.

The oracle's figures, kgce a unit: GB/T 2589-2008 annex B (fresh water 0.0857 a tonne, compressed air 0.0400 a cubic metre)
and, for months from April 2021, GB/T 2589-2020 (fresh water 0.2571). One factory buys its air, the other makes it: the
standard coal of that is known and counts nowhere. Amounts are invented and follow from the factory's number.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tests.sample import files
from tests.sample.commission import YEARS, Office
from tests.sample.people import Factory

HEADER = ["统一社会信用代码", "报告期", "耗能工质", "工质消费量", "计量单位", "工质来源", "凭证号"]
BUYS_AIR, MAKES_AIR = 7, 26
_WATER = {"2008": Fraction("0.0000857"), "2020": Fraction("0.0002571")}
_AIR = Fraction("0.00004")


def send(office: Office) -> None:
    """A file a year from each of the two, the truth entered."""
    for factory in office.truth.factories:
        if factory.number in (BUYS_AIR, MAKES_AIR):
            for year in YEARS:
                rows = [row for month in range(1, 13) for row in _month(office, factory, year, month)]
                data = files.text_file([HEADER, *rows], factory.habit.encoding)
                office.deliver(f"{factory.code}/工质-{year}.csv", data, factory.code, f"{year + 1}-01-16")


def _month(office: Office, factory: Factory, year: int, month: int) -> Iterator[list[str]]:
    when, scale, truth = f"{year}-{month:02d}", factory.number + month, office.truth
    key = (factory.code, when)
    per_tonne = _WATER["2008" if when < "2021-04" else "2020"]
    document = f"示例水费{factory.number:03d}{year}{month:02d}"
    if factory.number == BUYS_AIR:
        yield [factory.code, when, "新水", f"{103 * scale}.25", "吨", "外购", document]
        truth.media_tce[key] += (103 * scale + Fraction(1, 4)) * per_tonne
        yield [factory.code, when, "压缩空气", f"{scale}.{month:03d}", "万立方米", "外购", f"{document}-2"]
        truth.media_tce[key] += (scale + Fraction(month, 1000)) * 10_000 * _AIR
        return
    yield [factory.code, when, "fresh_water", f"{77_003 * scale}", "kg", "购入", document]
    truth.media_tce[key] += Fraction(77_003 * scale, 1000) * per_tonne
    yield [factory.code, when, "压缩空气", f"{501 * scale}", "m3", "自产", ""]
    truth.own_media_tce[key] += 501 * scale * _AIR

"""The oracle's own constants, each with its document; nothing here comes from the product's tables.

Fuels: edition b, 发改办气候〔2015〕1722号: (NCV GJ per unit, carbon content t/TJ, oxidation). Raw coal has no row there and
takes 发改办气候〔2011〕1041号 with GB/T 2589-2008.
"""

from fractions import Fraction

FUELS = {
    "15": (Fraction("0.038931"), Fraction("15.3"), Fraction("0.99")),
    "21": (Fraction("43.33"), Fraction("20.2"), Fraction("0.98")),
    "19": (Fraction("44.8"), Fraction("18.9"), Fraction("0.98")),
    "23": (Fraction("47.31"), Fraction("17.2"), Fraction("0.99")),
    "01": (Fraction("20.908"), Fraction("26.37"), Fraction("0.94")),
}
# 当量系数, tce per canonical unit: 205-1 表与 GB/T 2589。
COAL = {
    "33": Fraction("0.1229"),
    "15": Fraction("0.00133"),
    "21": Fraction("1.4571"),
    "19": Fraction("1.4714"),
    "32": Fraction("0.03412"),
    "01": Fraction("0.7143"),
    "23": Fraction("1.7143"),
}
# 公告2024年第12号、2024年第33号、2025年第47号 (t CO2/MWh, Shanghai); 沪环气〔2022〕34号.
PROVINCIAL = {2021: Fraction("0.5834"), 2022: Fraction("0.5849"), 2023: Fraction("0.5737")}
SHANGHAI_ELECTRICITY = Fraction("0.42")
SHANGHAI_HEAT = Fraction("0.06")
NATIONAL_HEAT = Fraction("0.11")
# Stated unit → how many canonical units, exactly. 升 by the densities of GB 17930-2016 and GB 19147-2016; a tonne of steam
# of 2762.9 kJ/kg by (2762.9 − 83.74) / 1000.
UNITS = {
    ("33", "万千瓦时"): Fraction(10),
    ("33", "千瓦时"): Fraction(1, 1000),
    ("33", "度"): Fraction(1, 1000),
    ("33", "KWh"): Fraction(1, 1000),
    ("33", "MWh"): Fraction(1),
    ("15", "立方米"): Fraction(1),
    ("15", "m3"): Fraction(1),
    ("15", "万立方米"): Fraction(10_000),
    ("21", "吨"): Fraction(1),
    ("21", "kg"): Fraction(1, 1000),
    ("21", "升"): Fraction("0.000845"),
    ("19", "吨"): Fraction(1),
    ("23", "吨"): Fraction(1),
    ("32", "百万千焦"): Fraction(1),
    ("32", "GJ"): Fraction(1),
    ("32", "吨"): Fraction("2.67916"),
    ("01", "吨"): Fraction(1),
}


def fuel_factor(code: str, measured_ncv: Fraction | None = None) -> Fraction:
    """t CO2 per canonical unit: NCV × carbon content × oxidation × 44/12; a measured NCV (GJ) in place of the default."""
    default_ncv, carbon, oxidation = FUELS[code]
    ncv = default_ncv if measured_ncv is None else measured_ncv
    return ncv * carbon / 1000 * oxidation * Fraction(44, 12)

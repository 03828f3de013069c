"""Slips of ten and of a thousand: four yardsticks a value of emission_factors/ is held against.

``published_units.csv``  the value and the figure printed in the document, beside it, are one number
``bands.csv``            what physics or the tables allow; less than a factor of ten wide wherever that is known
``spreads.csv``          the same quantity in the other editions, sectors or years
``derived_co2.csv``      what the three inputs of a fuel factor give, as computed apart

What they cannot see is written in ``docs/method/10-factor-resolution.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from fractions import Fraction

from pipelines.reference import fuels
from pipelines.reference.datafiles import Complaints, Row, number
from pipelines.reference.physics import Physics, constant

_VALUES = {"gwp": "gwp", "uncertainty": "half_width"}
"""The column that holds a file's value, where it is not ``value``."""
_PAIR = 2
_PRODUCT_UNITS = {"t/t": ("t", 1), "kg/Nm3": ("Nm3", 1000)}
"""Unit of derived_co2.csv → canonical unit of the fuel, and how many of it a tonne per that unit is."""
_ROUNDED = Fraction(1, 10_000)
"""derived_co2.csv keeps four decimals."""

Bands = dict[str, list[Row]]


def hold_magnitudes(physics: Physics, complaints: Complaints) -> None:
    """Every value in a unit its parameter has, and of a size that can be."""
    _hold_published(physics, complaints)
    _hold_bands(physics, complaints)
    _hold_spreads(physics, complaints)
    _hold_products(physics, complaints)


def value_column(file: str) -> str:
    """Where a file keeps its value."""
    return _VALUES.get(file, "value")


def parameter_of(row: Row) -> str:
    """What a row states; files about one thing alone have no such column."""
    return row.cells.get("parameter", "any")


def _hold_published(physics: Physics, complaints: Complaints) -> None:
    """The stored value is the printed one, in another unit: a slip in either stands out exactly."""
    scales = {
        (row["unit_published"], row["unit"]): number(row, "multiplier", complaints)
        for row in physics.rows["published_units"]
    }
    for rows in physics.rows.values():
        for row in rows:
            printed = _printed(row.cells.get("value_published", ""))
            if not printed:
                continue
            scale = scales.get((row["unit_published"], row["unit"]))
            if scale is None:
                complaints.add(
                    row, "unit_published", f"published_units.csv 中列有换算为 {row['unit']} 的写法"
                )
            elif not min(printed) * scale <= number(row, "value", complaints) <= max(printed) * scale:
                told = f"{row['value_published']} {row['unit_published']}"
                complaints.add(row, "value", f"与文件原值 {told} 相等的数（单位 {row['unit']}）")


def _printed(text: str) -> list[Fraction]:
    """The number printed, or the two ends of a range; none where the document's wording is no number."""
    try:
        return [Fraction(part) for part in text.split("~")] if text else []
    except ValueError:
        return []


def _hold_bands(physics: Physics, complaints: Complaints) -> None:
    """Each row lies inside the most specific band that names it, in a unit the parameter may have.

    A file with bands has one for every row: a new parameter does not slip in unweighed.
    """
    files = {band["table"] for band in physics.rows["bands"]}
    for file in sorted(files):
        bands = [band for band in physics.rows["bands"] if band["table"] == file]
        by_parameter: dict[str, list[Row]] = {}
        for row in physics.rows.get(file, []):
            parameter = parameter_of(row)
            if parameter not in by_parameter:
                by_parameter[parameter] = [band for band in bands if band["parameter"] in ("any", parameter)]
            _hold_band(row, value_column(file), by_parameter[parameter], complaints)


def _hold_band(row: Row, column: str, bands: Sequence[Row], complaints: Complaints) -> None:
    unit = row.cells.get("unit", "1")
    in_unit = [band for band in bands if band["unit"] == unit]
    named = [
        (len(pattern), band["parameter"] != "any", band)
        for band in in_unit
        for pattern in _patterns(band)
        if _is_named(row, pattern)
    ]
    if not in_unit:
        known = "、".join(sorted({band["unit"] for band in bands})) or "bands.csv 中列有范围的参数"
        complaints.add(row, "unit" if bands else "parameter", f"{known}（bands.csv）")
        return
    if not named:
        complaints.add(row, "factor_id", "bands.csv 中有合理范围的行")
        return
    _, _, band = max(named, key=lambda found: (found[0], found[1], -found[2].line))
    low, high = number(band, "low", complaints), number(band, "high", complaints)
    if not low <= number(row, column, complaints) <= high:
        limits = f"{band['low']}–{band['high']} {unit} 之间"
        complaints.add(row, column, f"{limits}（bands.csv 第{band.line}行）")
    gases = band["gas"].split(";") if band["gas"] else []
    if gases and row["gas"] not in gases:
        complaints.add(row, "gas", f"{'、'.join(gases)}（{band['parameter']}）")


def _hold_spreads(physics: Physics, complaints: Complaints) -> None:
    """A slip of ten stands out against the same quantity elsewhere."""
    for spread in physics.rows["spreads"]:
        file = spread["table"]
        members = [
            row
            for row in physics.rows.get(file, [])
            if parameter_of(row) in spread["parameter"].split(";") or spread["parameter"] == "any"
            if any(_is_named(row, pattern) for pattern in _patterns(spread))
        ]
        groups: dict[tuple[str, ...], list[Row]] = {}
        for row in members:
            key = tuple(row[column] for column in spread["by"].split(";"))
            if all(key):
                groups.setdefault((*key, row.cells.get("unit", "")), []).append(row)
        for rows in groups.values():
            _hold_spread(rows, value_column(file), number(spread, "highest_ratio", complaints), complaints)


def _hold_spread(rows: Sequence[Row], column: str, highest: Fraction, complaints: Complaints) -> None:
    ordered = sorted(rows, key=lambda row: number(row, column, complaints))
    middle = number(ordered[len(ordered) // 2], column, complaints)
    far = [row for row in ordered if _is_far(number(row, column, complaints), middle, highest)]
    # Of two that disagree nobody can say which one slipped: both are named.
    for row in ordered if far and len(ordered) == _PAIR else far:
        others = "、".join(other[column] for other in ordered if other is not row)
        unit = row.cells.get("unit", "")
        complaints.add(row, column, f"与其他版本（{others} {unit}".rstrip() + "）相近的数")


def _is_far(value: Fraction, middle: Fraction, highest: Fraction) -> bool:
    return value > middle * highest or middle > value * highest


def _hold_products(physics: Physics, complaints: Complaints) -> None:
    """Heat value × carbon × oxidation × 44/12 agrees with the product published or computed apart."""
    rows = (*physics.rows["calorific_values"], *physics.rows["fuel_factors"])
    inputs = fuels.complete(fuels.parts(rows))
    for row in physics.rows["derived_co2"]:
        made_of = inputs.get(fuels.factor_name(row["fuel"], row["edition"]))
        if made_of is None or row["unit"] not in _PRODUCT_UNITS:
            continue
        canonical, scale = _PRODUCT_UNITS[row["unit"]]
        product = fuels.value(made_of, canonical, constant(physics, "co2_per_carbon"), complaints) * scale
        if abs(product - number(row, "value", complaints)) > _ROUNDED:
            told = "、".join(f"{part.where} {part['value']} {part['unit']}" for part in made_of)
            complaints.add(row, "value", f"{float(product):.4f} {row['unit']}（{told} 相乘）：其中一处有误")


def _patterns(rule: Row) -> Iterable[str]:
    """Which rows a rule names: factor_ids with ``*``, several by semicolon; blank is every row."""
    return rule["rows"].split(";") if rule["rows"] else ["*"]


def _is_named(row: Row, pattern: str) -> bool:
    return fnmatchcase(row["factor_id"], pattern)

"""What the generator knows to be true, computed with exact fractions and its own constants."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from tests.sample import constants
from tests.sample.people import Factory

Key = tuple[str, str, str]


@dataclass
class Truth:
    """Answers by factory code, month ``YYYY-MM`` and energy code; amounts in canonical units."""

    factories: list[Factory] = field(default_factory=list)
    used: dict[Key, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    feedstock: dict[Key, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    resold_mwh: dict[tuple[str, str], Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    measured_ncv: dict[Key, Fraction] = field(default_factory=dict)
    """GJ per canonical unit, where a factory had it measured."""
    green_mwh: dict[tuple[str, str], Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    output_cny: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    emitted: dict[Key, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    """Tonnes by factory code, month and gas, of process and fugitive activities."""
    media_tce: dict[tuple[str, str], Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    """Bought-in working media by factory code and month."""
    own_media_tce: dict[tuple[str, str], Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    """Media made on site: known, and counted nowhere."""
    outcomes: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    held_rows: int = 0

    def coal_tce(self, code: str, month: str) -> Fraction:
        """综合能耗（当量值） of one factory's month."""
        return sum((amount * constants.COAL[key[2]] for key, amount in self._of(code, month)), Fraction(0))

    def co2_t(self, code: str, month: str, purpose: str) -> Fraction:
        """CO2 of one factory's month under ``location_provincial`` or ``shanghai_ets``."""
        total = Fraction(0)
        for key, amount in self._of(code, month):
            energy = key[2]
            if energy == "33":
                total += self._electricity(code, month, amount, purpose)
            elif energy == "32":
                heat = constants.SHANGHAI_HEAT if purpose == "shanghai_ets" else constants.NATIONAL_HEAT
                total += amount * heat
            else:
                burnt = amount - self.feedstock.get(key, Fraction(0))
                total += burnt * constants.fuel_factor(energy, self.measured_ncv.get(key))
        return total

    def _electricity(self, code: str, month: str, amount: Fraction, purpose: str) -> Fraction:
        if purpose == "location_provincial":
            return amount * constants.PROVINCIAL[int(month[:4])]
        green = self.green_mwh.get((code, month), Fraction(0)) if month >= "2022-01" else Fraction(0)
        return (amount - min(green, amount)) * constants.SHANGHAI_ELECTRICITY

    def green_share(self, month: str) -> tuple[Fraction, Fraction]:
        """Numerator and denominator in yuan, year to date, nine clusters."""
        green = total = Fraction(0)
        for factory in self.factories:
            if not factory.counts:
                continue
            output = self.output_to_date(factory.code, month)
            total += output
            if holds_title(factory, month):
                green += output
        return green, total

    def green_count(self, month: str) -> tuple[int, int]:
        """Green and all 6+X above-scale factories."""
        counted = [factory for factory in self.factories if factory.counts]
        return sum(holds_title(factory, month) for factory in counted), len(counted)

    def output_to_date(self, code: str, month: str) -> Fraction:
        """A factory's output from January to the month."""
        months = [f"{month[:4]}-{number:02d}" for number in range(1, int(month[5:]) + 1)]
        return sum((self.output_cny.get((code, item), Fraction(0)) for item in months), Fraction(0))

    def national(self, month: str) -> dict[str, int]:
        """The four readings of "8"."""
        year, end = int(month[:4]), f"{month}-31"
        readings: dict[str, set[str]] = defaultdict(set)
        for factory in self.factories:
            for title in factory.titles:
                if title["level"] != "国家级" or (title["removed"] and str(title["removed"]) <= end):
                    continue
                cycle, published = int(str(title["cycle"])), str(title["published"])
                if cycle <= year:
                    readings["stock_by_cycle"].add(factory.code)
                    if cycle >= 2021:
                        readings["new_by_cycle"].add(factory.code)
                if published <= end:
                    readings["stock_by_publication"].add(factory.code)
                    if published >= "2021-01-01" and published <= "2023-12-31":
                        readings["new_by_publication"].add(factory.code)
        names = ("new_by_cycle", "new_by_publication", "stock_by_cycle", "stock_by_publication")
        return {name: len(readings[name]) for name in names}

    def save(self, path: Path, months: list[str]) -> None:
        """The main answers as JSON, fractions as text."""
        answers = {
            "green_share": {month: [str(value) for value in self.green_share(month)] for month in months},
            "national": {month: self.national(month) for month in months},
            "coal_tce": {
                month: str(sum((self.coal_tce(f.code, month) for f in self.factories), Fraction(0)))
                for month in months
            },
            "media_tce": {
                month: str(
                    sum(
                        (self.media_tce.get((f.code, month), Fraction(0)) for f in self.factories),
                        Fraction(0),
                    )
                )
                for month in months
            },
            "co2_t": {
                purpose: {
                    month: str(sum((self.co2_t(f.code, month, purpose) for f in self.factories), Fraction(0)))
                    for month in months
                }
                for purpose in ("location_provincial", "shanghai_ets")
            },
            "outcomes": self.outcomes,
            "reasons": self.reasons,
            "held_rows": self.held_rows,
        }
        path.write_text(json.dumps(answers, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")

    def _of(self, code: str, month: str) -> list[tuple[Key, Fraction]]:
        return [
            ((code, month, energy), self.used[(code, month, energy)])
            for energy in constants.COAL
            if (code, month, energy) in self.used
        ]


def holds_title(factory: Factory, month: str) -> bool:
    """A green-factory title of any level, valid at the month's end."""
    end = f"{month}-31"
    return any(
        str(title["published"]) <= end and not (title["removed"] and str(title["removed"]) <= end)
        for title in factory.titles
    )

"""企业月 | One factory's month recomputed: its energy uses and its emissions, the parts of every greater sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.reports.explain.burning import Emission, emissions
from pipelines.reports.explain.metrics import METRICS, Recomputed
from pipelines.reports.explain.parts import Part
from pipelines.reports.explain.uses import Book
from pipelines.units import decimals


@dataclass
class FactoryMonth:
    """What one factory used and emitted in a month under the book's basis, by energy kind."""

    factory_id: str
    used: dict[str, Recomputed] = field(default_factory=dict)
    made: list[tuple[str, Emission]] = field(default_factory=list)

    @property
    def co2_t(self) -> Decimal | None:
        """Emissions, exact; nothing when nothing is known."""
        return co2_of([self])

    @property
    def coal_tce(self) -> Decimal | None:
        """综合能耗（当量值）, exact; nothing when nothing is known."""
        return METRICS["coal"].total(self.used.values())

    def parts(self, label: str) -> list[Part]:
        """Every use and every emission."""
        used = [Part(f"{label} {code}", item.steps, item.gates) for code, item in self.used.items()]
        return used + [Part(f"{label} {code}", item.steps, item.gates) for code, item in self.made]


def of(book: Book) -> list[FactoryMonth]:
    """Every factory with a line or a stored row in the book's month."""
    found = []
    for who in book.factories():
        codes = book.codes(who)
        used = {code: METRICS["coal"].recompute(book, who, code) for code in codes}
        made = [(code, emission) for code in codes for emission in emissions(book, who, code)]
        found.append(FactoryMonth(who, used, made))
    return found


def co2_of(found: Iterable[FactoryMonth]) -> Decimal | None:
    """Emissions of some factories, exact; nothing when nothing is known."""
    known = [emission.co2_t for one in found for _, emission in one.made if emission.co2_t is not None]
    return decimals.total(known) if known else None


def coal_of(found: Iterable[FactoryMonth]) -> Decimal | None:
    """综合能耗（当量值） of some factories, exact; nothing when nothing is known."""
    return METRICS["coal"].total(item for one in found for item in one.used.values())

"""Figures that are sums of energy uses: 二氧化碳, 综合能耗 (当量, 等价), 折热量. One entry each; a new one is added here.

A metric says how one energy use (factory, month, kind) is recomputed, and where the ledger and the marts keep the
use's sum, the factory's month and the district's month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.reports.explain.burning import Emission, emissions
from pipelines.reports.explain.chains import Chain, plain, pretty
from pipelines.reports.explain.evidence import Row
from pipelines.reports.explain.flows import GATE as CUMULATIVE_GATE
from pipelines.reports.explain.shapes import Gate, Step
from pipelines.reports.explain.uses import Book, UsePart
from pipelines.units import decimals

_AMOUNTS = ("累计", "消费量", "换算", "用于原材料", "其中用于", "购进量", "外供量", "来源行")
_WHOLE = "coal_generation_tce"
"""Without an equivalent in force for electricity a sum of the rest would pass for the whole."""


@dataclass(frozen=True)
class Recomputed:
    """One energy use recomputed under one metric."""

    value: Decimal | None
    steps: Sequence[Step]
    gates: Sequence[Gate] = ()
    chains: Sequence[Chain] = ()
    lines: Sequence[Row] = ()
    formula: str = ""
    by_scope: dict[str, Decimal] = field(default_factory=dict)
    activity: str = ""
    is_counted: bool = True
    """Whether sums include it: neither an of-which row nor the total."""
    made: Sequence[Emission] = ()
    """The emissions it is made of; none for other metrics."""

    @property
    def agrees(self) -> bool:
        """Every step and every condition."""
        return all(step.agrees for step in self.steps) and all(gate.holds for gate in self.gates)


@dataclass(frozen=True)
class Metric:
    """A sum over energy uses."""

    name: str
    title_zh: str
    unit: str
    column: str
    formula_zh: str
    recompute: Callable[[Book, str, str], Recomputed]
    by_purpose: bool = False
    scopes: tuple[tuple[str, str, str], ...] = ()
    """Of-which sums kept beside the whole: scope, column, Chinese name."""

    @property
    def is_whole(self) -> bool:
        """Whether the sum is unknown as soon as one part is."""
        return self.column == _WHOLE

    def total(self, found: Iterable[Recomputed]) -> Decimal | None:
        """The sum over uses; unknown when no part is known, and for 等价 when any part is not."""
        values = [item.value for item in found if item.is_counted]
        known = [value for value in values if value is not None]
        if not known or (self.is_whole and len(known) < len(values)):
            return None
        return decimals.total(known)


def co2(book: Book, factory: str, code: str) -> Recomputed:
    """直接与间接排放 | Emissions of one use under the book's basis, its amounts first."""
    parts = book.parts(factory, code)
    made = emissions(book, factory, code)
    steps = [step for part in parts for step in part.steps if step.name.startswith(_AMOUNTS)]
    steps += [step for emission in made for step in emission.steps]
    conversions = [part.chains[0] for part in parts if part.chains]
    held = [
        gate
        for part in parts
        for gate in part.gates
        if gate.detail.startswith(_ids(conversions)) or gate.name == CUMULATIVE_GATE
    ]
    by_scope: dict[str, Decimal] = {}
    for emission in made:
        if emission.co2_t is not None:
            by_scope[emission.scope] = decimals.total(
                [by_scope.get(emission.scope, Decimal(0)), emission.co2_t]
            )
    known = [emission.co2_t for emission in made if emission.co2_t is not None]
    return Recomputed(
        decimals.total(known) if known else None,
        steps,
        _once([*held, *(gate for emission in made for gate in emission.gates)]),
        _distinct([*conversions, *(emission.chain for emission in made if emission.chain)]),
        _lines(parts),
        "；".join(filter(None, (emission.formula for emission in made))),
        by_scope,
        _activity(made),
        made=made,
    )


def _of_use(column: str, label: str) -> Callable[[Book, str, str], Recomputed]:
    def recompute(book: Book, factory: str, code: str) -> Recomputed:
        parts = book.parts(factory, code)
        values = [getattr(part, column) for part in parts]
        known = [value for value in values if value is not None] if book.is_counted(code) else []
        wanted = (
            "累计",
            "消费量",
            "换算",
            "按表中",
            "来源行",
            *(("实测",) if column == "energy_gj" else ()),
            label,
        )
        is_unknown = not known or (column == _WHOLE and None in values)
        return Recomputed(
            None if is_unknown else decimals.total(known),
            [step for part in parts for step in part.steps if step.name.startswith(wanted)],
            _once([gate for part in parts for gate in part.gates]),
            _distinct([chain for part in parts for chain in part.chains]),
            _lines(parts),
            activity=_used(parts),
            is_counted=book.is_counted(code),
        )

    return recompute


def _lines(parts: Sequence[UsePart]) -> list[Row]:
    lines = [line for part in parts for line in part.lines]
    return sorted(lines, key=lambda line: (line["receipt_id"], line["line_no"]))


def _ids(chains: Sequence[Chain]) -> tuple[str, ...]:
    return tuple(chain.factor_id for chain in chains if chain.factor_id) or ("\0",)


def _once(held: Sequence[Gate]) -> list[Gate]:
    return list(dict.fromkeys(held))


def _distinct(chains: Sequence[Chain]) -> list[Chain]:
    return list({(chain.factor_id, chain.unit): chain for chain in chains}.values())


def _activity(made: Sequence[Emission]) -> str:
    return "；".join(f"{plain(e.activity)} {pretty(e.unit)}" for e in made if e.activity is not None)


def _used(parts: Sequence[UsePart]) -> str:
    return "；".join(
        f"{plain(part.used)} {pretty(part.canonical)}" for part in parts if part.used is not None
    )


METRICS = {
    metric.name: metric
    for metric in (
        Metric(
            "co2",
            "二氧化碳排放",
            "t CO2",
            "co2_t",
            "Σ 活动水平 × 排放因子；燃料为 热值 × 含碳量 × 氧化率 × 44/12",
            co2,
            by_purpose=True,
            scopes=(("direct", "co2_direct_t", "直接排放"), ("indirect", "co2_indirect_t", "间接排放")),
        ),
        Metric(
            "coal",
            "综合能耗（当量值）",
            "tce",
            "coal_tce",
            "Σ 消费量 × 折标准煤系数（当量）；企业采用折标系数优先",
            _of_use("coal_tce", "综合能耗（当量）"),
        ),
        Metric(
            "coal_generation",
            "综合能耗（等价值）",
            "tce",
            "coal_generation_tce",
            "Σ 消费量 × 折标准煤系数（电力用等价）",
            _of_use("coal_generation_tce", "综合能耗（等价）"),
        ),
        Metric(
            "energy", "能源折热量", "GJ", "energy_gj", "Σ 消费量 × 低位发热量", _of_use("energy_gj", "折热量")
        ),
    )
}

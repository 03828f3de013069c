"""可再生能源利用率 | Numerator and denominator of a factory's month, recomputed from its lines and its papers.

GB/T 36132-2025 B.5: renewable energy ÷ comprehensive energy, both in tce 当量 without raw material. Green power counts
by a rule of ``renewable_rules.csv`` with the papers it asks for; what a factory generated for itself is in no purchase
line and is added to both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import gates, netting
from pipelines.reports.explain.chains import EVEN, LEDGER_PLACES, Chain, plain, pretty
from pipelines.reports.explain.energy import PUBLISHED, published, sources
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.metrics import METRICS
from pipelines.reports.explain.netting import Declared
from pipelines.reports.explain.printed import PrintedRow
from pipelines.reports.explain.shapes import Explanation, Gate, Section, Source, Step
from pipelines.reports.explain.uses import HALF_UP, Book, UsePart, feedstock_coal
from pipelines.units import decimals

FORMULA = "(可再生燃料 + 计入的绿电 × 电力折标系数) ÷ (综合能耗 + 自发自用电量 × 电力折标系数)，均为当量值，不含原材料"
_SCHEME, _POWER, _OWN = "renewable_rate", "33", "self_generated"
_FEEDSTOCK = ("用于原材料", "其中用于原材料")
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Used:
    """One row of core.energy_use: its standard coal, the part that was raw material, and what is left."""

    code: str
    name: str
    is_counted: bool
    is_renewable: bool
    coal_tce: Decimal | None
    feedstock_tce: Decimal | None

    @property
    def energy_tce(self) -> Decimal | None:
        """Used as energy; unknown without a coefficient."""
        if self.coal_tce is None or self.feedstock_tce is None:
            return self.coal_tce
        return decimals.total([self.coal_tce, -self.feedstock_tce])


@dataclass
class Rate:
    """Everything one rate is made of."""

    uses: list[Used] = field(default_factory=list)
    green: list[Declared] = field(default_factory=list)
    coefficient: Chain | None = None
    steps: list[Step] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)

    @property
    def counted(self) -> list[Used]:
        """Uses that sums include."""
        return [used for used in self.uses if used.is_counted]

    @property
    def fuels_tce(self) -> Decimal:
        """Renewable fuels without raw material; zero when none."""
        known = [used.energy_tce for used in self.counted if used.is_renewable]
        return decimals.total([value for value in known if value is not None])

    @property
    def used_tce(self) -> Decimal | None:
        """综合能耗 without raw material; unknown when nothing is known."""
        known = [used.energy_tce for used in self.counted if used.energy_tce is not None]
        return decimals.total(known) if known else None

    def mwh(self, *, is_counted: bool) -> Decimal:
        """Green power that counts, or that does not."""
        return decimals.total([item.quantity for item in self.green if item.is_counted == is_counted])

    def power_tce(self, kind: str = "") -> Decimal:
        """Green power that counts, of one kind or of all, in standard coal; nothing without a coefficient."""
        if self.coefficient is None:
            return _ZERO
        exact = [
            decimals.product(item.quantity, self.coefficient.value)
            for item in self.green
            if item.is_counted and kind in ("", item.kind)
        ]
        return decimals.rounded(decimals.total(exact), LEDGER_PLACES, ROUND_HALF_UP)

    @property
    def renewable_tce(self) -> Decimal:
        """The numerator."""
        return decimals.total([self.fuels_tce, self.power_tce()])

    @property
    def energy_tce(self) -> Decimal | None:
        """The denominator; unknown, not zero, where no energy line speaks."""
        used = self.used_tce
        return None if used is None else decimals.total([used, self.power_tce(_OWN)])

    @property
    def unknown(self) -> int:
        """Uses, and green power that counts, without a coefficient."""
        lacking = sum(1 for used in self.counted if used.coal_tce is None)
        return lacking + sum(1 for item in self.green if item.is_counted and self.coefficient is None)


def factory(evidence: Evidence, figure: str, month: Month, factory_id: str) -> Explanation:
    """A factory's month."""
    evidence.month_exists(month)
    book = Book(evidence, month, _SCHEME, factory_id)
    rate = _rate(book, factory_id)
    if not rate.uses and not rate.green:
        raise NotFound(
            f"{factory_id} 在 {month} 没有准入的能源或绿电数据。",
            f"no admitted energy or green power of {factory_id} in {month}",
        )
    rules = [(item.rule, "可再生能源规定") for item in rate.green if item.rule is not None]
    return Explanation(
        figure=figure,
        title=f"{evidence.name_of(factory_id)}（{factory_id}） · 可再生能源利用率（{month}）",
        value=_value(rate),
        formula=FORMULA,
        steps=[*rate.steps, *_sums(evidence, rate, {"factory_id": factory_id, "month": month.first})],
        gates=list(dict.fromkeys(rate.gates)),
        lines=evidence.lines(rate.lines),
        sources=[*sources(evidence, rate.chains), *_printed(evidence, rules)],
        sections=[_uses(rate), _green(rate), *_left_out(rate)],
        notes=[f"{rate.unknown} 项没有折标系数，分子、分母都不含。"] if rate.unknown else [],
        scope=f"全链复算：{len(rate.uses)} 项用能、{len(rate.green)} 组绿电由原文逐一复算",
        closer=[f"coal/{month}/{factory_id}"] if rate.uses else [],
        facts={"分子": f"{plain(rate.renewable_tce)} tce", "分母": _told(rate.energy_tce)},
    )


def _rate(book: Book, factory_id: str) -> Rate:
    rate = Rate()
    for code in book.codes(factory_id):
        found = METRICS["coal"].recompute(book, factory_id, code)
        parts = book.parts(factory_id, code)
        rate.steps += [_labelled(code, step) for step in found.steps]
        for part in parts:
            rate.uses.append(_used(book, rate, code, part))
        rate.gates += found.gates
        rate.chains += found.chains
        rate.lines += found.lines
    _power(book, rate, factory_id)
    return rate


def _used(book: Book, rate: Rate, code: str, part: UsePart) -> Used:
    kind = book.evidence.printed.kind(code)
    feedstock, step = feedstock_coal(book, code, part)
    beside = [step for step in part.steps if step.name.startswith(_FEEDSTOCK)]
    if step.value is not None or not step.agrees:
        rate.steps += [_labelled(code, item) for item in (*beside, step)]
    is_renewable = kind["is_renewable"] == "true"
    return Used(code, kind["name_zh"], book.is_counted(code), is_renewable, part.coal_tce, feedstock)


def _power(book: Book, rate: Rate, factory_id: str) -> None:
    """Green power by its rule and papers, and the one coefficient of electricity that both sides share."""
    unit = book.evidence.printed.kind(_POWER)["canonical_unit"]
    rate.green, left = netting.declared(book, factory_id, unit, lambda kind: _rule(book, kind))
    for item in rate.green:
        place, kept = "core.green_credit.factor_id", item.stored.get("factor_id")
        rule_id = item.rule.row_id if item.rule else None
        rate.steps += netting.declared_steps(item, unit, "计入")
        rate.steps += netting.published_steps(book, factory_id, "renewable_rate", item)
        rate.steps.append(
            Step(f"绿电 {item.kind} 所依规定", "renewable_rules.csv", rule_id, "", "", place, kept)
        )
        rate.lines += item.lines
        if item.rule is not None:
            rate.gates.append(gates.usable(book.evidence, item.rule))
    rate.steps += left
    if rate.green:
        _coefficient(book, rate, unit)


def _coefficient(book: Book, rate: Rate, unit: str) -> None:
    """折标准煤系数 | Of electricity in 当量, in force in the month."""
    rows = [row for key, row in book.coefficients.items() if key[:2] == (_POWER, "calorific")]
    if not rows:
        rate.steps.append(Step("电力折标系数", "没有折标系数，未知", None, f"tce/{unit}"))
        return
    chain = book.chains.coal(rows[0]["factor_id"], unit)
    rate.coefficient = chain
    rate.chains.append(chain)
    is_provisional = bool(rows[0]["is_provisional"])
    rate.gates += gates.of_row(book.evidence, chain, book.day, is_provisional=is_provisional)
    place, kept = "ref.standard_coal.coefficient_tce", rows[0]["coefficient_tce"]
    rate.steps.append(
        Step("电力折标系数", chain.expression, chain.value, pretty(chain.unit), EVEN, place, kept)
    )


def _rule(book: Book, kind: str) -> tuple[PrintedRow | None, bool]:
    """The rule of the rate for a kind of green power in the month, and whether it counts the kind."""
    for row in book.evidence.printed.rows("renewable_rules"):
        if row["kind"] == kind and row.covers(book.day) and gates.usable(book.evidence, row).holds:
            return row, row["is_counted"] == "true"
    return None, False


def _sums(evidence: Evidence, rate: Rate, where: dict[str, object]) -> list[Step]:
    """Both sides and what is beside them, as the ledger keeps them and as published."""
    own = rate.power_tce(_OWN)
    rows: list[tuple[str, str, str, Decimal | None, str, str]] = [
        (
            "renewable_mwh",
            "计入的绿电",
            _terms(rate.green, is_counted=True),
            rate.mwh(is_counted=True),
            "MWh",
            "",
        ),
        (
            "renewable_tce",
            "分子",
            f"{plain(rate.fuels_tce)}（可再生燃料） + {plain(rate.power_tce())}（绿电折标准煤）",
            rate.renewable_tce,
            "tce",
            HALF_UP,
        ),
        (
            "energy_tce",
            "分母",
            f"{_told(rate.used_tce)}（综合能耗，不含原材料） + {plain(own)}（自发自用折标准煤）",
            rate.energy_tce,
            "tce",
            HALF_UP,
        ),
        (
            "uncounted_mwh",
            "不计入的绿电",
            _terms(rate.green, is_counted=False),
            rate.mwh(is_counted=False),
            "MWh",
            "",
        ),
    ]
    steps: list[Step] = []
    for column, label, told, value, unit, rounding in rows:
        kept = evidence.stored("core.renewable_rate", column, where)
        steps.append(Step(label, told, value, unit, rounding, f"core.renewable_rate.{column}", kept))
        steps += evidence.compare(
            f"{label}（月表）",
            "同上",
            published(value),
            "mart.renewable_rate",
            column,
            where,
            unit=unit,
            rounding=PUBLISHED,
        )
    told = "没有折标系数的用能和计入的绿电"
    for table in ("core.renewable_rate", "mart.renewable_rate"):
        steps += evidence.compare("没有系数的项", told, rate.unknown, table, "uses_without_tce", where)
    return steps


def _uses(rate: Rate) -> Section:
    rows = [
        (
            used.code,
            used.name,
            "是" if used.is_renewable else "否",
            _plain(used.coal_tce),
            plain(used.feedstock_tce) if used.feedstock_tce is not None else "—",
            _plain(used.energy_tce),
        )
        for used in rate.counted
    ]
    header = ("能源", "名称", "可再生", "综合能耗 tce", "其中原材料 tce", "计入 tce")
    return Section("用能（每项均由原文复算）", header, rows)


def _green(rate: Rate) -> Section:
    rows = [
        (item.kind, plain(item.quantity), "计入" if item.is_counted else "不计入", item.told(), _why(item))
        for item in rate.green
    ]
    return Section("绿电：凭证与规定", ("类型", "MWh", "计入", "规定与凭证", "原因"), rows)


def _why(item: Declared) -> str:
    """Why green power counts or does not."""
    if item.rule is None:
        return "当期没有这类绿电的规定"
    if not item.is_wanted:
        return "规定不计入这一类"
    if not item.is_proven:
        return "凭证不全"
    return "自发自用，另加入分母" if item.kind == _OWN else "在外购电量之内"


def _left_out(rate: Rate) -> list[Section]:
    """Energy in neither side, and why."""
    rows = [
        (used.code, used.name, _plain(used.coal_tce), "其中项或合计行，已在他项之内")
        for used in rate.uses
        if not used.is_counted
    ]
    rows += [
        (used.code, used.name, plain(used.feedstock_tce), "用于原材料，不是用能")
        for used in rate.counted
        if used.feedstock_tce
    ]
    rows += [
        (used.code, used.name, "未知", "没有折标系数：未知，不是零")
        for used in rate.counted
        if used.coal_tce is None
    ]
    header = ("能源", "名称", "tce", "原因")
    return [Section("分子、分母都不含的用能", header, rows)] if rows else []


def _value(rate: Rate) -> str:
    whole = rate.energy_tce
    told = figures.percent(rate.renewable_tce, whole)
    more = f"，另有 {rate.unknown} 项未知" if rate.unknown else ""
    return f"{told}（{figures.number(rate.renewable_tce, 6)} ÷ {_shown(whole)} tce{more}）"


def _printed(evidence: Evidence, rows: Iterable[tuple[PrintedRow, str]]) -> list[Source]:
    return list({row.place: evidence.printed.source(row, what) for row, what in rows}.values())


def _labelled(code: str, step: Step) -> Step:
    return Step(
        f"{code} {step.name}", step.expression, step.value, step.unit, step.rounding, step.place, step.stored
    )


def _terms(green: Sequence[Declared], *, is_counted: bool) -> str:
    told = [plain(item.quantity) for item in green if item.is_counted == is_counted]
    return " + ".join(told) or "无"


def _plain(value: Decimal | None) -> str:
    return "未知" if value is None else plain(value)


def _told(value: Decimal | None) -> str:
    return "未知" if value is None else f"{plain(value)} tce"


def _shown(value: Decimal | None) -> str:
    return "未知" if value is None else figures.number(value, 6)

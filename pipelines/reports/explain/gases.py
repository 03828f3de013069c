"""燃烧的 CH4、N2O 与生物质 CO2 | CH4 and N2O of burning, and the CO2 of biomass: recomputed, one fuel at a time.

吨 = 燃烧量 × 低位发热量 × 因子, apart for stationary and mobile use (其中运输工具消费). The factor is chosen here anew
from ``combustion_gases.csv``; a kind nothing is chosen for has an unknown emission, not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures
from pipelines.reports.explain import energy, gates
from pipelines.reports.explain.chains import EVEN, LEDGER_PLACES, Chain, Term, plain, pretty
from pipelines.reports.explain.evidence import Evidence, Row
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.printed import PrintedRow
from pipelines.reports.explain.shapes import Explanation, Gate, Section, Step
from pipelines.reports.explain.uses import HALF_UP, MEASURED, Book, UsePart
from pipelines.units import decimals

FORMULA = "Σ 燃烧量 × 低位发热量 × 因子（固定源、移动源分列；各气体不相加）"
_PLACE = "core.combustion_gas"
_USES = {"stationary": "固定源", "mobile": "移动源"}
_GASES = ("CH4", "N2O")


Key = tuple[str, ...]
"""Factory, energy kind, receipt, first line, use, gas: the grain of core.combustion_gas."""


@dataclass
class Burning:
    """One row of core.combustion_gas recomputed."""

    key: Key
    gas: str
    factor_id: str = ""
    mass_t: Decimal | None = None
    is_biogenic: bool = False
    """Of a renewable fuel: its potential may be another, and its CO2 is no part of a total."""
    steps: list[Step] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)


def use(evidence: Evidence, figure: str, month: Month, factory: str, code: str) -> Explanation:
    """One fuel of a factory's month."""
    evidence.month_exists(month)
    book = Book(evidence, month, evidence.headline, factory)
    stored = stored_rows(evidence, month, factory)
    if code not in book.codes(factory):
        have = "、".join(book.codes(factory)) or "（无）"
        raise NotFound(
            f"{factory} 在 {month} 没有能源 {code} 的准入数据，有：{have}。",
            f"no admitted line of energy kind {code}; there are {have}",
        )
    parts = book.parts(factory, code)
    made = burnt(book, factory, code, stored)
    made += [unfounded(row) for key, row in stored.items() if key[:2] == (factory, code)]
    lines = [line for part in parts for line in part.lines]
    amounts = ("累计", "消费量", "换算", "用于原材料", "其中", "运输工具", "来源行")
    return Explanation(
        figure=figure,
        title=f"{evidence.name_of(factory)}（{factory}） · {evidence.printed.kind(code)['name_zh']}燃烧的 CH4、N2O（{month}）",
        value=_value(made, places=False),
        formula=FORMULA,
        steps=[
            *(step for part in parts for step in part.steps if step.name.startswith(amounts)),
            *(step for item in made for step in item.steps),
        ],
        gates=list(dict.fromkeys(gate for item in made for gate in item.gates)),
        lines=evidence.lines(lines),
        sources=energy.sources(evidence, [chain for item in made for chain in item.chains]),
        notes=_notes(made),
        scope=f"全链复算：{len(lines)} 行原文 → 燃烧量 → 热量 → 各气体吨数",
    )


def district(evidence: Evidence, figure: str, month: Month) -> Explanation:
    """The district's month, gas by gas, every fuel recomputed from its lines."""
    evidence.month_exists(month)
    book = Book(evidence, month, evidence.headline)
    rows = list(stored_rows(evidence, month).values())
    made = of_month(book)
    parts = Parts.of(Part("", item.steps, item.gates) for item in made)
    sums = [_sum_step(gas, made, rows) for gas in sorted({item.gas for item in made})]
    return Explanation(
        figure=figure,
        title=f"全区燃料燃烧的 CH4、N2O 与生物质 CO2（{month}）",
        value=_value(made, places=True),
        formula=FORMULA,
        steps=[*parts.parting, *sums],
        gates=parts.gates(),
        sections=[_section(made)],
        sources=energy.sources(evidence, [chain for item in made for chain in item.chains]),
        notes=_notes(made),
        parts_compared=parts.compared,
        part_roundings=parts.roundings,
        scope=f"全链复算：{len(made)} 项由原文复算后求和；合计没有发布的结果表，与存储值之和比较",
    )


def of_month(book: Book, factory: str = "") -> list[Burning]:
    """Every row of a month, of one factory or of all, and stored rows that no line stands behind."""
    stored = stored_rows(book.evidence, book.month, factory)
    made = [
        item
        for who in book.factories()
        for code in book.codes(who)
        for item in burnt(book, who, code, stored)
    ]
    return made + [unfounded(row) for row in stored.values()]


def stored_rows(evidence: Evidence, month: Month, factory: str = "") -> dict[Key, Row]:
    """What the ledger keeps of a month, by key."""
    only, more = (" and factory_id = ?", [factory]) if factory else ("", [])
    rows = evidence.rows(f"select * from core.combustion_gas where month = ?{only}", month.first, *more)
    return {_key(row): row for row in rows}


def burnt(book: Book, factory: str, code: str, stored: dict[Key, Row]) -> list[Burning]:
    """Rows of one energy use, recomputed; what was found is taken out of *stored*."""
    kind = book.evidence.printed.kind(code)
    if not book.is_counted(code) or kind["is_fuel"] != "true":
        return []
    made = []
    for part in book.parts(factory, code):
        if part.used is None:
            continue
        burnt = decimals.total([part.used, -(part.feedstock or Decimal(0))])
        mobile = min(part.transport or Decimal(0), burnt)
        for name, activity in (("stationary", decimals.total([burnt, -mobile])), ("mobile", mobile)):
            if activity > 0:
                made += _of_use(book, (factory, code), part, name, activity, stored)
    return made


def _of_use(
    book: Book,
    who: tuple[str, str],
    part: UsePart,
    name: str,
    activity: Decimal,
    stored: dict[Key, Row],
) -> list[Burning]:
    """Every gas chosen for one use of one fuel."""
    kind = book.evidence.printed.kind(who[1])
    made = []
    for gas, choice in _choices(book, who[1], name):
        if gas == "CO2" and kind["is_renewable"] != "true":
            continue
        key = (*who, part.receipt_id, str(part.first_line_no), name, gas)
        item = _of_gas(book, part, key, activity, choice, stored.pop(key, {}))
        item.is_biogenic = kind["is_renewable"] == "true"
        made.append(item)
    return made


def _choices(book: Book, code: str, use: str) -> list[tuple[str, PrintedRow | None]]:
    """The printed choice for each gas; none where nothing was chosen for CH4 or N2O."""
    rows = [
        row
        for row in book.evidence.printed.rows("combustion_gases")
        if (row["energy_code"], row["use"]) == (code, use)
    ]
    known = {row["gas"] for row in rows}
    found: list[tuple[str, PrintedRow | None]] = [(row["gas"], row) for row in rows if row.covers(book.day)]
    return found + [(gas, None) for gas in _GASES if gas not in known]


def _of_gas(
    book: Book,
    part: UsePart,
    key: Key,
    activity: Decimal,
    choice: PrintedRow | None,
    row: Row,
) -> Burning:
    gas, label = key[-1], f"{_USES[key[-2]]} {key[-1]}"
    made = Burning(key, gas)
    unit = pretty(part.canonical)
    kept = {name: row.get(name) for name in ("activity", "ncv_gj", "burnt_gj", "factor_t", "mass_t")}
    ncv = _heat_value(book, part, choice, made)
    factor, factor_id, why = _factor(book, choice, made)
    made.factor_id = factor_id or ""
    burnt = None if ncv is None else _product(activity, ncv)
    made.mass_t = None if burnt is None or factor is None else _product(burnt, factor)
    told = f"{plain(activity)} {unit} × {_told(ncv)} GJ/{unit}"
    mass = f"{_told(burnt)} GJ × {_told(factor)} t {gas}/GJ"
    id_place, id_kept = f"{_PLACE}.factor_id", row.get("factor_id")
    made.steps += [
        Step(f"{label} 燃烧量", "扣除原材料", activity, unit, "", f"{_PLACE}.activity", kept["activity"]),
        Step(f"{label} 热值", "", ncv, f"GJ/{unit}", EVEN, f"{_PLACE}.ncv_gj", kept["ncv_gj"]),
        Step(f"{label} 热量", told, burnt, "GJ", HALF_UP, f"{_PLACE}.burnt_gj", kept["burnt_gj"]),
        Step(f"{label} 因子编号", why, factor_id, "", "", id_place, id_kept),
        Step(f"{label} 因子", why, factor, f"t {gas}/GJ", EVEN, f"{_PLACE}.factor_t", kept["factor_t"]),
        Step(f"{label} 排放", mass, made.mass_t, f"t {gas}", HALF_UP, f"{_PLACE}.mass_t", kept["mass_t"]),
    ]
    return made


def _heat_value(book: Book, part: UsePart, choice: PrintedRow | None, made: Burning) -> Decimal | None:
    """Measured, else the one the ledger names, else the one that belongs to the factor, per tonne only."""
    printed, unit = book.evidence.printed, part.canonical
    if part.measured.ncv is not None:
        return part.measured.ncv_gj(printed, unit)
    factor_id = book.use_row(part).get("heat_value_id")
    if factor_id is not None and factor_id != MEASURED:
        chain = book.chains.heat_value(factor_id, unit)
        made.chains.append(chain)
        made.gates += gates.of_row(book.evidence, chain, book.day)
        return chain.value
    fuel = choice.get("heat_fuel") if choice else ""
    for row in printed.rows("calorific_values"):
        if fuel and (row["fuel"], row["edition"]) == (fuel, "ipcc"):
            try:
                exact = printed.quantity(Decimal(row["value"]), row["unit"]).to(f"GJ/{unit}").value
            except ValueError:
                return None
            chain = Chain(row.row_id, f"GJ/{unit}", exact, (Term(plain(exact), f"GJ/{unit}", "热值", row),))
            made.chains.append(chain)
            return chain.value
    return None


def _factor(book: Book, choice: PrintedRow | None, made: Burning) -> tuple[Decimal | None, str | None, str]:
    """Tonnes of gas of one GJ; unknown where nothing was chosen or the row may not be used."""
    printed = book.evidence.printed
    row = printed.factor(choice["factor_id"]) if choice else None
    if row is None:
        return None, None, "没有选定的缺省因子：未知，不是零"
    gate = gates.usable(book.evidence, row)
    if not gate.holds:
        return None, None, f"因子不可用，未知：{gate.detail}"
    exact = printed.quantity(Decimal(row["value"]), row["unit"]).to("t/GJ").value
    chain = Chain(row.row_id, "t/GJ", exact, (Term(plain(exact), "t/GJ", "燃烧因子", row),))
    made.chains.append(chain)
    made.gates.append(gate)
    return chain.value, row.row_id, f"{row['value']} {row['unit']}"


def _sum_step(gas: str, made: Sequence[Burning], stored: Sequence[Row]) -> Step:
    kept = [row["mass_t"] for row in stored if row["gas"] == gas and row["mass_t"] is not None]
    total = decimals.total(kept) if kept else None
    return Step(
        f"合计 {gas}",
        f"{len(kept)} 项存储值之和",
        _total(gas, made),
        f"t {gas}",
        "",
        f"{_PLACE}.mass_t",
        total,
    )


def _section(made: Sequence[Burning]) -> Section:
    rows = []
    for gas in sorted({item.gas for item in made}):
        same = [item for item in made if item.gas == gas]
        unknown = sum(1 for item in same if item.mass_t is None)
        total = _total(gas, made)
        told = "未知" if total is None else figures.number(total, 6)
        rows.append((gas, str(len(same)), told, str(unknown)))
    return Section("各气体（不相加）", ("气体", "项", "t", "未知项"), rows)


def _total(gas: str, made: Sequence[Burning]) -> Decimal | None:
    known = [item.mass_t for item in made if item.gas == gas and item.mass_t is not None]
    return decimals.total(known) if known else None


def _value(made: Sequence[Burning], *, places: bool) -> str:
    told = []
    for gas in sorted({item.gas for item in made}):
        total = _total(gas, made)
        shown = "未知" if total is None else (figures.number(total, 6) if places else figures.plain(total))
        told.append(f"{gas} {shown}{'' if total is None else ' t'}")
    return "；".join(told) or "不是燃料，没有燃烧排放"


def _notes(made: Sequence[Burning]) -> list[str]:
    unknown = sum(1 for item in made if item.mass_t is None)
    return [f"{unknown} 项未知（没有可用的因子或热值），不在合计内。"] if unknown else []


def unfounded(row: Row) -> Burning:
    """A stored row that no line stands behind."""
    step = Step("来源行", "没有准入的来源行", None, "", "", f"{_PLACE}.activity", row["activity"])
    return Burning(_key(row), row["gas"], steps=[step])


def _key(row: Row) -> Key:
    names = ("factory_id", "energy_code", "receipt_id", "first_line_no", "use", "gas")
    return tuple(str(row[name]) for name in names)


def _product(first: Decimal, second: Decimal) -> Decimal:
    return decimals.rounded(decimals.product(first, second), LEDGER_PLACES, ROUND_HALF_UP)


def _told(value: Decimal | None) -> str:
    return "未知" if value is None else plain(value)

"""排名 | Towns, parks, industries and clusters of a year by emissions: every factory's month recomputed, then placed.

Where a factory belonged is read from its register line month by month, so a factory that moved counts in both places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.errors import NotFound
from pipelines.periods import Month
from pipelines.reports import figures, words
from pipelines.reports.explain import months
from pipelines.reports.explain.energy import MOST_LINES_AT_ONCE, PUBLISHED, published
from pipelines.reports.explain.evidence import Column, Evidence, Row
from pipelines.reports.explain.goals import FEN
from pipelines.reports.explain.parts import Part, Parts
from pipelines.reports.explain.policy import District, membership
from pipelines.reports.explain.shapes import MOST_ROWS, NONE, Explanation, Line, Section, Step
from pipelines.reports.explain.uses import Book
from pipelines.units import decimals

FORMULA = "Σ 企业月（当月名录所在的街镇、园区、行业大类或集群）；按排放从大到小排，排放未知的排在最后"
_TABLE = "mart.ranking"
_STORED = "企业月取台账存储值，未独立复算；一个企业月可用 co2/MONTH/FACTORY 复算"


@dataclass(frozen=True)
class Cell:
    """One factory's month as published, and the register line it stood under; none where it was not registered."""

    month: Month
    factory_id: str
    co2_t: Decimal | None
    coal_tce: Decimal | None
    output_cny: Decimal | None
    register: Row | None

    @property
    def is_compared(self) -> bool:
        """Whether rates by output speak of it: energy, emissions and output are all known."""
        return None not in (self.co2_t, self.coal_tce, self.output_cny)


@dataclass(frozen=True)
class Place:
    """One town, park, industry or cluster with its months."""

    key: str
    cells: Sequence[Cell]

    def total(self, column: str) -> Decimal | None:
        """The sum of what is known of a column; nothing when nothing is."""
        known = [value for cell in self.cells if (value := getattr(cell, column)) is not None]
        return decimals.total(known) if known else None

    def compared(self, column: str) -> Decimal | None:
        """The sum of a column over the months that have energy, emissions and output."""
        return Place(self.key, [cell for cell in self.cells if cell.is_compared]).total(column)

    @property
    def factories(self) -> list[str]:
        """Who counts here in any month."""
        return sorted({cell.factory_id for cell in self.cells})


@dataclass(frozen=True)
class Year:
    """A year up to the month of the ledger, every factory month of it."""

    last: Month
    cells: list[Cell]
    parts: Parts
    is_whole: bool


def dimension(evidence: Evidence, figure: str, year: int, name: str) -> Explanation:
    """Every place of one dimension, in order."""
    _known(name)
    found = _year(evidence, year)
    ranked = _ranked(evidence, found, name)
    steps = [step for rank, place in ranked for step in _steps(evidence, year, name, rank, place)]
    return Explanation(
        figure=figure,
        title=f"{year} 年{words.DIMENSIONS[name]}排名（年初至 {found.last}，按二氧化碳排放）",
        value=_leader(evidence, name, ranked),
        formula=FORMULA,
        steps=[*found.parts.parting, *steps, *_unfounded(evidence, year, name, ranked)],
        gates=found.parts.gates(),
        sections=[_section(evidence, name, ranked)],
        notes=_notes(found, name),
        parts_compared=found.parts.compared,
        part_roundings=found.parts.roundings,
        scope=_scope(found),
        closer=[f"{figure}/{place.key}" for _, place in ranked[:5]],
        facts=_facts(evidence),
    )


def one(evidence: Evidence, figure: str, year: int, name: str, key: str) -> Explanation:
    """One place, with the factories it is made of."""
    _known(name)
    found = _year(evidence, year)
    ranked = _ranked(evidence, found, name)
    chosen = [(rank, place) for rank, place in ranked if place.key == key]
    if not chosen:
        have = "、".join(place.key for _, place in ranked) or "（无）"
        raise NotFound(
            f"{year} 年没有{words.DIMENSIONS[name]} “{key}”，有：{have}。",
            f"no {name} {key!r}; there are {have}",
        )
    rank, place = chosen[0]
    newest = max(cell.month for cell in place.cells)
    return Explanation(
        figure=figure,
        title=f"{words.DIMENSIONS[name]} {_called(evidence, name, key)} 的年初累计与名次（{year} 年，至 {found.last}）",
        value=f"第 {rank} 名，共 {len(ranked)} 个；{_told(place.total('co2_t'), 't CO2')}；{_rates(place)}",
        formula=FORMULA,
        steps=[*found.parts.parting, *_steps(evidence, year, name, rank, place)],
        gates=found.parts.gates(),
        lines=_lines(evidence, place),
        sections=[_companies(evidence, place)],
        notes=_notes(found, name),
        parts_compared=found.parts.compared,
        part_roundings=found.parts.roundings,
        scope=_scope(found),
        closer=[f"co2/{newest}/{who}" for who in place.factories[:5]],
        facts=_facts(evidence),
    )


def _known(name: str) -> None:
    if name not in words.DIMENSIONS:
        have = "、".join(f"{code} {told}" for code, told in words.DIMENSIONS.items())
        raise NotFound(f"读到 “{name}”，应为 {have}。", f"read dimension {name!r}; expected one of {have}")


def _year(evidence: Evidence, year: int) -> Year:
    """Every factory month of the year, recomputed from lines; from stored values where there are very many lines."""
    spine = evidence.rows("select month from ref.month where year = ? order by month", year)
    if not spine:
        raise NotFound(f"台账没有 {year} 年。", f"the ledger has no {year}")
    every = [Month.of(row["month"]) for row in spine]
    sql = "select count(*) as lines from raw.energy_line where period between ? and ?"
    lines = evidence.rows(sql, every[0].first, every[-1].first)[0]["lines"]
    is_whole = lines <= MOST_LINES_AT_ONCE
    output = _outputs(evidence, every)
    cells: list[Cell] = []
    parts: list[Part] = []
    for month in every:
        energy = _recomputed(evidence, month, parts) if is_whole else _stored(evidence, month)
        everyone = {*energy, *_held(evidence, month), *output.get(month, {})}
        for who in sorted(everyone):
            co2, coal = energy.get(who, (None, None))
            value = output.get(month, {}).get(who)
            cells.append(Cell(month, who, co2, coal, value, evidence.registered(who, month.first)))
    return Year(every[-1], cells, Parts.of(parts), is_whole)


_Energy = dict[str, tuple[Decimal | None, Decimal | None]]


def _recomputed(evidence: Evidence, month: Month, parts: list[Part]) -> _Energy:
    """Emissions and standard coal of every factory, as published; the parts are added to *parts*."""
    energy: _Energy = {}
    for found in months.of(Book(evidence, month, evidence.headline)):
        parts += found.parts(f"{month} {found.factory_id}")
        energy[found.factory_id] = (published(found.co2_t), published(found.coal_tce))
    return energy


def _stored(evidence: Evidence, month: Month) -> _Energy:
    sql = "select factory_id, metric, value from core.factory_metric where month = ? and purpose in ('', ?)"
    found: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
    for row in evidence.rows(sql, month.first, evidence.headline):
        found[row["factory_id"]][row["metric"]] = published(row["value"])
    return {
        who: (value.get("co2_t"), value.get("coal_tce"))
        for who, value in found.items()
        if "coal_tce" in value or "co2_t" in value
    }


def _held(evidence: Evidence, month: Month) -> list[str]:
    """Factories whose energy lines of the month wait: they report, their figures are unknown."""
    sql = "select distinct factory_id from stg.line_fate where contract = 'energy' and fate = 'held' and month = ?"
    return [row["factory_id"] for row in evidence.rows(sql, month.first) if row["factory_id"]]


def _outputs(evidence: Evidence, every: Sequence[Month]) -> dict[Month, dict[str, Decimal | None]]:
    """工业总产值 of each factory's month in yuan; nothing where its lines state none."""
    district = District(evidence, every[-1])
    found: dict[Month, dict[str, list[Decimal | None]]] = defaultdict(lambda: defaultdict(list))
    for row in evidence.admitted("output", every[0].first, every[-1].first):
        found[Month.of(row["period"])][row["factory_id"]].append(district.yuan(row))
    return {month: {who: _sum(values) for who, values in by.items()} for month, by in found.items()}


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return decimals.total(known) if known else None


def _ranked(evidence: Evidence, found: Year, name: str) -> list[tuple[int, Place]]:
    """Places by emissions, the largest first, the unknown last, equals by their key."""
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in found.cells:
        key = _KEYS[name](evidence, cell.register) if cell.register else None
        if key:
            groups[key].append(cell)
    places = [Place(key, cells) for key, cells in groups.items()]
    places.sort(
        key=lambda place: (place.total("co2_t") is None, -(place.total("co2_t") or Decimal(0)), place.key)
    )
    return list(enumerate(places, start=1))


def _cluster(evidence: Evidence, register: Row) -> str | None:
    return membership(evidence.printed, register["industry_code"], register["tag_6x"]).cluster


_KEYS: dict[str, Callable[[Evidence, Row], str | None]] = {
    "town": lambda _, register: register["town"],
    "park": lambda _, register: register["park"],
    "industry": lambda _, register: (register["industry_code"] or "")[:2] or None,
    "cluster": _cluster,
}


_NAMES = {
    "industry": ("industry_divisions", "division", "name_zh"),
    "cluster": ("industries_6x", "cluster", "cluster_zh"),
}
"""Where a code's name is printed: file, column of the code, column of the name."""


def _steps(evidence: Evidence, year: int, name: str, rank: int, place: Place) -> list[Step]:
    """Every figure of a place beside the mart."""
    where, told = {"dimension": name, "year": year, "key": place.key}, f"{len(place.cells)} 个企业月之和"
    both = f"能耗、排放、产值俱全的 {sum(cell.is_compared for cell in place.cells)} 个企业月之和"
    columns = [
        Column("co2_t", f"{place.key} 排放", told, place.total("co2_t"), "t CO2", PUBLISHED),
        Column("coal_tce", f"{place.key} 综合能耗", told, place.total("coal_tce"), "tce", PUBLISHED),
        Column("output_value_cny", f"{place.key} 产值", told, place.total("output_cny"), "元", FEN),
        Column(
            "compared_coal_tce",
            f"{place.key} 综合能耗（三项俱全）",
            both,
            place.compared("coal_tce"),
            "tce",
            PUBLISHED,
        ),
        Column(
            "compared_co2_t",
            f"{place.key} 排放（三项俱全）",
            both,
            place.compared("co2_t"),
            "t CO2",
            PUBLISHED,
        ),
        Column(
            "compared_output_cny",
            f"{place.key} 产值（三项俱全）",
            both,
            place.compared("output_cny"),
            "元",
            FEN,
        ),
        Column("factories", f"{place.key} 企业", "不重复计", len(place.factories), "家"),
        Column("rank_by_co2", f"{place.key} 名次", "按排放从大到小", rank),
    ]
    return evidence.columns(_TABLE, where, columns)


def _unfounded(evidence: Evidence, year: int, name: str, ranked: Sequence[tuple[int, Place]]) -> list[Step]:
    """Stored places that no factory month stands behind."""
    known = {place.key for _, place in ranked}
    rows = evidence.rows(f"select key, co2_t from {_TABLE} where dimension = ? and year = ?", name, year)
    place, told = f"{_TABLE}.key", "没有企业月"
    return [
        Step(f"{row['key']} 来源", told, None, "", "", place, row["key"])
        for row in rows
        if row["key"] not in known
    ]


def _section(evidence: Evidence, name: str, ranked: Sequence[tuple[int, Place]]) -> Section:
    rows = [
        (
            str(rank),
            _called(evidence, name, place.key),
            figures.number(place.total("co2_t"), 6),
            figures.number(place.total("coal_tce"), 6),
            figures.number(place.total("output_cny")),
            str(len(place.factories)),
        )
        for rank, place in ranked[:MOST_ROWS]
    ]
    header = ("名次", words.DIMENSIONS[name], "t CO2", "tce（当量）", "产值（元）", "企业（家）")
    return Section("名次（由企业月求和）", header, rows)


def _companies(evidence: Evidence, place: Place) -> Section:
    rows = []
    for who in place.factories:
        own = Place(who, [cell for cell in place.cells if cell.factory_id == who])
        rows.append(
            (
                who,
                evidence.name_of(who),
                str(len(own.cells)),
                figures.number(own.total("co2_t"), 6),
                figures.number(own.total("coal_tce"), 6),
                figures.number(own.total("output_cny")),
            )
        )
    header = ("统一社会信用代码", "企业", "月", "t CO2", "tce（当量）", "产值（元）")
    return Section("企业（在此登记的月份）", header, rows[:MOST_ROWS])


def _lines(evidence: Evidence, place: Place) -> list[Line]:
    """The register lines that placed the factories here."""
    rows = {
        (cell.register["receipt_id"], cell.register["line_no"]): cell.register
        for cell in place.cells
        if cell.register
    }
    return evidence.lines(rows.values())


def _notes(found: Year, name: str) -> list[str]:
    loose = {cell.factory_id for cell in found.cells if cell.register is None}
    told = [f"{len(loose)} 家企业有月份不在名录内，不进入任何{words.DIMENSIONS[name]}。"] if loose else []
    return told if found.is_whole else [*told, f"{_STORED}。"]


def _scope(found: Year) -> str:
    if found.is_whole:
        return (
            f"全链复算：{len(found.cells)} 个企业月由 {len(found.parts)} 项能源与排放、产值和名录原文逐一复算"
        )
    return f"{len(found.cells)} 个企业月的存储值按名录原文重新归类求和：行数过多，不逐一复算"


def _leader(evidence: Evidence, name: str, ranked: Sequence[tuple[int, Place]]) -> str:
    if not ranked:
        return NONE
    _, first = ranked[0]
    return f"{len(ranked)} 个，排放最大的是 {_called(evidence, name, first.key)}，{_told(first.total('co2_t'), 't CO2')}"


def _called(evidence: Evidence, name: str, key: str) -> str:
    """A code with its Chinese name; a name recalled from memory is not shown."""
    table, code, told = _NAMES.get(name, ("", "", ""))
    for row in evidence.printed.policy_rows(table) if table else ():
        if row[code] == key and row.get("certainty") != "recalled":
            return f"{key} {row[told]}"
    return key


def _rates(place: Place) -> str:
    """单位产值综合能耗、排放 | The one division, taken for the page."""
    output = place.compared("output_cny")
    coal = figures.per_output(place.compared("coal_tce"), output)
    co2 = figures.per_output(place.compared("co2_t"), output)
    if coal is None or co2 is None:
        return "单位产值能耗、排放无分母"
    return f"单位产值综合能耗 {coal} tce/万元，排放 {co2} t CO2/万元"


def _told(value: Decimal | None, unit: str) -> str:
    return "未知" if value is None else f"{figures.number(value)} {unit}"


def _facts(evidence: Evidence) -> dict[str, str]:
    purpose = next(row for row in evidence.printed.rows("purposes") if row["purpose"] == evidence.headline)
    return {"核算口径": f"{purpose['name_zh']}（{purpose['purpose']}）"}

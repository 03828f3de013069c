"""数字名称 | Which figures can be asked for, how they are named, and which screen answers.

A new kind of figure is one entry of :data:`KINDS`; a new sum over energy uses is one entry of
:data:`pipelines.reports.explain.metrics.METRICS` and needs nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.intake import Landing
from pipelines.periods import Month
from pipelines.reports.explain import (
    assessment,
    changes,
    coverage,
    electricity,
    energy,
    gas_quality,
    gases,
    goals,
    inventory,
    lines,
    media,
    outputs,
    plan,
    process,
    ranking,
    renewable,
    titles,
    uncertainty,
)
from pipelines.reports.explain.evidence import Evidence, Published
from pipelines.reports.explain.metrics import METRICS
from pipelines.reports.explain.shapes import Explanation, month_of, year_of

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")

Screen = Callable[[Evidence, str, list[str]], Explanation]
"""Evidence, the figure's name, its steps after the kind → the screen."""


@dataclass(frozen=True)
class Kind:
    """One way of naming: ``pattern`` is the kind and its steps, each step a word in capitals."""

    pattern: str
    title_zh: str
    screen: Screen

    @property
    def name(self) -> str:
        """The first step."""
        return self.pattern.split("/", maxsplit=1)[0]

    @property
    def steps(self) -> tuple[str, ...]:
        """What follows it."""
        return tuple(self.pattern.split("/")[1:])


def explain(ledger: Ledger, landing: Landing, figure: str, published: Published | None = None) -> Explanation:
    """The screen for *figure*, recomputed now; *published* is the release the ledger was published as.

    Raises:
        NotFound: no figure goes by that name, or the ledger has no such row; the nearest names are told.
    """
    evidence = Evidence(ledger, landing, published)
    name, *steps = figure.strip().strip("/").split("/")
    kind = _kind(name, steps)
    screen = kind.screen(evidence, "/".join((name, *steps)), steps)
    if published is None:
        return screen
    return replace(screen, release=published.release, notes=[*screen.notes, *_standing(published, figure)])


def _standing(published: Published, figure: str) -> list[str]:
    """Restated and waiting months that a figure speaks of: its own, and those before it in the year."""
    found = _MONTH.search(figure)
    if found is None:
        return []
    january, month = f"{found[0][:4]}-01", found[0]
    told = []
    for said in published.restatements:
        if months := [name for name in said["months"] if january <= name <= month]:
            told.append(
                f"{'、'.join(months)} 于 {said['on']} 重述（批准人 {said['approver']}；理由：{said['reason']}；"
                f"发布 {said['release']}）；此处为重述后的数。"
            )
    if months := [name for name in published.pending if january <= name <= month]:
        told.append(
            f"待重述：按今天已知的数据和因子，{'、'.join(months)} 有数字会变（见 pending.json）；此处为已公布的数。"
        )
    return told


def _kind(name: str, steps: list[str]) -> Kind:
    base = name.partition("@")[0]
    same = [kind for kind in KINDS if kind.name == base]
    for kind in same:
        if len(kind.steps) == len(steps):
            return kind
    patterns = [kind.pattern for kind in same] or _nearest(base)
    raise NotFound(
        f"无法识别的数字名称 “{'/'.join((name, *steps))}”。相近的写法：{'、'.join(patterns)}；"
        "全部名称见 greenledger explain --list。",
        f"unknown figure {name!r}; nearest: {', '.join(patterns)}; greenledger explain --list",
    )


def _nearest(name: str) -> list[str]:
    every = list(dict.fromkeys(kind.name for kind in KINDS))
    close = get_close_matches(name, every, n=3, cutoff=0.4) or every
    return [kind.pattern for kind in KINDS if kind.name in close]


def _factory(evidence: Evidence, text: str) -> str:
    """A factory by its code or its registered name.

    Raises:
        NotFound: nobody goes by it; the nearest are told.
    """
    sql = "select distinct factory_id, name from raw.register_line union select distinct factory_id, null from raw.energy_line"
    rows = evidence.rows(sql)
    by_text = {row["name"]: row["factory_id"] for row in rows if row["name"]}
    codes = {row["factory_id"] for row in rows}
    if text in codes:
        return text
    if text in by_text:
        return str(by_text[text])
    close = get_close_matches(text, [*codes, *by_text], n=3, cutoff=0.6)
    raise NotFound(
        f"没有企业 “{text}”。{'相近：' + '、'.join(close) if close else '请用统一社会信用代码或名录中的全称。'}",
        f"no factory {text!r}; nearest: {', '.join(close) or 'none'}",
    )


def _number(text: str) -> int:
    if not text.isdigit():
        raise NotFound(f"读到行号 “{text}”，应为数字。", f"read line number {text!r}, expected digits")
    return int(text)


def _metric_kinds() -> Iterable[Kind]:
    for metric in METRICS.values():
        yield Kind(f"{metric.name}/MONTH", f"全区{metric.title_zh}", _district)
        yield Kind(f"{metric.name}/MONTH/FACTORY", f"企业{metric.title_zh}", _of_factory)
        yield Kind(f"{metric.name}/MONTH/FACTORY/ENERGY", f"一种能源的{metric.title_zh}", _of_use)


def _district(evidence: Evidence, figure: str, steps: list[str]) -> Explanation:
    return energy.district(evidence, energy.question(evidence, figure, month_of(steps[0])))


def _of_factory(evidence: Evidence, figure: str, steps: list[str]) -> Explanation:
    asked = energy.question(evidence, figure, month_of(steps[0]))
    return energy.factory(evidence, asked, _factory(evidence, steps[1]))


def _of_use(evidence: Evidence, figure: str, steps: list[str]) -> Explanation:
    asked = energy.question(evidence, figure, month_of(steps[0]))
    return energy.use(evidence, asked, _factory(evidence, steps[1]), steps[2])


def _of_month(screen: Callable[[Evidence, Month, str], Explanation]) -> Screen:
    return lambda evidence, figure, steps: screen(evidence, month_of(steps[0]), figure)


def _of_month_and(
    screen: Callable[[Evidence, Month, str, str], Explanation], *, is_factory: bool = True
) -> Screen:
    def answer(evidence: Evidence, figure: str, steps: list[str]) -> Explanation:
        second = _factory(evidence, steps[1]) if is_factory else steps[1]
        return screen(evidence, month_of(steps[0]), second, figure)

    return answer


KINDS: tuple[Kind, ...] = (
    Kind("progress/MONTH", "规划指标进展", _of_month(plan.progress)),
    Kind("progress/MONTH/TARGET", "一项规划目标", _of_month_and(plan.target, is_factory=False)),
    Kind("green_share/MONTH", "“6+X”产业绿色占比", _of_month(goals.green_share)),
    Kind(
        "green_share/MONTH/CLUSTER",
        "一个产业集群的绿色占比",
        _of_month_and(goals.share_cluster, is_factory=False),
    ),
    Kind("national_green_factories/MONTH", "国家级绿色工厂家数", _of_month(titles.national)),
    Kind(
        "output/MONTH",
        "全区当月工业总产值",
        lambda e, f, s: outputs.district(e, f, month_of(s[0])),
    ),
    Kind("output/MONTH/FACTORY", "企业年初累计工业总产值", _of_month_and(outputs.factory)),
    Kind("membership/MONTH/FACTORY", "企业的 6+X 归属", _of_month_and(titles.member_of)),
    Kind("green_status/MONTH/FACTORY", "企业的绿色工厂状态", _of_month_and(titles.status_of)),
    Kind(
        "assessment/YEAR/FACTORY",
        "企业绿色工厂评价（门槛与指标）",
        lambda e, f, s: assessment.factory(e, f, year_of(s[0]), _factory(e, s[1])),
    ),
    Kind(
        "assessment/YEAR/FACTORY/CRITERION",
        "绿色工厂评价的一条",
        lambda e, f, s: assessment.criterion(e, f, year_of(s[0]), _factory(e, s[1]), s[2]),
    ),
    *_metric_kinds(),
    Kind(
        "inventory/MONTH",
        "全区温室气体清单（全部气体）",
        lambda e, f, s: inventory.district(e, f, month_of(s[0])),
    ),
    Kind(
        "inventory/MONTH/FACTORY",
        "企业温室气体清单（全部气体）",
        lambda e, f, s: inventory.factory(e, f, month_of(s[0]), _factory(e, s[1])),
    ),
    Kind(
        "renewable_rate/MONTH/FACTORY",
        "企业可再生能源利用率",
        lambda e, f, s: renewable.factory(e, f, month_of(s[0]), _factory(e, s[1])),
    ),
    Kind(
        "uncertainty/MONTH",
        "全区排放的不确定度与数据质量",
        lambda e, f, s: uncertainty.district(e, f, month_of(s[0])),
    ),
    Kind(
        "uncertainty/MONTH/FACTORY",
        "企业排放的不确定度与数据质量",
        lambda e, f, s: uncertainty.factory(e, f, month_of(s[0]), _factory(e, s[1])),
    ),
    Kind(
        "gas_uncertainty/MONTH",
        "全区过程与其他气体的不确定度与数据质量",
        lambda e, f, s: gas_quality.district(e, f, month_of(s[0])),
    ),
    Kind(
        "medium/MONTH",
        "全区耗能工质折标准煤",
        lambda e, f, s: media.district(e, f, month_of(s[0])),
    ),
    Kind(
        "medium/MONTH/FACTORY",
        "企业耗能工质折标准煤",
        lambda e, f, s: media.factory(e, f, month_of(s[0]), _factory(e, s[1])),
    ),
    Kind(
        "electricity/MONTH",
        "全区外购电力，各口径并列",
        lambda e, f, s: electricity.district(e, f, month_of(s[0])),
    ),
    Kind(
        "electricity/MONTH/FACTORY",
        "企业外购电力，各口径并列",
        lambda e, f, s: electricity.factory(e, f, month_of(s[0]), _factory(e, s[1])),
    ),
    Kind(
        "ranking/YEAR/DIMENSION",
        "街镇、园区、行业大类或产业集群排名",
        lambda e, f, s: ranking.dimension(e, f, year_of(s[0]), s[1]),
    ),
    Kind(
        "ranking/YEAR/DIMENSION/KEY",
        "一个街镇、园区、行业大类或产业集群",
        lambda e, f, s: ranking.one(e, f, year_of(s[0]), s[1], s[2]),
    ),
    Kind("yoy/MONTH", "全区排放与综合能耗的同比", lambda e, f, s: changes.year(e, f, month_of(s[0]))),
    Kind("mom/MONTH", "全区排放与综合能耗的环比", lambda e, f, s: changes.previous(e, f, month_of(s[0]))),
    Kind(
        "combustion_gas/MONTH",
        "全区燃烧的 CH4、N2O 与生物质 CO2",
        lambda e, f, s: gases.district(e, f, month_of(s[0])),
    ),
    Kind(
        "combustion_gas/MONTH/FACTORY/ENERGY",
        "一种燃料燃烧的 CH4、N2O",
        lambda e, f, s: gases.use(e, f, month_of(s[0]), _factory(e, s[1]), s[2]),
    ),
    Kind(
        "process/MONTH",
        "全区过程与逸散排放（当量）",
        lambda e, f, s: process.district(e, f, month_of(s[0])),
    ),
    Kind(
        "process/MONTH/FACTORY",
        "企业过程与逸散排放（当量）",
        lambda e, f, s: process.factory(e, f, month_of(s[0]), _factory(e, s[1])),
    ),
    Kind(
        "process/MONTH/FACTORY/ACTIVITY",
        "一种活动的过程与逸散排放",
        lambda e, f, s: process.activity(e, f, month_of(s[0]), _factory(e, s[1]), s[2]),
    ),
    Kind(
        "coverage/MONTH",
        "当月数据情况（收到、准入、暂挂，应报与已报）",
        lambda e, f, s: coverage.district(e, f, month_of(s[0])),
    ),
    Kind(
        "coverage/MONTH/FACTORY",
        "企业当月数据情况",
        lambda e, f, s: coverage.factory(e, f, month_of(s[0]), _factory(e, s[1])),
    ),
    Kind("held", "全部暂挂的行", lambda e, f, s: lines.held(e, None, f)),
    Kind("held/MONTH", "当月暂挂的行", _of_month(lines.held)),
    Kind("line/RECEIPT/LINE", "一行原文及其去向", lambda e, f, s: lines.line(e, s[0], _number(s[1]), f)),
)

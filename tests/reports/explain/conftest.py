"""A small real ledger, published: the golden files and one more, whose answers stand in the worked cases."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines import intake, reports
from pipelines.dag import release, walk
from pipelines.dag.site import Site
from pipelines.engine import Ledger
from pipelines.paths import Home
from pipelines.periods import SHANGHAI, Month
from pipelines.reports import Explanation, Published
from tests.sample.codes import credit_code

GOLDEN = Path(__file__).parents[2] / "golden" / "files"
THROUGH, AS_OF = Month(2023, 1), date(2026, 6, 30)
A, B, C, D, E, F, G = [credit_code(number) for number in range(901, 908)]

# 120 万m³ of gas and 100 t of diesel as in the worked cases; a tenth of the diesel is raw material; heat with the
# factory's own coefficient; electricity in two units with a kilogram of LPG beside it.
MORE = f"""\
统一社会信用代码,报告期,能源代码,计量单位,消费量,其中用于原材料,采用折标系数,计量点
{B},2022-12,15,万立方米,120,,,
{B},2022-12,21,吨,100,10,,
{B},2022-12,32,百万千焦,50000,,0.0341,
{B},2022-12,33,万千瓦时,1.2万,,,一号表
{B},2022-12,33,度,３７,,,二号表
{B},2022-12,23,千克,1000,,,
"""

# Measured values with and without a document, steam and hot water in tonnes, exports with and without 购进量,
# a year-to-date pair with raw material, and biomass.
_HEADER = (
    "统一社会信用代码,报告期,能源代码,计量单位,数据口径,购进量,消费量,其中用于原材料,其中运输工具消费,外供量,"
    "实测低位发热量,低位发热量单位,实测含碳量,含碳量单位,蒸汽焓值,热水温度,计量点,凭证号"
)
DETAILS = f"""\
{_HEADER}
{C},2022-12,15,万立方米,,,7,,,,389.7,GJ/万m3,,,,,一,示例报告1
{C},2022-12,15,立方米,,,300,,,,,,15.3,tC/TJ,,,二,示例报告2
{C},2022-12,21,吨,,,11,1,,,42.123456789,GJ/t,0.0201234567,tC/GJ,,,,示例报告3
{C},2022-12,19,吨,,,13,,,,,,0.83,tC/t,,,,示例报告4
{C},2022-12,22,吨,,,17,,,,41.1,GJ/t,,,,,,
{D},2022-12,32,吨,,,19,,,,,,,,2801.7,,一,
{D},2022-12,32,吨,,,23,,,,,,,,,81.3,二,
{E},2022-12,33,万千瓦时,,20,15,,,5,,,,,,,,
{E},2022-12,32,百万千焦,,,100,,,20,,,,,,,,
{F},2022-11,15,万立方米,本年累计,,100.5,,,,,,,,,,一,
{F},2022-12,15,万立方米,本年累计,,150.75,,,,,,,,,,一,
{F},2022-11,21,吨,本年累计,,10,1,,,,,,,,,,
{F},2022-12,21,吨,本年累计,,12,1.5,,,,,,,,,,
{D},2022-12,21,吨,,,10,0.5,3,,,,,,,,,
{G},2022-12,36,吨,,,29,,,,,,,,,,,
"""
GREEN = f"""\
统一社会信用代码,报告期,类型,电量,计量单位,合同号,结算单号,绿证编号
{E},2022-12,绿证,3,万千瓦时,,,示例绿证7
{E},2022-12,绿电直连,1,万千瓦时,示例合同8,,
{E},2022-12,自发自用,2.5,万千瓦时,,,
"""

MEDIA = f"""\
统一社会信用代码,报告期,耗能工质,工质来源,工质消费量,计量单位,凭证号
{E},2022-12,压缩空气,外购,10,万立方米,示例一
{E},2022-12,压缩空气,外购,３７.5,万立方米,示例二
{E},2022-12,压缩空气,自产,"50,000",立方米,
{E},2022-12,新水,外购,1234567.8,千克,示例三
{G},2022-12,电石,外购,2.5,吨,示例四
{G},2023-01,新水,外购,100,吨,示例五
"""

# A gate met, one failed, one neither; a threshold of the standard passed, one only remembered, one in another unit.
PROFILE = f"""\
统一社会信用代码,年度,指标代码,值,计量单位,证明材料
{A},2022,lawful_establishment,1,是/否,示例营业执照
{A},2022,stakeholder_commitments,0,是/否,
{A},2022,top_management,2,是/否,
{A},2022,green_material_rate,31,%,示例台账
{A},2022,building_density,36.5,%,
{A},2022,plot_ratio,1.2,1,
{B},2022,green_material_rate,22.5,%,
{C},2022,green_material_rate,0.31,1,
"""


class Golden(NamedTuple):
    """The ledger as published, with one landing open for all questions: its reading child starts once."""

    home: Home
    release: Path
    published: Published
    landing: intake.Landing

    def explain(self, figure: str) -> Explanation:
        """A screen of the ledger as it was published."""
        return self.ask(figure, self.published)

    def ask(self, figure: str, published: Published | None, ledger: Path | None = None) -> Explanation:
        """A screen of one ledger file and one release."""
        with Ledger.open(ledger or self.home.ledger, read_only=True) as opened:
            return reports.explain(opened, self.landing, figure, published)


def published_of(folder: Path) -> Published:
    """A release folder as the command hands it over."""
    inputs = release.read_manifest(folder)["inputs"]
    as_of = date.fromisoformat(inputs["as_of"])
    return Published(folder.name, THROUGH, as_of, folder / "rules", release.read_marts(folder))


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Golden]:
    home = Home(tmp_path_factory.mktemp("explained"))
    files = [(path.name, path.read_bytes()) for path in sorted(GOLDEN.iterdir())]
    files += [("99-算例.csv", MORE.encode()), ("99-细项.csv", DETAILS.encode())]
    files += [("99-绿证.csv", GREEN.encode()), ("99-工质.csv", MEDIA.encode())]
    files += [("99-绩效.csv", PROFILE.encode())]
    with intake.Landing.open(home) as landing:
        for place, (name, data) in enumerate(files):
            at = datetime(2023, 2, 1 + place, 10, tzinfo=SHANGHAI)
            receipt = intake.receive(data, sender="commission", filename=name, at=at, landing=landing)
            assert receipt.is_accepted, receipt.as_text()
    site = Site(home, THROUGH, AS_OF)
    home.made(home.published)
    with Ledger.open(home.building, folders=[home.lines, home.published]) as ledger:
        found = walk.walk(ledger, site)
        folder = release.publish(ledger, site, found, [])
    home.building.replace(home.ledger)
    with intake.Landing.open(home) as landing:
        yield Golden(home, folder, published_of(folder), landing)


@pytest.fixture
def altered(golden: Golden, tmp_path: Path) -> Iterator[Callable[[str], Callable[[str], Explanation]]]:
    """Screens of a copy of the ledger in which a statement has been run."""

    def alter(statement: str) -> Callable[[str], Explanation]:
        copy = tmp_path / "ledger.duckdb"
        shutil.copyfile(golden.home.ledger, copy)
        with Ledger.open(copy) as ledger:
            ledger.execute(statement)
        return lambda figure: golden.ask(figure, golden.published, copy)

    yield alter


@contextmanager
def rewritten(golden: Golden, folder: Path, name: str, old: str, new: str) -> Iterator[Published]:
    """The release with one text of its kept rules changed."""
    copy = folder / golden.release.name
    shutil.copytree(golden.release, copy)
    path = copy / "rules" / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    yield published_of(copy)
    shutil.rmtree(copy)

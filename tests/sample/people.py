"""The invented factories of the sample district 示例区: who they are, what they use, how they send their files."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.sample.codes import credit_code

# Cluster, industry code, tag stated, how many, share of the district's output (per mille). After the published
# weights of the real district: new-generation electronics about 36.6 % of output.
MIX = (
    ("ngit", "3921", "", 14, 200),
    ("ngit", "3990", "", 12, 166),
    ("ic", "3973", "", 6, 55),
    ("bio", "2720", "", 10, 34),
    ("mat", "2651", "mat", 8, 70),
    ("", "2651", "", 2, 10),
    ("heq", "3569", "", 12, 100),
    ("nev", "3670", "nev", 6, 60),
    ("", "3670", "", 3, 20),
    ("ai", "3961", "", 4, 20),
    ("ne", "3841", "", 6, 50),
    ("sec", "3595", "", 4, 20),
    ("", "2231", "", 9, 55),
    ("", "1441", "", 8, 45),
    ("", "3311", "", 8, 45),
    ("", "2929", "", 8, 50),
)
TRADES = (
    "精密制造",
    "电子科技",
    "新材料",
    "装备",
    "生物科技",
    "汽车零部件",
    "食品",
    "包装",
    "金属制品",
    "光电",
)
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gb18030", "utf-16")
CADENCES = ((1, 8), (3, 58), (6, 34), (12, 20))


@dataclass
class Habit:
    """How one clerk's files look, always the same way."""

    form: str
    encoding: str
    english: bool
    months_a_file: int
    electricity_unit: str
    gas_unit: str
    diesel_unit: str
    period_style: int
    thousands: bool
    full_width: bool
    title_row: bool


@dataclass
class Factory:
    """One invented factory."""

    number: int
    code: str
    name: str
    cluster: str
    industry: str
    tag: str
    town: str
    park: str
    is_above_scale: bool
    land_m2: int
    output_wan: int
    uses: dict[str, int]
    habit: Habit
    has_green_power: bool = False
    titles: list[dict[str, object]] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """In the denominator of the green share."""
        return bool(self.cluster) and self.is_above_scale


def make_factories(random: Random, count: int) -> list[Factory]:
    """*count* factories in the mix above; beyond 120 the mix repeats."""
    plan = [entry for entry in MIX for _ in range(entry[3])]
    return [_factory(random, number, plan[(number - 1) % len(plan)]) for number in range(1, count + 1)]


def _factory(random: Random, number: int, entry: tuple[str, str, str, int, int]) -> Factory:
    cluster, industry, tag, many, share = entry
    output_wan = round(37_140_000 / 12 * share / 1000 / many / 13 * random.uniform(0.6, 1.5))
    below = number % 11 == 0
    return Factory(
        number=number,
        code=credit_code(number),
        name=f"示例{random.choice(TRADES)}{number:03d}有限公司",
        cluster=cluster,
        industry=industry,
        tag=tag,
        town=f"示例{'一二三四五六七八九十'[number % 10]}镇",
        park=f"示例园区{'ABCDE'[number % 5]}" if number % 3 else "",
        is_above_scale=not below,
        land_m2=random.randrange(8_000, 120_000, 100),
        output_wan=max(120, output_wan // (20 if below else 1)),
        uses=_uses(random, number, industry),
        habit=_habit(random, number),
        has_green_power=number % 12 == 5,
    )


def _uses(random: Random, number: int, industry: str) -> dict[str, int]:
    """Base monthly use by energy code: kWh, m3, kg, kg, GJ, t, kg."""
    uses = {"33": random.randrange(80_000, 2_400_000)}
    if number % 4:
        uses["15"] = random.randrange(3_000, 160_000)
    if number % 3 == 0:
        uses["21"] = random.randrange(400, 9_000)
    if number % 7 == 0:
        uses["19"] = random.randrange(200, 2_000)
    if number % 5 == 0:
        uses["32"] = random.randrange(200, 6_000)
    if number % 29 == 0 or (industry == "2231" and number % 4 == 0):
        uses["01"] = random.randrange(20, 240)
    if number % 17 == 0:
        uses["23"] = random.randrange(300, 4_000)
    return uses


def _habit(random: Random, number: int) -> Habit:
    place, months = number % 120, 12
    for cadence, many in CADENCES:
        if place < many:
            months = cadence
            break
        place -= many
    return Habit(
        form="xlsx" if number % 3 == 1 else "csv",
        encoding=ENCODINGS[number % len(ENCODINGS)],
        english=number % 9 == 4,
        months_a_file=months,
        electricity_unit=("万千瓦时", "千瓦时", "度", "KWh", "MWh")[number % 5],
        gas_unit=("立方米", "万立方米", "m3")[number % 3],
        diesel_unit=("吨", "升", "kg")[number % 3 if number % 2 else 1],
        period_style=number % 5,
        thousands=number % 6 == 2,
        full_width=number % 23 == 3,
        title_row=number % 8 == 6,
    )

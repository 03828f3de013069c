"""Two thousand mutated files: rows in = accepted + refused, never an exception, nothing in part."""

from __future__ import annotations

from datetime import datetime
from random import Random

from pipelines.intake.parsing import parse
from pipelines.periods import SHANGHAI
from tests.sample.codes import credit_code

AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)
ROWS = [
    f"{credit_code(number)},2023-0{1 + number % 5},{name},{unit},{number}.5,备注{number}"
    for number, (name, unit) in enumerate(
        [
            ("电力", "万千瓦时"),
            ("天然气", "立方米"),
            ("柴油", "吨"),
            ("热力", "GJ"),
            ("汽油", "升"),
            ("原煤", "kg"),
        ],
        start=1,
    )
]
FILE = "统一社会信用代码,报告期,能源名称,计量单位,消费量,备注\n" + "\n".join(ROWS) + "\n"
JUNK = (
    "",
    ",",
    '"',
    "\n",
    "\x00",
    "甲",
    "=1+1",
    "NaN",
    "1e99",
    "９９",
    "\u200b",
    "'; drop table x;--",
    "<script>",
    "#REF!",
    "\t",
)


def mutated(random: Random) -> bytes:
    """The file with one to four small or large accidents."""
    data = FILE.encode(random.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16")))
    for _ in range(random.randint(1, 4)):
        kind, place = random.randrange(5), random.randrange(len(data) + 1)
        if kind == 0:
            data = data[:place] + random.choice(JUNK).encode("utf-8") + data[place:]
        elif kind == 1:
            data = data[:place] + bytes([random.randrange(256)]) + data[place + 1 :]
        elif kind == 2:
            data = data[:place]
        elif kind == 3:
            end = min(len(data), place + random.randrange(60))
            data = data[:place] + data[end:]
        else:
            data = data[:place] + data[max(0, place - random.randrange(80)) :]
    return data


def test_two_thousand_mutated_files_are_each_accepted_or_refused_whole() -> None:
    random = Random(20230605)
    accepted = refused = 0
    for _ in range(2_000):
        outcome = parse(mutated(random), "commission", AT)
        if outcome.is_accepted:
            assert len(outcome.lines) == outcome.rows > 0
            assert outcome.lines["consumed"].null_count() == 0
            accepted += 1
        else:
            assert outcome.lines.is_empty() and outcome.problem_count >= 1
            refused += 1
    assert accepted > 50 and refused > 500

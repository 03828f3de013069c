"""产业结构 | Which industries the invented district has, and what the 6+X rules make of each.

The mix follows the public size of such a district: new-generation electronics about 36.6 % of output, 生物医药
about 3 %, strategic clusters together about three quarters here because above-scale firms were chosen.
The cluster each code and tag leads to is written out by hand, so that it can judge the product's matching.
"""

from __future__ import annotations

from typing import NamedTuple

# 6+X clusters: code → (Chinese name, named again in June 2024, i.e. in the narrow variant b6).
CLUSTERS = {
    "ngit": ("新一代信息技术", False),
    "nev": ("新能源汽车", False),
    "bio": ("生物医药", True),
    "mat": ("新材料", True),
    "ic": ("集成电路", True),
    "heq": ("高端装备", False),
    "ai": ("人工智能", True),
    "ne": ("新能源", True),
    "sec": ("智慧安防", True),
}
TOWNS = [f"示例{number}镇" for number in "一二三四五六七八九十"]
PARKS = [f"示例园区{letter}" for letter in "ABCDEF"]


class Industry(NamedTuple):
    """One line of the mix. Of 120 factories ``count`` are of it; ``output`` is its part of a thousand of output.

    ``cluster`` is where code and tag together lead; blank means outside 6+X, or pending for want of a tag.
    ``kwh`` and ``gas`` are energy per 10,000 yuan of output: kWh and Nm3.
    """

    code: str
    tag: str
    cluster: str
    stem: str
    count: int
    output: int
    kwh: int
    gas: int


# Class codes of GB/T 4754-2017. The first lines are what even the smallest district has.
MIX = (
    Industry("3911", "", "ngit", "电子整机", 3, 130, 22, 1),
    Industry("3973", "", "ic", "集成电路", 4, 40, 420, 8),
    Industry("3360", "", "", "表面处理", 2, 6, 500, 60),
    Industry("3922", "", "ngit", "通信终端", 4, 76, 30, 1),
    Industry("2651", "mat", "mat", "合成材料", 3, 25, 330, 55),
    Industry("3612", "", "nev", "新能源整车", 1, 60, 40, 5),
    Industry("1811", "", "", "服装", 3, 12, 60, 10),
    Industry("3982", "", "ngit", "电子电路", 5, 50, 240, 12),
    Industry("3825", "", "ne", "光伏设备", 2, 25, 150, 6),
    Industry("3912", "", "ngit", "电子部件", 5, 60, 85, 4),
    Industry("3581", "", "bio", "医疗设备", 2, 8, 70, 4),
    Industry("1411", "", "", "糕点食品", 3, 12, 130, 35),
    Industry("2720", "", "bio", "生物制药", 2, 10, 160, 40),
    Industry("3670", "nev", "nev", "汽车电驱", 4, 40, 95, 9),
    Industry("3670", "", "", "汽车零件", 3, 25, 90, 10),
    Industry("2231", "", "", "纸制品", 3, 12, 210, 45),
    Industry("3841", "", "ne", "动力电池", 2, 20, 190, 9),
    Industry("4011", "", "heq", "工业控制", 3, 16, 45, 2),
    Industry("3595", "", "sec", "安防设备", 3, 10, 38, 2),
    Industry("3976", "", "ngit", "光电器件", 4, 30, 180, 5),
    Industry("3562", "", "ic", "半导体装备", 2, 10, 60, 2),
    Industry("3484", "", "", "精密制造", 3, 30, 110, 8),
    Industry("3493", "", "heq", "智能装备", 2, 14, 50, 3),
    Industry("2641", "", "", "涂料", 2, 8, 60, 20),
    Industry("3853", "", "", "家用电器", 2, 30, 55, 6),
    Industry("3985", "ic", "ic", "硅片材料", 2, 10, 380, 10),
    Industry("3985", "", "", "电子化学品", 1, 4, 150, 15),
    Industry("3491", "ai", "ai", "智能机器人", 1, 6, 42, 1),
    Industry("3491", "", "heq", "工业机器人", 2, 14, 45, 2),
    Industry("3962", "", "ai", "车载智能", 1, 4, 40, 1),
    Industry("3962", "nev", "nev", "车载控制", 1, 5, 40, 1),
    Industry("3964", "", "ai", "服务机器人", 2, 12, 35, 1),
    Industry("3492", "", "ai", "特种机器人", 1, 4, 40, 1),
    Industry("2762", "", "bio", "疫苗制品", 1, 6, 180, 30),
    Industry("3544", "", "bio", "制药装备", 1, 6, 55, 4),
    Industry("3073", "", "mat", "特种陶瓷", 2, 8, 280, 120),
    Industry("2921", "mat", "mat", "功能薄膜", 2, 8, 260, 15),
    Industry("3240", "mat", "mat", "特种合金", 1, 7, 350, 70),
    Industry("3821", "ne", "ne", "新能源变流", 2, 8, 48, 3),
    Industry("3821", "", "", "变压器", 2, 10, 50, 4),
    Industry("3915", "sec", "sec", "信息安全", 1, 4, 30, 1),
    Industry("3421", "heq", "heq", "数控机床", 2, 8, 75, 4),
    Industry("3421", "", "", "金属加工机械", 1, 4, 75, 5),
    Industry("3919", "", "ngit", "计算机外设", 3, 20, 60, 2),
    Industry("2651", "", "", "树脂", 1, 6, 300, 50),
    Industry("3525", "", "", "模具", 2, 6, 90, 4),
    Industry("1495", "", "", "食品配料", 2, 10, 120, 40),
    Industry("2319", "", "", "包装印刷", 2, 8, 110, 20),
    Industry("2110", "", "", "木质家具", 2, 8, 60, 12),
    Industry("2926", "", "", "塑料包装", 3, 15, 240, 6),
    Industry("3311", "", "", "金属结构", 4, 25, 80, 18),
    Industry("3351", "", "", "五金配件", 3, 15, 95, 10),
)


def seats(factories: int) -> list[tuple[Industry, int]]:
    """Industry and ordinal within it of each factory: one of every line first, then the second of each, ….

    Beyond 120 the same order begins again, so that the mix stays.
    """
    rounds = max(industry.count for industry in MIX)
    order = [industry for turn in range(rounds) for industry in MIX if turn < industry.count]
    taken: dict[Industry, int] = {}
    found = []
    for place in range(factories):
        industry = order[place % len(order)]
        taken[industry] = taken.get(industry, 0) + 1
        found.append((industry, taken[industry]))
    return found

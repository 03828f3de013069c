"""等价电力折标系数 | What one unit of electricity counts as in 等价: only what the commission has put in force.

There is no constant. A row of ``generation_equivalents.csv`` speaks for the activity dates it names and only when
``is_adopted``; then it must carry its year, both dates and a document number. Other rows are kept for comparison.
Where no adopted row speaks, 等价 is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.reference.datafiles import (
    LONG_AGO,
    OPEN_END,
    Complaints,
    Row,
    day,
    hold_intervals,
    hold_unit,
    number,
)
from pipelines.reference.physics import Physics
from pipelines.reference.resolution import Candidate

_LEVELS = {"CN-SH": "city", "CN": "national"}
_NATIONAL = "全国供电标准煤耗，不是本市等价系数"


def candidates(rows: Iterable[Row], kind: Row, complaints: Complaints) -> list[Candidate]:
    """The adopted equivalents of one energy kind, in tce of its canonical unit."""
    return [
        Candidate(
            factor_id=row["factor_id"],
            rank=1,
            level=_LEVELS[row["region"]],
            start=day(row, "valid_from", LONG_AGO, complaints),
            end=day(row, "valid_to", OPEN_END, complaints),
            value=number(row, "value", complaints)
            * hold_unit(row, "unit", f"tce/{kind['canonical_unit']}", complaints),
            note=_note(row),
            rows=(row,),
        )
        for row in rows
        if row["is_adopted"] == "true" and row["energy_code"] == kind["energy_code"]
    ]


def hold_equivalents(physics: Physics, complaints: Complaints) -> None:
    """What is in force names its year, its dates and its document, and nothing is in force twice."""
    documents = {row["source_id"]: row["document_number"] for row in physics.rows["sources"]}
    adopted = [row for row in physics.rows["generation_equivalents"] if row["is_adopted"] == "true"]
    for row in adopted:
        _hold_filled(row, complaints)
        hold_unit(row, "unit", "kgce/kWh", complaints)
        if row["region"] not in _LEVELS:
            complaints.add(row, "region", "CN-SH（本市）或 CN（全国供电煤耗，采用时注明）")
        if row["confidence"] == "recalled":
            complaints.add(row, "confidence", "single 或 verified2：仅凭记忆的数值不得采用，请先核对原件")
        if not documents.get(row["source_id"]):
            complaints.add(row, "source_id", "sources.csv 中填有文号（document_number）的出处")
    hold_intervals(adopted, ("energy_code",), complaints)


def _hold_filled(row: Row, complaints: Complaints) -> None:
    if not (row["data_year"].isdecimal() and len(row["data_year"]) == len("2023")):
        complaints.add(row, "data_year", "四位数据年份")
    for column in ("valid_from", "valid_to"):
        if not row[column]:
            complaints.add(row, column, "日期：等价系数逐年取值，起止都要写明")


def _note(row: Row) -> str:
    label = f"等价系数 {row['data_year']} 年 {row['value']} {row['unit']}"
    parts: Sequence[str] = [label, _NATIONAL] if row["region"] == "CN" else [label]
    return "；".join(parts)

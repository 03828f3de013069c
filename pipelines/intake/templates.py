"""Forms to fill: a workbook with units, lists and guidance, or a CSV with the header alone."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines import units
from pipelines.errors import NotFound
from pipelines.intake.columns import TERMS
from pipelines.intake.contracts import Contract, ContractColumn, load_contracts
from pipelines.intake.unitlists import CHOOSERS, fitting_units, letter
from pipelines.periods import Month

_ROWS = 300
_A4 = 9
# Fixed, so that the same template is the same bytes.
_MADE = datetime(2021, 1, 1)  # noqa: DTZ001 - a workbook property has no zone


def template(contract: str, factory_id: str, period: Month | None, path: Path) -> None:
    """Write a template of *contract* to *path* (.xlsx, or .csv), with the factory and month filled in.

    Raises:
        NotFound: there is no such contract.
    """
    contracts = load_contracts()
    if contract not in contracts:
        known = "、".join(contracts)
        raise NotFound(f"没有报表 {contract}。可用：{known}。", f"no table {contract}; known: {known}")
    chosen = contracts[contract]
    filled = {"factory_id": factory_id, "period": str(period) if period else ""}
    if path.suffix.lower() == ".csv":
        _write_csv(chosen, filled, path)
    else:
        _write_workbook(chosen, filled, path)


def _write_csv(contract: Contract, filled: dict[str, str], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_header(column) for column in contract.columns)
        if any(filled.values()):
            writer.writerow(filled.get(column.name, "") for column in contract.columns)


def _write_workbook(contract: Contract, filled: dict[str, str], path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - only templates need it

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": contract.title.zh, "created": _MADE})
        text = book.add_format({"num_format": "@"})
        head = book.add_format(
            {"bold": True, "bg_color": "#DCE9E2", "border": 1, "text_wrap": True, "valign": "top"}
        )
        must = book.add_format(
            {
                "bold": True,
                "bg_color": "#1F6F54",
                "font_color": "#FFFFFF",
                "border": 1,
                "text_wrap": True,
                "valign": "top",
            }
        )
        sheet = book.add_worksheet("填报")
        lists = book.add_worksheet("选项")
        guide = book.add_worksheet("填写说明")
        lists.hide()
        sheet.freeze_panes(1, 0)
        for page in (sheet, guide):
            _set_page(page)
        for place, column in enumerate(contract.columns):
            sheet.write_string(0, place, _header(column), must if column.required else head)
            sheet.set_column(
                place, place, max(12, 2 * len(column.header) + 4), text if _is_text(column) else None
            )
            _offer_list(book, sheet, lists, contract, place)
        if any(filled.values()):
            _fill_rows(sheet, contract, filled, text)
        _write_guide(guide, contract, head, book.add_format({"text_wrap": True, "valign": "top"}))


def _set_page(page: Any) -> None:
    """A4 across, all columns on one page, the header on each: clerks print what they sign."""
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _fill_rows(sheet: Any, contract: Contract, filled: dict[str, str], text: Any) -> None:
    """The factory and month stand ready on the first row."""
    for place, column in enumerate(contract.columns):
        if filled.get(column.name):
            sheet.write_string(1, place, filled[column.name], text)


def _offer_list(book: Any, sheet: Any, lists: Any, contract: Contract, place: int) -> None:
    """A drop-down from the hidden sheet; long lists do not fit into the cell rule itself."""
    column = contract.columns[place]
    options = _options(column)
    if not options:
        return
    if column.units in CHOOSERS:
        source = fitting_units(book, lists, contract, column, options)
    else:
        lists.write_column(0, place, options)
        source, at = f"=list_{column.name}", letter(place)
        book.define_name(source[1:], f"=选项!${at}$1:${at}${len(options)}")
    sheet.data_validation(
        1, place, _ROWS, place, {"validate": "list", "source": source, "error_type": "warning"}
    )


def _options(column: ContractColumn) -> list[str]:
    if column.choices:
        return [spellings[0] if spellings else key for key, spellings in column.choices.items()]
    if column.reference == "energy_name":
        return [kind.name_zh for kind in units.energy_kinds().values()]
    if column.reference in TERMS:
        return list(units.term_names(column.reference).values())
    if column.type == "unit":
        return [units.preferred_spelling(unit) for unit in _units(column)]
    return ["是", "否"] if column.type == "boolean" else []


def _units(column: ContractColumn) -> list[str]:
    """Unit keys a column may hold: of one energy kind, of all of them in the order of the form, or of heat values."""
    kinds = units.energy_kinds()
    if column.units in kinds:
        return list(kinds[column.units].allowed_units)
    if column.units == "by_energy_kind":
        return list(dict.fromkeys(unit for kind in kinds.values() for unit in kind.allowed_units))
    if column.units == "by_activity":
        return list(
            dict.fromkeys(unit for item in units.activities().values() for unit in item.allowed_units)
        )
    if column.units == "heat_value":
        return [unit for unit in units.known_units() if "_per_" in unit]
    return []


def _write_guide(guide: Any, contract: Contract, head: Any, wrapped: Any) -> None:
    guide.set_column(0, 0, 20)
    guide.set_column(1, 1, 8)
    guide.set_column(2, 2, 70, wrapped)
    guide.set_column(3, 3, 26)
    guide.write_row(0, 0, ["列", "必填", "说明", "示例（勿照抄）"], head)
    for row, column in enumerate(contract.columns, start=1):
        guide.write_row(
            row, 0, [column.header, "是" if column.required else "", column.meaning.zh, column.example]
        )
    guide.write_string(
        len(contract.columns) + 2,
        0,
        "空白表示未报送，不等于零；确为零请填 0。更正某月数据请重新报送该月全部行。",
    )
    if any(column.units == "by_energy_kind" for column in contract.columns):
        _write_kinds(guide, len(contract.columns) + 4, head)


def _write_kinds(guide: Any, row: int, head: Any) -> None:
    """Which units each energy kind may come in: as a table, for those whose program shows no list."""
    guide.write_string(row, 0, "每种能源可填的计量单位（其他单位整份退回）：")
    guide.write_row(row + 1, 0, ["能源品种", "代码", "可填的单位", "说明"], head)
    for place, kind in enumerate(units.energy_kinds().values(), start=row + 2):
        spelled = "、".join(units.preferred_spelling(unit) for unit in kind.allowed_units)
        guide.write_row(place, 0, [kind.name_zh, kind.code, spelled, units.counted_note(kind)])


def _header(column: ContractColumn) -> str:
    if column.type == "money":
        return f"{column.header}（{column.money_default}）"
    unit = column.unit.partition(" | ")[0]
    return f"{column.header}（{unit}）" if unit else column.header


def _is_text(column: ContractColumn) -> bool:
    return column.type not in ("decimal", "money")

"""The closed list of reason codes: what was expected, and how to mend it, in both languages.

E1xx the file · E2xx its header · E3xx a cell · W warnings (the file is accepted and the sender is told).
A code is never reused for another meaning; the filling guide (docs/factory.md) lists them all.
"""

from __future__ import annotations

from typing import NamedTuple

from pipelines.errors import Problem


class Reason(NamedTuple):
    """What a code means. ``expected`` may be replaced by the place that knows better."""

    expected_zh: str
    expected_en: str
    mend_zh: str
    mend_en: str


REASONS: dict[str, Reason] = {
    "E101": Reason(
        "有内容的文件", "a file with content", "文件为空，请检查导出是否成功。", "Export it again."
    ),
    "E102": Reason(
        "不超过大小上限的文件", "a file within the size limit", "请按月拆分后报送。", "Split it by month."
    ),
    "E103": Reason(
        "CSV 文本或 XLSX 工作簿",
        "CSV text or an XLSX workbook",
        "这是图片、PDF、压缩包或旧版 .xls；请另存为 .xlsx 或 CSV。",
        "Save it as .xlsx or CSV.",
    ),
    "E104": Reason(
        "UTF-8、GB18030 或带 BOM 的 UTF-16 文本",
        "UTF-8, GB18030, or UTF-16 with a BOM",
        "请在 Excel 或 WPS 中另存为 CSV UTF-8。",
        "Save it as CSV UTF-8.",
    ),
    "E105": Reason(
        "内容与大小相称的工作簿",
        "a workbook whose content fits its size",
        "工作簿解开后过大或结构异常，请用填报模板重新填写。",
        "Fill the template instead.",
    ),
    "E106": Reason(
        "能在时限内读完的文件",
        "a file that can be read within the limits",
        "读取该文件时超出内存或时间限制，请用填报模板重新填写。",
        "Fill the template instead.",
    ),
    "E107": Reason(
        "至少一行数据",
        "at least one line of data",
        "只有表头没有数据；停产月份请填消费量 0。",
        "State 0 when nothing was used.",
    ),
    "E108": Reason(
        "本单位报送的文件",
        "a file of your own",
        "内容与其他单位已报送的文件完全相同。",
        "Another sender has sent the same bytes.",
    ),
    "E109": Reason(
        "主管部门报送的报表",
        "a table the commission sends",
        "企业不能报送该报表。",
        "Factories do not send this table.",
    ),
    "E110": Reason(
        "引号成对、逐行完整的 CSV",
        "CSV whose quotes close",
        "引号未闭合或单元格过长，请用 Excel 或 WPS 重新另存为 CSV。",
        "Save it as CSV again.",
    ),
    "E111": Reason(
        "只含一张数据表的工作簿",
        "a workbook with one table",
        "请每次只报送一张工作表，其余另存后分别报送。",
        "Send one sheet at a time.",
    ),
    "E201": Reason(
        "某一报表的表头",
        "the header of one of the tables",
        "请使用填报模板的表头（greenledger template）。",
        "Use the header of the template.",
    ),
    "E202": Reason(
        "不重复的列", "columns that differ", "同一含义的列出现两次，请删去一列。", "Remove one of the two."
    ),
    "E203": Reason("必填列", "a required column", "请补上该列。", "Add the column."),
    "E204": Reason(
        "元、千元、万元、百万元或亿元",
        "yuan, or thousand, ten thousand, million, hundred million yuan",
        "请折算为人民币并在表头括号内注明。",
        "Convert it to CNY and name the unit in the header.",
    ),
    "E205": Reason(
        "只占一行的表头",
        "a header of one line",
        "表头下一行仍是栏目名称；请把两行表头合并成一行，或改用填报模板（greenledger template）。",
        "Make the two lines of the header one, or use the template.",
    ),
    "E301": Reason(
        "18 位统一社会信用代码（校验码正确）",
        "an 18-character code with a right check digit",
        "请与营业执照核对，勿将字母 O 写成数字 0。",
        "Compare it with the business licence.",
    ),
    "E302": Reason(
        "文本格式的统一社会信用代码",
        "the code in a text cell",
        "单元格为数字，末几位已被 Excel 改成 0；请把该列设为文本后重新填写。",
        "Format the column as text and enter it again.",
    ),
    "E303": Reason(
        "本单位的统一社会信用代码",
        "your own code",
        "只能报送本单位数据，请核对。",
        "Only your own data can be sent.",
    ),
    "E304": Reason("报告期，如 2023-05", "a month such as 2023-05", "请按 YYYY-MM 填写。", "Write YYYY-MM."),
    "E305": Reason(
        "已结束或正在进行的月份",
        "a month that has begun",
        "不能报送未来月份，请核对年份。",
        "Future months are refused.",
    ),
    "E306": Reason("数字", "a number", "请只填数字；单位写在“计量单位”列。", "Write only the number."),
    "E307": Reason(
        "该能源可用的计量单位",
        "a unit this energy kind may be stated in",
        "请改用模板列出的单位。",
        "See the template.",
    ),
    "E308": Reason(
        "能识别的计量单位", "a known unit", "请改用模板列出的单位。", "Use a unit of the template."
    ),
    "E309": Reason(
        "205-1 表的能源代码 01—40",
        "an energy code 01-40",
        "请查填报指南的能源目录。",
        "See the energy catalogue.",
    ),
    "E310": Reason(
        "205-1 表的能源名称",
        "the name of an energy kind",
        "请查填报指南的能源目录。",
        "See the energy catalogue.",
    ),
    "E311": Reason(
        "与能源代码一致的能源名称",
        "a name that agrees with the code",
        "代码与名称不是同一种能源，请改正其一。",
        "Mend one of the two.",
    ),
    "E312": Reason(
        "非空的值",
        "a value",
        "该项必填（合并的单元格请先取消合并，逐行填写）。",
        "It is required; unmerge merged cells and fill every line.",
    ),
    "E313": Reason(
        "日期，如 2023-05-01", "a date such as 2023-05-01", "请按 YYYY-MM-DD 填写。", "Write YYYY-MM-DD."
    ),
    "E314": Reason("四位年份", "a four-digit year", "请填如 2023。", "Write 2023."),
    "E315": Reason("是 或 否", "yes or no", "请填“是”或“否”。", "Write 是 or 否."),
    "E316": Reason("所列选项之一", "one of the options", "请从下拉列表选择。", "Choose from the list."),
    "E317": Reason("符合格式的代码", "a code of the right form", "请核对代码。", "Check the code."),
    "E318": Reason(
        "不超过 18 位整数的数字",
        "a number of at most 18 digits",
        "请核对小数点和单位。",
        "Check the decimal point.",
    ),
    "E319": Reason(
        "能源代码或能源名称", "an energy code or name", "两项至少填一项。", "Fill at least one of them."
    ),
    "E320": Reason(
        "不多于表头的列数",
        "no more cells than the header has",
        "本行单元格多于表头，多半是数字中的逗号把一格拆成了两格；请去掉千位逗号或给该数加引号。",
        "A comma inside a number has split it; remove it or quote the number.",
    ),
    "E321": Reason(
        "有值的单元格",
        "a cell with a value",
        "公式出错（如 #N/A、#REF!），请改正公式或直接填数。",
        "Mend the formula.",
    ),
    "E322": Reason(
        "已计算的公式",
        "a calculated formula",
        "公式没有保存计算结果；请用 Excel 或 WPS 打开并保存一次，或改填数值。",
        "Open and save it in Excel or WPS, or enter the value.",
    ),
    "E323": Reason(
        "写全的月份，如 2023-01 或 2023-10",
        "a full month such as 2023-01 or 2023-10",
        "无法分辨 1 月与 10 月（表格软件会把 2023.10 存成 2023.1）；请按 YYYY-MM 填写。",
        "January or October? Write YYYY-MM.",
    ),
    "E324": Reason(
        "低位发热量的单位，如 GJ/t、kJ/kg、MJ/m3",
        "the unit of the heat value, such as GJ/t",
        "填了实测低位发热量，须同时填其单位。",
        "State its unit beside it.",
    ),
    "E325": Reason(
        "活动目录中的活动代码或名称",
        "a code or name of the activity catalogue",
        "请查填报指南的活动目录；目录里没有的活动请联系主管部门。",
        "See the activity catalogue.",
    ),
    "E326": Reason(
        "该活动可用的计量单位",
        "a unit this activity may be stated in",
        "请改用活动目录列出的单位。",
        "See the activity catalogue.",
    ),
    "E327": Reason(
        "气体目录中的气体，如 SF6、NF3、R410A",
        "a known gas such as SF6, NF3, R410A",
        "请查填报指南的气体目录，按牌号或分子式填写。",
        "Write its designation or formula; see the list of gases.",
    ),
    "E328": Reason(
        "工艺类型目录中的类型，如 原位清洗、远程等离子体清洗",
        "a known process type, such as in_situ or remote",
        "请查填报指南的工艺类型目录；该活动不分工艺类型的请留空。",
        "See the list of process types, or leave it blank.",
    ),
    "E331": Reason(
        "含碳量的单位，如 tC/TJ、tC/t、%、tC/万Nm3",
        "the unit of the carbon content, such as tC/TJ, tC/t, %",
        "填了实测含碳量，须同时填其单位。",
        "State its unit beside it.",
    ),
    "E332": Reason(
        "蒸汽焓值或热水温度",
        "the enthalpy of the steam, or the temperature of the hot water",
        "热力按吨填报须填蒸汽焓值（kJ/kg）或热水温度（℃）；没有时请按百万千焦填报。",
        "Heat in tonnes needs one of them; else state it in GJ.",
    ),
    "E333": Reason(
        "蒸汽焓值、热水温度只填一项",
        "either an enthalpy or a temperature",
        "一行热力不是蒸汽就是热水，请分行填报。",
        "Steam and hot water go on lines of their own.",
    ),
    "E334": Reason(
        "数字或空白",
        "a number or a blank",
        "横线、斜线和“无”分不清是零还是没有填报：没有发生请填 0，没有数据请留空（必填项须填数）。",
        "A dash says neither zero nor unknown: write 0 for none, leave unknown blank.",
    ),
    "W201": Reason("已知的列", "a known column", "该列未使用，其余内容照常受理。", "The column is not used."),
    "W202": Reason(
        "首行即为表头", "the header on the first line", "已跳过表头以上的行。", "Lines above were skipped."
    ),
    "W301": Reason(
        "不超过 9 位小数", "at most 9 decimals", "已保留 9 位小数，请核对。", "Kept to 9 decimals."
    ),
    "W203": Reason(
        "与表头同样多的单元格",
        "as many cells as the header",
        "本行较短，缺少的列按未填读取。",
        "Missing cells were read as blank.",
    ),
    "W204": Reason(
        "注明的金额单位",
        "a stated unit of money",
        "表头和金额单位列均未注明，已按该报表的默认单位读取；如不符请更正后重报。",
        "The table's default was assumed.",
    ),
    "W205": Reason(
        "与表头括号内一致的计量单位",
        "the unit named in the header",
        "表头括号与计量单位列不一致，已按计量单位列读取，请核对。",
        "The unit column was followed.",
    ),
    "W206": Reason(
        "数据行", "a line of data", "表头下的单位行或栏号行未读取。", "A row of units was not read."
    ),
    "W207": Reason(
        "有表头的列", "a column with a header", "该列没有表头，内容未使用。", "The column is not used."
    ),
    "W208": Reason(
        "显示着的工作表",
        "a sheet that is shown",
        "隐藏的工作表里也有一张数据表，没有读取；如需报送请取消隐藏后另存为单独的文件。",
        "A hidden sheet with a table was not read.",
    ),
    "W302": Reason(
        "数据行", "a line of data", "合计、填表人等说明行未读取。", "Totals and notes were not read."
    ),
    "W303": Reason(
        "日期",
        "a date",
        "读到表格软件的日期序号，已换算为日期，请核对。",
        "A spreadsheet's day number was converted.",
    ),
    "W304": Reason(
        "不超过两位小数的元", "yuan with at most 2 decimals", "已四舍五入到分。", "Rounded to cents."
    ),
    "W305": Reason(
        "205-1 表的能源名称",
        "the name of an energy kind",
        "名称未识别，已按能源代码读取，请核对。",
        "The energy code was followed.",
    ),
    "W306": Reason(
        "写全的数字",
        "a number written out",
        "读到科学计数法，末尾数字可能已丢失，请核对。",
        "Digits may be lost behind the exponent.",
    ),
}


def problem(
    code: str,
    *,
    line: int = 0,
    column: str = "",
    read: str = "",
    expected: tuple[str, str] | None = None,
) -> Problem:
    """The problem *code* at a place; *expected* replaces the code's own wording where the place knows better."""
    reason = REASONS[code]
    zh, en = expected or (reason.expected_zh, reason.expected_en)
    severity = "warning" if code.startswith("W") else "error"
    return Problem(
        code, line, harmless(column), harmless(read), zh, en, reason.mend_zh, reason.mend_en, severity
    )


def harmless(text: str, most: int = 80) -> str:
    """*text* from a file, short enough to show and without anything a terminal would obey.

    >>> harmless("a\\x1b[2Jb")
    'a�[2Jb'
    """
    shown = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in shown)

"""填报指南 | The filling guide for factories, written from the contracts so that it can never disagree with them.

``python -m pipelines.intake.guide > docs/factory.md``; a test holds the page to this text.
"""

from __future__ import annotations

import sys

from pipelines import units
from pipelines.intake.codes import REASONS
from pipelines.intake.contracts import Contract, load_contracts

_HEAD = """# 填报指南 | How to fill and send the forms

本页由报送约定（`schemas/contracts/`）生成。

## 六句话

1. 用模板填：`greenledger template energy --factory 统一社会信用代码 --period 2023-05`，或向主管部门索取。
2. 空白表示未报送，不等于零；确为零请填 0。
3. 统一社会信用代码列必须是文本格式；Excel 会把 18 位数字的末几位改成 0。
4. 一份文件有任何一处错误就整份退回，并一次列出全部问题；改好后重新报送整份即可。
5. 更正某月：重新报送该月的全部行，新的一份取代旧的一份。
6. 受理的文件也请看答复：“暂挂”的行在更正或核实之前不计入合计，“提示”的行照常计入，请核对或说明。

CSV（UTF-8、GB18030、带 BOM 的 UTF-16）和 XLSX 都收；表头中文英文均可，次序不限，表头括号里的单位会被识别或忽略；报告期可写
2023-05、2023年5月、2023/5、2023.05、202305；数字可有千分位、全角、“1.2万”。含千分位逗号的数字在 CSV 里要加引号，最好不用千分位。
"""


def filling_guide() -> str:
    """The whole page, as Markdown."""
    parts = [_HEAD]
    parts += [_contract(contract) for contract in load_contracts().values()]
    parts += [_energy_kinds(), _activities(), _gases(), _process_types(), _codes()]
    return "\n".join(parts)


def _contract(contract: Contract) -> str:
    senders = "、".join({"factory": "企业", "commission": "主管部门"}[sender] for sender in contract.senders)
    lines = [
        f"## {contract.title.zh}（{contract.contract}）",
        "",
        f"{contract.title.en}. 依据：{contract.source}。由{senders}报送。",
        "",
        "| 列 | 英文名 | 必填 | 说明 | 示例 |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {column.header} | `{column.name}` | {'是' if column.required else ''} | {column.meaning.zh} | {column.example} |"
        for column in contract.columns
    ]
    return "\n".join([*lines, ""])


def _energy_kinds() -> str:
    lines = ["## 能源目录与可用单位", "", "| 代码 | 名称 | 可用单位 | 备注 |", "|---|---|---|---|"]
    for kind in units.energy_kinds().values():
        spelled = "、".join(units.preferred_spelling(unit) for unit in kind.allowed_units)
        lines.append(f"| {kind.code} | {kind.name_zh} | {spelled} | {units.counted_note(kind)} |")
    return "\n".join([*lines, ""])


def _activities() -> str:
    lines = [
        "## 活动目录",
        "",
        "代码和名称都可以填。气体一栏写“填”的必须填气体；工艺类型一栏列有类型的按它填，括号里说明何时可以不填。",
        "",
        "| 代码 | 名称 | 可用单位 | 气体 | 工艺类型 | 说明 |",
        "|---|---|---|---|---|---|",
    ]
    for activity in units.activities().values():
        spelled = "、".join(units.preferred_spelling(unit) for unit in activity.allowed_units)
        kinds = "、".join(activity.process_types)
        optional = "（除 NF3 外可不填）" if kinds and activity.may_omit_process_type else ""
        gas = "填" if activity.is_gas_required else ""
        lines.append(
            f"| `{activity.code}` | {activity.name_zh} | {spelled} | {gas} | {kinds}{optional} | {activity.note} |"
        )
    return "\n".join([*lines, ""])


def _gases() -> str:
    names = "；".join(f"{key} {name}" for key, name in units.term_names("gas").items())
    return f"## 气体目录\n\n分子式、牌号（R410A、R-410A、HFC-134a）和中文名都可以填。\n\n{names}。\n"


def _process_types() -> str:
    lines = ["## 工艺类型目录", "", "| 代码 | 名称 |", "|---|---|"]
    lines += [f"| `{key}` | {name} |" for key, name in units.term_names("process_type").items()]
    return "\n".join([*lines, ""])


def _codes() -> str:
    lines = [
        "## 退回与提示代码",
        "",
        "E 开头的整份退回，W 开头的照常受理。",
        "",
        "| 代码 | 应为 | 怎样改 |",
        "|---|---|---|",
    ]
    lines += [f"| {code} | {reason.expected_zh} | {reason.mend_zh} |" for code, reason in REASONS.items()]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(filling_guide())

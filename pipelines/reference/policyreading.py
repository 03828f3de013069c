"""A YAML file read into its shape, every mistake told with the line an editor shows.

The loader is PyYAML's safe one with two differences: a key written twice, which YAML would let pass in silence,
is refused; and dates stay text until the shape reads them, so that 2021-13-01 is told like any other mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.reference.datafiles import Complaints

_M = TypeVar("_M", bound=BaseModel)
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    """YAML without its own idea of dates."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag != _TIMESTAMP]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

_EXPECTED = {
    "extra_forbidden": "已定义的字段（见 schemas/README.md），请核对拼写或删去",
    "missing": "必填，请补上",
    "literal_error": "{expected} 之一",
    "decimal_parsing": "十进制数",
    "decimal_type": "十进制数",
    "int_parsing": "整数",
    "int_type": "整数",
    "date_from_datetime_parsing": "日期 YYYY-MM-DD",
    "date_type": "日期 YYYY-MM-DD",
    "string_type": "文字（数字请加引号）",
    "string_pattern_mismatch": "符合格式 {pattern}",
    "list_type": "清单",
    "model_type": "字段与值",
    "greater_than": "大于 {gt}",
    "greater_than_equal": "不小于 {ge}",
    "less_than_equal": "不大于 {le}",
}
"""What a mistake of each kind should have been; the rest is told in pydantic's words."""


def read_all(folder: Path, model: type[_M], complaints: Complaints) -> list[_M] | None:
    """Every ``*.yml`` of *folder*, in order of name; nothing, with complaints, when one of them is broken."""
    found = [read(path, model, complaints) for path in sorted(folder.glob("*.yml"))]
    if not found:
        complaints.say(folder.name, "没有 .yml 文件")
    items = [item for item in found if item is not None]
    return items if found and len(items) == len(found) else None


def read(path: Path, model: type[_M], complaints: Complaints) -> _M | None:
    """*path* as *model*; nothing, with complaints, when it does not have that shape."""
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        if _has_doubles(root, path.name, complaints):
            return None
        return model.model_validate(loader.construct_document(root) if root is not None else None)
    except FileNotFoundError:
        complaints.say(path.name, "文件不存在")
    except UnicodeDecodeError as error:
        complaints.say(path.name, f"第{error.start + 1}个字节起不是 UTF-8，请另存为 UTF-8（不带 BOM）")
    except yaml.YAMLError as error:
        complaints.say(path.name, f"不是有效的 YAML，请核对缩进、引号和括号：{error}")
    except ValidationError as error:
        for problem in error.errors():
            complaints.say(*_told(path.name, root, problem))
    return None


def _told(file: str, root: yaml.Node | None, problem: ErrorDetails) -> tuple[str, str]:
    """Where the mistake stands, and what was read and expected there."""
    place = ".".join(map(str, problem["loc"]))
    where = f"{file} 第{_line(root, problem['loc'])}行「{place}」"
    told = _EXPECTED.get(problem["type"])
    expected = told.format(**problem.get("ctx", {})) if told else problem["msg"]
    if problem["type"] == "missing":
        return where, expected
    return where, f"读到 {problem.get('input')!r}，应为{expected}"


def _line(node: yaml.Node | None, steps: Sequence[str | int]) -> int:
    """The line of the deepest node that *steps* lead to: the key's own line where there is one."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in steps:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _has_doubles(node: yaml.Node | None, file: str, complaints: Complaints) -> bool:
    """Whether some mapping has a key twice; each is a complaint."""
    before = len(complaints.found)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _has_doubles(item, file, complaints)
    if isinstance(node, yaml.MappingNode):
        seen: dict[Any, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                complaints.say(
                    f"{file} 第{line}行「{key.value}」", f"与第{seen[key.value]}行重复，应只写一次"
                )
            seen.setdefault(key.value, line)
            _has_doubles(value, file, complaints)
    return len(complaints.found) > before

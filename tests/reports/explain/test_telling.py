"""How figures are named and told: the list, the nearest name, one JSON object, one sheet of paper, the exit code."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import paths
from pipelines.cli import app
from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.reports import card
from pipelines.reports.explain.kinds import KINDS
from pipelines.reports.sections import sections_of
from tests.reports.explain.conftest import A, B, Golden

ATTACK = "<script>alert(1)</script>示例\x1b[2J"
DOCUMENTED = {
    "figure", "title", "value", "formula", "agrees", "verdict", "compared", "first_difference", "scope", "release",
    "facts", "steps", "gates", "lines", "sources", "roundings", "notes", "sections", "closer",
}  # fmt: skip


@pytest.fixture
def command(golden: Golden, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("GREENLEDGER_HOME", str(golden.home.root))
    yield CliRunner()


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ("gren_share/2023-01", "green_share/MONTH"),
        ("co2", "co2/MONTH/FACTORY/ENERGY"),
        ("co2/2023-01/x/33/7/8", "co2/MONTH"),
        ("co2/2023年13月", "YYYY-MM"),
        ("co2/2024-05", "现有 2021-01 至 2023-01"),
        ("co2@nobody/2023-01", "location_provincial"),
        ("coal@shanghai_ets/2023-01", "不分口径"),
        (f"co2/2023-01/{A[:-1]}X", A),
        (f"co2/2023-01/{A}/15", "有：33"),
        ("green_share/2023-01/nothing", "有："),
        ("progress/2023-01/SJ9", "SJ2021-01"),
        ("line/R0/1", "没有这个回执"),
        ("line/R0/one", "应为数字"),
        (f"membership/2023-01/{A[:4]}", "没有企业"),
    ],
)
def test_a_name_nobody_knows_is_answered_with_what_is_known(golden: Golden, figure: str, told: str) -> None:
    with pytest.raises(NotFound, match=re.escape(told)):
        golden.explain(figure)


def test_a_factory_may_be_named_by_its_registered_name(golden: Golden) -> None:
    name = golden.explain(f"membership/2023-01/{A}").title.partition("（")[0]
    assert golden.explain(f"co2/2023-01/{name}").value == golden.explain(f"co2/2023-01/{A}").value


def test_json_has_the_documented_shape_and_loses_no_digit(command: CliRunner) -> None:
    answer = command.invoke(app, ["explain", f"co2/2023-01/{B}/21", "--json"])
    assert answer.exit_code == 0
    told = json.loads(answer.stdout)
    assert set(told) == DOCUMENTED
    page = (paths.CHECKOUT / "docs/method/18-explain.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in DOCUMENTED)
    assert told["steps"][-1]["recomputed"] == told["steps"][-1]["stored"] == "2.657628506866"
    assert told["lines"][0]["cells"]
    assert told["sources"][0]["document_number"]


def test_a_figure_that_does_not_hold_exits_one_and_says_so(
    golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(golden.home.root, home, ignore=shutil.ignore_patterns("*.wal"))
    with Ledger.open(home / "warehouse" / "ledger.duckdb") as ledger:
        ledger.execute("update core.emission set co2_t = co2_t + 0.000000000001")
    monkeypatch.setenv("GREENLEDGER_HOME", str(home))
    sheet = tmp_path / "card.html"
    answer = CliRunner().invoke(app, ["explain", f"co2/2023-01/{A}/33", "--html", str(sheet)])
    assert answer.exit_code == 1
    assert "不一致" in answer.stdout and "core.emission.co2_t" in answer.stdout
    assert "不一致" in sheet.read_text(encoding="utf-8")


def test_a_card_that_cannot_be_written_is_refused_in_words(command: CliRunner, tmp_path: Path) -> None:
    for sheet in (tmp_path / "nowhere" / "card.html", tmp_path):
        answer = command.invoke(app, ["explain", f"co2/2023-01/{A}/33", "--html", str(sheet)])
        assert answer.exit_code == 2
        assert "不能写入" in answer.output and "Traceback" not in answer.output


def test_the_list_names_every_kind_with_an_example_that_answers(command: CliRunner) -> None:
    answer = command.invoke(app, ["explain", "--list", "--json"])
    assert answer.exit_code == 0
    figures = json.loads(answer.stdout)["figures"]
    assert [item["pattern"] for item in figures] == [kind.pattern for kind in KINDS]
    text = command.invoke(app, ["explain", "--list"]).stdout
    assert all(item["example"] in text for item in figures)
    assert command.invoke(app, ["explain"]).exit_code == 2


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.outside += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_card_is_one_file_whose_text_runs_nowhere(golden: Golden, tmp_path: Path) -> None:
    screen = golden.explain(f"co2/2023-01/{B}/21")
    lines = [replace(line, cells=(ATTACK,), filename=ATTACK) for line in screen.lines]
    screen = replace(screen, title=ATTACK, lines=lines, notes=[ATTACK], facts={ATTACK: ATTACK})
    path = tmp_path / "card.html"
    card(screen, path)
    first = path.read_bytes()
    card(screen, path)
    assert path.read_bytes() == first
    page = _Page()
    page.feed(first.decode())
    assert "script" not in page.tags and not page.outside
    assert "\x1b" not in first.decode()
    assert "@page { size: A4" in first.decode() and 'lang="zh-CN"' in first.decode()


def test_a_long_computation_shows_what_differs_first(golden: Golden) -> None:
    screen = golden.explain("progress/2023-01")
    steps = [replace(step, stored="改过") if place == 3 else step for place, step in enumerate(screen.steps)]
    rows = sections_of(replace(screen, steps=steps), 10)[0].rows
    assert rows[0][0] == steps[3].name and rows[0][-1] == "不一致"
    assert len(rows) == 10


def test_the_recomputation_leans_on_nothing_the_ledger_computed_with() -> None:
    """No model, no table of multipliers, no chooser of factors, no first registry, no number reader of the intake."""
    forbidden = (
        "pipelines.reference",
        "pipelines.intake.cells",
        "pipelines.units.registry",
        "pipelines.quality",
    )
    for path in (paths.CHECKOUT / "pipelines" / "reports" / "explain").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith(forbidden), path.name
                assert not {"multiplier", "to_decimal"} & {alias.name for alias in node.names}, path.name


def test_pages_name_the_figures_to_type(golden: Golden) -> None:
    page = (golden.release / "dashboard.html").read_text(encoding="utf-8")
    for figure in re.findall(r"greenledger explain ([A-Za-z_@0-9/.-]+)", page):
        assert golden.explain(figure).agrees
    assert "greenledger explain progress/2023-01" in page

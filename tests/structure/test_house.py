"""The house itself: docs that agree with the code, commands with help, a tree without leaks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipelines import paths
from pipelines.cli import app
from pipelines.engine import load_checks, load_models
from pipelines.intake.guide import filling_guide

ROOT = paths.CHECKOUT
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    return [ROOT / name for name in listed.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_stands_in_the_manual(command: str) -> None:
    told = CliRunner().invoke(app, [command, "--help"]).output
    assert "Example: greenledger" in told or command in ("steward", "factors", "units")
    assert f"greenledger {command}" in (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")


def test_help_does_not_load_the_heavy_rooms() -> None:
    program = (
        "import sys\nfrom typer.testing import CliRunner\nfrom pipelines.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print([name for name in ('dagster', 'great_expectations', 'duckdb', 'polars', 'pint') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_filling_guide_is_what_the_contracts_say() -> None:
    assert (ROOT / "docs" / "factory.md").read_text(encoding="utf-8") == filling_guide()


def test_links_between_docs_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_number_a_model_gives_has_a_unit() -> None:
    for model in load_models(paths.WAREHOUSE):
        for name, column in model.columns.items():
            numeric = (column.type or "").startswith(("decimal", "bigint", "integer"))
            assert not numeric or column.unit, f"{model.key}.{name}"


def test_every_check_says_in_chinese_what_is_wrong() -> None:
    for check in load_checks(paths.WAREHOUSE):
        assert re.search("[\u4e00-\u9fff]", check.message_zh), check.name


def test_no_file_is_swollen() -> None:
    for path in tracked("*.py", "*.sql"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 420, path.name


def test_pinned_versions_name_no_address() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text and all("==" in line for line in text.splitlines() if line.strip())


def test_plans_and_half_done_work_are_not_in_the_tree() -> None:
    words = "TO" + "DO|FIX" + "ME|raise NotImplemented" + "Error"
    for path in tracked("*.py", "*.sql", "*.yml"):
        assert not re.search(words, path.read_text(encoding="utf-8")), path.name

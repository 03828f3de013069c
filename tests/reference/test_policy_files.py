"""The files of schemas/ themselves: tidy, sorted, described in the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import paths

POLICY_FILES = sorted(
    [
        *paths.SCHEMAS.glob("*.csv"),
        *paths.SCHEMAS.glob("*.yml"),
        *paths.SCHEMAS.glob("criteria/*"),
        *paths.SCHEMAS.glob("targets/*"),
    ]
)


@pytest.mark.parametrize("path", POLICY_FILES, ids=lambda path: path.name)
def test_policy_files_are_tidy_and_described(path: Path) -> None:
    data = path.read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf") and b"\r" not in data and data.endswith(b"\n")
    data.decode("utf-8")
    assert path.name in (paths.SCHEMAS / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["industries_6x.csv", "industry_divisions.csv", "criteria/references.csv"])
def test_policy_rows_are_sorted(name: str) -> None:
    lines = (paths.SCHEMAS / name).read_text(encoding="utf-8").splitlines()[1:]
    keys = [line.split(",")[0] for line in lines]
    assert keys == sorted(keys)

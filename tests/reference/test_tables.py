"""The ref tables as a whole: their columns, and what they do and do not depend on."""

from __future__ import annotations

import random
from pathlib import Path

from pipelines.reference import load
from pipelines.reference.tables import SCHEMAS
from tests.reference.folder import TODAY, copy, known, rewrite, spoil


def test_tables_have_exactly_the_declared_columns_and_types() -> None:
    tables = known().tables

    assert set(tables) == set(SCHEMAS)
    for name, schema in SCHEMAS.items():
        assert dict(tables[name].schema) == schema, name


def test_the_order_of_lines_in_the_files_changes_no_table(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    shuffle = random.Random(20230601)
    for path in sorted(folder.glob("*.csv")):
        rewrite(folder, path.stem, lambda old: shuffle.sample(old, len(old)))
    shuffled = load(folder, TODAY)

    for name, frame in known().tables.items():
        assert frame.equals(shuffled.tables[name]), name


def test_the_fingerprint_changes_with_the_data_and_not_with_the_prose(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    (folder / "README.md").write_text("另一种说法", encoding="utf-8")
    assert load(folder, TODAY).fingerprint == known().fingerprint

    spoil(folder, "purposes", "shanghai_ets", "note", "另一种说法")
    assert load(folder, TODAY).fingerprint != known().fingerprint

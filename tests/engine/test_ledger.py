"""The ledger file: exact, deterministic, shut to the outside, one writer at a time."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.engine import Ledger, Model, exclusive, load_model
from pipelines.errors import BrokenModel, Busy, NotFound, SqlFailed

MODEL = """/*---
title: 甲 | A
grain: [factory_id]
columns:
  factory_id: {is: 统一社会信用代码}
  co2_t:      {unit: t CO2, type: "decimal(38,6)", is: emissions}
---*/
select line.factory_id, cast(sum(line.co2_t) as decimal(38, 6)) as co2_t from stg.line as line group by line.factory_id
"""


def lines(count: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "factory_id": [f"F{n % 7}" for n in range(count)],
            "co2_t": [Decimal(n) / 1000 for n in range(count)],
        },
        schema_overrides={"co2_t": pl.Decimal(28, 9)},
    )


def model_file(folder: Path, text: str = MODEL) -> Path:
    path = folder / "mart" / "total.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def published(folder: Path, frame: pl.DataFrame, threads: int) -> bytes:
    model = load_model(model_file(folder))
    with Ledger.memory(folders=[folder], threads=threads) as ledger:
        ledger.load("stg.line", frame)
        ledger.build(model)
        ledger.export(model, folder / "out.parquet")
    return (folder / "out.parquet").read_bytes()


def test_the_same_rows_in_any_order_on_any_number_of_threads_give_the_same_bytes(tmp_path: Path) -> None:
    frame = lines(20_000)
    first = published(tmp_path, frame, threads=1)
    assert published(tmp_path, frame.sample(fraction=1, shuffle=True, seed=7), threads=2) == first


def test_a_column_of_another_type_than_its_header_says_is_refused(tmp_path: Path) -> None:
    model = load_model(model_file(tmp_path, MODEL.replace("decimal(38,6)", "decimal(38,5)", 1)))
    with Ledger.memory() as ledger:
        ledger.load("stg.line", lines(3))
        with pytest.raises(BrokenModel, match="co2_t"):
            ledger.build(model)


@pytest.mark.parametrize(("before", "after"), [("table", "view"), ("view", "table")])
def test_a_model_that_was_a_table_may_become_a_view_and_back(tmp_path: Path, before: str, after: str) -> None:
    def model(kind: str) -> Model:
        return load_model(model_file(tmp_path, MODEL.replace("grain:", f"materialized: {kind}\ngrain:", 1)))

    with Ledger.memory() as ledger:
        ledger.load("stg.line", lines(3))
        ledger.build(model(before))
        ledger.build(model(after))
        assert ledger.count("mart.total") > 0


def test_overflow_is_an_error_and_never_a_wrong_number() -> None:
    with Ledger.memory() as ledger, pytest.raises(SqlFailed, match="Out of Range"):
        ledger.one("select cast(99999999999999999999 as decimal(38,12)) * cast(9999999 as decimal(24,12))")


def test_a_model_that_cannot_run_is_named_in_both_languages_and_the_ledger_stays_usable(
    tmp_path: Path,
) -> None:
    model = load_model(model_file(tmp_path, MODEL.replace("line.co2_t)", "line.no_such_column)")))
    with Ledger.memory() as ledger:
        ledger.load("stg.line", lines(3))
        with pytest.raises(SqlFailed) as told:
            ledger.build(model)
        assert "模型 mart.total 未能执行" in told.value.zh and "no_such_column" in told.value.reason
        assert "could not be run" in told.value.en and told.value.exit_code == 1
        for ask in (ledger.rows, ledger.one, ledger.execute):
            with pytest.raises(SqlFailed, match="no_such_table"):
                ask("-- a comment\nselect * from no_such_table")
        assert ledger.count("stg.line") == 3


def test_a_file_that_is_no_ledger_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "ledger.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(SqlFailed, match=r"ledger\.duckdb"):
        Ledger.open(tmp_path / "ledger.duckdb", read_only=True)


def test_files_outside_the_named_folders_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with Ledger.memory(folders=[tmp_path / "allowed"]) as ledger, pytest.raises(SqlFailed, match="disabled"):
        ledger.rows(f"select * from read_csv('{tmp_path}/secret.csv')")


def test_reading_before_the_first_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="greenledger run"):
        Ledger.open(tmp_path / "none.duckdb", read_only=True)


def test_parquet_columns_are_matched_by_name_and_missing_ones_stay_empty(tmp_path: Path) -> None:
    pl.DataFrame({"b": ["x"], "a": [1]}).write_parquet(tmp_path / "one.parquet")
    with Ledger.memory(folders=[tmp_path]) as ledger:
        rows = ledger.load_parquet(
            "raw.t", [tmp_path / "one.parquet"], {"a": "integer", "b": "varchar", "c": "date"}
        )
        assert rows == 1
        assert ledger.one("select a, b, c from raw.t") == (1, "x", None)
        assert ledger.load_parquet("raw.t", [], {"a": "integer"}) == 0


def test_a_second_run_is_told_it_is_busy_at_once(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    program = f"""
from pathlib import Path
from pipelines.engine import exclusive
from pipelines.errors import Busy
try:
    with exclusive(Path({str(lock)!r})): print("free")
except Busy as error: print("busy", error.exit_code)
"""
    with exclusive(lock):
        told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert told.stdout.split() == ["busy", "75"]
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "free"
    with exclusive(lock):
        pass
    assert Busy.exit_code == 75

"""Releases made by other versions of the program are rebuilt by those: kept with the release, run on what it kept.

Two earlier versions are real copies of the house. In the first, factors were rounded to two places, and kWh was spelt 度电 and
not 千瓦·时; it published December 2022 and January 2023. The second, with the same spellings, had the code and an active
release of the factors of today; it published the same months after 甲's title had been taken back, and carries the rows
of the first. By hand, December on the provincial basis: 1,000 MWh × 0.58 instead of 0.5849 t/MWh, 580 t instead of
584.9 t, whoever publishes it later.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines import paths
from pipelines.cli import app
from pipelines.dag import programs, rebuild
from pipelines.errors import KeptProgramFailed, NotFound, TamperedRegister
from pipelines.paths import Home
from pipelines.periods import SHANGHAI
from tests.dag.district import delivered, receive
from tests.dag.test_factor_releases import state
from tests.golden.test_golden import A, G

# Run in a copy of the house: its package, and the tests of today.
SEND = """
import sys
from datetime import datetime
from pathlib import Path
from pipelines import paths
from pipelines.dag import factors
from pipelines.paths import Home
from pipelines.periods import SHANGHAI
from tests.dag.district import AS_OF, publish, receive
assert paths.CHECKOUT == Path.cwd(), paths.CHECKOUT
home = Home(Path(sys.argv[1]))
at = datetime.fromisoformat(sys.argv[2]).replace(tzinfo=SHANGHAI)
receive(home, "报送.csv", sys.argv[3].encode(), at)
for folder in sys.argv[4:]:
    factors.pin(home, Path(folder), name="启用", actor="steward01", as_of=AS_OF, at=at)
    factors.activate(home, "启用", reason="示例", actor="steward01", at=at)
print(publish(home).name)
"""
SPELLED = f"统一社会信用代码,报告期,能源代码,计量单位,消费量\n{G},2023-01,33,度电,10000\n"
TAKEN_BACK = (
    "统一社会信用代码,称号,级别,批次年度,公布日期,移出日期,文号\n"
    f"{A},绿色工厂,市级,2022,2022-06-01,2022-12-31,示例〔2022〕1号\n"
)


class History(NamedTuple):
    """A home with a release of each earlier version."""

    home: Home
    first: Path
    second: Path


def house(folder: Path, edits: dict[str, tuple[str, str]]) -> Path:
    """A copy of the house in which, in each file, one text stands for another."""
    for name in ("pipelines", "schemas", "emission_factors", "warehouse"):
        shutil.copytree(paths.CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(paths.CONSTRAINTS, folder)
    for name, (old, new) in edits.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, name
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def publish_there(house: Path, home: Home, at: str, text: str, *factors: Path) -> Path:
    ran = subprocess.run(
        [sys.executable, "-c", SEND, str(home.root), at, text, *map(str, factors)],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(paths.CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return home.published / ran.stdout.split()[-1]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    root = tmp_path_factory.mktemp("history")
    home = delivered(root / "home")
    spelling = {"emission_factors/unit_aliases.csv": ("\n千瓦·时,kWh,", "\n度电,kWh,")}
    rounding = (
        '"factor_t": units.to_decimal(choice.candidate.value)',
        '"factor_t": units.to_decimal(round(choice.candidate.value, 2))',
    )
    one = house(root / "one", spelling | {"pipelines/reference/choices.py": rounding})
    two = house(
        root / "two",
        spelling | {"pipelines/reports/templates/dashboard.html": ("</body>", "<!-- 二 --></body>")},
    )
    first = publish_there(one, home, "2023-03-01", SPELLED)
    second = publish_there(two, home, "2023-06-02", TAKEN_BACK, paths.EMISSION_FACTORS)
    later = SPELLED.replace("度电", "千瓦·时").replace("2023-01", "2023-02")
    receive(home, "现行写法.csv", later.encode(), datetime(2026, 6, 30, tzinfo=SHANGHAI))
    # Nothing but the home is left of them, and a file they could not have read.
    shutil.rmtree(one)
    shutil.rmtree(two)
    yield History(home, first, second)


def december(folder: Path) -> str:
    rows = pl.read_parquet(folder / "marts" / "district_month.parquet")
    mine = rows.filter((pl.col("purpose") == "location_provincial") & (pl.col("month") == date(2022, 12, 1)))
    return str(mine["co2_t"].item())


def manifest(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return told


def verified(*options: str) -> tuple[int, str]:
    told = CliRunner().invoke(app, ["verify", *options])
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return told.exit_code, told.stdout


def test_each_release_of_a_chain_is_rebuilt_by_the_version_that_made_it(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [december(folder) for folder in history[1:]] == ["580.000000", "580.000000"]
    monkeypatch.setenv("GREENLEDGER_HOME", str(history.home.root))
    before = state(history.home)
    code, text = verified(history.second.name, "--with-earlier", "--json")
    assert code == 0, text
    told = json.loads(text)
    assert told["rests_on"] == [history.first.name] == [each["release"] for each in told["earlier"]]
    now = programs.made_with()
    for each, folder in ((told, history.second), (told["earlier"][0], history.first)):
        assert (each["holds"], each["rebuilt_by"], each["is_kept"]) == (True, "kept", True)
        assert each["rebuilt_with"] == each["made_with"] == manifest(folder)["made_with"]
        assert each["rebuilt_with"] == now | {"code": each["made_with"]["code"]}
        assert each["made_with"]["code"] != now["code"]
    assert state(history.home) == before


def test_tables_a_factor_release_did_not_bring_are_kept_with_the_release(history: History) -> None:
    """The second ran on the factors of today, which know no 度电, and read files by its own tables, which do."""
    kept = [path for path in (history.second / "reading").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["unit_aliases.csv"]
    assert list(manifest(history.second)["inputs"]["reading"]) == ["emission_factors/unit_aliases.csv"]
    assert not (history.first / "reading").exists()


def test_a_changed_archive_is_refused_and_not_run(history: History) -> None:
    path = history.home.root / manifest(history.first)["program"]["archive"]
    kept = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o444
    path.chmod(0o644)
    evil = programs.contents(kept) | {"pipelines/__main__.py": b"print('{}')"}
    path.write_bytes(programs.archive(evil))
    try:
        with pytest.raises(TamperedRegister, match="程序存档"):
            rebuild.verify(history.home, history.first)
        assert rebuild.TamperedRegister.exit_code == 1
    finally:
        path.write_bytes(kept)
        path.chmod(0o444)


def test_a_manifest_the_register_does_not_know_has_no_program_run(history: History) -> None:
    path = history.first / "manifest.json"
    kept = path.read_bytes()
    path.write_bytes(kept + b" ")
    try:
        with pytest.raises(TamperedRegister, match="清单与登记簿"):
            rebuild.verify(history.home, history.first)
    finally:
        path.write_bytes(kept)


def test_without_its_program_a_release_is_told_in_words(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLEDGER_HOME", str(history.home.root))
    aside = history.home.root / "aside"
    history.home.programs.rename(aside)
    try:
        code, text = verified(history.first.name)
        with pytest.raises(NotFound, match="没有存档"):
            rebuild.verify(history.home, history.first, Path(sys.executable))
    finally:
        aside.rename(history.home.programs)
    assert code == 1
    assert "没有存档，由现行程序" in text and "由另一版程序" in text and "度电" in text


def test_a_program_that_gives_no_verdict_is_told_with_its_own_words(history: History, tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 没有 duckdb >&2\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    with pytest.raises(KeptProgramFailed, match="没有 duckdb"):
        rebuild.verify(history.home, history.first, broken)


def test_a_changed_original_is_found_by_the_kept_program(history: History) -> None:
    original = next(
        path for path in history.home.originals.iterdir() if SPELLED.encode() == path.read_bytes()
    )
    original.chmod(0o644)
    original.write_bytes(SPELLED.replace("10000", "10001").encode())
    try:
        with pytest.raises(KeptProgramFailed, match="X500"):
            rebuild.verify(history.home, history.first)
    finally:
        original.write_bytes(SPELLED.encode())


def test_equal_rows_in_other_bytes_are_told_apart_from_other_figures(
    history: History, tmp_path: Path
) -> None:
    mart = history.first / "marts" / "district_month.parquet"
    rows, again = pl.read_parquet(mart), tmp_path / "again.parquet"
    rows.write_parquet(again, compression="uncompressed")
    assert "各行逐位相同" in rebuild._otherwise(mart, again)
    rows.head(3).write_parquet(again)
    assert "重建结果与发布不同" in rebuild._otherwise(mart, again)


def test_a_program_is_kept_once_whole_and_read_only(tmp_path: Path) -> None:
    home = Home(tmp_path)
    said = programs.keep(home)
    path = home.root / said["archive"]
    first = path.stat().st_mtime_ns
    assert programs.keep(home) == said and path.stat().st_mtime_ns == first
    kept = programs.contents(path.read_bytes())
    assert {"pipelines/dag/rebuild.py", "constraints.txt"} <= kept.keys()
    assert any(name.endswith(".min.js") for name in kept) and any(name.endswith(".sql") for name in kept)
    assert not [name for name in kept if "__pycache__" in name]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:1000])
    assert programs.keep(home) == said and programs.contents(path.read_bytes()) == kept
    assert [item.name for item in home.programs.iterdir()] == [path.name]


def test_an_archive_another_encoder_wrote_of_the_same_program_stays(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = home.root / programs.keep(home)["archive"]
    path.unlink()
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:bz2", compresslevel=1) as stream:
        for name, content in programs.files().items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            stream.addfile(entry, io.BytesIO(content))
    path.write_bytes(data.getvalue())
    said = programs.keep(home)
    assert path.read_bytes() == data.getvalue()
    assert said["sha256"] == hashlib.sha256(data.getvalue()).hexdigest()


def test_a_name_that_leads_out_of_the_folder_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(TamperedRegister, match="文件名不当"):
        programs.unpack(programs.archive({"../outside": b"1"}), tmp_path / "in")
    assert not (tmp_path / "outside").exists()

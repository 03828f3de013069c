"""The data files themselves: shape, order, documentation, and the figures that were carried over."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from pipelines import paths, units
from pipelines.reference.physics import COLUMNS
from tests.reference.folder import known, lines, row_of

FILES = sorted(paths.EMISSION_FACTORS.glob("*.csv"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_plain_utf8_tidy_and_sorted(path: Path) -> None:
    raw = path.read_bytes()
    rows = list(csv.reader(raw.decode("utf-8").splitlines()))
    keys = [row[:2] for row in rows[1:]]

    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert {len(row) for row in rows} == {len(rows[0])}
    assert keys == sorted(keys)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_readme_defines_every_file_and_every_column(path: Path) -> None:
    readme = (paths.EMISSION_FACTORS / "README.md").read_text(encoding="utf-8")

    assert f"### {path.name}" in readme
    assert [column for column in lines(path.stem)[0] if column not in readme] == []


def test_every_file_of_the_folder_is_loaded_and_checked() -> None:
    assert {path.stem for path in FILES} == set(COLUMNS)


def test_no_row_carries_a_web_address_outside_the_list_of_sources() -> None:
    for path in FILES:
        if path.name != "sources.csv":
            assert "http" not in path.read_text(encoding="utf-8"), path.name


def test_every_source_is_used_and_dated_as_precisely_as_it_is_known() -> None:
    used = {line["source_id"] for file in COLUMNS for line in lines(file) if "source_id" in line}
    sources = lines("sources")

    assert {line["source_id"] for line in sources} == used
    assert {line["precision"] for line in sources if line["published_on"]} == {"day", "month", "year"}
    assert {line["precision"] for line in sources if not line["published_on"]} == {""}


def test_every_row_of_the_research_snapshot_was_carried_over() -> None:
    counts = {
        "calorific_values+fuel_factors": 289 + 521,
        # 162, and the national heat factor once for each of the two documents that state it.
        "purchased_factors": 162 + 1,
        "derived_co2": 92,
        "gwp": 184,
        "grid_regions": 31,
        "process_factors": 226,
        "form_205_1_columns": 14,
        "energy_kinds": 40,
        "uncertainty": 18,
        # 95 of GB/T 2589 and the like, and 38 of the 40 kinds have a reference coefficient in the form.
        # The nine equivalents of electricity among them stand in a file of their own.
        "standard_coal+generation_equivalents": 95 + 38,
    }

    assert {files: sum(len(lines(file)) for file in files.split("+")) for files in counts} == counts


def test_energy_kinds_agree_with_the_table_made_from_them() -> None:
    table = {row["energy_code"]: row for row in known().tables["ref.energy_kind"].to_dicts()}

    for code, kind in units.energy_kinds().items():
        assert table[code]["canonical_unit"] == kind.canonical_unit
        assert table[code]["is_of_which"] == kind.is_of_which
        assert table[code]["is_total"] == kind.is_total


def test_canonical_units_are_those_the_ledger_is_kept_in() -> None:
    kinds = units.energy_kinds()
    by_carrier = {
        "solid": "t",
        "liquid": "t",
        "gas": "Nm3",
        "electricity": "MWh",
        "heat": "GJ",
        "other": "tce",
    }

    assert {kind.code: kind.canonical_unit for kind in kinds.values()} == {
        kind.code: by_carrier[kind.carrier] for kind in kinds.values()
    }


@pytest.mark.parametrize(
    ("unit_published", "value", "published"),
    [
        # 4.2 tCO2/万kWh is 0.42 t/MWh: the half-hidden factor of ten.
        ("elec.shanghai_ets.cn-sh.2022", "0.42", "4.2"),
        ("elec.shanghai_ets.cn-sh.pre2022", "0.788", "7.88"),
    ],
)
def test_published_notation_is_kept_beside_the_value(unit_published: str, value: str, published: str) -> None:
    row = row_of("purchased_factors", unit_published)

    assert Fraction(row["value"]) == Fraction(value)
    assert published in row["value_published"] + row["note"]


@pytest.mark.parametrize(
    ("factor_id", "value"),
    [
        ("fuel.bituminous.carbon_content.b", "26.18"),
        ("fuel.lng.carbon_content.b", "15.3"),
        ("fuel.lpg.carbon_content.b", "17.2"),
        ("fuel.coke_oven_gas.carbon_content.a", "13.58"),
        ("fuel.lpg.oxidation_fraction.b", "0.99"),
        ("fuel.lpg.oxidation_fraction.a", "0.98"),
    ],
)
def test_transcription_errors_of_public_code_are_not_ours(factor_id: str, value: str) -> None:
    assert Fraction(row_of("fuel_factors", factor_id)["value"]) == Fraction(value)


def test_known_differences_between_editions_are_kept_apart() -> None:
    heat = {edition: row_of("calorific_values", f"fuel.lng.ncv.{edition}")["value"] for edition in "abc"}

    assert {edition: Decimal(value) for edition, value in heat.items()} == {
        "a": Decimal("51.498"),
        "b": Decimal("41.868"),
        "c": Decimal("51.498"),
    }

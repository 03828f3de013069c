"""``greenledger factors``: the answer is the run's own, and every row passed over says why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from typer.testing import CliRunner

from pipelines import paths
from pipelines.cli import app
from pipelines.errors import NotFound
from pipelines.reference import REASONS, Question, Resolution, asking
from pipelines.reference.asking import resolve
from pipelines.reference.load import checked
from tests.reference.folder import TODAY, factor, known, lines

JUNE_2022 = date(2022, 6, 1)


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The files do not change while these tests run, so they are read and checked once."""
    monkeypatch.setattr(asking, "checked", _checked)
    yield


_checked = cache(checked)


def ask(
    energy: str, day: date = JUNE_2022, purpose: str = "location_provincial", **changed: object
) -> Resolution:
    fields = {"as_of": TODAY, **changed}
    return resolve(paths.EMISSION_FACTORS, Question(energy, day, purpose, **fields))  # type: ignore[arg-type]


def reasons(found: Resolution) -> dict[str, tuple[str, ...]]:
    return {row.factor_id: row.reasons for row in found.rejected}


def test_each_row_of_the_purchased_file_is_the_answer_or_says_why_not() -> None:
    found = ask("33", purpose="shanghai_ets")
    told = reasons(found)

    assert found.chosen is not None
    assert (found.chosen.value, found.chosen.unit) == (Decimal("0.42"), "t CO2/MWh")
    assert (found.chosen.document_number, found.chosen.published_on) == (
        "沪环气〔2022〕34号",
        date(2022, 2, 11),
    )
    assert {*told, found.chosen.factor_id} == {
        line["factor_id"] for line in lines("purchased_factors") if line["carrier"] == "electricity"
    }
    assert all(told.values())
    assert told["elec.shanghai_ets.cn-sh.pre2022"] == ("replaced",)
    assert told["elec.ets.cn.2022"] == ("other_purpose",)
    assert told["elec.trap.cn.draft05839"] == ("do_not_use", "other_purpose")


@pytest.mark.parametrize(
    ("as_of", "factor_id", "passed_over"),
    [
        (
            date(2021, 12, 31),
            "elec.shanghai_ets.cn-sh.pre2022",
            {"elec.shanghai_ets.cn-sh.2022": "not_published"},
        ),
        (date(2022, 3, 1), "elec.shanghai_ets.cn-sh.2022", {"elec.shanghai_ets.cn-sh.pre2022": "replaced"}),
    ],
)
def test_the_same_month_asked_before_and_after_the_notice(
    as_of: date, factor_id: str, passed_over: dict[str, str]
) -> None:
    found = ask("33", purpose="shanghai_ets", as_of=as_of)

    assert found.chosen is not None
    assert found.chosen.factor_id == factor_id
    for rejected, reason in passed_over.items():
        assert reasons(found)[rejected][0] == reason


def test_the_levels_below_the_province_stand_with_their_reasons() -> None:
    told = reasons(ask("33"))

    assert told["elec.regional.cn-grid-east.2022"] == ("lower_rank",)
    assert told["elec.average.cn.2022"] == ("lower_rank",)
    assert told["elec.average.cn.2021"] == ("recalled", "out_of_range")
    assert told["elec.provincial.cn-sh.2021"] == ("older_year",)
    assert told["elec.provincial.cn-sh.2023"] == ("out_of_range",)
    assert told["elec.provincial.cn-js.2022"] == ("other_region",)
    assert told["elec.residual.cn.2022"] == ("other_purpose",)


def test_the_editions_of_a_fuel_stand_side_by_side_with_their_values() -> None:
    found = ask("04")
    values = {row.factor_id: row.value for row in found.rejected}
    told = reasons(found)

    assert found.chosen is not None
    assert found.chosen.factor_id == "fuel.bituminous.b"
    assert round(found.chosen.value * 1000, 2) == Decimal("2071.51")
    assert round(values["fuel.bituminous.a"] * 1000, 2) == Decimal("1741.75")
    assert told["fuel.bituminous.a"] == ("out_of_range",)
    assert told["fuel.bituminous.c"] == ("incomplete",)
    assert told["fuel.bituminous.ipcc"] == ("lower_rank",)
    assert len(found.chosen.lines) == 3


def test_an_industry_code_is_placed_in_its_sector() -> None:
    for text, sector, factor_id in (
        ("3011", "ministry", "fuel.lng.c"),
        ("3511", "general", "fuel.lng.b"),
        ("ministry", "ministry", "fuel.lng.c"),
    ):
        found = ask("16", sector=text)
        assert found.question.sector == sector
        assert found.chosen is not None
        assert found.chosen.factor_id == factor_id


def test_what_nothing_answers_is_unknown_and_the_nearest_row_says_why() -> None:
    found = ask("33", day=date(2021, 6, 1), purpose="location_national")

    assert found.chosen is None
    assert reasons(found)["elec.average.cn.2021"] == ("recalled",)


@pytest.mark.parametrize("parameter", ["heat_value", "coal_calorific", "coal_generation"])
def test_heat_values_and_coefficients_are_asked_the_same_way(parameter: str) -> None:
    table = known().tables["ref.heat_value" if parameter == "heat_value" else "ref.standard_coal"]
    column = "ncv_gj" if parameter == "heat_value" else "coefficient_tce"
    for code in ("01", "15", "21", "32", "33", "36"):
        rows = [
            row
            for row in table.to_dicts()
            if row["energy_code"] == code
            and row["valid_from"] <= JUNE_2022 < row["valid_to"]
            and row.get("basis", "") in ("", parameter.removeprefix("coal_"))
        ]
        found = ask(code, parameter=parameter)
        assert (found.chosen and (found.chosen.factor_id, found.chosen.value)) == (
            (rows[0]["factor_id"], rows[0][column]) if rows else None
        )


@pytest.mark.parametrize("as_of", [date(2021, 12, 31), TODAY])
def test_the_answer_is_what_a_run_applies(as_of: date) -> None:
    """Every purpose, kind and sector, in the months where something changes."""
    for purpose in ("shanghai_ets", "location_provincial", "national_ets"):
        for code in ("01", "04", "15", "16", "21", "32", "33", "36"):
            for day in (date(2020, 6, 1), date(2021, 6, 1), date(2023, 6, 1), date(2025, 3, 1)):
                for sector in ("general", "ministry"):
                    row = factor(purpose, code, day, known(as_of), sector=sector)
                    chosen = ask(code, day, purpose, as_of=as_of, sector=sector).chosen
                    assert (chosen and (chosen.factor_id, chosen.value, chosen.level, chosen.note)) == (
                        row and (row["factor_id"], row["factor_t"], row["level"], row["note"])
                    )
                    assert chosen is None or chosen.is_provisional == (row and row["is_provisional"])


@pytest.mark.parametrize(
    "wrong", [{"energy": "99"}, {"purpose": "city"}, {"sector": "nobody"}, {"parameter": "smell"}]
)
def test_a_name_nobody_knows_is_told_with_those_there_are(wrong: dict[str, str]) -> None:
    fields = {"energy": "33", "purpose": "shanghai_ets", **wrong}
    with pytest.raises(NotFound) as told:
        ask(fields.pop("energy"), **fields)

    assert next(iter(wrong.values())) in told.value.zh


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["factors", *arguments])
    return result.exit_code, result.output


def test_the_command_prints_the_row_its_document_and_why_the_others_were_passed_over() -> None:
    code, text = run(
        "resolve", "--energy", "33", "--period", "2022-06", "--purpose", "shanghai_ets", "--as-of", "2021-12-31"
    )  # fmt: skip

    assert code == 0
    for expected in ("0.788", "7.88 tCO2/10^4 kWh", "SH/MRV-001-2012", "2012-12-11", "city", "verified2"):
        assert expected in text
    assert REASONS["not_published"][0] in text
    assert "elec.trap.cn.draft05839" not in text
    assert REASONS["do_not_use"][0] in run("resolve", "--energy", "33", "--period", "2022-06", "--all")[1]


def test_the_command_gives_one_object_to_programs_and_exits_1_when_nothing_applies() -> None:
    arguments = (
        "resolve",
        "--energy",
        "33",
        "--period",
        "2021-06",
        "--purpose",
        "location_national",
        "--json",
    )
    code, text = run(*arguments, "--as-of", "2026-10-01")
    found = json.loads(text)

    assert code == 1
    assert found["chosen"] is None
    nearest = next(row for row in found["rejected"] if row["factor_id"] == "elec.average.cn.2021")
    assert nearest["reasons"] == [{"code": "recalled", "zh": REASONS["recalled"][0]}]


def test_a_row_is_shown_with_its_line_and_document() -> None:
    code, text = run("show", "elec.shanghai_ets.cn-sh.2022")

    assert code == 0
    assert "purchased_factors.csv 第" in text
    assert "沪环气〔2022〕34号" in text


def test_the_list_names_what_runs_apply() -> None:
    code, text = run("list", "--energy", "33", "--purpose", "shanghai_ets", "--as-of", "2026-10-01", "--json")
    rows = json.loads(text)["factors"]

    assert code == 0
    assert [(row["factor_t"], row["is_rebased"]) for row in rows] == [
        ("0.420000000000", True),
        ("0.420000000000", False),
    ]

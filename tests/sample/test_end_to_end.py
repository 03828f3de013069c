"""The sample district through the whole product, against what its generator knows to be true.

The generator computes with its own constants and exact fractions; nothing of the product helps it.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines import intake, quality, reports
from pipelines.cli import app
from pipelines.dag import rebuild, release, walk
from pipelines.dag.site import Site
from pipelines.engine import Ledger
from pipelines.errors import SqlFailed
from pipelines.intake.receipts import Receipt
from pipelines.paths import Home
from pipelines.periods import Month, months_between
from tests.sample.generate import generate
from tests.sample.process import GWP
from tests.sample.truth import Truth

FIRST, LAST = Month(2021, 1), Month(2023, 12)
# A sum of products kept to 12 decimals may differ from the exact sum by their roundings alone.
TINY = Fraction(1, 10**8)


class District(NamedTuple):
    """The district after its first run."""

    home: Home
    folder: Path
    truth: Truth
    receipts: dict[str, Receipt]
    ledger: Ledger
    release: Path


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    root = tmp_path_factory.mktemp("district")
    folder, home = root / "files", Home(root / "home")
    truth = generate(folder)
    names, deliveries = [], []
    with (folder / "deliveries.csv").open(encoding="utf-8", newline="") as listing:
        for row in csv.DictReader(listing):
            path = folder / row["path"]
            names.append(row["path"])
            moment = datetime.fromisoformat(row["received_at"])
            deliveries.append(intake.Delivery(path.read_bytes(), row["sender"], path.name, moment))
    with intake.Landing.open(home) as landing:
        receipts = dict(zip(names, intake.receive_many(deliveries, landing=landing), strict=True))
    site = Site(home, LAST, date(2026, 6, 30))
    home.made(home.published)
    with Ledger.open(home.building, folders=[home.lines, home.published]) as ledger:
        found = walk.walk(ledger, site)
        suites = [quality.judge(ledger, suite) for suite in quality.suites_on("stg.energy_line")]
        published = release.publish(ledger, site, found, suites)
    home.building.replace(home.ledger)
    with Ledger.open(home.ledger, read_only=True) as ledger:
        yield District(home, folder, truth, receipts, ledger, published)


def test_every_file_is_answered_as_it_deserves(district: District) -> None:
    answered = {name: receipt.outcome for name, receipt in district.receipts.items()}
    assert answered == district.truth.outcomes


def test_flawed_files_are_refused_for_their_own_reason(district: District) -> None:
    codes = {
        "unit": "E307",
        "text": "E306",
        "column": "E203",
        "future": "E305",
        "digit": "E301",
        "other": "E303",
        "photo": "E103",
        "empty": "E101",
        "header": "E201",
    }
    for name, reason in district.truth.reasons.items():
        if reason in codes:
            assert codes[reason] in {item.code for item in district.receipts[name].problems}, name


def test_held_rows_are_those_planted(district: District) -> None:
    assert len(quality.held_rows(district.ledger)) == district.truth.held_rows


def test_rows_are_conserved(district: District) -> None:
    received = sum(r.rows for r in district.receipts.values() if r.is_accepted and not r.is_repeat)
    assert district.ledger.count("stg.line_fate") == received


def test_every_factory_month_emits_what_is_true(district: District) -> None:
    sql = "select purpose, factory_id, strftime(month, '%Y-%m') as month, sum(co2_t) as t from core.emission group by all"
    found = {(p, f, m): t for p, f, m, t in district.ledger.rows(sql).iter_rows()}
    for purpose in ("location_provincial", "shanghai_ets"):
        for factory in district.truth.factories:
            for month in map(str, months_between(FIRST, LAST)):
                exact = district.truth.co2_t(factory.code, month, purpose)
                stored = Fraction(found.get((purpose, factory.code, month), Decimal(0)))
                assert abs(stored - exact) < TINY, (purpose, factory.code, month)


def test_resold_power_is_netted_where_the_basis_nets_and_nowhere_else(district: District) -> None:
    sql = (
        "select purpose, factory_id, strftime(month, '%Y-%m') as month, sum(activity) as mwh from core.emission "
        "where kind = 'electricity_exported' group by all"
    )
    found = {(p, f, m): Fraction(-mwh) for p, f, m, mwh in district.ledger.rows(sql).iter_rows()}
    resold = district.truth.resold_mwh
    assert {key[1:]: mwh for key, mwh in found.items() if key[0] == "location_provincial"} == resold
    assert not [key for key in found if key[0] == "shanghai_ets"]


def test_every_habit_of_the_forms_is_in_the_district(district: District) -> None:
    truth = district.truth
    assert truth.resold_mwh and truth.measured_ncv
    for told in ("basis = 'cumulative'", "steam_enthalpy is not null", "measured_ncv is not null"):
        assert district.ledger.one(f"select count(*) from raw.energy_line where {told}")[0] > 0, told
    tiers = district.ledger.rows("select distinct quality_tier from core.activity_quality")
    assert len(tiers) > 2


def test_every_factory_month_releases_the_gases_that_are_true_under_one_edition_each(
    district: District,
) -> None:
    sql = (
        "select factory_id, strftime(month, '%Y-%m') as month, gas, sum(emitted_t) as t, sum(co2e_t) as e "
        "from core.process_co2e where purpose = ? group by all"
    )
    for purpose, edition in (("location_provincial", "AR5"), ("shanghai_ets", "SAR")):
        found = {(f, m, g): (t, e) for f, m, g, t, e in district.ledger.rows(sql, [purpose]).iter_rows()}
        assert found.keys() == district.truth.emitted.keys()
        for key, exact in district.truth.emitted.items():
            tonnes, equivalent = found[key]
            assert abs(Fraction(tonnes) - exact) < TINY, (purpose, key)
            potential = GWP[edition].get(key[2])
            if potential is None:
                assert equivalent is None, key
            else:
                assert abs(Fraction(equivalent) - exact * potential) < TINY * 10, (purpose, key)


def test_every_factory_month_uses_the_standard_coal_that_is_true(district: District) -> None:
    sql = "select factory_id, strftime(month, '%Y-%m') as month, value from core.factory_metric where metric = 'coal_tce'"
    found = {(f, m): v for f, m, v in district.ledger.rows(sql).iter_rows()}
    for factory in district.truth.factories:
        for month in map(str, months_between(FIRST, LAST)):
            exact = district.truth.coal_tce(factory.code, month)
            assert abs(Fraction(found[(factory.code, month)]) - exact) < TINY, (factory.code, month)


def test_bought_in_media_are_the_standard_coal_that_is_true_and_those_made_on_site_count_nowhere(
    district: District,
) -> None:
    sql = (
        "select factory_id, strftime(month, '%Y-%m') as month, is_counted, sum(coal_tce) as tce "
        "from core.medium_use group by all"
    )
    found = {(f, m, c): Fraction(t) for f, m, c, t in district.ledger.rows(sql).iter_rows()}
    truth = district.truth
    wanted = {(*key, True): tce for key, tce in truth.media_tce.items()}
    wanted |= {(*key, False): tce for key, tce in truth.own_media_tce.items()}
    assert len(truth.media_tce) == 72 and len(truth.own_media_tce) == 36
    assert found.keys() == wanted.keys()
    assert all(abs(found[key] - tce) < TINY for key, tce in wanted.items())
    sql = (
        "select factory_id, strftime(month, '%Y-%m') as month, form_tce, media_tce, media_not_counted_tce, "
        "total_tce from mart.energy_total_month where scale = 'factory'"
    )
    for factory, month, form, media, own, total in district.ledger.rows(sql).iter_rows():
        bought = truth.media_tce.get((factory, month))
        assert (media is None) == (bought is None), (factory, month)
        assert (own is None) == ((factory, month) not in truth.own_media_tce), (factory, month)
        # Each of the three is rounded by itself.
        assert abs(total - form - (media or 0)) <= Decimal("0.000001")
        if bought is not None:
            assert abs(Fraction(media) - bought) <= Fraction(1, 2_000_000) + TINY


def test_the_green_share_is_true_in_every_month(district: District) -> None:
    shares = district.ledger.rows("mart.green_share").filter(pl.col("cluster_variant") == "a9").to_dicts()
    assert shares
    for row in shares:
        month = f"{row['month']:%Y-%m}"
        wanted = (
            district.truth.green_share(month)
            if row["definition"] == "output"
            else district.truth.green_count(month)
        )
        assert (Fraction(row["numerator"]), Fraction(row["denominator"])) == tuple(map(Fraction, wanted)), (
            month
        )
        assert row["is_met"] == (wanted[0] * 100 >= wanted[1] * 30)


def test_the_four_readings_of_eight_are_true_in_every_month(district: District) -> None:
    for month in map(str, months_between(FIRST, LAST)):
        sql = "select reading, factories from mart.national_green_factory where strftime(month, '%Y-%m') = ?"
        assert dict(district.ledger.rows(sql, [month]).iter_rows()) == district.truth.national(month), month


def test_the_release_is_rebuilt_from_originals_to_the_byte(district: District) -> None:
    result = rebuild.verify(district.home, district.release)
    assert result.holds, result.differences
    assert result.marts >= 14


def test_a_release_of_another_version_that_cannot_be_rebuilt_is_told_in_words(
    district: District, tmp_path: Path
) -> None:
    old = tmp_path / district.release.name
    shutil.copytree(district.release, old)
    model = old / "rules" / "warehouse" / "mart" / "ranking.sql"
    model.write_text(model.read_text(encoding="utf-8").replace("from mart.", "from gone."), encoding="utf-8")
    told = manifest = json.loads((old / "manifest.json").read_text(encoding="utf-8"))
    with pytest.raises(SqlFailed):
        rebuild.verify(district.home, old)
    manifest["made_with"]["code"] = "0123456789abcdef"
    (old / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    result = rebuild.verify(district.home, old)
    assert not result.holds and result.rebuilt_by == rebuild.OTHER
    assert any("与登记簿所记的不同" in told for told in result.differences)
    assert "由另一版程序制成" in result.differences[-1] and "0123456789abcdef" in result.differences[-1]


def test_a_changed_mart_or_original_is_found(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLEDGER_HOME", str(district.home.root))
    mart = next((district.release / "marts").iterdir())
    kept = mart.read_bytes()
    mart.write_bytes(kept + b"x")
    try:
        told = CliRunner().invoke(app, ["verify", district.release.name, "--json"])
        assert told.exit_code == 1
        assert any(mart.name in difference for difference in json.loads(told.stdout)["differences"])
    finally:
        mart.write_bytes(kept)


def test_commands_answer_people_and_programs(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLEDGER_HOME", str(district.home.root))
    runner = CliRunner()
    told = json.loads(runner.invoke(app, ["progress", "--json"]).stdout)
    assert told["green_share"]["is_met"] is True
    assert told["national_green_factories"]["factories"] == 8
    assert len(told["targets"]) == 33
    factory = told["national_green_factories"]["names"][0]["factory_id"]
    green = next(item.code for item in district.truth.factories if item.has_green_power)
    media = next(iter(district.truth.own_media_tce))[0]
    for figure in (
        "green_share/2023-12",
        "green_share/2023-12/ngit",
        f"output/2023-12/{factory}",
        "co2/2023-12",
        f"co2/2023-12/{factory}",
        f"co2/2023-12/{factory}/33",
        "national_green_factories/2023-12",
        "progress/2023-12",
        "co2@shanghai_ets/2022-07",
        "coal/2022-06",
        "coal_generation/2023-12",
        "energy/2023-12",
        f"membership/2023-12/{factory}",
        f"green_status/2023-12/{factory}",
        "held/2023-04",
        f"renewable_rate/2023-12/{green}",
        f"renewable_rate/2021-07/{factory}",
        "uncertainty/2022-08",
        "uncertainty@market_residual/2023-12",
        f"uncertainty/2023-12/{factory}",
        "medium/2021-03",
        "medium/2021-04",
        f"medium/2023-12/{media}",
        "yoy/2023-12",
        "electricity/2022-07",
        f"electricity/2023-12/{green}",
        "mom@shanghai_ets/2022-01",
    ):
        answer = runner.invoke(app, ["explain", figure, "--json"])
        assert answer.exit_code == 0, answer.output
        told = json.loads(answer.stdout)
        assert told["value"] and told["agrees"] and told["release"] == district.release.name
    assert runner.invoke(app, ["late", "--month", "2023-12"]).exit_code == 0
    exported = runner.invoke(app, ["export", "ledger"]).stdout.splitlines()
    assert sum(json.loads(line)["kind"] == "line" for line in exported) == district.ledger.count(
        "stg.line_fate"
    )


def test_explain_reaches_the_line_as_received_and_the_document(district: District) -> None:
    factory = district.truth.factories[0]
    with intake.Landing.open(district.home) as landing:
        screen = reports.explain(district.ledger, landing, f"co2/2023-05/{factory.code}/33")
    line = screen.lines[0]
    assert factory.code in line.cells and "电力" in line.cells
    assert screen.sources[0].document_number == "公告2025年第47号"
    assert screen.agrees


def test_a_released_row_enters_and_a_rejected_one_does_not(district: District, tmp_path: Path) -> None:
    copy = Home(tmp_path)
    copy.made(copy.register.parent)
    with intake.Landing.open(district.home) as landing:
        landing.copy_register(copy.register)
    copy.originals.symlink_to(district.home.originals)
    copy.lines.symlink_to(district.home.lines)
    held = quality.held_rows(district.ledger).filter(pl.col("contract") == "energy").to_dicts()
    when = datetime.fromisoformat("2024-03-01T10:00:00+08:00")
    with intake.Landing.open(copy) as landing:
        landing.decide(held[0]["receipt_id"], held[0]["line_no"], "released", "电话核实", "steward01", when)
        landing.decide(held[1]["receipt_id"], held[1]["line_no"], "rejected", "重复", "steward01", when)
    with Ledger.memory(folders=[copy.lines, district.home.lines]) as ledger:
        walk.walk(ledger, Site(copy, LAST, date(2026, 6, 30)))
        sql = "select fate from stg.line_fate where receipt_id = ? and line_no = ?"
        fates = [ledger.one(sql, [row["receipt_id"], row["line_no"]])[0] for row in held[:2]]
    assert fates == ["admitted", "rejected"]


def test_an_earlier_knowledge_date_sees_less(district: District) -> None:
    with Ledger.memory(folders=[district.home.lines]) as ledger:
        walk.walk(ledger, Site(district.home, Month(2022, 12), date(2023, 3, 1)))
        factor = "select factor_t, is_provisional from core.emission where energy_code = '33' and purpose = ? limit 1"
        # 公告2024年第12号 was not yet published: no provincial factor could be known.
        assert ledger.one(factor, ["location_provincial"]) == (None, None)
        assert ledger.one(factor, ["shanghai_ets"])[0] == Decimal("0.42")
        latest = ledger.one("select max(received_on) from raw.submission")[0]
    assert latest <= date(2023, 3, 1)

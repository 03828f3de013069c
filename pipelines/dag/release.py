"""Publication: marts, reports and manifest, put in place whole or not at all.

A release is a folder named after what it was made from: the month, and the digest of its inputs
(submissions, decisions, data folders, knowledge date). The same inputs therefore give the same name and
the same bytes, and a run that was killed half-way is mended by running again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import durable, quality, reference, reports
from pipelines.dag import clocks, differences, factors, freezing, programs
from pipelines.dag.freezing import Headline, Settlement
from pipelines.dag.notes import notes
from pipelines.dag.site import Rulebook, Site
from pipelines.dag.tables import models_in_order
from pipelines.dag.walk import Finding
from pipelines.engine import Ledger, Model
from pipelines.errors import NotFound
from pipelines.intake import Landing
from pipelines.paths import Home
from pipelines.periods import Month, shanghai_now

MANIFEST = "manifest.json"
DASHBOARD = "dashboard.html"
WORKBOOK = "workbook.xlsx"
BRIEF = "brief.md"
QUALITY = "quality.html"
RESTATEMENT = "restatement.json"
PENDING = "pending.json"
CURRENT = "current"
# What the manifest keeps of the facts, beside what its inputs say.
_SAID = ("purpose", "purpose_zh", "purposes", "files", "rows", "notes")


def publish(ledger: Ledger, site: Site, found: list[Finding], suites: Sequence[quality.SuiteResult]) -> Path:
    """The release folder for what is in *ledger*, complete and current."""
    settled = freezing.settle(ledger, site)
    inputs = _inputs(ledger, site, settled)
    # Other machinery, a changed page template too, is another release: a published folder is never written over.
    release_id = f"{site.through}-{_digest([inputs, programs.made_with()])[:12]}"
    target = site.home.published / release_id
    draft = site.home.published / f".draft-{release_id}"
    shutil.rmtree(draft, ignore_errors=True)
    facts = facts_of(ledger, site, settled, release_id, found)
    _write(ledger, site, settled, facts, suites, draft)
    # Before the release: a manifest never names a program or a factor set that is not kept.
    _write_manifest(draft, inputs, facts, programs.keep(site.home))
    factors.keep(
        site.home,
        site.rules.emission_factors,
        as_of=site.as_of,
        at=shanghai_now(),
        resolved=inputs["factors"]["resolved"],
    )
    _put_in_place(draft, target)
    _remember(ledger, site, settled, release_id, target / MANIFEST)
    _point_at(site.home, release_id)
    return target


def current(home: Home) -> Path:
    """The newest release's folder.

    Raises:
        NotFound: nothing has been published yet.
    """
    pointer = home.published / CURRENT
    if not pointer.exists():
        raise NotFound(
            "尚未发布过任何结果。请先运行 greenledger run。", "nothing published yet: greenledger run"
        )
    return home.published / pointer.read_text(encoding="utf-8").strip()


def read_manifest(release: Path) -> dict[str, Any]:
    """The manifest of *release*.

    Raises:
        NotFound: there is no such release.
    """
    path = release / MANIFEST
    if not path.exists():
        raise NotFound(f"没有这个发布：{release.name}", f"no such release: {release.name}")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def facts_in(manifest: Mapping[str, Any]) -> tuple[reports.ReleaseFacts, list[str]] | None:
    """What the pages of a release said besides its figures, and the lines on its standing; nothing where it kept none."""
    said = manifest.get("facts")
    if said is None:
        return None
    inputs = manifest["inputs"]
    facts = reports.ReleaseFacts(
        release_id=manifest["release"],
        through=Month.parse(inputs["through"]),
        as_of=date.fromisoformat(inputs["as_of"]),
        quality_report=QUALITY,
        **{name: said[name] for name in _SAID} | {"notes": tuple(said["notes"])},
    )
    return facts, said["standing"]


def restatements_in(release: Path) -> list[dict[str, Any]]:
    """Earlier restatements the release knows of, and its own, each with the release that made it."""
    manifest = read_manifest(release)
    inputs = manifest["inputs"]
    own = inputs.get("restatement")
    return [
        *inputs.get("restatements", []),
        *([own | {"release": manifest["release"]}] if own else []),
    ]


def pending_in(release: Path) -> list[str]:
    """The months with figures that would be others by what is known today, ``YYYY-MM``."""
    path = release / PENDING
    if not path.exists():
        return []
    waits = json.loads(path.read_text(encoding="utf-8"))
    return sorted({row["month"] for row in (*waits["figures"], *waits["set_aside"]) if row["month"]})


def read_marts(release: Path) -> dict[str, pl.DataFrame]:
    """Every published mart by name, ``mart.green_share`` and so on."""
    return {
        f"mart.{path.stem}": pl.read_parquet(path) for path in sorted((release / "marts").glob("*.parquet"))
    }


def marts_of(rules: Rulebook) -> list[Model]:
    """The models a release publishes."""
    return [model for model in models_in_order(rules) if model.layer == "mart"]


def export_marts(ledger: Ledger, rules: Rulebook, folder: Path) -> None:
    """Every mart as Parquet under *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for model in marts_of(rules):
        ledger.export(model, folder / f"{model.name}.parquet")


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file under *folder* but the manifest, by relative name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def facts_of(
    ledger: Ledger, site: Site, settled: Settlement, release_id: str, found: list[Finding]
) -> reports.ReleaseFacts:
    """What the pages say about a release besides its figures."""
    submissions = ledger.rows(
        "select outcome, count(*) as files from raw.submission group by outcome order by outcome"
    )
    fates = ledger.rows("select fate, count(*) as rows from stg.line_fate group by fate order by fate")
    purpose, name = ledger.one("select purpose, name_zh from ref.purpose where is_headline")
    return reports.ReleaseFacts(
        release_id=release_id,
        through=site.through,
        as_of=site.as_of,
        purpose=str(purpose),
        purpose_zh=str(name),
        purposes=dict(ledger.rows("select purpose, name_zh from ref.purpose").iter_rows()),
        files=dict(submissions.iter_rows()),
        rows=dict(fates.iter_rows()),
        quality_report=QUALITY,
        notes=notes(ledger, found),
        standing=_standing(site, settled, release_id, freezing.headline(ledger, site)),
    )


def _standing(site: Site, settled: Settlement, release_id: str, leads: Headline) -> reports.Standing:
    """What the pages say of frozen, preliminary and restated months, and of what waits."""
    told = [*site.restatements]
    if site.restating:
        told.append(
            {
                "release": release_id,
                **site.restating.as_dict(),
                "district": freezing.district_lines(settled.restated, leads),
            }
        )
    return reports.Standing(
        factors=settled.clock.factors,
        frozen=len(site.frozen)
        + len(settled.freezes)
        + (len(site.restating.months) if site.restating else 0),
        preliminary=tuple(map(str, settled.preliminary)),
        restatements=tuple(told),
        pending=tuple(freezing.district_lines(settled.pending, leads)),
        pending_months=tuple(f"{day:%Y-%m}" for day in settled.pending["month"].unique().sort()),
        pending_figures=len(settled.pending),
        set_aside_lines=len(settled.set_aside.filter(pl.col("decision_seq").is_null())),
        set_aside_decisions=len(settled.set_aside.filter(pl.col("decision_seq").is_not_null())),
    )


def _write(
    ledger: Ledger,
    site: Site,
    settled: Settlement,
    facts: reports.ReleaseFacts,
    suites: Sequence[quality.SuiteResult],
    draft: Path,
) -> None:
    export_marts(ledger, site.rules, draft / "marts")
    marts = read_marts(draft)
    _write_standing(site, settled, facts.release_id, freezing.headline(ledger, site), draft)
    reports.dashboard(marts, facts, draft / DASHBOARD)
    reports.workbook(marts, facts, draft / WORKBOOK)
    (draft / BRIEF).write_text(reports.brief_text(marts, facts), encoding="utf-8")
    waits = reports.standing_lines(facts.standing)
    quality.report(ledger, draft / QUALITY, facts.release_id, suites, standing=waits)
    for name, source in site.rules.files():
        _copy(source, draft / "rules" / name)
    for name, source in programs.other_tables(site.rules.digests()).items():
        _copy(source, draft / programs.READING / name)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def _write_standing(site: Site, settled: Settlement, release_id: str, leads: Headline, draft: Path) -> None:
    """``restatement.json`` of a restating release; ``pending.json`` where frozen months wait for one."""
    if site.restating:
        record = freezing.restatement_record(site.restating, settled, release_id, leads)
        (draft / RESTATEMENT).write_text(_json(record), encoding="utf-8")
    if len(settled.pending) or len(settled.set_aside):
        waits = {
            "release": release_id,
            "figures": differences.as_json(settled.pending),
            "set_aside": [
                row | {"month": f"{row['month']:%Y-%m}"} for row in settled.set_aside.iter_rows(named=True)
            ],
        }
        (draft / PENDING).write_text(_json(waits), encoding="utf-8")


def _inputs(ledger: Ledger, site: Site, settled: Settlement) -> dict[str, Any]:
    clock = settled.clock
    submissions = ledger.rows(
        "select receipt_id, sha256, contract, outcome from raw.submission order by seq"
    ).to_dicts()
    decisions = ledger.rows(
        "select receipt_id, line_no, decision, reason from raw.decision order by seq"
    ).to_dicts()
    return {
        "through": str(site.through),
        "as_of": site.as_of.isoformat(),
        "submissions": submissions,
        "decisions": decisions,
        "rules": site.rules.digests(),
        "reading": programs.digests(programs.other_tables(site.rules.digests())),
        "register": {"submission_seq": clock.submission_seq, "decision_seq": clock.decision_seq},
        "factors": {
            "release": clock.factors,
            "resolved": reference.digest(
                reference.load(site.rules.emission_factors, as_of=site.as_of).tables
            ),
        },
        # Months this very clock froze are the release's own: run again, it has the same inputs and the same name.
        "frozen": clocks.grouped({month: held for month, held in site.frozen.items() if held.clock != clock}),
        "carried": [entry.as_dict() for entry in settled.carried],
        "restatement": site.restating.as_dict() if site.restating else None,
        "restatements": list(site.restatements),
    }


def _write_manifest(
    draft: Path, inputs: Mapping[str, Any], facts: reports.ReleaseFacts, program: Mapping[str, str]
) -> None:
    manifest = {
        "release": facts.release_id,
        "inputs": inputs,
        "facts": {name: getattr(facts, name) for name in _SAID}
        | {"standing": reports.standing_lines(facts.standing)},
        "outputs": digests(draft),
        "made_with": programs.made_with(),
        "program": program,
    }
    (draft / MANIFEST).write_text(_json(manifest), encoding="utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _put_in_place(draft: Path, target: Path) -> None:
    """Give *draft* its final name. A release already there with the same manifest is left as it is."""
    if target.exists() and (target / MANIFEST).read_bytes() == (draft / MANIFEST).read_bytes():
        shutil.rmtree(draft)
        return
    for path in draft.rglob("*"):
        if path.is_file():
            durable.sync(path)
    old = target.with_name(f".old-{target.name}")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    draft.rename(target)
    durable.sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def _point_at(home: Home, release_id: str) -> None:
    pointer = home.published / CURRENT
    fresh = pointer.with_suffix(".new")
    fresh.write_text(release_id + "\n", encoding="utf-8")
    durable.sync(fresh)
    fresh.replace(pointer)
    durable.sync(home.published)


def _remember(ledger: Ledger, site: Site, settled: Settlement, release_id: str, manifest: Path) -> None:
    """The register's events: the publication, once a release; the months it freezes; the restatement it is."""
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    clock, now = settled.clock.as_dict(), shanghai_now()
    with Landing.open(site.home) as landing:
        landing.record_publication(release_id, digest)
        if settled.freezes:
            told = {"months": [str(month) for month in settled.freezes], "clock": clock}
            landing.record(clocks.FROZEN, release_id, told, "ledger", now)
        if site.restating:
            leads = freezing.headline(ledger, site)
            record = freezing.restatement_record(site.restating, settled, release_id, leads)
            said = {
                name: value
                for name, value in record.items()
                if name not in ("release", "approver", "figures")
            }
            landing.record(clocks.RESTATED, release_id, said, site.restating.approver, now)


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

"""Verification: a published release made again from originals, and compared byte by byte.

Nothing derived is trusted: the originals named in the manifest are hashed and parsed anew, the rules are
the release's own copy, and the ledger is built in an empty folder. A release another version of the program made
is handed to that version (:mod:`pipelines.dag.earlier`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from pipelines.dag import clocks, earlier, freezing, frozenrows, programs
from pipelines.dag.frozenrows import Carried
from pipelines.dag.release import MANIFEST, digests, export_marts, read_manifest
from pipelines.dag.site import Rulebook, Site
from pipelines.dag.walk import compute, findings, stop_on_blocking
from pipelines.engine import Ledger, load_checks
from pipelines.errors import (
    BrokenModel,
    BrokenReference,
    FailedCheck,
    LedgerError,
    NotFound,
    SqlFailed,
    TamperedRegister,
)
from pipelines.intake import Landing
from pipelines.paths import Home
from pipelines.periods import Month

SAME, KEPT, OTHER = "same", "kept", "other"
"""Who rebuilt a release: this program, which made it; the kept one, which made it; this one, for want of that."""

_WHO = {
    SAME: "由制成它的同一版程序（{code}）重建",
    KEPT: "由存档的、制成它的那一版程序（{code}）重建",
    OTHER: "制成它的程序（{code}）没有存档，由现行程序（{now}）重建",
}


@dataclass(frozen=True)
class Verification:
    """What was compared. ``differences`` is empty when the release stands as published.

    ``rests_on`` are the earlier releases it carries frozen rows from; each is verified by itself. ``is_kept`` says that
    the program that made it is kept; ``made_with`` and ``rebuilt_with`` name the versions then and now. The fields are a
    contract with other versions (docs/decisions/0010-kept-programs.md).
    """

    release: str
    originals: int
    marts: int
    files: int
    differences: tuple[str, ...]
    rests_on: tuple[str, ...] = ()
    rebuilt_by: str = SAME
    is_kept: bool = False
    made_with: Mapping[str, str] = field(default_factory=dict)
    rebuilt_with: Mapping[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """No difference found."""
        return not self.differences

    @property
    def other_packages(self) -> dict[str, str]:
        """Packages of another version than it was made with: then, by name."""
        return {
            name: then
            for name, then in sorted(self.made_with.items())
            if name != "code" and self.rebuilt_with.get(name, then) != then
        }

    def rebuilt_in_words(self) -> str:
        """One line: which program rebuilt it, on which packages, and which of them were others then."""
        who = _WHO[self.rebuilt_by].format(
            code=self.made_with.get("code", "未记"), now=self.rebuilt_with["code"]
        )
        packages = "、".join(
            f"{name} {now}" for name, now in sorted(self.rebuilt_with.items()) if name != "code"
        )
        others = "、".join(f"{name} {then}" for name, then in self.other_packages.items())
        who += "" if self.is_kept or self.rebuilt_by == OTHER else "（没有存档）"
        return f"{who}：{packages}；" + (f"制成时为 {others}。" if others else "软件包与制成时相同。")

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self) | {"other_packages": self.other_packages, "holds": self.holds}


def verify(home: Home, release: Path, python: Path | None = None) -> Verification:
    """Rebuild *release* from originals by the program that made it, and compare.

    This program does it when it is the one; else the kept one, run by *python* or by our own interpreter; else, where
    none was kept, this program after all.

    Raises:
        NotFound: there is no such release, or *python* has no kept program to run.
        TamperedRegister: the register's chain, an original, the kept program or what it would follow was changed.
        KeptProgramFailed: the kept program gave no verdict.
    """
    manifest = read_manifest(release)
    program = programs.read(home, manifest)
    code = programs.made_with()["code"]
    is_ours = manifest["made_with"].get("code") == code and programs.reads_alike(manifest)
    if program and (python or not is_ours):
        return _by_the_kept(home, release, manifest, program, python)
    if python:
        raise NotFound(
            f"发布 {release.name} 的程序没有存档，不能用 --python。",
            f"no program is kept for release {release.name}; --python has nothing to run",
        )
    by = SAME if manifest["made_with"].get("code") == code else OTHER
    return replace(_by_ourselves(home, release, manifest, by), is_kept=program is not None)


def verify_with_earlier(home: Home, release: Path, python: Path | None = None) -> Iterator[Verification]:
    """*release*, then every release it carries rows from and those they carry from: each once, by its own program."""
    waiting, seen = [release.name], {release.name}
    while waiting:
        result = verify(home, release.with_name(waiting.pop(0)), python)
        yield result
        waiting += [name for name in result.rests_on if name not in seen]
        seen.update(result.rests_on)


def _by_ourselves(home: Home, release: Path, manifest: dict[str, Any], by: str) -> Verification:
    differences = _files_changed(release, manifest) + _rules_changed(release, manifest)
    with Landing.open(home) as landing:
        landing.verify_chain()
        differences += _manifest_changed(landing, release)
        for submission in manifest["inputs"]["submissions"]:
            landing.originals.read(submission["sha256"])
    try:
        differences += _rebuilt_otherwise(home, release, manifest)
    except (BrokenModel, BrokenReference, FailedCheck, SqlFailed) as error:
        if manifest["made_with"] == programs.made_with() and programs.reads_alike(manifest):
            raise
        differences.append(_other_machinery(manifest["made_with"], error))
    return Verification(
        release=release.name,
        originals=len(manifest["inputs"]["submissions"]),
        marts=len(_marts_told(manifest)),
        files=len(manifest["outputs"]),
        differences=tuple(differences),
        rests_on=tuple(entry["release"] for entry in manifest["inputs"].get("carried", [])),
        rebuilt_by=by,
        made_with=manifest["made_with"],
        rebuilt_with=programs.made_with(),
    )


def _by_the_kept(
    home: Home, release: Path, manifest: dict[str, Any], program: bytes, python: Path | None
) -> Verification:
    """The verdict of the program that made it.

    Raises:
        TamperedRegister: the manifest, which says what program to run, is not the one the register knows.
    """
    with Landing.open(home) as landing:
        landing.verify_chain()
        changed = _manifest_changed(landing, release)
    if changed:
        raise TamperedRegister(
            f"发布 {release.name} 的清单与登记簿所记的不同，不运行它所指的程序。",
            f"the manifest of {release.name} is not the one the register knows; the program it names is not run",
        )
    with TemporaryDirectory(prefix="greenledger-verify-") as folder:
        lent = Home(Path(folder))
        lend_truth(home, lent)
        told = earlier.ask(lent, release, program, python)
    return Verification(
        release=release.name,
        originals=told["originals"],
        marts=told["marts"],
        files=told["files"],
        differences=tuple(told["differences"]),
        rests_on=tuple(told["rests_on"]),
        rebuilt_by=KEPT,
        is_kept=True,
        made_with=manifest["made_with"],
        rebuilt_with=told["rebuilt_with"],
    )


def _other_machinery(told: dict[str, str], error: LedgerError) -> str:
    """Made by other code, packages or contracts, and no program kept that could follow the rules of then."""
    names = "、".join(f"{name} {version}" for name, version in sorted(told.items()))
    return (
        f"本发布由另一版程序制成，或由另一套约定读取（{names}），现行程序不能按当时的规则重建：{error.zh}。请用当时的版本核验"
        f" | made by another version, or read by other contracts ({names}); today's code cannot rebuild it: {error.en}"
    )


def _manifest_changed(landing: Landing, release: Path) -> list[str]:
    """The manifest is not one the register's chain knows for this release."""
    told = [
        json.loads(event["payload"])["manifest"]
        for event in landing.events("published")
        if event["receipt_id"] == release.name
    ]
    if hashlib.sha256((release / MANIFEST).read_bytes()).hexdigest() in told:
        return []
    return [f"{MANIFEST}：与登记簿所记的不同 | not the manifest the register knows"]


def _files_changed(release: Path, manifest: dict[str, Any]) -> list[str]:
    """Files of the release that are not what the manifest says."""
    now = digests(release)
    told = manifest["outputs"]
    return [
        f"{name}：文件与清单不符 | file is not what the manifest says"
        for name in sorted(now.keys() | told.keys())
        if now.get(name) != told.get(name)
    ]


def _rules_changed(release: Path, manifest: dict[str, Any]) -> list[str]:
    """Rules kept with the release that are not the ones it was made by."""
    kept = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in Rulebook.under(release / "rules").files()
    }
    return [
        f"rules/{name}：规则与发布时不符 | not the rule it was made by"
        for name in sorted(kept.keys() | manifest["inputs"]["rules"].keys())
        if kept.get(name) != manifest["inputs"]["rules"].get(name)
    ]


def _marts_told(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {name: digest for name, digest in manifest["outputs"].items() if name.startswith("marts/")}


def _rebuilt_otherwise(home: Home, release: Path, manifest: dict[str, Any]) -> list[str]:
    """Marts that come out otherwise, made anew in an empty folder beside the originals."""
    with TemporaryDirectory(prefix="greenledger-verify-") as folder:
        copy = Home(Path(folder))
        lend_truth(home, copy)
        site = _site(copy, release, manifest["inputs"])
        marts = copy.root / "rebuilt" / "marts"
        with Ledger.open(copy.building, folders=[copy.lines, marts]) as ledger:
            # Not the units: a release may be older than the check that holds them today.
            compute(ledger, site)
            stop_on_blocking(findings(ledger, load_checks(site.rules.warehouse)))
            freezing.put_in_place(ledger, site, _carried(home, manifest["inputs"]))
            export_marts(ledger, site.rules, marts)
        told, rebuilt = _marts_told(manifest), digests(marts.parent)
        return [
            f"{name}：{_otherwise(release / name, marts.parent / name)}"
            for name in sorted(told.keys() | rebuilt.keys())
            if told.get(name) != rebuilt.get(name)
        ]


def _otherwise(published: Path, rebuilt: Path) -> str:
    """How a mart differs. Packages of another version may write equal rows as other bytes: that is said apart."""
    if not (published.exists() and rebuilt.exists()):
        return "重建结果与发布不同，一方没有这张表 | rebuilt differs from published: one has no such table"
    if pl.read_parquet(published).equals(pl.read_parquet(rebuilt)):
        return "各行逐位相同，文件写法不同（软件包不同时如此） | same rows to the last digit, other bytes in the file"
    return "重建结果与发布不同 | rebuilt differs from published"


def _site(copy: Home, release: Path, inputs: dict[str, Any]) -> Site:
    """The run as it was asked. Releases from before months were frozen name no clocks."""
    register = inputs.get("register", {})
    return Site(
        home=copy,
        through=Month.parse(inputs["through"]),
        as_of=date.fromisoformat(inputs["as_of"]),
        rules=Rulebook.under(release / "rules"),
        submission_seq=register.get("submission_seq"),
        decision_seq=register.get("decision_seq"),
        frozen=clocks.ungrouped(inputs.get("frozen", [])),
    )


def _carried(home: Home, inputs: dict[str, Any]) -> list[Carried]:
    """What the release carries, from releases that are still what they were when it was made.

    Raises:
        TamperedRegister: one of them is not.
    """
    carried = [Carried.of(entry) for entry in inputs.get("carried", [])]
    for entry in carried:
        if frozenrows.marts_digest(home.published / entry.release) != entry.marts:
            raise TamperedRegister(
                f"发布 {entry.release} 的结果表已不是当时的结果表。",
                f"the marts of {entry.release} were changed",
            )
    return carried


def lend_truth(home: Home, copy: Home) -> None:
    """The register copied; originals, pinned factors and releases linked: the rebuild reads truth and cannot write it."""
    copy.made(copy.register.parent)
    with Landing.open(home) as landing:
        landing.copy_register(copy.register)
    shutil.rmtree(copy.originals, ignore_errors=True)
    copy.originals.symlink_to(home.originals, target_is_directory=True)
    for mine, theirs in ((copy.factors, home.factors), (copy.published, home.published)):
        mine.symlink_to(theirs, target_is_directory=True)

"""Verification: a published release made again from originals, and compared byte by byte.

Nothing derived is trusted: the originals named in the manifest are hashed and parsed anew, the rules are
the release's own copy, and the ledger is built in an empty folder.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipelines.dag import clocks, freezing, frozenrows
from pipelines.dag.frozenrows import Carried
from pipelines.dag.release import digests, export_marts, made_with, read_manifest
from pipelines.dag.site import Rulebook, Site
from pipelines.dag.walk import compute, findings, stop_on_blocking
from pipelines.engine import Ledger, load_checks
from pipelines.errors import BrokenModel, BrokenReference, LedgerError, SqlFailed, TamperedRegister
from pipelines.intake import Landing
from pipelines.paths import Home
from pipelines.periods import Month


@dataclass(frozen=True)
class Verification:
    """What was compared. ``differences`` is empty when the release stands as published.

    ``rests_on`` are the earlier releases it carries frozen rows from; each is verified by itself.
    """

    release: str
    originals: int
    marts: int
    files: int
    differences: tuple[str, ...]
    rests_on: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """No difference found."""
        return not self.differences


def verify(home: Home, release: Path) -> Verification:
    """Rebuild *release* from originals and compare.

    Raises:
        NotFound: there is no such release.
        TamperedRegister: the register's chain or an original does not match its hash.
    """
    manifest = read_manifest(release)
    differences = _files_changed(release, manifest) + _rules_changed(release, manifest)
    with Landing.open(home) as landing:
        landing.verify_chain()
        for submission in manifest["inputs"]["submissions"]:
            landing.originals.read(submission["sha256"])
    try:
        rebuilt = _rebuild(home, release, manifest)
    except (BrokenModel, BrokenReference, SqlFailed) as error:
        if manifest["made_with"] == made_with():
            raise
        differences.append(_other_machinery(manifest["made_with"], error))
        rebuilt = {}
    published = {name: digest for name, digest in manifest["outputs"].items() if name.startswith("marts/")}
    for name in sorted(published.keys() | rebuilt.keys()) if rebuilt else ():
        if published.get(name) != rebuilt.get(name):
            differences.append(f"{name}：重建结果与发布不同 | rebuilt differs from published")
    return Verification(
        release=release.name,
        originals=len(manifest["inputs"]["submissions"]),
        marts=len(published),
        files=len(manifest["outputs"]),
        differences=tuple(differences),
        rests_on=tuple(entry["release"] for entry in manifest["inputs"].get("carried", [])),
    )


def _other_machinery(told: dict[str, str], error: LedgerError) -> str:
    """A release keeps its rules, not the program: one made by other code may not be rebuilt by today's."""
    names = "、".join(f"{name} {version}" for name, version in sorted(told.items()))
    return (
        f"本发布由另一版程序制成（{names}），现行程序不能按当时的规则重建：{error.zh}。请用当时的版本核验"
        f" | made by another version ({names}); today's code cannot rebuild it: {error.en}"
    )


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


def _rebuild(home: Home, release: Path, manifest: dict[str, Any]) -> dict[str, str]:
    """Digests of the marts, made anew in an empty folder beside the originals."""
    with TemporaryDirectory(prefix="greenledger-verify-") as folder:
        copy = Home(Path(folder))
        lend_truth(home, copy)
        site = _site(copy, release, manifest["inputs"])
        with Landing.open(copy) as landing:
            landing.restore_lines()
        marts = copy.root / "rebuilt" / "marts"
        with Ledger.open(copy.building, folders=[copy.lines, marts]) as ledger:
            # Not the units: a release may be older than the check that holds them today.
            compute(ledger, site)
            stop_on_blocking(findings(ledger, load_checks(site.rules.warehouse)))
            freezing.put_in_place(ledger, site, _carried(home, manifest["inputs"]))
            export_marts(ledger, site.rules, marts)
        return digests(copy.root / "rebuilt")


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

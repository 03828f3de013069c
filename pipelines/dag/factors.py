"""因子发布 | Factor releases: emission_factors/ as it stood, pinned under its hash and never changed.

A factor release is named ``F`` and twelve digits of the SHA-256 over its data files, so the same data is the same
release, whoever pins it and whenever. The files are kept under the state folder; when, by whom and under which
name stands in the register. A run uses the active release; until one is activated, the checkout's folder.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines import paths, reference
from pipelines.errors import BrokenReference, NotFound, TamperedRegister
from pipelines.intake import Landing
from pipelines.paths import Home

CHECKOUT, ACTIVE = "checkout", "active"
_PINNED, _ACTIVATED = "factors_pinned", "factors_activated"
_KEPT = {".csv", ".md", ".txt"}
_ID_DIGITS = 12


@dataclass(frozen=True)
class FactorSet:
    """A folder of factors and its id. ``origin`` says how it was asked for: an id, a release, a folder."""

    factors_id: str
    folder: Path
    origin: str


def id_of(folder: Path) -> str:
    """The id *folder* has, or would have when it is pinned."""
    return f"F{reference.fingerprint(folder)[:_ID_DIGITS]}"


def pin(home: Home, folder: Path, *, name: str, actor: str, as_of: date, at: datetime) -> str:
    """Keep *folder* as a factor release; its id. Pinned already under this name, nothing changes.

    Raises:
        BrokenReference: the folder does not hold together.
        NotFound: the name belongs to another release.
    """
    resolved = reference.digest(reference.load(folder, as_of=as_of).tables)
    with Landing.open(home) as landing:
        return _pin(home, landing, folder, name, actor, as_of, at, resolved)


def keep(home: Home, folder: Path, *, as_of: date, at: datetime, resolved: str) -> str:
    """The same for the set a run used, without a name; its id."""
    with Landing.open(home) as landing:
        if any(said["factors"] == id_of(folder) for said in _told(landing)):
            _copied(home, folder)
            return id_of(folder)
        return _pin(home, landing, folder, "", "ledger", as_of, at, resolved)


def releases(home: Home) -> list[dict[str, Any]]:
    """Every pinned release in order: id, names, created on, by whom, digests, whether it is the active one."""
    found: dict[str, dict[str, Any]] = {}
    with Landing.open(home) as landing:
        for said in _told(landing):
            entry = found.setdefault(said["factors"], said | {"names": []})
            entry["names"] += [said["name"]] if said["name"] else []
        now = _active_id(landing)
    for entry in found.values():
        del entry["name"]
        entry["is_active"] = entry["factors"] == now
    return list(found.values())


def active(home: Home) -> FactorSet:
    """The set a run uses now.

    Raises:
        TamperedRegister: the pinned files are not what was pinned.
    """
    with Landing.open(home) as landing:
        now = _active_id(landing)
    if now == CHECKOUT:
        return FactorSet(id_of(paths.EMISSION_FACTORS), paths.EMISSION_FACTORS, CHECKOUT)
    return FactorSet(now, pinned_folder(home, now), ACTIVE)


def activate(home: Home, text: str, *, reason: str, actor: str, at: datetime) -> str:
    """Make a pinned release (or ``checkout``) the one runs use from now on; its id.

    Raises:
        NotFound: there is no such pinned release.
        BrokenReference: its units.txt is another than the one files are read by.
    """
    chosen = CHECKOUT if text == CHECKOUT else _pinned_id(home, text)
    if chosen is None:
        raise NotFound(
            f"没有已固定的因子发布 “{text}”。先 greenledger factors pin，或看 greenledger factors releases。",
            f"no pinned factor release {text!r}",
        )
    if chosen != CHECKOUT:
        hold_units_file(pinned_folder(home, chosen), text)
    with Landing.open(home) as landing:
        landing.record(_ACTIVATED, chosen, {"reason": reason}, actor, at)
    return chosen


def find(home: Home, text: str) -> FactorSet:
    """The set meant by *text*: a pinned id or name, ``active``, ``checkout``, a published release, a folder.

    Raises:
        NotFound: it is none of these.
    """
    if text == ACTIVE:
        return active(home)
    if text == CHECKOUT:
        return FactorSet(id_of(paths.EMISSION_FACTORS), paths.EMISSION_FACTORS, CHECKOUT)
    pinned = _pinned_id(home, text)
    if pinned is not None:
        return FactorSet(pinned, pinned_folder(home, pinned), text)
    published = {folder.name: folder for folder in home.published.glob("*-*") if folder.is_dir()}
    if text in published:
        return _in_folder(published[text] / "rules" / "emission_factors", text)
    for folder in (Path(text) / "emission_factors", Path(text)):
        if (folder / "units.txt").exists():
            return _in_folder(folder, text)
    raise NotFound(
        f"没有 “{text}”：应为因子发布编号或名称、已发布结果的编号、active、checkout，或含 units.txt 的文件夹。",
        f"no factor release, published release or factor folder {text!r}",
    )


def pinned_folder(home: Home, factors_id: str) -> Path:
    """The files of a pinned release, checked against its id.

    Raises:
        NotFound: it is not kept here.
        TamperedRegister: the files are not what was pinned.
    """
    folder = home.factors / factors_id
    if not (folder / "units.txt").exists():
        raise NotFound(f"没有因子发布 {factors_id} 的文件。", f"no files of factor release {factors_id}")
    if id_of(folder) != factors_id:
        raise TamperedRegister(
            f"因子发布 {factors_id} 的文件已被改动。",
            f"the files of factor release {factors_id} were changed",
        )
    return folder


def hold_units_file(folder: Path, text: str) -> None:
    """Units act when files are read, so a factor set may not bring its own.

    Raises:
        BrokenReference: units.txt of *folder* is not the one in the checkout.
    """
    if (folder / "units.txt").read_bytes() != (paths.EMISSION_FACTORS / "units.txt").read_bytes():
        raise BrokenReference(
            f"{text} 的 units.txt 与现行目录的不同：单位在读取文件时就起作用，不能只换因子。"
            "请先把单位的改动放进现行目录。",
            f"units.txt of {text} differs from the one files are read by; factors alone cannot bring it",
        )


def _in_folder(folder: Path, text: str) -> FactorSet:
    return FactorSet(id_of(folder), folder, text)


def _pin(
    home: Home,
    landing: Landing,
    folder: Path,
    name: str,
    actor: str,
    as_of: date,
    at: datetime,
    resolved: str,
) -> str:
    factors_id = id_of(folder)
    for said in _told(landing):
        same = said["factors"] == factors_id
        if name and said["name"] == name and not same:
            raise NotFound(
                f"名称 “{name}” 已属于 {said['factors']}，请另取。",
                f"the name {name!r} is taken by {said['factors']}",
            )
        if same and name in ("", said["name"]):
            _copied(home, folder)
            return factors_id
    _copied(home, folder)
    payload = {
        "name": name,
        "as_of": as_of.isoformat(),
        "fingerprint": reference.fingerprint(folder),
        "files": _digests(folder),
        "resolved": resolved,
    }
    landing.record(_PINNED, factors_id, payload, actor, at)
    return factors_id


def _copied(home: Home, folder: Path) -> None:
    """*folder* under its id, whole or not at all."""
    factors_id = id_of(folder)
    target = home.made(home.factors) / factors_id
    if target.exists() and id_of(target) == factors_id:
        return
    draft = target.with_name(f".draft-{factors_id}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    for path in _files(folder):
        (draft / path.name).write_bytes(path.read_bytes())
        (draft / path.name).chmod(0o444)
    shutil.rmtree(target, ignore_errors=True)
    draft.replace(target)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix in _KEPT)


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in _files(folder)}


def _told(landing: Landing) -> list[dict[str, Any]]:
    """What the register says of pinned sets, in order."""
    return [
        {"factors": event["receipt_id"], "created_at": event["at"], "by": event["actor"]}
        | json.loads(event["payload"])
        for event in landing.events(_PINNED)
    ]


def _active_id(landing: Landing) -> str:
    told = landing.events(_ACTIVATED)
    return str(told[-1]["receipt_id"]) if told else CHECKOUT


def _pinned_id(home: Home, text: str) -> str | None:
    with Landing.open(home) as landing:
        for said in _told(landing):
            if text and text in (said["factors"], said["name"]):
                return str(said["factors"])
    return None

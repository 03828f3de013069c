"""Published rows of frozen months, carried into a later release where a recomputation would say otherwise.

A frozen month is computed from what its clock knew, so it usually comes out as published. What has no clock of
its own — a title taken back, a changed register, a corrected model — could still move it: then the rows of the
release that published it stand, and the difference is kept for the list of what waits for a restatement (待重述).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipelines.dag import differences
from pipelines.engine import Ledger, Model
from pipelines.errors import NotFound, TamperedRegister
from pipelines.paths import Home
from pipelines.periods import Month

_MANIFEST = "manifest.json"
Marts = dict[str, pl.DataFrame]


class Carried(NamedTuple):
    """The rows of these months come from this release; ``marts`` is the SHA-256 over its marts' digests."""

    release: str
    months: tuple[Month, ...]
    marts: str

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "release": self.release,
            "months": [str(month) for month in self.months],
            "marts": self.marts,
        }

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Carried:
        """What :meth:`as_dict` wrote."""
        return cls(said["release"], tuple(map(Month.parse, said["months"])), said["marts"])


def published(home: Home, models: Sequence[Model], origins: Mapping[Month, str]) -> Marts:
    """The rows of each month as its release published them, by table; a table no release had is left out.

    Raises:
        NotFound: a release's folder is gone.
        TamperedRegister: a published file is not what its manifest says.
    """
    parts: dict[str, list[pl.DataFrame]] = {}
    for release, months in _by_release(origins).items():
        folder = home.published / release
        told = _told(folder)
        for model in models:
            path = folder / "marts" / f"{model.name}.parquet"
            if f"marts/{model.name}.parquet" not in told:
                continue
            if (
                not path.exists()
                or hashlib.sha256(path.read_bytes()).hexdigest() != told[f"marts/{path.name}"]
            ):
                raise TamperedRegister(
                    f"发布 {release} 的 {path.name} 与其清单不符。",
                    f"{release}/{path.name} is not what was published",
                )
            rows = pl.read_parquet(path).filter(pl.col("month").is_in([month.first for month in months]))
            parts.setdefault(model.key, []).append(rows)
    return {name: pl.concat(frames, how="diagonal_relaxed") for name, frames in parts.items()}


def computed(ledger: Ledger, models: Sequence[Model], months: Sequence[Month]) -> Marts:
    """The rows of *months* as the ledger has them, by table."""
    days = [month.first for month in months]
    return {model.key: ledger.rows(model.key).filter(pl.col("month").is_in(days)) for model in models}


def carry(ledger: Ledger, models: Sequence[Model], stands: Marts, months: Sequence[Month]) -> None:
    """Put the published rows of *months* in the place of the computed ones, in every table that has them.

    A column that was not published then keeps what was computed, and so does an accounting basis that was not.
    Comparisons with another month (上月、上年同月) follow what stands for that month.
    """
    days = [month.first for month in months]
    for model in models:
        if model.key in stands and days:
            now = ledger.rows(model.key)
            kept = stands[model.key].filter(pl.col("month").is_in(days))
            carried = _in_place(model, now, kept, days)
            ledger.load(model.key, _with_neighbours(ledger, model, carried))


def marts_digest(folder: Path) -> str:
    """SHA-256 over the digests of a release's marts, as its manifest tells them.

    Raises:
        NotFound: there is no such release.
    """
    told = {name: digest for name, digest in _told(folder).items() if name.startswith("marts/")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _told(folder: Path) -> dict[str, str]:
    """The outputs of a release by name, with their digests."""
    path = folder / _MANIFEST
    if not path.exists():
        raise NotFound(
            f"发布 {folder.name} 的文件夹不在了，而它发布的月份已冻结；请从备份恢复 var/published。",
            f"the folder of release {folder.name} is gone, and months it published are frozen; restore it",
        )
    outputs: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["outputs"]
    return outputs


def _by_release(origins: Mapping[Month, str]) -> dict[str, list[Month]]:
    found: dict[str, list[Month]] = {}
    for month in sorted(origins):
        found.setdefault(origins[month], []).append(month)
    return found


def _in_place(model: Model, now: pl.DataFrame, kept: pl.DataFrame, days: Sequence[Any]) -> pl.DataFrame:
    keys = list(model.grain)
    mine = pl.col("month").is_in(days)
    missing = [name for name in now.columns if name not in kept.columns]
    kept = kept.select([name for name in now.columns if name in kept.columns])
    if missing:
        kept = kept.join(now.select(*keys, *missing), on=keys, how="left", nulls_equal=True)
    rows = [now.filter(~mine), kept.select(now.columns).cast(now.schema)]
    if "purpose" in keys:
        known = kept.select("month", "purpose").unique()
        rows.append(now.filter(mine).join(known, on=["month", "purpose"], how="anti"))
    return pl.concat(rows).sort(keys, nulls_last=True)


def _with_neighbours(ledger: Ledger, model: Model, rows: pl.DataFrame) -> pl.DataFrame:
    """Every comparison column filled anew from the rows that stand."""
    others = [key for key in model.grain if key != "month"]
    spine = ledger.rows("ref.month")
    for column in rows.columns:
        found = differences.neighbour_of(column)
        if found is None or found[0] not in rows.columns:
            continue
        source, which = found
        there = rows.select(pl.col("month").alias(which), *others, pl.col(source).alias(f"{column} now"))
        rows = (
            rows.join(spine.select("month", which), on="month", how="left")
            .join(there, on=[which, *others], how="left", nulls_equal=True)
            .with_columns(pl.col(f"{column} now").alias(column))
            .drop(which, f"{column} now")
        )
    return rows

"""预演 | A new factor set against the active one, before it is activated: every factory and month computed twice.

Both walks happen in memory, over a copy of the register and the same lines, by the same month and knowledge date.
Frozen months are computed too, for they show what a restatement would do; nothing is published and nothing of the
state folder is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from pipelines.dag import asked, factors, rebuild, walk
from pipelines.dag.differences import plain
from pipelines.dag.factordiff import relative
from pipelines.dag.site import Rulebook, Site
from pipelines.dag.tables import models_in_order
from pipelines.engine import Ledger, load_checks
from pipelines.paths import Home
from pipelines.periods import Month

MOST_MOVERS = 20
_LIGHTS = {
    "mart.plan_progress": "status",
    "mart.green_share": "is_met",
    "mart.national_green_factory": "is_met",
    "mart.green_eligibility": "verdict",
    "mart.green_assessment": "verdict",
}
_INVENTORY = ["purpose", "year", "category", "gas"]
_COAL = ("coal_tce", "coal_generation_tce")


@dataclass(frozen=True)
class State:
    """What one walk gave: emissions by use, the whole inventory, standard coal, marts, checks that found rows."""

    emission: pl.DataFrame
    inventory: pl.DataFrame
    coal: pl.DataFrame
    marts: Mapping[str, pl.DataFrame]
    failed: tuple[str, ...]


def rulebook(home: Home, text: str) -> tuple[str, Rulebook]:
    """The rules meant by *text* and the id of their factors: a factor set, or a folder with emission_factors/.

    Such a folder may hold schemas/ as well (targets, criteria); what it does not hold is the rule in use.

    Raises:
        NotFound: there is nothing of that name.
        BrokenReference: units.txt is another; units act when files are read.
    """
    found = factors.find(home, text)
    stands = asked.basis(home).rules
    factors.hold_units_file(found.folder, text)
    schemas = Path(text) / "schemas"
    return found.factors_id, Rulebook(
        found.folder, schemas if schemas.is_dir() else stands.schemas, stands.warehouse
    )


def rehearse(home: Home, text: str, *, through: Month, as_of: date) -> dict[str, Any]:
    """Old against new through *through*, as JSON values (docs/method/17-releases.md describes their shape).

    Raises:
        NotFound: there is no such set.
        BrokenReference: the new set does not hold together; its loader's message.
    """
    new_id, new_rules = rulebook(home, text)
    stands = asked.basis(home)
    with TemporaryDirectory(prefix="greenledger-rehearsal-") as folder:
        copy = Home(Path(folder))
        rebuild.lend_truth(home, copy)
        _lend_lines(home, copy)
        old, new = (_walked(Site(copy, through, as_of, rules), home) for rules in (stands.rules, new_rules))
    frozen = [str(month) for month in sorted(stands.standing.frozen) if month <= through]
    return {
        "old": factors.id_of(stands.rules.emission_factors),
        "new": new_id,
        "asked": text,
        "through": str(through),
        "as_of": as_of.isoformat(),
        **compared(old, new),
        "frozen_months": frozen,
    }


def compared(old: State, new: State) -> dict[str, Any]:
    """Everything a rehearsal tells of two states."""
    return {
        "co2_t": _totals(
            _by(old.emission, "co2_t", ["purpose", "year"]), _by(new.emission, "co2_t", ["purpose", "year"])
        ),
        "coal_tce": _totals(_coal_by_year(old.coal), _coal_by_year(new.coal)),
        "inventory_co2e_t": _totals(
            _by(old.inventory, "co2e_t", _INVENTORY), _by(new.inventory, "co2e_t", _INVENTORY)
        ),
        "movers": _movers(old.emission, new.emission, "co2_t"),
        "inventory_movers": _movers(old.inventory, new.inventory, "co2e_t"),
        "flips": _flips(old.marts, new.marts),
        "without_factor": _uncovered(old.emission, new.emission),
        "newly_covered": _uncovered(new.emission, old.emission),
        "checks": {"old": list(old.failed), "new": list(new.failed)},
        "factory_months": _factory_months(old.emission, new.emission),
    }


def _lend_lines(home: Home, copy: Home) -> None:
    """The lines read before, by link; what is out of date is read again beside them, not there."""
    copy.made(copy.lines)
    for folder in home.lines.iterdir() if home.lines.exists() else ():
        (copy.lines / folder.name).symlink_to(folder, target_is_directory=True)


def _walked(site: Site, home: Home) -> State:
    with Ledger.memory(folders=[site.home.lines, home.lines]) as ledger:
        walk.compute(ledger, site)
        found = walk.findings(ledger, load_checks(site.rules.warehouse))
        return State(
            emission=_emission(ledger),
            inventory=_inventory(ledger),
            coal=ledger.rows("core.factory_metric").filter(pl.col("metric").is_in(_COAL)),
            marts={name: ledger.rows(name) for name in _LIGHTS},
            failed=tuple(
                f"{each.check.name}：{each.check.message_zh}"
                for each in found
                if not each.passed and each.check.severity == "blocking"
            ),
        )


def _emission(ledger: Ledger) -> pl.DataFrame:
    """Emissions by purpose, factory, month, energy kind and kind of use; ``unknown`` counts uses without a factor."""
    keys = ["purpose", "factory_id", "month", "energy_code", "kind"]
    rows = ledger.rows("core.emission")
    summed = rows.group_by(keys).agg(
        pl.when(pl.col("co2_t").is_not_null().any()).then(pl.col("co2_t").sum()).alias("co2_t"),
        (pl.col("co2_t").is_null() & (pl.col("activity") != 0)).sum().alias("unknown"),
        pl.col("factor_id").unique().sort().str.join(" + ").alias("factor_id"),
    )
    return summed.with_columns(pl.col("month").dt.year().alias("year")).sort(keys)


def _inventory(ledger: Ledger) -> pl.DataFrame:
    """CO2e of every gas that counts, unknown left unknown; process figures and GWPs move it as fuel factors do."""
    rows = ledger.rows("core.inventory").filter(pl.col("is_in_total"))
    return rows.with_columns(pl.col("month").dt.year().alias("year"))


def _by(rows: pl.DataFrame, value: str, keys: Sequence[str]) -> pl.DataFrame:
    known = pl.col(value).is_not_null().any()
    return rows.group_by(keys).agg(pl.when(known).then(pl.col(value).sum()).alias("value")).sort(keys)


def _coal_by_year(rows: pl.DataFrame) -> pl.DataFrame:
    return _by(rows.with_columns(pl.col("month").dt.year().alias("year")), "value", ["metric", "year"])


def _totals(old: pl.DataFrame, new: pl.DataFrame) -> list[dict[str, Any]]:
    """Every total, changed or not: nobody should wonder whether a year was looked at."""
    keys = [name for name in old.columns if name != "value"]
    pair = old.join(new, on=keys, how="full", coalesce=True, suffix=" new").sort(keys)
    return [
        {**{key: row[key] for key in keys}, **_change(row["value"], row["value new"])}
        for row in pair.iter_rows(named=True)
    ]


def _movers(old: pl.DataFrame, new: pl.DataFrame, value: str) -> list[dict[str, Any]]:
    """The factories that move most in each purpose, over all months; largest change first."""
    keys = ["purpose", "factory_id"]
    moved = [row for row in _totals(_by(old, value, keys), _by(new, value, keys)) if row["difference"] != "0"]
    told: list[dict[str, Any]] = []
    for purpose in sorted({row["purpose"] for row in moved}):
        mine = [row for row in moved if row["purpose"] == purpose]
        mine.sort(key=lambda row: (-abs(Decimal(row["difference"] or "Infinity")), row["factory_id"]))
        told += mine[:MOST_MOVERS]
    return told


def _flips(old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Lights and verdicts that would be another."""
    grains = {model.key: model.grain for model in models_in_order(Rulebook()) if model.key in _LIGHTS}
    told = []
    for table, column in _LIGHTS.items():
        keys = list(grains[table])
        sides = [side[table].select(*keys, pl.col(column).cast(pl.String)) for side in (old, new)]
        pair = sides[0].join(sides[1], on=keys, how="full", coalesce=True, nulls_equal=True, suffix=" new")
        moved = pair.filter(pl.col(column).ne_missing(pl.col(f"{column} new"))).sort(keys, nulls_last=True)
        for row in moved.iter_rows(named=True):
            key = {name: _text(row[name]) for name in keys}
            told.append(
                {
                    "table": table,
                    "key": key,
                    "column": column,
                    "old": row[column],
                    "new": row[f"{column} new"],
                }
            )
    return told


def _uncovered(covered: pl.DataFrame, other: pl.DataFrame) -> list[dict[str, Any]]:
    """Uses with a factor in *covered* and without one in *other*."""
    keys = ["purpose", "factory_id", "month", "energy_code", "kind"]
    pair = covered.join(other, on=keys, how="left", suffix=" other")
    lost = pair.filter((pl.col("unknown") == 0) & (pl.col("unknown other") > 0)).sort(keys)
    return [
        {key: _text(row[key]) for key in keys} | {"co2_t": plain(row["co2_t"])}
        for row in lost.iter_rows(named=True)
    ]


def _factory_months(old: pl.DataFrame, new: pl.DataFrame) -> list[dict[str, Any]]:
    """Every factory, month and purpose that changes, in order."""
    keys = ["purpose", "factory_id", "month"]
    rows = _totals(_by(old, "co2_t", keys), _by(new, "co2_t", keys))
    return [row | {"month": _text(row["month"])} for row in rows if row["difference"] != "0"]


def _change(old: Decimal | None, new: Decimal | None) -> dict[str, Any]:
    """Old, new and what lies between; unknown on either side is an unknown difference, unless both are."""
    if old is None and new is None:
        gap: str | None = "0"
    else:
        gap = None if old is None or new is None else plain(new - old)
    return {"old": plain(old), "new": plain(new), "difference": gap, "relative_change": relative(old, new)}


def _text(value: Any) -> Any:
    return f"{value:%Y-%m}" if isinstance(value, date) else value

"""What a run does with frozen months before it publishes: carry what was published, list what waits, record a restatement.

Published figures of a frozen month are never changed here (DESIGN 6.3). What they would be by all that is known
today is computed beside them, in memory, and listed as waiting for a restatement (待重述).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from pipelines import reference
from pipelines.dag import differences, factors, frozenrows, setaside, splicing, walk
from pipelines.dag.clocks import Clock, Restating
from pipelines.dag.frozenrows import Carried
from pipelines.dag.site import Site
from pipelines.dag.tables import models_in_order
from pipelines.engine import Ledger, Model
from pipelines.errors import FrozenMonth
from pipelines.periods import Month, months_between


@dataclass(frozen=True)
class Settlement:
    """What came of the frozen months of a run.

    ``clock`` is the run's own. ``freezes`` are the months this release is the first to publish after their closing
    day, ``preliminary`` those published before it. ``pending`` and ``restated`` are figure by figure
    (:data:`differences.SCHEMA`), ``set_aside`` the lines and decisions that wait.
    """

    clock: Clock
    freezes: tuple[Month, ...]
    preliminary: tuple[Month, ...]
    carried: tuple[Carried, ...]
    pending: pl.DataFrame
    restated: pl.DataFrame
    set_aside: pl.DataFrame


def settle(ledger: Ledger, site: Site) -> Settlement:
    """Bring the ledger's marts to what may be published.

    Raises:
        FrozenMonth: a restatement was asked for, and no figure of its months would change.
        NotFound: the release that published a frozen month is gone.
    """
    marts = _marts(site)
    models = differences.monthly(marts)
    clock = own_clock(ledger, site)
    origins = {month: held.release for month, held in site.frozen.items()}
    stands = frozenrows.published(site.home, models, origins)
    now = frozenrows.computed(ledger, models, sorted(origins))
    moved = differences.all_between(models, stands, now)
    waits = _known_today(site, clock, models, sorted(origins)) if _knows_less(ledger) else None
    pending = moved if waits is None else differences.all_between(models, stands, waits)
    carried = _carried(site, origins, moved)
    put_in_place(ledger, site, carried)
    restated = _restated(ledger, site, models)
    closed, open_still = _by_closing(ledger, site)
    return Settlement(
        clock=clock,
        freezes=closed,
        preliminary=open_still,
        carried=carried,
        pending=pending,
        restated=restated,
        set_aside=ledger.rows(setaside.SET_ASIDE).sort(pl.all(), nulls_last=True),
    )


def put_in_place(ledger: Ledger, site: Site, carried: Iterable[Carried]) -> None:
    """The carried rows in the marts, and what is summed from them summed again.

    Raises:
        TamperedRegister: a release named is not the one that was published.
    """
    origins = {month: entry.release for entry in carried for month in entry.months}
    if not origins:
        return
    marts = _marts(site)
    models = differences.monthly(marts)
    frozenrows.carry(ledger, models, frozenrows.published(site.home, models, origins), sorted(origins))
    moved = {model.key for model in models}
    for model in marts:
        if model.key not in moved and moved & set(model.depends_on):
            ledger.build(model)


def own_clock(ledger: Ledger, site: Site) -> Clock:
    """What this run knows."""
    submission, decision = (
        int(ledger.one(f"select coalesce(max(seq), 0) from {table}")[0])
        for table in ("raw.submission", "raw.decision")
    )
    aside = int(ledger.one(f"select coalesce(max(decision_seq), 0) from {setaside.SET_ASIDE}")[0])
    return Clock(site.as_of, submission, max(decision, aside), factors.id_of(site.rules.emission_factors))


def _marts(site: Site) -> list[Model]:
    return [model for model in models_in_order(site.rules) if model.layer == "mart"]


def _knows_less(ledger: Ledger) -> bool:
    """Whether a frozen month was computed from less than is known today."""
    return bool(ledger.count(setaside.SET_ASIDE) or ledger.count(splicing.SPLICED))


def _known_today(
    site: Site, clock: Clock, models: Sequence[Model], months: Sequence[Month]
) -> dict[str, pl.DataFrame]:
    """The rows of *months* by all that is known today, from a walk in memory that publishes nothing."""
    today = replace(
        site,
        frozen={},
        restating=None,
        submission_seq=clock.submission_seq,
        decision_seq=clock.decision_seq,
    )
    with Ledger.memory(folders=[site.home.lines]) as scratch:
        walk.compute(scratch, today)
        return frozenrows.computed(scratch, models, months)


def _carried(site: Site, origins: Mapping[Month, str], moved: pl.DataFrame) -> tuple[Carried, ...]:
    days = set(moved["month"].to_list())
    groups: dict[str, list[Month]] = {}
    for month in sorted(origins):
        if month.first in days:
            groups.setdefault(origins[month], []).append(month)
    return tuple(
        Carried(name, tuple(months), frozenrows.marts_digest(site.home.published / name))
        for name, months in groups.items()
    )


def _restated(ledger: Ledger, site: Site, models: Sequence[Model]) -> pl.DataFrame:
    order = site.restating
    if order is None:
        return pl.DataFrame(schema=differences.SCHEMA)
    origins = {month: held.release for month, held in order.replaces.items()}
    old = frozenrows.published(site.home, models, origins)
    found = differences.all_between(models, old, frozenrows.computed(ledger, models, order.months))
    if found.is_empty():
        names = "、".join(map(str, order.months))
        raise FrozenMonth(
            f"按现有数据和因子重算，{names} 没有一个数字会变，不需要重述，未发布。",
            "no figure of these months would change; nothing was published",
        )
    return found


def _by_closing(ledger: Ledger, site: Site) -> tuple[tuple[Month, ...], tuple[Month, ...]]:
    """Months newly frozen and months still 初步. A month nobody has reported for is neither."""
    reported = set(ledger.rows("select distinct month from mart.factory_month")["month"].to_list())
    restating = site.restating.months if site.restating else ()
    loose = [
        month
        for month in months_between(_first(reported, site), site.through)
        if month.first in reported and month not in site.frozen and month not in restating
    ]
    closed = tuple(month for month in loose if is_closed(site, month))
    return closed, tuple(month for month in loose if month not in closed)


def _first(reported: set[date], site: Site) -> Month:
    return Month.of(min(reported)) if reported else site.through


def is_closed(site: Site, month: Month) -> bool:
    """Whether what is published of *month* on the run's knowledge date stays."""
    return site.as_of > reference.closing_day(site.rules.schemas, month)


class Headline(NamedTuple):
    """The readings a page leads with: the accounting basis, the share's definition, the reading of the 8."""

    purpose: str
    share: str
    national: str

    def keys(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """By table: the row's key among differences, and the columns a page tells in a sentence."""
        return {
            "mart.district_month": (f"purpose={self.purpose}", ("co2_t", "coal_tce")),
            "mart.green_share": (self.share, ("numerator", "denominator")),
            "mart.national_green_factory": (f"reading={self.national}", ("factories",)),
        }


def headline(ledger: Ledger, site: Site) -> Headline:
    """The readings chosen for the month of the release."""
    day = [site.through.first]
    definition, variant = ledger.one(
        "select definition, cluster_variant from mart.green_share where is_headline and month = ?", day
    )
    reading = ledger.one(
        "select reading from mart.national_green_factory where is_headline and month = ?", day
    )[0]
    purpose = ledger.one("select purpose from ref.purpose where is_headline")[0]
    return Headline(str(purpose), f"definition={definition};cluster_variant={variant}", str(reading))


def restatement_record(
    order: Restating, settled: Settlement, release_id: str, leads: Headline
) -> dict[str, Any]:
    """``restatement.json`` of a release: who, why, when, by which clocks, and every figure old and new."""
    return {
        "release": release_id,
        **order.as_dict(),
        "clock": settled.clock.as_dict(),
        "district": district_lines(settled.restated, leads),
        "figures": differences.as_json(settled.restated),
    }


def district_lines(found: pl.DataFrame, leads: Headline) -> list[dict[str, Any]]:
    """The differences a page tells in a sentence: the district's CO2 and 综合能耗, the share, the count of the 8."""
    wanted = leads.keys()
    told = []
    for row in differences.as_json(found):
        key, columns = wanted.get(row["table"], ("", ()))
        if row["key"] == key and row["column"] in columns:
            told.append(row)
    names = ("table", "month", "column", "old", "new", "difference")
    return [{name: row[name] for name in names} for row in told]

"""From a figure back to the lines and factors it came from, one screen at a time.

A figure is named by a path, each step one closer to the source::

    green_share/2023-12                      the share, and its clusters
    green_share/2023-12/<cluster>            the factories behind one cluster
    output/2023-12/<factory>                 a factory's output, month by month, with its lines
    co2/2023-12                              the district's month by accounting basis
    co2/2023-12/<factory>                    every energy use of a factory's month, with its factor
    co2/2023-12/<factory>/<energy code>      amount, conversion, factor, document, lines as received
    national_green_factories/2023-12         the four readings of "8", with names

Everything is read from the ledger as it stands and from the original file; nothing is computed here but the
product that is shown beside the stored one.
"""

from __future__ import annotations

from collections.abc import Callable

from pipelines.engine import Ledger
from pipelines.errors import NotFound
from pipelines.intake import Landing
from pipelines.reports.explain import emissions, goals
from pipelines.reports.explain.shapes import Explanation, Section

__all__ = ["Explanation", "Section", "explain"]


def explain(ledger: Ledger, landing: Landing, figure: str) -> Explanation:
    """The screen for *figure* (see the module's text for the names).

    Raises:
        NotFound: no figure goes by that name, or the ledger has no such row.
    """
    kind, _, rest = figure.strip("/").partition("/")
    steps = rest.split("/") if rest else []
    screen = _SCREENS.get((kind, len(steps)))
    if screen is None:
        known = "、".join(sorted({name for name, _ in _SCREENS}))
        raise NotFound(
            f"无法识别的数字名称 “{figure}”。可用：{known}。", f"unknown figure {figure!r}; known: {known}"
        )
    return screen(ledger, landing, figure, steps)


_SCREENS: dict[tuple[str, int], Callable[[Ledger, Landing, str, list[str]], Explanation]] = {
    ("green_share", 1): goals.green_share,
    ("green_share", 2): goals.share_cluster,
    ("output", 2): goals.output,
    ("national_green_factories", 1): goals.national,
    ("co2", 1): emissions.district,
    ("co2", 2): emissions.factory,
    ("co2", 3): emissions.use,
}

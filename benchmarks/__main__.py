"""``python -m benchmarks [--rows 1000000 …] [--resolve FACTORIES]``: each stage against its floor, with peak memory.

Bounded; nothing is asserted. ``--rows 1000000 10000000`` measures both sizes (ten million takes about ten minutes).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.lines import write_lines
from benchmarks.rows import write_rows

ORDER = ("floor", "start", "receive", "run", "arithmetic", "arithmetic_all")
MONTHS = 60


class Measured(NamedTuple):
    """One stage as a whole process: seconds of wall and processor (children included), and peak memory."""

    wall: float
    cpu: float
    peak_mib: float


def measure(*arguments: str) -> Measured:
    """Run a program of ours and read what the system says it used."""
    start = time.perf_counter()
    child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, *arguments])  # noqa: S606 - our own program
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{arguments} ended with {status}")
    return Measured(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def compare(rows: int, folder: Path) -> None:
    """The table of one size."""
    write_rows(folder, rows)
    _table(f"{rows:,} energy rows", folder, ORDER)


def compare_resolution(factories: int, folder: Path) -> None:
    """Factor resolution and arithmetic for three purposes at once, against plain SQL with the same joins."""
    folder.mkdir(parents=True)
    rows = write_lines(folder / "lines.parquet", factories, MONTHS)
    _table(f"{rows:,} stored lines, three purposes", folder, ("resolve_floor", "resolve"))


def _table(title: str, folder: Path, stages: tuple[str, ...]) -> None:
    measured = {name: measure("-m", "benchmarks.stages", name, str(folder)) for name in stages}
    floor = measured[stages[0]]
    print(f"\n{title}\n")
    print("| stage | wall s | cpu s | wall ÷ floor | cpu ÷ floor | peak MiB |")
    print("|---|---|---|---|---|---|")
    for name, item in measured.items():
        ratio = f"{item.wall / floor.wall:.2f} | {item.cpu / floor.cpu:.2f}"
        print(f"| {name} | {item.wall:.1f} | {item.cpu:.1f} | {ratio} | {item.peak_mib:.0f} |")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--resolve", type=int, default=1_000, metavar="FACTORIES")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="greenledger-bench-"))
    try:
        for rows in asked.rows:
            compare(rows, folder / str(rows))
        if asked.resolve:
            compare_resolution(asked.resolve, folder / "resolve")
        units = measure("-m", "benchmarks.stages", "units_check", str(folder))
        print(
            f"\nunits of every model checked: {units.wall:.2f} s wall, {units.cpu:.2f} s cpu, process start included"
        )
        helped = measure("-m", "pipelines", "--help")
        print(f"\ngreenledger --help: {helped.wall:.2f} s wall, {helped.cpu:.2f} s cpu")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

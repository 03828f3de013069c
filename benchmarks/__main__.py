"""``python -m benchmarks [--rows 1000000 …]``: each stage against the floor, with peak memory. Bounded; nothing is asserted."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.rows import write_rows

ORDER = ("floor", "receive", "run", "arithmetic")


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
    measured = {name: measure("-m", "benchmarks.stages", name, str(folder)) for name in ORDER}
    floor = measured["floor"]
    print(f"\n{rows:,} energy rows\n")
    print("| stage | wall s | cpu s | wall ÷ floor | cpu ÷ floor | peak MiB |")
    print("|---|---|---|---|---|---|")
    for name, item in measured.items():
        ratio = f"{item.wall / floor.wall:.2f} | {item.cpu / floor.cpu:.2f}"
        print(f"| {name} | {item.wall:.1f} | {item.cpu:.1f} | {ratio} | {item.peak_mib:.0f} |")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    folder = Path(tempfile.mkdtemp(prefix="greenledger-bench-"))
    try:
        for rows in parser.parse_args().rows:
            compare(rows, folder / str(rows))
        helped = measure("-m", "pipelines", "--help")
        print(f"\ngreenledger --help: {helped.wall:.2f} s wall, {helped.cpu:.2f} s cpu")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

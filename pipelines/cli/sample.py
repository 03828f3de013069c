"""The sample district (示例区) delivered as its factories would have: file by file, on their dates."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from pipelines import intake
from pipelines.paths import CHECKOUT, Home
from pipelines.periods import Month

THROUGH = Month(2023, 12)
# After the notice with the 2023 grid factors (2025-12-31), so that no figure of the plan years is provisional.
AS_OF = date(2026, 6, 30)


def deliver(home: Home, factories: int, say: Callable[[str], None]) -> None:
    """Generate the district once, and hand in what has not been handed in yet."""
    folder = home.root / f"sample-{factories}"
    if not (folder / "deliveries.csv").exists():
        say("正在生成示例区数据（虚构企业，均标注“示例”）… | generating the invented sample district …")
        _generate(folder, factories)
    deliveries = list(_deliveries(folder))
    with intake.Landing.open(home) as landing:
        receipts = intake.receive_many(deliveries, landing=landing)
    accepted = sum(receipt.is_accepted for receipt in receipts)
    repeated = sum(receipt.is_repeat for receipt in receipts)
    say(
        f"报送 {len(receipts)} 件：受理 {accepted} 件，退回 {len(receipts) - accepted} 件（其中重复送达 {repeated} 件）。"
    )


def _generate(folder: Path, factories: int) -> None:
    """The generator is part of the tests and runs as a program of its own."""
    command = [sys.executable, "-m", "tests.sample.generate", str(folder), "--factories", str(factories)]
    subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program


def _deliveries(folder: Path) -> Iterator[intake.Delivery]:
    with (folder / "deliveries.csv").open(encoding="utf-8", newline="") as listing:
        for row in csv.DictReader(listing):
            path = folder / row["path"]
            yield intake.Delivery(
                path.read_bytes(), row["sender"], path.name, datetime.fromisoformat(row["received_at"])
            )

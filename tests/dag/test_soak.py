"""``greenledger demo`` killed at many moments and run again: the same release, the same bytes. Bounded: a few minutes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from pipelines.dag import release
from pipelines.paths import CHECKOUT, Home

KILLS = 8
LONGEST_SECONDS = 40.0


def demo(root: Path, seconds: float | None = None) -> None:
    """The demo in a group of its own; killed after *seconds* when it has not ended by then."""
    environment = os.environ | {"GREENLEDGER_HOME": str(root)}
    running = subprocess.Popen(
        [sys.executable, "-m", "pipelines", "demo"],
        cwd=CHECKOUT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert running.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def published(root: Path) -> tuple[str, dict[str, str]]:
    """The current release and the digest of every file in it."""
    folder = release.current(Home(root / "demo"))
    return folder.name, release.digests(folder)


@pytest.mark.soak
def test_a_demo_killed_anywhere_and_run_again_gives_the_same_bytes(tmp_path: Path) -> None:
    demo(tmp_path / "whole")
    killed, random = tmp_path / "killed", Random(11)
    for _ in range(KILLS):
        demo(killed, random.uniform(0.5, LONGEST_SECONDS))
    demo(killed)
    assert published(killed) == published(tmp_path / "whole")

"""A release made by another version of the program, rebuilt by that version.

The kept program is laid out in a folder of its own with the tables the release keeps, and asked the one question
every version answers alike: ``python -m pipelines verify --json RELEASE`` (docs/decisions/0010-kept-programs.md).
It sees the lent state folder alone, so that code of long ago writes nothing into the real one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipelines.dag import programs
from pipelines.errors import KeptProgramFailed
from pipelines.paths import Home

# What the system needs to run a program, and what says where temporary files go. Nothing of ours.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ")
_HELD, _DIFFERS = 0, 1
_LAST_WORDS = 2000
_PROMISED = {"originals", "marts", "files", "differences", "rests_on", "rebuilt_with", "holds"}


def ask(lent: Home, release: Path, program: bytes, python: Path | None = None) -> dict[str, Any]:
    """What the program of an archive says of *release*, seeing *lent*; run by *python*, or by our own interpreter.

    Raises:
        KeptProgramFailed: it gave no verdict: it refused, or the packages of today no longer run it.
    """
    with TemporaryDirectory(prefix="greenledger-earlier-") as name:
        folder = Path(name)
        programs.unpack(program, folder)
        _lay_tables(release, folder)
        command = [str(python or sys.executable), "-P", "-m", "pipelines", "verify", "--json", release.name]
        ran = subprocess.run(  # noqa: S603 - a program of ours, its archive held to the manifest
            command,
            cwd=folder,
            env=_environment(folder, lent),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    told = _verdict(ran)
    if told is None:
        raise _failed(ran)
    return told


def _lay_tables(release: Path, folder: Path) -> None:
    """The data folders beside the program: the release's rules, and the tables its files were read by."""
    shutil.copytree(release / "rules", folder, dirs_exist_ok=True)
    if (release / programs.READING).exists():
        shutil.copytree(release / programs.READING, folder, dirs_exist_ok=True)


def _environment(folder: Path, lent: Home) -> dict[str, str]:
    """Small, and such that the kept package is imported: before any installed one, whatever the folder."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return kept | {"PYTHONPATH": str(folder), "PYTHONUTF8": "1", "GREENLEDGER_HOME": str(lent.root)}


def _verdict(ran: subprocess.CompletedProcess[str]) -> dict[str, Any] | None:
    if ran.returncode not in (_HELD, _DIFFERS):
        return None
    try:
        told = json.loads(ran.stdout)
    except json.JSONDecodeError:
        return None
    whole = isinstance(told, dict) and told.keys() >= _PROMISED and told["holds"] is (ran.returncode == _HELD)
    return told if whole else None


def _failed(ran: subprocess.CompletedProcess[str]) -> KeptProgramFailed:
    said = ran.stderr.strip()[-_LAST_WORDS:]
    return KeptProgramFailed(
        f"制成本发布的程序没有给出核验结论（退出码 {ran.returncode}），它说：\n{said}\n"
        "如因软件包版本不同而不能运行：按存档中的 constraints.txt 另建环境，再用 verify --python 指定它（见运行手册）。",
        f"the program that made the release gave no verdict (exit {ran.returncode}), its words above; where packages "
        "of today no longer run it, make an environment from the constraints.txt in its archive: verify --python",
    )

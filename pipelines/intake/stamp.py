"""The stamp of a reading: a digest of everything the typed lines of a file depend on beside its bytes.

Contracts, unit spellings, energy kinds, activities, gases, process types, the reading code and the packages it stands on. Typed lines are kept under
their stamp, so that a change of any of these makes them again from originals; receipts do not depend on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pipelines import paths

_PACKAGES = ("fastexcel", "polars", "python-stdnum")
_UNIT_FILES = (
    "activities.csv",
    "energy_kinds.csv",
    "gases.csv",
    "process_types.csv",
    "unit_aliases.csv",
    "units.txt",
)


def reading_stamp(checkout: Path = paths.CHECKOUT) -> str:
    """The stamp of readings made by what stands in *checkout* now: sixteen hexadecimal digits."""
    digest = hashlib.sha256()
    for path in _files(checkout):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(checkout).as_posix()} {content}\n".encode())
    for package in _PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    return digest.hexdigest()[:16]


def reading_tables(checkout: Path = paths.CHECKOUT) -> Iterator[Path]:
    """The data files under *checkout* by which files are read: contracts, unit spellings, code lists."""
    yield from sorted((checkout / "schemas" / "contracts").glob("*.yml"))
    yield from (checkout / "emission_factors" / name for name in _UNIT_FILES)


def _files(checkout: Path) -> Iterator[Path]:
    """Every file a reading depends on. Whole rooms, so that no module is forgotten when one is added."""
    yield from reading_tables(checkout)
    code = checkout / "pipelines"
    yield from sorted((code / "intake").glob("*.py"))
    yield from sorted((code / "units").glob("*.py"))
    yield from (code / name for name in ("errors.py", "periods.py"))

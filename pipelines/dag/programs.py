"""The program that makes releases, kept with them: every file of the package, once a version, under its digest.

A release two years old is rebuilt by the code that made it (:mod:`pipelines.dag.earlier`). The archive's bytes
follow from the code alone: names in order, no times, no owners, bzip2 (one encoder everywhere, unlike deflate).
"""

from __future__ import annotations

import hashlib
import io
import platform
import tarfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

from pipelines import __version__, durable, intake, paths
from pipelines.errors import TamperedRegister
from pipelines.paths import Home

_PACKAGES = ("duckdb", "polars", "pint")
_CODE_DIGITS = 16
READING = "reading"
"""Where a release keeps tables by which files were read, when its own factor set has others."""

Files = Mapping[str, bytes]
"""Content by name, as under the checkout."""


def made_with() -> dict[str, str]:
    """Versions of what figures and pages are made with, and a digest of our own code, templates and pinned packages."""
    packages = {name: version(name) for name in _PACKAGES}
    ours = {"green-ledger": __version__, "python": platform.python_version(), "code": code_of(files())}
    return packages | ours


def files() -> dict[str, bytes]:
    """The program as it stands: the package with its queries, templates and assets, and the pinned versions."""
    found = [path for path in paths.PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    found += [paths.CONSTRAINTS] if paths.CONSTRAINTS.exists() else []
    return {path.relative_to(paths.CHECKOUT).as_posix(): path.read_bytes() for path in sorted(found)}


def code_of(program: Files) -> str:
    """The digest a program is known by."""
    code = hashlib.sha256()
    for name in sorted(program):
        code.update(f"{name} {hashlib.sha256(program[name]).hexdigest()}\n".encode())
    return code.hexdigest()[:_CODE_DIGITS]


def keep(home: Home) -> dict[str, str]:
    """The program as it stands, kept whole or not at all; what the manifest says of it: archive and SHA-256.

    An archive there already is left when it holds this very program; a damaged one is written anew.
    """
    program = files()
    path = _place(home, code_of(program))
    data = _kept(path, program)
    if data is None:
        data = archive(program)
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.write(path, data)
        durable.sync(path.parent)
    return {"archive": path.relative_to(home.root).as_posix(), "sha256": hashlib.sha256(data).hexdigest()}


def read(home: Home, manifest: Mapping[str, Any]) -> bytes | None:
    """The archive of the program that made a release; nothing where none was kept or it is gone.

    Raises:
        TamperedRegister: the archive is not the one the manifest names.
    """
    said = manifest.get("program")
    if said is None:
        return None
    path = _place(home, manifest["made_with"]["code"])
    if not path.exists():
        return None
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != said["sha256"]:
        raise TamperedRegister(
            f"程序存档 {path.name} 与发布 {manifest['release']} 的清单不符，已被改动，不予运行。请从备份恢复 var/programs。",
            f"the kept program {path.name} is not the one the manifest of {manifest['release']} names: "
            "it was changed and is not run; restore var/programs",
        )
    return data


def archive(program: Files) -> bytes:
    """*program* as one archive: the same bytes from the same files, whenever and by whomever.

    >>> archive({"b": b"2", "a": b"1"}) == archive({"a": b"1", "b": b"2"})
    True
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:bz2", format=tarfile.USTAR_FORMAT) as stream:
        for name in sorted(program):
            entry = tarfile.TarInfo(name)
            entry.size = len(program[name])
            stream.addfile(entry, io.BytesIO(program[name]))
    return buffer.getvalue()


def contents(data: bytes) -> dict[str, bytes]:
    """What an archive holds, by name.

    >>> contents(archive({"a/b": b"1"}))
    {'a/b': b'1'}
    """
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:bz2") as stream:
        found = {}
        for entry in stream:
            content = stream.extractfile(entry)
            if content:
                found[entry.name] = content.read()
        return found


def unpack(data: bytes, folder: Path) -> None:
    """The program of an archive under *folder*; a name that leads elsewhere is not written."""
    for name, content in contents(data).items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise TamperedRegister(
                f"程序存档中的文件名不当：{name}", f"a name in the kept program leads out: {name}"
            )
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def other_tables(rules: Mapping[str, str]) -> dict[str, Path]:
    """The tables by which files are read here that are not what *rules* (digest by name) says, by name."""
    tables = {path.relative_to(paths.CHECKOUT).as_posix(): path for path in intake.reading_tables()}
    return {name: tables[name] for name, digest in digests(tables).items() if digest != rules.get(name)}


def digests(found: Mapping[str, Path]) -> dict[str, str]:
    """SHA-256 of every file, by name."""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()}


def reads_alike(manifest: Mapping[str, Any]) -> bool:
    """Files are read here by the very tables they were read by for a release."""
    told = manifest["inputs"]["rules"] | manifest["inputs"].get("reading", {})
    here = {path.relative_to(paths.CHECKOUT).as_posix() for path in intake.reading_tables()}
    gone = [name for name in told if name.startswith("schemas/contracts/") and name not in here]
    return not gone and not other_tables(told)


def _place(home: Home, code: str) -> Path:
    return home.programs / f"{PurePosixPath(code).name}.tar.bz2"


def _kept(path: Path, program: Files) -> bytes | None:
    """The archive at *path* when it holds *program*."""
    if not path.exists():
        return None
    data = path.read_bytes()
    try:
        return data if contents(data) == dict(program) else None
    except (tarfile.TarError, OSError, EOFError):
        return None

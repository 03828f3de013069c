"""One reading child for all tests of the desk: starting it is the slow part, and it serves file after file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipelines.intake import desk, landing
from pipelines.intake.worker import Reader


class _Shared(Reader):
    """A reader that stays when its landing is closed."""

    def __exit__(self, *_: object) -> None:
        return


@pytest.fixture(scope="session")
def shared_reader() -> Iterator[Reader]:
    shared = _Shared()
    yield shared
    Reader.__exit__(shared)


@pytest.fixture(autouse=True)
def _one_child(shared_reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "Reader", lambda: shared_reader)
    monkeypatch.setattr(desk, "Reader", lambda: shared_reader)

"""The generator: the same seed, the same bytes; invented companies alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

from stdnum.cn import uscc

from tests.sample.codes import credit_code
from tests.sample.generate import generate


def digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    generate(tmp_path / "one")
    generate(tmp_path / "two")
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_codes_are_well_formed_and_nobodys() -> None:
    for number in range(1, 400):
        code = credit_code(number)
        assert uscc.is_valid(code)
        # 000000 is no administrative division.
        assert code[2:8] == "000000"


def test_every_company_is_plainly_invented_and_sizes_are_as_described(tmp_path: Path) -> None:
    truth = generate(tmp_path)
    assert len(truth.factories) == 120
    assert all(factory.name.startswith("示例") for factory in truth.factories)
    green, total = truth.green_share("2023-12")
    assert 30 < green * 100 / total < 33
    refused = sum(outcome == "refused" for outcome in truth.outcomes.values())
    assert 0.03 < refused / len(truth.outcomes) < 0.1

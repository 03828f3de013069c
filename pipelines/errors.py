"""One family of errors, and the shape of a problem told to a factory.

A mistake in data is a result: a :class:`Problem`, gathered with all others of its file. A mistake of
ours, or of the machine, is an exception: a :class:`LedgerError` with a code and the way to mend it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


class LedgerError(Exception):
    """What went wrong, where, and how to mend it. ``code`` is stable; the text may improve."""

    code: ClassVar[str] = "X000"
    exit_code: ClassVar[int] = 1

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


class BrokenReference(LedgerError):
    """A data folder (emission_factors/, schemas/) does not hold together. A rerun cannot cure it."""

    code = "X100"


class BrokenModel(LedgerError):
    """A SQL model's header or text breaks a rule of warehouse/README.md. A rerun cannot cure it."""

    code = "X200"


class SqlFailed(LedgerError):
    """The engine could not run a statement: a mistake in a model, rule or query, a damaged file, a full disk.

    ``what`` names the model, table or statement; ``reason`` is the first line of what the database said.
    Data that breaks a rule never comes here: a figure too large for its type does, and is a mistake of the model.
    """

    code = "X201"

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(
            f"{what} 未能执行（系统问题，与数据是否合格无关）：{reason}",
            f"{what} could not be run (a fault of the system, not of the data): {reason}",
        )
        self.what = what
        self.reason = reason


class FailedCheck(LedgerError):
    """A blocking check found rows. Nothing was published."""

    code = "X300"


class Busy(LedgerError):
    """Another run holds the ledger. Try again when it has ended."""

    code = "X400"
    exit_code = 75


class TamperedRegister(LedgerError):
    """The register's hash chain or an original's SHA-256 does not match what was written."""

    code = "X500"


class NotFound(LedgerError):
    """A figure, receipt or release that was asked for does not exist."""

    code = "X600"


class NoEffect(LedgerError):
    """A steward's decision that could change nothing was refused, and is not recorded."""

    code = "X700"


class FrozenMonth(LedgerError):
    """A published month would be changed other than by a restatement, or a restatement has nothing to change."""

    code = "X800"


class KeptProgramFailed(LedgerError):
    """The kept program of an earlier version gave no verdict on the release it made."""

    code = "X900"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a submission: where, what was read, what was expected, how to mend it.

    ``line`` is the line as the sender's program numbers it (the header is line 1); 0 means the whole file.
    ``severity`` is ``error`` (the file is refused) or ``warning`` (it is accepted and the sender is told).
    """

    code: str
    line: int
    column: str
    read: str
    expected_zh: str
    expected_en: str
    mend_zh: str
    mend_en: str
    severity: str = "error"

    def zh(self) -> str:
        """The Chinese sentence a clerk reads."""
        where = f"第{self.line}行" if self.line else "文件"
        column = f"「{self.column}」" if self.column else ""
        read = f"读到 “{self.read}”，" if self.read else ""
        # A Latin letter or digit stands apart from the Chinese before it, as everywhere on our pages.
        gap = " " if self.expected_zh[:1].isascii() else ""
        return f"{self.code}  {where}{column}：{read}应为{gap}{self.expected_zh}。{self.mend_zh}"

    def en(self) -> str:
        """The same in English."""
        where = f"line {self.line}" if self.line else "file"
        column = f", {self.column}" if self.column else ""
        read = f"read “{self.read}”, " if self.read else ""
        return f"{where}{column}: {read}expected {self.expected_en}. {self.mend_en}"

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, the sentence in both languages included."""
        return {**asdict(self), "zh": self.zh(), "en": self.en()}

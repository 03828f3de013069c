"""One question put to the factor files: what applies, and why nothing else does.

The answer comes from the same candidates and the same choice as the ``ref.*`` tables of a run. Beside it
stands every other row that speaks of the same energy kind, each with the reasons it was passed over
(:data:`~pipelines.reference.resolution.REASONS`), so that a reader need not trust the order but can see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines import units
from pipelines.errors import NotFound
from pipelines.reference import fuels
from pipelines.reference.choices import Chooser, answers
from pipelines.reference.datafiles import LONG_AGO, OPEN_END, Complaints, Row, day, number
from pipelines.reference.holding import DEFAULT_SECTOR
from pipelines.reference.load import checked
from pipelines.reference.physics import Physics
from pipelines.reference.replacements import is_replaced
from pipelines.reference.resolution import Candidate, Choice, choose, why_not

PARAMETERS = {
    "emission": "排放因子",
    "heat_value": "低位发热量",
    "coal_calorific": "折标准煤系数（当量）",
    "coal_generation": "折标准煤系数（等价）",
}
"""What may be asked for: code → Chinese."""

_UNITS = {"emission": "t CO2", "heat_value": "GJ", "coal_calorific": "tce", "coal_generation": "tce"}
_BOUGHT = ("electricity", "heat")


@dataclass(frozen=True)
class Question:
    """What applies to an energy kind on a day, under an accounting basis, as known on a day.

    ``sector`` is a code of ``industry_sectors.csv``, or an industry code of GB/T 4754 that falls in one.
    Purpose and sector matter to emission factors alone.
    """

    energy_code: str
    day: date
    purpose: str
    as_of: date
    sector: str = DEFAULT_SECTOR
    parameter: str = "emission"
    official: bool = True


@dataclass(frozen=True)
class Answer:
    """A row that speaks to a question; ``reasons`` tells why it does not answer, and is empty for the one that does."""

    factor_id: str
    value: Decimal
    unit: str
    level: str
    series: str
    valid_from: date
    valid_to: date
    document_number: str
    title: str
    published_on: date | None
    confidence: str
    printed: str
    lines: tuple[str, ...]
    note: str = ""
    is_provisional: bool = False
    is_rebased: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """The answer, or none (unknown is not zero), and every row passed over, those nearest to it first."""

    question: Question
    chosen: Answer | None
    rejected: tuple[Answer, ...]


def resolve(folder: Path, question: Question) -> Resolution:
    """What the files of *folder* answer.

    Raises:
        BrokenReference: the files do not hold together, or two rows tie.
        NotFound: no such energy kind, purpose, sector or parameter.
    """
    return _Asked(checked(folder), question).resolution()


def described(folder: Path, factor_id: str) -> dict[str, str]:
    """A row of the files as it stands, with its file and line and the document it comes from.

    Raises:
        BrokenReference: the files do not hold together.
        NotFound: no row has that id.
    """
    physics = checked(folder)
    documents = {row["source_id"]: row for row in physics.rows["sources"]}
    for rows in physics.rows.values():
        for row in rows:
            # The first column names a row; elsewhere a factor_id only points to one.
            if next(iter(row.cells.values())) == factor_id and "source_id" in row.cells:
                document = documents[row["source_id"]]
                named = ("document_number", "title", "publisher", "published_on")
                return {"line": row.where, **row.cells, **{name: document[name] for name in named}}
    raise NotFound(f"没有编号为 “{factor_id}” 的行", f"no row is named {factor_id}")


def sector_of(physics: Physics, text: str) -> str:
    """The sector a text means: a GB/T 4754 code by its longest prefix, anything else as it stands."""
    if not text.isdecimal():
        return text
    rows = [row for row in physics.rows["industry_sectors"] if text.startswith(row["prefix"])]
    return max(rows, key=lambda row: len(row["prefix"]))["sector"]


class _Asked:
    def __init__(self, physics: Physics, question: Question) -> None:
        question = replace(question, sector=sector_of(physics, question.sector))
        self._physics = physics
        self._question = question
        self._complaints = Complaints()
        self._kind = self._known("energy_kinds", "energy_code", question.energy_code)
        self._known("purposes", "purpose", question.purpose)
        self._known("industry_sectors", "sector", question.sector)
        if question.parameter not in PARAMETERS:
            raise _not_found("parameter", question.parameter, PARAMETERS)
        self._documents = {row["source_id"]: row for row in physics.rows["sources"]}

    def resolution(self) -> Resolution:
        asked = self._question
        strict = self._candidates(Chooser(self._physics, asked.as_of, asked.official, self._complaints))
        everything = self._candidates(Chooser(self._physics, date.max, False, self._complaints))
        choices = choose(strict, PARAMETERS[asked.parameter], self._complaints)
        self._complaints.raise_if_any("emission_factors")
        choice = next((one for one in choices if one.start <= asked.day < one.end), None)
        told = [*self._passed_over(strict, choice), *self._not_usable(strict, everything), *self._unasked()]
        best: dict[str, Answer] = {}
        for answer in told:  # a row that speaks for two intervals is told once, by its nearest reason
            known = best.setdefault(answer.factor_id, answer)
            if _nearness(answer) < _nearness(known):
                best[answer.factor_id] = answer
        chosen = self._chosen(choice) if choice else None
        rest = [answer for answer in best.values() if not chosen or answer.factor_id != chosen.factor_id]
        return Resolution(asked, chosen, tuple(sorted(rest, key=_nearness)))

    def _candidates(self, chooser: Chooser) -> list[Candidate]:
        asked, kind = self._question, self._kind
        if asked.parameter == "emission":
            return chooser.factor_candidates(asked.purpose, kind, asked.sector)
        if asked.parameter == "heat_value":
            return chooser.heat_candidates(kind)
        return chooser.coal_candidates(kind, asked.parameter.removeprefix("coal_"))

    def _passed_over(self, strict: Iterable[Candidate], choice: Choice | None) -> Iterable[Answer]:
        """Usable rows another one goes before, or that speak of other years."""
        winner = choice.candidate if choice else None
        for candidate in strict:
            if candidate is not winner:
                yield self._answer(candidate, (why_not(candidate, self._question.day, winner),))

    def _not_usable(self, strict: Iterable[Candidate], everything: Iterable[Candidate]) -> Iterable[Answer]:
        """Rows of the order that this run may not use."""
        asked, allowed = self._question, {candidate.factor_id for candidate in strict}
        for candidate in everything:
            if candidate.factor_id in allowed:
                continue
            found = [
                code
                for row in candidate.rows
                for code in self._physics.refusals(row, asked.as_of, official=asked.official)
            ]
            if not candidate.start <= asked.day < candidate.end:
                found.append("out_of_range")
            yield self._answer(candidate, tuple(dict.fromkeys(found)))

    def _unasked(self) -> Iterable[Answer]:
        """Rows about the same energy kind that no line of the order asks for under this question."""
        if self._question.parameter == "emission" and self._kind["carrier"] in _BOUGHT:
            yield from self._bought_for_others()
        elif self._question.parameter == "emission":
            yield from self._incomplete_editions()
        elif self._question.parameter.startswith("coal_"):
            yield from self._undated_coefficients()

    def _bought_for_others(self) -> Iterable[Answer]:
        orders = [
            row
            for row in self._physics.rows["purchased_resolution"]
            if (row["purpose"], row["carrier"]) == (self._question.purpose, self._kind["carrier"])
        ]
        for row in self._physics.rows["purchased_factors"]:
            if row["carrier"] == self._kind["carrier"]:
                found = self._bought_reasons(row, orders)
                if found:
                    yield self._row_answer(row, found)

    def _bought_reasons(self, row: Row, orders: list[Row]) -> tuple[str, ...]:
        """Why a row of purchased_factors is not in the order; nothing when it is."""
        asked = self._question
        found = list(self._physics.refusals(row, asked.as_of, official=asked.official))
        if any(answers(order, row) for order in orders):
            return ("replaced", *found) if is_replaced(self._physics, row, asked.as_of) else ()
        if not any(order["factor_purpose"] == row["purpose"] for order in orders):
            found.append("other_purpose")
        elif not any(order["parameter"] == row["parameter"] for order in orders):
            found.append("other_parameter")
        else:
            found.append("other_region")
        return tuple(found)

    def _incomplete_editions(self) -> Iterable[Answer]:
        rows = self._physics.rows
        parts = fuels.parts((*rows["calorific_values"], *rows["fuel_factors"]))
        for order in rows["fuel_editions"]:
            stated = parts.get((self._kind["fuel"], order["edition"]), {})
            missing = fuels.missing(stated, order["edition"])
            if order["sector"] != self._question.sector or not stated:
                continue
            fits = missing or fuels.fits(stated["ncv"], order["edition"], self._kind["canonical_unit"])
            if missing or not fits:
                first = next(iter(stated.values()))
                name = fuels.factor_name(self._kind["fuel"], order["edition"])
                note = f"缺 {'、'.join(missing)}" if missing else "热值按吨给出，缺密度"
                yield self._row_answer(first, ("incomplete",), {"factor_id": name, "note": note})

    def _undated_coefficients(self) -> Iterable[Answer]:
        for row in self._physics.rows["standard_coal"]:
            if row["energy_code"] == self._kind["energy_code"] and not row["valid_from"]:
                asked = self._question
                refused = self._physics.refusals(row, asked.as_of, official=asked.official)
                yield self._row_answer(row, (*refused, "undated"))

    def _chosen(self, choice: Choice) -> Answer:
        candidate = choice.candidate
        fields = self._fields(candidate) | {"note": choice.note, "is_provisional": choice.is_provisional}
        return Answer(**fields)

    def _answer(self, candidate: Candidate, reasons: tuple[str, ...]) -> Answer:
        return Answer(**self._fields(candidate), reasons=reasons)

    def _fields(self, candidate: Candidate) -> dict[str, Any]:
        return {
            "factor_id": candidate.factor_id,
            "value": units.to_decimal(candidate.value),
            "unit": f"{_UNITS[self._question.parameter]}/{self._kind['canonical_unit']}",
            "level": candidate.level,
            "series": candidate.series,
            "valid_from": candidate.start,
            "valid_to": candidate.end,
            "note": candidate.note,
            "is_rebased": candidate.is_rebased,
            **self._source(candidate.rows),
        }

    def _row_answer(
        self, row: Row, reasons: tuple[str, ...], changed: Mapping[str, Any] | None = None
    ) -> Answer:
        fields = {
            "factor_id": row["factor_id"],
            "value": units.to_decimal(number(row, "value", self._complaints)),
            "unit": row["unit"],
            "level": "",
            "series": row.cells.get("series", ""),
            "valid_from": day(row, "valid_from", LONG_AGO, self._complaints),
            "valid_to": day(row, "valid_to", OPEN_END, self._complaints),
            **self._source((row,)),
        }
        return Answer(**(fields | dict(changed or {})), reasons=reasons)

    def _source(self, rows: tuple[Row, ...]) -> dict[str, Any]:
        """Document, dates, printed figures and lines of the rows a value was made of."""
        if not rows:  # electricity and heat are energy by definition of the units
            return dict.fromkeys(("document_number", "title", "confidence", "printed"), "") | {
                "published_on": None,
                "lines": (),
            }
        document = self._documents[rows[0]["source_id"]]
        printed = [
            f"{row.cells.get('value_published') or row['value']} "
            f"{row.cells.get('unit_published') or row['unit']}"
            for row in rows
        ]
        return {
            "document_number": document["document_number"],
            "title": document["title"],
            "published_on": self._physics.published[rows[0]["source_id"]],
            "confidence": fuels.weakest(row["confidence"] for row in rows),
            "printed": " × ".join(printed),
            "lines": tuple(row.where for row in rows),
        }

    def _known(self, file: str, column: str, value: str) -> Row:
        rows = self._physics.rows[file]
        found = next((row for row in rows if row[column] == value), None)
        if found is None:
            raise _not_found(column, value, dict.fromkeys(row[column] for row in rows))
        return found


_NEAREST = (
    "older_year",
    "lower_rank",
    "replaced",
    "not_published",
    "recalled",
    "out_of_range",
    "incomplete",
    "undated",
    "other_parameter",
    "other_region",
    "other_purpose",
    "do_not_use",
)


def _nearness(answer: Answer) -> tuple[int, str]:
    """How near a row came: by its farthest reason, then by name."""
    return max((_NEAREST.index(code) for code in answer.reasons), default=-1), answer.factor_id


def _not_found(column: str, value: str, known: Iterable[str]) -> NotFound:
    listed = "、".join(known)
    return NotFound(f"{column}：读到 “{value}”，应为 {listed} 之一", f"unknown {column}: {value}")

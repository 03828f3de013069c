"""The shapes of the policy files (schemas/targets, criteria, calendar): strict, so that an unknown key is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Certainty = Literal["verified_fulltext", "verified_excerpt", "secondary", "derived", "recalled", "proposal"]


class Strict(BaseModel):
    """Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Setting(Strict):
    """One chosen reading, dated, with its source."""

    key: str
    value: str
    valid_from: date
    source: str
    certainty: Certainty


class Target(Strict):
    """One target of the plan, in its words and in numbers."""

    id: str
    text_zh: str
    metric: str
    metric_key: str
    section_zh: str
    comparator: str
    value: Decimal | None = None
    value_max: Decimal | None = None
    unit: str | None = None
    basis: str
    due_year: int
    qualifier_zh: str | None = None
    responsible_units: str | None = None
    kind: Literal["quantified", "directional"]
    computed_by: Literal["green_share", "national_green_factories", "indicator"]
    note: str | None = None


class Document(Strict):
    """The plan itself."""

    number: str
    title: str
    printed: date


class Plan(Strict):
    """A targets file."""

    document: Document
    settings: list[Setting]
    targets: list[Target]


class Gate(Strict):
    """门槛 | One requirement without points; failing it ends the evaluation."""

    key: str
    name_zh: str
    clause: str
    lookback_months: int
    certainty: Certainty


class Threshold(Strict):
    """A number the standard prints."""

    comparator: Literal[">=", ">", "<=", "<"]
    value: Decimal


class Indicator(Strict):
    """指标 | One lowest-level indicator."""

    key: str
    name_zh: str
    direction: Literal["up", "down"]
    unit: str
    formula: str
    certainty: Certainty
    required: str = ""
    optional: str = ""
    threshold: Threshold | None = None
    reference: str = ""
    first_level: str = ""
    type: str = ""
    points: Decimal | None = None
    lead: Decimal | None = None
    base: Decimal | None = None


class FirstLevel(Strict):
    """一级指标 | With its weight in percent."""

    key: str
    name_zh: str
    weight_percent: Decimal
    certainty: Certainty
    second_level: list[str]


class PassMark(Strict):
    """合格分 | Set by the authority, dated; the standards print none."""

    value: Decimal
    valid_from: date
    authority: str
    document: str


class RuleSet(Strict):
    """A criteria file: one dated rule set."""

    rule_set: str
    title_zh: str
    number: str
    valid_from: date
    valid_to: date | None = None
    certainty: Certainty
    source: str
    gates: list[Gate]
    first_level: list[FirstLevel]
    indicators: list[Indicator]
    pass_marks: list[PassMark]


class Filing(Strict):
    """报送截止日 | Day of the next month, dated."""

    day: int = Field(ge=1, le=27)
    valid_from: date
    source: str
    certainty: Certainty


class Calendar(Strict):
    """The reporting calendar."""

    first_month: str
    filing: list[Filing]

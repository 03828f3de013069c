"""The shapes of the policy files: schemas/criteria/*.yml, schemas/targets/*.yml, schemas/calendar.yml.

Strict: an unknown key, a date that is none or a number written without quotes stops loading. What the fields
mean is told in schemas/README.md; whether files agree with each other is :mod:`policyholding`'s work.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Certainty = Literal["verified_fulltext", "verified_excerpt", "secondary", "derived", "recalled", "proposal"]
Comparator = Literal[">=", ">", "<=", "<"]
Direction = Literal["up", "down"]


def _exact(value: Any) -> Any:
    """A float has lost its digits before we see it; text and whole numbers have not."""
    if isinstance(value, float):
        raise ValueError('数值须加引号，如 "4.8"')
    return value


def _month_day(text: str) -> str:
    """A day every year has."""
    date.fromisoformat(f"2023-{text}")
    return text


Exact = Annotated[Decimal, BeforeValidator(_exact)]
MonthDay = Annotated[str, AfterValidator(_month_day)]


class Strict(BaseModel):
    """Unknown keys are refused; nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Strict):
    """Something in force from a day until before another; no end is open."""

    valid_from: date
    valid_to: date | None = None


class Sourced(Dated):
    """A dated statement with where it comes from and how sure it is."""

    source: str
    certainty: Certainty


# --- the district: targets/*.yml


class Setting(Sourced):
    """口径设置 | One chosen reading."""

    key: str
    value: str


class Lamp(Sourced):
    """红黄绿灯 | From which part of its target a figure that misses it is amber; ``*`` is every metric."""

    metric_key: str
    amber_from_share: Exact = Field(gt=0, le=1)


class Goal(Strict):
    """What the plan asks in numbers; ``value`` stays empty where it gives none."""

    comparator: Literal[">=", "~=", "range", "increase", "decrease_and_increase", "rank_high", "achieve"]
    value: Exact | None = None
    value_max: Exact | None = None
    unit: str | None = None
    due_year: int


class Basis(Strict):
    """On what the figure is counted, in both languages."""

    zh: str
    en: str


class Target(Strict):
    """规划目标 | One target of the plan, in its words and in numbers."""

    id: str
    section_zh: str
    plan_line: int
    text_zh: str
    text_en: str
    metric_key: str
    target: Goal
    basis: Basis
    qualifier_zh: str = ""
    responsible_units: list[str] = []
    kind: Literal["quantified", "directional"]
    computed_by: Literal["green_share", "national_green_factories", "indicator"]
    repeats: str | None = None
    note_zh: str = ""


class Document(Dated):
    """The plan itself, and the months in which its targets are judged."""

    number: str
    title: str
    printed: date


class Plan(Strict):
    """A targets file."""

    document: Document
    settings: list[Setting]
    lights: list[Lamp]
    targets: list[Target]


# --- a factory: criteria/*.yml


class Gate(Strict):
    """门槛 | One requirement without points: 1 met, 0 not met."""

    key: str
    name_zh: str
    clause: str
    lookback_months: int = Field(ge=0)
    certainty: Certainty
    evidence_zh: list[str] = []
    note_zh: str = ""


class Rule(Strict):
    """评分规则 | One sentence about scoring, with its certainty."""

    rule_zh: str
    certainty: Certainty


class SecondLevel(Strict):
    """二级指标 | What is required (必选) and what earns more (可选)."""

    name_zh: str
    required_zh: str = ""
    optional_zh: str = ""


class FirstLevel(Strict):
    """一级指标 | With its weight in percent."""

    key: str
    name_zh: str
    weight_percent: Exact
    certainty: Certainty
    second_level_certainty: Certainty
    second_level: list[SecondLevel]


class Threshold(Strict):
    """A number the standard itself prints."""

    comparator: Comparator
    value: Exact


class Indicator(Strict):
    """指标 | One lowest-level indicator."""

    key: str
    name_zh: str
    first_level: str
    second_level: str
    direction: Direction
    unit: str
    certainty: Certainty
    type: Literal["", "positive_quantitative", "positive_qualitative", "inverse_quantitative"] = ""
    points: Exact | None = None
    formula: str = ""
    formula_certainty: Certainty | None = None
    formula_ids: list[str] = []
    required_zh: str = ""
    optional_zh: str = ""
    threshold: Threshold | None = None
    reference_zh: str = ""
    lead: Exact | None = None
    base: Exact | None = None
    lead_zh: str = ""
    base_zh: str = ""
    note_zh: str = ""


class Formula(Strict):
    """A formula of a standard's annex."""

    id: str
    key: str
    name_zh: str
    expression: str
    unit: str
    note_zh: str = ""


class PassMark(Dated):
    """合格分 | Set by the authority; the standards print none."""

    value: Exact
    authority: str
    document: str


class RuleSet(Sourced):
    """规则集 | A criteria file: one standard, one set of vetoes, or one form kept for comparison."""

    rule_set: str
    kind: Literal["standard", "veto", "form"]
    title_zh: str
    title_en: str
    number: str
    notes_zh: list[str] = []
    gates: list[Gate] = []
    conditions: list[Gate] = []
    scoring: list[Rule] = []
    first_level: list[FirstLevel] = []
    indicators: list[Indicator] = []
    formulas: list[Formula] = []
    pass_marks: list[PassMark] = []


# --- the calendar


class Filing(Sourced):
    """月报截止日 | Day of the month after, dated."""

    day: int = Field(ge=1, le=27)


class Closing(Sourced):
    """封账日 | Day of the month after on which a month closes: what is published later than it stands, dated."""

    day: int = Field(ge=1, le=27)


class Deadline(Sourced):
    """年度期限 | A day of every year, for reminders."""

    key: str
    name_zh: str
    month_day: MonthDay


class Calendar(Strict):
    """calendar.yml."""

    first_month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    filing: list[Filing]
    # Rulebooks kept with the first releases have none: their months closed on the filing day.
    closing: list[Closing] = []
    deadlines: list[Deadline]

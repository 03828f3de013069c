"""The dashboard: self-contained, safe, repeatable, and saying what it does not know."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipelines.errors import NotFound
from pipelines.reports import dashboard
from tests.reports import marts as sample
from tests.reports.evaluations import evaluated

_ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>'\"&{{7*7}}"
# What makes a browser fetch: attributes and CSS. A fragment and the report beside the page are no outside address.
_LOADING_ATTRIBUTES = {
    "src",
    "href",
    "srcset",
    "data",
    "action",
    "poster",
    "background",
    "xlink:href",
    "formaction",
}


class _Page(HTMLParser):
    """The page as a browser reads it: elements with attributes, text outside scripts, scripts apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.text += data


def _html(tmp_path: Path, facts: object = None, **changed: object) -> str:
    path = tmp_path / "dashboard.html"
    dashboard(sample.marts(**changed), facts or sample.facts(), path)  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8")


def _page(tmp_path: Path, facts: object = None, **changed: object) -> _Page:
    return _Page(_html(tmp_path, facts, **changed))


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    assert _html(tmp_path) == _html(tmp_path)


def test_the_page_loads_nothing_from_outside(tmp_path: Path) -> None:
    html = _html(tmp_path)
    page = _Page(html)
    targets = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in _LOADING_ATTRIBUTES and value
    ]
    assert {target for target in targets if not target.startswith("#")} == {"quality.html"}
    styles = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    assert "url(" not in styles
    assert "@import" not in styles
    own = html.replace(page.scripts[1], "")
    assert "http://" not in own
    assert "https://" not in own


def test_the_page_forbids_itself_every_outside_address(tmp_path: Path) -> None:
    policies = [
        a["content"]
        for tag, a in _page(tmp_path).elements
        if a.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies
    assert str(policies[0]).startswith("default-src 'none'")


def test_a_malicious_name_is_shown_as_text_everywhere(tmp_path: Path) -> None:
    clean = _page(tmp_path)
    page = _page(
        tmp_path,
        sample.facts(notes=(_ATTACK,), purpose_zh=_ATTACK, quality_report="quality.html"),
        green_share_member=[sample.member(_ATTACK)],
        national_green_factory_member=[sample.national_member(_ATTACK, document_no=_ATTACK)],
        green_share_cluster=[sample.cluster(cluster_zh=_ATTACK), sample.cluster(cluster="ai")],
        ranking=[sample.ranked(key=_ATTACK, key_zh=_ATTACK), sample.ranked("park", key_zh=_ATTACK)],
        plan_progress=[sample.target(text_zh=_ATTACK, source=_ATTACK, section_zh=_ATTACK, unit=_ATTACK)],
        late_factory=[
            {"month": sample.MONTH, "name": _ATTACK, "town": _ATTACK, "reason_zh": "未收到有效数据"}
        ],
    )
    assert len(page.scripts) == len(clean.scripts) == 3
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert page.text.count(_ATTACK) >= 12


def test_data_for_the_charts_cannot_end_its_script(tmp_path: Path) -> None:
    page = _page(tmp_path, green_share_cluster=[sample.cluster(cluster_zh=_ATTACK)])
    assert "<" not in page.scripts[0]
    assert json.loads(page.scripts[0])["clusters"]["names"] == [_ATTACK]


def test_charts_draw_all_months_and_unknown_is_a_gap(tmp_path: Path) -> None:
    months = [sample.district(month) for month in sample.MONTHS]
    months[5] = {**months[5], "co2_direct_t": None}
    drawn = json.loads(_page(tmp_path, district_month=months).scripts[0])["months"]
    assert len(drawn["months"]) == 36
    assert drawn["direct"][5] is None


def test_both_goals_stand_with_light_value_target_and_distance(tmp_path: Path) -> None:
    text = _page(tmp_path).text
    assert "45.00%目标 ≥ 30%" in text
    assert "2 家目标 ≥ 8 家" in text
    assert "距目标还差 6 家" in text
    assert "●达到" in text
    assert "■差距较大" in text


def test_what_is_missing_to_the_share_is_told_in_yuan(tmp_path: Path) -> None:
    short = sample.share(numerator=Decimal("299999999.99"), gap=Decimal("0.01"), is_met=False)
    text = _page(tmp_path, green_share=[short, sample.count_share()]).text
    assert "距目标还差 0.01元绿色产值（0.01 元）" in text
    # The exact share is 29.999999999 %: it may not be printed as the target it does not reach.
    assert "30.00%" not in text
    assert "略低于 30%" in text


def test_a_missing_fraction_of_a_company_is_one_company(tmp_path: Path) -> None:
    assert "25.00%未达到1 家" in _page(tmp_path).text


def test_without_a_whole_the_goal_is_not_judged(tmp_path: Path) -> None:
    unknown = sample.share(numerator=None, denominator=None, is_met=None, gap=None)
    goal = sample.target("SJ2021-24", computed_by="green_share", actual=None, status="unknown")
    text = _page(tmp_path, green_share=[unknown], green_share_cluster=[], plan_progress=[goal]).text
    assert "无分母" in text
    assert "没有可用的分母，无法判断" in text
    assert "○无法判断" in text


def test_a_district_without_factories_still_has_a_page(tmp_path: Path) -> None:
    empty = sample.district(
        co2_direct_t=None,
        co2_indirect_t=None,
        co2_t=None,
        coal_tce=None,
        is_provisional=None,
        factories_reporting=0,
    )
    text = _page(
        tmp_path,
        sample.facts(files={}, rows={}, notes=()),
        district_month=[empty],
        green_share=[sample.share(numerator=None, denominator=None, is_met=None, gap=None, factories=0)],
        green_share_cluster=[],
        green_share_member=[],
        national_green_factory=[sample.national(factories=0, gap=Decimal(8))],
        national_green_factory_member=[],
        plan_progress=[],
        ranking=[],
        quality_month=[],
    ).text
    assert "尚无企业" in text
    assert "没有 6+X 规上企业" in text
    assert "本期无数据" in text


def test_the_first_year_says_it_has_no_year_before(tmp_path: Path) -> None:
    first = sample.district(sample.MONTHS[0])
    assert "无上年同期" in _page(tmp_path, district_month=[first, sample.district()]).text


def test_an_industry_is_shown_by_code_and_name(tmp_path: Path) -> None:
    rows = [
        sample.ranked("industry", key="39", key_zh="计算机、通信和其他电子设备制造业"),
        sample.ranked("industry", key="99", key_zh=None, rank_by_co2=2),
    ]
    text = _page(tmp_path, ranking=rows).text
    assert "39 计算机、通信和其他电子设备制造业" in text and "None" not in text


def test_changes_are_flagged_when_other_companies_report(tmp_path: Path) -> None:
    months = [sample.district(month) for month in sample.MONTHS]
    assert "可比性" not in _page(tmp_path, district_month=months).text
    months[-2] = {**months[-2], "factories_reporting": 2}
    assert "可比性：本月 3 家有数据，上月 2 家，上年同月 3 家" in _page(tmp_path, district_month=months).text


def test_a_curve_that_changes_its_basis_says_where_and_compares_nothing_across(tmp_path: Path) -> None:
    months = [sample.district(month) for month in sample.MONTHS]
    assert "换了依据" not in _page(tmp_path, district_month=months).text
    months[-1] = {
        **months[-1],
        "is_new_basis_since_previous_month": True,
        "is_new_basis_since_last_year": True,
    }
    text = _page(tmp_path, district_month=months).text
    assert f"自 {sample.MONTHS[-1]:%Y-%m} 起部分因子换了依据" in text
    assert "同比 因子依据已变，不可比 环比 因子依据已变，不可比" in text


def test_months_recomputed_on_a_later_figure_carry_its_note(tmp_path: Path) -> None:
    months = [sample.district(month, is_rebased=True, rebased_note="按新值重算") for month in sample.MONTHS]
    assert _page(tmp_path, district_month=months).text.count("部分月份按新依据重算：按新值重算") == 1


def test_cells_of_one_or_two_companies_are_marked(tmp_path: Path) -> None:
    two_of_nine = sample.cluster(green_factories=2, factories=9)
    text = _page(tmp_path, green_share_cluster=[two_of_nine], ranking=[]).text
    assert "※4.50" in text
    assert "※64.29%" in text
    assert "※7.00" not in text


def test_a_whole_that_gives_the_rest_away_is_marked_too(tmp_path: Path) -> None:
    all_but_one_green = sample.cluster(green_factories=8, factories=9)
    assert "※7.00" in _page(tmp_path, green_share_cluster=[all_but_one_green], ranking=[]).text


def test_nothing_is_marked_where_three_or_more_stand_behind_every_number(tmp_path: Path) -> None:
    page = _html(tmp_path, green_share_cluster=[sample.cluster()], ranking=[sample.ranked()])
    assert 'class="mark"' not in page


def test_companies_that_owe_data_are_named(tmp_path: Path) -> None:
    owed = {
        "month": sample.MONTH,
        "factory_id": "X",
        "name": "示例丙公司",
        "town": "示例一镇",
        "reason_zh": "未收到有效数据",
    }
    text = _page(tmp_path, late_factory=[owed]).text
    assert "有 1 家企业应报未报" in text
    assert "示例丙公司" in text


def test_a_directional_target_shows_no_number(tmp_path: Path) -> None:
    vague = sample.target(
        kind="directional", comparator="increase", target_value=Decimal(2), actual=None, status="directional"
    )
    text = _page(tmp_path, plan_progress=[vague]).text
    assert "increase" not in text
    assert "定性目标" in text


def test_other_accounting_bases_go_by_their_name_or_else_their_code(tmp_path: Path) -> None:
    assert "上海碳市场报告" in _page(tmp_path).text
    assert "shanghai_ets" in _page(tmp_path, sample.facts(purposes={})).text


def test_a_release_without_its_month_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"mart\.green_share"):
        _html(tmp_path, green_share=[])


def test_evaluations_are_listed_nearest_first_and_nobody_is_called_eligible(tmp_path: Path) -> None:
    failed = evaluated("B", gates_failed=1, verdict="gates_failed")
    near = evaluated("C", gates_unknown=0, gates_met=12, verdict="no_pass_mark")
    text = _page(tmp_path, green_eligibility=[failed, evaluated(), near]).text
    assert "3 家企业报送了绿色绩效：门槛不满足 1 家，门槛未报全 1 家，门槛满足（未定合格分） 1 家" in text
    section = text[text.index("年度绿色工厂评价") :]
    assert (
        section.index("门槛满足（未定合格分）12／0／0")
        < section.index("门槛未报全7／0／5")
        < section.index("门槛不满足7／1／5")
    )
    assert "从不给出“符合”" in text


def test_without_evaluations_the_page_has_no_such_section(tmp_path: Path) -> None:
    assert "绿色工厂评价" not in _page(tmp_path, green_eligibility=[]).text

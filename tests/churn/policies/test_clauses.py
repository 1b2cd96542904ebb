"""制度条文 follow the settings, each naming the one it comes from."""
import pytest
from django.utils import translation

from churn.measures import rules
from churn.models import Cause, Measure
from churn.policies.clauses import digest, sections, texts
from churn.refunds.in_force import choose
from crm.models import WorkingGroup
from tenancy.models import Campus
from tests.churn.conftest import AT, DAY
from tests.churn.measures.makers import measure
from tests.conftest import make_member


def said(miao) -> str:
    return "\n".join(texts(sections(miao)))


@pytest.fixture
def home(head, marketing, miao, on_the_day):
    return miao


@pytest.fixture
def marketing(school):
    return make_member(school, "marketing", "陆市场")


def test_the_document_has_the_chapters_of_the_rule(home):
    assert [title for title, _clauses in sections(home)] == [
        "总则", "组织架构与职责", "数据收集", "预警与个案", "原因分析", "改进措施", "效果评估", "退费", "权利与义务", "监督", "已写入制度的做法", "附则"]
    assert all(clauses for _title, clauses in sections(home))


def test_every_clause_that_a_setting_fills_names_the_setting(home):
    named = {setting for _title, clauses in sections(home) for _text, setting in clauses}

    assert named == {"", "园所", "工作小组", "成员和角色", "预警规则第 0 版", "流失原因", "评估规则", "退费规则"}


@pytest.mark.parametrize(("change", "words"), [
    (lambda head: rules.keep(formula="end", satisfied=5, least=80, span_days=60, by=head), "满意是评 5 分起"),
    (lambda head: rules.keep(formula="end", satisfied=5, least=80, span_days=60, by=head), "前后各看 60 天"),
    (lambda head: WorkingGroup.objects.create(kind="churn", name="流失组", leader=head, cadence="每两周一次"),
            "例会每两周一次"),
    (lambda head: WorkingGroup.objects.create(kind="churn", name="流失组", leader=head), "组长head"),
    (lambda head: Cause.objects.create(area="market", name="广告夸大"), "广告夸大"),
    (lambda head: choose("hefei", {}, "", kind="kindergarten", by=head, at=AT), "每满 30 天退一个月"),
    (lambda head: Campus.objects.update(phone="010-1234567"), "010-1234567"),
])
def test_a_setting_that_is_changed_changes_its_clause(home, head, change, words):
    before = said(home)
    change(head)

    assert words in said(home) and words not in before and digest(sections(home)) != digest([])


def test_who_leads_by_the_rule_is_named_until_the_school_says_otherwise(home):
    assert "流失分析小组：组长陆市场" in said(home) and "改进措施执行小组：组长待定" in said(home)


def test_a_measure_that_was_adopted_is_written_into_the_rule(home, head):
    row = measure(head, DAY)
    assert "还没有经评估有效、写入制度的措施" in said(home)
    Measure.objects.filter(pk=row.pk).update(state="adopted", decided_on=DAY, lesson="主班先签一年")

    assert "主班一年不换：主班先签一年" in said(home)


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_it_is_the_same_text_whatever_language_the_reader_speaks(home, language):
    known = digest(sections(home))
    with translation.override(language):
        assert digest(sections(home)) == known

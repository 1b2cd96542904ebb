"""Signs in words: every sign has its name, unit, sentence and first help; values in hundredths have a point."""
import pytest

from churn.risk.rules import SIGNS
from churn.risk.words import FIRST_HELP, NAMES, UNITS, evidence_link, names_of, sentence


def test_every_sign_has_its_words():
    assert set(NAMES) == set(UNITS) == set(FIRST_HELP) == set(SIGNS)


@pytest.mark.parametrize(("sign", "value", "said"), [
    ("missed", 30, "近 20 个开园日缺勤占 30%"),
    ("run", 5, "连续缺勤 5 个开园日"),
    ("lapsed", 250, "多久没缴费：平时间隔的 2.5 倍"),
    ("lapsed", 300, "多久没缴费：平时间隔的 3 倍"),
    ("silent", 91, "91 天没有往来"),
    ("unanswered", 2, "2 份问卷没有回"),
    ("broken", 1, "1 件承诺没有兑现"),
    ("satisfaction", 200, "最近一次满意度 2 分"),
    ("complaints", 2, "半年里投诉 2 次"),
    ("lessons", 0, "还剩 0 课时"),
    ("tenure", 12, "来了 12 天，还在适应"),
    ("transfer", 1, "说起转走 1 次"),
])
def test_a_value_is_said_in_words(sign, value, said):
    assert sentence(sign, value) == said


@pytest.mark.parametrize(("sign", "there"), [("complaints", "families/7/?kind=complaint#timeline"), ("satisfaction",
        "crm/satisfaction/?customer__id__exact=7"),
                                             ("lapsed", "crm/payment/?customer__id__exact=7"), ("tenure", "")])
def test_a_sign_leads_to_its_records(sign, there, settings):
    settings.ROOT_URLCONF = settings.SCHOOL_URLCONF

    assert evidence_link(sign, 7).endswith(there) and bool(evidence_link(sign, 7)) == bool(there)


def test_names_are_listed_in_the_order_given():
    assert names_of(["run", "missed"]) == ["连续缺勤", "缺勤"]

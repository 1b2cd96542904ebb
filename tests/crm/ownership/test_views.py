"""撞单裁决 as people use it."""
import re

import pytest

from crm.actions import log_contact
from crm.models import Dispute, OwnershipRules
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.crm.ownership.test_deciding import AT, ONE


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def first(school):
    return make_member(school, "relations", "陆")


@pytest.fixture
def second(school):
    return make_member(school, "agent", "谷")


@pytest.fixture
def judge(school):
    return signed_in(make_member(school, "supervisor", "主管"))


@pytest.fixture
def customer(school, first, second, on_the_day):
    with tenant_scope(school):
        row = makers.family(enrolled=False, owner=first)
        log_contact(row, kind="consultation", channel="phone", text="问学费", by=first, at=AT - 10 * ONE)
        log_contact(row, kind="visit", channel="face", text="来看过", by=second, at=AT - 2 * ONE)
        return row


@pytest.fixture
def row(at, school, customer, second):
    signed_in(second).post(f"{at}/ownership/new/", {"customer": customer.pk, "reason": "我带来看园的", "other": ""})
    with tenant_scope(school):
        return Dispute.objects.get()


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/ownership/{row.pk}/{verb}/", typed, follow=True)


def test_what_looks_disputed_is_found_and_raised(at, customer, second):
    client = signed_in(second)
    page = text(client.get(f"{at}/ownership/"))
    assert "没有等裁决的撞单" in page
    assert "1 家最近有两位同事在接触" in page
    assert f"/ownership/new/?customer={customer.pk}" in page

    raised = text(client.post(f"{at}/ownership/new/", {"customer": customer.pk, "reason": "我带来看园的"}, follow=True))
    assert "已提出，主管会裁决" in raised and "按规则归陆" in raised and "等主管裁决。" in raised


def test_the_evidence_stands_on_one_timeline(judge, at, row):
    page = text(judge.get(f"{at}/ownership/{row.pk}/"))

    assert "2 位同事，2 条记录" in page
    assert "问学费" in page
    assert "来看过" in page
    assert "先接触到这一家，别人来的时候还在跟进" in page


def test_it_is_decided_and_taken_back(judge, at, row, second):
    page = text(did(judge, at, row, "decide", owner=second.pk, campus="", words="看园是她安排的"))
    assert "已裁决，双方会收到" in page
    assert "周小满一家归谷" in page
    assert "看园是她安排的" in text(judge.get(f"{at}/ownership/?show=decided"))

    assert "裁决已撤销" in text(did(judge, at, row, "undo"))


@pytest.mark.parametrize("typed", [{"owner": ""}, {"owner": "999999"}, {"words": ""}, {"campus": "999999"}])
def test_what_is_wrong_comes_back(judge, at, row, second, typed):
    answer = did(judge, at, row, "decide", **({"owner": second.pk, "campus": "", "words": "x"} | typed))

    assert answer.status_code == 422 and 'role="alert"' in text(answer)


def test_dropping_needs_words(judge, at, row):
    assert "请写为什么不是撞单" in text(did(judge, at, row, "drop", words=""))
    assert "不是撞单" in text(did(judge, at, row, "drop", words="代班"))


def test_who_claims_it_is_told_that_another_decides(at, school, customer, row):
    party = make_member(school, "marketing", "市")
    with tenant_scope(school):
        log_contact(customer, kind="contact", channel="phone", text="x", by=party, at=AT)

    assert "请另一位主管裁决" in text(signed_in(party).get(f"{at}/ownership/{row.pk}/"))


def test_the_rule_is_changed_by_who_decides(judge, at, school, second):
    assert "已保存" in text(judge.post(f"{at}/ownership/rules/", {"silent_days": "7"}, follow=True))
    assert "请填 1 到 365 天" in text(judge.post(f"{at}/ownership/rules/", {"silent_days": "0"}, follow=True))
    assert signed_in(second).post(f"{at}/ownership/rules/", {"silent_days": "9"}).status_code == 403
    with tenant_scope(school):
        assert OwnershipRules.objects.get().silent_days == 7


def test_the_desk_decides_nothing_and_nobody_does_what_there_is_not(at, row, second, judge):
    client = signed_in(second)

    assert did(client, at, row, "decide", owner=second.pk, campus="", words="x").status_code == 403
    assert did(judge, at, row, "fly").status_code == 409


@pytest.mark.parametrize("customer_id", ["", "x", "999999"])
def test_a_family_that_is_not_there_is_not_found(at, second, customer_id):
    assert signed_in(second).get(f"{at}/ownership/new/?customer={customer_id}").status_code == 404


def test_a_second_one_is_refused_on_the_form(at, row, customer, first):
    answer = signed_in(first).post(f"{at}/ownership/new/", {"customer": customer.pk, "reason": "也是我的"})

    assert answer.status_code == 422
    assert "已经有一件等裁决的撞单" in text(answer)
    assert "也是我的" in text(answer)


def test_another_file_that_may_be_the_same_family_is_offered(at, school, customer, second):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        other = makers.family("周小满", "13800138000", enrolled=False, at=west)

    assert f'value="{other.pk}"' in text(signed_in(second).get(f"{at}/ownership/new/?customer={customer.pk}"))

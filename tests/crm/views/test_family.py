"""One family's page: everything of it, for whom, and the acts that start there."""
from datetime import date

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.models import Child, Consent, Customer, Enrolment, FeeKind, Guardian, Payment, TimelineEntry
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


@pytest.fixture
def customer(school):
    with tenant_scope(school):
        made = makers.family("周小满", "13800138000", date(2025, 9, 1))
        makers.payment(made, 1200, date(2026, 9, 1))
        makers.entry(made, on=date(2026, 10, 1), title="电话")
        return made


@pytest.fixture
def at(school, customer):
    return f"/s/{school.slug}/families/{customer.pk}"


def told(answer):
    return answer.content.decode()


# -- the page ----------------------------------------------------------------------------------------------------------
def test_the_page_tells_who_they_are_what_they_paid_and_what_was_said(at, head_client):
    page = told(head_client.get(f"{at}/"))

    assert all(word in page for word in ("周小满", "罗女士", "138****8000", "1,200 元", "电话"))
    assert "13800138000" not in page


def test_opening_it_is_one_row_a_child(school, at, head_client, customer):
    with tenant_scope(school):
        Child.objects.create(family=customer.family, name="周小树")
    head_client.get(f"{at}/")

    with tenant_scope(school):
        assert Entry.objects.filter(verb="crm.child_viewed").count() == 2


@pytest.mark.parametrize(("role", "acts"), [
    ("head", {"guardian", "child", "enrol", "class", "refund", "referral", "intent", "promise", "assess", "answer",
            "address", "extras", "lessons", "use",
              "withdraw", "consent", "anniversary"}),
    ("frontdesk", {"guardian", "child", "enrol", "class", "referral", "intent", "promise", "assess", "answer",
            "address", "extras", "lessons", "use", "withdraw",
                   "consent", "anniversary"}),
    ("teacher", {"intent", "promise", "answer", "use"}), ("inspector", set()), ("admin", {"refund", "lessons"}),
])
def test_a_role_is_offered_the_acts_it_may_do(school, at, role, acts):
    page = signed_in(make_member(school, role)).get(f"{at}/")

    assert {what for what, _title in page.context["acts"]} == acts


@pytest.mark.parametrize("role", ["teacher", "inspector", "operations"])
def test_who_may_not_reveal_is_not_offered_the_number(school, at, role):
    assert "/reveal/" not in told(signed_in(make_member(school, role)).get(f"{at}/"))


def test_a_family_of_another_campus_is_not_there(school, at, customer):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    client = signed_in(make_member(school, "frontdesk", campuses=[west]))

    assert [client.get(f"{at}/").status_code, client.post(f"{at}/log/", {}).status_code,
            client.get(f"{at}/record/child/").status_code] == [404] * 3


def test_a_partners_page_opens_without_a_household(school, head_client):
    with tenant_scope(school):
        kind = makers.CustomerType.objects.get(code="partner")
        made = Customer.objects.create(type=kind, campus=makers.campus(), external_ref="P-1", name="市图书馆",
                since=date(2026, 1, 1))
    page = head_client.get(f"/s/{school.slug}/families/{made.pk}/")
    act = head_client.get(f"/s/{school.slug}/families/{made.pk}/record/child/")

    assert (page.status_code, act.status_code) == (200, 409) and "这项登记只用于家庭" in told(act)


# -- contacts ----------------------------------------------------------------------------------------------------------
def test_a_contact_is_logged_in_one_form(school, at, head, head_client, customer):
    answer = head_client.post(f"{at}/log/", {"kind": "contact", "channel": "wechat", "text": "聊了聊"}, follow=True)

    with tenant_scope(school):
        entry = TimelineEntry.objects.get(text="聊了聊")
    assert "已记一次沟通" in told(answer) and (entry.by_id, entry.channel) == (head.pk, "wechat")


@pytest.mark.parametrize("values", [{"kind": "tier", "channel": "phone", "text": "x"},
        {"kind": "contact", "channel": "pigeon", "text": "x"},
                                    {"kind": "contact", "channel": "phone", "text": ""}, {"kind": "contact",
                                            "channel": "phone", "text": "长" * 2001}])
def test_a_contact_that_is_none_comes_back_with_what_was_typed(school, at, head_client, values):
    answer = head_client.post(f"{at}/log/", values)

    with tenant_scope(school):
        assert (answer.status_code, TimelineEntry.objects.count()) == (422, 1)
    assert answer.context["form"].data["text"] == values["text"]


@pytest.mark.parametrize("verb", ["log", "pay", "delete"])
def test_acts_need_a_post(at, head_client, verb):
    assert head_client.get(f"{at}/{verb}/").status_code == 405


# -- money ------------------------------------------------------------------------------------------------------------------
def payment(school, **values):
    with tenant_scope(school):
        fee = FeeKind.objects.get(name="保教费").pk
    return {"fee_kind": fee, "amount": "1,200.50", "paid_on": "2026-10-08", "method": "微信", "receipt": "7"} | values


def test_a_payment_is_taken_in_yuan(school, at, head_client, customer):
    head_client.post(f"{at}/pay/", payment(school))

    with tenant_scope(school):
        assert Payment.objects.filter(amount_fen=120_050, receipt="7", method="微信", customer=customer).count() == 1


@pytest.mark.parametrize(("values", "field"), [
    ({"amount": "0"}, "amount"), ({"amount": "-1"}, "amount"), ({"amount": "一千"}, "amount"), ({"amount": ""}, "amount"),
    ({"paid_on": "2999-01-01"}, "paid_on"), ({"paid_on": ""}, "paid_on"), ({"fee_kind": "999999"},
            "fee_kind"), ({"method": "比特币"}, "method"),
])
def test_a_payment_that_is_none_stands_at_its_field(school, at, head_client, values, field):
    answer = head_client.post(f"{at}/pay/", payment(school, **values))

    with tenant_scope(school):
        assert (answer.status_code, Payment.objects.count()) == (422, 1)
    assert list(answer.context["form"].errors) == [field]


@pytest.mark.parametrize(("role", "status"), [("frontdesk", 302), ("admin", 302), ("teacher", 403), ("relations",
        403), ("inspector", 403)])
def test_who_handles_money_takes_it(school, at, role, status):
    assert signed_in(make_member(school, role)).post(f"{at}/pay/", payment(school)).status_code == status


def test_a_fee_with_a_warning_warns_and_is_taken(school, at, head_client):
    with tenant_scope(school):
        fee = FeeKind.objects.get(name="兴趣班费").pk
    page = told(head_client.post(f"{at}/pay/", payment(school, fee_kind=fee), follow=True))

    assert "在多地被禁止" in page and "已登记缴费" in page


# -- numbers -----------------------------------------------------------------------------------------------------------------
def test_a_number_is_shown_on_demand_with_a_link_to_call(school, head_client, customer):
    with tenant_scope(school):
        guardian = Guardian.objects.get()
    place = f"/s/{school.slug}/guardians/{guardian.pk}/reveal/"
    whole, part = head_client.post(place), head_client.post(place, headers={"HX-Request": "true"})

    assert "13800138000" in told(whole)
    assert told(part) == '<a class="num" href="tel:13800138000">13800138000</a>'


@pytest.mark.parametrize(("role", "status"), [("frontdesk", 200), ("relations", 200), ("teacher", 403), ("inspector",
        403), ("operations", 403)])
def test_who_may_reveal_reveals(school, customer, role, status):
    with tenant_scope(school):
        guardian = Guardian.objects.get()

    assert signed_in(make_member(school,
            role)).post(f"/s/{school.slug}/guardians/{guardian.pk}/reveal/").status_code == status


# -- leaving -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("values", "status"), [
    ({"until_on": "2026-06-30", "outcome": "moved"}, 302), ({"until_on": "2025-01-01", "outcome": "moved"}, 422),
    ({"until_on": "", "outcome": "moved"}, 422), ({"until_on": "2026-06-30", "outcome": "vanished"},
            422), ({"until_on": "2099-01-01", "outcome": "moved"}, 422),
])
def test_a_leaving_is_entered_or_comes_back(school, head_client, customer, values, status):
    with tenant_scope(school):
        enrolment = Enrolment.objects.get()
    answer = head_client.post(f"/s/{school.slug}/enrolments/{enrolment.pk}/leave/", values)

    with tenant_scope(school):
        assert (answer.status_code, Enrolment.objects.get().until_on is not None) == (status, status == 302)


# -- deleting ----------------------------------------------------------------------------------------------------------------
def test_deleting_asks_for_the_name(school, at, head_client, customer):
    wrong = head_client.post(f"{at}/delete/", {"typed_name": "x"})
    right = head_client.post(f"{at}/delete/", {"typed_name": "周小满一家"}, follow=True)

    assert (wrong.status_code, right.redirect_chain[0][0]) == (409, f"/s/{school.slug}/families/")
    assert "请照写“周小满一家”" in told(wrong) and "30 天内可以在“已删除”里恢复" in told(right)


@pytest.mark.parametrize("role", ["frontdesk", "marketing", "teacher", "inspector"])
def test_who_may_not_delete_deletes_nothing(school, at, role):
    answer = signed_in(make_member(school, role)).post(f"{at}/delete/", {"typed_name": "周小满一家"})

    with tenant_scope(school):
        assert (answer.status_code, Customer.objects.present().count()) == (403, 1)


# -- the small forms -------------------------------------------------------------------------------------------------------
FORMS = {"child": ({"name": "周小树", "born_on": "2023-01-01", "sex": "m"}, {"name": ""}),
         "guardian": ({"name": "外公", "relation": "grandpa_m", "phone": ""}, {"relation": "x"}),
         "referral": ({"name": "孙女士", "phone": "13900139000", "on": "2026-10-01"}, {"phone": "1"}),
         "intent": ({"philosophy": 5, "teaching": 4, "co_education": 3, "eagerness": 2, "likelihood": 1,
                 "evidence": "家访", "on": "2026-10-01"},
                    {"evidence": ""}),
         "assess": ({"about": "credit", "score": 4, "ground": "按时", "on": "2026-10-01"}, {"score": 6}),
         "answer": ({"score": 5, "channel": "phone", "comment": "", "on": "2026-10-01"}, {"on": "2999-01-01"}),
         "address": ({"address": "河畔里"}, {"address": "长" * 201}),
         "lessons": ({"course": "钢琴", "bought": 10, "gifted": 0, "on": "2026-10-01", "expires_on": ""}, {"bought": 0})}


@pytest.mark.parametrize("what", sorted(FORMS))
def test_a_form_is_done_and_leads_back_to_the_family(school, at, head_client, customer, what):
    answer = head_client.post(f"{at}/record/{what}/", FORMS[what][0])

    assert (answer.status_code, answer["Location"]) == (302, f"{at}/")


@pytest.mark.parametrize("what", sorted(FORMS))
def test_a_slip_in_a_form_stands_at_its_field_and_the_rest_is_kept(at, head_client, what):
    good, slip = FORMS[what]
    answer = head_client.post(f"{at}/record/{what}/", good | slip)

    assert answer.status_code == 422 and set(slip) <= set(answer.context["form"].errors)


@pytest.mark.parametrize("what", ["nothing", "", "guardian/../child", "refund2"])
def test_a_form_that_is_not_there_is_not_found(at, head_client, what):
    assert head_client.get(f"{at}/record/{what}/").status_code == 404


@pytest.mark.parametrize(("what", "role"), [("child", "teacher"), ("refund", "frontdesk"), ("lessons", "teacher"),
        ("intent", "inspector"), ("consent", "planner")])
def test_a_form_one_may_not_fill_is_closed(school, at, what, role):
    client = signed_in(make_member(school, role))

    assert [client.get(f"{at}/record/{what}/").status_code, client.post(f"{at}/record/{what}/",
            {}).status_code] == [403, 403]


def test_consent_is_asked_answered_and_withdrawn(school, at, head_client, customer):
    with tenant_scope(school):
        guardian = Guardian.objects.get().pk
    head_client.post(f"{at}/record/consent/", {"guardian": guardian, "granted": "1", "notice": "v1"})
    unsure = head_client.post(f"{at}/record/withdraw/", {"csrfmiddlewaretoken": "x"})
    head_client.post(f"{at}/record/withdraw/", {"sure": "on"})

    with tenant_scope(school):
        consent = Consent.objects.get()
    assert (unsure.status_code, consent.granted, consent.withdrawn_at is not None) == (422, True, True)


def test_a_refund_is_of_one_of_the_familys_own_payments(school, at, head_client, customer):
    with tenant_scope(school):
        mine, theirs = Payment.objects.get().pk, makers.payment(makers.family("别家", "13900139000"), 100,
                date(2026, 9, 1)).pk
    answers = [head_client.post(f"{at}/record/refund/", {"payment": pk, "amount": "10",
            "on": "2026-10-01"}).status_code for pk in (mine, theirs)]

    assert answers == [302, 422]


def test_the_page_of_a_day_long_past_offers_no_acts(at, head_client):
    page = head_client.get(f"{at}/?as_of=2026-09-15")

    assert page.context["past"]
    assert page.context["day"] == date(2026, 9, 15)
    assert "/log/" not in told(page)


def test_todays_page_is_todays(at, head_client):
    page = head_client.get(f"{at}/")

    assert (page.context["past"], page.context["day"]) == (False, timezone.localdate())

"""The small forms of a family's page: each records its fact, refuses what the rules forbid, and is named in my day."""
from datetime import date

import pytest
from django.utils import timezone

from crm.models import Assessment, Child, ClassGroup, Consent, Customer, Enrolment, Guardian, IntentRating, Payment, Referral, Satisfaction
from crm.queries import search
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers


@pytest.fixture
def family(school):
    with tenant_scope(school):
        return makers.family(since=date(2025, 9, 1))


@pytest.fixture
def send(school, head_client, family):
    def post(what, **values):
        return head_client.post(f"/s/{school.slug}/families/{family.pk}/record/{what}/", values)
    return post


def test_every_form_opens_and_is_offered_on_the_page(school, head_client, family):
    page = head_client.get(f"/s/{school.slug}/families/{family.pk}/").content.decode()
    for what in ("guardian", "child", "enrol", "class", "refund", "referral", "intent", "assess", "answer", "consent"):
        assert f"/record/{what}/" in page
        assert head_client.get(f"/s/{school.slug}/families/{family.pk}/record/{what}/").status_code == 200
    assert head_client.get(f"/s/{school.slug}/families/{family.pk}/record/nothing/").status_code == 404


def test_a_date_field_starts_at_today_in_the_form_a_browser_reads(school, head_client, family):
    page = head_client.get(f"/s/{school.slug}/families/{family.pk}/record/answer/").content.decode()

    assert f'value="{timezone.localdate().isoformat()}"' in page


def test_a_number_is_corrected_and_found_again(school, send, family):
    with tenant_scope(school):
        person = Guardian.objects.get()
    wrong = send("guardian", guardian=person.pk, name="罗女士", relation="mother", phone="1390013900")
    right = send("guardian", guardian=person.pk, name="罗女士", relation="mother", phone="139 0013 9000")
    send("guardian", name="外婆张", relation="grandma_m", phone="")

    with tenant_scope(school):
        assert (wrong.status_code, right.status_code) == (422, 302)
        assert "少了 1 位" in wrong.content.decode()
        assert list(search(Customer.objects.present(), "13900139000")) == [family]
        assert not search(Customer.objects.present(), "13800138000")
        assert sorted(Guardian.objects.values_list("name", "phone_mask")) == [("外婆张", ""), ("罗女士", "139****9000")]


def test_a_second_child_is_added_enrolled_and_changes_class(school, send):
    send("child", name="周小树", born_on="2023-05-01", sex="m")
    twice = send("child", name="周小树", born_on="2023-05-01", sex="m")
    with tenant_scope(school):
        child, campus = Child.objects.get(name="周小树"), Campus.objects.get()
        first, second = (ClassGroup.objects.create(campus=campus, name=name) for name in ("小一班", "小二班"))
    send("enrol", child=child.pk, campus=campus.pk, class_group=first.pk, from_on="2026-09-01")
    send("class", child=child.pk, to=second.pk, on="2026-10-01")

    with tenant_scope(school):
        rows = Enrolment.objects.filter(child=child).order_by("from_on").values_list("class_group__name", "until_on",
                "outcome")
        assert list(rows) == [("小一班", date(2026, 9, 30), "promoted"), ("小二班", None, "")]
        assert twice.status_code == 422 and Child.objects.filter(name="周小树").count() == 1


def test_moving_to_another_campus_is_no_churn(school, send):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        group = ClassGroup.objects.create(campus=west, name="中一班")
        child = Child.objects.get()
    send("class", child=child.pk, to=group.pk, on="2026-10-01")

    with tenant_scope(school):
        assert Enrolment.objects.get(until_on__isnull=False).outcome == "campus"


def test_ratings_answers_and_consent_are_recorded(school, send, family):
    send("intent", philosophy=5, teaching=4, co_education=4, eagerness=3, likelihood=4, evidence="家长会发言",
            on="2026-11-01")
    send("assess", about="credit", score=4, ground="从不拖欠", on="2026-11-01")
    send("answer", score=5, channel="wechat", comment="", on="2026-11-01")
    with tenant_scope(school):
        person = Guardian.objects.get()
    send("consent", guardian=person.pk, granted="1", notice="3")

    with tenant_scope(school):
        assert (IntentRating.objects.get().philosophy, Assessment.objects.get().score,
                Satisfaction.objects.get().score) == (5, 4, 5)
        assert (Consent.objects.get().granted, Consent.objects.get().guardian) == (True, person)


def test_a_score_out_of_range_is_refused(send, school):
    assert send("answer", score=6, channel="wechat", comment="", on="2026-11-01").status_code == 422
    with tenant_scope(school):
        assert Satisfaction.objects.count() == 0


def test_refunds_and_referrals_go_through_the_rules(school, send, family):
    with tenant_scope(school):
        payment = makers.payment(family, 800, date(2026, 9, 1))
    over = send("refund", payment=payment.pk, amount="900", on="2026-11-01")
    send("refund", payment=payment.pk, amount="300", on="2026-11-01")
    own = send("referral", name="自己", phone="13800138000", on="2026-11-01")
    send("referral", name="吴家", phone="13900139001", on="2026-11-01")

    with tenant_scope(school):
        assert (over.status_code, own.status_code) == (422, 422)
        assert "最多还能退 800.00 元" in over.content.decode()
        assert sorted(Payment.objects.values_list("amount_fen", flat=True)) == [-300_00, 800_00]
        assert Referral.objects.get().referred_name == "吴家"


def test_another_familys_rows_cannot_be_picked(school, send):
    with tenant_scope(school):
        other = makers.family("李四", "13900139000")
        payment = makers.payment(other, 800, date(2026, 9, 1))

    assert send("refund", payment=payment.pk, amount="1", on="2026-11-01").status_code == 422

"""Every way back through its button: what the desk did today is undone on the page of the day, one by one."""
from datetime import date

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.models import Child, Consent, Customer, Enrolment, FeeKind, Guardian, LessonPackage, Payment, Referral, Satisfaction, TimelineEntry
from crm.undoing import WAYS
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("on_the_day")
TODAY = str(timezone.localdate(NOW))


@pytest.fixture
def customer(school):
    with tenant_scope(school):
        return makers.family("周小满", "13800138000", date(2025, 9, 1))


@pytest.fixture
def at(school, customer):
    return f"/s/{school.slug}/families/{customer.pk}"


@pytest.fixture
def numbers(school, customer):
    with tenant_scope(school):
        return {"fee": FeeKind.objects.get(name="保教费").pk, "guardian": Guardian.objects.get().pk,
                "enrolment": Enrolment.objects.get().pk}


# what is sent, where to, the verb it leaves, and a count that must be as before
ACTS = {
    "contact": ("log/", {"kind": "contact", "channel": "phone", "text": "x"}, "crm.contact_logged", TimelineEntry),
    "complaint": ("log/", {"kind": "complaint", "channel": "phone", "text": "x"}, "crm.contact_logged", TimelineEntry),
    "payment": ("pay/", {"fee_kind": "fee", "amount": "100", "paid_on": TODAY, "method": "微信"}, "crm.payment_taken",
            Payment),
    "child": ("record/child/", {"name": "周小树", "born_on": "2023-01-01", "sex": ""}, "crm.child_added", Child),
    "referral": ("record/referral/", {"name": "孙女士", "phone": "13900139000", "on": TODAY}, "crm.referral_added",
            Referral),
    "answer": ("record/answer/", {"score": 5, "channel": "phone", "on": TODAY}, "crm.satisfaction_answered", Satisfaction),
    "lessons": ("record/lessons/", {"course": "钢琴", "bought": 10, "gifted": 0, "on": TODAY}, "crm.lessons_sold",
            LessonPackage),
    "consent": ("record/consent/", {"guardian": "guardian", "granted": "1", "notice": "v1"}, "crm.consent_answered",
            Consent),
}


@pytest.mark.parametrize("what", sorted(ACTS))
def test_an_act_of_today_is_undone_from_the_page_of_the_day(school, at, head_client, numbers, what):
    place, values, verb, model = ACTS[what]
    with tenant_scope(school):
        before = model.objects.count()
    done = head_client.post(f"{at}/{place}", {name: numbers.get(value, value) for name, value in values.items()})
    with tenant_scope(school):
        during, entry = model.objects.count(), Entry.objects.get(verb=verb).pk
    undone = head_client.post(f"/s/{school.slug}/my-day/{entry}/undo/")

    with tenant_scope(school):
        assert (done.status_code, undone.status_code, during, model.objects.count()) == (302, 302, before + 1, before)


@pytest.mark.parametrize("what", sorted(ACTS))
def test_undone_once_it_cannot_be_undone_again(school, at, head_client, numbers, what):
    place, values, verb, _model = ACTS[what]
    head_client.post(f"{at}/{place}", {name: numbers.get(value, value) for name, value in values.items()})
    with tenant_scope(school):
        entry = Entry.objects.get(verb=verb).pk
    answers = [head_client.post(f"/s/{school.slug}/my-day/{entry}/undo/").status_code for _ in range(2)]

    assert answers == [302, 409]


def test_a_leaving_is_undone_and_the_child_goes_on(school, head_client, numbers):
    head_client.post(f"/s/{school.slug}/enrolments/{numbers['enrolment']}/leave/", {"until_on": TODAY, "outcome": "moved"})
    head_client.post(f"/s/{school.slug}/my-day/undo-last/")

    with tenant_scope(school):
        enrolment = Enrolment.objects.get()
        assert (enrolment.until_on, enrolment.outcome, TimelineEntry.objects.count()) == (None, "", 0)


def test_a_deleted_family_comes_back_by_the_key(school, at, head_client, customer):
    head_client.post(f"{at}/delete/", {"typed_name": "周小满一家"})
    head_client.post(f"/s/{school.slug}/my-day/undo-last/")

    with tenant_scope(school):
        assert Customer.objects.present().get() == customer


def test_a_new_family_goes_into_the_bin_by_the_key(school, head_client, customer):
    head_client.post(f"/s/{school.slug}/families/new/", {"guardian": "孙女士", "phone": "13900139000",
            "relation": "mother", "campus": customer.campus_id})
    head_client.post(f"/s/{school.slug}/my-day/undo-last/")

    with tenant_scope(school):
        assert list(Customer.objects.present()) == [customer]


def test_steps_are_taken_back_in_their_order(school, at, head_client, numbers):
    for text in ("一", "二", "三"):
        head_client.post(f"{at}/log/", {"kind": "contact", "channel": "phone", "text": text})
    left = []
    for _ in range(3):
        head_client.post(f"/s/{school.slug}/my-day/undo-last/")
        with tenant_scope(school):
            left.append(sorted(TimelineEntry.objects.values_list("text", flat=True)))

    assert left == [sorted("一二"), ["一"], []]


def test_every_way_back_is_of_a_verb_that_is_known():
    assert all(verb.startswith("crm.") for verb in WAYS) and len(WAYS) >= 15


@pytest.mark.parametrize("verb", ["crm.imported", "crm.merged", "crm.exported", "crm.phone_revealed",
        "crm.handed_over", "crm.attendance_taken"])
def test_what_has_its_own_page_or_cannot_be_untold_has_no_button(verb):
    assert verb not in WAYS

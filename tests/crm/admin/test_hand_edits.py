"""Edits by hand in the admin: the row follows, the search follows, the history tells, and the past can be put back."""
from datetime import date

import pytest

from audit.models import Entry
from crm.history import acts, newest, restore
from crm.models import Child, Customer, Guardian
from crm.queries import search
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


@pytest.fixture
def child(school):
    with tenant_scope(school):
        makers.family("周小满", "13800138000")
        return Child.objects.get()


@pytest.fixture
def at(school):
    return f"/s/{school.slug}/admin/crm"


CHILD = {"name": "周小满", "nickname": "", "sex": "", "born_on": "2021-05-01"}


def edited(client, at, child, **changes):
    return client.post(f"{at}/child/{child.pk}/change/", CHILD | changes)


# -- the row ----------------------------------------------------------------------------------------------------------------
def test_a_changed_name_is_found(school, at, head_client, child):
    edited(head_client, at, child, name="周大满")

    with tenant_scope(school):
        assert search(Customer.objects.present(), "zdm") and Child.objects.get().name == "周大满"


@pytest.mark.parametrize(("changes", "field"), [({"born_on": "2999-01-01"}, "born_on"), ({"name": ""}, "name"),
        ({"sex": "x"}, "sex"),
                                                ({"name": "名" * 41}, "name")])
def test_a_slip_stands_at_its_field(school, at, head_client, child, changes, field):
    answer = edited(head_client, at, child, **changes)

    assert answer.status_code == 200 and list(answer.context["adminform"].form.errors) == [field]
    with tenant_scope(school):
        assert Child.objects.get().name == "周小满"


@pytest.mark.parametrize(("role", "status"), [("head", 302), ("frontdesk", 302), ("teacher", 403), ("inspector", 403),
        ("operations", 403)])
def test_who_may_change_the_archive_changes_it(school, at, child, role, status):
    assert edited(signed_in(make_member(school, role)), at, child, nickname="满满").status_code == status


def test_looking_at_a_child_is_counted_and_saving_is_an_act(school, at, head_client, child):
    head_client.get(f"{at}/child/{child.pk}/change/")
    edited(head_client, at, child, nickname="满满")

    with tenant_scope(school):
        assert set(Entry.objects.values_list("verb", flat=True)) == {"crm.child_viewed", "crm.child_changed"}


@pytest.mark.parametrize("name", ["child", "guardian", "customer", "family", "payment", "enrolment", "partner",
        "timelineentry", "consent", "attendance"])
def test_rows_of_a_family_are_not_begun_in_the_admin(at, head_client, child, name):
    assert head_client.get(f"{at}/{name}/add/").status_code == 403


def test_what_was_told_is_not_edited(school, at, head_client, child):
    with tenant_scope(school):
        row = makers.entry(Customer.objects.get(), on=date(2026, 9, 1))

    assert head_client.post(f"{at}/timelineentry/{row.pk}/change/", {"title": "x"}).status_code == 403


def test_a_number_is_shown_masked_and_cannot_be_typed_over(school, at, head_client, child):
    with tenant_scope(school):
        guardian = Guardian.objects.get()
    page = head_client.get(f"{at}/guardian/{guardian.pk}/change/").content.decode()
    head_client.post(f"{at}/guardian/{guardian.pk}/change/",
            {"name": "罗女士", "relation": "mother", "phone_mask": "x", "phone": "13900139000"})

    with tenant_scope(school):
        assert "138****8000" in page
        assert "13800138000" not in page
        assert Guardian.objects.get().phone == "13800138000"


def test_a_payments_amount_is_not_edited(school, at, head_client, child):
    with tenant_scope(school):
        payment = makers.payment(Customer.objects.get(), 1200, date(2026, 9, 1))
    form = head_client.get(f"{at}/payment/{payment.pk}/change/").context["adminform"].form

    assert "amount_fen" not in form.fields and "paid_on" in form.fields


# -- history -----------------------------------------------------------------------------------------------------------------
def test_the_history_tells_each_change_newest_first(school, head, at, head_client, child):
    for name in ("周一", "周二"):
        edited(head_client, at, child, name=name)
    with tenant_scope(school):
        told = acts(Child.objects.get())

    assert [(act.who, [(c.name, c.old, c.new) for c in act.changes]) for act in told] == [
        ("head", [("姓名", "周一", "周二")]), ("head", [("姓名", "周小满", "周一")])]


def test_choices_and_empty_values_are_told_in_words(school, at, head_client, child):
    edited(head_client, at, child, sex="f", born_on="")
    with tenant_scope(school):
        changes = {c.name: (c.old, c.new) for c in acts(Child.objects.get())[0].changes}

    assert changes["性别"] == ("–", "女") and changes["出生日期"] == (date(2021, 5, 1), "–")


def test_a_change_by_the_product_itself_is_told_as_automatic(school, child):
    with tenant_scope(school):
        Child.objects.filter(pk=child.pk).update(nickname="满满")

        assert [act.who for act in acts(Child.objects.get())] == ["自动"]


def test_a_row_nobody_changed_has_no_history(school, at, head_client, child):
    with tenant_scope(school):
        assert (acts(child), newest(child)) == ([], 0)
    assert head_client.get(f"{at}/child/{child.pk}/history/").status_code == 200


def test_the_state_before_is_put_back_by_its_button_and_found_again(school, at, head_client, child):
    edited(head_client, at, child, name="周大满", sex="f")
    with tenant_scope(school):
        event = acts(Child.objects.get())[0].event
    head_client.post(f"{at}/child/{child.pk}/history/", {"event": event})

    with tenant_scope(school):
        back = Child.objects.get()
        assert (back.name, back.sex, bool(search(Customer.objects.present(), "zxm"))) == ("周小满", "", True)
        assert len(acts(back)) == 2 and Entry.objects.filter(verb="crm.restored").count() == 1


@pytest.mark.parametrize("event", ["abc", "", "999999", "²", "-1"])
def test_a_past_that_never_was_is_refused_in_words(school, at, head_client, child, event):
    answer = head_client.post(f"{at}/child/{child.pk}/history/", {"event": event})

    assert answer.status_code == 409 and "没有这一条历史" in answer.content.decode()


def test_another_rows_past_is_not_put_back(school, head, at, head_client, child):
    with tenant_scope(school):
        makers.family("李四", "13900139000")
        other = Child.objects.get(name="李四")
        Child.objects.filter(pk=other.pk).update(nickname="四")
        event = acts(Child.objects.get(pk=other.pk))[0].event
        with pytest.raises(Refused, match="没有这一条历史"):
            restore(Child.objects.get(pk=child.pk), event, by=head)


@pytest.mark.parametrize("role", ["teacher", "inspector"])
def test_who_may_only_look_puts_nothing_back(school, at, head_client, child, role):
    edited(head_client, at, child, name="周大满")
    with tenant_scope(school):
        event = acts(Child.objects.get())[0].event
    client = signed_in(make_member(school, role))

    assert [client.get(f"{at}/child/{child.pk}/history/").status_code,
            client.post(f"{at}/child/{child.pk}/history/", {"event": event}).status_code] == [200, 403]


# -- stale pages ----------------------------------------------------------------------------------------------------------------
def test_a_save_over_a_colleagues_change_says_what_they_changed(school, at, head_client, deputy, child):
    seen = head_client.get(f"{at}/child/{child.pk}/change/").context["adminform"].form["seen"].value()
    edited(signed_in(deputy), at, child, nickname="满满")
    answer = edited(head_client, at, child, name="周大满", seen=seen)

    assert (seen, answer.status_code) == ("0", 409)
    assert "deputy 刚改过这一条（乳名 – → 满满）" in answer.content.decode()


def test_saving_twice_in_a_row_is_no_conflict_with_oneself(school, at, head_client, child):
    statuses = []
    for name in ("周一", "周二"):
        seen = head_client.get(f"{at}/child/{child.pk}/change/").context["adminform"].form["seen"].value()
        statuses.append(edited(head_client, at, child, name=name, seen=seen).status_code)

    assert statuses == [302, 302]

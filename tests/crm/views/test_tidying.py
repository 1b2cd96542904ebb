"""升班 and 可能重复 by their pages: preview, act, history, undo, for whom."""
from datetime import date

import pytest
from django.utils import timezone

from crm.duplicates import merge
from crm.models import ClassGroup, Customer, Enrolment, Merge, NotDuplicate, Promotion
from crm.views.tidying import _first_of_september
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


# -- promotion -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def classes(school):
    """A child in the youngest class and one in the oldest."""
    with tenant_scope(school):
        groups = [ClassGroup.objects.create(campus=makers.campus(), name=name) for name in ("小一班", "大一班")]
        for group, name, phone in zip(groups, ("周小满", "李大树"), ("13800138001", "13800138002"), strict=True):
            family = makers.family(name, phone, date(2025, 9, 1))
            Enrolment.objects.filter(child__family__customer=family).update(class_group=group)
        return groups


@pytest.mark.parametrize(("today", "day"), [
    (date(2026, 11, 20), date(2026, 9, 1)), (date(2026, 6, 1), date(2026, 9, 1)), (date(2026, 5, 31),
            date(2025, 9, 1)), (date(2026, 1, 1), date(2025, 9, 1)),
])
def test_the_day_offered_is_the_september_that_is_meant(today, day):
    assert _first_of_september(today) == day


def test_the_preview_says_where_each_class_goes(at, head_client, classes):
    steps = head_client.get(f"{at}/promote/?on=2026-09-01").context["steps"]

    assert [(step.group.name, step.children, step.target) for step in steps] == [("大一班", 1, "毕业"),
            ("小一班", 1, "中一班")]


@pytest.mark.parametrize("on", ["", "gestern", "2999-01-01", "1900-01-01"])
def test_a_day_that_is_none_is_the_one_offered(at, head_client, classes, on):
    assert head_client.get(f"{at}/promote/?on={on}").context["on"] == _first_of_september(timezone.localdate())


def test_classes_go_up_as_the_page_says_and_come_back(school, at, head_client, classes):
    with tenant_scope(school):
        campus = Campus.objects.get().pk
    values = {"campus": campus, "on": "2026-09-01", f"class-{classes[0].pk}": "中一班", f"class-{classes[1].pk}": "毕业"}
    page = head_client.post(f"{at}/promote/", values, follow=True).content.decode()
    with tenant_scope(school):
        after = sorted(Enrolment.objects.filter(until_on=None).values_list("class_group__name", flat=True))
        number = Promotion.objects.get().pk
    back = head_client.post(f"{at}/promote/{number}/undo/", follow=True).content.decode()

    with tenant_scope(school):
        assert (after, sorted(Enrolment.objects.filter(until_on=None).values_list("class_group__name",
                flat=True))) == (["中一班"], ["大一班", "小一班"])
    assert "2 个孩子已升班" in page and "已撤销升班" in back


def test_a_second_time_in_a_year_is_refused_in_words(school, at, head_client, classes):
    with tenant_scope(school):
        campus = Campus.objects.get().pk
    values = {"campus": campus, "on": "2026-09-01", f"class-{classes[0].pk}": "中一班"}
    head_client.post(f"{at}/promote/", values)
    again = head_client.post(f"{at}/promote/", values)

    assert again.status_code == 409 and "要重来请先撤销" in again.content.decode()


def test_looking_at_an_undo_undoes_nothing(school, at, head_client, classes):
    with tenant_scope(school):
        campus = Campus.objects.get().pk
    head_client.post(f"{at}/promote/", {"campus": campus, "on": "2026-09-01", f"class-{classes[0].pk}": "中一班"})
    with tenant_scope(school):
        number = Promotion.objects.get().pk
    head_client.get(f"{at}/promote/{number}/undo/")

    with tenant_scope(school):
        assert Promotion.objects.get().undone_at is None


def test_another_campuss_promotion_is_not_there(school, at, head_client, classes):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        row = Promotion.objects.create(campus=makers.campus(), on=date(2026, 9, 1))
    client = signed_in(make_member(school, "marketing", campuses=[west]))

    assert client.post(f"{at}/promote/{row.pk}/undo/").status_code == 404
    assert [p.pk for p in client.get(f"{at}/promote/").context["history"]] == []


@pytest.mark.parametrize("campus", ["999999", "abc"])
def test_a_campus_that_is_not_there_is_not_found(at, head_client, classes, campus):
    assert head_client.get(f"{at}/promote/?campus={campus}").status_code == 404


@pytest.mark.parametrize(("place", "role", "status"), [
    ("promote/", "frontdesk", 403), ("promote/", "marketing", 200), ("duplicates/", "frontdesk", 403), ("duplicates/",
            "marketing", 200),
    ("duplicates/", "admin", 403),
])
def test_tidying_is_for_who_may(school, at, place, role, status):
    assert signed_in(make_member(school, role)).get(f"{at}/{place}").status_code == status


# -- duplicates ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def pair(school):
    with tenant_scope(school):
        return [makers.family(name, "13800138000", born_on=date(2021, 5, 1)) for name in ("周小满", "周晓满")]


def test_a_pair_is_listed_with_its_reasons(at, head_client, pair):
    found = head_client.get(f"{at}/duplicates/").context["pairs"]

    assert [([p.first, p.second], p.reasons) for p in found] == [(pair, ["同一个手机号", "孩子同音同生日"])]


def test_two_families_stand_side_by_side(at, head_client, pair):
    page = head_client.get(f"{at}/duplicates/{pair[0].pk}/{pair[1].pk}/")

    assert [(name, str(a), str(b)) for name, _label, a, b in page.context["fields"]][:2] == [
        ("external_ref", "F-0001", "F-0002"), ("name", "周小满一家", "周晓满一家")]


def test_they_are_merged_with_the_chosen_fields_and_taken_apart_again(school, at, head_client, pair):
    first, second = pair
    page = head_client.post(f"{at}/duplicates/{first.pk}/{second.pk}/",
            {"name": "second", "external_ref": "first", "nonsense": "second"}, follow=True)
    with tenant_scope(school):
        kept, number = Customer.objects.present().get(), Merge.objects.get().pk
    head_client.post(f"{at}/merges/{number}/undo/")

    assert "已合并，可以撤销" in page.content.decode()
    assert (kept.pk, kept.name, kept.external_ref) == (first.pk, "周晓满一家", "F-0001")
    with tenant_scope(school):
        assert list(Customer.objects.present().order_by("id").values_list("name", flat=True)) == ["周小满一家",
                "周晓满一家"]


def test_two_families_after_all_are_not_asked_about_again(school, at, head_client, pair):
    first, second = pair
    head_client.post(f"{at}/duplicates/{second.pk}/{first.pk}/", {"verdict": "different"})

    with tenant_scope(school):
        assert NotDuplicate.objects.values_list("first_id", "second_id").get() == (first.pk, second.pk)
    assert head_client.get(f"{at}/duplicates/").context["pairs"] == []


def test_a_family_is_not_merged_with_itself(at, head_client, pair):
    answer = head_client.post(f"{at}/duplicates/{pair[0].pk}/{pair[0].pk}/", {})

    assert answer.status_code == 409 and "两个不同家庭" in answer.content.decode()


@pytest.mark.parametrize("numbers", ["1/999999", "999999/1"])
def test_a_family_that_is_not_there_is_not_compared(at, head_client, pair, numbers):
    assert head_client.get(f"{at}/duplicates/{numbers}/").status_code == 404


def test_a_page_opened_before_a_colleague_merged_them_says_so(school, at, head, head_client, pair, now):
    with tenant_scope(school):
        merge(*pair, take=[], by=head, at=now)

    assert head_client.post(f"{at}/duplicates/{pair[0].pk}/{pair[1].pk}/", {}).status_code == 404

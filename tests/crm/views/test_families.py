"""今天, the list of families, new ones and the bin: filters, search, export, slips that lose nothing."""
from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.actions import delete_family
from crm.models import Customer, CustomerType
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


@pytest.fixture
def families(school, head):
    """One enrolled in the east, one prospect in the west that the head looks after, one partner."""
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        east = makers.family("周小满", "13800138001")
        prospect = makers.family("李小树", "13800138002", at=west, enrolled=False, owner=head)
        kind = CustomerType.objects.get(code="partner")
        partner = Customer.objects.create(type=kind, campus=west, external_ref="P-0001", name="市图书馆",
                since=date(2026, 1, 1))
    return east, prospect, partner


def names(client, place):
    return [row.name for row in client.get(place).context["rows"]]


# -- the list ------------------------------------------------------------------------------------------------------
def test_the_list_stands_in_the_order_of_its_references(at, head_client, families):
    assert names(head_client, f"{at}/families/") == ["周小满一家", "李小树一家", "市图书馆"]


@pytest.mark.parametrize(("words", "found"), [
    ("q=周小满", ["周小满一家"]), ("q=zxm", ["周小满一家"]), ("q=8002", ["李小树一家"]), ("q=13800138001",
            ["周小满一家"]), ("q=没有", []),
    ("stage=enrolled", ["周小满一家"]), ("stage=prospect", ["李小树一家"]), ("owner=me",
            ["李小树一家"]), ("stage=nonsense", None), ("q=%20", None),
    ("campus=abc", None), ("type=%C2%B2", None), ("campus=99999999999999999999", None), ("q=周小满&stage=prospect", []),
])
def test_the_list_is_narrowed_by_what_is_asked_and_by_nothing_odd(at, head_client, families, words, found):
    assert names(head_client, f"{at}/families/?{words}") == (["周小满一家", "李小树一家",
            "市图书馆"] if found is None else found)


def test_the_list_is_narrowed_by_campus_and_type(school, at, head_client, families):
    east, prospect, partner = families

    assert names(head_client, f"{at}/families/?campus={prospect.campus_id}") == ["李小树一家", "市图书馆"]
    assert names(head_client, f"{at}/families/?type={partner.type_id}") == ["市图书馆"]
    assert names(head_client, f"{at}/families/?campus={east.campus_id}&type={partner.type_id}") == []


def test_a_chosen_filter_stays_chosen(at, head_client, families):
    assert head_client.get(f"{at}/families/?stage=prospect&q=li").context["chosen"] == {
        "q": "li", "campus": "", "type": "", "stage": "prospect", "owner": ""}


def test_who_covers_for_somebody_finds_their_families_among_their_own(school, at, head, families):
    cover = make_member(school, "relations")
    with tenant_scope(school):
        type(head).objects.filter(pk=head.pk).update(stands_in=cover)

    assert names(signed_in(cover), f"{at}/families/?owner=me") == ["李小树一家"]


@pytest.mark.parametrize("page", ["2", "99", "abc", "-1"])
def test_a_page_that_is_not_there_is_the_nearest(at, head_client, families, page):
    assert len(names(head_client, f"{at}/families/?page={page}")) == 3


def test_twenty_five_stand_on_a_page(school, at, head_client):
    with tenant_scope(school):
        for n in range(27):
            makers.family(f"孩{n}", f"138{n:08d}")

    assert [len(names(head_client, f"{at}/families/?page={page}")) for page in (1, 2)] == [25, 2]


def test_looking_at_the_list_is_one_row_with_whom_one_saw(school, at, head, head_client, families):
    head_client.get(f"{at}/families/?stage=enrolled")

    with tenant_scope(school):
        assert Entry.objects.get(verb="crm.listed").data == {"ids": [families[0].pk]}


def test_the_list_shows_who_is_in_which_class(school, at, head_client, families):
    enrolled = head_client.get(f"{at}/families/").context["enrolled"]

    assert list(enrolled) == [families[0].pk]


# -- export ------------------------------------------------------------------------------------------------------------
def lines(answer):
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_the_list_is_exported_as_it_is_filtered_with_masked_numbers(at, head_client, families):
    header, row = lines(head_client.get(f"{at}/families/?stage=enrolled&export=csv"))

    assert header == "编号,称呼,客户类型,园所,孩子,监护人,手机,维护人,建档日期"
    assert row == "F-0001,周小满一家,幼儿家长,本部,周小满,罗女士,138****8001,,2024-09-01"


def test_a_partner_is_exported_without_people(at, head_client, families):
    row = lines(head_client.get(f"{at}/families/?export=csv"))[-1]

    assert row == "P-0001,市图书馆,合作机构,西园,,,,,2026-01-01"


def test_an_export_is_counted_once_and_once_a_child(school, at, head_client, families):
    head_client.get(f"{at}/families/?export=xlsx")

    with tenant_scope(school):
        assert Entry.objects.get(verb="crm.exported").data == {"families": 3}
        assert Entry.objects.filter(verb="crm.child_exported").count() == 2


def test_who_may_not_export_gets_no_file(school, at, families):
    assert signed_in(make_member(school, "teacher")).get(f"{at}/families/?export=csv").status_code == 403


# -- new ones --------------------------------------------------------------------------------------------------------------
def form(school, **values):
    with tenant_scope(school):
        campus = Campus.objects.get(code="main").pk
    return {"guardian": "孙女士", "phone": "13900139000", "relation": "mother", "campus": campus} | values


def test_a_family_is_taken_down_and_its_page_opens(school, at, head_client):
    answer = head_client.post(f"{at}/families/new/", form(school, child="孙小果", note="想参观"), follow=True)

    with tenant_scope(school):
        made = Customer.objects.get()
    assert answer.redirect_chain == [(f"{at}/families/{made.pk}/", 302)]
    assert "已建档 F-0001" in answer.content.decode()


@pytest.mark.parametrize(("values", "field"), [
    ({"guardian": ""}, "guardian"), ({"phone": "123"}, "phone"), ({"phone": ""}, "phone"), ({"born_on": "2999-01-01"},
            "born_on"),
    ({"campus": "999"}, "campus"), ({"relation": "friend"}, "relation"), ({"source": "塔罗"},
            "source"), ({"guardian": "名" * 41}, "guardian"),
])
def test_a_slip_stands_at_its_field_and_what_was_typed_is_kept(school, at, head_client, values, field):
    answer = head_client.post(f"{at}/families/new/", form(school, note="想参观", **values))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "想参观" in answer.content.decode()
    with tenant_scope(school):
        assert not Customer.objects.exists()


def test_a_known_number_leads_to_its_family(school, at, head_client, families):
    answer = head_client.post(f"{at}/families/new/", form(school, phone="13800138001"))

    assert answer.status_code == 422
    assert answer.context["known"] == families[0]
    assert f"/families/{families[0].pk}/" in answer.content.decode()


def test_a_member_of_one_campus_is_offered_that_campus(school, at, families):
    west = families[1].campus
    offered = signed_in(make_member(school, "frontdesk",
            campuses=[west])).get(f"{at}/families/new/").context["form"].fields["campus"].queryset

    with tenant_scope(school):
        assert list(offered.all()) == [west]


@pytest.mark.parametrize("place", ["families/new/", "partners/new/"])
@pytest.mark.parametrize(("role", "status"), [("frontdesk", 200), ("teacher", 403), ("inspector", 403), ("operations",
        403)])
def test_who_may_change_the_archive_adds_to_it(school, at, place, role, status):
    assert signed_in(make_member(school, role)).get(f"{at}/{place}").status_code == status


def test_a_partner_is_taken_down(school, at, head_client):
    with tenant_scope(school):
        kind, campus = CustomerType.objects.get(code="partner").pk, Campus.objects.get().pk
    values = {"name": "市图书馆", "type": kind, "campus": campus, "since": "2026-01-01", "contact": "钱馆长"}
    done, again = (head_client.post(f"{at}/partners/new/", values) for _ in range(2))

    assert (done.status_code, again.status_code, list(again.context["form"].errors)) == (302, 422, ["name"])


# -- today ------------------------------------------------------------------------------------------------------------------
def test_an_empty_school_is_shown_how_to_begin(at, head_client):
    page = head_client.get(f"{at}/").content.decode()

    assert "/imports/" in page and "/families/new/" in page


def test_the_first_page_counts_families_and_todays_contacts(school, at, head_client, families):
    with tenant_scope(school):
        makers.entry(families[0])
    figures = head_client.get(f"{at}/").context["figures"]

    assert (figures["families"], figures["contacts"]) == (3, 1)


def test_families_nobody_spoke_to_for_ninety_days_are_named_longest_first(school, at, head_client, families):
    today = timezone.localdate()
    with tenant_scope(school):
        others = [makers.family(f"孩{n}", f"1390013900{n}") for n in range(3)]
        for customer, days in zip(others, (89, 91, 200), strict=True):
            makers.entry(customer, on=today - timedelta(days=days))
    figures = head_client.get(f"{at}/").context["figures"]

    assert figures["quiet"] == 3
    assert [c.name for c, _last in figures["quiet_first"]] == ["周小满一家", "孩2一家", "孩1一家"]


def test_the_newest_families_stand_first(school, at, head_client, families):
    with tenant_scope(school):
        makers.family("新来的", "13900139000", since=date(2026, 11, 1))
    fresh = head_client.get(f"{at}/").context["figures"]["fresh"]

    assert [c.name for c in fresh][:2] == ["新来的一家", "市图书馆"]


# -- the bin ------------------------------------------------------------------------------------------------------------------
def test_a_deleted_family_is_in_the_bin_and_comes_back(school, at, head, head_client, families, now):
    with tenant_scope(school):
        delete_family(families[0], typed_name="周小满一家", by=head, at=timezone.now())
    before = [row.name for row in head_client.get(f"{at}/families/deleted/").context["rows"]]
    head_client.post(f"{at}/families/deleted/", {"id": families[0].pk})

    assert before == ["周小满一家"] and "周小满一家" in names(head_client, f"{at}/families/")


@pytest.mark.parametrize("pk", ["999999", "abc", ""])
def test_what_is_not_in_the_bin_does_not_come_back(at, head_client, families, pk):
    assert head_client.post(f"{at}/families/deleted/", {"id": pk}).status_code == 404


def test_a_family_that_is_there_is_not_in_the_bin(at, head_client, families):
    assert head_client.post(f"{at}/families/deleted/", {"id": families[0].pk}).status_code == 404


def test_the_bin_is_for_who_may_delete(school, at, families):
    assert signed_in(make_member(school, "frontdesk")).get(f"{at}/families/deleted/").status_code == 403

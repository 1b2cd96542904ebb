"""The admin as a school sees it: rights by role, rows of the open school, files as filtered, audit instead of a log."""
from datetime import date

import openpyxl
import pytest

from audit.models import Entry
from config.school_urls import site
from crm.models import ClassGroup, ExtraField, FeeKind, WorkingGroup
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


@pytest.fixture
def at(school):
    return f"/s/{school.slug}/admin"


def text_of(answer):
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def places():
    return sorted(f"{model._meta.app_label}/{model._meta.model_name}" for model in site._registry)


# -- the frame -----------------------------------------------------------------------------------------------------
def test_a_page_asks_the_admin_for_none_of_its_lists_and_one_app_still_has_its_own(at, head_client):
    assert head_client.get(f"{at}/crm/feekind/").context["available_apps"] == []

    answer = head_client.get(f"{at}/crm/")
    assert answer.status_code == 200 and [app["app_label"] for app in answer.context["app_list"]] == ["crm"]


def test_the_admins_own_first_page_is_our_first_page(school, at, head_client):
    assert head_client.get(f"{at}/")["Location"] == f"/s/{school.slug}/"


@pytest.mark.parametrize(("place", "leads"), [("login/", "/accounts/login/"), ("logout/", "/accounts/logout/")])
def test_signing_in_and_out_is_done_at_one_door(at, head_client, place, leads):
    answer = head_client.post(f"{at}/{place}") if place == "logout/" else head_client.get(f"{at}/{place}")

    assert answer["Location"].startswith(leads)


@pytest.mark.parametrize("place", places())
def test_every_list_opens_for_the_head_and_is_called_by_its_plural(at, head_client, place):
    answer = head_client.get(f"{at}/{place}/")

    assert answer.status_code == 200
    assert answer.context["title"] == str(answer.context["cl"].opts.verbose_name_plural)


@pytest.mark.parametrize("place", places())
def test_a_row_that_is_not_there_is_not_found_anywhere(at, head_client, place):
    for pk in ("999999", "abc", "0", "-1"):
        answer = head_client.get(f"{at}/{place}/{pk}/change/")

        assert answer.status_code in (302, 403, 404)


@pytest.mark.parametrize("place", places())
def test_no_list_is_open_to_who_may_not_look_at_the_archive(school, at, place, client):
    assert client.get(f"{at}/{place}/").status_code == 302


# -- rights --------------------------------------------------------------------------------------------------------
SETTINGS = {"crm/feekind": {"name": "春游费", "group": "other", "counts": "on", "warning": ""},
            "crm/extrafield": {"name": "过敏史", "kind": "text", "choices": "", "is_open": "on"},
            "crm/customertype": {"code": "alumni", "name": "校友", "half": "family"},
            "tenancy/campus": {"code": "west", "name": "西园", "address": ""}}
WHO = {"crm/feekind": {"head", "deputy", "admin"}, "crm/extrafield": {"head", "deputy", "admin"},
        "crm/customertype": {"head", "deputy", "admin"},
       "tenancy/campus": {"head", "deputy", "admin"}}


@pytest.mark.parametrize("place", sorted(SETTINGS))
@pytest.mark.parametrize("role", ["head", "admin", "frontdesk", "teacher", "inspector", "marketing"])
def test_settings_are_changed_by_who_runs_the_school(school, at, place, role):
    answer = signed_in(make_member(school, role)).post(f"{at}/{place}/add/", SETTINGS[place])

    assert (answer.status_code == 302) is (role in WHO[place]) and answer.status_code in (302, 403)


@pytest.mark.parametrize("place", sorted(SETTINGS))
def test_a_name_that_is_taken_is_told_at_the_form_and_nothing_is_doubled(school, at, head_client, place):
    head_client.post(f"{at}/{place}/add/", SETTINGS[place])
    again = head_client.post(f"{at}/{place}/add/", SETTINGS[place])

    assert again.status_code == 200 and again.context["adminform"].form.errors


def test_a_setting_is_changed_and_the_change_is_on_record(school, at, head, head_client):
    head_client.post(f"{at}/crm/feekind/add/", SETTINGS["crm/feekind"])
    with tenant_scope(school):
        row = FeeKind.objects.get(name="春游费")
    head_client.post(f"{at}/crm/feekind/{row.pk}/change/", SETTINGS["crm/feekind"] | {"name": "秋游费"})

    with tenant_scope(school):
        acts = list(Entry.objects.filter(object_id=row.pk,
                object_type="crm.feekind").order_by("id").values_list("verb", "actor_id"))
    assert acts == [("crm.feekind_added", head.pk), ("crm.feekind_changed", head.pk)]


def test_nothing_is_written_into_the_admins_own_log(school, at, head_client):
    answer = head_client.post(f"{at}/crm/feekind/add/", SETTINGS["crm/feekind"])

    assert answer.status_code == 302


@pytest.mark.parametrize("place", sorted(SETTINGS))
def test_settings_are_not_deleted(school, at, head_client, place):
    head_client.post(f"{at}/{place}/add/", SETTINGS[place])
    with tenant_scope(school):
        model = {"crm/feekind": FeeKind, "crm/extrafield": ExtraField, "tenancy/campus": Campus}.get(place)
        pk = model.objects.order_by("-id").first().pk if model else 1

    assert head_client.post(f"{at}/{place}/{pk}/delete/", {"post": "yes"}).status_code == 403


def test_pickers_offer_the_open_schools_rows_only(school, other_school, at, head_client):
    with tenant_scope(other_school):
        Campus.objects.create(code="far", name="邻校西区")
    page = head_client.get(f"{at}/crm/classgroup/add/").content.decode()

    assert "本部" in page and "邻校西区" not in page


def test_a_foreign_pick_is_no_choice(school, other_school, at, head_client):
    with tenant_scope(other_school):
        theirs = Campus.objects.get().pk
    answer = head_client.post(f"{at}/crm/classgroup/add/", {"campus": theirs, "name": "小一班"})

    with tenant_scope(school):
        assert (answer.status_code, ClassGroup.objects.exists()) == (200, False)
    assert "campus" in answer.context["adminform"].form.errors


def test_a_working_group_has_its_members(school, at, head, deputy, head_client):
    answer = head_client.post(f"{at}/crm/workinggroup/add/", {
        "name": "挽回小组", "kind": "win_back", "leader": head.pk, "cadence": "每周一", "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0",
        "members-0-member": deputy.pk, "members-0-id": "", "members-0-group": ""})

    with tenant_scope(school):
        group = WorkingGroup.objects.get()
        assert (answer.status_code, group.kind, [m.member for m in group.members.select_related("member")]) == (302,
                "win_back", [deputy])


# -- files ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def payments(school):
    with tenant_scope(school):
        customer = makers.family("周小满", "13800138000")
        makers.payment(customer, 1200, date(2026, 9, 1))
        makers.payment(customer, 30, date(2026, 10, 1), "伙食费")


def test_a_list_is_a_csv_as_it_is_filtered(school, at, head_client, payments):
    with tenant_scope(school):
        kind = FeeKind.objects.get(name="伙食费").pk
    whole, part = (text_of(head_client.get(f"{at}/crm/payment/?export=csv{words}")).splitlines()
                   for words in ("", f"&fee_kind__id__exact={kind}"))

    assert (len(whole), len(part)) == (3, 2) and "伙食费" in part[1] and part[0] == whole[0]


def test_a_csv_has_numbers_as_numbers_and_choices_by_their_word(at, head_client, payments):
    header, newest, _older = text_of(head_client.get(f"{at}/crm/payment/?export=csv")).splitlines()

    assert header == "缴费日期,客户,孩子,收费项目,金额（元）,挂牌价（元）,支付方式,票据号"
    assert newest == "2026-10-01,周小满一家,,伙食费,30.00,,,"


def test_a_workbook_has_days_as_days(at, head_client, payments, tmp_path):
    answer = head_client.get(f"{at}/crm/payment/?export=xlsx")
    (tmp_path / "a.xlsx").write_bytes(b"".join(answer.streaming_content))
    row = [cell.value for cell in openpyxl.load_workbook(tmp_path / "a.xlsx").active[2]]

    assert (row[0].date(), row[1], float(row[4])) == (date(2026, 10, 1), "周小满一家", 30.0)


def test_an_export_is_on_record_with_its_list_and_count(school, at, head, head_client, payments):
    head_client.get(f"{at}/crm/payment/?export=csv")

    with tenant_scope(school):
        assert Entry.objects.get(verb="crm.payment_downloaded").data == {"rows": 2}


@pytest.mark.parametrize(("role", "status"), [("head", 200), ("marketing", 200), ("operations", 200), ("teacher",
        403), ("frontdesk", 403)])
def test_who_may_export_exports(school, at, payments, role, status):
    assert signed_in(make_member(school, role)).get(f"{at}/crm/payment/?export=csv").status_code == status


@pytest.mark.parametrize("form", ["pdf", "", "XLSX", "exe"])
def test_a_form_that_is_none_is_the_list_itself(at, head_client, payments, form):
    answer = head_client.get(f"{at}/crm/payment/?export={form}")

    assert answer.status_code == 200 and "text/html" in answer["Content-Type"]


def test_who_may_not_export_is_not_offered_it(school, at, head_client, payments):
    offered, not_offered = (client.get(f"{at}/crm/payment/").content.decode()
                            for client in (head_client, signed_in(make_member(school, "teacher"))))

    assert "export=xlsx" in offered and "export=xlsx" not in not_offered


@pytest.mark.parametrize("words", ["?o=99", "?p=99", "?q=%00", "?nonsense=1", "?fee_kind__id__exact=abc",
        "?paid_on_from=x", "?e=1"])
def test_odd_words_in_a_lists_address_do_no_harm(at, head_client, payments, words):
    assert head_client.get(f"{at}/crm/payment/{words}", follow=True).status_code in (200, 400)

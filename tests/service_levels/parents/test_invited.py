"""活动邀请 on a parent's phone: read, answered, changed, shown at the door, and how it was; the poster asks for a number."""
from datetime import timedelta

import pytest
from django.test import Client

from crm.models import TimelineEntry
from notifications.models import Message
from service_levels.events import coming, inviting, links, planning
from service_levels.models import Event, Invitation
from service_levels.parents import invited
from tenancy.scope import tenant_scope
from tests.conftest import make_school
from tests.reception.test_views import text
from tests.service_levels.conftest import family
from tests.service_levels.events.makers import TEN, opened

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def parent(school, on_the_day) -> Client:
    return Client()


@pytest.fixture
def row(school, head, parent):
    with tenant_scope(school):
        return opened(head)[0]


@pytest.fixture
def link(school, row) -> str:
    with tenant_scope(school):
        return f"/e/{links.token_of(row)}/"


@pytest.fixture
def poster(school, row) -> str:
    with tenant_scope(school):
        return f"/e/{links.door_token(row.event)}/here/"


@pytest.fixture
def going_on(school, row):
    """It began half an hour ago."""
    with tenant_scope(school):
        Event.objects.update(starts_at=TEN - HOUR / 2, ends_at=TEN + HOUR)
        return Invitation.objects.select_related("event", "customer").get(pk=row.pk)


def kept(school, row) -> Invitation:
    with tenant_scope(school):
        return Invitation.objects.get(pk=row.pk)


def says(parent, link, **typed):
    return parent.post(f"{link}do/answer/", {"answer": "yes", "people": "3"} | typed, follow=True)


# -- the invitation ----------------------------------------------------------------------------------------------------------------------
def test_it_says_what_when_and_where(parent, link):
    page = text(parent.get(link))

    assert all(words in page for words in ("亲子阅读会", "12-05", "09:30", "11:00", "多功能厅", "读三本绘本，回家接着读。", "来不来", "告诉园里"))


def test_it_is_kept_by_no_cache_and_opens_no_other_site(parent, link):
    answer = parent.get(link)

    assert answer["Cache-Control"] == "private, no-store" and "default-src 'none'" in answer["Content-Security-Policy"]


def test_it_shows_no_plan_and_no_place_in_a_line(parent, link, school):
    with tenant_scope(school):
        Event.objects.update(plans=["win-back"], priority_days=3)
        Invitation.objects.update(first=True)

    page = text(parent.get(link))

    assert not any(words in page for words in ("优先", "挽回", "方案", "win-back"))


def test_a_family_says_that_it_comes(parent, link, school, row):
    page = says(parent, link, words="奶奶也来")

    assert "给您家留了 3 个位置，等您来。" in text(page) and "到了给老师扫" in text(page) and "<svg" in page.content.decode()
    found = kept(school, row)
    assert (found.answer, found.people, found.words) == ("yes", 3, "奶奶也来")


def test_or_that_it_does_not(parent, link, school, row):
    page = says(parent, link, answer="no")

    assert "这次不来，记下了。" in text(page) and "到了给老师扫" not in text(page)
    assert kept(school, row).answer == "no"


def test_and_changes_its_mind(parent, link, school, row):
    says(parent, link, answer="no")

    page = says(parent, link, people="2")

    assert "给您家留了 2 个位置" in text(page) and "改成这样" in text(page)


def test_what_it_said_stands_in_the_form(parent, link):
    says(parent, link, people="4", words="奶奶也来")

    page = parent.get(link).content.decode()

    assert 'value="4"' in page and 'value="奶奶也来"' in page


def test_where_it_is_full_it_waits(parent, link, school, head, row):
    with tenant_scope(school):
        Event.objects.update(seats=2)

    page = says(parent, link)

    assert "位置满了，您家在候补" in text(page) and "到了给老师扫" not in text(page)
    assert kept(school, row).answer == "wait"


def test_for_more_than_there_are_it_keeps_what_it_has(parent, link, school, row):
    with tenant_scope(school):
        Event.objects.update(seats=3)
    says(parent, link, people="3")

    page = says(parent, link, people="5")

    assert page.status_code == 409 and "没有多的位置了，还是按 3 个人留着。" in text(page)
    assert kept(school, row).people == 3


@pytest.mark.parametrize(("typed", "words"), [({"answer": ""}, "请选来还是不来。"), ({"answer": "x"}, "x"), ({"people": "0"}, "1"), ({"people": "10"}, "9"),
                                              ({"people": "很多"}, "整数"), ({"words": "好" * 201}, "200")])
def test_what_is_wrong_stands_at_its_field(parent, link, school, row, typed, words):
    page = says(parent, link, **typed)

    assert page.status_code == 422 and words in text(page) and "亲子阅读会" in text(page)
    assert kept(school, row).answer == ""


def test_a_part_of_ones_own_is_asked_for(parent, link, school, head, row):
    with tenant_scope(school):
        inviting.ask_for(row, "speaker", "怎么讲绘本", by=head)

    page = text(parent.get(link))

    assert "想请您给大家讲讲" in page and "怎么讲绘本" in page


def test_of_what_is_called_off_it_says_so_and_asks_nothing(parent, link, school, head, row):
    with tenant_scope(school):
        planning.cancel(row.event, "下暴雨", by=head, at=TEN)

    page = text(parent.get(link))

    assert "活动取消了，给您添麻烦了。" in page and "来不来" not in page and "下暴雨" not in page
    assert says(parent, link).status_code == 409


@pytest.mark.parametrize("lang", ["en", "zh-hant"])
def test_in_the_visitors_language(parent, link, lang):
    page = text(parent.get(f"{link}?lang={lang}"))

    assert "告诉园里" not in page and "亲子阅读会" in page


@pytest.mark.parametrize("address", ["/e/x/", "/e/x_y/", "/e/x/here/", "/e/x/do/answer/"])
def test_what_is_no_link_opens_nothing(parent, row, address):
    assert (parent.post(address) if "/do/" in address else parent.get(address)).status_code == 404


def test_a_link_under_another_schools_name_opens_nothing(parent, link, school):
    other = make_school("qi", "training")
    secret = link.strip("/").partition("_")[2]

    assert parent.get(f"/e/{other.public_id}_{secret}/").status_code == 404


def test_a_strange_verb_does_nothing(parent, link, school, row):
    answer = parent.post(f"{link}do/delete/")

    assert answer.status_code == 409 and kept(school, row).answer == ""


def test_it_cannot_be_answered_by_looking(parent, link):
    assert parent.get(f"{link}do/answer/").status_code == 405


def test_not_too_often(parent, link, monkeypatch):
    monkeypatch.setattr(invited, "MOST", 2)
    says(parent, link), says(parent, link, answer="no")

    page = says(parent, link)

    assert page.status_code == 429 and "改得太频繁了" in text(page)


# -- here --------------------------------------------------------------------------------------------------------------------------------
def test_a_family_signs_itself_in(parent, link, school, going_on):
    assert "我们到了，签到" in text(parent.get(link))

    page = parent.post(f"{link}do/here/", follow=True)

    assert "签到好了，谢谢您家来。" in text(page)
    with tenant_scope(school):
        assert TimelineEntry.objects.filter(customer=going_on.customer, kind="event", channel="sign_in").count() == 1


def test_not_a_fortnight_before(parent, link, school, row):
    assert "我们到了，签到" not in text(parent.get(link))

    page = parent.post(f"{link}do/here/", follow=True)

    assert page.status_code == 409 and "才能自己签到" in text(page) and kept(school, row).came_at is None


def test_the_code_leads_a_colleague_to_the_family(school, row):
    with tenant_scope(school):
        assert invited._staff_address(row).endswith(f"/s/miao/service/events/guests/{row.pk}/")


# -- how it was ----------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def came(school, head, going_on):
    with tenant_scope(school):
        coming.sign_in(going_on, by=head, at=TEN)
    return going_on


def rates(parent, link, **typed):
    return parent.post(f"{link}do/rate/", {"score": "4", "opinion": "时间短了点"} | typed, follow=True)


def test_a_family_that_came_says_how_it_was(parent, link, school, came):
    assert "这次活动怎么样" in text(parent.get(link))

    page = rates(parent, link)

    assert "您说的收到了，谢谢。" in text(page)
    assert (kept(school, came).score, kept(school, came).opinion) == (4, "时间短了点")


def test_of_a_bad_word_whoever_planned_hears(parent, link, school, head, came):
    rates(parent, link, score="1")

    with tenant_scope(school):
        assert Message.objects.filter(member=head, key__contains="-low-").count() == 1


@pytest.mark.parametrize("score", ["", "0", "6", "x", "4.5"])
def test_a_score_is_one_of_five(parent, link, school, came, score):
    page = rates(parent, link, score=score)

    assert page.status_code == 422 and "时间短了点" in page.content.decode() and kept(school, came).score is None


def test_who_did_not_come_has_nothing_to_say_of_it(parent, link, school, row):
    assert "这次活动怎么样" not in text(parent.get(link))

    page = rates(parent, link)

    assert page.status_code == 409 and "来过的家庭才打分" in text(page) and kept(school, row).score is None


def test_long_after_it_is_over_it_says_so(parent, link, school, row):
    with tenant_scope(school):
        Event.objects.update(starts_at=TEN - 30 * HOUR, ends_at=TEN - 29 * HOUR)

    assert "活动办完了。没来也没关系，下次再请您家。" in text(parent.get(link))


# -- the poster ----------------------------------------------------------------------------------------------------------------------------
def test_the_poster_asks_for_a_number(parent, poster, going_on):
    page = text(parent.get(poster))

    assert "亲子阅读会" in page and "填登记在园里的手机号就行" in page


def test_a_number_signs_its_family_in(parent, poster, school, going_on):
    page = parent.post(poster, {"phone": "138 0013 8001"}, follow=True)

    assert "签到收到了" in text(page) and kept(school, going_on).came_at is not None


def test_a_number_that_nobody_has_reads_the_same(parent, poster, school, going_on):
    known = parent.post(poster, {"phone": "13800138001"}, follow=True)
    strange = parent.post(poster, {"phone": "13912345678"}, follow=True)

    assert (text(known), known.redirect_chain) == (text(strange), strange.redirect_chain)
    with tenant_scope(school):
        assert Invitation.objects.came().count() == 1


def test_a_family_that_was_not_asked_is_welcome(parent, poster, school, going_on):
    with tenant_scope(school):
        home = family(9)

    parent.post(poster, {"phone": "13800138009"})

    with tenant_scope(school):
        assert Invitation.objects.get(customer=home).came_at is not None


@pytest.mark.parametrize("phone", ["", "123", "电话"])
def test_what_is_no_number_is_said(parent, poster, school, going_on, phone):
    page = parent.post(poster, {"phone": phone})

    assert page.status_code == 422
    with tenant_scope(school):
        assert Invitation.objects.came().count() == 0


def test_outside_of_its_hours_it_says_when(parent, poster, school, row):
    page = text(parent.get(poster))
    assert "活动前一小时到结束后一小时可以签到" in page and "手机" not in page

    answer = parent.post(poster, {"phone": "13800138001"})

    assert answer.status_code == 409 and kept(school, row).came_at is None


def test_the_number_stands_in_no_address(parent, poster, going_on):
    answer = parent.post(poster, {"phone": "13800138001"})

    assert "138" not in answer["Location"]


def test_a_whole_hall_behind_one_router_is_let_through_and_no_more(parent, poster, going_on, monkeypatch):
    monkeypatch.setattr(invited, "AT_A_DOOR", 2)
    for _n in range(2):
        assert parent.post(poster, {"phone": "13800138001"}).status_code == 302

    page = parent.post(poster, {"phone": "13800138001"})

    assert page.status_code == 429 and "签到的人太多了，请到签到台。" in text(page)


def test_of_what_was_called_off_the_poster_opens_nothing(parent, poster, school, head, going_on):
    with tenant_scope(school):
        Event.objects.update(cancelled_at=TEN, cancel_why="x")

    assert parent.post(poster, {"phone": "13800138001"}).status_code == 409

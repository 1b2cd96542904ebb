"""The ledger's page: one's own first, late on top, closed with a tap; on the family's page, on the first page, every morning."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.models import Promise, TimelineEntry
from crm.promises import keep, promise
from crm.tasks import morning_all, morning_one
from notifications.models import Message
from tenancy.models import Membership, MembershipCampus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.reception.test_views import text


@pytest.fixture
def liang(school):
    return make_member(school, "relations", "梁老师")


@pytest.fixture
def client(liang):
    return signed_in(liang)


@pytest.fixture
def at(school):
    return f"/s/{school.slug}"


@pytest.fixture
def make(school, liang, head):
    """A promise due so many days from today, made by the head."""
    families = {}

    def made(words: str, days: int = 3, owner: Membership | None = None, name: str = "周小满") -> Promise:
        now = timezone.now()
        with tenant_scope(school):
            if name not in families:
                families[name] = makers.family(name, f"138001380{len(families):02d}")
            row = promise(
                families[name],
                text=words,
                owner=owner or liang,
                due_on=timezone.localdate(now) + timedelta(days=max(days, 0)),
                made_in="consultation",
                by=head,
                at=now,
            )
            if days < 0:
                Promise.objects.filter(pk=row.pk).update(
                    due_on=row.due_on + timedelta(days=days), made_on=row.due_on + timedelta(days=days)
                )
            return row

    return made


def test_one_s_own_are_shown_first_and_the_late_ones_on_top(client, at, make, head):
    make("发食谱", 3)
    make("问疫苗本", -2)
    make("送书单", 1, owner=head)

    mine, everybody_s = text(client.get(f"{at}/promises/")), text(client.get(f"{at}/promises/?whose=all"))

    assert (
        "2 件待兑现，1 件过期了" in mine
        and mine.index("问疫苗本") < mine.index("发食谱")
        and "送书单" not in mine
    )
    assert "3 件待兑现" in everybody_s and "送书单" in everybody_s


def test_what_is_late_kept_and_dropped_is_found(client, at, school, make, liang):
    make("问疫苗本", -2)
    kept = make("发食谱")
    with tenant_scope(school):
        keep(kept, outcome="微信发了", by=liang, at=timezone.now())

    pages = {
        show: text(client.get(f"{at}/promises/?show={show}"))
        for show in ("open", "overdue", "kept", "dropped", "all")
    }

    assert [show for show, page in pages.items() if "问疫苗本" in page] == ["open", "overdue", "all"]
    assert [show for show, page in pages.items() if "微信发了" in page] == ["kept", "all"]
    assert "这里没有承诺" in pages["dropped"]


@pytest.mark.parametrize(
    "words,found",
    [("食谱", True), ("周小满", True), ("zxm", True), ("8000", True), ("李", False), ("书单", False)],
)
def test_a_promise_is_searched_by_family_and_by_words(client, at, make, words, found):
    make("发食谱")

    page = text(client.get(f"{at}/promises/", {"q": words}))

    assert ("发食谱" in page) is found


def test_the_share_kept_in_time_is_told(client, at, school, make, liang):
    for days in (-3, -2):
        make("早就该办", days)
    with tenant_scope(school):
        first = Promise.objects.order_by("id").first()
        Promise.objects.filter(pk=first.pk).update(state="kept", closed_on=first.due_on)

    assert "最近 90 天按时兑现 50%" in text(client.get(f"{at}/promises/"))


def test_one_tap_keeps_it_and_the_list_stays_as_it_was_filtered(client, at, school, make):
    row = make("发食谱")

    answer = client.post(f"{at}/promises/{row.pk}/keep/?whose=all&show=open")

    assert answer.status_code == 302 and answer["Location"] == f"{at}/promises/?whose=all&show=open"
    with tenant_scope(school):
        assert Promise.objects.get().state == "kept"


@pytest.mark.parametrize(
    "verb,typed,state",
    [
        ("keep", {"outcome": "给了纸质版"}, "kept"),
        ("drop", {"outcome": "搬家了"}, "dropped"),
        ("put_off", {"due_on": "soon"}, "open"),
    ],
)
def test_each_act_is_one_form(client, at, school, make, verb, typed, state):
    row = make("发食谱")
    if typed.get("due_on"):
        typed = {"due_on": f"{timezone.localdate() + timedelta(days=20)}"}

    said = text(client.post(f"{at}/promises/{row.pk}/{verb}/", typed, follow=True))

    with tenant_scope(school):
        after = Promise.objects.get()
    assert (
        after.state == state
        and after.outcome == typed.get("outcome", "")
        and ("记下了" in said or "日期改好了" in said)
    )


@pytest.mark.parametrize(
    "verb,typed,said",
    [
        ("drop", {}, "为什么不用了"),
        ("put_off", {"due_on": "2020-01-01"}, "从今天起"),
        ("put_off", {"due_on": "明天"}, "日期"),
        ("put_off", {}, "日期"),
        ("reopen", {}, "还没有了结"),
    ],
)
def test_what_is_missing_is_told_and_nothing_changes(client, at, school, make, verb, typed, said):
    row = make("发食谱")

    page = text(client.post(f"{at}/promises/{row.pk}/{verb}/", typed, follow=True))

    with tenant_scope(school):
        assert said in page
        assert Promise.objects.get().state == "open"
        assert TimelineEntry.objects.count() == 1


def test_a_word_that_is_no_act_is_refused(client, at, make):
    assert client.post(f"{at}/promises/{make('发食谱').pk}/forget/").status_code == 409


def test_a_promise_is_written_down_on_the_family_s_page_and_kept_there(client, at, school, liang):
    with tenant_scope(school):
        family = makers.family()
    due = timezone.localdate() + timedelta(days=2)
    client.post(
        f"{at}/families/{family.pk}/record/promise/",
        {"text": "发食谱", "owner": liang.pk, "due_on": due, "made_in": "other"},
    )
    before = text(client.get(f"{at}/families/{family.pk}/"))
    with tenant_scope(school):
        row = Promise.objects.get()

    answer = client.post(f"{at}/promises/{row.pk}/keep/", {"back": "family"})

    assert (
        "答应这一家的事" in before
        and "发食谱" in before
        and answer["Location"] == f"{at}/families/{family.pk}/"
    )
    assert "已兑现：发食谱" in text(client.get(answer["Location"]))


def test_a_promise_for_the_past_stands_at_its_field(client, at, school, liang):
    with tenant_scope(school):
        family = makers.family()

    answer = client.post(
        f"{at}/families/{family.pk}/record/promise/",
        {"text": "发食谱", "owner": liang.pk, "due_on": "2026-01-05", "made_in": "other"},
    )

    assert answer.status_code == 422
    assert "从今天起" in text(answer)
    assert "发食谱" in answer.content.decode()


def test_the_first_page_tells_what_one_owes_this_week(client, at, make, head):
    make("发食谱", 2)
    make("下个月的事", 30)
    make("园长的事", 1, owner=head)

    page = text(client.get(f"{at}/"))

    assert (
        "1 件一周内要办" in page and "发食谱" in page and "下个月的事" not in page and "园长的事" not in page
    )


def test_a_colleague_of_another_campus_sees_nothing_of_it(school, at, make, head):
    with tenant_scope(school):
        west = makers.campus().__class__.objects.create(code="w", name="西园")
    other = make_member(school, "relations", "西园老师")
    with tenant_scope(school):
        MembershipCampus.objects.create(membership=other, campus=west)
    row = make("发食谱")

    page, act = (
        signed_in(other).get(f"{at}/promises/?whose=all"),
        signed_in(other).post(f"{at}/promises/{row.pk}/keep/"),
    )

    assert "发食谱" not in text(page) and act.status_code == 404


def test_an_inspector_reads_the_ledger_and_changes_nothing(school, at, make):
    row, inspector = make("发食谱"), signed_in(make_member(school, "inspector", "督导"))

    page, act = inspector.get(f"{at}/promises/?whose=all"), inspector.post(f"{at}/promises/{row.pk}/keep/")

    assert "发食谱" in text(page) and "改期、不用了" not in text(page) and act.status_code == 403


def test_twenty_promises_cost_as_many_statements_as_two(client, at, make):
    for number in range(2):
        make(f"第{number}件", number, name=f"孩子{number}")
    client.get(f"{at}/promises/")  # what is remembered from then on
    with CaptureQueriesContext(connection) as few:
        client.get(f"{at}/promises/")
    for number in range(2, 20):
        make(f"第{number}件", number, name=f"孩子{number}")

    with CaptureQueriesContext(connection) as many:
        client.get(f"{at}/promises/")
    assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_every_morning_the_missed_and_the_due_are_told(school, make, liang, monkeypatch):
    make("问疫苗本", -1)
    make("发食谱", 0)
    asked = []
    monkeypatch.setattr(morning_one, "delay", asked.append)

    morning_all()
    morning_one(school.pk)

    with tenant_scope(school):
        titles = set(Message.objects.filter(member=liang).values_list("title", flat=True))
        assert TimelineEntry.objects.filter(kind="promise_broken").count() == 1
    assert (
        school.pk in asked and "答应家长的一件事今天到期" in titles and any("还没有兑现" in t for t in titles)
    )

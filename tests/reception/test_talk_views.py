"""咨询记录, 体验课表现 and 跟进 on the screen: what was told is not asked again, what is wrong stands at its field, nothing is lost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from crm.filing import file_lead
from crm.models import INTENT_SCALES, Consultation, IntentRating, Promise, TimelineEntry
from notifications.models import Message
from reception.booking import book
from reception.models import Booking, FollowUp, Visit, VisitType
from reception.stages import Step
from reception.tasks import morning_all, morning_one
from reception.visiting import Tap, take_step
from tenancy.models import Campus, MembershipCampus
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.reception.makers import slot, wish

BOARD = "/s/miao/board"
TOLD = {
    "needs": "接送时间要早",
    "expectations": "多跟别的孩子玩",
    "worries": "花生过敏",
    "course": "托小班",
    "budget": "3500",
    "version": "0",
}
RATED = dict.fromkeys(INTENT_SCALES, "4") | {"evidence": "问了三次教研怎么做"}


@pytest.fixture(autouse=True)
def the_clock(on_the_day):
    """One day for all."""


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def desk(fang):
    return signed_in(fang)


def came(school, n: int = 0, code: str = "tour", filed: bool = True, host=None, **told) -> Booking:
    """A family that is in the house since an hour."""
    now = timezone.now()
    with tenant_scope(school):
        start = now - timedelta(hours=1 + n)
        row = book(
            slot(starts_at=start, code=code),
            wish(n, **told),
            cutoff=now - timedelta(days=2),
            channel="online",
            at=now - timedelta(days=2),
        ).booking
        if filed:
            file_lead(row.lead, title="预约 参观", at=now - timedelta(days=2))
        if host:
            Booking.objects.filter(pk=row.pk).update(host=host)
        row = Booking.objects.select_related("slot__type", "slot__campus", "lead", "host").get(pk=row.pk)
        take_step(row, Tap(Step.ARRIVED, Step.BOOKED, start, f"a{row.pk}"), by=None, now=now)
        return row


def left(school, n: int = 0, host=None, days: int = 0) -> Booking:
    row, now = came(school, n, host=host), timezone.now()
    with tenant_scope(school):
        row = Booking.objects.select_related("slot__type", "slot__campus", "lead", "host").get(pk=row.pk)
        take_step(row, Tap(Step.LEFT, Step.ARRIVED, now, f"l{row.pk}"), by=None, now=now)
        FollowUp.objects.filter(booking=row).update(due_on=timezone.localdate(now) + timedelta(days=days))
    return row


def read(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# -- 咨询记录 ----------------------------------------------------------------------------------------------------------
def test_what_the_family_told_when_it_booked_stands_there_already(school, desk):
    row = came(school, needs=("午睡", "费用"), special="花生过敏", course="托小班")

    page = read(desk.get(f"{BOARD}/{row.pk}/consultation/"))

    assert "午睡、费用</textarea>" in page
    assert "花生过敏</textarea>" in page
    assert 'value="托小班"' in page
    assert "第一次来，还没有往来" in page and "看价格表，说清退费规则" in page


def test_a_consultation_is_written_down_with_rating_and_promises(school, desk, fang, liang):
    row = came(school)
    due = timezone.localdate() + timedelta(days=2)

    answer = desk.post(
        f"{BOARD}/{row.pk}/consultation/",
        TOLD
        | RATED
        | {
            "self_check": ["listened", "rules"],
            "text-1": "发一周食谱",
            "owner-1": liang.pk,
            "due_on-1": f"{due}",
        },
    )

    assert answer.status_code == 302 and f"v={row.pk}" in answer["Location"]
    with tenant_scope(school):
        made = Consultation.objects.get()
        promise = Promise.objects.get()
        assert (made.budget_fen, made.self_check, made.rating) == (
            350_000,
            ["listened", "rules"],
            IntentRating.objects.get(),
        )
        assert (promise.text, promise.owner, promise.due_on, promise.made_in) == (
            "发一周食谱",
            liang,
            due,
            "consultation",
        )
        assert Visit.objects.get(booking=row).consultation == made
        assert TimelineEntry.objects.get(kind="consultation", title__startswith="到访咨询").text.startswith(
            "需要：接送时间要早"
        )


def test_written_on_it_starts_from_what_stands_there(school, desk):
    row = came(school)
    desk.post(f"{BOARD}/{row.pk}/consultation/", TOLD | RATED)

    page = read(desk.get(f"{BOARD}/{row.pk}/consultation/"))
    desk.post(
        f"{BOARD}/{row.pk}/consultation/",
        TOLD | RATED | {"version": "1", "worries": "怕生", "eagerness": "5"},
    )

    assert (
        'value="3500"' in page
        and page.count("checked") == 5
        and "改咨询记录" in read(desk.get(f"{BOARD}/?v={row.pk}"))
    )
    with tenant_scope(school):
        assert Consultation.objects.get().worries == "怕生"
        assert IntentRating.objects.get().eagerness == 5


def test_two_who_write_at_once_do_not_overwrite_each_other(school, desk, liang):
    row = came(school)
    desk.post(f"{BOARD}/{row.pk}/consultation/", TOLD)

    answer = signed_in(liang).post(f"{BOARD}/{row.pk}/consultation/", TOLD | {"needs": "后到的人写的"})

    assert answer.status_code == 422
    assert "同事刚改过" in read(answer)
    assert "后到的人写的" in read(answer)
    with tenant_scope(school):
        assert Consultation.objects.get().needs == "接送时间要早"


@pytest.mark.parametrize(
    "slip,said",
    [
        ({"philosophy": "4"}, "五项都评，或都不评"),
        (RATED | {"evidence": ""}, "请写依据"),
        ({"budget": "很多"}, "金额"),
        ({"text-1": "发一周食谱"}, "谁来做、最晚哪天"),
        ({"text-2": "送书单", "due_on-2": "2026-12-24"}, "谁来做、最晚哪天"),
        ({"due_on-3": "2026-12-24"}, "写一下答应了什么"),
    ],
)
def test_what_is_missing_stands_there_and_nothing_typed_is_lost(school, desk, slip, said):
    row = came(school)

    answer = desk.post(f"{BOARD}/{row.pk}/consultation/", TOLD | slip)

    assert answer.status_code == 422
    assert said in read(answer)
    assert "接送时间要早</textarea>" in read(answer)
    with tenant_scope(school):
        assert not Consultation.objects.exists() and not Promise.objects.exists()


def test_a_promise_for_yesterday_leaves_nothing_half_written(school, desk, liang):
    row = came(school)
    past = timezone.localdate() - timedelta(days=1)

    answer = desk.post(
        f"{BOARD}/{row.pk}/consultation/", TOLD | {"text-1": "x", "owner-1": liang.pk, "due_on-1": f"{past}"}
    )

    assert answer.status_code == 422 and "从今天起" in read(answer)
    with tenant_scope(school):
        assert (
            not Consultation.objects.exists()
            and not TimelineEntry.objects.filter(title__startswith="到访咨询").exists()
        )


def test_an_empty_sheet_is_not_kept(school, desk):
    row = came(school)

    answer = desk.post(f"{BOARD}/{row.pk}/consultation/", {"version": "0", "self_check": ["listened"]})

    assert answer.status_code == 422 and "至少写一项家长说的" in read(answer)


def test_a_family_that_is_not_registered_yet_is_registered_first(school, desk):
    row = came(school, filed=False)

    answer = desk.get(f"{BOARD}/{row.pk}/consultation/", follow=True)

    assert answer.redirect_chain[0][0] == f"{BOARD}/{row.pk}/registration/"
    assert "先做信息登记" in read(answer)


def test_looking_is_in_the_audit_and_writing_too(school, desk, fang):
    row = came(school)
    desk.get(f"{BOARD}/{row.pk}/consultation/")
    desk.post(f"{BOARD}/{row.pk}/consultation/", TOLD)

    with tenant_scope(school):
        verbs = Entry.objects.filter(actor=fang).values_list("verb", flat=True)
        assert {"reception.booking_viewed", "crm.consulted"} <= set(verbs)


# -- 体验课 -------------------------------------------------------------------------------------------------------------
def test_a_trial_class_is_booked_from_the_consultation_without_retyping(school, desk):
    row = came(school, child_name="小满", child_data=True)
    with tenant_scope(school):
        kind = VisitType.objects.get(code="trial")
        lesson = slot(3, timezone.now() + timedelta(days=3), "trial")
        slot(3, timezone.now() + timedelta(days=1))
    page = read(desk.get(f"{BOARD}/{row.pk}/consultation/"))

    form = read(desk.get(f"/s/miao/visits/new/?again={row.pk}&type={kind.pk}"))

    assert f"/s/miao/visits/new/?again={row.pk}&amp;type={kind.pk}" in page and "约体验课" in page
    assert (
        'value="罗女士"' in form
        and 'value="小满"' in form
        and f'value="{lesson.pk}"' in form
        and "参观" not in form.split("<select")[1].split("</select")[0]
    )


def test_somebody_else_s_family_is_not_shown_again(school, other_school, desk):
    with tenant_scope(other_school):
        theirs = book(
            slot(starts_at=timezone.now() + timedelta(days=1)),
            wish(),
            cutoff=timezone.now(),
            channel="phone",
            at=timezone.now(),
        ).booking

    assert desk.get(f"/s/miao/visits/new/?again={theirs.pk}").status_code == 404


@pytest.mark.parametrize(
    "how,word",
    [("eager", "主动参与"), ("warmed", "慢慢加入"), ("watched", "在旁边看"), ("upset", "哭闹，没上完")],
)
def test_how_the_child_took_part_is_one_tap(school, liang, how, word):
    row, client = came(school, code="trial"), signed_in(liang)

    client.post(f"{BOARD}/{row.pk}/took-part/", {"took_part": how, "note": "喜欢画画"})

    page = read(client.get(f"{BOARD}/?v={row.pk}"))
    assert f'aria-pressed="true">{word}' in page and 'value="喜欢画画"' in page
    with tenant_scope(school):
        assert Visit.objects.get(booking=row).took_part == how


@pytest.mark.parametrize("code,how,said", [("trial", "dancing", "请选孩子"), ("tour", "eager", "不是体验课")])
def test_a_tour_is_no_trial_class(school, desk, code, how, said):
    row = came(school, code=code)

    answer = desk.post(f"{BOARD}/{row.pk}/took-part/", {"took_part": how})

    assert answer.status_code == 409 and said in read(answer)


def test_the_question_is_asked_at_trial_classes_only(school, desk):
    tour, trial = came(school), came(school, 1, "trial")

    assert "孩子在体验课上" not in read(desk.get(f"{BOARD}/?v={tour.pk}")) and "孩子在体验课上" in read(
        desk.get(f"{BOARD}/?v={trial.pk}")
    )


# -- 跟进 ---------------------------------------------------------------------------------------------------------------
PAGE = "/s/miao/follow-ups/"


def one(school) -> FollowUp:
    with tenant_scope(school):
        FollowUp.objects.exclude(pk=FollowUp.objects.order_by("id").first().pk).delete()
        return FollowUp.objects.get()


def test_late_ones_stand_on_top_and_the_week_below(school, desk, fang):
    for n, days in enumerate((5, 0, -2)):
        left(school, n, host=fang, days=days)

    page = read(desk.get(PAGE))

    assert "1 家过期没跟，今天还有 1 家" in page
    assert page.index("过期的") < page.index("<h2>今天 ") < page.index("<h2>一周内")


def test_one_s_own_first_and_how_many_others_have(school, desk, liang):
    left(school, host=liang)

    mine, all_of_them = read(desk.get(PAGE)), read(desk.get(f"{PAGE}?whose=all"))

    assert (
        "这一周没有要跟进的" in mine
        and "+1" in mine
        and "今天要跟进 1 家" in all_of_them
        and "梁老师" in all_of_them
    )


def test_a_contact_is_written_down_and_leaves_the_list(school, desk, fang):
    left(school, host=fang)
    row = one(school)

    said = read(
        desk.post(
            f"{PAGE}{row.pk}/done/?whose=me",
            {"channel": "phone", "answer": "warm", "text": "周末再来"},
            follow=True,
        )
    )

    assert "往来里也有了" in said and "这一周没有要跟进的" in said
    with tenant_scope(school):
        assert (
            TimelineEntry.objects.get(kind="contact").text == "周末再来"
            and FollowUp.objects.get().answer == "warm"
        )


def test_a_family_stands_once_and_its_next_contact_comes_up_when_this_one_is_done(school, desk, fang):
    left(school, host=fang)
    with tenant_scope(school):
        first, second = FollowUp.objects.order_by("id")[:2]
    before = read(desk.get(PAGE))

    after = read(desk.post(f"{PAGE}{first.pk}/done/", {"channel": "phone", "answer": "warm"}, follow=True))

    assert before.count("记下来…") == 1
    assert f'id="f{first.pk}"' in before
    assert f'id="f{second.pk}"' in after


def test_agreeing_on_another_day_stands_on_that_day(school, desk, fang):
    left(school, host=fang)
    row, day = one(school), timezone.localdate() + timedelta(days=4)

    said = read(
        desk.post(
            f"{PAGE}{row.pk}/done/",
            {"channel": "phone", "answer": "thinking", "again_on": f"{day}"},
            follow=True,
        )
    )

    assert f"记下了，{day} 再联系" in said and "说好再联系" in said


@pytest.mark.parametrize(
    "verb,typed,said",
    [
        ("done", {"channel": "phone"}, "必填"),
        ("done", {"channel": "fax", "answer": "warm"}, "fax"),
        ("later", {"due_on": ""}, "日期"),
        ("later", {"due_on": "2020-01-01"}, "从今天起"),
        ("done", {"channel": "phone", "answer": "warm", "again_on": "2020-01-01"}, "从今天起"),
    ],
)
def test_what_is_wrong_is_told_and_the_contact_stays_open(school, desk, fang, verb, typed, said):
    left(school, host=fang)
    row = one(school)

    page = read(desk.post(f"{PAGE}{row.pk}/{verb}/", typed, follow=True))

    with tenant_scope(school):
        assert (
            said in page
            and FollowUp.objects.get().state == "open"
            and not TimelineEntry.objects.filter(kind="contact").exists()
        )


def test_put_off_and_not_needed(school, desk, fang):
    left(school, host=fang)
    row, day = one(school), timezone.localdate() + timedelta(days=3)

    later = read(desk.post(f"{PAGE}{row.pk}/later/", {"due_on": f"{day}"}, follow=True))
    gone = read(desk.post(f"{PAGE}{row.pk}/drop/", follow=True))

    assert f"改到 {day}" in later and "这一次不跟进了" in gone
    assert desk.post(f"{PAGE}{row.pk}/dance/").status_code == 409


def test_the_child_s_settling_in_is_asked_where_the_plan_says_so(school, desk, fang):
    left(school, host=fang)
    row = one(school)
    before = read(desk.get(PAGE))
    with tenant_scope(school):
        FollowUp.objects.update(asks_child=True, after="signed")

    desk.post(f"{PAGE}{row.pk}/done/", {"channel": "phone", "answer": "settled", "adaptation": "4"})

    with tenant_scope(school):
        assert "孩子适应，1 到 5 分" not in before and FollowUp.objects.get().adaptation == 4


def test_a_colleague_of_another_campus_sees_none_of_it(school, fang):
    left(school, host=fang)
    other = make_member(school, "teacher", "西园老师")
    with tenant_scope(school):
        MembershipCampus.objects.create(membership=other, campus=Campus.objects.create(code="w", name="西园"))
        row = FollowUp.objects.first()

    client = signed_in(other)

    assert (
        "罗女士" not in read(client.get(f"{PAGE}?whose=all"))
        and client.post(f"{PAGE}{row.pk}/drop/").status_code == 404
    )


def test_twelve_families_cost_as_many_statements_as_one(school, desk, fang):
    left(school, 0, host=fang)
    desk.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        desk.get(PAGE)
    for n in range(1, 4):
        left(school, n, host=fang)

    with CaptureQueriesContext(connection) as many:
        desk.get(PAGE)

    assert len(few) == len(many)


def test_the_desk_s_own_plan_is_kept_in_the_settings(school, head_client):
    page = read(head_client.get("/s/miao/admin/reception/followrule/"))

    assert "考虑得怎么样，还担心什么" in page and "满月回访" in page


@pytest.mark.django_db(transaction=True)
def test_every_morning_each_colleague_hears_whom_to_speak_to(school, fang, monkeypatch):
    left(school, host=fang)
    asked = []
    monkeypatch.setattr(morning_one, "delay", asked.append)

    morning_all()
    morning_one(school.pk)

    with tenant_scope(school):
        assert Message.objects.get(member=fang).title == "今天要跟进 1 家"
    assert school.pk in asked

"""今天的到访 in the browser: the list, the chosen family, taps, refusals that are shown, a picture that is sent only when it changed."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from reception.booking import book, come
from reception.models import Area, AreaShown, Booking, Check, CheckItem, Visit, VisitStep, VisitType
from reception.visiting import Tap, take_step
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.reception.makers import slot, wish

BOARD = "/s/miao/board/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def clock(on_the_day):
    """Every test at the same time of one day."""


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def client(fang):
    return signed_in(fang)


def put(school, n: int = 0, minutes: int = 30, **told) -> int:
    """A family that comes in so many minutes."""
    with tenant_scope(school):
        now = timezone.now()
        here = slot(2, now + timedelta(minutes=minutes + n))
        return book(here, wish(n, **told), cutoff=now, channel="phone", at=now).booking.pk


def read(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def tap(client, pk: int, to: str, seen: str, **more):
    return client.post(
        f"{BOARD}{pk}/step/", {"to": to, "seen": seen, "key": f"{pk}-{to}"} | more, headers=HTMX, follow=True
    )


def steps(school, pk: int) -> list[str]:
    with tenant_scope(school):
        return list(
            VisitStep.objects.filter(visit__booking=pk).order_by("at", "id").values_list("step", flat=True)
        )


# -- looking -----------------------------------------------------------------------------------------------------------------
def test_the_day_is_listed_by_the_hour_with_the_next_family_chosen(school, client):
    later, sooner = put(school, 1, 60, guardian_name="费女士"), put(school, 2, 30, guardian_name="郝女士")

    page = read(client.get(BOARD))

    assert (
        page.index("郝女士") < page.index("费女士")
        and f'mp-visit is-on" data-card="{sooner}"' in page
        and f'data-card="{later}"' in page
    )
    assert '<b class="num">2</b><span>组今天来</span>' in page


def test_a_day_without_visits_says_so(client):
    page = read(client.get(BOARD))

    assert "这一天没有人来" in page and "接待准备" in page


def test_a_family_that_waits_is_chosen_first_and_its_clock_runs(school, client):
    put(school, 1)
    waits = put(school, 2, 60, guardian_name="尤女士")
    tap(client, waits, "arrived", "booked")

    page = read(client.get(BOARD))

    assert (
        f'is-on" data-card="{waits}"' in page
        and "组在园，1 组正在等" in page
        and page.count("data-since=") == 2
    )


def test_who_did_not_come_and_for_whom_a_place_is_kept_are_shown_and_who_cancelled_is_not(school, client):
    for n, (state, name) in enumerate(
        (("no_show", "郝女士"), ("offered", "卫女士"), ("cancelled", "尤女士"), ("waiting", "奚女士"))
    ):
        pk = put(school, n, guardian_name=name)
        with tenant_scope(school):
            Booking.objects.filter(pk=pk).update(state=state, expires_at=timezone.now() + timedelta(hours=1))

    page = read(client.get(BOARD))

    assert "没来" in page and "候补留位" in page and "尤女士" not in page and "奚女士" not in page


def test_the_chosen_family_shows_stopwatch_areas_and_what_to_know(school, client):
    pk = put(
        school, special="花生过敏", needs=("午睡",), child_name="小满", birth_month="2024-05", child_data=True
    )

    page = read(client.get(f"{BOARD}?v={pk}"))

    assert "小满" in page and "2 岁 6 个月" in page and "还有 7 处没看" in page
    assert (
        "讲分餐台" in page
        and "过敏餐流程" in page
        and re.search(r'class="mp-area is-stressed"[^>]*>餐厅', page)
    )


def test_opening_the_board_is_a_look_at_the_families_on_it(school, client, fang):
    pk = put(school)
    client.get(BOARD)

    with tenant_scope(school):
        assert Entry.objects.filter(verb="reception.listed", actor=fang).latest("id").data == {"ids": [pk]}


def test_another_campus_is_another_board(school, client):
    pk = put(school)
    with tenant_scope(school):
        west = Campus.objects.create(code="w", name="西园")

    there = read(client.get(f"{BOARD}?campus={west.pk}"))

    assert (
        f'data-card="{pk}"' not in there
        and "西园 今天的到访" in there
        and client.get(f"{BOARD}?campus=999999").status_code == 404
    )


def test_a_colleague_of_one_campus_does_not_open_the_others(school):
    with tenant_scope(school):
        west = Campus.objects.create(code="w", name="西园")
        home = makers.campus()
    western = signed_in(make_member(school, "frontdesk", "西老师", campuses=[west]))
    pk = put(school)

    assert western.get(f"{BOARD}?campus={home.pk}").status_code == 404
    assert "西园" in read(western.get(BOARD))
    assert western.post(f"{BOARD}{pk}/step/", {"to": "arrived", "seen": "booked"}).status_code == 404


@pytest.mark.parametrize("day", ["2026-99-99", "x", "昨天", ""])
def test_an_odd_day_is_today(client, day):
    assert client.get(f"{BOARD}?day={day}").status_code == 200


def test_twenty_families_take_as_many_statements_as_three(school, client):
    counts = []
    for some in (range(3), range(3, 20)):
        for n in some:
            pk = put(school, n, needs=("午睡",))
            tap(client, pk, "arrived", "booked")
        client.get(f"{BOARD}?v={pk}")  # what is remembered for a minute is remembered now
        with CaptureQueriesContext(connection) as seen:
            client.get(f"{BOARD}?v={pk}")
        counts.append(len(seen))

    assert counts[0] == counts[1]


# -- the picture renews itself ---------------------------------------------------------------------------------------------
def stamp(client) -> str:
    return re.search(r'data-stamp="([^"]+)"', client.get(BOARD).content.decode())[1]


def test_while_nothing_has_changed_nothing_is_sent(school, client):
    put(school)
    seen = stamp(client)

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"{BOARD}live/?seen={seen}", headers=HTMX)

    assert (answer.status_code, answer.content) == (204, b"") and len(asked) <= 14


@pytest.mark.parametrize("change", ["step", "booking", "check", "area", "new"])
def test_whatever_changes_renews_the_picture(school, client, fang, change):
    pk = put(school)
    seen = stamp(client)
    with tenant_scope(school):
        item, area = CheckItem.objects.first().pk, Area.objects.first().pk
    {
        "step": lambda: tap(client, pk, "arrived", "booked"),
        "booking": lambda: client.post(f"/s/miao/visits/{pk}/confirm/"),
        "check": lambda: client.post(f"{BOARD}checks/{item}/", {"state": "done"}),
        "area": lambda: client.post(f"{BOARD}{pk}/areas/", {"area": area, "seen": "1"}),
        "new": lambda: put(school, 3),
    }[change]()

    answer = client.get(f"{BOARD}live/?seen={seen}", headers=HTMX)

    assert answer.status_code == 200
    assert "data-stamp" in read(answer)
    assert "<html" not in read(answer)


# -- taps --------------------------------------------------------------------------------------------------------------------
def test_a_tap_takes_the_step_and_answers_with_the_board(school, client):
    pk = put(school)

    answer = tap(client, pk, "arrived", "booked")

    assert answer.status_code == 200
    assert steps(school, pk) == ["arrived"]
    assert ">迎接</button>" in read(answer)


def test_without_a_script_the_page_comes_back(school, client):
    pk = put(school)

    answer = client.post(f"{BOARD}{pk}/step/", {"to": "arrived", "seen": "booked"})

    assert answer.status_code == 302 and f"&v={pk}" in answer.url and "/live/" not in answer.url


def test_two_people_on_one_visit_do_not_overwrite_each_other(school, client):
    pk = put(school)
    liang = signed_in(make_member(school, "teacher", "梁老师"))
    tap(liang, pk, "arrived", "booked")
    tap(liang, pk, "tour", "arrived")

    answer = client.post(f"{BOARD}{pk}/step/", {"to": "greeted", "seen": "arrived"}, headers=HTMX)

    assert answer.status_code == 409
    assert "梁老师" in read(answer)
    assert "已经点了“参观”" in read(answer)
    assert steps(school, pk) == ["arrived", "tour"]


def test_a_tap_that_waited_for_the_network_has_its_own_time(school, client):
    pk = put(school)
    tap(client, pk, "arrived", "booked", ago="600000")

    with tenant_scope(school):
        at = VisitStep.objects.get().at
        assert timedelta(minutes=9, seconds=50) < timezone.now() - at < timedelta(minutes=10, seconds=30)


@pytest.mark.parametrize("ago", ["-5", "x", "9" * 12, "", "１"])
def test_an_odd_delay_is_none(school, client, ago):
    pk = put(school)

    assert tap(client, pk, "arrived", "booked", ago=ago).status_code == 200


@pytest.mark.parametrize("to", ["", "x", "BOOKED"])
def test_a_step_that_is_none_is_refused(school, client, to):
    pk = put(school)

    assert (
        client.post(f"{BOARD}{pk}/step/", {"to": to, "seen": "booked"}).status_code == 409
        and steps(school, pk) == []
    )


def test_a_wrong_tap_is_taken_back(school, client):
    pk = put(school)
    tap(client, pk, "arrived", "booked")

    client.post(f"{BOARD}{pk}/back/", {"seen": "arrived"})

    assert steps(school, pk) == []


def test_a_time_is_put_right(school, client):
    pk = put(school)
    tap(client, pk, "arrived", "booked")
    earlier = timezone.localtime(timezone.now() - timedelta(minutes=7))

    good = client.post(f"{BOARD}{pk}/time/", {"step": "arrived", "at": f"{earlier:%H:%M}"})
    odd = client.post(f"{BOARD}{pk}/time/", {"step": "arrived", "at": "25:99"}, headers=HTMX)

    with tenant_scope(school):
        assert timezone.localtime(VisitStep.objects.get().at).strftime("%H:%M") == f"{earlier:%H:%M}"
    assert good.status_code == 302 and odd.status_code == 409 and "请写成 09:30" in read(odd)


def test_why_a_family_goes_no_further_is_noted_and_shown(school, client):
    pk = put(school)
    tap(client, pk, "arrived", "booked")

    answer = client.post(
        f"{BOARD}{pk}/leave/",
        {"seen": "arrived", "exit": "price", "note": "想先问问爷爷"},
        headers=HTMX,
        follow=True,
    )

    assert "没有往下走：价格，想先问问爷爷" in read(answer)
    assert steps(school, pk) == ["arrived", "left"]
    assert client.post(f"{BOARD}{pk}/leave/", {"exit": "x"}).status_code == 409


def test_an_area_is_ticked_by_a_tap(school, client):
    pk = put(school)
    with tenant_scope(school):
        area = Area.objects.get(name="餐厅").pk

    answer = client.post(f"{BOARD}{pk}/areas/", {"area": area, "seen": "1"}, headers=HTMX, follow=True)

    assert (
        "还有 6 处没看" in read(answer)
        and client.post(f"{BOARD}{pk}/areas/", {"area": 999999, "seen": "1"}).status_code == 409
    )
    client.post(f"{BOARD}{pk}/areas/", {"area": area, "seen": "0"})
    with tenant_scope(school):
        assert AreaShown.objects.count() == 0


def test_areas_left_out_are_named_when_the_tour_is_over(school, client):
    pk = put(school)
    tap(client, pk, "consultation", "booked")

    assert "还有 7 处没看：接待区、游戏区、休息区、教学区、餐厅、卫生间、安全出口" in read(
        client.get(f"{BOARD}?v={pk}")
    )


# -- at the door, and before ---------------------------------------------------------------------------------------------------
def test_a_walk_in_takes_two_taps(school, client):
    with tenant_scope(school):
        kind = VisitType.objects.get(code="tour").pk
    assert 'data-open="dlg-walkin"' in read(client.get(BOARD))

    answer = client.post(f"{BOARD}walk-in/", {"type": kind}, follow=True)

    assert "临时到访" in read(answer) and "组在园，1 组正在等" in read(answer)
    with tenant_scope(school):
        assert Visit.objects.get().step == "arrived" and Booking.objects.get().channel == "walk_in"


@pytest.mark.parametrize("kind", ["", "999999", "x"])
def test_a_walk_in_for_nothing_is_refused(client, kind):
    assert client.post(f"{BOARD}walk-in/", {"type": kind}).status_code == 409


def test_preparation_is_ticked_reported_and_all_ticked(school, client):
    with tenant_scope(school):
        item = CheckItem.objects.get(name="价格表").pk
    lacks = read(client.post(f"{BOARD}checks/{item}/", {"state": "lacking"}, headers=HTMX, follow=True))
    done = read(client.post(f"{BOARD}checks/{item}/", {"state": "done"}, headers=HTMX, follow=True))
    everything = read(client.post(f"{BOARD}checks/", {}, headers=HTMX, follow=True))

    assert "缺价格表" in lacks and "1 / 11" in done and "接待准备好了" in everything
    assert client.post(f"{BOARD}checks/999999/", {"state": "done"}).status_code == 404
    with tenant_scope(school):
        assert Check.objects.count() == 11


def test_preparation_that_is_overdue_is_seen(school, client):
    put(school, minutes=5)

    assert re.search(r"本该 \d\d:\d\d 前完成", read(client.get(BOARD))) and "mp-ready is-warn" in read(
        client.get(BOARD)
    )


def test_the_briefing_is_read_and_makes_the_visit_prepared(school, client, fang):
    pk = put(school, needs=("午睡", "费用"), special="要坐轮椅")

    page = read(client.get(f"{BOARD}{pk}/briefing/"))
    tap(client, pk, "prepared", "booked")

    assert (
        "一人一床" in page
        and "价格表" in page
        and "要坐轮椅" in page
        and "没有现成的要点" in page
        and "安全出口" in page
    )
    assert (
        "看过了，准备好了" in page
        and "看过了，准备好了" not in read(client.get(f"{BOARD}{pk}/briefing/"))
        and steps(school, pk) == ["prepared"]
    )
    with tenant_scope(school):
        assert Entry.objects.filter(verb="reception.booking_viewed", object_id=pk, actor=fang).count() == 2


def test_a_teacher_goes_on_with_a_visit_and_an_inspector_only_looks(school):
    pk = put(school)
    teacher, inspector = (signed_in(make_member(school, role)) for role in ("teacher", "inspector"))

    assert tap(teacher, pk, "arrived", "booked").status_code == 200
    assert inspector.get(BOARD).status_code == 200 and "data-tap" not in read(inspector.get(BOARD))
    assert inspector.post(f"{BOARD}{pk}/step/", {"to": "greeted", "seen": "arrived"}).status_code == 403


def test_a_booking_marked_as_arrived_on_the_list_can_be_received_on_the_board(school, client, fang):
    pk = put(school)
    with tenant_scope(school):
        come(Booking.objects.get(pk=pk), "arrive", by=fang, at=timezone.now())
        page_step = Tap("greeted", "booked", timezone.now(), "k")
        take_step(Booking.objects.get(pk=pk), page_step, by=fang, now=timezone.now())

    assert steps(school, pk) == ["greeted"]
    assert ">入座</button>" in read(client.get(f"{BOARD}?v={pk}"))


# -- the columns ---------------------------------------------------------------------------------------------------------------
def column_of(page: str, guardian: str) -> str:
    """The step that the column holds in which a family stands."""
    for column in page.split('class="mp-col"')[1:]:
        if guardian in column:
            return re.search(r'data-to="(\w+)"', column).group(1)
    return ""


def test_the_nine_stages_are_columns_and_each_family_stands_in_its_own(school, client):
    booked, here = put(school, 1, guardian_name="费女士"), put(school, 2, guardian_name="郝女士")
    tap(client, here, "arrived", "booked")

    page = read(client.get(f"{BOARD}?view=columns"))

    assert re.findall(r'data-to="(\w+)"', page) == [
        "booked", "prepared", "arrived", "seated", "tour", "consultation", "signing", "left", "feedback"]  # fmt: skip
    assert column_of(page, "费女士") == "booked"
    assert column_of(page, "郝女士") == "arrived"
    assert booked


def test_a_tap_in_the_columns_stays_in_the_columns(school, client):
    pk = put(school, guardian_name="郝女士")

    answered = tap(client, pk, "tour", "booked", view="columns")

    assert column_of(read(answered), "郝女士") == "tour" and 'data-view="columns"' in read(answered)
    assert steps(school, pk) == ["tour"]


def test_a_refusal_in_the_columns_is_shown_in_the_columns(school, client):
    pk = put(school, guardian_name="郝女士")
    tap(client, pk, "tour", "booked")

    answered = tap(client, pk, "left", "booked", view="columns")

    assert answered.status_code == 409 and "已经点了“参观”" in read(answered)
    assert column_of(read(answered), "郝女士") == "tour"


def test_the_list_is_what_one_sees_without_asking(school, client):
    put(school)

    assert "mp-columns" not in read(client.get(BOARD))
    assert "mp-columns" not in read(client.get(f"{BOARD}?view=odd"))


def test_who_went_no_further_or_never_came_cannot_be_moved(school, client):
    gone = put(school, 1, guardian_name="费女士")
    with tenant_scope(school):
        then = timezone.now() - timedelta(minutes=30)
        told = wish(2, guardian_name="郝女士")
        missed = book(slot(2, then), told, cutoff=then - timedelta(days=1), channel="phone",
                at=then - timedelta(days=1)).booking.pk
    tap(client, gone, "arrived", "booked")
    client.post(f"{BOARD}{gone}/leave/", {"exit": "price", "seen": "arrived", "key": "x"})
    with tenant_scope(school):
        come(Booking.objects.select_related("slot__campus").get(pk=missed), "miss", by=None, at=timezone.now())

    page = read(client.get(f"{BOARD}?view=columns"))

    assert "费女士" in page and "郝女士" in page and "data-grip" not in page


def test_whoever_only_looks_gets_no_grip(school):
    put(school)
    looker = signed_in(make_member(school, "inspector"))

    assert "data-grip" not in read(looker.get(f"{BOARD}?view=columns"))


def test_the_columns_ask_the_database_as_often_for_many_as_for_few(school, client):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{BOARD}?view=columns")
        return len(queries)

    for n in range(2):
        put(school, n)
    statements()
    few = statements()
    for n in range(2, 12):
        put(school, n)

    assert statements() == few


def test_a_day_that_is_still_to_come_offers_no_arriving_and_refuses_one(school, client):
    pk = put(school, minutes=3 * 24 * 60)
    day = f"{BOARD}?day=2026-11-23&v={pk}"

    page, tapped = read(client.get(day)), tap(client, pk, "arrived", "booked")

    assert "还没到这一天" in page and "data-tap" not in page and "组这天来" in page
    assert "约的是 11-23，还没到那天" in read(tapped) and steps(school, pk) == []


def test_what_is_made_ready_ahead_is_noted_ahead(school, client):
    pk = put(school, minutes=3 * 24 * 60)

    tap(client, pk, "prepared", "booked")

    assert steps(school, pk) == ["prepared"]


def test_a_booking_of_another_day_can_be_confirmed_and_neither_came_nor_stayed_away(school, client):
    today, monday = put(school), put(school, 1, 3 * 24 * 60)

    def verbs(pk):
        page = read(client.get(f"/s/miao/visits/{pk}/"))
        return [verb for verb in ("confirm", "arrive",
                "miss") if f"/visits/{pk}/do/{verb}/" in page or f"/{pk}/{verb}/" in page]

    assert (verbs(today), verbs(monday)) == (["confirm", "arrive", "miss"], ["confirm"])


def test_the_stamp_is_read_before_the_picture_so_that_no_change_in_between_is_missed(school, client):
    tap(client, put(school), "arrived", "booked")
    with CaptureQueriesContext(connection) as seen:
        client.get(BOARD)
    asked = [query["sql"] for query in seen.captured_queries]
    stamp, picture = (next(n for n, sql in enumerate(asked) if words in sql) for words in ("SUM(",
            'FROM "reception_visitstep"'))

    assert stamp < picture

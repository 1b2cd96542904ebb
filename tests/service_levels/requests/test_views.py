"""服务请求 as people use the pages."""
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from audit.models import Entry
from crm.concerns import taking
from crm.concerns.taking import Said
from crm.opening import work_calendar
from crm.timetable import add_days
from notifications.models import Outbox
from service_levels.answers.keeping import keep_template
from service_levels.models import AnswerTemplate, Attachment, ServiceRequest
from service_levels.requests import links, recounting, telling, working
from service_levels.requests.files import File
from service_levels.requests.working import Wish
from tenancy.actions import confine
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import DAY, ONE, derive, family
from tests.service_levels.requests.test_working import TEN


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def seen(client, at, address="requests/") -> str:
    answer = client.get(f"{at}/service/{address}")

    assert answer.status_code == 200
    return text(answer)


def do(client, at, row, verb, **typed):
    return client.post(f"{at}/service/requests/{row.pk}/do/{verb}/", typed, follow=True)


@pytest.fixture
def row(school, head, on_the_day):
    """Something a family of A at risk wants, since an hour."""
    with tenant_scope(school):
        customer = family(1, "A", "high", owner=head)
        derive()
        return working.open_request(Wish("service", "换一床被子", "phone"), customer=customer, by=head, at=TEN - timedelta(minutes=20))


# -- the queue ---------------------------------------------------------------------------------------------------------------------
def test_the_queue_says_what_waits_and_how_long_there_is(boss, at, row):
    page = seen(boss, at)

    assert "1 件等您，都没有逾期" in page
    assert "换一床被子" in page and "Q-2026-0001" in page and "还剩 9 分" in page
    assert "08:00–12:00，14:00–17:30" in page


def test_what_is_late_stands_first_in_red_words(boss, at, school, head, row):
    with tenant_scope(school):
        working.open_request(Wish("complaint", "菜太咸", "face"), by=head, at=TEN - timedelta(days=1))
    page = seen(boss, at)

    assert "2 件等您，一共 1 件逾期" in page and "逾期 " in page
    assert page.index("菜太咸") < page.index("换一床被子")
    assert "换一床被子" not in seen(boss, at, "requests/?late=1")


@pytest.mark.parametrize(("asked", "found"), [
    ("?kind=service", True),
    ("?kind=complaint", False),
    ("?q=被子", True),
    ("?q=q-2026-0001", True),
    ("?q=孩1", True),
    ("?q=无人", False),
    ("?tab=all", True),
    ("?tab=done", False),
    ("?tab=confirm", False),
    ("?tab=zzz&campus=%C2%B2", True),
])
def test_the_queue_is_narrowed(boss, at, row, asked, found):
    assert ("换一床被子" in seen(boss, at, f"requests/{asked}")) is found


def test_another_colleague_sees_it_under_all_only(school, at, row):
    agent = signed_in(make_member(school, "agent", "高敏"))

    assert "换一床被子" not in seen(agent, at)
    assert "换一床被子" in seen(agent, at, "requests/?tab=all")


def test_the_export_gives_what_is_listed(boss, at, row):
    answer = boss.get(f"{at}/service/requests/?export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()

    assert [one[5] for one in rows if one[0] == "Q-2026-0001"] == ["换一床被子"]
    assert boss.get(f"{at}/service/requests/?export=csv").status_code == 200


def test_an_empty_queue_says_where_requests_come_from(boss, at, on_the_day):
    assert "没有等您的请求" in seen(boss, at) and "点“新请求”登记" in seen(boss, at)


# -- a new one -----------------------------------------------------------------------------------------------------------------------
def test_one_is_taken_down_for_a_family(boss, at, school, row):
    page = text(boss.post(f"{at}/service/requests/new/?customer={row.customer_id}",
                          {"kind": "enquiry", "channel": "phone", "text": "午餐有鱼吗"}, follow=True))

    assert "已登记 Q-2026-0002，时限开始走了" in page and "孩1一家" in page


def test_one_is_taken_down_for_whoever_calls(boss, at, school, on_the_day):
    boss.post(f"{at}/service/requests/new/", {"kind": "enquiry", "channel": "phone", "text": "招生吗", "caller": "王女士", "phone": "13900139000"})

    with tenant_scope(school):
        assert ServiceRequest.objects.get().caller == "王女士"


def test_what_is_wrong_stands_at_its_field(boss, at, school, on_the_day):
    answer = boss.post(f"{at}/service/requests/new/", {"kind": "song", "channel": "phone", "text": "", "phone": "12"})

    assert answer.status_code == 422 and "role=\"alert\"" in text(answer)
    with tenant_scope(school):
        assert not ServiceRequest.objects.exists()


# -- one request ---------------------------------------------------------------------------------------------------------------------
def test_its_page_says_why_it_is_due_when_it_is(boss, at, row):
    page = seen(boss, at, f"requests/{row.pk}/")

    assert "还剩 9 分" in page and "为什么是 11-20 周五 10:10 到期" in page
    assert "合计" in page and "0:30" in page
    assert "还剩 8 时 39 分" in page


def test_an_answer_that_gives_a_label_away_stays_as_it_was_typed(boss, at, row):
    answer = do(boss, at, row, "reply", text="您家是 D 级，下午换", channel="online")

    assert answer.status_code == 422 and "“D 级”换个说法" in text(answer) and "您家是 D 级，下午换" in text(answer)


def test_from_an_answer_to_the_parents_word(boss, at, school, row):
    assert "答复记下了" in text(do(boss, at, row, "reply", text="下午换", channel="phone"))
    assert "时限停下了" in text(do(boss, at, row, "pause", why="等家长定颜色"))
    page = text(do(boss, at, row, "heard", text="要蓝色", channel="wechat"))
    assert "家长已回复，该恢复了" in page and "要蓝色" in page
    assert "时限接着走" in text(do(boss, at, row, "resume"))
    assert "办结了" in text(do(boss, at, row, "resolve", result="换了蓝色的"))
    assert "换一床被子" in seen(boss, at, "requests/?tab=confirm")
    assert "回访记下了" in text(do(boss, at, row, "confirm", score="5", text="谢谢"))
    page = seen(boss, at, f"requests/{row.pk}/")
    assert "按时，用了" in page and "谢谢" in page
    assert "本月按时答复 100.0%（1 件） 按时办结 100.0%（1 件）" in seen(boss, at, "requests/?tab=done")


def test_it_is_handed_on_and_taken(boss, at, school, row):
    agent = make_member(school, "agent", "高敏")
    assert "转过去了" in text(do(boss, at, row, "hand", department="admin", text="仓库"))
    page = text(do(signed_in(agent), at, row, "take"))

    assert "您接手了" in page and "行政" in page


def test_what_a_rule_refuses_is_said_and_what_was_typed_stays(boss, at, row):
    answer = do(boss, at, row, "pause", why="等照片")
    assert answer.status_code == 422 and "先答复家长，再暂停等家长。" in text(answer) and "等照片" in text(answer)

    answer = do(boss, at, row, "hand", department="", text="给谁呢")
    assert answer.status_code == 422 and "请选转给哪个部门或哪位同事。" in text(answer) and "给谁呢" in text(answer)


def test_each_form_names_its_fields_apart(boss, at, row):
    ids = re.findall(r' id="([^"]+)"', seen(boss, at, f"requests/{row.pk}/"))

    assert len(ids) == len(set(ids))


def test_the_number_that_was_left_is_shown_and_counted(boss, at, school, on_the_day):
    with tenant_scope(school):
        taking.receive(Said("suggestion", "teaching", "多画画", caller="王女士", phone="13900139000"), at=timezone.now())
        row = ServiceRequest.objects.get()
    assert "13900139000" not in seen(boss, at, f"requests/{row.pk}/")

    assert "王女士 13900139000" in text(do(boss, at, row, "phone"))


def test_who_may_not_log_reads_and_does_nothing(school, at, row):
    inspector = signed_in(make_member(school, "inspector", "检查员"))

    assert "答复家长" not in seen(inspector, at, f"requests/{row.pk}/")
    assert do(inspector, at, row, "take").status_code == 403
    assert inspector.get(f"{at}/service/requests/new/").status_code == 403


def test_an_unknown_act_is_refused(boss, at, row):
    assert do(boss, at, row, "sing").status_code == 409


# -- deadlines that would move -------------------------------------------------------------------------------------------------------
@pytest.fixture
def moved(school, head, row):
    """Monday is closed after something was promised for it."""
    with tenant_scope(school):
        add_days(work_calendar(), first=DAY + 3 * ONE, last=DAY + 3 * ONE, kind="closure", name="停电", hours="", by=head)
        return recounting.propose("calendar", at=TEN)


def test_what_would_move_waits_on_the_queue_for_who_decides(boss, at, school, moved):
    assert "园历改了，1 个时限会变，等您定" in seen(boss, at)
    assert "等您定" not in seen(signed_in(make_member(school, "agent", "高敏")), at)
    page = seen(boss, at, f"recounts/{moved.pk}/")
    assert "1 个时限会变，0 个会立刻逾期" in page and "11-23 周一 11:10" in page and "11-24 周二 11:10" in page and "推后" in page


@pytest.mark.parametrize(("verb", "said"), [("approve", "改了 1 个时限"), ("dismiss", "照旧，一个时限也没动")])
def test_it_is_decided_on_its_page(boss, at, moved, verb, said):
    place = f"{at}/service/recounts/{moved.pk}/{verb}/"
    assert said in text(boss.post(place, follow=True))

    again = boss.post(place)
    assert again.status_code == 422 and "这一次已经定了" in text(again)


def test_who_does_not_decide_sees_no_such_page(school, at, moved):
    agent = signed_in(make_member(school, "agent", "高敏"))

    assert agent.get(f"{at}/service/recounts/{moved.pk}/").status_code == 403
    assert agent.post(f"{at}/service/recounts/{moved.pk}/approve/").status_code == 403


# -- what a family wrote itself ----------------------------------------------------------------------------------------------------
@pytest.fixture
def written(school, on_the_day):
    """A question by the form, with a picture, of a number that one family has."""
    with tenant_scope(school):
        family(7)
        wish = Wish("enquiry", "几点开门", "online", caller="王女士", phone="13800138007",
                    files=(File("检查单.jpg", "image/jpeg", b"JPEG"), File("b.pdf", "application/pdf", b"%PDF-")))
        return working.open_request(wish, by=None, at=TEN - timedelta(minutes=20))


def test_its_page_shows_that_the_parent_wrote_it_and_what_came_along(boss, at, school, written):
    page = seen(boss, at, f"requests/{written.pk}/")

    assert "家长自己写的" in page and "检查单.jpg" in page and "b.pdf" in page
    assert "留的手机是 孩7一家" in page and "13800138007" not in page


def test_a_file_is_looked_at_with_a_record(boss, at, school, written):
    with tenant_scope(school):
        first, second = Attachment.objects.order_by("pk")

    answer = boss.get(f"{at}/service/files/{first.pk}/")

    assert (answer.status_code, answer.content, answer["X-Content-Type-Options"]) == (200, b"JPEG", "nosniff")
    assert boss.get(f"{at}/service/files/{second.pk}/")["Content-Disposition"].startswith("attachment")
    with tenant_scope(school):
        assert Entry.objects.filter(verb="service.attachment_seen").count() == 2


@pytest.mark.parametrize("pk", [0, 10**12])
def test_a_file_that_is_not_there_is_not_found(boss, at, pk):
    assert boss.get(f"{at}/service/files/{pk}/").status_code == 404


@pytest.mark.parametrize("who", ["孩7", "13800138007", "8007"])
def test_it_is_put_to_the_family_that_is_named(boss, at, school, written, who):
    assert "挂到这一家了，时限照旧" in text(do(boss, at, written, "known", who=who))
    assert "孩7一家" in seen(boss, at, f"requests/{written.pk}/")


@pytest.mark.parametrize(("who", "said"), [("孩", "有几家都像"), ("火星人", "没有找到，换个写法"), ("", "")])
def test_a_family_that_is_not_one_is_asked_for_again(boss, at, school, written, who, said):
    with tenant_scope(school):
        family(8)

    answer = do(boss, at, written, "known", who=who)

    assert answer.status_code == 422 and said in text(answer)
    with tenant_scope(school):
        written.refresh_from_db()
        assert written.customer_id is None


def test_a_colleague_of_another_campus_finds_no_family_of_this_one(school, at, written):
    member = make_member(school, "relations", "李老师")
    with tenant_scope(school):
        confine(member, [Campus.objects.create(name="东园")])

    page = text(signed_in(member).get(f"{at}/service/requests/{written.pk}/"))

    assert "孩7一家" not in page
    assert "没有找到，换个写法" in text(do(signed_in(member), at, written, "known", who="孩7"))


def test_an_answer_begins_with_the_schools_own_words(boss, at, school, head, written):
    with tenant_scope(school):
        keep_template(AnswerTemplate(name="打招呼", text="{家长}您好，{编号} 收到了"), by=head)

    page = seen(boss, at, f"requests/{written.pk}/")

    assert f'data-text="王女士您好，{written.number} 收到了"' in page


def test_it_is_answered_on_the_familys_page_unless_somebody_says_otherwise(boss, at, written, row):
    assert '<option value="online" selected>' in seen(boss, at, f"requests/{written.pk}/")
    assert '<option value="online" selected>' not in seen(boss, at, f"requests/{row.pk}/")


def test_the_link_is_handed_out_and_renewed(boss, at, school, written):
    with tenant_scope(school):
        old = links.link_of(written)
    assert old in seen(boss, at, f"requests/{written.pk}/")

    assert "旧的打不开了" in text(do(boss, at, written, "renew"))

    assert old not in seen(boss, at, f"requests/{written.pk}/")


def test_where_nobody_can_be_written_to_the_box_is_not_ticked(boss, at, school, written, on_the_day):
    with tenant_scope(school):
        silent = working.open_request(Wish("suggestion", "多放书"), by=None, at=TEN)

    assert "没有手机号，发不了消息" in seen(boss, at, f"requests/{silent.pk}/")
    assert 'id="resolve-told" checked' in seen(boss, at, f"requests/{written.pk}/")


def test_a_result_is_sent_where_the_box_is_ticked(boss, at, school, written):
    do(boss, at, written, "resolve", result="七点半", told="on")

    with tenant_scope(school):
        assert Outbox.objects.filter(topic=telling.TELL, payload__kind=telling.SETTLED).count() == 1
    assert f"answers/new/?request={written.pk}" in seen(boss, at, f"requests/{written.pk}/")


# -- the list renews itself ----------------------------------------------------------------------------------------------------------
def test_the_list_alone_is_asked_for_and_a_second_look_at_the_same_rows_is_no_new_one(boss, at, school, written):
    page = seen(boss, at)
    here = re.search(r'data-live="([^"]*)"', page)[1]

    answer = boss.get(f"{at}/service/requests/?seen={here}", headers={"HX-Request": "true"})

    assert answer.status_code == 200 and "<html" not in text(answer) and "几点开门" in text(answer)
    assert 'data-said="1 件等您' in text(answer)
    with tenant_scope(school):
        assert Entry.objects.filter(verb="service.requests_listed").count() == 1
        working.open_request(Wish("service", "换被子"), by=None, at=TEN)

    boss.get(f"{at}/service/requests/?seen={here}", headers={"HX-Request": "true"})

    with tenant_scope(school):
        assert Entry.objects.filter(verb="service.requests_listed").count() == 2


def test_what_families_gave_stands_in_the_heading(boss, at, school, head, written):
    with tenant_scope(school):
        working.resolve(written, result="七点半", by=head, at=TEN)
        working.confirm(written, score=4, text="", by=None, at=TEN)

    assert "家长打分 4.0（1 份）" in seen(boss, at)

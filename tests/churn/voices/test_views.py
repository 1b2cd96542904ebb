"""心声和督导 as people use the page."""
import pytest

from churn import access
from churn.models import Oversight, Voice
from churn.voices.working import oversee, speak
from tenancy.refusals import Absent
from tenancy.scope import tenant_scope
from tests.churn.cases.test_views import text
from tests.churn.conftest import AT, DAY
from tests.churn.measures.makers import measure
from tests.conftest import make_member, signed_in


@pytest.fixture
def teacher(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def hers(teacher):
    return signed_in(teacher)


@pytest.fixture
def voice(school, teacher, on_the_day):
    with tenant_scope(school):
        return speak("resources", "想去听一次课", by=teacher, at=AT)


def said(client, at, **typed):
    return client.post(f"{at}/churn/voices/", typed, follow=True)


def did(client, at, row, verb, **typed):
    return client.post(f"{at}/churn/voices/{row.pk}/{verb}/", typed, follow=True)


def seen(client, at, address="") -> str:
    return text(client.get(f"{at}/churn/voices/{address}"))


def test_an_empty_page_says_what_it_is_for(hers, at):
    page = seen(hers, at)

    assert "没有等答复的" in page
    assert "一定有人答复" in page
    assert "说出来" in page
    assert "写给小组" not in page


def test_somebody_speaks_and_the_management_answers(hers, boss, at, on_the_day):
    spoken = text(said(hers, at, kind="opinion", text="小班老师不够", measure=""))
    waiting = seen(boss, at)

    assert "已写下，对方会收到" in spoken and "小班老师不够" in spoken and "撤回" in spoken
    assert "1 件等答复" in waiting and "小班老师不够" in waiting and "不同意" in waiting


def test_the_front_desk_has_a_voice_and_reads_nobody_elses(school, boss, at, voice):
    desk, deputy = make_member(school, "frontdesk", "小周"), make_member(school, "deputy", "何副园长")
    with tenant_scope(school):
        oversee("churn", "guidance", "个案要当周写清", by=deputy, at=AT)
    page = seen(signed_in(desk), at)
    spoken = text(said(signed_in(desk), at, kind="opinion", text="来访的车没地方停"))

    assert "说出来" in page and "为哪项措施" not in page
    assert "想去听一次课" not in page and "个案要当周写清" not in page
    assert "已写下，对方会收到" in spoken and "来访的车没地方停" in spoken
    assert "来访的车没地方停" in seen(boss, at)


def test_an_answer_is_read_where_it_was_said(hers, boss, at, voice):
    answered = text(did(boss, at, voice, "answer", state="agreed", text="下周去"))

    assert "已答复" in answered and "没有等答复的" in answered
    assert "下周去" in seen(hers, at, "?show=mine")
    assert "同意了" in seen(boss, at, "?show=all")
    assert "下周去" not in seen(hers, at)


@pytest.mark.parametrize(("typed", "wrong"), [
    ({"kind": "opinion", "text": ""}, "必填"),
    ({"kind": "x", "text": "x"}, "选择"),
    ({"kind": "help", "text": "x", "measure": "999"}, "选择"),
    ({"kind": "help", "text": "x" * 501}, "500"),
])
def test_what_cannot_be_said_stays_in_the_form_with_its_reason(hers, at, school, typed, wrong):
    answer = said(hers, at, **typed)

    assert answer.status_code == 422 and wrong in text(answer)
    with tenant_scope(school):
        assert not Voice.objects.exists()


def test_a_call_for_help_begins_at_the_measure(boss, at, school, head, on_the_day):
    with tenant_scope(school):
        row = measure(head, DAY)
    page = text(boss.get(f"{at}/churn/measures/{row.pk}/"))
    form = seen(boss, at, f"?measure={row.pk}")
    said(boss, at, kind="help", text="排不出名单", measure=row.pk)

    assert f"/churn/voices/?measure={row.pk}" in page
    assert f'value="{row.pk}" selected' in form
    assert 'value="help" selected' in form
    with tenant_scope(school):
        assert Voice.objects.get().measure_id == row.pk


@pytest.mark.parametrize("address", ["?measure=x", "?measure=999999999", "?show=x", "?page=9"])
def test_an_odd_address_is_the_usual_page(hers, at, address):
    assert "没有等答复的" in seen(hers, at, address)


def test_ones_own_words_are_seen_by_oneself_and_by_who_steers(school, at, hers, voice):
    other, leader = (signed_in(make_member(school, role, "某")) for role in ("agent", "marketing"))

    assert "想去听一次课" in seen(hers, at)
    assert "想去听一次课" in seen(leader, at)
    assert "想去听一次课" not in seen(other, at)
    assert did(other, at, voice, "answer", state="agreed", text="x").status_code == 404


def test_the_leader_is_told_that_resources_are_not_theirs_to_give(school, at, voice):
    leader = signed_in(make_member(school, "marketing", "唐"))

    assert "要资源由园长、副园长答复。" in seen(leader, at)
    assert did(leader, at, voice, "answer", state="agreed", text="x").status_code == 403


def test_what_was_said_is_taken_back(hers, boss, at, school, voice):
    assert did(boss, at, voice, "take_back").status_code == 403
    assert "已撤回" in text(did(hers, at, voice, "take_back"))
    with tenant_scope(school):
        assert not Voice.objects.exists()


@pytest.mark.parametrize(("verb", "typed", "status", "words"), [
    ("x", {}, 409, "没有这个操作"),
    ("answer", {"state": "agreed", "text": ""}, 200, "请写答复"),
    ("answer", {"state": "open", "text": "x"}, 200, "请选同意、没同意还是答复"),
])
def test_what_is_refused_says_why(boss, at, voice, verb, typed, status, words):
    answer = did(boss, at, voice, verb, **typed)

    assert answer.status_code == status and words in text(answer)


def test_the_management_writes_and_the_group_replies(boss, at, school, on_the_day):
    leader = signed_in(make_member(school, "marketing", "唐主任"))
    written = text(said(boss, at, to="churn", kind="strategy", text="下季先管留存"))
    with tenant_scope(school):
        row = Oversight.objects.get()
    replied = text(did(leader, at, row, "reply", text="已排进议程"))

    assert "下季先管留存" in written and "调整策略" in written and "流失分析小组" in written
    assert "已回话" in replied and "已排进议程" in replied and "已排进议程" in seen(boss, at)


def test_an_oversight_without_words_comes_back(boss, at):
    answer = said(boss, at, to="churn", kind="strategy", text="")

    assert answer.status_code == 422 and "必填" in text(answer)


def test_who_does_not_manage_writes_nothing_to_a_group(hers, at, school, head, on_the_day):
    with tenant_scope(school):
        row = oversee("churn", "guidance", "x", by=head, at=AT)

    assert said(hers, at, to="churn", kind="strategy", text="x").status_code == 403
    assert did(hers, at, row, "reply", text="x").status_code == 403
    assert "x" in seen(hers, at) and "回话" not in seen(hers, at)


def test_doors_are_by_member_and_school(school, other_school, head, teacher, voice):
    agent = make_member(school, "agent", "某")
    with tenant_scope(school):
        assert access.voice_for(head, voice.pk) == access.voice_for(teacher, voice.pk) == voice
        for member, pk in ((agent, voice.pk), (head, 10**12), (head, "x")):
            with pytest.raises(Absent):
                access.voice_for(member, pk)
        with pytest.raises(Absent):
            access.oversight_for(head, voice.pk)
    with tenant_scope(other_school):
        assert not Voice.objects.exists()

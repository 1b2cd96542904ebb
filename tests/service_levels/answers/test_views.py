"""常见问题和模板 on the screen: written, found, put away; begun from a request that was settled."""
import pytest

from audit.models import Entry
from service_levels.answers import keeping
from service_levels.models import AnswerTemplate, Faq
from service_levels.requests import working
from service_levels.requests.working import Wish
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.reception.test_views import text

MEALS = {"question": "请假几天，餐费怎么退", "answer": "按天退。", "words": "伙食费", "about": "fees", "is_on": "on"}
HELLO = {"name": "收到", "kind": "", "text": "{家长}您好，收到了。"}


@pytest.fixture
def page(at) -> str:
    return f"{at}/service/answers/"


@pytest.fixture
def faq(school, head, now):
    with tenant_scope(school):
        return keeping.keep_faq(Faq(question="几点开门", answer="七点半"), by=head, at=now)


@pytest.fixture
def template(school, head):
    with tenant_scope(school):
        return keeping.keep_template(AnswerTemplate(name="收到", text="收到了"), by=head)


def test_an_empty_list_says_what_to_begin_with_and_where_parents_come_in(desk, page, settings):
    shown = text(desk.get(page))

    assert "还没有常见问题" in shown and f"{settings.MIAOPU_ORIGIN}/t/miao/feedback/" in shown


def test_a_question_is_written_and_found(desk, page, school):
    assert desk.post(f"{page}new/", MEALS).status_code == 302

    shown = text(desk.get(f"{page}?q=餐费"))
    assert MEALS["question"] in shown and "给人看了 0 次，解决 0 次" in shown
    assert "没有找到" in text(desk.get(f"{page}?q=火星"))
    with tenant_scope(school):
        row = Faq.objects.get()
        assert (row.about, row.is_on, row.edited_by.name) == ("fees", True, "小周")


def test_what_it_spared_is_the_heading(desk, page, school, faq, on_the_day, now):
    with tenant_scope(school):
        keeping.count([faq.pk], helped=3, at=now)
        working.open_request(Wish("enquiry", "x", "online"), by=None, at=now)

    shown = text(desk.get(page))

    assert "近 90 天有 3 次，家长自己看明白了" in shown and "自助解决 75.0%，另外 1 件还是写给了园里" in shown


def test_it_is_changed(desk, page, school, faq):
    assert "七点半" in text(desk.get(f"{page}{faq.pk}/"))

    desk.post(f"{page}{faq.pk}/", MEALS | {"answer": "八点", "is_on": ""})

    with tenant_scope(school):
        assert list(Faq.objects.values_list("answer", "is_on")) == [("八点", False)]


@pytest.mark.parametrize("wrong", [{"question": ""}, {"answer": ""}, {"question": "x" * 81}, {"about": "x"}, {"question": "几点开门"}])
def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(desk, page, school, faq, wrong):
    answer = desk.post(f"{page}new/", MEALS | wrong)

    assert answer.status_code == 422 and 'role="alert"' in text(answer)
    with tenant_scope(school):
        assert Faq.objects.count() == 1


def test_it_is_put_away_and_shown_again(desk, page, school, faq):
    assert "收起来了" in text(desk.post(f"{page}{faq.pk}/do/hide/", follow=True))
    assert "家长看不到" in text(desk.get(page))
    assert "家长看得到了" in text(desk.post(f"{page}{faq.pk}/do/show/", follow=True))
    assert desk.post(f"{page}{faq.pk}/do/burn/").status_code == 409


def test_a_settled_request_becomes_one_that_nobody_sees_before_it_is_reread(desk, page, school, head, now):
    with tenant_scope(school):
        row = working.open_request(Wish("enquiry", "周末开不开", about="service"), by=head, at=now)
        working.resolve(row, result="周末不开", by=head, at=now)

    shown = text(desk.get(f"{page}new/?request={row.pk}"))

    assert "周末开不开" in shown and "周末不开" in shown and 'name="is_on" id="id_is_on" checked' not in shown


@pytest.mark.parametrize("pk", ["1000000000000", "x", "0", ""])
def test_begun_from_no_request_it_is_empty_or_not_there(desk, page, pk):
    assert desk.get(f"{page}new/?request={pk}").status_code in (200, 404)


def test_a_template_is_written_changed_and_dropped(desk, page, school):
    assert desk.post(f"{page}templates/new/", HELLO).status_code == 302
    with tenant_scope(school):
        row = AnswerTemplate.objects.get(name="收到")
    assert "{家长}您好" in text(desk.get(f"{page}templates/{row.pk}/"))
    desk.post(f"{page}templates/{row.pk}/", HELLO | {"kind": "complaint"})
    assert "投诉" in text(desk.get(page))

    desk.post(f"{page}templates/{row.pk}/drop/")

    with tenant_scope(school):
        assert not AnswerTemplate.objects.filter(name="收到").exists()
        assert Entry.objects.filter(verb="service.template_dropped").count() == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"text": ""}, {"kind": "x"}, {"name": "收到"}])
def test_a_template_that_is_none_is_refused(desk, page, school, template, wrong):
    answer = desk.post(f"{page}templates/new/", {"name": "别的", "kind": "", "text": "x"} | wrong)

    assert answer.status_code == 422 and 'role="alert"' in text(answer)


@pytest.mark.parametrize(("role", "status"), [("agent", 200), ("teacher", 200), ("inspector", 403), ("operations", 403)])
def test_it_is_for_whoever_answers_families(school, page, role, status):
    assert signed_in(make_member(school, role)).get(page).status_code == status

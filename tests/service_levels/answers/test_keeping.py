"""常见问题 and 答复模板 as they are kept, counted and filled in."""
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from audit.models import Entry
from crm.models import Guardian
from service_levels.answers import keeping, queries
from service_levels.models import AnswerTemplate, Faq, FaqDay
from service_levels.requests import working
from service_levels.requests.working import Wish
from tenancy.models import Membership, User
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests.service_levels.conftest import family
from tests.service_levels.requests.test_working import TEN

MEALS = {"question": "请假几天，餐费怎么退", "answer": "按天退，月底一起结。", "words": "伙食费", "about": "fees"}


def faq(by, at=TEN, **more) -> Faq:
    return keeping.keep_faq(Faq(**MEALS | more), by=by, at=at)


@pytest.fixture
def inspector(miao):
    return Membership.objects.create(user=User.objects.create(username="i@miao"), role="inspector", name="督导")


def test_one_is_kept_with_who_wrote_it_and_when(miao, head):
    row = faq(head)

    assert (row.edited_at, row.edited_by, str(row)) == (TEN, head, MEALS["question"])
    assert Entry.objects.filter(verb="service.faq_kept", object_id=row.pk).count() == 1


@pytest.mark.parametrize("act", [
    lambda by, row: keeping.keep_faq(row, by=by, at=TEN),
    lambda by, row: keeping.show_faq(row, False, by=by, at=TEN),
    lambda by, row: keeping.keep_template(AnswerTemplate(name="a", text="b"), by=by),
    lambda by, row: keeping.drop_template(AnswerTemplate(name="a", text="b"), by=by),
])
def test_who_answers_no_family_writes_none(miao, head, inspector, act):
    row = faq(head)

    with pytest.raises(Refused) as refused:
        act(inspector, row)

    assert refused.value.status == 403


@pytest.mark.parametrize(("act", "field"), [
    (lambda by: faq(by, question="什么是 A 级家庭"), "question"), (lambda by: faq(by, answer="我们不挽留"), "answer"),
    (lambda by: keeping.keep_template(AnswerTemplate(name="谢谢", text="重点客户优先"), by=by), "text")], ids=["question", "answer", "template"])
def test_what_families_read_gives_no_label_away(miao, head, act, field):
    with pytest.raises(Refused, match="换个说法") as refused:
        act(head)

    assert (refused.value.field, Faq.objects.count(), AnswerTemplate.objects.filter(name="谢谢").count()) == (field, 0, 0)


def test_a_school_keeps_as_many_as_are_searched_at_once(miao, head, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 1)
    row = faq(head)

    with pytest.raises(Refused, match="最多 1 条"):
        faq(head, question="另一个")

    assert keeping.keep_faq(row, by=head, at=TEN) == row  # what is there may be changed
    with pytest.raises(Refused, match="最多 1 条"):
        keeping.keep_template(AnswerTemplate(name="c", text="d"), by=head)


def test_one_that_is_put_away_is_found_by_no_parent_and_keeps_its_counts(miao, head):
    row = faq(head)
    keeping.count([row.pk], helped=1, at=TEN)
    keeping.show_faq(row, False, by=head, at=TEN)

    assert queries.found("") == [] == queries.suggested("餐费怎么退")
    keeping.show_faq(row, True, by=head, at=TEN)
    assert queries.found("") == [row] == queries.suggested("餐费怎么退")
    assert FaqDay.objects.get().helped == 1


def test_times_are_added_up_by_day(miao, head):
    one, two = faq(head), faq(head, question="几点开门")

    keeping.count([one.pk, two.pk], shown=1, at=TEN)
    keeping.count([one.pk], shown=1, at=TEN)
    keeping.count([one.pk], helped=1, at=TEN)
    keeping.count([one.pk], shown=1, at=TEN + timedelta(days=1))
    keeping.count([], shown=1, at=TEN)

    rows = FaqDay.objects.order_by("day", "faq").values_list("faq", "day", "shown", "helped")
    day = TEN.date()
    assert list(rows) == [(one.pk, day, 2, 1), (two.pk, day, 1, 0), (one.pk, day + timedelta(days=1), 1, 0)]
    assert str(FaqDay.objects.filter(faq=two).get()) == f"{two.pk} 2026-11-20"


def test_a_day_is_the_campuss(miao, head):
    row = faq(head)

    keeping.count([row.pk], shown=1, at=datetime(2026, 11, 20, 17, 0, tzinfo=UTC))  # past midnight at the campus

    assert FaqDay.objects.get().day.isoformat() == "2026-11-21"


def test_of_another_school_or_of_one_put_away_nothing_is_counted(school, head, other_school):
    with tenant_scope(other_school):
        theirs = Faq.objects.create(**MEALS, edited_at=TEN)
    with tenant_scope(school):
        hidden = faq(head, is_on=False)

        keeping.count([theirs.pk, hidden.pk, 10**12], helped=1, at=TEN)

        assert FaqDay.objects.count() == 0
    with tenant_scope(other_school):
        assert FaqDay.objects.count() == 0


def test_counting_is_one_statement(miao, head, django_assert_num_queries):
    rows = [faq(head, question=f"问题{n}").pk for n in range(5)]

    with django_assert_num_queries(1):
        keeping.count(rows, shown=1, at=TEN)


def test_the_list_says_what_each_came_to(miao, head):
    useful, old = faq(head), faq(head, question="几点开门")
    keeping.count([useful.pk], shown=3, helped=2, at=TEN)
    keeping.count([old.pk], shown=9, helped=9, at=TEN - timedelta(days=200))

    found = [(row.question, row.shown, row.helped) for row in queries.listed("", TEN.date() - timedelta(days=90))]

    assert found == [(MEALS["question"], 3, 2), ("几点开门", 0, 0)]
    assert [row.question for row in queries.listed("几点", TEN.date())] == ["几点开门"]


def test_what_was_spared_is_set_against_what_was_sent(miao, head):
    row = faq(head)
    assert queries.spared(TEN.date()).share is None
    keeping.count([row.pk], helped=3, at=TEN)
    working.open_request(Wish("enquiry", "几点开门", "online"), by=None, at=TEN)
    working.open_request(Wish("enquiry", "几点开门", "online"), by=head, at=TEN)  # a colleague wrote that down
    working.open_request(Wish("enquiry", "几点开门", "online"), by=None, at=TEN - timedelta(days=2))

    found = queries.spared(TEN.date())

    assert (found.helped, found.sent, found.share) == (3, 1, 0.75)


def test_searching_finds_near_ones_first_and_then_what_has_the_words(miao, head):
    meals, doors = faq(head), faq(head, question="几点开门", answer="七点半，早餐费另算", words="")

    assert queries.found("餐费") == queries.found("餐費") == [meals, doors]
    assert queries.found("没有的词") == []


def test_a_template_is_filled_from_the_request(miao, head):
    AnswerTemplate.objects.all().delete()
    customer = family(1)
    Guardian.objects.filter(family__customer=customer).update(decides=True)
    guardian = Guardian.objects.get(family__customer=customer)
    row = working.open_request(Wish("enquiry", "几点开门"), customer=customer, by=head, at=TEN)
    keeping.keep_template(AnswerTemplate(name="收到", text="{家长}您好，{编号} 收到了，{机构} {我}。{别的}"), by=head)
    keeping.keep_template(AnswerTemplate(name="投诉用", text="x", kind="complaint"), by=head)
    near = faq(head, question="早上几点开门", answer="七点半")

    found = [(one.name, one.text) for one in queries.templates_for(row, by=head)]

    assert found == [("收到", f"{guardian.name}您好，{row.number} 收到了，{miao.name} {head.name}。{{别的}}"), (near.question, "七点半")]


@pytest.mark.parametrize(("caller", "said"), [("路人", "路人"), ("", "家长")])
def test_of_nobody_known_the_template_says_what_there_is(miao, head, caller, said):
    row = working.open_request(Wish("enquiry", "几点开门", caller=caller), by=head, at=TEN)

    assert keeping.filled("{家长}您好", row, by=head) == f"{said}您好"


def test_the_name_of_a_template_is_drawn_once(miao, head):
    row = keeping.keep_template(AnswerTemplate(name="收一收", text="x"), by=head)
    assert str(row) == "收一收"

    keeping.drop_template(row, by=head)

    assert not AnswerTemplate.objects.filter(name="收一收").exists()
    assert Entry.objects.filter(verb="service.template_dropped").count() == 1


def test_two_count_at_once_and_none_is_lost(miao, head):
    """ON CONFLICT adds to the row that is there: the statement reads no figure first."""
    assert "excluded.helped" in keeping.COUNT and "service_levels_faqday.helped +" in keeping.COUNT
    row = faq(head)
    for _ in range(3):
        keeping.count([row.pk], helped=2, at=TEN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT helped FROM service_levels_faqday WHERE tenant_id = %s", [miao.pk])
        assert cursor.fetchall() == [(6,)]

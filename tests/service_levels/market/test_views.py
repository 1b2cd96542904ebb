"""市场信息 on the screen: written, shown to whoever sends it, counted."""
import pytest

from audit.models import Entry
from service_levels.models import MarketNote, Touch
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.service_levels.conftest import family, owe, rated
from tests.service_levels.market.conftest import DAY, written
from tests.service_levels.plans.test_views import text

PAGE = "/s/qi/service/market/"
TYPED = {"title": "今年冬天的行情", "text": "编程课的家长多了一成", "source": "区里的通报", "on": "2026-12-21"}


@pytest.fixture
def home(december, other_school, writer):
    with tenant_scope(other_school):
        customer = rated(family(1, owner=writer), "1", "svc-14")
        owe(DAY)
        return customer


def test_a_note_is_written_and_told(other_school, theirs, home):
    assert "这一季的市场信息还没有写" in text(theirs.get(PAGE))

    answer = theirs.post(f"{PAGE}new/", TYPED, follow=True)

    assert "这一季还有 1 户没送到" in text(answer) and "现在用这份" in text(answer) and "出处：区里的通报" in text(answer)


def test_who_sends_it_sees_its_words(other_school, theirs, home):
    theirs.post(f"{PAGE}new/", TYPED)

    for page in ("/s/qi/service/touches/?whose=me", f"/s/qi/families/{home.pk}/"):
        shown = text(theirs.get(page))
        assert "编程课的家长多了一成" in shown and "复制这段话" in shown


def test_without_one_they_are_told_where_to_write(theirs, home):
    shown = text(theirs.get("/s/qi/service/touches/?whose=me"))

    assert "这一季还没有写好的。" in shown


def test_one_tap_and_it_is_sent(other_school, theirs, home):
    theirs.post(f"{PAGE}new/", TYPED)
    with tenant_scope(other_school):
        touch = Touch.objects.get(line="S11(c)")
    theirs.post(f"/s/qi/service/touches/{home.pk}/do/sent/", {"touches": touch.pk, "back": "family"})

    assert "这一季都送到了" in text(theirs.get(PAGE))
    assert "送出：今年冬天的行情" in text(theirs.get(f"/s/qi/families/{home.pk}/"))


@pytest.mark.parametrize(("field", "word"), [("title", ""), ("text", ""), ("on", ""), ("on", "2026-02-30"), ("title", "长" * 61)])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(other_school, theirs, field, word):
    answer = theirs.post(f"{PAGE}new/", TYPED | {field: word})

    assert answer.status_code == 422 and "区里的通报" in answer.content.decode()
    with tenant_scope(other_school):
        assert not MarketNote.objects.exists()


def test_a_second_one_of_a_day_is_refused_at_its_field(other_school, theirs, writer):
    with tenant_scope(other_school):
        written(writer)
    answer = theirs.post(f"{PAGE}new/", TYPED)

    assert answer.status_code == 422 and "这一天起用的已经有一份" in text(answer)


def test_it_is_changed_and_put_away(other_school, theirs, writer):
    with tenant_scope(other_school):
        row = written(writer)
    theirs.post(f"{PAGE}{row.pk}/", TYPED | {"title": "改过的"})
    assert "改过的" in text(theirs.get(PAGE))

    theirs.post(f"{PAGE}{row.pk}/drop/")

    with tenant_scope(other_school):
        assert not MarketNote.objects.exists()
        assert Entry.objects.filter(verb="service.market_note_dropped").count() == 1


def test_one_for_later_waits_for_its_day(other_school, theirs, writer):
    theirs.post(f"{PAGE}new/", TYPED | {"on": "2027-01-04"})

    shown = text(theirs.get(PAGE))
    assert "到日子再用" in shown and "这一季的市场信息还没有写" in shown


def test_who_only_looks_writes_nothing(december, other_school, writer):
    client = signed_in(make_member(other_school, "teacher"))
    with tenant_scope(other_school):
        row = written(writer)

    assert f"{PAGE}new/" not in client.get(PAGE).content.decode()
    assert [client.get(f"{PAGE}new/").status_code, client.post(f"{PAGE}{row.pk}/drop/").status_code] == [403, 403]


def test_the_list_takes_as_many_statements_for_ten_as_for_one(other_school, theirs, writer, django_assert_max_num_queries):
    with tenant_scope(other_school):
        for number in range(10):
            written(writer, f"第 {number} 份", DAY.replace(day=number + 1))
    theirs.get(PAGE)

    with django_assert_max_num_queries(30):
        theirs.get(PAGE)

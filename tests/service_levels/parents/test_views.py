"""有事找园里 on a parent's phone: two steps, a link, an answer, one thing more, a score; in their own words and language."""
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.models import Concern, Satisfaction
from service_levels.answers import keeping
from service_levels.models import Attachment, Faq, FaqDay, ServiceRequest
from service_levels.parents import views
from service_levels.requests import links, working
from service_levels.requests.working import Wish
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.conftest import make_school
from tests.reception.test_views import text
from tests.service_levels.conftest import family
from tests.service_levels.requests.test_files import PDF, picture

ASK = "/t/miao/feedback/"
KEY = "k" * 32
WHAT = {"kind": "enquiry", "text": "孩子请假三天，餐费退不退"}
REST = WHAT | {"sent_key": KEY, "about": "", "caller": "小周妈妈", "phone": "139 0013 9000"}


@pytest.fixture
def parent(school, on_the_day) -> Client:
    return Client()


@pytest.fixture
def faq(school, head, now):
    with tenant_scope(school):
        return keeping.keep_faq(Faq(question="请假几天，餐费怎么退", answer="按天退，月底一起结。", about="fees"), by=head, at=now)


@pytest.fixture
def row(school, head, now):
    with tenant_scope(school):
        return working.open_request(Wish("enquiry", "几点开门", "online"), by=None, at=now)


@pytest.fixture
def link(school, row) -> str:
    with tenant_scope(school):
        return f"/f/{links.token_of(row)}/"


def key_on(page: str) -> str:
    return re.search(r'name="sent_key" value="([^"]+)"', page)[1]


def kept(school) -> ServiceRequest:
    with tenant_scope(school):
        return ServiceRequest.objects.get()


# -- two steps --------------------------------------------------------------------------------------------------------------
def test_the_first_step_asks_what_it_is(parent):
    page = text(parent.get(ASK))

    assert "想问一件事" in page and "不满意，要投诉" in page and "先看看常见问题" not in page


def test_what_is_known_of_it_is_chosen_already(parent):
    page = text(parent.get(f"{ASK}?kind=suggestion&q=多放点书"))

    assert re.search(r'value="suggestion"[^>]*checked', page) and "多放点书" in page


@pytest.mark.parametrize(("typed", "said"), [({"kind": ""}, "请选是什么事"), ({"text": " "}, "请写几句"), ({"kind": "x"}, "")])
def test_what_is_left_out_is_said_at_its_field_and_what_was_typed_stays(parent, typed, said):
    answer = parent.post(ASK, WHAT | typed)

    assert answer.status_code == 422
    assert said in text(answer) and (typed.get("text") or WHAT["text"]) in text(answer)


def test_the_second_step_first_shows_what_others_asked(parent, school, faq):
    page = text(parent.post(ASK, WHAT))

    assert "先看看，也许不用等" in page and "按天退，月底一起结。" in page
    assert WHAT["text"] in page and len(key_on(page)) >= 16
    with tenant_scope(school):
        assert (FaqDay.objects.get().shown, ServiceRequest.objects.count()) == (1, 0)


@pytest.mark.parametrize("typed", [{"kind": "complaint"}, {"text": "被子"}])
def test_who_complains_or_asks_something_else_is_shown_none(parent, school, faq, typed):
    page = text(parent.post(ASK, WHAT | typed))

    assert "也许不用等" not in page
    with tenant_scope(school):
        assert FaqDay.objects.count() == 0


def test_an_answer_that_was_enough_is_counted_once_a_day_for_an_address(parent, school, faq):
    for _ in range(3):
        answer = parent.post(f"/t/miao/answers/{faq.pk}/helped/")

    assert answer.status_code == 302
    assert "解决了就好" in text(parent.get(answer["Location"]))
    with tenant_scope(school):
        assert (FaqDay.objects.get().helped, ServiceRequest.objects.count()) == (1, 0)


@pytest.mark.parametrize("pk", [10**12, 0])
def test_an_answer_that_is_none_is_counted_nowhere(parent, school, pk):
    assert parent.post(f"/t/miao/answers/{pk}/helped/").status_code == 302
    with tenant_scope(school):
        assert FaqDay.objects.count() == 0


def test_sent_it_leads_to_a_page_of_its_own(parent, school):
    answer = parent.post(ASK, REST)

    assert answer.status_code == 302
    page = text(parent.get(answer["Location"]))
    row = kept(school)
    with tenant_scope(school):
        assert (row.kind, row.text, row.caller, row.phone, row.customer_id) == ("enquiry", WHAT["text"], "小周妈妈", "13900139000", None)
    assert "收到了" in page and re.search("1[24]:00 前答复您", page) and row.number in page and "存下这个链接" in page
    assert "13900139000" not in page and "小周妈妈" not in page


def test_the_link_is_opaque(parent, school):
    place = parent.post(ASK, REST)["Location"]

    assert re.fullmatch(rf"/f/{school.public_id}_[0-9a-f]{{32}}/\?sent=1", place)


def test_the_link_to_keep_is_the_schools_own_whatever_host_was_asked(parent, school, settings):
    place = parent.post(ASK, REST)["Location"]

    page = text(parent.get(place))

    assert f'id="address">{settings.MIAOPU_ORIGIN}{place.partition("?")[0]}<' in page


@pytest.mark.parametrize("kind", ["enquiry", "service", "complaint", "refund", "dispute"])
def test_who_wants_an_answer_leaves_a_number(parent, school, kind):
    answer = parent.post(ASK, REST | {"kind": kind, "phone": ""})

    assert answer.status_code == 422
    assert "请留手机号" in text(answer) and WHAT["text"] in text(answer)
    with tenant_scope(school):
        assert ServiceRequest.objects.count() == 0


def test_a_suggestion_needs_no_name(parent, school):
    page = text(parent.post(ASK, WHAT | {"kind": "suggestion"}))
    assert "不想留名就不填" in page

    answer = parent.post(ASK, REST | {"kind": "suggestion", "caller": "", "phone": "", "sent_key": key_on(page)})

    assert answer.status_code == 302
    row = kept(school)
    with tenant_scope(school):
        assert (row.caller, row.phone, row.phone_index) == ("", "", "")
        assert Concern.objects.get().source == "box"


@pytest.mark.parametrize("typed", [{"phone": "123"}, {"text": ""}, {"sent_key": ""}, {"sent_key": "short"}, {"sent_key": "x" * 44},
                                   {"kind": "x"}, {"about": "x"}, {"text": "x" * 2001}])
def test_what_is_wrong_is_said_and_what_was_typed_stays(parent, school, typed):
    answer = parent.post(ASK, REST | typed)

    assert answer.status_code == 422
    assert 'role="alert"' in text(answer) and "小周妈妈" in text(answer)
    with tenant_scope(school):
        assert ServiceRequest.objects.count() == 0


def test_a_photograph_comes_along(parent, school):
    photo = SimpleUploadedFile("检查单.jpg", picture(exif=True))

    place = parent.post(ASK, REST | {"files": [photo, SimpleUploadedFile("b.pdf", PDF)]})["Location"]

    page = text(parent.get(place))
    assert "检查单.jpg" in page and "b.pdf" in page
    with tenant_scope(school):
        first = Attachment.objects.order_by("pk").first()
    answer = parent.get(f"{place.partition('?')[0]}files/{first.pk}/")
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")


@pytest.mark.parametrize(("files", "said"), [
    ([("x.exe", b"MZ")], "打不开"),
    ([(f"{n}.pdf", PDF) for n in range(4)], "一次最多 3 个"),
    ([("空.pdf", b"")], "打不开"),
])
def test_a_file_that_is_none_is_refused_and_nothing_is_sent(parent, school, files, said):
    answer = parent.post(ASK, REST | {"files": [SimpleUploadedFile(*one) for one in files]})

    assert answer.status_code == 422
    assert said in text(answer)
    with tenant_scope(school):
        assert ServiceRequest.objects.count() == 0


def test_a_double_click_is_one_request(parent, school):
    places = {parent.post(ASK, REST)["Location"] for _ in range(2)}

    assert len(places) == 1 and kept(school).number in text(parent.get(places.pop()))


def test_a_program_that_fills_the_hidden_field_is_heard_by_nobody(parent, school):
    assert parent.post(ASK, REST | {"website": "x"}).status_code == 302
    with tenant_scope(school):
        assert ServiceRequest.objects.count() == 0


def test_one_address_asks_so_often_an_hour_and_no_more(parent, monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)

    answers = [parent.post(ASK, REST | {"sent_key": f"{n}" * 20}) for n in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert WHAT["text"] in text(answers[2])


def test_what_is_refused_does_not_count(parent, monkeypatch):
    monkeypatch.setattr(views, "MOST", 1)

    assert [parent.post(ASK, REST | typed).status_code for typed in ({"phone": "1"}, {"phone": "1"}, {})] == [422, 422, 302]


def test_a_school_with_several_campuses_asks_which(parent, school):
    assert "哪个园所" not in text(parent.post(ASK, WHAT))
    with tenant_scope(school):
        west = Campus.objects.create(name="西园", code="west")

    assert "哪个园所" in text(parent.post(ASK, WHAT))
    parent.post(ASK, REST | {"campus": west.pk})
    assert kept(school).campus_id == west.pk


@pytest.mark.parametrize("address", ["/t/nobody/feedback/", "/t/nobody/answers/", "/f/x/", "/f/x_y/", "/f/"])
def test_an_address_of_nothing_says_so(parent, address):
    assert parent.get(address).status_code == 404


def test_it_is_found_from_where_parents_book(parent):
    assert ASK in text(parent.get("/t/miao/book/"))


# -- what others asked ---------------------------------------------------------------------------------------------------------
def test_answers_are_searched(parent, faq):
    assert "按天退" in text(parent.get("/t/miao/answers/"))
    assert "找到 1 条" in text(parent.get("/t/miao/answers/?q=餐费"))
    page = text(parent.get("/t/miao/answers/?q=火星"))
    assert "没有找到相近的" in page and f"{ASK}?q=%E7%81%AB%E6%98%9F" in page


def test_a_school_that_has_written_none_says_so(parent):
    assert "还没有写常见问题" in text(parent.get("/t/miao/answers/"))


def test_one_that_is_put_away_is_seen_by_no_parent(parent, school, faq, head, now):
    with tenant_scope(school):
        keeping.show_faq(faq, False, by=head, at=now)

    assert "按天退" not in text(parent.get("/t/miao/answers/")) + text(parent.post(ASK, WHAT))


def test_another_schools_answers_are_seen_and_counted_by_nobody(parent, school, other_school, now):
    with tenant_scope(other_school):
        theirs = Faq.objects.create(question="餐费怎么退", answer="别家的话", about="fees", edited_at=now)

    assert "别家的话" not in text(parent.get("/t/miao/answers/")) + text(parent.post(ASK, WHAT))
    parent.post(f"/t/miao/answers/{theirs.pk}/helped/")
    with tenant_scope(other_school):
        assert FaqDay.objects.count() == 0


# -- one's own request ------------------------------------------------------------------------------------------------------------
def test_one_thing_more_is_said_with_a_file(parent, school, link, row):
    answer = parent.post(f"{link}do/more/", {"text": "周末呢", "files": [SimpleUploadedFile("a.pdf", PDF)]})

    assert (answer.status_code, answer["Location"]) == (302, link)
    page = text(parent.get(link))
    assert "周末呢" in page and "a.pdf" in page
    with tenant_scope(school):
        assert row.events.filter(verb="heard", by=None).count() == 1


def test_a_result_is_rated_by_the_parent(parent, school, head, now):
    with tenant_scope(school):
        customer = family(1)
        row = working.open_request(Wish("complaint", "饭太凉", "phone"), customer=customer, by=head, at=now)
        link = f"/f/{links.token_of(row)}/"
        working.resolve(row, result="换了保温箱", by=head, at=now)
    page = text(parent.get(link))
    assert "办好了" in page and "换了保温箱" in page and "很满意" in page

    assert parent.post(f"{link}do/rate/", {"score": "2", "text": "还是凉"}).status_code == 302

    assert "谢谢您，记下了" in text(parent.get(link))
    with tenant_scope(school):
        row.refresh_from_db()
        found = Satisfaction.objects.get()
        assert (row.score, found.score, found.channel, found.comment, found.customer) == (2, 2, "online", "还是凉", customer)


def test_a_low_score_is_told_at_once(parent, school, link, row, head, now):
    with tenant_scope(school):
        working.resolve(row, result="七点半", by=head, at=now)

    parent.post(f"{link}do/rate/", {"score": "1"})

    with tenant_scope(school):
        assert head.messages.filter(key__startswith=f"request-{row.pk}-score").count() == 1


def test_what_is_not_settled_after_all_is_open_again(parent, school, link, row, head, now):
    with tenant_scope(school):
        working.resolve(row, result="七点半", by=head, at=now)

    assert parent.post(f"{link}do/again/", {"why": "周末没说"}).status_code == 302

    assert "周末没说" in text(parent.get(link))
    with tenant_scope(school):
        row.refresh_from_db()
        assert row.resolved_at is None
        assert head.messages.filter(key__startswith=f"request-{row.pk}-again").count() == 1


def test_a_complaint_that_a_parent_opens_again_is_open_among_the_complaints(parent, school, head, now):
    place = parent.post(ASK, REST | {"kind": "complaint"})["Location"].partition("?")[0]
    with tenant_scope(school):
        working.resolve(ServiceRequest.objects.get(), result="换了", by=head, at=now)
        assert Concern.objects.open().count() == 0

    parent.post(f"{place}do/again/", {"why": "没换"})

    with tenant_scope(school):
        assert Concern.objects.open().count() == 1


@pytest.mark.parametrize(("verb", "typed", "said"), [
    ("more", {"text": ""}, "请写几句"),
    ("more", {"text": "见附件", "files": [("x.exe", b"MZ")]}, "打不开"),
    ("rate", {"score": "6"}, ""),
    ("rate", {"score": "5"}, "办结以后才回访"),
    ("again", {"why": "x"}, "还没办结"),
    ("again", {"why": ""}, ""),
])
def test_what_cannot_be_is_said_and_changes_nothing(parent, school, link, row, verb, typed, said):
    sent = typed | ({"files": [SimpleUploadedFile(*one) for one in typed["files"]]} if "files" in typed else {})

    answer = parent.post(f"{link}do/{verb}/", sent)

    assert answer.status_code in (409, 422)
    with tenant_scope(school):
        row.refresh_from_db()
        assert (row.events.count(), row.score, row.resolved_at) == (1, None, None)
    if verb == "more":
        assert said in text(answer)


def test_an_unknown_act_is_refused(parent, link):
    assert parent.post(f"{link}do/resolve/", {"result": "x"}).status_code == 409
    assert parent.get(f"{link}do/more/").status_code == 405


def test_so_much_is_added_in_an_hour_and_no_more(parent, link, monkeypatch):
    monkeypatch.setattr(views, "MOST_WORDS", 2)

    assert [parent.post(f"{link}do/more/", {"text": f"第{n}句"}).status_code for n in range(3)] == [302, 302, 429]


def test_a_file_of_another_request_is_not_handed_out(parent, school, link, head, now):
    place = parent.post(ASK, REST | {"files": [SimpleUploadedFile("b.pdf", PDF)]})["Location"].partition("?")[0]
    with tenant_scope(school):
        theirs = Attachment.objects.get()

    assert parent.get(f"{place}files/{theirs.pk}/").status_code == 200
    assert parent.get(f"{link}files/{theirs.pk}/").status_code == 404
    assert parent.get(f"{link}files/{10**12}/").status_code == 404


def test_another_schools_link_opens_nothing_here(parent, school, now):
    other = make_school("qi2")
    with tenant_scope(other):
        theirs = links.token_of(working.open_request(Wish("enquiry", "别家的事"), by=None, at=now))

    assert "别家的事" not in text(parent.get(f"/f/{school.public_id}_{theirs.partition('_')[2]}/"))
    assert parent.get(f"/f/{theirs}/").status_code == 200


def test_nothing_of_it_is_kept_by_a_cache_and_nothing_runs_on_it(parent, link):
    answer = parent.get(link)

    assert answer["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"] and "unsafe-inline" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "收到了"), ("zh-hant", "收到了"), ("en", "Received")])
def test_it_speaks_the_parents_language(parent, link, language, word):
    assert word in text(parent.get(f"{link}?lang={language}"))


def test_words_of_a_tier_are_on_no_parents_page(parent, school, head, now):
    with tenant_scope(school):
        customer = family(2, "D", "high")
        link = f"/f/{links.token_of(working.open_request(Wish('enquiry', '几点开门', 'online'), customer=customer, by=None, at=now))}/"

    page = text(parent.get(link))

    assert not re.search(r"D 级|优先级|高风险|挽回|客户", page)

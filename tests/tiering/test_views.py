"""Pages of batches, reports and overrides: for whom they open, what a form does, and what a slip says."""
from datetime import date

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.actions import delete_family
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.tiering.steps import JUNE, SEPTEMBER, computed, current, in_review, published, scheme
from tiering.models import Batch, Outlook, Override, QuarterlyReport, Review, SchemeVersion, Standing
from tiering.sweeps import rederive


@pytest.fixture
def at(school):
    return f"/s/{school.slug}/tiering"


@pytest.fixture
def reader(school):
    """Sees tiers and does nothing with them."""
    return signed_in(make_member(school, "inspector"))


def told(answer):
    return answer.content.decode()


# -- for whom ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("place", ["batches/", "report/", "drift/", "overrides/", "schemes/"])
@pytest.mark.parametrize(("role", "status"), [("frontdesk", 403), ("admin", 403), ("teacher", 200), ("inspector",
        200), ("operations", 200)])
def test_pages_of_tiers_open_for_who_may_see_them(school, at, customer, place, role, status):
    assert signed_in(make_member(school, role)).get(f"{at}/{place}", follow=True).status_code == status


@pytest.mark.parametrize("place", ["", "movers/", "fairness/", "report/", "report.pdf", "report.xlsx"])
def test_a_batch_that_is_not_there_is_not_found(at, head_client, customer, place):
    assert head_client.get(f"{at}/batches/999999/{place}").status_code == 404


# -- computing -----------------------------------------------------------------------------------------------------
def test_who_may_compute_finds_the_form_with_the_last_quarters_end(school, at, head_client, reader, customer):
    page, plain = told(head_client.get(f"{at}/batches/")), told(reader.get(f"{at}/batches/"))

    assert "冻结并计算" in page and 'name="as_of"' in page and "冻结并计算" not in plain
    assert "还没有定级过" in page


def test_a_batch_is_computed_and_shown(school, at, head_client, customer):
    with tenant_scope(school):
        number = scheme().pk
    answer = head_client.post(f"{at}/batches/compute/", {"scheme": number, "as_of": "2026-09-30"}, follow=True)

    with tenant_scope(school):
        batch = Batch.objects.get()
    assert (batch.state, batch.as_of, batch.size) == ("computed", SEPTEMBER, 1)
    assert "已算完 1 户" in told(answer) and "2026 Q3 定级批次" in told(answer)


def test_a_past_quarter_is_worked_back_and_marked(school, at, head_client, customer):
    with tenant_scope(school):
        number = scheme().pk
    head_client.post(f"{at}/batches/compute/", {"scheme": number, "as_of": "2026-03-31", "worked_back": "1"})

    with tenant_scope(school):
        assert Batch.objects.get().state == "worked_back"
    assert "倒算" in told(head_client.get(f"{at}/batches/"))


@pytest.mark.parametrize(("as_of", "said"), [
    ("2999-01-01", "还没到"), ("1980-01-01", "太早了"), ("gestern", "日期要写成 2026-09-30"), ("",
            "日期要写成 2026-09-30"), ("2026-02-30", "日期要写成"),
])
def test_a_day_that_cannot_be_is_refused_in_words_and_nothing_is_computed(school, at, head_client, customer, as_of, said):
    with tenant_scope(school):
        number = scheme().pk
    answer = head_client.post(f"{at}/batches/compute/", {"scheme": number, "as_of": as_of})

    with tenant_scope(school):
        assert (answer.status_code, Batch.objects.count()) == (409, 0)
    assert said in told(answer)


@pytest.mark.parametrize("number", ["999999", "abc", "", "²"])
def test_a_scheme_that_is_not_there_is_not_found(at, head_client, customer, number):
    assert head_client.post(f"{at}/batches/compute/", {"scheme": number, "as_of": "2026-09-30"}).status_code == 404


@pytest.mark.parametrize("role", ["teacher", "relations", "inspector", "frontdesk"])
def test_who_may_not_compute_computes_nothing(school, at, customer, role):
    with tenant_scope(school):
        number = scheme().pk
    answer = signed_in(make_member(school, role)).post(f"{at}/batches/compute/", {"scheme": number, "as_of": "2026-09-30"})

    with tenant_scope(school):
        assert (answer.status_code, Batch.objects.exists()) == (403, False)


def test_computing_needs_a_post(at, head_client):
    assert head_client.get(f"{at}/batches/compute/").status_code == 405


# -- the batch's way -------------------------------------------------------------------------------------------------
def test_from_submission_to_publication_by_the_buttons(school, at, head_client, deputy, customer, head, now):
    relations = make_member(school, "relations")
    with tenant_scope(school):
        place = f"{at}/batches/{computed(head, now).pk}"
    said = [told(head_client.post(f"{place}/submit/", follow=True)),
            told(signed_in(relations).post(f"{place}/review/", {"agrees": "1", "note": ""}, follow=True)),
            told(signed_in(deputy).post(f"{place}/publish/", follow=True))]

    assert ["已提交，等部门复核" in said[0], "已记下您的复核意见" in said[1], "已发布 1 户的等级" in said[2]] == [True] * 3
    with tenant_scope(school):
        assert Batch.objects.get().state == "published"


def test_doubts_need_a_note(school, at, head, customer, now):
    relations = make_member(school, "relations")
    with tenant_scope(school):
        batch = in_review(head, now)
    answer = signed_in(relations).post(f"{at}/batches/{batch.pk}/review/", {"agrees": "0", "note": " "})

    with tenant_scope(school):
        assert (answer.status_code, Review.objects.exists()) == (409, False)
    assert "请写明对哪一户、为什么" in told(answer)


def test_a_department_may_change_its_mind(school, at, head, customer, now):
    client = signed_in(make_member(school, "relations"))
    with tenant_scope(school):
        batch = in_review(head, now)
    for agrees, note in (("0", "等一下"), ("1", "")):
        client.post(f"{at}/batches/{batch.pk}/review/", {"agrees": agrees, "note": note})

    with tenant_scope(school):
        assert [(r.agrees, r.note) for r in Review.objects.all()] == [(True, "")]


def test_a_batch_is_sent_back_with_a_reason_that_stands_on_its_page(school, at, head, head_client, deputy, customer, now):
    with tenant_scope(school):
        batch = in_review(head, now)
    place = f"{at}/batches/{batch.pk}"
    empty = signed_in(deputy).post(f"{place}/reject/", {"note": ""})
    done = signed_in(deputy).post(f"{place}/reject/", {"note": "先把九月的退费补上"}, follow=True)

    assert (empty.status_code, "已退回" in told(done)) == (409, True)
    assert "先把九月的退费补上" in told(head_client.get(f"{place}/"))


@pytest.mark.parametrize("verb", ["submit", "review", "publish", "reject"])
def test_a_reader_moves_nothing(school, at, head, reader, customer, now, verb):
    with tenant_scope(school):
        batch = in_review(head, now)
    answer = reader.post(f"{at}/batches/{batch.pk}/{verb}/", {"note": "x", "agrees": "1"})

    with tenant_scope(school):
        assert (answer.status_code, Batch.objects.get().state) == (403, "in_review")


def test_looking_at_a_batch_is_on_record_with_whom_one_saw(school, at, head, head_client, customer, now):
    with tenant_scope(school):
        batch = computed(head, now)
    head_client.get(f"{at}/batches/{batch.pk}/")

    with tenant_scope(school):
        assert Entry.objects.get(verb="tiering.batch_viewed").data == {"ids": [customer.pk]}


def test_the_submitter_finds_the_button_to_publish_closed(school, at, head, head_client, deputy, customer, now):
    with tenant_scope(school):
        batch = in_review(head, now)
    mine, theirs = told(head_client.get(f"{at}/batches/{batch.pk}/")), told(signed_in(deputy).get(f"{at}/batches/{batch.pk}/"))

    assert "您是提交人，不能审批自己的批次" in mine
    assert "您是提交人" not in theirs
    assert "至少一个部门看过之后才能批准" in theirs


# -- fairness ----------------------------------------------------------------------------------------------------
def test_fairness_is_told_by_campus_class_and_policy_and_says_when_n_is_small(school, at, head, head_client, customer, now):
    with tenant_scope(school):
        makers.family("西园孩", "13900139000", at=Campus.objects.create(code="west", name="西园"))
        batch = computed(head, now)
    page = told(head_client.get(f"{at}/batches/{batch.pk}/fairness/"))

    assert "按园所" in page and "按收费政策" in page and "西园" in page and "太少" in page


# -- the report --------------------------------------------------------------------------------------------------
def test_without_a_published_batch_there_is_an_empty_page_that_says_how(at, head_client):
    page = told(head_client.get(f"{at}/report/"))

    assert "季度报告" in page and "/tiering/batches/" in page


def test_the_newest_report_opens_by_itself_or_by_scheme(school, at, head, deputy, head_client, customer, now):
    with tenant_scope(school):
        makers.family("潜在孩", "13900139000", since=date(2026, 1, 1), enrolled=False)
        published(head, deputy, now, JUNE)
        newest, prospect = published(head, deputy, now), published(head, deputy, now, code="prospect")
        number = prospect.version.scheme_id
    places = [head_client.get(f"{at}/report/{words}")["Location"] for words in ("", f"?scheme={number}", "?scheme=abc")]

    assert places == [f"{at}/batches/{pk}/report/" for pk in (newest.pk, prospect.pk, newest.pk)]


def test_a_summary_is_saved_and_signed_from_the_page(school, at, head, deputy, head_client, customer, now):
    with tenant_scope(school):
        batch = published(head, deputy, now)
    place = f"{at}/batches/{batch.pk}/report/write/"
    saved = told(head_client.post(place, {"summary": "本季平稳。"}, follow=True))
    signed = told(head_client.post(place, {"summary": "本季平稳。", "sign": "1"}, follow=True))

    assert "已保存" in saved and "已签发" in signed and "本季平稳。" in signed
    with tenant_scope(school):
        assert QuarterlyReport.objects.get().signed_by == head


def test_signing_an_empty_summary_says_what_is_missing_and_keeps_nothing(school, at, head, deputy, head_client,
        customer, now):
    with tenant_scope(school):
        batch = published(head, deputy, now)
    answer = head_client.post(f"{at}/batches/{batch.pk}/report/write/", {"summary": " ", "sign": "1"})

    assert answer.status_code == 409 and "先写一段本季总结" in told(answer)


@pytest.mark.parametrize(("form", "kind"), [("pdf", "application/pdf"), ("xlsx", "application/vnd.ms-excel")])
def test_a_report_is_downloaded_and_counted(school, at, head, deputy, head_client, customer, now, form, kind):
    with tenant_scope(school):
        batch = published(head, deputy, now)
    answer = head_client.get(f"{at}/batches/{batch.pk}/report.{form}")
    content = b"".join(answer.streaming_content)

    assert (answer["Content-Type"], content[:2]) == (kind, b"%P" if form == "pdf" else b"PK")
    with tenant_scope(school):
        assert Entry.objects.filter(verb=f"tiering.report_{form}", object_id=batch.pk).count() == 1


def test_a_member_of_one_campus_reads_the_report_of_that_campus(school, at, head, deputy, customer, now):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        makers.family("西园孩", "13900139000", at=west)
        batch = published(head, deputy, now)
    client = signed_in(make_member(school, "inspector", "西", [west]))
    own, asked = (client.get(f"{at}/batches/{batch.pk}/report/{words}").context["report"] for words in ("",
            f"?campus={customer.campus_id}"))

    assert (own.campus, own.size, asked.campus) == (west.pk, 1, west.pk)


@pytest.mark.parametrize("words", ["?campus=abc", "?campus=", "?campus=-1"])
def test_a_campus_that_is_none_is_all(school, at, head, deputy, head_client, customer, now, words):
    with tenant_scope(school):
        batch = published(head, deputy, now)

    assert head_client.get(f"{at}/batches/{batch.pk}/report/{words}").context["report"].campus is None


# -- overrides ------------------------------------------------------------------------------------------------------
FORM = {"tier": "0", "reason": "园长亲自谈过", "expires_on": "2030-01-01"}


def test_an_override_is_proposed_on_the_form_and_approved_on_the_list(school, at, head_client, deputy, customer):
    done = head_client.post(f"{at}/families/{customer.pk}/override/", FORM, follow=True)
    with tenant_scope(school):
        number = Override.objects.get().pk
    approved = signed_in(deputy).post(f"{at}/overrides/", {"id": number}, follow=True)

    assert "已提出，等另一位同事批准" in told(done) and "已批准" in told(approved)


@pytest.mark.parametrize(("change", "field"), [
    ({"tier": "9"}, "tier"), ({"tier": ""}, "tier"), ({"reason": "短"}, "reason"), ({"reason": ""},
            "reason"), ({"expires_on": "2020-01-01"}, "expires_on"),
    ({"expires_on": "x"}, "expires_on"),
])
def test_a_slip_on_the_form_stands_at_its_field_and_nothing_is_lost(school, at, head_client, customer, change, field):
    answer = head_client.post(f"{at}/families/{customer.pk}/override/", FORM | change)

    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    with tenant_scope(school):
        assert not Override.objects.exists()


def test_the_form_offers_the_schemes_own_labels(at, head_client, customer):
    choices = head_client.get(f"{at}/families/{customer.pk}/override/").context["form"].fields["tier"].choices

    assert choices == [(0, "A"), (1, "B"), (2, "C"), (3, "D")]


def test_an_override_that_is_not_there_cannot_be_approved(at, head_client, customer):
    assert [head_client.post(f"{at}/overrides/", {"id": pk}).status_code for pk in ("999999", "x", "")] == [404] * 3


def test_the_list_of_a_campus_leaves_out_the_others(school, at, head_client, customer):
    head_client.post(f"{at}/families/{customer.pk}/override/", FORM)
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    page = told(signed_in(make_member(school, "deputy", "西", [west])).get(f"{at}/overrides/"))

    assert "周小满" not in page


def test_the_list_leaves_out_who_is_in_the_bin(school, at, head, head_client, customer, now):
    head_client.post(f"{at}/families/{customer.pk}/override/", FORM)
    before = told(head_client.get(f"{at}/overrides/"))
    with tenant_scope(school):
        delete_family(customer, typed_name=customer.name, by=head, at=now)

    assert "周小满" in before and "周小满" not in told(head_client.get(f"{at}/overrides/"))


# -- what changed since ----------------------------------------------------------------------------------------------
@pytest.fixture
def drifted(school, head, deputy, customer, now):
    """Stands in B; today's facts say D."""
    with tenant_scope(school):
        published(head, deputy, now)
        makers.entry(customer, "transfer_signal", timezone.localdate())


def test_judging_now_shows_whom_todays_facts_would_move(school, at, head_client, customer, drifted):
    with tenant_scope(school):
        number = scheme().pk
    page = told(head_client.post(f"{at}/drift/", {"scheme": number}, follow=True))

    assert "已按今天的资料重算，1 户有变化" in page
    assert "周小满一家" in page
    assert "1 户的资料变了" in page


def test_only_the_ticked_ones_are_judged(school, at, head_client, customer, drifted):
    with tenant_scope(school):
        number, other = scheme().pk, makers.family("别的孩", "13900139000").pk
    head_client.post(f"{at}/drift/", {"scheme": number, "customer": [other, "abc", "²"]})

    with tenant_scope(school):
        assert list(Outlook.objects.values_list("customer_id", flat=True)) == [other]


def test_ticks_that_name_nobody_judge_nobody(school, at, head_client, customer, drifted):
    with tenant_scope(school):
        number = scheme().pk
    page = told(head_client.post(f"{at}/drift/", {"scheme": number, "customer": ["abc", "999999"]}, follow=True))

    with tenant_scope(school):
        assert "0 户有变化" in page and not Outlook.objects.exists()


@pytest.fixture
def far_away(school, drifted):
    """A colleague of the west campus, and a family there: 周小满 is of the other one."""
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        theirs = makers.family("西边的孩", "13900139000", at=west)
    return signed_in(make_member(school, "operations", "西", [west])), theirs


def test_somebody_of_one_campus_judges_the_families_there(school, at, customer, far_away):
    client, theirs = far_away
    with tenant_scope(school):
        number = scheme().pk
    client.post(f"{at}/drift/", {"scheme": number})

    with tenant_scope(school):
        assert list(Outlook.objects.values_list("customer_id", flat=True)) == [theirs.pk]


def test_a_tick_at_another_campus_judges_nobody(school, at, customer, far_away):
    client, _theirs = far_away
    with tenant_scope(school):
        number = scheme().pk
    client.post(f"{at}/drift/", {"scheme": number, "customer": customer.pk})

    with tenant_scope(school):
        assert not Outlook.objects.exists()


def test_somebody_of_one_campus_does_not_read_who_drifted_at_another(school, at, head_client, customer, far_away):
    client, _theirs = far_away
    with tenant_scope(school):
        number = scheme().pk
    everybody = told(head_client.post(f"{at}/drift/", {"scheme": number}, follow=True))
    page = told(client.get(f"{at}/drift/"))

    assert "周小满" in everybody and "周小满" not in page and "按今天的资料，没有人会变级" in page


def test_who_is_in_the_bin_has_not_drifted(school, at, head, head_client, customer, drifted, now):
    with tenant_scope(school):
        number = scheme().pk
        rederive(current(), timezone.localdate())
        delete_family(customer, typed_name=customer.name, by=head, at=now)

    assert "周小满" not in told(head_client.get(f"{at}/drift/?scheme={number}"))


def test_fifty_who_drifted_fill_a_page(school, at, head, deputy, head_client, customer, now):
    with tenant_scope(school):
        for number in range(51):
            makers.family(f"孩{number}", f"139001390{number:02}", date(2023, 9, 1))
        published(head, deputy, now)
        number = scheme().pk
        Standing.objects.filter(label="D").update(label="A")
        rederive(current(), timezone.localdate())

    first, second = (told(head_client.get(f"{at}/drift/?page={page}")) for page in (1, 2))
    assert "51 户的资料变了" in first
    assert (first.count('name="customer"'), second.count('name="customer"')) == (50, 1)
    assert "第 51–51 条，共 51 条" in second


def test_a_reader_judges_nothing(school, at, reader, customer, drifted):
    with tenant_scope(school):
        number = scheme().pk
    answer = reader.post(f"{at}/drift/", {"scheme": number})

    with tenant_scope(school):
        assert (answer.status_code, Outlook.objects.exists()) == (403, False)


def test_a_school_whose_facts_say_the_same_has_an_empty_page(at, head_client, customer):
    assert "按今天的资料，没有人会变级" in told(head_client.get(f"{at}/drift/"))


@pytest.mark.parametrize("number", ["999999", "abc"])
def test_a_scheme_of_drift_that_is_not_there_is_not_found(at, head_client, customer, number):
    assert head_client.get(f"{at}/drift/?scheme={number}").status_code == 404


def test_a_school_without_a_version_in_force_still_opens_its_pages(school, at, head_client, customer):
    with tenant_scope(school):
        SchemeVersion.objects.update(state="retired")

    assert [head_client.get(f"{at}/{place}/").status_code for place in ("batches", "drift", "overrides",
            "schemes")] == [200] * 4

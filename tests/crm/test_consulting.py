"""咨询记录: what a family told and was advised, on the timeline and apart; rated with evidence; two people do not overwrite each other."""

from dataclasses import replace
from datetime import date

import pytest

from audit.models import Entry
from crm import duplicates, undoing
from crm.consulting import SELF_CHECK, Told, consult, rewrite, told_of
from crm.models import INTENT_SCALES, Consultation, IntentRating, TimelineEntry
from tenancy.refusals import Refused
from tests import makers
from tests.conftest import make_member
from tests.reception.makers import NOW

SCORES = dict(zip(INTENT_SCALES, (5, 4, 4, 3, 4), strict=True))
TOLD = Told(
    needs="接送时间要早",
    budget_fen=350_000,
    expectations="多跟别的孩子玩",
    worries="花生过敏",
    course="托小班",
    proposal="先上一节体验课",
    self_check=("unhurried", "listened"),
    scores=SCORES,
    evidence="问了三次教研怎么做",
)


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def row(liang, miao) -> Consultation:
    return consult(makers.family(), TOLD, by=liang, at=NOW)


def test_all_that_was_said_is_on_the_timeline(row, liang):
    entry = TimelineEntry.objects.get()

    assert (entry.kind, entry.channel, entry.title, entry.by) == ("consultation", "face", "咨询", liang)
    assert entry.text.split("\n") == [
        "需要：接送时间要早",
        "每月预算：3500 元",
        "期望：多跟别的孩子玩",
        "担心：花生过敏",
        "意向课程：托小班",
        "建议：先上一节体验课",
    ]


def test_the_rating_feeds_the_tiers(row):
    rating = IntentRating.objects.get()

    assert {name: getattr(rating, name) for name in INTENT_SCALES} == SCORES
    assert (rating.rated_on, rating.evidence, row.rating) == (
        date(2026, 11, 20),
        "问了三次教研怎么做",
        rating,
    )


def test_what_stands_written_is_what_was_told(row):
    assert told_of(row) == replace(TOLD, self_check=("listened", "unhurried"))
    assert told_of(None) == Told()


@pytest.mark.parametrize("name", ["needs", "expectations", "worries", "course", "proposal"])
def test_one_line_is_enough(liang, miao, name):
    consult(makers.family(), Told(**{name: "说了一句"}), by=liang, at=NOW)

    assert TimelineEntry.objects.get().text.endswith("说了一句")
    assert not IntentRating.objects.exists()


def test_an_empty_consultation_is_refused(liang, miao):
    with pytest.raises(Refused) as refusal:
        consult(makers.family(), Told(needs="  ", self_check=("listened",)), by=liang, at=NOW)

    assert refusal.value.field == "needs" and not TimelineEntry.objects.exists()


def test_a_rating_without_evidence_is_refused(liang, miao):
    with pytest.raises(Refused) as refusal:
        consult(makers.family(), replace(TOLD, evidence=" "), by=liang, at=NOW)

    assert refusal.value.field == "evidence" and not IntentRating.objects.exists()


def test_rewriting_changes_line_and_rating_in_place(row, liang):
    rewrite(row, replace(TOLD, worries="", scores=SCORES | {"eagerness": 5}), version=1, by=liang, at=NOW)

    assert "担心" not in TimelineEntry.objects.get().text
    assert IntentRating.objects.get().eagerness == 5
    assert (row.version, row.worries) == (2, "")


def test_a_rating_is_given_later_and_taken_away(liang, miao):
    row = consult(makers.family(), replace(TOLD, scores=None), by=liang, at=NOW)

    rewrite(row, TOLD, version=1, by=liang, at=NOW)
    given = row.rating
    rewrite(row, replace(TOLD, scores=None), version=2, by=liang, at=NOW)

    assert given is not None and row.rating is None and not IntentRating.objects.exists()


def test_an_old_picture_overwrites_nothing(row, liang):
    rewrite(row, replace(TOLD, needs="第一位写的"), version=1, by=liang, at=NOW)

    with pytest.raises(Refused, match="同事刚改过") as refusal:
        rewrite(Consultation.objects.get(), replace(TOLD, needs="第二位写的"), version=1, by=liang, at=NOW)

    assert refusal.value.code == "stale" and Consultation.objects.get().needs == "第一位写的"
    assert "第一位写的" in TimelineEntry.objects.get().text


def test_taking_it_back_takes_line_and_rating_along(row, liang):
    undoing.WAYS["crm.consulted"](row, liang, NOW)

    assert (
        not Consultation.objects.exists()
        and not TimelineEntry.objects.exists()
        and not IntentRating.objects.exists()
    )


def test_a_merged_family_keeps_its_consultations(row, miao):
    twin = makers.family("周小满", "13800138001")

    duplicates.merge(twin, row.customer, take=[], by=miao.head, at=NOW)

    assert Consultation.objects.get().customer == twin


def test_unknown_marks_of_oneself_are_left_out(liang, miao):
    row = consult(makers.family(), replace(TOLD, self_check=("listened", "invented")), by=liang, at=NOW)

    assert row.self_check == ["listened"] and len(SELF_CHECK) == 4


def test_the_audit_tells_that_and_not_what(row):
    entry = Entry.objects.get(verb="crm.consulted")

    assert entry.data == {"customer": row.customer_id}

"""A report written, frozen and signed."""
from datetime import date

import pytest

from churn.models import Analysis, ChurnCase
from churn.reports.writing import sign, unsign, write
from crm.models import ClassGroup, Enrolment
from notifications.models import Message
from tenancy.models import Campus
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import AT, ONE
from tests.churn.reports.conftest import written


def refused(do, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as refusal:
        do(*args, **kwargs)
    return refusal.value


def test_its_figures_are_those_of_the_day_it_was_written(pair, marketing):
    row = written(marketing)
    ChurnCase.objects.update(revenue_fen=0)

    assert (row.figures["lost"], row.figures["fen"], [one["name"] for one in row.figures["bars"]]) == (2, 1000000,
            ["换老师太多", "停车难"])
    assert [one["vital"] for one in row.figures["bars"]] == [True, False]
    assert Analysis.objects.get().figures == row.figures


def test_losses_are_spread_by_class_teacher(pair, marketing, teacher):
    group = ClassGroup.objects.create(campus=Campus.objects.get(code="main"), name="小一班", teacher=teacher)
    Enrolment.objects.filter(child__family__customer=pair[0].customer).update(class_group=group)
    ChurnCase.objects.filter(pk=pair[0].pk).update(enrolment=Enrolment.objects.get(class_group=group))

    assert written(marketing).figures["teachers"] == [["梁老师", 1, 900000, 0], ["没有写", 1, 100000, 0]]


def test_until_it_is_signed_it_is_written_anew_as_one_report(pair, marketing, head):
    first = written(marketing)
    again = written(head, summary="改过的", at=AT + ONE)

    assert first.pk == again.pk
    assert Analysis.objects.get().summary == "改过的"
    assert Analysis.objects.get().written_by == head


def test_the_management_is_told_and_signs(pair, marketing, head, deputy):
    row = written(marketing)
    assert {message.member for message in Message.objects.filter(key__startswith=f"analysis-{row.pk}-")} == {head, deputy}
    sign(row, by=head, at=AT)

    assert (row.signed_by, row.signed_at) == (head, AT)
    assert not Message.objects.filter(key__startswith="analysis-", read_at=None).exists()
    assert refused(sign, row, by=deputy, at=AT).code == "changed"
    assert refused(written, marketing).code == "signed"


def test_who_wrote_it_does_not_sign_it(pair, head):
    assert refused(sign, written(head), by=head, at=AT).code == "second_pair_of_eyes"


def test_what_was_rewritten_meanwhile_is_not_signed_unread(pair, marketing, head):
    seen = written(marketing)
    written(marketing, summary="换了一种说法", at=AT + ONE)

    assert refused(sign, seen, by=head, at=AT).code == "changed"


def test_a_signature_is_taken_back(pair, marketing, head):
    row = written(marketing)
    sign(row, by=head, at=AT)
    unsign(row, by=head)

    assert row.signed_at is None and written(marketing, summary="改写").pk == row.pk
    assert refused(unsign, row, by=head).code == "changed"


@pytest.mark.parametrize("do", [sign, unsign])
def test_marketing_signs_nothing(pair, marketing, head, do):
    row = written(head)
    with pytest.raises(Forbidden):
        do(row, by=marketing, **({"at": AT} if do is sign else {}))


def test_a_report_needs_words_losses_and_the_whole_school(pair, marketing, confined, teacher):
    assert refused(written, marketing, summary=" ").field == "summary"
    assert "没有可以分析的" in refused(write, date(2025, 1, 1), date(2025, 2, 1), None, "x", by=marketing, at=AT).message
    assert refused(written, confined).field == "campus"
    with pytest.raises(Forbidden):
        written(teacher)


def test_a_campus_has_a_report_of_its_own(pair, marketing):
    whole, main = written(marketing), written(marketing, campus=Campus.objects.get(code="main"))

    assert whole.pk != main.pk and main.figures["lost"] == 2



"""Constraints of questions, templates and files, as the database keeps them."""
import pytest
from django.db import IntegrityError, transaction

from service_levels.models import AnswerTemplate, Attachment, Faq, FaqDay, RequestEvent
from tests.service_levels.requests.test_working import TEN
from tests.service_levels.test_request_models import request


def refused(make) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    return str(caught.value)


def faq(**more) -> Faq:
    return Faq.objects.create(**{"question": "几点开门", "answer": "七点半", "edited_at": TEN} | more)


def test_a_question_is_asked_once(miao):
    faq()

    assert "faq_question" in refused(faq)


def test_a_day_of_a_question_is_one_row(miao):
    row = faq()
    FaqDay.objects.create(faq=row, day=TEN.date())

    assert "faq_day_once" in refused(lambda: FaqDay.objects.create(faq=row, day=TEN.date()))


def test_what_is_seen_by_parents_is_what_is_on(miao):
    shown, _hidden = faq(), faq(question="周末呢", is_on=False)

    assert list(Faq.objects.published()) == [shown]


@pytest.mark.parametrize(("wrong", "name"), [({"text": ""}, "answer_template_says_something"), ({"name": "收到了"}, "answer_template_name")])
def test_a_template_that_cannot_be_is_none(miao, wrong, name):
    assert name in refused(lambda: AnswerTemplate.objects.create(**{"name": "x", "text": "y"} | wrong))


def test_two_requests_never_come_of_one_form(miao):
    request(sent_key="k" * 20)

    assert "request_sent_once" in refused(lambda: request(number="Q-2", sent_key="k" * 20))
    request(number="Q-3"), request(number="Q-4")  # what colleagues wrote down has no form


def test_a_file_goes_with_what_was_said(miao):
    event = RequestEvent.objects.create(request=request(), at=TEN, verb="heard", text="x")
    row = Attachment(event=event, name="x.png", kind="image/png", size=1)
    row.content = b"x"
    row.save(force_insert=True)
    assert (row.is_picture, Attachment.objects.get().content) == (True, b"x")

    event.attachments.all().delete()

    assert Attachment.objects.count() == 0

"""A questionnaire as a way to look into a case: sent by a link, once for each, its answers back at the case (C13b)."""
import pytest

from churn.cases.furnish import QUESTIONNAIRE, READY_MADE, questionnaires, ready_made
from churn.cases.working import End, close, send_questionnaire
from churn.models import ChurnCase, DeepDive
from crm.models import Channel, Survey, SurveyResponse
from crm.surveys.asking import Given, answer
from notifications.models import Outbox
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.cases.test_views import text
from tests.churn.conftest import AT
from tests.conftest import make_member, signed_in


@pytest.fixture
def inspector(school):
    return make_member(school, "inspector")


@pytest.fixture
def there(school, case, inspector):
    with tenant_scope(school):
        yield ChurnCase.objects.get()


def test_the_ready_made_one_is_made_when_it_is_first_used(there):
    assert not Survey.objects.filter(name=QUESTIONNAIRE).exists()
    first = ready_made()

    assert ready_made() == first
    assert first.versions.get().questions.count() == 8


def test_what_is_sent_by_itself_or_switched_off_is_not_offered(there):
    ready_made()
    offered = list(questionnaires())
    Survey.objects.update(is_on=False)

    assert [survey.name for survey in offered] == ["学期满意度"]
    assert list(questionnaires()) == []


def test_the_family_is_asked_by_a_link_after_quiet_hours(there, head):
    row = send_questionnaire(there, None, by=head, at=AT)
    response = row.response

    assert (row.way, response.customer, response.state, response.child) == ("survey", there.customer, "open", there.child)
    assert Outbox.objects.filter(topic="crm.survey_send", payload__responses=[response.pk]).count() == 1
    assert response.asked_at > AT  # three in the morning


def test_the_same_one_is_sent_once_for_a_case(there, head):
    send_questionnaire(there, None, by=head, at=AT)

    with pytest.raises(Refused) as refusal:
        send_questionnaire(there, None, by=head, at=AT)
    assert refusal.value.field == "survey" and DeepDive.objects.count() == 1


def test_one_that_is_switched_off_asks_nobody(there, head):
    Survey.objects.filter(pk=ready_made().pk).update(is_on=False)

    with pytest.raises(Refused):
        send_questionnaire(there, None, by=head, at=AT)
    assert not DeepDive.objects.exists()


def test_a_closed_case_asks_nobody(there, head):
    close(there, End("mistaken", "听错了"), by=head, at=AT)

    with pytest.raises(Refused):
        send_questionnaire(there, None, by=head, at=AT)
    assert not SurveyResponse.objects.exists()


def test_who_may_only_read_sends_nothing(there, inspector):
    with pytest.raises(Forbidden):
        send_questionnaire(there, None, by=inspector, at=AT)


def test_it_is_sent_from_the_case_and_its_answers_are_read_there(boss, at, school, case):
    page = text(boss.post(f"{at}/churn/cases/{case.pk}/ask/", {"survey": READY_MADE}, follow=True))
    assert "问卷已发，家长答了会出现在这里" in page and QUESTIONNAIRE in page and "还没答" in page

    with tenant_scope(school):
        response = SurveyResponse.objects.get()
        words = response.version.questions.get(text="要是哪一点不一样，您会留下")
        answer(response, {words.pk: Given(words="固定一位主班")}, channel=Channel.ONLINE, by=None, at=response.asked_at)
    assert "固定一位主班" in text(boss.get(f"{at}/churn/cases/{case.pk}/"))
    assert "看答卷" in text(boss.get(f"{at}/churn/cases/{case.pk}/"))


@pytest.mark.parametrize("survey", ["", "x", "999999"])
def test_a_questionnaire_that_is_not_there_is_refused(boss, at, case, survey):
    answered = boss.post(f"{at}/churn/cases/{case.pk}/ask/", {"survey": survey})

    assert answered.status_code == 422 and "请选一份问卷" in text(answered)


def test_a_colleague_of_service_sends_it_too(at, school, case, relations):
    with tenant_scope(school):
        survey = questionnaires().get().pk

    assert "问卷已发" in text(signed_in(relations).post(f"{at}/churn/cases/{case.pk}/ask/", {"survey": survey},
            follow=True))

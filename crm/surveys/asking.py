"""问一家、答一次: a family is asked by a link, on the telephone or face to face, and answers once (R31, R32).

Whoever is asked for the same reason twice is asked once. An answer becomes a satisfaction and a line on the timeline; a bad one
is told at once to those who look after the school's reception, so that somebody calls the same day.
"""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import (
    Answer,
    Child,
    Customer,
    EntryKind,
    Question,
    QuestionKind,
    Satisfaction,
    Survey,
    SurveyResponse,
    SurveyVersion,
    TimelineEntry,
)
from crm.opening import quiet_hours, zone
from crm.queries import addressee
from crm.surveys.results import SCALES
from notifications import parents
from notifications.actions import later, settle, tell
from notifications.parents import About, Recipient
from tenancy.access import holders
from tenancy.links import token_for, token_hash
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused
from tenancy.scope import current_tenant

State = SurveyResponse.State
SEND, ANSWERED = "crm.survey_send", "crm.survey_answered"
RIGHT = "crm.survey"       # who writes questionnaires and reads what came of them
AT_ONCE = 100              # messages written in one transaction
LINK_DAYS = 30             # how long a family may answer
UNHAPPY = 2                # an overall score up to this is told at once


@dataclass(frozen=True)
class Subject:
    """Why a family is asked: the key of the reason, where it was, who received them, in which language to write."""

    key: str
    campus: Campus
    host: Membership | None = None
    child: Child | None = None
    language: str = ""


@dataclass(frozen=True)
class Given:
    """What was answered to one question; empty where it was left out."""

    number: int | None = None
    chosen: tuple[int, ...] = ()
    words: str = ""

    def __bool__(self) -> bool:
        return self.number is not None or bool(self.chosen) or bool(self.words)


@transaction.atomic
def ask(survey: Survey, customer: Customer, subject: Subject, *, by: Membership | None, at: datetime) -> SurveyResponse | None:
    """Ask by a link that is sent at ``at``. None where the survey is off, has nothing to ask, or the reason was asked about before."""
    row = next(iter(ask_all(survey, [(customer, subject)], at=at)), None)
    if row is not None:
        record(by, "crm.survey_asked", row, customer=customer.pk)
    return row


def ask_all(survey: Survey, whom: Iterable[tuple[Customer, Subject]], *, at: datetime) -> list[SurveyResponse]:
    """Ask many in a handful of statements; who was asked for the same reason before is left out."""
    version = survey.versions.filter(state=SurveyVersion.State.PUBLISHED).first() if survey.is_on else None
    if version is None:
        return []
    rows = {subject.key: _asked(version, customer, subject, at) for customer, subject in whom}
    known = set(SurveyResponse.objects.filter(key__in=rows).values_list("key", flat=True))
    fresh = [row for key, row in rows.items() if key not in known]
    SurveyResponse.objects.bulk_create(fresh, ignore_conflicts=True)  # two at one moment ask once
    kept = list(SurveyResponse.objects.filter(key__in=[row.key for row in fresh]).order_by("id"))
    for start in range(0, len(kept), AT_ONCE):
        later(SEND, due_at=at, responses=[row.pk for row in kept[start:start + AT_ONCE]])
    return kept


def _asked(version: SurveyVersion, customer: Customer, subject: Subject, at: datetime) -> SurveyResponse:
    row = SurveyResponse(version=version, customer=customer, child=subject.child, campus=subject.campus, host=subject.host, key=subject.key,
                         language=subject.language, asked_at=at, until=at + timedelta(days=LINK_DAYS))
    row.token_hash = token_hash(token_of(row))
    return row


def token_of(row: SurveyResponse) -> str:
    """The link that is in force."""
    return token_for(f"survey|{row.key}|{row.link_serial}")


def link_of(row: SurveyResponse) -> str:
    return f"{settings.MIAOPU_ORIGIN}/q/{token_of(row)}/"


def about(row: SurveyResponse) -> About:
    """Under which name its message can be dropped."""
    return About(f"survey-{row.pk}", f"call-backs/{row.pk}/", row.campus, row.until)


def send(row: SurveyResponse, *, at: datetime) -> None:
    """Write to whoever decides in the family; nobody is woken, and nobody is written to after answering."""
    if row.state != State.OPEN or row.until <= at:
        return
    if quiet_hours().holds(at, zone()):
        later(SEND, due_at=quiet_hours().over(at, zone()), responses=[row.pk])
        return
    to = addressee(row.customer)
    if to is None:
        return  # it stays on the list of those to be called
    language = row.language or current_tenant().language
    facts = {"school": current_tenant().name, "guardian": to.name, "survey": row.version.survey.name, "link": link_of(row)}
    parents.write("crm.survey", Recipient(to.phone, "", language), facts, about(row), key=f"survey-{row.pk}-{row.link_serial}", at=at)


@transaction.atomic
def answer(row: SurveyResponse, given: Mapping[int, Given], *, channel: str, by: Membership | None, at: datetime) -> SurveyResponse:
    """``given`` by question id; ``by`` is the colleague who asked, nobody where the parent answered the link."""
    kept = _open(row)
    questions = list(kept.version.questions.all())
    for question in questions:
        _check(question, given.get(question.pk, Given()))
    told = [(question, given[question.pk]) for question in questions if given.get(question.pk)]
    if not told:
        raise Refused(_("至少回答一个问题。"))
    Answer.objects.bulk_create([Answer(response=kept, question=question, number=one.number, chosen=list(one.chosen), words=one.words)
                                for question, one in told])
    kept.score = next((one.number for question, one in told if question.is_overall), None)
    words = "\n".join(_line(question, one) for question, one in told if one.words)
    kept.entry = _tell_timeline(kept, words, channel, by, at)
    kept.satisfaction = _satisfaction(kept, words, channel, at)
    kept.state, kept.answered_at, kept.channel, kept.by = State.ANSWERED, at, channel, by
    kept.save()
    record(by, "crm.survey_answered", kept, customer=kept.customer_id)
    parents.drop(about(kept).name, at=at)
    later(ANSWERED, response=kept.pk)
    if kept.score is not None and kept.score <= UNHAPPY:
        _tell_unhappy(kept, at)
    return kept


@transaction.atomic
def decline(row: SurveyResponse, *, by: Membership | None, at: datetime) -> None:
    """The family does not want to answer: it is not asked again."""
    kept = _open(row)
    kept.state, kept.answered_at, kept.by = State.DECLINED, at, by
    kept.save()
    record(by, "crm.survey_declined", kept, customer=kept.customer_id)
    parents.drop(about(kept).name, at=at)


@transaction.atomic
def reopen(row: SurveyResponse, *, by: Membership, at: datetime) -> None:
    """A colleague wrote it down for the wrong family, or declined by mistake. What a parent sent by the link stays theirs."""
    kept = SurveyResponse.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if kept.state == State.OPEN:
        raise Refused(_("这份问卷还没有答，不用恢复。"), code="changed")
    if kept.by is None:
        raise Refused(_("这是家长自己填的，不能撤。"), code="changed")
    gone = [one for one in (kept.satisfaction, kept.entry) if one is not None]
    kept.answers.all().delete()
    kept.state, kept.answered_at, kept.channel, kept.by, kept.score = State.OPEN, None, "", None, None
    kept.satisfaction = kept.entry = None
    kept.save()
    for one in gone:
        one.delete()
    settle(f"survey-{kept.pk}-", at=at)
    record(by, "crm.survey_reopened", kept, customer=kept.customer_id)


@transaction.atomic
def withdraw(key: str, *, at: datetime) -> None:
    """The reason is gone: whoever has not answered is not asked any more."""
    row = SurveyResponse.objects.open().select_for_update().filter(key=key).first()
    if row is not None:
        parents.drop(about(row).name, at=at)
        row.delete()


def _open(row: SurveyResponse) -> SurveyResponse:
    """The row until the end of the transaction; only one answers it."""
    kept = SurveyResponse.objects.select_for_update(of=("self",)).select_related(
        "version__survey", "campus", "host", "customer").get(pk=row.pk)
    if kept.state != State.OPEN:
        raise Refused(_("这份问卷已经答过了。"), code="changed")
    return kept


def _check(question: Question, one: Given) -> None:
    """Within its scale and its options, and answered where it has to be. The refusal stands at the question."""
    field = f"q{question.pk}"
    if question.is_required and not one:
        raise Refused(_("请回答这一题。"), field)
    if one.number is not None and one.number not in SCALES.get(question.kind, ()):
        raise Refused(_("请在给出的分数里选一个。"), field)
    most = {QuestionKind.ONE: 1, QuestionKind.SEVERAL: len(question.options)}.get(QuestionKind(question.kind), 0)
    if len(set(one.chosen)) > most or any(place not in range(len(question.options)) for place in one.chosen):
        raise Refused(_("请在给出的选项里选。"), field)


def _line(question: Question, one: Given) -> str:
    return f"{question.text}：{one.words}"


def _tell_timeline(row: SurveyResponse, words: str, channel: str, by: Membership | None, at: datetime) -> TimelineEntry:
    title = row.version.survey.name
    if row.score is not None:
        title = _("%(survey)s：总体 %(n)s 分（满分 5 分）") % {"survey": title, "n": row.score}
    return TimelineEntry.objects.create(customer_id=row.customer_id, child_id=row.child_id, kind=EntryKind.SURVEY, channel=channel, at=at,
                                        day=timezone.localdate(at), by=by, title=title[:80], text=words[:2000])


def _satisfaction(row: SurveyResponse, words: str, channel: str, at: datetime) -> Satisfaction | None:
    if row.score is None:
        return None
    return Satisfaction.objects.create(customer_id=row.customer_id, answered_on=timezone.localdate(at), score=row.score, channel=channel,
                                       comment=words[:500])


def _tell_unhappy(row: SurveyResponse, at: datetime) -> None:
    said = _("有家长只打了 %(n)s 分，今天就联系一下") % {"n": row.score}
    tell(holders(RIGHT, row.campus), said, key=f"survey-{row.pk}-unhappy", link=f"call-backs/{row.pk}/", at=at)

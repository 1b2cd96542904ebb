"""写问卷: a draft is written over as often as one likes; published it never changes, the next change is the next version."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import Occasion, Question, QuestionKind, Survey, SurveyVersion
from tenancy.models import Membership
from tenancy.refusals import Refused

State = SurveyVersion.State
CHOICES = (QuestionKind.ONE, QuestionKind.SEVERAL)
MOST = 30  # questions; nobody answers more on a telephone


@dataclass(frozen=True)
class Asked:
    """One question as it is written; ``line`` says which one of the version before it is, 0 a new one."""

    text: str
    kind: str
    topic: str = "other"
    line: int = 0
    options: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    is_required: bool = False
    is_overall: bool = False


@transaction.atomic
def begin(name: str, occasion: str, after_days: int, *, by: Membership) -> Survey:
    """A new questionnaire; it is off until it has something to ask and is switched on."""
    if Survey.objects.filter(name=name.strip()).exists():
        raise Refused(_("已经有同名的问卷。"), "name")
    row = Survey.objects.create(name=name.strip(), occasion=occasion, after_days=after_days, is_on=False)
    record(by, "crm.survey_written", row)
    return row


@transaction.atomic
def change(survey: Survey, name: str, occasion: str, after_days: int, *, by: Membership) -> None:
    if Survey.objects.filter(name=name.strip()).exclude(pk=survey.pk).exists():
        raise Refused(_("已经有同名的问卷。"), "name")
    if survey.is_on:
        _must_be_free(occasion, survey)
    survey.name, survey.occasion, survey.after_days = name.strip(), occasion, after_days
    survey.save()
    record(by, "crm.survey_written", survey)


@transaction.atomic
def write(survey: Survey, questions: Iterable[Asked], *, greeting: str, thanks: str, by: Membership) -> SurveyVersion:
    """Write the draft anew; where there is none, a new version is begun."""
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    asked = list(questions)
    if len(asked) > MOST:
        raise Refused(_("一份问卷最多 %(n)s 题。") % {"n": MOST})
    if sum(one.is_overall for one in asked) > 1:
        raise Refused(_("总体满意度只能有一题。"))
    known = dict(Question.objects.filter(version__survey=held).order_by("version__number").values_list("line", "kind"))
    row = held.versions.filter(state=State.DRAFT).first()
    if row is None:
        last = held.versions.aggregate(last=Max("number"))["last"] or 0
        row = SurveyVersion(survey=held, number=last + 1)
    row.greeting, row.thanks, row.by = greeting.strip(), thanks.strip(), by
    row.save()
    row.questions.all().delete()
    fresh = max(known, default=0)
    for order, one in enumerate(asked):
        line = one.line if known.get(one.line) == one.kind else 0  # another way of answering cannot be counted together
        if not line:
            fresh += 1
            line = fresh
        Question.objects.create(version=row, line=line, order=order, kind=one.kind, text=one.text.strip(), topic=one.topic,
                                options=_options(one), low=one.low.strip(), high=one.high.strip(), is_required=one.is_required,
                                is_overall=one.is_overall and one.kind == QuestionKind.FIVE)
    record(by, "crm.survey_written", held)
    return row


@transaction.atomic
def publish(survey: Survey, *, by: Membership, at: datetime) -> SurveyVersion:
    """From now on this version is asked; what was asked before keeps the words it was asked with."""
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    draft = held.versions.filter(state=State.DRAFT).first()
    if draft is None:
        raise Refused(_("没有要发布的草稿，可能同事刚发布过。"), code="changed")
    questions = list(draft.questions.all())
    if not questions:
        raise Refused(_("还没有问题，先写一题。"))
    bare = next((one for one in questions if one.kind in CHOICES and len(one.options) < 2), None)
    if bare is not None:
        raise Refused(_("“%(text)s”至少要有两个选项。") % {"text": bare.text})
    held.versions.filter(state=State.PUBLISHED).update(state=State.RETIRED)
    draft.state, draft.published_at, draft.by = State.PUBLISHED, at, by
    draft.save()
    record(by, "crm.survey_published", held, version=draft.number)
    return draft


@transaction.atomic
def discard(survey: Survey, *, by: Membership) -> None:
    """The draft goes; what is in use stays."""
    found, _rows = survey.versions.filter(state=State.DRAFT).delete()
    if not found:
        raise Refused(_("没有草稿可以丢掉。"), code="changed")
    record(by, "crm.survey_discarded", survey)


@transaction.atomic
def switch(survey: Survey, *, on: bool, by: Membership) -> None:
    """Off, nobody is asked any more; links that were sent still work."""
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    if on:
        if not held.versions.filter(state=State.PUBLISHED).exists():
            raise Refused(_("先发布一版，才能用。"))
        _must_be_free(held.occasion, held)
    held.is_on = on
    held.save(update_fields=["is_on"])
    record(by, "crm.survey_switched", held, on=on)


def survey_for(occasion: str) -> Survey | None:
    """Which questionnaire is asked by itself at an occasion."""
    return Survey.objects.filter(occasion=occasion, is_on=True).exclude(occasion=Occasion.BY_HAND).first()


def _must_be_free(occasion: str, besides: Survey) -> None:
    other = Survey.objects.filter(occasion=occasion, is_on=True).exclude(occasion=Occasion.BY_HAND).exclude(pk=besides.pk).first()
    if other is not None:
        raise Refused(_("“%(name)s”已经在这个时候问了，先停用它。") % {"name": other.name}, "occasion")


def _options(one: Asked) -> list[str]:
    return list(dict.fromkeys(option.strip() for option in one.options if option.strip())) if one.kind in CHOICES else []

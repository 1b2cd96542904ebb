"""What is done with a 流失个案: its causes with their evidence, talks with the family, and what became of it."""
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from churn.cases.furnish import ready_made
from churn.cases.opening import GIVEN
from churn.models import CaseCause, Cause, ChurnCase, DeepDive
from crm.models import Survey
from crm.opening import quiet_hours, zone
from crm.surveys.asking import Subject, ask
from notifications.actions import settle, tell
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

State = ChurnCase.State
WHOLE = 10  # the causes of one case share ten tenths


@dataclass(frozen=True)
class End:
    """What became of a case: the state it is closed in, how or why, and of who left, when and where to."""

    state: str
    result: str = ""
    natural: str = ""
    left_on: date | None = None
    went_to: str = ""


@transaction.atomic
def close(case: ChurnCase, end: End, *, by: Membership, at: datetime) -> None:
    """What became of it: kept, lost, natural or a false alarm. Lost needs its causes, so that somebody can learn from it."""
    must(by, "churn.case")
    today = timezone.localdate(at)
    _sound(case, end, today)
    told = {"state": end.state, "result": end.result.strip()[:300], "closed_on": today, "closed_by": by,
            "went_to": end.went_to.strip()[:60], "natural": end.natural if end.state == State.NATURAL else ""}
    if end.state in (State.LOST, State.NATURAL):
        told["left_on"] = end.left_on or case.left_on or today
    if not ChurnCase.objects.open().filter(pk=case.pk).update(**told):
        raise Refused(_("同事刚了结了这个个案。"), code="changed")
    case.refresh_from_db()
    settle(f"churn-case-{case.pk}-", at=at)
    record(by, "churn.case_closed", case, state=end.state)


def _sound(case: ChurnCase, end: End, today: date) -> None:
    """What has to be said for each end. Raises Refused at the field that lacks it."""
    if end.state not in State.values or end.state == State.OPEN:
        raise Refused(_("请选这个个案怎么了结。"), "state")
    if end.state == State.NATURAL and end.natural not in GIVEN:
        raise Refused(_("请选是哪一种自然流失。"), "natural")
    if end.state in (State.KEPT, State.MISTAKEN) and not end.result.strip():
        raise Refused(_("请写怎么留住的。") if end.state == State.KEPT else _("请写为什么是误报。"), "result")
    if end.state == State.LOST and not case.causes.exists():
        raise Refused(_("先写至少一个原因，再按流失了结。"), "state", code="no_cause")
    if end.left_on is not None and end.left_on > today:
        raise Refused(_("离开的日子还没到，等那天再了结。"), "left_on")


@transaction.atomic
def reopen(case: ChurnCase, *, by: Membership) -> None:
    """Closed by mistake, or not over after all."""
    must(by, "churn.case")
    fresh = {"state": State.OPEN, "closed_on": None, "closed_by": None, "natural": "", "result": ""}
    try:
        with transaction.atomic():
            done = ChurnCase.objects.filter(pk=case.pk).exclude(state=State.OPEN).update(**fresh)
    except IntegrityError:
        raise Refused(_("这个孩子又有了一个在处理的个案，请写在那里面。"), code="open_already") from None
    if not done:
        raise Refused(_("这个个案还在处理，不用重开。"), code="changed")
    case.refresh_from_db()
    record(by, "churn.case_reopened", case)


@transaction.atomic
def hand_to(case: ChurnCase, owner: Membership, *, by: Membership, at: datetime) -> None:
    must(by, "churn.case")
    if not owner.is_active or not owner.may("churn.case"):
        raise Refused(_("%(name)s 不能处理流失个案，请选别的同事。") % {"name": owner.name}, "owner")
    if not ChurnCase.objects.open().filter(pk=case.pk).update(owner=owner):
        raise Refused(_("这个个案已经了结了。"), code="changed")
    case.refresh_from_db()
    settle(f"churn-case-{case.pk}-", at=at)
    record(by, "churn.case_handed", case, to=owner.pk)
    if owner.pk != by.pk:
        tell([owner], _("有一个流失个案交给您处理"), key=f"churn-case-{case.pk}-{at:%Y%m%d%H%M%S%f}", link=f"churn/cases/{case.pk}/", at=at)


@transaction.atomic
def mark_typical(case: ChurnCase, is_typical: bool, *, by: Membership) -> None:
    """典型个案 (C13): one that the weekly meeting looks into deeply."""
    must(by, "churn.case")
    ChurnCase.objects.filter(pk=case.pk).update(is_typical=is_typical)
    case.refresh_from_db()
    record(by, "churn.case_marked", case, typical=is_typical)


@transaction.atomic
def name_cause(case: ChurnCase, cause: Cause, *, weight: int, evidence: str, by: Membership) -> CaseCause:
    """A cause with its share and what it rests on; named again, it is put right. All shares together are ten tenths at most."""
    must(by, "churn.case")
    if not evidence.strip():
        raise Refused(_("请写依据：谁说的、看到了什么。"), "evidence")
    if not cause.is_open:
        raise Refused(_("这个原因已经停用，请选别的。"), "cause")
    if not 1 <= weight <= WHOLE:
        raise Refused(_("占几成写 1 到 10。"), "weight")
    ChurnCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    others = sum(case.causes.exclude(cause=cause).values_list("weight", flat=True))
    if others + weight > WHOLE:
        raise Refused(_("别的原因已经占了 %(n)s 成，这个最多 %(left)s 成。") % {"n": others, "left": WHOLE - others}, "weight")
    row: CaseCause = CaseCause.objects.update_or_create(case=case, cause=cause, defaults={
        "weight": weight, "evidence": evidence.strip()[:300], "by": by})[0]
    record(by, "churn.cause_named", case, cause=cause.pk)
    return row


@transaction.atomic
def drop_cause(row: CaseCause, *, by: Membership) -> None:
    """A lost case keeps one at least, as it was closed with."""
    must(by, "churn.case")
    if row.case.state == State.LOST and not row.case.causes.exclude(pk=row.pk).exists():
        raise Refused(_("按流失了结的个案至少留一个原因；先写对的，再去掉这个。"), code="no_cause")
    record(by, "churn.cause_dropped", row.case, cause=row.cause_id)
    row.delete()


@transaction.atomic
def send_questionnaire(case: ChurnCase, survey: Survey | None, *, by: Membership, at: datetime) -> DeepDive:
    """深入了解 by 问卷 (C13b): the family is asked by a link, once for each questionnaire; its answers come back to the case.

    None asks with the ready-made one.
    """
    must(by, "churn.case")
    if case.state != State.OPEN:
        raise Refused(_("个案已经了结，不再发问卷。"), code="changed")
    survey = survey or ready_made()
    subject = Subject(f"churn-{case.pk}-{survey.pk}", case.campus, child=case.child)
    response = ask(survey, case.customer, subject, by=by, at=quiet_hours().over(at, zone()))
    if response is None:
        raise Refused(_("这份问卷停用了、还没发布，或者已经为这个个案问过。"), "survey")
    row: DeepDive = DeepDive.objects.create(case=case, way=DeepDive.Way.QUESTIONNAIRE, on=timezone.localdate(at), response=response, by=by)
    record(by, "churn.questionnaire_sent", case)
    return row


@transaction.atomic
def note_talk(case: ChurnCase, way: str, *, on: date, answers: list[tuple[str, str]], by: Membership, at: datetime) -> DeepDive:
    """深入了解 (C13): what the family said, question by question; what was not answered is left out."""
    must(by, "churn.case")
    said = [[asked, words.strip()[:500]] for asked, words in answers if words.strip()]
    if way not in DeepDive.Way.values:
        raise Refused(_("请选怎么了解的。"), "way")
    if not said:
        raise Refused(_("请至少写下一个回答。"), "answers")
    if on > timezone.localdate(at):
        raise Refused(_("这一天还没到。"), "on")
    row: DeepDive = DeepDive.objects.create(case=case, way=way, on=on, answers=said, by=by)
    record(by, "churn.talk_noted", case)
    return row

"""发给一批家庭: everybody with a child enrolled at a campus, or in a class, is asked the same questionnaire (R32a)."""
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import ClassGroup, Customer, Enrolment, Survey, SurveyVersion
from crm.opening import quiet_hours, zone
from crm.surveys.asking import Subject, ask_all
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused

MOST = 2000  # families at once, in one transaction


@transaction.atomic
def send_to(survey: Survey, campus: Campus, group: ClassGroup | None, *, by: Membership, at: datetime) -> int:
    """How many families are asked. Who was asked by the same version is not asked again, so sending twice asks nobody twice."""
    if not survey.is_on:
        raise Refused(_("这份问卷停用了，先启用。"))
    version = survey.versions.filter(state=SurveyVersion.State.PUBLISHED).first()
    if version is None:
        raise Refused(_("先发布一版，才能发出去。"))
    families = _families(campus, group, at)
    if len(families) > MOST:
        raise Refused(_("一次最多发给 %(n)s 家，请按班级发。") % {"n": MOST}, "class_group")
    when = quiet_hours().over(at, zone())
    whom = [(customer, Subject(f"sent-{version.pk}-{customer.pk}", campus)) for customer in families]
    count = len(ask_all(survey, whom, at=when))
    if not count:
        raise Refused(_("没有要发的家庭：没有在园的孩子，或者都已经发过了。"))
    record(by, "crm.survey_sent", survey, families=count)
    return count


def _families(campus: Campus, group: ClassGroup | None, at: datetime) -> list[Customer]:
    here = Enrolment.objects.on(timezone.localdate(at)).filter(campus=campus)
    here = here.filter(class_group=group) if group else here
    rows = Customer.objects.present().filter(pk__in=here.values("child__family__customer_id"))
    return list(rows.order_by("id")[:MOST + 1])

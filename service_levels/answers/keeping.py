"""What is done with 常见问题 and 答复模板: written, put away, filled in."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.queries import addressee
from service_levels.models import AnswerTemplate, Faq, ServiceRequest
from service_levels.plans.telling import answer_discreetly
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused
from tenancy.scope import current_tenant, current_tenant_id

WRITE = "crm.log"  # whoever answers families
MOST = 300         # of each in a school: what is searched on every question
BLANKS: Mapping[str, str] = {"家长": "guardian", "编号": "number", "机构": "school", "我": "me"}
COUNT = """INSERT INTO service_levels_faqday (tenant_id, faq_id, day, shown, helped)
           SELECT %(tenant)s, f.id, %(day)s, %(shown)s, %(helped)s FROM service_levels_faq f
           WHERE f.tenant_id = %(tenant)s AND f.id = ANY(%(faqs)s) AND f.is_on ORDER BY f.id
           ON CONFLICT (tenant_id, faq_id, day) DO UPDATE
           SET shown = service_levels_faqday.shown + excluded.shown, helped = service_levels_faqday.helped + excluded.helped"""


@transaction.atomic
def keep_faq(row: Faq, *, by: Membership, at: datetime) -> Faq:
    """A new question or a changed one. Raises Refused where the school has as many as are searched at once, and for words that say what
    the school thinks of its families.
    """
    must(by, WRITE)
    if row.pk is None and Faq.objects.count() >= MOST:
        raise Refused(_("最多 %(n)s 条，先把不用的去掉。") % {"n": MOST})
    answer_discreetly(row.question, "question")
    answer_discreetly(row.answer, "answer")
    row.edited_at, row.edited_by = at, by
    row.save()
    record(by, "service.faq_kept", row)
    return row


@transaction.atomic
def show_faq(row: Faq, is_on: bool, *, by: Membership, at: datetime) -> None:
    """Let parents see it, or not any more; what was counted stays."""
    must(by, WRITE)
    Faq.objects.filter(pk=row.pk).update(is_on=is_on, edited_at=at, edited_by=by)
    record(by, "service.faq_shown" if is_on else "service.faq_hidden", row)


@transaction.atomic
def keep_template(row: AnswerTemplate, *, by: Membership) -> AnswerTemplate:
    must(by, WRITE)
    if row.pk is None and AnswerTemplate.objects.count() >= MOST:
        raise Refused(_("最多 %(n)s 条，先把不用的去掉。") % {"n": MOST})
    answer_discreetly(row.text, "text")
    row.save()
    record(by, "service.template_kept", row)
    return row


@transaction.atomic
def drop_template(row: AnswerTemplate, *, by: Membership) -> None:
    must(by, WRITE)
    record(by, "service.template_dropped", row)
    row.delete()


def count(faqs: list[int], *, shown: int = 0, helped: int = 0, at: datetime) -> None:
    """One more time for each, in one statement that any number may run at once."""
    if not faqs:
        return
    told: dict[str, Any] = {"tenant": current_tenant_id(), "faqs": faqs, "day": timezone.localdate(at), "shown": shown, "helped": helped}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, told)


def filled(text: str, row: ServiceRequest, *, by: Membership) -> str:
    """A template for one request: the blanks of the school's words filled; what is no blank stays as it was written."""
    to = addressee(row.customer) if row.customer else None
    facts = {"guardian": to.name if to else row.caller or _("家长"), "number": row.number, "school": current_tenant().name, "me": by.name}
    for blank, fact in BLANKS.items():
        text = text.replace("{" + blank + "}", facts[fact])
    return text

"""删除孩子的信息: what is known of a child goes for good when its purpose is gone (SPEC B13; PIPL art. 47).

The family stays and is called by its guardian. Row history, search and the texts about the child go with it; the audit and
the counts keep numbers only.
"""
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from audit.actions import record
from crm.archive import family_title, refresh_search
from crm.models import (
    CHILD_FIELDS,
    Answer,
    Attendance,
    Child,
    Customer,
    Enrolment,
    Lead,
    LessonPackage,
    Merge,
    Payment,
    Satisfaction,
    SurveyResponse,
    TimelineEntry,
)
from tenancy.models import Membership
from tenancy.refusals import Refused

KEPT_FOR = (Enrolment, Attendance, LessonPackage, Payment)  # a child with one of these is a customer's child, not an enquiry's


def only_asked() -> QuerySet[Child]:
    """Children nobody knows but from an enquiry: never enrolled, never taught, nothing paid for, in no sheet of the school."""
    rows = Child.objects.filter(import_run=None)
    for model in KEPT_FOR:
        rows = rows.filter(~Exists(model.objects.filter(child=OuterRef("pk"))))
    return rows


@transaction.atomic
def forget_child(child: Child, *, by: Membership | None) -> None:
    """Delete a child that is known only from an enquiry; whoever is or was in the school is refused."""
    row = only_asked().select_for_update(of=("self",)).select_related("family__customer").filter(pk=child.pk).first()
    if row is None:
        raise Refused(_("这个孩子有在园、上课或缴费记录，不能这样删除。"))
    customer = row.family.customer
    TimelineEntry.objects.filter(child=row).update(text="", child=None)
    _leave_out_answers(row)
    Child.objects.filter(pk=row.pk).delete()
    Child.events.rel.related_model.objects.filter(pgh_obj_id=row.pk).delete()
    _call_by_guardian(customer, row.name)
    refresh_search([customer])
    record(by, "crm.child_forgotten", customer, child=row.pk)


@transaction.atomic
def forget_told(lead: Lead, *, at: datetime) -> None:
    """What an enquiry said of a child goes; that it came, by which channel and with what answer stays."""
    row = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    row.leave_out(*CHILD_FIELDS, "special")  # special: mostly what the child must not eat
    row.child_forgotten_at = at
    row.save(update_fields=["typed_sealed", "child_forgotten_at"])


def _leave_out_answers(child: Child) -> None:
    """What was said in a questionnaire about the child goes; the scores stay."""
    rows = SurveyResponse.objects.filter(child=child)
    Satisfaction.objects.filter(pk__in=rows.values("satisfaction")).update(comment="")
    Answer.objects.filter(response__in=rows).update(words="")


def _call_by_guardian(customer: Customer, name: str) -> None:
    """A family named after the child gets its new name at once, and so do the states of it that are remembered."""
    if name not in customer.name:
        return
    guardian = customer.family.guardians.order_by("id").first()
    old, rest = customer.name, customer.family.children.order_by("id").values_list("name", flat=True)
    title = family_title(list(rest), guardian.name if guardian else "")
    Customer.objects.filter(pk=customer.pk).update(name=title, version=F("version") + 1)
    customer.name = title
    customer.events.filter(Q(name=old) | Q(name__contains=name)).update(name=title)
    for merge in Merge.objects.filter(kept=customer, before__kept__name__icontains=name):
        merge.before["kept"]["name"] = title
        merge.save(update_fields=["before"])

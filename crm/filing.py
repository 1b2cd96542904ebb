"""建档: an enquiry becomes part of the archive: the family found by its number or made, the child, the consent, the timeline."""
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.actions import answer_consent, family_with_phone
from crm.archive import draw_refs, family_title, refresh_search, set_phone
from crm.models import Child, Customer, CustomerType, EntryKind, Family, Guardian, Lead, LeadChannel, TimelineEntry
from crm.naming import syllables
from tenancy.models import Membership
from tenancy.scope import current_tenant_id

CHANNEL = {LeadChannel.ONLINE: "online", LeadChannel.PHONE: "phone", LeadChannel.WECHAT: "wechat", LeadChannel.WALK_IN: "face"}
LINES = {"needs": _("想了解：%(said)s"), "course": _("意向课程：%(said)s"), "special": _("特殊要求：%(said)s"),
         "when": _("想约的时间：%(said)s")}


@transaction.atomic
def file_lead(lead: Lead, *, title: str, at: datetime, kind: str = EntryKind.CONSULTATION, moment: datetime | None = None,
              by: Membership | None = None) -> Customer:
    """Find or make the family, and write down what was asked. Filing again changes nothing (SPEC R8, DESIGN §8).

    The timeline says it as a consultation of the time it came in, unless another ``kind`` and ``moment`` are given.

    The second child of a family comes to the same family. Without the guardian's yes nothing of a child is kept.
    """
    row = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if row.filed_at is not None and row.customer is not None:  # read after the row was held: who filed it a moment ago counts
        return row.customer
    told = row.told()
    _one_at_a_time(row.phone_index)
    customer = family_with_phone(told["phone"]) or _new_family(row, told, at)
    guardian = _guardian(customer, told)
    child = _child(customer, told) if row.child_data else None
    if row.notice_version:
        answer_consent(customer.family, guardian=guardian, granted=row.child_data, notice=row.notice_version, by=None, at=row.at)
    TimelineEntry.objects.create(customer=customer, child=child, kind=kind, channel=CHANNEL.get(row.channel, "other"),
                                 at=moment or row.at, day=timezone.localdate(moment or row.at), by=by or row.by, title=title[:80],
                                 text=asked(told))
    Lead.objects.filter(pk=row.pk).update(customer=customer, child=child, filed_at=at)
    refresh_search([customer])
    record(None, "crm.lead_filed", customer, lead=row.pk)
    return customer


def _one_at_a_time(phone_index: str) -> None:
    """Two enquiries with one number are filed one after the other, so that the second finds the family of the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [phone_index, current_tenant_id()])


def asked(told: dict[str, object]) -> str:
    """What the parent wants to know, line by line."""
    words = {name: "、".join(value) if isinstance(value, list) else value for name, value in told.items()}
    return "\n".join(str(line) % {"said": words[name]} for name, line in LINES.items() if words.get(name))


def _new_family(lead: Lead, told: dict[str, str], at: datetime) -> Customer:
    kind = CustomerType.objects.filter(half="family").order_by("id").first()
    name = family_title([told["child_name"]] if lead.child_data and told.get("child_name") else [], told["guardian_name"])
    customer = Customer.objects.create(type=kind, campus=lead.campus, external_ref=draw_refs(1)[0], name=name, since=timezone.localdate(at),
                                       source=lead.source, owner=lead.by)
    family = Family.objects.create(customer=customer)
    guardian = Guardian(family=family, name=told["guardian_name"], decides=True)
    set_phone(guardian, told["phone"])
    guardian.save(force_insert=True)
    return customer


def _guardian(customer: Customer, told: dict[str, str]) -> Guardian | None:
    """Whoever of the family gave this number; the one of the same name among several."""
    rows = [g for g in customer.family.guardians.all() if g.phone_tail == told["phone"][-4:]]
    return next((g for g in rows if g.name == told["guardian_name"]), rows[0] if rows else None)


def _child(customer: Customer, told: dict[str, str]) -> Child | None:
    """The child by name, or by month of birth where no name was given; a new one is added."""
    name, born_on = told.get("child_name", ""), _month(told.get("birth_month", ""))
    known = list(customer.family.children.all())
    for child in known:
        same = child.name == name or syllables(child.name) == syllables(name) if name else _same_month(child, born_on)
        if same and (born_on is None or child.born_on is None or _same_month(child, born_on)):
            return child
    if not name and born_on is None:
        return None
    return Child.objects.create(family=customer.family, name=name or _("宝宝"), born_on=born_on)


def _same_month(child: Child, born_on: date | None) -> bool:
    return child.born_on is not None and born_on is not None and (child.born_on.year, child.born_on.month) == (born_on.year, born_on.month)


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None

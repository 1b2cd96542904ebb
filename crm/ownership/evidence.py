"""What is on record of who reached a family, when and how: the timeline of both files, enquiries, who began the file (SPEC B25)."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Entry
from crm.access import customers
from crm.models import Customer, Dispute, Enrolment, EntryKind, Lead, TimelineEntry
from crm.ownership.judging import Touch
from tenancy.models import Membership
from tenancy.roles import RIGHTS

KINDS = (EntryKind.CONTACT, EntryKind.CONSULTATION, EntryKind.VISIT)
LOOK_BACK = timedelta(days=60)
MOST = 50


@dataclass(frozen=True)
class Fact:
    """One line of evidence, in words, at its moment."""

    at: datetime
    who: Membership
    what: str
    text: str
    campus: str
    is_visit: bool = False

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)


def facts(files: Iterable[Customer]) -> list[Fact]:
    """Everything on record, the earliest first; what nobody is named for is no evidence."""
    rows = {row.pk: row for row in files}
    found = [*_timeline(rows), *_leads(rows), *_begun(rows)]
    return sorted(found, key=lambda fact: (fact.at, fact.who.pk))


def _timeline(rows: dict[int, Customer]) -> Iterable[Fact]:
    entries = TimelineEntry.objects.filter(customer__in=rows, kind__in=KINDS).exclude(by=None).select_related("by")
    for entry in entries:
        yield Fact(entry.at, entry.by, str(entry.get_kind_display()), entry.title or entry.text[:80], rows[entry.customer_id].campus.name,
                   entry.kind == EntryKind.VISIT)


def _leads(rows: dict[int, Customer]) -> Iterable[Fact]:
    for lead in Lead.objects.filter(customer__in=rows).exclude(by=None).select_related("by", "campus"):
        yield Fact(lead.at, lead.by, _("登记来询"), str(lead.get_channel_display()), lead.campus.name)


def _begun(rows: dict[int, Customer]) -> Iterable[Fact]:
    acts = Entry.objects.filter(verb="crm.family_added", object_type="crm.customer", object_id__in=list(rows))
    for act in acts.exclude(actor=None).select_related("actor"):
        yield Fact(act.at, act.actor, _("建档"), "", rows[act.object_id].campus.name)


def touches(found: Iterable[Fact]) -> list[Touch]:
    return [Touch(fact.who.pk, fact.on, fact.is_visit) for fact in found]


def looks_disputed(member: Membership, today: date) -> QuerySet[Any]:
    """Families not yet enrolled that two colleagues of enrolment were in touch with lately, and that nobody has decided about."""
    roles = [role for role, rights in RIGHTS.items() if {"crm.change", "crm.log"} <= rights]
    lately = Q(timeline__kind__in=KINDS, timeline__day__gt=today - LOOK_BACK, timeline__by__role__in=roles)
    enrolled = Enrolment.objects.values("child__family__customer")
    judged = Dispute.objects.values("customer")
    rows = customers(member).exclude(pk__in=enrolled).exclude(pk__in=judged)
    rows = rows.annotate(reached=Count("timeline__by", filter=lately, distinct=True))
    return rows.filter(reached__gte=2).order_by(F("reached").desc(), "pk")[:MOST]

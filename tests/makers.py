"""Plain makers of real rows; each must be called inside a tenant scope."""
from datetime import date

from django.utils import timezone

from crm.archive import draw_refs, family_title, refresh_search, set_phone
from crm.imports.facts import at_noon
from crm.models import (
    Child,
    Customer,
    CustomerType,
    Enrolment,
    EntryKind,
    Family,
    FeeKind,
    Guardian,
    Payment,
    Referral,
    TimelineEntry,
)
from tenancy.models import Campus
from tenancy.sealing import blind_index


def campus() -> Campus:
    return Campus.objects.order_by("id").first()


def family(child: str = "周小满", phone: str = "13800138000", since: date = date(2024, 9, 1), *, enrolled: bool = True,
           guardian: str = "罗女士", at: Campus | None = None, born_on: date = date(2021, 5, 1), owner=None) -> Customer:
    kind = CustomerType.objects.filter(half="family").first()
    customer = Customer.objects.create(type=kind, campus=at or campus(), external_ref=draw_refs(1)[0],
                                       name=family_title([child]), since=since, owner=owner)
    home = Family.objects.create(customer=customer)
    person = Guardian(family=home, name=guardian, relation="mother")
    set_phone(person, phone)
    person.save(force_insert=True)
    kid = Child.objects.create(family=home, name=child, born_on=born_on)
    if enrolled:
        Enrolment.objects.create(child=kid, campus=customer.campus, from_on=since)
    refresh_search([customer])
    return customer


def payment(customer: Customer, yuan: int, on: date, kind: str = "保教费", list_yuan: int | None = None) -> Payment:
    fee = FeeKind.objects.get_or_create(name=kind)[0]
    return Payment.objects.create(customer=customer, fee_kind=fee, paid_on=on, amount_fen=yuan * 100,
                                  list_fen=list_yuan * 100 if list_yuan else None)


def entry(customer: Customer, kind: str = EntryKind.CONTACT, on: date | None = None, title: str = "") -> TimelineEntry:
    day = on or timezone.localdate()
    return TimelineEntry.objects.create(customer=customer, kind=kind, day=day, at=at_noon(day), title=title)


def referral(customer: Customer, on: date, converted_on: date | None = None, phone: str = "13900139000") -> Referral:
    made = Referral(referrer=customer, referred_on=on, converted_on=converted_on, phone_index=blind_index(phone),
                    result="converted" if converted_on else "visited")
    made.phone = phone
    made.save(force_insert=True)
    return made

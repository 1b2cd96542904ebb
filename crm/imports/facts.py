"""活动、考勤、课时包、线索、在园记录、合作机构: dated facts of families the archive knows."""
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from crm.archive import draw_refs, refresh_search, set_phone
from crm.imports.ledger import BATCH, Known, Ledger, Row, taken_refs
from crm.imports.records import FactLine, PartnerLine
from crm.models import (
    Attendance,
    Channel,
    Child,
    ClassGroup,
    Customer,
    CustomerType,
    Enrolment,
    EntryKind,
    Family,
    Guardian,
    LessonPackage,
    Partner,
    TimelineEntry,
)


def at_noon(day: date) -> datetime:
    """A day without an hour stands at noon of the campus."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def _of_known_families(make: Callable[[Ledger, FactLine, int, int | None], Any], *, child_needed: bool = False
                       ) -> Callable[[Ledger, Sequence[Row]], None]:
    """An importer for rows that name a family by phone, and maybe a child of it."""
    def apply(ledger: Ledger, rows: Sequence[Row]) -> None:
        known = Known.by_phones(row.line.phone for row in rows)
        fresh = []
        for row in rows:
            line: FactLine = row.line
            customer = known.customer(line.phone)
            child = next(iter(known.named(line.phone, line.child_name)), None)
            if customer is None:
                ledger.refuse(row, "phone", "档案里没有这个号码的家庭，先导入花名册")
            elif child is None and (child_needed or line.child_name):
                ledger.refuse(row, "child_name", f"这家没有叫“{line.child_name}”的孩子")
            else:
                fresh.append((row, make(ledger, line, customer, child.pk if child else None)))
        _insert_unless_there(ledger, fresh)
    return apply


# one fact is told from another by these
_KEYS = {TimelineEntry: ("customer_id", "child_id", "kind", "day", "title"), Attendance: ("child_id", "day"),
         LessonPackage: ("customer_id", "child_id", "course", "bought_on"), Enrolment: ("child_id", "from_on")}
# what a later sheet may say anew of a known fact: attendance is corrected, a stay gets what it lacks, lessons are counted here meanwhile
_CORRECTED = {Attendance: ("status",)}
_FILLED = {Enrolment: ("class_group_id", "until_on", "outcome")}
_SAID = {LessonPackage: ("bought", "gifted", "used")} | _CORRECTED | _FILLED


def _values(obj: Any, fields: dict[Any, tuple[str, ...]]) -> tuple[Any, ...]:
    return tuple(getattr(obj, name) for name in fields.get(type(obj), ()))


def _key(obj: Any) -> tuple[Any, ...]:
    """Two consultations of a day are told from each other also by what was said."""
    said = obj.text if isinstance(obj, TimelineEntry) and obj.kind == EntryKind.CONSULTATION else ""
    return (*_values(obj, _KEYS), said)


def _insert_unless_there(ledger: Ledger, fresh: list[tuple[Row, Any]]) -> None:
    if not fresh:
        return
    model = type(fresh[0][1])
    owner = "child_id" if model in (Attendance, Enrolment) else "customer_id"
    ids = {getattr(obj, owner) for _row, obj in fresh}
    there = {_key(obj): obj for obj in model.objects.filter(**{f"{owner}__in": ids})}
    first: dict[tuple[Any, ...], Any] = {}
    new = []
    for row, obj in fresh:
        key = _key(obj)
        known, before = there.get(key), first.setdefault(key, obj)
        if before is not obj:
            _doubled(ledger, row, before, obj)
        elif known is None:
            new.append(obj)
        elif known.import_run_id == ledger.run.pk:  # an earlier batch of this sheet wrote it
            _doubled(ledger, row, known, obj)
        else:
            _compare(ledger, known, obj)
    model.objects.bulk_create(new, batch_size=BATCH)
    ledger.counts["new"] += len(new)


def _compare(ledger: Ledger, known: Any, said: Any) -> None:
    """A fact the archive has: what the sheet says otherwise is taken over and can be undone with the import."""
    changed = {name: getattr(said, name) for name in _CORRECTED.get(type(known), ())}
    changed |= {name: getattr(said, name) for name in _FILLED.get(type(known), ()) if not getattr(known, name)}
    changed = {name: value for name, value in changed.items() if value and value != getattr(known, name)}
    if changed:
        ledger.update(known, **changed)
    ledger.counts["changed" if changed else "unchanged"] += 1


def _doubled(ledger: Ledger, row: Row, first: Any, again: Any) -> None:
    """The same fact twice in one sheet: the first row counts, and a second one that says otherwise is pointed out."""
    ledger.counts["unchanged"] += 1
    if _values(first, _SAID) != _values(again, _SAID):
        ledger.remark(row, "doubled", "day", "这份表里前面已有同一天的一行，内容不同；只导入了前面那行，请核对")


def _event(ledger: Ledger, line: FactLine, customer: int, child: int | None) -> TimelineEntry:
    return TimelineEntry(customer_id=customer, child_id=child, kind=EntryKind.EVENT, channel=Channel.SIGN_IN, day=line.day,
                         at=at_noon(line.day), title=line.values["title"], import_run=ledger.run)


def _attendance(ledger: Ledger, line: FactLine, customer: int, child: int | None) -> Attendance:
    return Attendance(child_id=child, day=line.day, status=line.values["status"], import_run=ledger.run)


def _lessons(ledger: Ledger, line: FactLine, customer: int, child: int | None) -> LessonPackage:
    return LessonPackage(customer_id=customer, child_id=child, bought_on=line.day, import_run=ledger.run, **line.values)


def _enrolment(ledger: Ledger, line: FactLine, customer: int, child: int | None) -> Enrolment:
    group = None
    if line.values["class_name"]:
        group, made = ClassGroup.objects.get_or_create(campus=ledger.campus, name=line.values["class_name"],
                                                       defaults={"import_run": ledger.run})
        if made:
            ledger.new_classes.append(group.name)
    return Enrolment(child_id=child, campus=ledger.campus, class_group=group, from_on=line.day, import_run=ledger.run,
                     until_on=line.values["until_on"], outcome=line.values["outcome"])


activities = _of_known_families(_event)
attendance = _of_known_families(_attendance, child_needed=True)
lessons = _of_known_families(_lessons)
enrolments = _of_known_families(_enrolment, child_needed=True)


def leads(ledger: Ledger, rows: Sequence[Row]) -> None:
    """A prospect is a family without an enrolment; the consultation stands on its timeline."""
    known = Known.by_phones(row.line.phone for row in rows)
    entries, made = [], []
    for row in rows:
        line: FactLine = row.line
        customer = known.customer(line.phone)
        if customer is None:
            fresh = _prospect(ledger, line)
            made.append(fresh)
            customer = fresh.pk
            known.family_of[line.phone] = fresh.family.pk
            known.customer_of[fresh.family.pk] = customer
            ledger.counts["families"] += 1
        entries.append((row, TimelineEntry(customer_id=customer, kind=EntryKind.CONSULTATION, day=line.day, at=at_noon(line.day),
                                           title="咨询", text=line.values["text"], import_run=ledger.run)))
    refresh_search(made)
    _insert_unless_there(ledger, entries)


def _prospect(ledger: Ledger, line: FactLine) -> Customer:
    values = line.values
    title = f"{line.child_name or values['guardian_name']}一家"
    customer = Customer.objects.create(type=ledger.customer_type, campus=ledger.campus, external_ref=draw_refs(1)[0],
                                       name=title, since=line.day, source=values["source"], import_run=ledger.run)
    family = Family.objects.create(customer=customer)
    guardian = Guardian(family=family, name=values["guardian_name"], decides=True, import_run=ledger.run)
    set_phone(guardian, line.phone)
    guardian.save(force_insert=True)
    if line.child_name:
        Child.objects.create(family=family, name=line.child_name, born_on=values["born_on"], import_run=ledger.run)
    return customer


def partners(ledger: Ledger, rows: Sequence[Row]) -> None:
    kind = CustomerType.objects.get(code="partner")
    there = set(Customer.objects.filter(type=kind).values_list("name", flat=True))
    taken = set(taken_refs(row.line.external_ref for row in rows))
    made = []
    for row in rows:
        line: PartnerLine = row.line
        if line.name in there:
            ledger.counts["unchanged"] += 1
            continue
        if line.external_ref in taken:
            ledger.refuse(row, "external_ref", f"编号“{line.external_ref}”已经有客户在用，请核对")
            continue
        there.add(line.name)
        taken |= {line.external_ref} - {""}
        customer = Customer.objects.create(type=kind, campus=ledger.campus, name=line.name, since=line.since or ledger.today,
                                           external_ref=line.external_ref or draw_refs(1, "P", besides=taken)[0], import_run=ledger.run)
        partner = Partner(customer=customer, contact=line.contact, field=line.field)
        partner.phone = line.phone
        partner.save(force_insert=True) if partner.pk else partner.save()
        made.append(customer)
    refresh_search(made)
    ledger.counts["new"] += len(made)

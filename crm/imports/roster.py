"""花名册: families are found by phone, children by name within the family; what is new is written in bulk."""
from collections.abc import Sequence

from crm.archive import draw_refs, family_title, refresh_search, set_phone
from crm.imports.ledger import BATCH, Known, Ledger, Row
from crm.imports.records import RosterLine
from crm.models import Child, ClassGroup, Customer, Enrolment, Family, Guardian
from tenancy.models import Campus


def apply(ledger: Ledger, rows: Sequence[Row]) -> None:
    known = Known.by_phones(row.line.phone for row in rows)
    writer = _Writer(ledger, known)
    for position, row in enumerate(rows):
        writer.take(row)
        if position % BATCH == 0:
            ledger.tick(position)
    writer.flush()


def _same_birthday(child: Child, line: RosterLine) -> bool:
    """Two children of one family may share a name; an unknown birthday speaks against neither."""
    return None in (child.born_on, line.born_on) or child.born_on == line.born_on


class _Writer:
    """Collects new rows in memory with ids drawn ahead, then inserts each table once."""

    def __init__(self, ledger: Ledger, known: Known) -> None:
        self.ledger, self.known = ledger, known
        self.campuses = {c.name: c for c in Campus.objects.all()} | {c.code: c for c in Campus.objects.all()}
        self.classes = {(g.campus_id, g.name): g for g in ClassGroup.objects.all()}
        self.customers: list[Customer] = []
        self.families: list[Family] = []
        self.guardians: list[Guardian] = []
        self.children: list[Child] = []
        self.enrolments: list[Enrolment] = []
        self.touched: set[int] = set()
        self.ids: dict[type, list[int]] = {}

    def take(self, row: Row) -> None:
        line: RosterLine = row.line
        campus = self.campuses.get(line.campus) if line.campus else self.ledger.campus
        if campus is None:
            return self.ledger.refuse(row, "campus", f"没有叫“{line.campus}”的园所，先在“园所”里添加")
        family_id = self.known.family_of.get(line.phone) or self._new_family(line, campus)
        same = [child for child in self.known.named(line.phone, line.child_name) if _same_birthday(child, line)]
        if same:
            return self._known_child(row, same[0], campus)
        twin = self._nearly(line)
        if twin:
            self.ledger.remark(row, "duplicate", "child_name",
                               f"同号码、同生日，已有“{twin.name}”，可能是同一个孩子；已按新孩子导入")
        self._new_child(line, family_id, campus)

    def _nearly(self, line: RosterLine) -> Child | None:
        family = self.known.family_of.get(line.phone, 0)
        return next((c for c in self.known.children.get(family, []) if line.born_on and c.born_on == line.born_on
                     and len(c.name) == len(line.child_name)
                     and sum(a != b for a, b in zip(c.name, line.child_name, strict=True)) == 1
                     and c.import_run_id != self.ledger.run.pk), None)

    def _known_child(self, row: Row, child: Child, campus: Campus) -> None:
        """The same child again: in this very file a doubled row, else an update of what is empty or changed."""
        line: RosterLine = row.line
        if child.import_run_id == self.ledger.run.pk:
            return self.ledger.remark(row, "doubled", "child_name", f"“{child.name}”在这份表里已有一行，未重复导入")
        wanted = {"born_on": line.born_on, "sex": line.sex}
        changed = {name: value for name, value in wanted.items() if value and getattr(child, name) != value}
        if changed:
            self.ledger.update(child, **changed)
        moved = self._enrol(child, line, campus)
        self.ledger.counts["changed" if changed or moved else "unchanged"] += 1

    def _new_family(self, line: RosterLine, campus: Campus) -> int:
        customer = Customer(pk=self._id(Customer), type=self.ledger.customer_type, campus=campus, external_ref=line.external_ref,
                            name="", since=line.enrolled_on or self.ledger.today, import_run=self.ledger.run, source="")
        family = Family(pk=self._id(Family), customer=customer)
        family.address = line.address
        guardian = Guardian(pk=self._id(Guardian), family=family, name=line.guardian_name, relation=line.relation,
                            occupation=line.occupation, decides=True, pays=True, import_run=self.ledger.run)
        set_phone(guardian, line.phone)
        self.customers.append(customer)
        self.families.append(family)
        self.guardians.append(guardian)
        self.known.family_of[line.phone] = family.pk
        self.known.customer_of[family.pk] = customer.pk
        self.known.children[family.pk] = []
        self.ledger.counts["families"] += 1
        return int(family.pk)

    def _new_child(self, line: RosterLine, family_id: int, campus: Campus) -> None:
        child = Child(pk=self._id(Child), family_id=family_id, name=line.child_name, sex=line.sex, born_on=line.born_on,
                      import_run=self.ledger.run)
        child.health = line.health
        self.children.append(child)
        self.known.children[family_id].append(child)
        self.touched.add(self.known.customer_of[family_id])
        self.ledger.counts["new"] += 1
        if line.enrolled_on or line.class_name:
            self._new_enrolment(child, line, campus)

    def _enrol(self, child: Child, line: RosterLine, campus: Campus) -> bool:
        """A known child in another class than the sheet says moves there; True when something changed."""
        if not line.class_name:
            return False
        current = Enrolment.objects.filter(child=child).select_related("class_group").on(self.ledger.today).first()
        if current is None:
            self._new_enrolment(child, line, campus)
            return True
        group = self._class(campus, line.class_name)
        if current.class_group_id == group.pk:
            return False
        if group._state.adding:
            self._insert_classes()
        self.ledger.update(current, class_group_id=group.pk)
        return True

    def _new_enrolment(self, child: Child, line: RosterLine, campus: Campus) -> None:
        group = self._class(campus, line.class_name) if line.class_name else None
        self.enrolments.append(Enrolment(child=child, campus=campus, class_group=group,
                                         from_on=line.enrolled_on or self.ledger.today, import_run=self.ledger.run))

    def _class(self, campus: Campus, name: str) -> ClassGroup:
        group = self.classes.get((campus.pk, name))
        if group is None:
            group = ClassGroup(pk=self._id(ClassGroup), campus=campus, name=name, grade=name[:2], import_run=self.ledger.run)
            self.classes[campus.pk, name] = group
            self.ledger.new_classes.append(name)
        return group

    def _insert_classes(self) -> None:
        ClassGroup.objects.bulk_create([group for group in self.classes.values() if group._state.adding])

    def _id(self, model: type) -> int:
        """Ids are drawn a batch at a time; sealed values are bound to them."""
        pool = self.ids.setdefault(model, [])
        if not pool:
            pool.extend(reversed(model.objects.draw_ids(200)))  # type: ignore[attr-defined]
        return pool.pop()

    def flush(self) -> None:
        names: dict[int, list[str]] = {}
        for child in self.children:
            names.setdefault(self.known.customer_of[child.family_id], []).append(child.name)
        unnamed = [c for c in self.customers if not c.external_ref]
        for customer, reference in zip(unnamed, draw_refs(len(unnamed)) if unnamed else [], strict=True):
            customer.external_ref = reference
        for customer in self.customers:
            customer.name = family_title(names.get(customer.pk, []))
        for model, objects in ((Customer, self.customers), (Family, self.families), (Guardian, self.guardians),
                               (Child, self.children)):
            model.objects.bulk_create(objects, batch_size=BATCH)
        self._insert_classes()
        Enrolment.objects.bulk_create(self.enrolments, batch_size=BATCH)
        fresh = {c.pk for c in self.customers}
        older = list(Customer.objects.filter(pk__in=self.touched - fresh))
        for customer in older:
            children = Child.objects.filter(family__customer=customer).values_list("name", flat=True)
            self.ledger.update(customer, name=family_title(list(children)))
        refresh_search([*self.customers, *older])

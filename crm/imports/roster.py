"""花名册: families are found by phone, children by name within the family; what is new is written in bulk."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.archive import add_tokens, draw_refs, family_title, refresh_search, search_tokens
from crm.imports.ledger import BATCH, Known, Ledger, Row, taken_refs
from crm.imports.records import RosterLine
from crm.models import Child, ClassGroup, Customer, Enrolment, Family, Guardian
from crm.parse import mask_phone
from tenancy import bulk
from tenancy.models import Campus
from tenancy.sealing import blind_index


def apply(ledger: Ledger, rows: Sequence[Row]) -> None:
    known = Known.by_phones(row.line.phone for row in rows)
    writer = _Writer(ledger, known, set(taken_refs(row.line.external_ref for row in rows)))
    for row in rows:
        writer.take(row)
    writer.flush()


@dataclass(slots=True)
class FreshChild:
    """A child that this file brings; looks like one of the archive to whoever compares rows."""

    pk: int
    family_id: int
    name: str
    sex: str
    born_on: date | None
    import_run_id: int
    health: str


@dataclass(slots=True)
class FreshFamily:
    """A customer, its family and the guardian of the row, all with ids drawn ahead: sealed values are bound to them."""

    customer: int
    family: int
    guardian: int
    campus: int
    line: RosterLine
    reference: str


def _same_birthday(child: Any, line: RosterLine) -> bool:
    """Two children of one family may share a name; an unknown birthday speaks against neither."""
    return None in (child.born_on, line.born_on) or child.born_on == line.born_on


class _Writer:
    """Collects new rows in memory with ids drawn ahead, then inserts each table once."""

    def __init__(self, ledger: Ledger, known: Known, taken: set[str]) -> None:
        self.ledger, self.known, self.taken = ledger, known, taken
        self.campuses = {c.name: c for c in Campus.objects.all()} | {c.code: c for c in Campus.objects.all()}
        self.classes = {(g.campus_id, g.name): g for g in ClassGroup.objects.all()}
        self.families: list[FreshFamily] = []
        self.children: list[FreshChild] = []
        self.enrolments: list[tuple[int, int, int | None, date]] = []
        self.touched: set[int] = set()
        self.ids: dict[type, list[int]] = {}

    def take(self, row: Row) -> None:
        line: RosterLine = row.line
        campus = self.campuses.get(line.campus) if line.campus else self.ledger.campus
        if campus is None:
            return self.ledger.refuse(row, "campus", f"没有叫“{line.campus}”的园所，先在“园所”里添加")
        family_id = self.known.family_of.get(line.phone)
        if family_id is None:
            if line.external_ref in self.taken:
                return self.ledger.refuse(row, "external_ref", f"编号“{line.external_ref}”已经是另一家的，请核对")
            family_id = self._new_family(line, campus)
        same = [child for child in self.known.named(line.phone, line.child_name) if _same_birthday(child, line)]
        if same:
            return self._known_child(row, same[0], campus)
        twin = self._nearly(line)
        if twin:
            self.ledger.remark(row, "duplicate", "child_name",
                               f"同号码、同生日，已有“{twin.name}”，可能是同一个孩子；已按新孩子导入")
        self._new_child(line, family_id, campus)

    def _nearly(self, line: RosterLine) -> Any:
        """A child of the archive with the same birthday whose name differs in one character."""
        family = self.known.family_of.get(line.phone, 0)
        return next((c for c in self.known.children.get(family, []) if line.born_on and c.born_on == line.born_on
                     and len(c.name) == len(line.child_name)
                     and sum(a != b for a, b in zip(c.name, line.child_name, strict=True)) == 1
                     and c.import_run_id != self.ledger.run.pk), None)

    def _known_child(self, row: Row, child: Any, campus: Campus) -> None:
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
        fresh = FreshFamily(self._id(Customer), self._id(Family), self._id(Guardian), campus.pk, line, line.external_ref)
        self.families.append(fresh)
        self.taken |= {line.external_ref} - {""}
        self.known.family_of[line.phone] = fresh.family
        self.known.customer_of[fresh.family] = fresh.customer
        self.known.children[fresh.family] = []
        self.ledger.counts["families"] += 1
        return fresh.family

    def _new_child(self, line: RosterLine, family_id: int, campus: Campus) -> None:
        child = FreshChild(self._id(Child), family_id, line.child_name, line.sex, line.born_on, self.ledger.run.pk, line.health)
        self.children.append(child)
        self.known.children[family_id].append(child)
        self.touched.add(self.known.customer_of[family_id])
        self.ledger.counts["new"] += 1
        if line.enrolled_on or line.class_name:
            self._new_enrolment(child.pk, line, campus)

    def _enrol(self, child: Child, line: RosterLine, campus: Campus) -> bool:
        """A known child in another class than the sheet says moves there; True when something changed."""
        if not line.class_name:
            return False
        current = Enrolment.objects.filter(child=child).select_related("class_group").on(self.ledger.today).first()
        if current is None:
            self._new_enrolment(child.pk, line, campus)
            return True
        group = self._class(campus, line.class_name)
        if current.class_group_id == group.pk:
            return False
        if group._state.adding:
            self._insert_classes()
        self.ledger.update(current, class_group_id=group.pk)
        return True

    def _new_enrolment(self, child_id: int, line: RosterLine, campus: Campus) -> None:
        group = self._class(campus, line.class_name) if line.class_name else None
        self.enrolments.append((child_id, campus.pk, group.pk if group else None, line.enrolled_on or self.ledger.today))

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
            pool.extend(reversed(model.objects.draw_ids(BATCH)))  # type: ignore[attr-defined]
        return pool.pop()

    def flush(self) -> None:
        """Everything new, parents first; then families that got another child are called by all of them."""
        run = self.ledger.run.pk
        names = self._names()
        self._write_families(names, run)
        bulk.insert(Child, ("id", "family", "name", "sex", "born_on", "health_sealed", "import_run"),
                    ((c.pk, c.family_id, c.name, c.sex, c.born_on, Child.health.sealed(Child, c.pk, c.health), run) for c in self.children))
        self._insert_classes()
        bulk.insert(Enrolment, ("child", "campus", "class_group", "from_on", "import_run"), ((*row, run) for row in self.enrolments))
        self._rename_known()

    def _names(self) -> dict[int, list[str]]:
        """Customer → names of the children that this file brings."""
        names: dict[int, list[str]] = {}
        for child in self.children:
            names.setdefault(self.known.customer_of[child.family_id], []).append(child.name)
        return names

    def _write_families(self, names: dict[int, list[str]], run: int) -> None:
        unnamed = [f for f in self.families if not f.reference]
        for fresh, reference in zip(unnamed, draw_refs(len(unnamed), besides=self.taken), strict=True):
            fresh.reference = reference
        kind, today = self.ledger.customer_type.pk, self.ledger.today
        bulk.insert(Customer, ("id", "type", "campus", "external_ref", "name", "since", "import_run"),
                    ((f.customer, kind, f.campus, f.reference, family_title(names.get(f.customer, [])),
                      f.line.enrolled_on or today, run) for f in self.families))
        bulk.insert(Family, ("id", "customer", "address_sealed"),
                    ((f.family, f.customer, Family.address.sealed(Family, f.family, f.line.address)) for f in self.families))
        indexes = {f.guardian: blind_index(f.line.phone) for f in self.families}
        bulk.insert(Guardian, ("id", "family", "name", "relation", "occupation", "phone_sealed", "phone_index", "phone_tail",
                               "phone_mask", "decides", "pays", "import_run"),
                    ((f.guardian, f.family, f.line.guardian_name, f.line.relation, f.line.occupation,
                      Guardian.phone.sealed(Guardian, f.guardian, f.line.phone), indexes[f.guardian], f.line.phone[-4:],
                      mask_phone(f.line.phone), True, True, run) for f in self.families))
        add_tokens({f.customer: search_tokens(f.reference, [*names.get(f.customer, []), f.line.guardian_name],
                                              [(indexes[f.guardian], f.line.phone[-4:])]) for f in self.families})

    def _rename_known(self) -> None:
        fresh = {f.customer for f in self.families}
        older = list(Customer.objects.filter(pk__in=self.touched - fresh))
        for customer in older:
            children = Child.objects.filter(family__customer=customer).values_list("name", flat=True)
            self.ledger.update(customer, name=family_title(list(children)))
        refresh_search(older)

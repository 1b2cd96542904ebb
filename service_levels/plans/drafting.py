"""方案册的草案: begun from what is in force, edited, sent to a second person, put in force; owners and entitlements follow (S18)."""
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from notifications.actions import later, settle
from service_levels.access import EDIT, PUBLISH
from service_levels.drafts import ask_approvers, tell_editor
from service_levels.models import PlanVersion
from service_levels.plans.book import BANDS, MOST_PLANS, UNRATED, Book, Plan, aligned, as_data, problems
from service_levels.plans.queries import tiers_of
from tenancy import versions
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused, spoken
from tiering.models import Scheme

IN_FORCE = "service.plans_in_force"


def draft_of(scheme: Scheme, *, by: Membership, at: datetime) -> PlanVersion:
    """The one draft of a scheme's plans; where there is none, what is in force, for the tiers that the scheme has now."""
    must(by, EDIT)
    draft: PlanVersion | None = versions.worked_on(scheme.plan_versions.all())
    if draft:
        return draft
    current = scheme.plan_versions.filter(state="in_force").first()
    if current is None:
        raise Refused(_("“%(name)s”还没有现行的方案册。") % {"name": scheme.name})
    book = aligned(current.as_book(), tiers_of([scheme.pk]).get(scheme.pk) or current.as_book().labels)
    made: PlanVersion = PlanVersion.objects.create(scheme=scheme, number=versions.next_number(scheme.plan_versions.all()),
                                                   book=as_data(book), proposed_by=by, edited_at=at)
    record(by, "service.plans_begun", made, number=made.number)
    return made


def keep(version: PlanVersion, book: Book, *, by: Membership, at: datetime) -> None:
    """Keep the draft as it was edited, sound or not; only a sound one is put in force."""
    must(by, EDIT)
    versions.keep(version, by=by, at=at, book=as_data(book))


def keep_cells(version: PlanVersion, cells: dict[tuple[str, str], str], *, by: Membership, at: datetime) -> None:
    """Which plan each tier at each risk has, and those who are not rated."""
    book = version.as_book()
    rows = tuple(tuple(cells.get((label, str(band)), "") for band in BANDS) for label in (*book.labels, UNRATED))
    keep(version, replace(book, cells=rows), by=by, at=at)


def keep_plan(version: PlanVersion, plan: Plan, *, by: Membership, at: datetime) -> None:
    """One plan as it was edited; the others stay."""
    book = version.as_book()
    plans = tuple(plan if known.code == plan.code else known for known in book.plans)
    keep(version, replace(book, plans=plans), by=by, at=at)


def copy_plan(version: PlanVersion, code: str, name: str, *, by: Membership, at: datetime) -> str:
    """A new plan that begins as another one; its code."""
    book = version.as_book()
    if len(book.plans) >= MOST_PLANS:
        raise Refused(_("最多 %(n)s 个方案，先去掉一个不用的。") % {"n": MOST_PLANS}, "name")
    if not name.strip() or name.strip() in {plan.name for plan in book.plans}:
        raise Refused(_("给新方案起一个没有用过的名称。"), "name")
    known = {plan.code for plan in book.plans}
    fresh = next(code for code in (f"own-{number}" for number in range(1, len(known) + 2)) if code not in known)
    keep(version, replace(book, plans=(*book.plans, replace(book.plan(code), code=fresh, name=name.strip()[:20]))), by=by, at=at)
    return fresh


def drop_plan(version: PlanVersion, code: str, *, by: Membership, at: datetime) -> None:
    """A plan that no cell names any more."""
    book = version.as_book()
    used = {code for _label, _band, code in book.pairs()}
    if code in used:
        raise Refused(_("还有等级在用“%(name)s”，先给它们换一个方案。") % {"name": book.plan(code).name})
    keep(version, replace(book, plans=tuple(plan for plan in book.plans if plan.code != code)), by=by, at=at)


@transaction.atomic
def submit(version: PlanVersion, *, by: Membership, at: datetime) -> None:
    """To be approved by somebody else; what is not sound is not submitted."""
    must(by, EDIT)
    found = problems(version.as_book())
    if found:
        raise Refused(spoken(found[0][1]))
    tiers = tiers_of([version.scheme_id]).get(version.scheme_id)
    if tiers and set(tiers) != set(version.as_book().labels):
        raise Refused(_("分级方案的等级改过了，放弃这份草案，再起一份就对上了。"), code="stale")
    versions.submit(version, by=by)
    record(by, "service.plans_submitted", version, number=version.number)
    said = _("“%(scheme)s”的服务方案第 %(n)s 版等您批准") % {"scheme": version.scheme.name, "n": version.number}
    ask_approvers(said, **_place(version), by=by, at=at)


@transaction.atomic
def approve(version: PlanVersion, *, by: Membership, at: datetime) -> None:
    """In force from now on; who is owed what is derived anew by the worker."""
    must(by, PUBLISH)
    versions.put_in_force(version, version.scheme.plan_versions.all(), by=by, at=at)
    settle(f"plans-{version.pk}-asked", at=at)
    record(by, "service.plans_approved", version, number=version.number)
    later(IN_FORCE, version=version.pk)
    tell_editor(version, _("服务方案第 %(n)s 版批准了，已经生效") % {"n": version.number}, **_place(version), by=by, at=at)


@transaction.atomic
def send_back(version: PlanVersion, words: str, *, by: Membership, at: datetime) -> None:
    """Not like this: it is a draft again; whoever submitted it may take it back, and needs no words for that."""
    must(by, EDIT if version.proposed_by_id == by.pk else PUBLISH)
    if version.proposed_by_id != by.pk and not words.strip():
        raise Refused(_("请写要改什么。"), "words")
    versions.send_back(version)
    settle(f"plans-{version.pk}-asked", at=at)
    record(by, "service.plans_sent_back", version, words=words.strip()[:200])
    tell_editor(version, _("服务方案退回了：%(words)s") % {"words": words.strip()[:80]}, **_place(version), by=by, at=at)


@transaction.atomic
def discard(version: PlanVersion, *, by: Membership, at: datetime) -> None:
    """A draft that nobody wants."""
    must(by, EDIT)
    if version.state != "draft":
        raise Refused(_("只有草案可以放弃；待审批的先收回。"), code="stale")
    record(by, "service.plans_discarded", version, number=version.number)
    settle(f"plans-{version.pk}-asked", at=at)
    version.delete()


def _place(version: PlanVersion) -> dict[str, str]:
    return {"key": f"plans-{version.pk}", "link": f"service/draft/{version.pk}/"}

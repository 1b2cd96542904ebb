"""交接: a leaver's families go to a colleague in one act; a stand-in looks after them meanwhile."""
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import Customer, Promise
from tenancy import panels
from tenancy.actions import deactivate
from tenancy.models import Membership
from tenancy.refusals import Refused

HANDED_OVER = "handed_over"  # the place where later apps hear that a colleague's work goes to another


@transaction.atomic
def hand_over(leaver: Membership, to: Membership, *, by: Membership) -> int:
    """Every present customer of one member becomes another's, and what they still owe families; returns how many customers."""
    if leaver.pk == to.pk or not to.is_active:
        raise Refused(_("请选一位在岗的同事来接手。"), "to")
    moved = Customer.objects.present().filter(owner=leaver).update(owner=to)
    promised = Promise.objects.open().filter(owner=leaver).update(owner=to)
    panels.build(HANDED_OVER, leaver, to)
    record(by, "crm.handed_over", leaver, to=to.pk, customers=moved, promises=promised)
    return moved


@transaction.atomic
def entrust(customer: Customer, to: Membership, *, by: Membership) -> None:
    """这一家交给谁: one family to a colleague who works for its campus; who had it keeps nothing of it."""
    if not to.is_active:
        raise Refused(_("请选一位在岗的同事来接手。"), "to")
    mine = to.campus_ids()
    if mine is not None and customer.campus_id not in mine:
        raise Refused(_("%(name)s 不负责这个园所。") % {"name": to.name}, "to")
    was = customer.owner_id
    if was == to.pk:
        raise Refused(_("这一家本来就是%(name)s在带。") % {"name": to.name}, code="changed")
    if not Customer.objects.present().filter(pk=customer.pk, owner=was).update(owner=to):
        raise Refused(_("同事刚改过这一家由谁带，请刷新再看。"), code="changed")
    customer.refresh_from_db()
    record(by, "crm.entrusted", customer, was=was, to=to.pk)


@transaction.atomic
def let_go(leaver: Membership, to: Membership | None, *, on: date, by: Membership) -> int:
    """A colleague leaves: their families are handed over first, then the door closes on the next request."""
    if leaver.pk == by.pk:
        raise Refused(_("不能给自己登记离岗，请另一位管理人员来做。"))
    if to is None and (Customer.objects.present().filter(owner=leaver).exists() or Promise.objects.open().filter(owner=leaver).exists()):
        raise Refused(_("%(name)s 名下还有家庭或没兑现的承诺，请选一位接手的同事。") % {"name": leaver.name}, "to")
    moved = hand_over(leaver, to, by=by) if to else 0
    deactivate(leaver, on=on)
    record(by, "crm.member_left", leaver)
    return moved


@transaction.atomic
def stand_in(member: Membership, cover: Membership | None, *, by: Membership) -> None:
    """代班: while somebody is ill, a colleague sees their families among their own; None ends it."""
    if cover is not None and (cover.pk == member.pk or not cover.is_active):
        raise Refused(_("请选一位在岗的同事代班。"), "cover")
    member.stands_in = cover
    member.save(update_fields=["stands_in"])
    record(by, "crm.stand_in", member, cover=cover.pk if cover else None)


def looked_after_by(member: Membership) -> list[int]:
    """Ids of the owners whose families a member looks after: themselves and those they cover."""
    return [member.pk, *Membership.objects.filter(stands_in=member, is_active=True).values_list("pk", flat=True)]

"""兴趣和需要: which there are, and which a family has (K17, K36d)."""
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import Customer
from service_levels.access import ORGANISE
from service_levels.models import CustomerInterest, Interest
from service_levels.plans.discreet import names_a_label
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

LOG = "crm.log"
MOST = 60


@transaction.atomic
def add(name: str, *, by: Membership) -> Interest:
    """One more that families can have."""
    must(by, ORGANISE)
    word = name.strip()[:20]
    if not word:
        raise Refused(_("请写兴趣或需要，比如“绘本”。"), "name")
    if names_a_label(word):
        raise Refused(_("兴趣里不能写等级或风险。"), "name")
    if Interest.objects.count() >= MOST:
        raise Refused(_("最多 %(n)s 项，先去掉用不到的。") % {"n": MOST}, "name")
    try:
        with transaction.atomic():
            row: Interest = Interest.objects.create(name=word)
    except IntegrityError:
        raise Refused(_("已经有“%(name)s”了。") % {"name": word}, "name", code="taken") from None
    record(by, "service.interest_added", row)
    return row


@transaction.atomic
def remove(row: Interest, *, by: Membership) -> None:
    """Nobody is to be asked by it any more; refused while families have it."""
    must(by, ORGANISE)
    if CustomerInterest.objects.filter(interest=row).exists():
        raise Refused(_("还有家庭有这项兴趣，不能去掉。"), code="in_use")
    record(by, "service.interest_removed", row)
    row.delete()


@transaction.atomic
def keep(customer: Customer, chosen: Iterable[Interest], *, by: Membership) -> int:
    """What a family cares for, as it is known now: exactly these. How many."""
    must(by, LOG)
    rows = {row.pk: row for row in chosen}
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    CustomerInterest.objects.filter(customer=customer).exclude(interest__in=list(rows)).delete()
    known = set(CustomerInterest.objects.filter(customer=customer).values_list("interest", flat=True))
    CustomerInterest.objects.bulk_create([CustomerInterest(customer=customer, interest=row, by=by)
                                          for pk, row in rows.items() if pk not in known])
    record(by, "service.interests_kept", customer, interests=sorted(rows))
    return len(rows)


def stays_when_merged(survivor: int) -> Q:
    """Of two families that are one, what the survivor cares for already."""
    return Q(Exists(CustomerInterest.objects.filter(customer=survivor, interest=OuterRef("interest"))))

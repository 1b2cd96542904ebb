"""The doors to contracts: a colleague's by right and campus, a parent's by a link that runs out."""
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext as _

from audit.actions import looked
from crm.access import customers
from reception.models import Contract, ContractTemplate
from tenancy.access import find, must
from tenancy.links import token_hash
from tenancy.models import Membership
from tenancy.refusals import Absent

RIGHT = "reception.contract"


def contracts(member: Membership) -> Any:
    """The contracts of the present customers of the member's campuses."""
    must(member, RIGHT)
    return Contract.objects.filter(customer__in=customers(member)).select_related(
        "template", "customer", "child", "campus", "class_group", "by", "booking", "renews", "voided_by")


def contract_for(member: Membership, pk: Any) -> Contract:
    return cast(Contract, find(member, contracts(member), pk, RIGHT))


def contract_seen(member: Membership, pk: Any, verb: str = "reception.contract_viewed") -> Contract:
    """The contract whose page or file is opened: it tells of a child, so the look is kept (QUALITY P-1)."""
    row = contract_for(member, pk)
    looked(member, verb, [row])
    return row


def contract_by_token(token: str, at: datetime) -> Contract:
    """A parent's own contract by the link that the school gave them."""
    rows = Contract.objects.select_related("template", "customer", "child", "campus", "class_group")
    row = rows.filter(token_hash=token_hash(token), link_until__gt=at).exclude(state=Contract.State.VOID).first()
    if row is None:
        raise Absent(_("这个链接打不开了，请向园里要一个新的。"), code="not_found")
    return row


def template_for(member: Membership, pk: Any, right: str = "reception.manage") -> ContractTemplate:
    return cast(ContractTemplate, find(member, ContractTemplate.objects.select_related("proposed_by", "approved_by"), pk, right))

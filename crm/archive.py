"""Verbs of the archive used by screens and imports alike: draw references, make families, keep search tokens."""
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from crm.models import Child, Customer, CustomerType, FeeKind, Guardian, SearchToken
from crm.naming import tokens
from crm.parse import mask_phone
from tenancy import bulk
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id
from tenancy.sealing import blind_index

CHUNK = 2000
TYPES = {"kindergarten": [("family", "幼儿家长", "family"), ("partner", "合作机构", "partner")],
         "nursery": [("family", "宝宝家长", "family"), ("partner", "合作机构", "partner")],
         "training": [("learner", "学员", "family"), ("partner", "合作机构", "partner")]}
FEES = {"kindergarten": [("保教费", "tuition", ""), ("伙食费", "meals", ""), ("服务性收费", "other", ""), ("代收费", "other", ""),
                         ("兴趣班费", "interest", "以特色班、兴趣班名义另收费在多地被禁止，收费前请核对当地规定。")],
        "nursery": [("托育费", "tuition", ""), ("餐费", "meals", ""), ("其他", "other", "")],
        "training": [("课程费", "tuition", "一次收费不得超过 3 个月或 60 课时。"), ("教材费", "other", ""),
                     ("餐费", "meals", ""), ("其他", "other", "")]}


def furnish(tenant: Tenant) -> None:
    """What a new school starts with: customer types and fee kinds of its trade. Safe to repeat."""
    kind = tenant.kind
    CustomerType.objects.bulk_create([CustomerType(code=c, name=n, half=h) for c, n, h in TYPES[kind]], ignore_conflicts=True)
    FeeKind.objects.bulk_create([FeeKind(name=n, group=g, warning=w) for n, g, w in FEES[kind]], ignore_conflicts=True)


def draw_refs(count: int, prefix: str = "F", besides: Collection[str] = ()) -> list[str]:
    """Fresh references ``F-0001`` …; two callers at once never draw the same.

    A school's own sheet may have brought a number that we had not come to yet: such ones are passed over, as are those
    ``besides``, which are about to be written.
    """
    free: list[str] = []
    while len(free) < count:
        drawn = _next_refs(count - len(free), prefix)
        taken = {*Customer.objects.filter(external_ref__in=drawn).values_list("external_ref", flat=True), *besides}
        free += [reference for reference in drawn if reference not in taken]
    return free


def next_number(prefix: str, at: datetime) -> str:
    """Fresh numbers of a year, ``HT-2026-0001`` …; two callers at once never draw the same."""
    year = timezone.localdate(at).year
    return _next_refs(1, f"{prefix}-{year}")[0]


def _next_refs(count: int, prefix: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO crm_counter (tenant_id, name, value) VALUES (%s, %s, %s) "
                       "ON CONFLICT (tenant_id, name) DO UPDATE SET value = crm_counter.value + %s RETURNING value",
                       [current_tenant_id(), prefix, count, count])
        last = cursor.fetchone()[0]
    return [f"{prefix}-{number:04d}" for number in range(last - count + 1, last + 1)]


def set_phone(guardian: Guardian, digits: str) -> None:
    """The number sealed, and beside it what finds and shows it without opening it."""
    guardian.phone = digits
    guardian.phone_index = blind_index(digits) if digits else ""
    guardian.phone_tail = digits[-4:]
    guardian.phone_mask = mask_phone(digits) if digits else ""


def family_title(child_names: Sequence[str], guardian_name: str = "") -> str:
    """``周小满、周小树一家``; a family without children is called by its guardian."""
    if not child_names:
        return f"{guardian_name}一家"[:80]
    shown = "、".join(child_names[:3]) + ("等" if len(child_names) > 3 else "")
    return f"{shown}一家"[:80]


def search_tokens(reference: str, names: Iterable[str], phones: Iterable[tuple[str, str]]) -> set[str]:
    """By what a customer is found; ``phones`` are (blind index, last four digits)."""
    found = {reference.lower()}
    for name in names:
        found |= tokens(name)
    for index, tail in phones:
        found |= {f"#{index}", tail} if index else set()
    return {token for token in found if token}


def refresh_search(customers: Sequence[Customer]) -> None:
    """Rebuild the tokens of these customers from what the archive holds now."""
    for start in range(0, len(customers), CHUNK):
        _refresh_chunk(customers[start:start + CHUNK])


def _refresh_chunk(customers: Sequence[Customer]) -> None:
    ids = [customer.pk for customer in customers]
    SearchToken.objects.filter(customer_id__in=ids).delete()
    names: dict[int, list[str]] = {pk: [] for pk in ids}
    phones: dict[int, list[tuple[str, str]]] = {pk: [] for pk in ids}
    for customer_id, name, nickname in Child.objects.filter(family__customer_id__in=ids).values_list(
            "family__customer_id", "name", "nickname"):
        names[customer_id] += [name, nickname] if nickname else [name]
    for customer_id, name, index, tail in Guardian.objects.filter(family__customer_id__in=ids).values_list(
            "family__customer_id", "name", "phone_index", "phone_tail"):
        names[customer_id].append(name)
        phones[customer_id].append((index, tail))
    present = [c for c in customers if c.deleted_at is None and c.erased_at is None]
    add_tokens({c.pk: search_tokens(c.external_ref, [c.name.removesuffix("一家"), *names[c.pk]], phones[c.pk]) for c in present})


def add_tokens(found: dict[int, set[str]]) -> None:
    """Tokens of customers that have none yet; sorted, so that the index grows at few places."""
    pairs = sorted((token, customer) for customer, mine in found.items() for token in mine)
    bulk.insert(SearchToken, ("token", "customer_id"), pairs)

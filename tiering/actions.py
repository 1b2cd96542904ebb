"""Schemes and batches: propose, approve, compute, review, publish, override, prove."""
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import Customer, CustomerType
from crm.parse import FIRST_FACT
from notifications.actions import later, settle
from tenancy import versions
from tenancy.access import must, second_pair_of_eyes
from tenancy.models import Membership, Tenant
from tenancy.refusals import Refused, spoken
from tiering import standings
from tiering.facts import Known, gather
from tiering.models import Batch, Override, Result, Review, Scheme, SchemeVersion
from tiering.presets import PRESETS
from tiering.rules import JUDGES, as_data, from_data, judge, problems
from tiering.store import digest_of, line, write


def furnish(tenant: Tenant) -> None:
    """The shipped schemes of a trade, each in force as version 1 from the school's first day. Safe to repeat."""
    at = tenant.created_at
    for preset in PRESETS[tenant.kind]:
        if Scheme.objects.filter(code=preset.code).exists():
            continue
        scheme = Scheme.objects.create(code=preset.code, name=preset.name,
                                       customer_type=CustomerType.objects.get(code=preset.customer_type))
        SchemeVersion.objects.create(scheme=scheme, number=1, state=SchemeVersion.State.IN_FORCE, rules=as_data(preset.scheme),
                                     in_force_since=at, edited_at=at)


# -- scheme versions -----------------------------------------------------------------------------------
def draft_of(scheme: Scheme, *, by: Membership, at: datetime) -> SchemeVersion:
    """The scheme's one draft; a fresh copy of the version in force when there is none."""
    must(by, "tiering.edit_scheme")
    draft: SchemeVersion | None = versions.worked_on(scheme.versions.all())
    if draft:
        return draft
    number = versions.next_number(scheme.versions.all())
    return SchemeVersion.objects.create(scheme=scheme, number=number, rules=in_force(scheme).rules, proposed_by=by, edited_at=at)


def in_force(scheme: Scheme) -> SchemeVersion:
    version = scheme.versions.filter(state=SchemeVersion.State.IN_FORCE).first()
    if version is None:
        raise Refused(_("“%(name)s”还没有现行版本，先提交并批准一个草案。") % {"name": scheme.name})
    return version


def save_draft(version: SchemeVersion, rules: dict[str, Any], *, by: Membership, at: datetime) -> None:
    """Keep an edited draft, sound or not; only a sound one can be submitted."""
    must(by, "tiering.edit_scheme")
    versions.keep(version, by=by, at=at, rules=rules)


@transaction.atomic
def submit_version(version: SchemeVersion, *, by: Membership) -> None:
    must(by, "tiering.edit_scheme")
    found = problems(version.as_rules())
    if found:
        raise Refused(spoken(found[0][1]), found[0][0])
    versions.submit(version, by=by)
    record(by, "tiering.version_submitted", version)
    later("tiering.version_submitted", version=version.pk)


@transaction.atomic
def approve_version(version: SchemeVersion, *, by: Membership, at: datetime) -> None:
    """A second person puts the draft in force; the version before it retires."""
    must(by, "tiering.publish")
    versions.put_in_force(version, version.scheme.versions.all(), by=by, at=at)
    settle(f"version-{version.pk}-submitted", at=at)
    record(by, "tiering.version_in_force", version, number=version.number)


@transaction.atomic
def discard_version(version: SchemeVersion, *, by: Membership) -> None:
    must(by, "tiering.edit_scheme")
    if version.state not in ("draft", "submitted") or version.batches.exists():
        raise Refused(_("只有没用过的草案可以放弃。"))
    record(by, "tiering.version_discarded", version, number=version.number)
    version.delete()


# -- batches -----------------------------------------------------------------------------------------------
def judged(version: SchemeVersion, as_of: date, only: list[int] | None = None) -> Iterator[tuple[Known, Any]]:
    """Every customer of the version with its decision, streamed."""
    rules = version.as_rules()
    decide = judge(rules)
    for known in gather(rules, version.scheme.customer_type_id, as_of, only):
        yield known, decide(known.facts)


@transaction.atomic
def compute(version: SchemeVersion, *, as_of: date, today: date, by: Membership | None, at: datetime,
            worked_back: bool = False) -> Batch:
    """Freeze the inputs and judge everybody (B3). One transaction: a killed run leaves nothing."""
    if as_of > today:
        raise Refused(_("%(day)s 还没到，只能按今天或更早的日期计算。") % {"day": as_of}, "as_of")
    if as_of < FIRST_FACT:
        raise Refused(_("%(day)s 太早了，那时还没有任何记录。") % {"day": as_of}, "as_of")
    if by is not None:
        must(by, "tiering.compute")
    if problems(version.as_rules()):
        raise Refused(spoken(problems(version.as_rules())[0][1]), "scheme")
    state = Batch.State.WORKED_BACK if worked_back else Batch.State.COMPUTED
    previous = last_published(version.scheme, before=as_of)
    batch = Batch.objects.create(version=version, as_of=as_of, computed_by=by, computed_at=at, previous=previous, state=state)
    batch.size, batch.digest = write(batch.pk, (line(known, decision) for known, decision in judged(version, as_of)))
    batch.save(update_fields=["size", "digest"])
    record(by, "tiering.batch_computed", batch, customers=batch.size)
    return batch


def last_published(scheme: Scheme, before: date | None = None) -> Batch | None:
    """The newest published batch of a scheme, or the newest before a day."""
    batches = Batch.objects.filter(version__scheme=scheme, state=Batch.State.PUBLISHED)
    return (batches.filter(as_of__lt=before) if before else batches).order_by("-as_of", "-id").first()


@transaction.atomic
def submit(batch: Batch, *, by: Membership, at: datetime) -> None:
    """Ask the departments and a second approver."""
    must(by, "tiering.compute")
    _move(batch, ("computed", "rejected"), "in_review", proposed_by=by, proposed_at=at)
    record(by, "tiering.batch_submitted", batch)
    later("tiering.batch_submitted", batch=batch.pk)


@transaction.atomic
def review(batch: Batch, *, by: Membership, agrees: bool, note: str, at: datetime) -> None:
    """One department's word; said again, it replaces the first."""
    must(by, "tiering.review")
    if batch.state != Batch.State.IN_REVIEW:
        raise Refused(_("这一批不在复核中。"), code="stale")
    if not agrees and not note.strip():
        raise Refused(_("存疑时请写明对哪一户、为什么。"), "note")
    Review.objects.update_or_create(batch=batch, by=by, defaults={"agrees": agrees, "note": note.strip(), "at": at})
    record(by, "tiering.batch_reviewed", batch, agrees=agrees)


@transaction.atomic
def publish(batch: Batch, *, by: Membership, at: datetime) -> None:
    """Second approval and publication in one act; standings follow, owners are told, parents are not."""
    must(by, "tiering.publish")
    second_pair_of_eyes(by, batch.proposed_by)
    if not batch.reviews.exists():
        raise Refused(_("还没有部门复核过。至少一个部门看过之后才能批准。"), code="not_reviewed")
    _refuse_if_overtaken(batch)
    _move(batch, ("in_review",), "published", published_by=by, published_at=at)
    changed = standings.take_from(batch)
    record(by, "tiering.batch_published", batch, customers=batch.size, changed=changed)
    later("tiering.batch_published", batch=batch.pk)


def _refuse_if_overtaken(batch: Batch) -> None:
    """An older day must not become today's standing again."""
    newest = last_published(batch.version.scheme)
    if newest is not None and newest.as_of > batch.as_of:
        raise Refused(_("截至 %(day)s 的一批已经发布，更早的不能再发布；要看那时的等级，请用“倒算”。")
                      % {"day": newest.as_of}, code="overtaken")


@transaction.atomic
def reject(batch: Batch, *, by: Membership, remark: str) -> None:
    must(by, "tiering.publish")
    if not remark.strip():
        raise Refused(_("退回时请写一句原因，提交人才知道要改什么。"), "remark")
    _move(batch, ("in_review",), "rejected", remark=remark.strip()[:300])
    record(by, "tiering.batch_rejected", batch)
    later("tiering.batch_rejected", batch=batch.pk)


def _move(batch: Batch, come_from: tuple[str, ...], to: str, **values: Any) -> None:
    """The batch's one door between states: a stale page submitted twice finds it closed."""
    if not Batch.objects.filter(pk=batch.pk, state__in=come_from).update(state=to, **values):
        raise Refused(_("这一批已经不在这个状态了，可能同事刚处理过。请刷新页面看最新情况。"), code="stale")
    batch.refresh_from_db()


def rerun(batch: Batch) -> bool:
    """重算一致: judge the frozen facts again, by the frozen rules and the judge of that day; True when every line is the same.

    Neither later edits of scheme, payments or names nor a newer algorithm can change the answer.
    """
    decide = JUDGES[batch.algorithm](from_data(batch.version.rules))
    rows = Result.objects.filter(batch=batch).order_by("customer_id").values_list("customer_id", "campus_id_then", "facts")
    lines = ((known, decide(known.facts)) for known in (Known(*row) for row in rows.iterator(chunk_size=2000)))
    count, digest = digest_of(line(known, decision) for known, decision in lines)
    return (count, digest) == (batch.size, batch.digest)


# -- overrides ------------------------------------------------------------------------------------------------
@transaction.atomic
def propose_override(customer: Customer, scheme: Scheme, *, tier: int, reason: str, expires_on: date, by: Membership,
                     at: datetime) -> Override:
    must(by, "tiering.override")
    labels = in_force(scheme).as_rules().labels
    if not 0 <= tier < len(labels):
        raise Refused(_("没有这一级。"), "tier")
    if len(reason.strip()) < 5:
        raise Refused(_("请写清调整的理由，至少一句话。"), "reason")
    if expires_on <= timezone.localdate(at):
        raise Refused(_("到期日要在今天之后；到期后自动回到规则算出的等级。"), "expires_on")
    override = Override.objects.create(customer=customer, scheme=scheme, tier=tier, reason=reason.strip(), proposed_by=by,
                                       proposed_at=at, expires_on=expires_on)
    record(by, "tiering.override_proposed", override, customer=customer.pk, tier=tier)
    later("tiering.override_proposed", override=override.pk)
    return override


@transaction.atomic
def approve_override(override: Override, *, by: Membership, at: datetime) -> None:
    must(by, "tiering.override")
    second_pair_of_eyes(by, override.proposed_by)
    if override.tier >= len(in_force(override.scheme).as_rules().labels):
        raise Refused(_("方案改过，已经没有这一级了。请按现行方案重新提出。"), code="stale")
    if not Override.objects.filter(pk=override.pk, approved_at=None).update(approved_by=by, approved_at=at):
        raise Refused(_("这条人工调整已经批过了。"), code="stale")
    override.refresh_from_db()
    try:
        standings.set_by_override(override, on=timezone.localdate(at))
    except IntegrityError:
        raise Refused(_("这一户的等级刚被别的批次改过，请刷新再试。"), code="stale") from None
    settle(f"override-{override.pk}-proposed", at=at)
    record(by, "tiering.override_approved", override, customer=override.customer_id, tier=override.tier)

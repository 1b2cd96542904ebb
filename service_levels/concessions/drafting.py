"""优惠办法的草案: begun from what is in force, edited rule by rule, put in force by a second person (X10)."""
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from notifications.actions import settle
from service_levels.access import EDIT, PUBLISH
from service_levels.concessions import known
from service_levels.concessions.policy import MOST_RULES, Policy, Rule, as_data, problems, shipped
from service_levels.drafts import ask_approvers, tell_editor
from service_levels.models import ConcessionPolicy
from tenancy import versions
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused, spoken


def draft_of(*, by: Membership, at: datetime) -> ConcessionPolicy:
    """The one draft; where there is none, what is in force, and with nothing in force what is shipped for the lines of the plans."""
    must(by, EDIT)
    draft: ConcessionPolicy | None = versions.worked_on(ConcessionPolicy.objects.all())
    if draft:
        return draft
    current = ConcessionPolicy.objects.filter(state="in_force").first()
    policy = current.as_policy() if current else shipped(list(known.promised()))
    made: ConcessionPolicy = ConcessionPolicy.objects.create(number=versions.next_number(ConcessionPolicy.objects.all()),
                                                             policy=as_data(policy), proposed_by=by, edited_at=at)
    record(by, "service.policy_begun", made, number=made.number)
    return made


def keep(version: ConcessionPolicy, policy: Policy, *, by: Membership, at: datetime) -> None:
    """Keep the draft as it was edited, sound or not; only a sound one is put in force."""
    must(by, EDIT)
    versions.keep(version, by=by, at=at, policy=as_data(policy))


def keep_rule(version: ConcessionPolicy, rule: Rule, *, by: Membership, at: datetime) -> None:
    """One rule as it was edited, or a new one at the end."""
    policy = version.as_policy()
    if policy.rule(rule.code) is None and len(policy.rules) >= MOST_RULES:
        raise Refused(_("最多 %(most)s 条规则。") % {"most": MOST_RULES})
    rules = tuple(rule if one.code == rule.code else one for one in policy.rules)
    keep(version, replace(policy, rules=rules if policy.rule(rule.code) else (*rules, rule)), by=by, at=at)


def keep_cap(version: ConcessionPolicy, most_fen: int, *, by: Membership, at: datetime) -> None:
    """What one family may be given in a year by all rules."""
    keep(version, replace(version.as_policy(), most_fen=most_fen), by=by, at=at)


def fresh_code(policy: Policy) -> str:
    """A code that no rule has had: the budget of a year is kept by it, so none is used twice."""
    numbers = [int(code[4:]) for code in _codes_ever() | {rule.code for rule in policy.rules} if code.startswith("own-")]
    return f"own-{max(numbers, default=0) + 1}"


def _codes_ever() -> set[str]:
    return {rule.code for version in ConcessionPolicy.objects.all() for rule in version.as_policy().rules}


def drop_rule(version: ConcessionPolicy, code: str, *, by: Membership, at: datetime) -> None:
    """Away with a rule; what was given by it stays as it was."""
    policy = version.as_policy()
    keep(version, replace(policy, rules=tuple(rule for rule in policy.rules if rule.code != code)), by=by, at=at)


@transaction.atomic
def submit(version: ConcessionPolicy, *, by: Membership, at: datetime) -> None:
    """To be approved by somebody else; what is not sound is not submitted."""
    must(by, EDIT)
    found = problems(version.as_policy(), list(known.promised()))
    if found:
        raise Refused(spoken(found[0][1]))
    versions.submit(version, by=by)
    record(by, "service.policy_submitted", version, number=version.number)
    ask_approvers(_("优惠办法第 %(n)s 版等您批准") % {"n": version.number}, **_place(version), by=by, at=at)


@transaction.atomic
def approve(version: ConcessionPolicy, *, by: Membership, at: datetime) -> None:
    """In force from now on; what was granted before stays as it was granted."""
    must(by, PUBLISH)
    versions.put_in_force(version, ConcessionPolicy.objects.all(), by=by, at=at)
    settle(f"policy-{version.pk}-asked", at=at)
    record(by, "service.policy_approved", version, number=version.number)
    tell_editor(version, _("优惠办法第 %(n)s 版批准了，已经生效") % {"n": version.number}, **_place(version), by=by, at=at)


@transaction.atomic
def send_back(version: ConcessionPolicy, words: str, *, by: Membership, at: datetime) -> None:
    """Not like this: it is a draft again; whoever submitted it may take it back, and needs no words for that."""
    must(by, EDIT if version.proposed_by_id == by.pk else PUBLISH)
    if version.proposed_by_id != by.pk and not words.strip():
        raise Refused(_("请写要改什么。"), "words")
    versions.send_back(version)
    settle(f"policy-{version.pk}-asked", at=at)
    record(by, "service.policy_sent_back", version, words=words.strip()[:200])
    tell_editor(version, _("优惠办法退回了：%(words)s") % {"words": words.strip()[:80]}, **_place(version), by=by, at=at)


@transaction.atomic
def discard(version: ConcessionPolicy, *, by: Membership, at: datetime) -> None:
    """A draft that nobody wants."""
    must(by, EDIT)
    if version.state != "draft":
        raise Refused(_("只有草案可以放弃；待审批的先收回。"), code="stale")
    record(by, "service.policy_discarded", version, number=version.number)
    version.delete()


def _place(version: ConcessionPolicy) -> dict[str, str]:
    return {"key": f"policy-{version.pk}", "link": f"service/concessions/policy/{version.pk}/"}

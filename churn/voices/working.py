"""What is done with a 心声 and a 督导: said, answered once, taken back while nobody has answered (C7, C21, C25)."""
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from churn.groups import Kind, group, management
from churn.models import Measure, Oversight, Voice
from notifications.actions import settle, tell
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Forbidden, Refused

State = Voice.State
PAGE = "churn/voices/"


@transaction.atomic
def speak(kind: str, text: str, *, measure: Measure | None = None, by: Membership, at: datetime) -> Voice:
    """有权提意见、要资源、求助 (C21): whoever answers for it learns of it."""
    must(by, "churn.speak")
    if kind not in Voice.Kind.values:
        raise Refused(_("请选是意见、要资源还是求助。"), "kind")
    if not text.strip():
        raise Refused(_("请写说什么。"), "text")
    row: Voice = Voice.objects.create(kind=kind, text=text.strip()[:500], measure=measure, by=by, at=at)
    record(by, "churn.voice_spoken", row, kind=kind)
    said = _("%(name)s：%(kind)s，等您答复") % {"name": by.name, "kind": row.get_kind_display()}
    tell([one for one in answerers(kind) if one.pk != by.pk], said, key=f"voice-{row.pk}-asked", link=f"{PAGE}#v{row.pk}", at=at)
    return row


def answerers(kind: str) -> list[Membership]:
    """Resources are the management's to give (C7b); opinions and calls for help go to the group's leader too."""
    leader = group(Kind.IMPROVEMENT if kind == Voice.Kind.HELP else Kind.CHURN).leader
    people = management() if kind == Voice.Kind.RESOURCES or leader is None else [leader, *management()]
    return list({one.pk: one for one in people}.values())


@transaction.atomic
def answer(voice: Voice, state: str, text: str, *, by: Membership, at: datetime) -> None:
    """Agreed, declined or simply answered, with words; by who steers, and resources by the management alone."""
    must(by, "churn.oversee" if voice.kind == Voice.Kind.RESOURCES else "churn.plan")
    if state not in State.values or state == State.OPEN:
        raise Refused(_("请选同意、没同意还是答复。"), "state")
    if not text.strip():
        raise Refused(_("请写答复。"), "text")
    told = {"state": state, "answer": text.strip()[:500], "answered_by": by, "answered_at": at}
    if not Voice.objects.open().filter(pk=voice.pk).update(**told):
        raise Refused(_("同事刚答复过了。"), code="changed")
    voice.refresh_from_db()
    settle(f"voice-{voice.pk}-", at=at)
    record(by, "churn.voice_answered", voice, state=state)
    if voice.by_id != by.pk:
        said = _("您的“%(kind)s”有答复了：%(state)s") % {"kind": voice.get_kind_display(), "state": voice.get_state_display()}
        tell([voice.by], said, key=f"voice-{voice.pk}-answer", link=f"{PAGE}#v{voice.pk}", at=at)


@transaction.atomic
def take_back(voice: Voice, *, by: Membership, at: datetime) -> None:
    """By who said it, while nobody has answered."""
    if voice.by_id != by.pk:
        raise Forbidden(_("只能撤回自己说的。"), code="forbidden")
    if voice.state != State.OPEN:
        raise Refused(_("已经有答复了，不能撤回。"), code="changed")
    settle(f"voice-{voice.pk}-", at=at)
    record(by, "churn.voice_taken_back", voice)
    voice.delete()


@transaction.atomic
def oversee(to: str, kind: str, text: str, *, by: Membership, at: datetime) -> Oversight:
    """管理层指导和监督 (C7, C25): the group's leader learns of it."""
    must(by, "churn.oversee")
    if to not in dict(Oversight.GROUPS) or kind not in Oversight.Kind.values:
        raise Refused(_("请选给哪个小组、什么事。"), "kind")
    if not text.strip():
        raise Refused(_("请写说什么。"), "text")
    row: Oversight = Oversight.objects.create(group=to, kind=kind, text=text.strip()[:500], by=by, at=at)
    record(by, "churn.overseen", row, kind=kind)
    leader = group(to).leader
    if leader is not None and leader.pk != by.pk:
        said = _("%(name)s 给小组写了：%(kind)s") % {"name": by.name, "kind": row.get_kind_display()}
        tell([leader], said, key=f"oversight-{row.pk}-said", link=f"{PAGE}#o{row.pk}", at=at)
    return row


@transaction.atomic
def reply(row: Oversight, text: str, *, by: Membership, at: datetime) -> None:
    """What the group says to it, once."""
    must(by, "churn.plan")
    if not text.strip():
        raise Refused(_("请写答复。"), "text")
    told = {"answer": text.strip()[:500], "answered_by": by, "answered_at": at}
    if not Oversight.objects.filter(pk=row.pk, answered_at=None).update(**told):
        raise Refused(_("同事刚答复过了。"), code="changed")
    row.refresh_from_db()
    settle(f"oversight-{row.pk}-", at=at)
    record(by, "churn.oversight_answered", row)
    if row.by.is_active and row.by_id != by.pk:
        tell([row.by], _("您给小组写的有回话了"), key=f"oversight-{row.pk}-reply", link=f"{PAGE}#o{row.pk}", at=at)

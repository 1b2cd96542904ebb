"""What is done with a 推荐: recommended to the family of a child, answered, taken back (K23)."""
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.actions import log_contact
from crm.models import Channel, Child, EntryKind
from service_levels.access import ORGANISE
from service_levels.models import CourseOffer, Recommendation
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

LOG = "crm.log"
Answer = Recommendation.Answer


@dataclass(frozen=True)
class Word:
    """What the family said, and in its own words."""

    answer: str
    words: str = ""


@transaction.atomic
def keep_offer(row: CourseOffer, *, by: Membership) -> CourseOffer:
    """A new service or a changed one; one that is not recommended any more is switched off."""
    must(by, ORGANISE)
    row.save()
    record(by, "service.offer_kept", row)
    return row


@transaction.atomic
def recommend(offer: CourseOffer, child: Child, *, by: Membership, at: datetime, channel: str = Channel.WECHAT) -> Recommendation:
    """To the child's family, as a contact on the timeline. Raises Refused while it still considers the same."""
    must(by, LOG)
    if not offer.is_on:
        raise Refused(_("“%(name)s”现在不推荐。") % {"name": offer.name}, code="off")
    customer, today = child.family.customer, timezone.localdate(at)
    row = Recommendation(offer=offer, customer=customer, child=child, on=today, by=by)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("“%(name)s”推荐过了，家长还在考虑。") % {"name": offer.name}, code="waits_already") from None
    log_contact(customer, kind=EntryKind.CONTACT, channel=channel, text=offer.says, by=by, at=at, child=child,
                title=_("推荐：%(name)s") % {"name": offer.name})
    record(by, "service.recommended", row, offer=offer.pk)
    return row


@transaction.atomic
def answer(row: Recommendation, word: Word, *, by: Membership, at: datetime) -> None:
    """Accepted or declined; a no says why, so that nobody asks again too soon."""
    must(by, LOG)
    if word.answer not in (Answer.ACCEPTED, Answer.DECLINED):
        raise Refused(_("请选要了还是不要。"), "answer")
    if word.answer == Answer.DECLINED and not word.words.strip():
        raise Refused(_("请写为什么不要，下次好知道。"), "words")
    changed = Recommendation.objects.waiting().filter(pk=row.pk).update(answer=word.answer, words=word.words.strip()[:200],
                                                                        answered_on=timezone.localdate(at))
    if not changed:
        raise _changed()
    row.refresh_from_db()
    record(by, "service.recommendation_answered", row, answer=word.answer)


@transaction.atomic
def take_back(row: Recommendation, *, by: Membership) -> None:
    """An answer that was a mistake: the family still considers it."""
    must(by, LOG)
    if Recommendation.objects.waiting().filter(offer=row.offer_id, child=row.child_id).exists():
        raise Refused(_("这个孩子后来又推荐了一次，请在那里面写。"), code="waits_already")
    if not Recommendation.objects.exclude(answer="").filter(pk=row.pk).update(answer="", words="", answered_on=None):
        raise _changed()
    row.refresh_from_db()
    record(by, "service.recommendation_reopened", row)


def _changed() -> Refused:
    return Refused(_("同事刚处理过，请刷新再看。"), code="changed")

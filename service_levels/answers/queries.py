"""Reads of 常见问题 and 答复模板: what comes near, what parents see, how much it spared."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from crm.models import Channel
from crm.opening import day_begins
from service_levels.answers import keeping, matching
from service_levels.models import AnswerTemplate, Faq, FaqDay, ServiceRequest
from tenancy.models import Membership


def suggested(text: str) -> list[Faq]:
    """What parents may read that their words come near to, the nearest first."""
    rows: dict[int, Faq] = Faq.objects.published().in_bulk()
    known = [matching.Known(pk, row.question, row.words) for pk, row in rows.items()]
    return [rows[pk] for pk in matching.near(text, known)]


def found(text: str) -> list[Faq]:
    """What a parent finds by searching: near ones first, then what asks for the words, then what only answers with them.

    Without words, all.
    """
    published = Faq.objects.published()
    if not text:
        return list(published)
    asks, tells = Q(pk=None), Q(pk=None)
    for spelled in {text, matching.simplified(text)}:
        asks |= Q(question__icontains=spelled) | Q(words__icontains=spelled)
        tells |= Q(answer__icontains=spelled)
    return list(dict.fromkeys([*suggested(text), *published.filter(asks), *published.filter(tells)]))


def listed(words: str, since: date) -> Any:
    """Those of the school with what they came to since a day, the most helpful first."""
    rows = Faq.objects.annotate(shown=Coalesce(Sum("days__shown", filter=Q(days__day__gte=since)), 0),
                                helped=Coalesce(Sum("days__helped", filter=Q(days__day__gte=since)), 0)).select_related("edited_by")
    if words:
        rows = rows.filter(Q(question__icontains=words) | Q(answer__icontains=words) | Q(words__icontains=words))
    return rows.order_by("-is_on", "-helped", "-shown", "question")


@dataclass(frozen=True)
class Spared:
    """自助解决: how often an answer was enough, and how often somebody wrote to the school all the same."""

    helped: int
    sent: int

    @property
    def share(self) -> float | None:
        return self.helped / (self.helped + self.sent) if self.helped + self.sent else None


def spared(since: date) -> Spared:
    helped = FaqDay.objects.filter(day__gte=since).aggregate(n=Coalesce(Sum("helped"), 0))["n"]
    sent = ServiceRequest.objects.filter(opened_at__gte=day_begins(since), channel=Channel.ONLINE, by=None).count()
    return Spared(helped, sent)


@dataclass(frozen=True)
class Words:
    """Something to begin an answer with."""

    name: str
    text: str


def templates_for(row: ServiceRequest, *, by: Membership) -> Sequence[Words]:
    """For the form of an answer: the templates of its kind, filled, then the answers to questions that come near."""
    rows = AnswerTemplate.objects.filter(Q(kind="") | Q(kind=row.kind))
    own = [Words(one.name, keeping.filled(one.text, row, by=by)) for one in rows]
    return [*own, *(Words(one.question, one.answer) for one in suggested(row.text))]

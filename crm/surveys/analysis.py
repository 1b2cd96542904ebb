"""问卷的分析 (R33, R39a): how many were asked and answered in a period, and what came of it by question, topic and host."""
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from crm.models import Answer, Improvement, Question, QuestionKind, Survey, SurveyResponse, Topic
from crm.opening import day_begins
from crm.surveys import results
from crm.surveys.access import responses
from crm.surveys.results import Level, Tally
from tenancy.models import Campus, Membership

State = SurveyResponse.State
LOOKED_BACK = timedelta(days=90)  # of which answers a weak point is measured
SHOWN = 40  # what parents wrote, the latest


@dataclass(frozen=True)
class Asked:
    """One question of the latest version that asked it, with what came of it."""

    question: Question
    tally: Tally

    @property
    def rows(self) -> list[tuple[str, int, int]]:
        """What could be answered, how often it was, and its share in per cent."""
        options = self.question.options
        return [(str(options[place] if options else place), times, share) for place, times, share in self.tally.bars(len(options))]


@dataclass(frozen=True)
class Findings:
    """All that the page of results shows of one questionnaire."""

    figures: dict[str, Any]
    asked: list[Asked]
    topics: list[tuple[str, Level]]
    hosts: list[tuple[str, Level]]
    months: list[tuple[date, float, int]]

    @property
    def weak(self) -> list[Asked]:
        """Weak points, the weakest first (R33)."""
        return sorted((one for one in self.asked if one.tally.is_weak), key=lambda one: one.tally.level or 0)


def of_period(member: Membership, survey: Survey, first: date, last: date, campus: Campus | None) -> QuerySet[Any]:
    """What was asked in a period, both days counted."""
    rows = responses(member).filter(version__survey=survey, asked_at__gte=day_begins(first),
                                    asked_at__lt=day_begins(last + timedelta(days=1)))
    return rows.filter(campus=campus) if campus else rows


def findings(member: Membership, survey: Survey, first: date, last: date, campus: Campus | None) -> Findings:
    rows = of_period(member, survey, first, last, campus)
    counts = counted(rows, Question.objects.filter(version__survey=survey).exclude(kind=QuestionKind.TEXT))
    tallies, latest = results.by_line(counts), questions_of(survey)
    hosts = results.by_host(counts)
    names = dict(Membership.objects.filter(pk__in=hosts).values_list("pk", "name"))
    return Findings(
        figures_of(rows, tallies, latest),
        [Asked(latest[line], tallies[line]) for line in latest if line in tallies],
        _worst_first((str(Topic(topic).label), level) for topic, level in results.by_topic(counts).items()),
        _worst_first((names[pk], level) for pk, level in hosts.items() if pk in names), months_of(rows))


def counted(rows: QuerySet[Any], questions: QuerySet[Question]) -> list[results.Count]:
    """Equal answers, counted by the database: as many lines as there are different ones, however many families answered.

    From the sheets to their answers, and the questions put to them here: joined there, the planner takes every question of the
    school for every sheet, which made the page of 100,000 families ten times as slow.
    """
    asked = {one.pk: one for one in questions}
    found = rows.order_by().filter(answers__question__in=list(asked)).values_list(
        "answers__question", "host", "answers__number", "answers__chosen").annotate(times=Count("answers"))
    return [results.Count(asked[pk].line, asked[pk].kind, asked[pk].topic, host, number, tuple(chosen), times)
            for pk, host, number, chosen, times in found]


def questions_of(survey: Survey) -> dict[int, Question]:
    """Each line in the words of the latest published version that asks it, in the order of the latest version."""
    rows = Question.objects.filter(version__survey=survey).exclude(version__state="draft").order_by("-version__number", "order")
    found: dict[int, Question] = {}
    for row in rows:
        found.setdefault(row.line, row)
    return found


def figures_of(rows: QuerySet[Any], tallies: dict[int, Tally], latest: dict[int, Question]) -> dict[str, Any]:
    """How many were asked, answered, declined; the overall mean; the net promoter score."""
    told = rows.order_by().aggregate(asked=Count("pk"), answered=Count("pk", filter=Q(state=State.ANSWERED)),
                                     declined=Count("pk", filter=Q(state=State.DECLINED)))
    overall = next((tallies[line] for line, question in latest.items() if question.is_overall and line in tallies), None)
    ten = next((tallies[line] for line, question in latest.items() if question.kind == QuestionKind.TEN and line in tallies), None)
    share = round(100 * told["answered"] / told["asked"]) if told["asked"] else None
    return told | {"share": share, "overall": overall, "promoters": ten.promoters if ten else None}


def months_of(rows: QuerySet[Any]) -> list[tuple[date, float, int]]:
    """The overall score month by month: month, mean, answers."""
    found = rows.exclude(score=None).order_by().annotate(month=TruncMonth("answered_at")).values("month")
    told = found.annotate(mean=Avg("score"), n=Count("pk")).order_by("month")
    return [(one["month"].date(), float(one["mean"]), one["n"]) for one in told]


def words_of(rows: QuerySet[Any]) -> list[Answer]:
    """What parents wrote in their own words, the latest first."""
    said = Answer.objects.filter(response__in=rows).exclude(words="").select_related("question", "response__customer", "response__host")
    return list(said.order_by("-response__answered_at", "-pk")[:SHOWN])


def stands(survey: Survey, line: int, campus: Campus | None, *, since: datetime, until: datetime | None = None) -> Tally | None:
    """How a question stands from some time on, for whoever put it right (R34)."""
    rows = SurveyResponse.objects.filter(version__survey=survey, answered_at__gte=since)
    rows = rows.filter(answered_at__lt=until) if until else rows
    rows = rows.filter(campus=campus) if campus else rows
    return results.by_line(counted(rows, Question.objects.filter(version__survey=survey, line=line))).get(line)


def since_then(rows: Iterable[Improvement]) -> dict[int, Tally | None]:
    """What was answered since each improvement was done."""
    return {row.pk: stands(row.survey, row.line, row.campus, since=day_begins(row.closed_on))
            for row in rows if row.survey and row.line and row.closed_on and row.state == Improvement.State.DONE}


@dataclass(frozen=True)
class Listed:
    """A questionnaire with how many were asked and answered in the last 90 days, and its mean."""

    survey: Survey
    asked: int = 0
    answered: int = 0
    mean: float | None = None


def listed(member: Membership, now: datetime) -> list[Listed]:
    """Every questionnaire as it does at the member's campuses, those in use first."""
    rows = responses(member).filter(asked_at__gt=now - LOOKED_BACK, asked_at__lte=now).order_by()
    counted = rows.values_list("version__survey").annotate(asked=Count("pk"), answered=Count("pk", filter=Q(state=State.ANSWERED)),
                                                           mean=Avg("score"))
    found = {pk: (asked, answered, mean) for pk, asked, answered, mean in counted}
    return [Listed(survey, *found.get(survey.pk, ())) for survey in Survey.objects.order_by("-is_on", "id")]


def header() -> list[str]:
    return [_("方面"), _("问题"), _("回答"), _("平均"), _("满分 100"), _("好评"), _("净推荐值")]


def cells(found: Findings) -> Iterator[list[Any]]:
    for one in found.asked:
        tally = one.tally
        told = (tally.mean, tally.level, None if tally.good is None else f"{tally.good}%", tally.promoters)
        yield [one.question.get_topic_display(), one.question.text, tally.total, *("" if cell is None else cell for cell in told)]
        for option, times, share in one.rows if one.question.options else ():
            yield [one.question.get_topic_display(), f"{one.question.text}：{option}", times, "", "", f"{share}%", ""]


def _worst_first(levels: Iterable[tuple[str, Level]]) -> list[tuple[str, Level]]:
    return sorted(levels, key=lambda pair: (pair[1].value if pair[1].value is not None else 101, pair[0]))

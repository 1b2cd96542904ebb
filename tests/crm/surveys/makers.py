"""Questionnaires, families that are asked and their answers; each must be called inside a tenant scope."""

import re

from crm.models import Customer, Question, QuestionKind, Survey, SurveyResponse
from crm.surveys.asking import Given, Subject, ask
from tests import makers
from tests.reception.makers import NOW


def visit_survey() -> Survey:
    """The ready-made one: seven questions, the first the overall satisfaction."""
    return Survey.objects.get(occasion="visit")


def questions(survey: Survey | None = None) -> list[Question]:
    return list(Question.objects.filter(version__survey=survey or visit_survey(), version__state="published"))


def asked(
    customer: Customer | None = None, key: str = "visit-1", at=NOW, survey: Survey | None = None, **subject
) -> SurveyResponse:
    family = customer or makers.family()
    made = ask(survey or visit_survey(), family, Subject(key, family.campus, **subject), by=None, at=at)
    assert made is not None
    return SurveyResponse.objects.select_related("version__survey", "customer", "campus", "host").get(
        pk=made.pk
    )


def given(*numbers: int | None, words: str = "", survey: Survey | None = None) -> dict[int, Given]:
    """Scores for the scale questions in their order, and words for the last; None leaves one out."""
    rows = questions(survey)
    scales = [row for row in rows if row.kind in ("five", "ten")]
    told = {row.pk: Given(number=number) for row, number in zip(scales, numbers, strict=False)}
    if words:
        told[next(row.pk for row in rows if row.kind == QuestionKind.TEXT)] = Given(words=words)
    return told


def plain(answer) -> str:
    """The words of a page as one reads them."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))

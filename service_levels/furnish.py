"""What a new school begins with: the shipped plans of each scheme that has any, in force as version 1 (K15), and words for answers."""
from service_levels.models import AnswerTemplate, PlanVersion
from service_levels.plans.book import as_data
from service_levels.plans.presets import BY_SCHEME
from tenancy.models import Tenant
from tiering.models import Scheme

TEMPLATES = (
    ("收到了", "", "{家长}您好，{编号} 收到了，我先去问清楚，今天之内答复您。{我}"),
    ("要补充材料", "", "{家长}您好，这件事还差一样东西：。方便的时候拍一张发在这一页就行。{我}"),
    ("投诉先致歉", "complaint", "{家长}您好，让您和孩子受委屈了，对不起。这件事由我负责，查清楚以后第一时间告诉您。{我}"),
    ("退费怎么办", "refund", "{家长}您好，退费按公示的办法算，请告诉我最后一天来园的日期，我先帮您算好再商量。{我}"))


def furnish(tenant: Tenant) -> None:
    """Safe to repeat: a scheme that has any version of plans keeps its own, and a school that has any template its own."""
    at = tenant.created_at
    if not AnswerTemplate.objects.exists():
        AnswerTemplate.objects.bulk_create([AnswerTemplate(name=name, kind=kind, text=text) for name, kind, text in TEMPLATES])
    for scheme in Scheme.objects.filter(code__in=BY_SCHEME, plan_versions=None):
        PlanVersion.objects.create(scheme=scheme, number=1, state=PlanVersion.State.IN_FORCE, book=as_data(BY_SCHEME[scheme.code]),
                                   in_force_since=at, edited_at=at)

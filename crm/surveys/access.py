"""The doors to surveys: a colleague's by right and campus, a parent's by a link that runs out."""
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext as _

from audit.actions import looked
from crm.access import customers
from crm.models import Survey, SurveyResponse
from tenancy.access import find
from tenancy.links import token_hash
from tenancy.models import Membership
from tenancy.refusals import Absent

JOINED = ("version__survey", "customer__campus", "child", "campus", "host", "by")


def survey_for(member: Membership, pk: Any, right: str = "crm.survey") -> Survey:
    return cast(Survey, find(member, Survey.objects.all(), pk, right))


def responses(member: Membership) -> Any:
    """What was asked of the present customers of the member's campuses."""
    return SurveyResponse.objects.filter(customer__in=customers(member)).select_related(*JOINED)


def response_for(member: Membership, pk: Any, right: str = "crm.log") -> SurveyResponse:
    return cast(SurveyResponse, find(member, responses(member), pk, right))


def response_seen(member: Membership, pk: Any) -> SurveyResponse:
    """The sheet that is opened: it names a child, so the look is kept (QUALITY P-1)."""
    row = response_for(member, pk)
    looked(member, "crm.response_viewed", [row])
    return row


def response_by_token(token: str, at: datetime) -> SurveyResponse:
    """A parent's own sheet by the link that the school gave them."""
    rows = SurveyResponse.objects.filter(token_hash=token_hash(token), until__gt=at).exclude(state=SurveyResponse.State.DECLINED)
    row = rows.filter(customer__deleted_at=None).select_related(*JOINED).first()
    if row is None:
        raise Absent(_("这个链接打不开了。有话想说，请直接打电话给园里。"), code="not_found")
    return row

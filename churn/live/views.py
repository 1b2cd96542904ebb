"""此刻 on the board: a strip that asks again by itself."""
from django.http import HttpRequest, HttpResponse

from churn.live.queries import now as standing
from crm.asked import today
from tenancy.site import need, page


def now(request: HttpRequest) -> HttpResponse:
    """The strip; the board fetches it as it opens and every half minute."""
    member = need(request, "churn.view")
    return page(request, "churn/live/strip.html", {"now": standing(member, today())})

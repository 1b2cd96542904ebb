"""The small forms of a family's page."""
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access import customer_for
from crm.acts import ACTS
from crm.views.filling import fill
from tenancy.refusals import Refused


def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Show one form of the table, or do what it says."""
    if what not in ACTS:
        raise Http404
    wanted = ACTS[what]
    customer = customer_for(request.member, pk, wanted.right)
    if getattr(customer, "family", None) is None:
        raise Refused(_("这项登记只用于家庭。"))
    today = timezone.localdate()
    form = wanted.form(request.POST or None, customer=customer, initial={"on": today, "from_on": today})
    return fill(request, customer, form, lambda values: wanted.do(customer, values, request.member, timezone.now()),
                title=str(wanted.title), said=_("已登记：%(what)s") % {"what": wanted.title})

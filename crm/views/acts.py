"""The small forms of a family's page."""
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access import customer_for
from crm.acts import ACTS
from crm.parse import Unreadable
from tenancy.refusals import Refused
from tenancy.site import page


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
    if request.method == "POST" and form.is_valid():
        try:
            wanted.do(customer, form.cleaned_data, request.member, timezone.now())
            messages.success(request, _("已登记：%(what)s") % {"what": wanted.title})
            return redirect("crm:family", pk)
        except Refused as refusal:
            form.refuse(refusal)
        except Unreadable as doubt:
            form.add_error(None, str(doubt))
    return page(request, "crm/form.html", {"title": f"{customer.name} · {wanted.title}", "crumb": _("家庭"), "form": form,
                                           "submit": _("登记")}, status=422 if form.errors else 200)

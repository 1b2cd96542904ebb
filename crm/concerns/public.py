"""意见箱 for parents, on their own phone: no account, no name needed; what is typed goes to the school and nowhere else (C26b)."""
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.concerns import taking
from crm.concerns.forms import BoxForm
from crm.models import Concern
from tenancy.models import Campus
from tenancy.refusals import Refused, TooMany
from tenancy.visitors import at_most, shown, strict

MOST = 10  # slips an hour from one address; a whole family behind one router is let through


@strict
def box(request: HttpRequest, slug: str) -> HttpResponse:
    """The slip, and thanks for it. What is wrong stands at its field, and nothing typed is lost."""
    form = BoxForm(request.POST or None, campuses=Campus.objects.order_by("pk"), initial={"kind": Concern.Kind.SUGGESTION})
    if request.method == "POST" and request.POST.get("website"):  # a field that no person sees
        return shown(request, "public/boxed.html", {})
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            with at_most(request, "box", MOST, _("这个网络提得太频繁了，请过一会儿再写，或直接打电话。")):
                taking.receive(form.said(), at=timezone.now())
            return shown(request, "public/boxed.html", {"left_phone": bool(form.cleaned_data["phone"])})
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status if isinstance(refusal, TooMany) else 422
    return shown(request, "public/box.html", {"form": form}, status=status if form.errors else 200)

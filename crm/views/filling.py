"""One way for every small form of a family's page: done and back to the family, or shown again with all that was typed."""
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crm.forms import SchoolForm
from crm.models import Customer
from crm.parse import Unreadable
from tenancy.refusals import Refused, spoken
from tenancy.site import page


def fill(request: HttpRequest, customer: Customer, form: SchoolForm, do: Callable[[dict[str, Any]], object], *,
         title: str, said: str, submit: str = "") -> HttpResponse:
    """Do what a valid form says; what is wrong, also by a rule, stands at its field (422) and nothing typed is lost."""
    if form.is_valid():
        try:
            do(form.cleaned_data)
            messages.success(request, said)
            return redirect("crm:family", customer.pk)
        except Refused as refusal:
            form.refuse(refusal)
        except Unreadable as doubt:
            form.add_error(None, spoken(doubt.said))
    return page(request, "crm/form.html", {"title": f"{customer.name} · {title}", "crumb": _("家庭"), "form": form,
                                           "submit": submit or _("登记"), "back": customer}, status=422 if form.errors else 200)

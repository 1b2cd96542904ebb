"""One way for every page that is one form: done and on to where it leads, or shown again with all that was typed."""
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crm.forms import SchoolForm
from crm.models import Customer
from crm.parse import Unreadable
from tenancy.refusals import Refused, Telling, spoken
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


def one_form(request: HttpRequest, form: Any, do: Callable[[Any], str], to: str, *, title: str, crumb: str,
             submit: str = "") -> HttpResponse:
    """A page that is one form: ``do`` keeps what was typed and says so, then on to an address; a rule's no stands at its field (422)."""
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            messages.success(request, do(form))
            return redirect(to)
    return page(request, "crm/form.html", {"title": title, "crumb": crumb, "form": form, "submit": submit or _("保存")},
                status=422 if form.errors else 200)


def begun(request: HttpRequest, customer: Customer, form: Any, do: Callable[[], str], *, title: str, crumb: str, said: str,
          submit: str) -> HttpResponse:
    """A page that begins something with a family: ``do`` begins it and returns the address of its own page, where it goes on.

    What is wrong, also by a rule, stands at its field (422) and nothing typed is lost.
    """
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            there = do()
            messages.success(request, said)
            return redirect(there)
    return page(request, "crm/form.html", {"title": title % {"name": customer.name}, "crumb": crumb, "form": form, "submit": submit,
                                           "back": customer}, status=422 if form.errors else 200)

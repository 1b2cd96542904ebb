"""合同 for a parent, on their own phone, by a link that runs out: read it, sign it, keep a copy (R27c)."""
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from reception.contracts import access, actions
from reception.contracts.forms import SignForm
from reception.contracts.views import pdf_answer
from reception.models import Contract
from tenancy.refusals import Refused, Telling
from tenancy.visitors import shown, strict


@strict
def own_contract(request: HttpRequest, token: str) -> HttpResponse:
    """The whole text, then the field for the name; once signed, the copy."""
    now = timezone.now()
    row = access.contract_by_token(token, now)
    form = SignForm(request.POST or None, initial={"signer": row.papers()["guardian"]})
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            actions.sign(row, form.signing(Contract.Where.PHONE), by=None, at=now)
            return redirect("own-contract", token)
    return shown(request, "public/contract.html", {"contract": row, "papers": row.papers(), "form": form, "token": token},
                 status=422 if form.errors else 200)


@strict
def own_copy(request: HttpRequest, token: str) -> HttpResponseBase:
    """The parent's copy: the same sealed file as the school's original."""
    row = access.contract_by_token(token, timezone.now())
    if not row.digest:
        raise Refused(_("还在盖章，几秒钟后再试。"), code="changed")
    record(None, "reception.contract_downloaded", row)
    return pdf_answer(row)

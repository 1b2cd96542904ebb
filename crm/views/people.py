"""交接 and 代班, and what somebody changed today."""
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import handover, queries
from crm.forms import SchoolForm
from crm.models import Customer
from tenancy.access import find
from tenancy.models import Membership
from tenancy.refusals import Refused
from tenancy.site import need, page


class HandoverForm(SchoolForm):
    to = forms.ModelChoiceField(Membership.objects.none(), label=gettext_lazy("接手的同事"), required=False)

    def __init__(self, *args: object, leaver: Membership, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Membership.objects.filter(is_active=True).exclude(pk=leaver.pk)


def member_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A colleague's families, and the three acts: leave, stand in, end standing in."""
    member = need(request, "tenancy.members")
    colleague = find(member, Membership.objects.select_related("user", "stands_in"), pk, "tenancy.members")
    form = HandoverForm(request.POST or None, leaver=colleague)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _act(request, colleague, form.cleaned_data["to"]))
            return redirect("crm:member", pk)
        except Refused as refusal:
            form.refuse(refusal)
    owned = Customer.objects.present().filter(owner=colleague).count()
    return page(request, "crm/member.html", {"title": colleague.name, "crumb": _("成员"), "colleague": colleague, "form": form,
                                             "owned": owned}, status=422 if form.errors else 200)


def _act(request: HttpRequest, colleague: Membership, to: Membership | None) -> str:
    verb = request.POST.get("verb")
    if verb == "leave":
        moved = handover.let_go(colleague, to, on=timezone.localdate(), by=request.member)
        return _("已登记离岗，%(n)s 户交给了接手的同事") % {"n": moved}
    if verb == "stand_in":
        handover.stand_in(colleague, to, by=request.member)
        return _("已安排代班") if to else _("代班结束")
    if to is None:
        raise Refused(_("请选一位接手的同事。"), "to")
    return _("已交接 %(n)s 户") % {"n": handover.hand_over(colleague, to, by=request.member)}


def my_day(request: HttpRequest) -> HttpResponse:
    """今天我改了什么: every act of the member today, with the way back where there is one."""
    member = need(request, "crm.view")
    return page(request, "crm/my_day.html", {"title": _("今天我做了什么"), "acts": queries.acts_of(member, timezone.localdate())})

"""收件箱, and where else a colleague wants to be told."""
from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from notifications.actions import mark_opened, mark_read
from notifications.channels import choose
from notifications.models import Address, Message
from tenancy.refusals import Refused
from tenancy.site import page

SHOWN = 100


class AddressForm(forms.Form):
    url = forms.CharField(label=gettext_lazy("群机器人地址"), max_length=300, required=False,
                          help_text=gettext_lazy("企业微信 wecombot://、钉钉 dingtalk://、飞书 feishu://；留空就只用收件箱"),
                          widget=forms.TextInput(attrs={"class": "mp-input", "autocomplete": "off"}))


def inbox(request: HttpRequest) -> HttpResponse:
    """All messages, unread ones first; a POST marks them read."""
    if request.method == "POST":
        mark_read(request.member, at=timezone.now())
        return redirect("notifications:inbox")
    return _shown(request, AddressForm())


def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a line leads; following it marks it read."""
    message = get_object_or_404(Message, member=request.member, pk=pk)
    mark_opened(message, at=timezone.now())
    return redirect(f"/s/{request.tenant.slug}/{message.link}")


@require_POST
def address(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            choose(request.member, form.cleaned_data["url"])
            messages.success(request, _("以后也发到这个渠道") if form.cleaned_data["url"].strip() else _("以后只用收件箱"))
            return redirect("notifications:inbox")
        except Refused as refusal:
            form.add_error("url", refusal.message)
    return _shown(request, form, status=422)


def _shown(request: HttpRequest, form: AddressForm, status: int = 200) -> HttpResponse:
    unread_first = F("read_at").desc(nulls_first=True)
    rows = Message.objects.filter(member=request.member).prefetch_related("delivery").order_by(unread_first, "-id")[:SHOWN]
    known = Address.objects.filter(member=request.member).first()
    return page(request, "notifications/inbox.html", {"title": _("收件箱"), "rows": rows, "form": form, "address": known}, status=status)

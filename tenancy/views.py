"""Inviting a colleague, the page behind a one-time link, keys to the API, the campus one looks at."""
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tenancy import actions
from tenancy.access import find
from tenancy.models import ApiToken, Campus
from tenancy.refusals import Refused
from tenancy.roles import Role
from tenancy.site import need, page
from tenancy.typed import as_id, way_back


class InviteForm(forms.Form):
    username = forms.CharField(label=gettext_lazy("登录名"), max_length=60)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=[("", gettext_lazy("请选择")), *Role.choices])
    campuses = forms.ModelMultipleChoiceField(Campus.objects.none(), label=gettext_lazy("园所"), required=False,
                                              help_text=gettext_lazy("不选就是全部园所"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campuses"].queryset = Campus.objects.all()
        for field in self.fields.values():
            field.widget.attrs["class"] = "mp-input"


def invite(request: HttpRequest) -> HttpResponse:
    need(request, "tenancy.members")
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            member, token = actions.invite(**form.cleaned_data, at=timezone.now())
        except Refused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            address = request.build_absolute_uri(reverse("tenancy:link", args=[token]))
            return page(request, "tenancy/invited.html", {"title": _("已邀请 %(name)s") % {"name": member.name}, "address": address})
    return page(request, "crm/form.html", {"title": _("邀请同事"), "crumb": _("成员"), "form": form, "submit": _("邀请")},
                status=422 if form.errors else 200)


class PasswordForm(forms.Form):
    password = forms.CharField(label=gettext_lazy("新密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                               help_text=gettext_lazy("至少 10 个字符，不能全是数字"))

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


def link(request: HttpRequest, token: str) -> HttpResponse:
    """The one page in a school that needs no sign-in: the link is the key, once."""
    try:
        opened = actions.open_link(token, at=timezone.now())
    except Refused as refusal:
        return render(request, "409.html", {"message": refusal.message}, status=409)
    if actions.keeps_own_password(opened.membership):
        return render(request, "tenancy/link_known.html", {"who": opened.membership})
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_password(opened, form.cleaned_data["password"], at=timezone.now())
        return redirect("/accounts/login/")
    return render(request, "tenancy/link.html", {"form": form, "who": opened.membership})


class TokenForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("用途"), max_length=60, widget=forms.TextInput(attrs={"class": "mp-input"}),
                           help_text=gettext_lazy("写清哪个程序用它，比如“财务对账”"))


def tokens(request: HttpRequest) -> HttpResponse:
    """接口令牌: one's own keys to the API, with one's own rights; the secret is shown once."""
    form, fresh = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        fresh, form = actions.issue_token(request.member, form.cleaned_data["name"]), TokenForm()
    rows = ApiToken.objects.filter(membership=request.member).order_by("-pk")
    return page(request, "tenancy/tokens.html", {"title": _("接口令牌"), "form": form, "fresh": fresh, "rows": rows},
                status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    mine = ApiToken.objects.filter(membership=request.member)
    actions.revoke_token(find(request.member, mine, pk, "crm.view"), at=timezone.now())
    messages.success(request, _("已停用"))
    return redirect("tenancy:tokens")


@require_POST
def choose_campus(request: HttpRequest) -> HttpResponse:
    """Look at one campus or at all; remembered for this school until signed out."""
    key, text = f"campus:{request.tenant.pk}", request.POST.get("campus", "")
    request.session.pop(key, None)
    if Campus.objects.filter(pk=as_id(text)).exists():
        request.session[key] = as_id(text)
    return redirect(way_back(request))

"""Inviting a colleague, and the page behind a one-time link."""
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenancy import actions
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.roles import Role
from tenancy.site import need, page


class InviteForm(forms.Form):
    username = forms.CharField(label=gettext_lazy("登录名"), max_length=60)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Role.choices)
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
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_password(opened, form.cleaned_data["password"], at=timezone.now())
        return redirect("/accounts/login/")
    return render(request, "tenancy/link.html", {"form": form, "who": opened.membership})

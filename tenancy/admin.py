"""Members and campuses: who works here, as what, where."""
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action

from tenancy import panels
from tenancy.actions import sign_in_link
from tenancy.models import Campus, Membership, MembershipCampus
from tenancy.site import SchoolAdmin, site


class CampusInline(TabularInline):
    model = MembershipCampus
    extra = 0
    verbose_name_plural = _("负责的园所（不选就是全部）")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.member.may("tenancy.members")

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(Membership, site=site)
class MembershipAdmin(SchoolAdmin):
    view_right = "crm.view"  # everybody may look up a colleague named on a record
    change_right = "tenancy.members"
    list_display = ["name", "user", "role", "is_active", "stands_in", "handover"]
    list_filter = ["role", "is_active"]
    search_fields = ["name", "user__username"]
    list_select_related = ["user", "stands_in"]
    fields = ["name", "role", "stands_in"]
    inlines = [CampusInline]
    actions = ["make_link"]
    actions_list = ["invite"]

    @admin.display(description=_("交接与代班"))
    def handover(self, member: Membership) -> str:
        return format_html('<a href="{}">{}</a>', reverse("crm:member", args=[member.pk]), _("交接、代班、离岗"))

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return list(self.list_display) if self.has_change_permission(request) else ["name", "role", "is_active", "stands_in"]

    def has_invite_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # colleagues are invited, on a page of its own

    @action(description=_("邀请同事"), url_path="invite", permissions=["invite"])
    def invite(self, request: HttpRequest) -> HttpResponse:
        return redirect("tenancy:invite")

    @admin.action(description=_("发一次性登录链接"), permissions=["change"])
    def make_link(self, request: HttpRequest, queryset: Any) -> None:
        for member in queryset:
            link = request.build_absolute_uri(reverse("tenancy:link", args=[sign_in_link(member, at=timezone.now())]))
            messages.success(request, format_html(str(_("给 {} 的链接，三天内用一次：{}")), member.name, link))

@admin.register(Campus, site=site)
class CampusAdmin(SchoolAdmin):
    view_right = "crm.view"
    change_right = "tenancy.campuses"
    list_display = ["code", "name", "address", "phone"]

    def save_model(self, request: HttpRequest, obj: Campus, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            panels.build("new_campus", obj)  # each app brings what a campus starts with

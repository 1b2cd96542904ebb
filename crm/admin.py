"""The archive's tables in the admin: editing by hand, with pickers of the open school only."""
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from unfold.admin import TabularInline

from crm.archive import refresh_search
from crm.history import acts, restore
from crm.models import (
    Child,
    ClassGroup,
    Concern,
    Customer,
    CustomerType,
    Enrolment,
    Family,
    FeeKind,
    Guardian,
    LessonPackage,
    Payment,
    WorkingGroup,
    WorkingGroupMember,
)
from tenancy.site import SchoolAdmin, SchoolForm, page, site


class HistoryAdmin(SchoolAdmin):
    """The 历史 tab: who, when, old → new, and putting a state back."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if request.method == "POST":
            if not self.has_change_permission(request, row):
                raise PermissionDenied
            restore(row, int(request.POST.get("event", "0")), by=request.member)
            messages.success(request, _("已恢复到那时的样子"))
            return redirect(request.path)
        return page(request, "crm/history.html", {"title": _("历史：%(row)s") % {"row": row}, "acts": acts(row), "row": row,
                                                  "may_restore": self.has_change_permission(request, row)})


class SchoolInline(TabularInline):
    """Rows of the open school, by the same rights as their page."""

    extra = 0
    form = SchoolForm

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.member.may("crm.view")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.member.may("crm.change")

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


class GuardianInline(SchoolInline):
    model = Guardian
    fields = ["name", "relation", "phone_mask", "wechat", "occupation", "decides", "pays", "picks_up"]
    readonly_fields = ["phone_mask"]


class ChildInline(SchoolInline):
    model = Child
    fields = ["name", "nickname", "sex", "born_on"]


@admin.register(Family, site=site)
class FamilyAdmin(SchoolAdmin):
    campus_path = "customer__campus_id"
    list_display = ["customer", "note"]
    list_select_related = ["customer"]
    fields = ["note"]
    inlines = [ChildInline, GuardianInline]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        refresh_search([form.instance.customer])


@admin.register(Customer, site=site)
class CustomerAdmin(HistoryAdmin):
    campus_path = "campus_id"
    list_display = ["external_ref", "name", "type", "campus", "owner", "since"]
    list_select_related = ["type", "campus", "owner"]
    fields = ["external_ref", "type", "campus", "owner", "since", "source"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        refresh_search([obj])


@admin.register(ClassGroup, site=site)
class ClassGroupAdmin(SchoolAdmin):
    campus_path = "campus_id"
    list_display = ["name", "campus", "grade", "capacity", "closed_on"]
    list_select_related = ["campus"]


@admin.register(CustomerType, site=site)
class CustomerTypeAdmin(SchoolAdmin):
    change_right = "tenancy.campuses"
    list_display = ["name", "code", "half"]


@admin.register(FeeKind, site=site)
class FeeKindAdmin(SchoolAdmin):
    change_right = "crm.refund"
    list_display = ["name", "group", "counts", "warning"]


@admin.register(Enrolment, site=site)
class EnrolmentAdmin(HistoryAdmin):
    campus_path = "campus_id"
    list_display = ["child", "class_group", "campus", "from_on", "until_on", "outcome"]
    list_select_related = ["child", "class_group", "campus"]
    raw_id_fields = ["child"]


@admin.register(LessonPackage, site=site)
class LessonPackageAdmin(SchoolAdmin):
    campus_path = "customer__campus_id"
    list_display = ["customer", "course", "bought", "gifted", "used", "expires_on"]
    list_select_related = ["customer"]
    raw_id_fields = ["customer", "child"]


@admin.register(Concern, site=site)
class ConcernAdmin(SchoolAdmin):
    change_right = "crm.log"
    campus_path = "customer__campus_id"
    list_display = ["opened_at", "kind", "customer", "closed_at"]
    list_select_related = ["customer"]
    raw_id_fields = ["customer"]


class GroupMemberInline(SchoolInline):
    model = WorkingGroupMember


@admin.register(WorkingGroup, site=site)
class WorkingGroupAdmin(SchoolAdmin):
    list_display = ["name", "kind", "leader", "cadence"]
    list_select_related = ["leader"]
    inlines = [GroupMemberInline]


@admin.register(Child, site=site)
class ChildAdmin(HistoryAdmin):
    campus_path = "family__customer__campus_id"
    list_display = ["name", "sex", "born_on"]
    fields = ["name", "nickname", "sex", "born_on"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        refresh_search([obj.family.customer])


@admin.register(Guardian, site=site)
class GuardianAdmin(HistoryAdmin):
    campus_path = "family__customer__campus_id"
    list_display = ["name", "relation", "phone_mask"]
    fields = ["name", "relation", "phone_mask", "wechat", "occupation", "decides", "pays", "picks_up"]
    readonly_fields = ["phone_mask"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Payment, site=site)
class PaymentAdmin(HistoryAdmin):
    change_right = "crm.refund"
    campus_path = "customer__campus_id"
    list_display = ["paid_on", "customer", "fee_kind", "amount_fen", "method"]
    list_select_related = ["customer", "fee_kind"]
    fields = ["fee_kind", "paid_on", "list_fen", "method", "receipt", "remark"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

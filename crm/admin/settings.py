"""What a school arranges for itself: customer types, fee kinds, working groups."""
from django.contrib import admin

from crm.admin.base import SchoolInline
from crm.models import CustomerType, ExtraField, FeeKind, WorkingGroup, WorkingGroupMember
from tenancy.site import SchoolAdmin, site


@admin.register(CustomerType, site=site)
class CustomerTypeAdmin(SchoolAdmin):
    change_right = "tenancy.campuses"
    list_display = ["name", "code", "half"]
    list_filter = ["half"]
    search_fields = ["name", "code"]


@admin.register(ExtraField, site=site)
class ExtraFieldAdmin(SchoolAdmin):
    """A field that holds values is closed, not deleted, so that nothing written is lost."""

    change_right = "tenancy.campuses"
    list_display = ["name", "kind", "choices", "is_open"]
    list_filter = ["kind", "is_open"]
    search_fields = ["name"]


@admin.register(FeeKind, site=site)
class FeeKindAdmin(SchoolAdmin):
    change_right = "crm.refund"
    list_display = ["name", "group", "counts", "warning"]
    list_filter = ["group", "counts"]
    search_fields = ["name"]


class GroupMemberInline(SchoolInline):
    model = WorkingGroupMember


@admin.register(WorkingGroup, site=site)
class WorkingGroupAdmin(SchoolAdmin):
    list_display = ["name", "kind", "leader", "cadence"]
    list_select_related = ["leader"]
    list_filter = ["kind"]
    search_fields = ["name"]
    inlines = [GroupMemberInline]

"""Classes, enrolments, attendance, lesson packages."""
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter

from crm.admin.base import ArchiveAdmin, HistoryAdmin
from crm.models import Attendance, ClassGroup, Enrolment, LessonPackage
from tenancy.site import SchoolAdmin, site


@admin.register(ClassGroup, site=site)
class ClassGroupAdmin(SchoolAdmin):
    campus_path = "campus_id"
    list_display = ["name", "campus", "grade", "teacher", "capacity", "closed_on"]
    list_select_related = ["campus", "teacher"]
    list_filter = ["campus", "grade"]
    search_fields = ["name"]


@admin.register(Enrolment, site=site)
class EnrolmentAdmin(HistoryAdmin):
    customer_path = "child__family__customer"
    campus_path = "campus_id"
    list_display = ["child", "class_group", "campus", "from_on", "until_on", "outcome"]
    list_select_related = ["child", "class_group", "campus"]
    list_filter = ["campus", "class_group", "outcome", ("from_on", RangeDateFilter), ("until_on", RangeDateFilter)]
    fields = ["class_group", "from_on", "until_on", "outcome"]


@admin.register(Attendance, site=site)
class AttendanceAdmin(ArchiveAdmin):
    """Taken for a whole class on its page; here looked through and put right."""

    change_right = "crm.log"
    customer_path = "child__family__customer"
    campus_path = "child__family__customer__campus_id"
    list_display = ["day", "child", "status"]
    list_select_related = ["child"]
    list_filter = ["status", ("day", RangeDateFilter)]
    fields = ["status"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LessonPackage, site=site)
class LessonPackageAdmin(HistoryAdmin):
    campus_path = "customer__campus_id"
    list_display = ["customer", "child", "course", "bought_on", "bought", "gifted", "used", "remaining", "expires_on"]
    list_select_related = ["customer", "child"]
    list_filter = ["course", ("bought_on", RangeDateFilter), ("expires_on", RangeDateFilter)]
    fields = ["course", "bought_on", "bought", "gifted", "used", "expires_on"]

    @admin.display(description=_("剩余课时"))
    def remaining(self, package: LessonPackage) -> int:
        return package.left

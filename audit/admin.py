"""审计记录, for reading."""
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from audit.models import Entry
from tenancy.site import SchoolAdmin, site


@admin.register(Entry, site=site)
class EntryAdmin(SchoolAdmin):
    view_right = "audit.view"
    list_display = ["at", "actor", "verb", "object_type", "object_id"]
    list_filter = ["verb"]
    list_select_related = ["actor"]
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

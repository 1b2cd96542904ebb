"""审计记录, for reading."""
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from audit.words import kind, word
from tenancy.site import SchoolAdmin, site


@admin.register(Entry, site=site)
class EntryAdmin(SchoolAdmin):
    view_right = "audit.view"
    list_display = ["at", "actor", "what", "about", "object_id"]
    list_select_related = ["actor"]
    fields = readonly_fields = ["at", "actor", "what", "about", "object_id", "data"]
    date_hierarchy = "at"

    @admin.display(description=_("做了什么"), ordering="verb")
    def what(self, entry: Entry) -> str:
        return word(entry.verb)

    @admin.display(description=_("对象"))
    def about(self, entry: Entry) -> str:
        return kind(entry.object_type) if entry.object_type else ""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

"""What a school arranges for itself: the second level of causes (C14e)."""
from django.contrib import admin

from churn.models import Cause
from tenancy.site import SchoolAdmin, site


@admin.register(Cause, site=site)
class CauseAdmin(SchoolAdmin):
    view_right = "churn.view"
    change_right = "churn.rules"
    list_display = ["name", "area", "is_open"]
    list_filter = ["area", "is_open"]
    search_fields = ["name"]

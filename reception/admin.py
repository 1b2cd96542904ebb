"""What a school arranges for itself: types of visit, rooms, which campus offers what with whom."""
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from crm.admin.base import SchoolInline
from reception import sweep
from reception.models import Area, BriefingPoint, CheckItem, FollowRule, Offer, OfferHost, OfferRoom, Room, VisitType
from tenancy.site import SchoolAdmin, site


class ReceptionAdmin(SchoolAdmin):
    view_right = "reception.view"
    change_right = "reception.manage"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What slots are derived from has changed."""
        super().save_related(request, form, formsets, change)
        sweep.ask()


@admin.register(VisitType, site=site)
class VisitTypeAdmin(ReceptionAdmin):
    list_display = ["name", "minutes", "rest_minutes", "capacity", "is_public", "is_open"]
    list_filter = ["is_public", "is_open"]
    search_fields = ["name", "code"]


@admin.register(Room, site=site)
class RoomAdmin(ReceptionAdmin):
    list_display = ["name", "campus", "is_open"]
    list_select_related = ["campus"]
    list_filter = ["campus", "is_open"]
    search_fields = ["name"]
    campus_path = "campus"


class HostInline(SchoolInline):
    model = OfferHost


class RoomInline(SchoolInline):
    model = OfferRoom


@admin.register(Offer, site=site)
class OfferAdmin(ReceptionAdmin):
    list_display = ["type", "campus", "is_open"]
    list_select_related = ["type", "campus"]
    list_filter = ["type", "campus", "is_open"]
    search_fields = ["type__name", "campus__name"]
    campus_path = "campus"
    inlines = [HostInline, RoomInline]


class BoardAdmin(SchoolAdmin):
    """What the board is made of; no slot depends on it."""

    view_right = "reception.view"
    change_right = "reception.manage"


@admin.register(Area, site=site)
class AreaAdmin(BoardAdmin):
    list_display = ["name", "campus", "purpose", "order", "is_open"]
    list_select_related = ["campus"]
    list_filter = ["campus", "is_open"]
    search_fields = ["name"]
    campus_path = "campus"


@admin.register(CheckItem, site=site)
class CheckItemAdmin(BoardAdmin):
    list_display = ["name", "kind", "order", "is_open"]
    list_filter = ["kind", "is_open"]
    search_fields = ["name"]


@admin.register(BriefingPoint, site=site)
class BriefingPointAdmin(BoardAdmin):
    list_display = ["need", "say", "bring", "area", "order"]
    search_fields = ["need", "say"]


@admin.register(FollowRule, site=site)
class FollowRuleAdmin(BoardAdmin):
    list_display = ["after", "days", "channel", "what", "asks_child", "is_open"]
    list_filter = ["after", "is_open"]
    search_fields = ["what"]

"""Customers, families, guardians, children, partners, consent."""
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter, RangeDateTimeFilter

from crm.admin.base import ArchiveAdmin, HistoryAdmin, SchoolInline
from crm.archive import refresh_search
from crm.models import Child, Consent, Customer, Family, Guardian, Partner
from tenancy.site import site


class GuardianInline(SchoolInline):
    model = Guardian
    fields = ["name", "relation", "phone_mask", "wechat", "occupation", "decides", "pays", "picks_up"]
    readonly_fields = ["phone_mask"]


class ChildInline(SchoolInline):
    model = Child
    fields = ["name", "nickname", "sex", "born_on"]


@admin.register(Customer, site=site)
class CustomerAdmin(HistoryAdmin):
    customer_path = "pk"
    campus_path = "campus_id"
    list_display = ["external_ref", "name", "type", "campus", "owner", "source", "since"]
    list_select_related = ["type", "campus", "owner"]
    list_filter = ["type", "campus", "owner", ("since", RangeDateFilter)]
    fields = ["external_ref", "type", "campus", "owner", "since", "source"]
    autocomplete_fields: list[str] = []

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).present()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        refresh_search([obj])

    def after_restore(self, row: Customer) -> None:
        refresh_search([row])


@admin.register(Family, site=site)
class FamilyAdmin(HistoryAdmin):
    campus_path = "customer__campus_id"
    list_display = ["customer", "campus", "note"]
    list_select_related = ["customer__campus"]
    list_filter = ["customer__campus"]
    fields = ["note"]
    inlines = [ChildInline, GuardianInline]

    @admin.display(description=_("园所"))
    def campus(self, family: Family) -> str:
        return family.customer.campus.name

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        refresh_search([form.instance.customer])


class PersonAdmin(HistoryAdmin):
    """Somebody of a family: found by the family's tokens, which follow a changed name."""

    customer_path = "family__customer"
    campus_path = "family__customer__campus_id"
    list_select_related = ["family__customer"]

    @admin.display(description=_("家庭"))
    def household(self, person: Any) -> str:
        return person.family.customer.name

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        refresh_search([obj.family.customer])

    def after_restore(self, row: Any) -> None:
        refresh_search([row.family.customer])


@admin.register(Child, site=site)
class ChildAdmin(PersonAdmin):
    list_display = ["name", "nickname", "sex", "born_on", "household"]
    list_filter = ["sex", ("born_on", RangeDateFilter)]
    fields = ["name", "nickname", "sex", "born_on"]


@admin.register(Guardian, site=site)
class GuardianAdmin(PersonAdmin):
    list_display = ["name", "relation", "phone_mask", "household", "decides", "pays", "picks_up"]
    list_filter = ["relation", "decides", "pays", "picks_up"]
    fields = ["name", "relation", "phone_mask", "wechat", "occupation", "decides", "pays", "picks_up"]
    readonly_fields = ["phone_mask"]


@admin.register(Partner, site=site)
class PartnerAdmin(HistoryAdmin):
    campus_path = "customer__campus_id"
    list_display = ["customer", "contact", "field", "since"]
    list_select_related = ["customer"]
    fields = ["contact", "field"]

    @admin.display(description=_("合作开始"))
    def since(self, partner: Partner) -> Any:
        return partner.customer.since


@admin.register(Consent, site=site)
class ConsentAdmin(ArchiveAdmin):
    """Answers are given and withdrawn on the family's page; here they are looked through."""

    customer_path = "family__customer"
    campus_path = "family__customer__campus_id"
    list_display = ["family", "guardian", "granted", "notice_version", "at", "withdrawn_at"]
    list_select_related = ["family__customer", "guardian"]
    list_filter = ["granted", "notice_version", ("at", RangeDateTimeFilter)]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

"""The admin as a school sees it: unfold's look, our menu, our own rights, no log outside of audit."""
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from tenancy.access import must
from tenancy.refusals import Forbidden


class SchoolSite(UnfoldAdminSite):
    index_title = _("今天")

    def has_permission(self, request: HttpRequest) -> bool:
        return getattr(request, "member", None) is not None

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("/accounts/login/?next=" + request.get_full_path())

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("/accounts/logout/")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("crm:today")


site = SchoolSite(name="admin")


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """Render one of our own staff pages inside the admin's frame."""
    return render(request, template, site.each_context(request) | (context or {}), status=status)


def need(request: HttpRequest, right: str) -> Any:
    """The member of this request, who must hold the right."""
    must(request.member, right)
    return request.member


class SchoolForm(forms.ModelForm):
    """Django leaves out constraints that name a hidden field, so a duplicate would be a 500: ours keeps ``tenant`` in."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"tenant"}


class SchoolAdmin(ModelAdmin):
    """A model in the admin: rights by role, rows of the open school and the member's campuses, audit instead of log.

    ``view_right`` and ``change_right`` name rows of the role table; ``campus_path`` leads to the campus column.
    """

    view_right = "crm.view"
    change_right = "crm.change"
    delete_right: str | None = None
    campus_path: str | None = None
    list_per_page = 25
    show_full_result_count = False
    compressed_fields = True
    form = SchoolForm
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        campuses = request.member.campus_ids()
        if self.campus_path and campuses is not None:
            rows = rows.filter(**{f"{self.campus_path}__in": campuses})
        return rows

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.member.may(self.view_right)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.member.may(self.view_right)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.member.may(self.change_right)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.member.may(self.change_right)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.delete_right is not None and request.member.may(self.delete_right)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Pickers offer the open school's rows only, read when the form is shown."""
        kwargs.setdefault("queryset", db_field.remote_field.model._default_manager.all())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        self._record(request, obj, "added")

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        self._record(request, obj, "changed")

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self._record(request, obj, "deleted")

    def _record(self, request: HttpRequest, obj: Any, verb: str) -> None:
        on_admin_act(request, obj, verb)


def on_admin_act(request: HttpRequest, obj: Any, verb: str) -> None:
    """Set by audit, which stands above this app: what the admin did becomes an audit row."""
    for listener in _listeners:
        listener(request.member, f"{obj._meta.app_label}.{obj._meta.model_name}_{verb}", obj)


_listeners: list[Any] = []
listen = _listeners.append
__all__ = ["Forbidden", "SchoolAdmin", "SchoolSite", "listen", "need", "page", "site"]

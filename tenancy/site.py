"""The admin as a school sees it: unfold's look, our menu, our own rights, no log outside of audit."""
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import display_for_field, display_for_value, label_for_field, lookup_field
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from tenancy.access import must
from tenancy.refusals import Forbidden, Refused
from tenancy.sheets import FORMATS, as_file


class SchoolSite(UnfoldAdminSite):
    index_title = _("今天")

    def has_permission(self, request: HttpRequest) -> bool:
        return getattr(request, "member", None) is not None

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("/accounts/login/?next=" + request.get_full_path())

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("/accounts/logout/")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Our menu is our own: what the admin would list of every app is asked for only where one of them is shown."""
        return super().get_app_list(request, app_label) if app_label else []

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("crm:today")


site = SchoolSite(name="admin")


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """Render one of our own staff pages inside the admin's frame."""
    return render(request, template, site.each_context(request) | (context or {}), status=status)


def on_the_next_page(request: HttpRequest) -> Callable[[Refused], object]:
    """Where a rule's no is told that has no form to stand in: beside what was done, on the page that comes next."""
    return lambda refusal: messages.error(request, refusal.message)


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
    Every list can be exported as it is filtered, by who holds ``export_right``; the export is counted and audited.
    """

    view_right = "crm.view"
    change_right = "crm.change"
    export_right = "crm.export"
    delete_right: str | None = None
    campus_path: str | None = None
    list_per_page = 25
    show_full_result_count = False
    compressed_fields = True
    form = SchoolForm
    warn_unsaved_form = True
    list_before_template = "mp/list_tools.html"

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

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The list; with ``?export=xlsx`` or ``csv`` in its address, the same rows as a file."""
        words = request.GET.copy()
        form = words.pop("export", [""])[-1]
        request.GET = words  # type: ignore[assignment]
        may_export = request.member.may(self.export_right)
        if form in FORMATS:
            for right in (self.view_right, self.export_right):
                must(request.member, right)  # who may export is not thereby shown what this list holds
            return self.export(request, self.get_changelist_instance(request).get_queryset(request), form)
        return super().changelist_view(request, (extra_context or {}) | {"may_export": may_export, "title": self.plural()})

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """历史: what the audit knows of this row, newest first; tables with row history show old and new values instead."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return page(request, "tenancy/history.html", {"title": _("历史：%(row)s") % {"row": row}, "acts": told_of(row)})

    def plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def export(self, request: HttpRequest, rows: Any, form: str) -> HttpResponseBase:
        columns = [name for name in self.get_list_display(request) if name != "action_checkbox"]
        header = [str(label_for_field(name, self.model, model_admin=self)) for name in columns]
        found = list(rows)
        self.exported(request, found)
        return as_file(form, self.plural(), header, ([cell(name, row, self) for name in columns] for row in found),
                       reader=request.member.name)

    def exported(self, request: HttpRequest, rows: list[Any]) -> None:
        """What the audit keeps of an export: which list, how many rows."""
        on_admin_act(request, self.model, "downloaded", rows=len(rows))

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


def cell(name: str, row: Any, model_admin: Any) -> Any:
    """What a list shows in one cell: dates and numbers as they are, choices by their word, methods by what they answer."""
    field, attribute, value = lookup_field(name, row, model_admin)
    if field is None:
        return value if value is None or isinstance(value, int | float | str) else display_for_value(value, "")
    if isinstance(field, models.ForeignKey):
        return str(getattr(row, field.name) or "")
    return display_for_field(value, field, "") if field.choices else value


def on_admin_act(request: HttpRequest, obj: Any, verb: str, **data: Any) -> None:
    """Set by audit, which stands above this app: what the admin did becomes an audit row; ``obj`` is a row or its model."""
    row = obj if isinstance(obj, models.Model) else None
    for listener in _listeners:
        listener(request.member, f"{obj._meta.app_label}.{obj._meta.model_name}_{verb}", row, **data)


def told_of(row: models.Model) -> list[Any]:
    """What is known of a row's past: (when, who, what) of each act, from whoever keeps record of them."""
    return [act for teller in _tellers for act in teller(row)]


_listeners: list[Any] = []
_tellers: list[Any] = []
listen = _listeners.append
remember = _tellers.append
__all__ = ["Forbidden", "SchoolAdmin", "SchoolSite", "listen", "need", "page", "remember", "site"]

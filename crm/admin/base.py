"""What the archive's admin pages share: search as the front line expects it, looks that are counted, the 历史 tab."""
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline

from audit.actions import looked, record
from crm import queries
from crm.access import customers
from crm.history import acts, newest, restore
from crm.models import Child, Customer
from tenancy.site import SchoolAdmin, SchoolForm, page
from tenancy.typed import as_id


class ArchiveAdmin(SchoolAdmin):
    """Rows that hang on a customer. ``customer_path`` leads there; "pk" for the customer itself."""

    customer_path = "customer"
    search_fields = ["pk"]  # shows the box; the words are looked up as tokens, see get_search_results
    search_help_text = gettext_lazy("姓名、拼音、首字母、手机或后四位")
    list_filter_submit = True

    def get_queryset(self, request: HttpRequest) -> Any:
        """What hangs on a family in the bin is in the bin with it."""
        rows = super().get_queryset(request)
        return rows if self.customer_path == "pk" else rows.filter(**{f"{self.customer_path}__deleted_at": None})

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By the same tokens as the family list; a pattern search would read every row under row-level security."""
        if not search_term.strip():
            return queryset, False
        found = queries.search(customers(request.member), search_term).values("pk")
        return queryset.filter(**{f"{self.customer_path}__in": found}), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        answer = super().changelist_view(request, extra_context)
        listed = getattr(answer, "context_data", None) or {}
        if "cl" in listed:  # a list is one audit row with its ids
            record(request.member, "crm.listed", list=self.model._meta.label_lower, ids=[row.pk for row in listed["cl"].result_list])
        return answer

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        row = self.get_object(request, object_id)
        if row is not None and request.method == "GET":
            looked(request.member, "crm.child_viewed", self.children_of([row]))
        return super().change_view(request, object_id, form_url, extra_context)

    def exported(self, request: HttpRequest, rows: list[Any]) -> None:
        super().exported(request, rows)
        looked(request.member, "crm.child_exported", self.children_of(rows))

    def children_of(self, rows: list[Any]) -> list[Child]:
        """The children whose records these rows are part of: the rows, their child, or all of their customer."""
        if self.model is Child:
            return rows
        if "child" in {field.name for field in self.model._meta.fields}:
            return list(Child.objects.filter(pk__in={row.child_id for row in rows if row.child_id}))
        if self.model is Customer:
            return list(Child.objects.filter(family__customer__in=rows))
        owners = self.model.objects.filter(pk__in=[row.pk for row in rows]).values(self.customer_path)
        return list(Child.objects.filter(family__customer__in=owners))


class SeenForm(SchoolForm):
    """Remembers which state of the row was looked at: who saves over a colleague's change is told, and loses nothing."""

    seen = forms.CharField(label="", required=False, widget=forms.HiddenInput)
    stale = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = str(newest(self.instance))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        seen, now = values.pop("seen", ""), str(newest(self.instance)) if self.instance.pk else ""
        if seen and seen != now:
            self.stale, self.data = True, self.data.copy()
            self.data[self.add_prefix("seen")] = now  # saved once more, it is meant
            self.add_error(None, self._difference())
        return values

    def _difference(self) -> str:
        row = type(self.instance)._default_manager.get(pk=self.instance.pk)  # the form has written its own values into ours
        act = next(iter(acts(row)), None)
        changes = "、".join(f"{c.name} {c.old} → {c.new}" for c in act.changes) if act else ""
        who = act.who if act else _("同事")
        return _("%(who)s 刚改过这一条（%(what)s）。您填的还在，核对后再保存一次。") % {"who": who, "what": changes}


class HistoryAdmin(ArchiveAdmin):
    """The 历史 tab: who, when, old → new, and putting a state back."""

    form = SeenForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "seen"] if self.has_change_permission(request, obj) else super().get_fields(request, obj)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        answer = super().change_view(request, object_id, form_url, extra_context)
        shown = (getattr(answer, "context_data", None) or {}).get("adminform")
        if shown is not None and getattr(shown.form, "stale", False):
            answer.status_code = 409
        return answer

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if request.method == "POST":
            if not self.has_change_permission(request, row):
                raise PermissionDenied
            restore(row, as_id(request.POST.get("event", "")) or 0, by=request.member)
            self.after_restore(row)
            messages.success(request, _("已恢复到那时的样子"))
            return redirect(request.path)
        return page(request, "crm/history.html", {"title": _("历史：%(row)s") % {"row": row}, "acts": acts(row), "row": row,
                                                  "may_restore": self.has_change_permission(request, row)})

    def after_restore(self, row: Any) -> None:
        """What must follow a restored row; people are found by their names again."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # rows of a family begin on its page, where its rules are


class RowForm(SchoolForm):
    """A row of a table: the column's heading is spoken for each of its fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("aria-label", field.label)


class SchoolInline(TabularInline):
    """Rows of the open school, by the same rights as their page."""

    extra = 0
    form = RowForm

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.member.may("crm.view")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.member.may("crm.change")

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission

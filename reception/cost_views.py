"""渠道花费: the page on which a month's costs are entered."""
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crm.asked import day_asked
from crm.forms import SchoolForm, yuan_field
from reception import costs
from reception.costs import By
from tenancy.site import need, page


class CostForm(SchoolForm):
    """One amount for each channel and each source; empty is nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {by: costs.names_of(by) for by in By.values}
        for by, names in self.names.items():
            for name, word in names:
                field = self.fields[f"{by}-{name}"] = yuan_field(word, required=False)
                field.widget.attrs["class"] = "mp-input"

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name, fen in list(told.items()):
            if isinstance(fen, int) and fen < 0:
                self.add_error(name, _("花费不能是负数。"))
        return told

    def amounts(self, by: str) -> dict[str, int]:
        return {name: self.cleaned_data[f"{by}-{name}"] or 0 for name, _word in self.names[by]}

    @property
    def parts(self) -> list[tuple[Any, list[Any]]]:
        return [(By(by).label, [self[f"{by}-{name}"] for name, _word in names]) for by, names in self.names.items()]


def month_costs(request: HttpRequest) -> HttpResponse:
    """A month's costs by channel and by source."""
    member = need(request, "reception.costs")
    month = day_asked(request.GET, "month").replace(day=1)
    before = {f"{by}-{name}": f"{Decimal(fen) / 100:.2f}" for (by, name), fen in costs.entered(month).items()}
    form = CostForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        for by in By.values:
            costs.enter(month, by, form.amounts(by), member=member)
        messages.success(request, _("记下了，漏斗里就能看到每家花了多少"))
        return redirect("reception:funnel")
    return page(request, "reception/costs.html", {
        "title": _("渠道花费"), "crumb": _("转化漏斗"), "form": form, "month": month, "before": month - timedelta(days=1),
        "after": _next(month)}, status=422 if form.errors else 200)


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)

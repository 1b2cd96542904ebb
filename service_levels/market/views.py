"""市场信息 on the screen: the note that is told now, those before it, and to how many families it went (S11c)."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.asked import today
from crm.views.filling import one_form
from service_levels import access
from service_levels.market import keeping, queries
from service_levels.market.forms import NoteForm
from service_levels.models import MarketNote
from tenancy.site import need, page

PAGE = 20


def market(request: HttpRequest) -> HttpResponse:
    member, day = need(request, access.VIEW), today()
    rows = Paginator(MarketNote.objects.select_related("edited_by"), PAGE).get_page(request.GET.get("page"))
    record(member, "service.market_seen")
    return page(request, "service_levels/market/list.html", {
        "title": _("市场信息"), "rows": rows, "note": queries.told(day), "reach": queries.reach(member, day), "day": day})


def note(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new note, or one that is there."""
    member = need(request, access.INFORM)
    row = access.market_note_for(member, pk) if pk else MarketNote(on=today())

    def do(form: NoteForm) -> str:
        keeping.keep(form.row(), by=member, at=timezone.now())
        return _("记下了，该送的家庭在“应触达”里")
    return one_form(request, NoteForm(request.POST or None, instance=row), do, "service:market",
                    title=row.title or _("写一份市场信息"), crumb=_("市场信息"))


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    keeping.drop(access.market_note_for(request.member, pk), by=request.member)
    messages.success(request, _("去掉了"))
    return redirect("service:market")

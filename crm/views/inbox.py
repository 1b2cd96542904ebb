"""收件箱."""
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import mark_read
from tenancy.site import page


def inbox(request: HttpRequest) -> HttpResponse:
    """All messages, unread ones first; a POST marks them read."""
    rows = request.member.messages.all()
    if request.method == "POST":
        mark_read(request.member, at=timezone.now())
        return redirect("crm:inbox")
    return page(request, "crm/inbox.html", {"title": _("收件箱"), "rows": rows.order_by("read_at", "-id")[:100]})

"""收件箱."""
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from tenancy.site import page


def inbox(request: HttpRequest) -> HttpResponse:
    """All messages, unread ones first; a POST marks them read."""
    rows = request.member.messages.all()
    if request.method == "POST":
        rows.filter(read_at=None).update(read_at=timezone.now())
        return redirect("crm:inbox")
    return page(request, "crm/inbox.html", {"title": _("收件箱"), "rows": rows.order_by("read_at", "-id")[:100]})

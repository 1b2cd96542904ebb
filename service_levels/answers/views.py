"""常见问题 and 答复模板 on the screen: what families ask again and again, and what it spared."""
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.asked import today
from crm.views.filling import one_form
from service_levels import access
from service_levels.answers import keeping, queries
from service_levels.answers.forms import FaqForm, TemplateForm
from service_levels.models import AnswerTemplate, Faq
from tenancy.qr import qr
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

PAGE, SINCE = 30, timedelta(days=90)


def answers(request: HttpRequest) -> HttpResponse:
    """What is there, what it spared in the last ninety days, and where parents find it."""
    member, words = need(request, keeping.WRITE), request.GET.get("q", "").strip()[:80]
    since = today() - SINCE
    rows = Paginator(queries.listed(words, since), PAGE).get_page(request.GET.get("page"))
    places = [f"{settings.MIAOPU_ORIGIN}/t/{request.tenant.slug}/{end}/" for end in ("feedback", "answers")]
    record(member, "service.answers_listed")
    return page(request, "service_levels/answers/list.html", {
        "title": _("常见问题和模板"), "rows": rows, "words": words, "spared": queries.spared(since),
        "templates": AnswerTemplate.objects.all(), "places": places, "code": qr(places[0])})


def faq(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write one; begun from a request that was answered, it has its words."""
    member = need(request, keeping.WRITE)
    row = access.faq_for(member, pk) if pk else Faq()

    def do(form: FaqForm) -> str:
        keeping.keep_faq(form.row(), by=member, at=timezone.now())
        return _("记下了，家长现在就能看到") if row.is_on else _("记下了，家长还看不到")
    form = FaqForm(request.POST or None, instance=row, initial={} if pk else _begun(request))
    return one_form(request, form, do, "service:answers", title=row.question or _("写一条常见问题"), crumb=_("常见问题和模板"))


def _begun(request: HttpRequest) -> dict[str, Any]:
    """From a request: what was asked and what came of it, for a colleague to put into words for all; no name goes along."""
    pk = as_id(request.GET.get("request", ""))
    if not pk:
        return {}
    row = access.request_for(request.member, pk)
    return {"question": row.text[:80], "answer": row.result[:1000], "about": row.about or "service", "is_on": False}


def template(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    member = need(request, keeping.WRITE)
    row = access.template_for(member, pk) if pk else AnswerTemplate()

    def do(form: TemplateForm) -> str:
        keeping.keep_template(form.row(), by=member)
        return _("模板记下了，答复时就能选")
    return one_form(request, TemplateForm(request.POST or None, instance=row), do, "service:answers", title=row.name or _("写一条答复模板"),
                    crumb=_("常见问题和模板"))


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Let parents see one, or not any more."""
    row = access.faq_for(request.member, pk)
    if verb not in SHOWN:
        raise Refused(_("没有这个操作。"))
    with Telling(on_the_next_page(request)):
        keeping.show_faq(row, verb == "show", by=request.member, at=timezone.now())
        messages.success(request, str(SHOWN[verb]))
    return redirect("service:answers")


SHOWN = {"show": gettext_lazy("家长看得到了"), "hide": gettext_lazy("收起来了，家长看不到；随时可以再放出来")}


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """A template that nobody uses goes."""
    keeping.drop_template(access.template_for(request.member, pk), by=request.member)
    messages.success(request, _("模板去掉了"))
    return redirect("service:answers")

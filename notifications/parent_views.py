"""家长消息: what was written to parents and what a colleague has to send; the words of each kind; the account at a provider."""
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from notifications import access, parents, wording
from notifications import settings as kept
from notifications.forms import SmsForm, TemplateForm
from notifications.models import MessageTemplate, ParentMessage
from tenancy.qr import qr
from tenancy.refusals import Refused
from tenancy.site import need, page

PAGE = 50
SHOWN = {"todo": (gettext_lazy("待人工"), parents.TO_DO), "sent": (gettext_lazy("已发"), ("sent", "done")),
         "waiting": (gettext_lazy("在路上"), ("waiting", "sending")), "dropped": (gettext_lazy("不用发了"), ("dropped",))}
SAID = {"done": gettext_lazy("记下了：已人工告知"), "dropped": gettext_lazy("不发了"), "again": gettext_lazy("重新交给网关发送")}


def outgoing(request: HttpRequest) -> HttpResponse:
    """家长消息: those that wait for a colleague first; the others by their state or the end of the number."""
    member = need(request, "notifications.parents")
    chosen, tail = request.GET.get("state", "todo"), request.GET.get("q", "").strip()
    rows = access.messages_of(member)
    rows = rows.filter(phone_tail=tail) if tail else rows.filter(state__in=SHOWN.get(chosen, SHOWN["todo"])[1])
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return page(request, "notifications/outgoing.html", {
        "title": _("家长消息"), "lines": [(row, wording.kind_of(row.kind)) for row in shown], "rows": shown, "q": tail,
        "state": "" if tail else chosen, "states": [(code, word) for code, (word, _states) in SHOWN.items()],
        "to_do": access.to_do(member)})


def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message with everything at hand: the text to copy, the number to call, a code that opens it on a phone."""
    need(request, "notifications.parents")
    return _shown(request, access.message_seen(request.member, pk))


@require_POST
def settle(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Told by hand, not needed, or once more; a colleague who was first is not overruled."""
    row = access.message_for(request.member, pk)
    if verb not in SAID:
        raise Refused(_("没有这个操作。"))
    try:
        parents.settle(row, verb, by=request.member, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _shown(request, access.message_for(request.member, pk), status=refusal.status)
    messages.success(request, str(SAID[verb]))
    return redirect("notifications:outgoing")


def templates(request: HttpRequest) -> HttpResponse:
    """消息模板: every kind with its words in each language, whether they are the school's own."""
    need(request, "notifications.manage")
    own, here = {(row.kind, row.language): row for row in MessageTemplate.objects.all()}, request.tenant.language
    rows = [(kind, [(code, name, own.get((kind.code, code))) for code, name in settings.LANGUAGES],
             wording.spoken(parents.worded(kind, here)[0], kind, here)) for kind in wording.kinds()]
    return page(request, "notifications/templates.html", {"title": _("消息模板"), "rows": rows})


def template(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """One kind in one language, with what a parent would read; a POST keeps the words or puts back the first ones."""
    member, known = need(request, "notifications.manage"), wording.kind_of(kind)
    if known is None or language not in dict(settings.LANGUAGES):
        raise Http404
    if request.method == "POST" and "reset" in request.POST:
        kept.reset_template(known, language, by=member)
        messages.success(request, _("已换回原来的措辞"))
        return redirect("notifications:template", kind, language)
    form = TemplateForm(request.POST or None, instance=kept.template_row(known, language), kind=known)
    if request.method == "POST" and "look" not in request.POST and form.is_valid():
        kept.keep_template(form.instance, by=member)
        messages.success(request, _("消息模板已保存"))
        return redirect("notifications:templates")
    text = form.data.get("text", "") if form.is_bound else form.initial["text"]
    return page(request, "notifications/template.html", {
        "title": known.name, "crumb": _("消息模板"), "form": form, "kind": known, "language": language, "languages": settings.LANGUAGES,
        "own": form.instance.pk is not None, "blanks": known.words(language).items(), "examples": known.examples(),
        **_preview(text, known, language)}, status=422 if form.is_bound and form.errors else 200)


@require_POST
def preview(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """What a parent would read, while the words are being typed. By POST, since a text is long."""
    known = wording.kind_of(kind)
    need(request, "notifications.manage")
    if known is None:
        raise Http404
    return page(request, "notifications/preview.html", _preview(request.POST.get("text", "")[:500], known, language))


def account(request: HttpRequest) -> HttpResponse:
    """短信账号: whose gateway sends the school's short messages; without one the desk is handed each message."""
    member = need(request, "notifications.manage")
    form = SmsForm(request.POST or None, instance=kept.account_row())
    if request.method == "POST" and form.is_valid():
        kept.keep_account(form.instance, form.cleaned_data["secret"], by=member)
        messages.success(request, _("短信账号已保存"))
        return redirect("notifications:account")
    way = _("邮件") if settings.MIAOPU_MAIL else ""
    return page(request, "notifications/account.html", {"title": _("短信账号"), "form": form, "mail": way, "is_on": parents.sms_account()},
                status=422 if form.errors else 200)


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """One message to a number of one's own, so that an account is known to work before a parent needs it."""
    need(request, "notifications.manage")
    phone, now = "".join(filter(str.isdecimal, request.POST.get("phone", "")))[-11:], timezone.now()
    if len(phone) != 11:
        raise Refused(_("请填写 11 位手机号。"), "phone")
    facts = {"school": request.tenant.name, "time": timezone.localtime(now).strftime("%H:%M")}
    row = parents.write("notifications.test", parents.Recipient(phone), facts, parents.About("test"), key=f"test-{now.timestamp()}", at=now)
    messages.success(request, _("已交给后台发送，几秒钟后看结果"))
    return redirect("notifications:message", row.pk if row else 0)


def _preview(typed: str, kind: wording.MessageKind, language: str) -> dict[str, Any]:
    text = wording.canonical(typed, kind, language)
    filled = wording.fill(text, kind.examples())
    return {"filled": filled, "length": len(filled), "parts": wording.parts(filled), "odd": wording.unknown(text, kind)}


def _shown(request: HttpRequest, row: ParentMessage, status: int = 200) -> HttpResponse:
    kind = wording.kind_of(row.kind)
    scanned = f"smsto:{row.phone}:{row.text}"  # opens a short message with number and text in place
    return page(request, "notifications/message.html", {
        "title": kind.name if kind else row.kind, "crumb": _("家长消息"), "message": row, "is_open": row.state in parents.TO_DO,
        "qr": qr(scanned, error="l") if row.phone_sealed and row.state in parents.TO_DO else ""}, status=status)

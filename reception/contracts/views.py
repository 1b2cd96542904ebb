"""合同 for the school: the list, one contract with its clauses, signing on the tablet, the file; templates and their approval."""
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.access import customer_for
from crm.models import Customer, Enrolment
from crm.queries import search
from reception import access as visits
from reception.contracts import access, actions, templates
from reception.contracts.clauses import BLANKS
from reception.contracts.forms import SignForm, TemplateForm, TermsForm, school_year_end
from reception.models import Booking, Contract, ContractTemplate
from tenancy.qr import qr
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

PAGE = 30
SOON = timedelta(days=60)  # how long before its end a contract is to be renewed
SHOWS = [("draft", gettext_lazy("待签")), ("signed", gettext_lazy("已签")), ("ending", gettext_lazy("快到期")),
         ("void", gettext_lazy("已作废")), ("all", gettext_lazy("全部"))]


def contracts(request: HttpRequest) -> HttpResponse:
    """What waits for a signature first; what ends soon can be renewed from here."""
    member, today = need(request, access.RIGHT), timezone.localdate()
    show, words = request.GET.get("show", "draft"), request.GET.get("q", "")
    rows = access.contracts(member)
    ending = rows.filter(state=Contract.State.SIGNED, ends_on__range=(today, today + SOON), renewals=None)
    found = {"ending": ending.order_by("ends_on"), "all": rows}.get(show) if show in ("ending", "all") else rows.filter(state=show)
    if words.strip():
        found = found.filter(customer__in=search(Customer.objects.all(), words))
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    record(member, "reception.contracts_listed", ids=[row.pk for row in shown])
    return page(request, "reception/contracts/list.html", {
        "title": _("合同"), "rows": shown, "shows": SHOWS, "show": show, "q": words, "today": today,
        "waiting": rows.filter(state=Contract.State.DRAFT).count(), "ending": ending.count()})


def new(request: HttpRequest) -> HttpResponse:
    """拟合同: for the family of a visit, for any family, or as the renewal of a contract."""
    member = need(request, access.RIGHT)
    if not {"visit", "family", "renews"} & set(request.GET):
        messages.info(request, _("先找到这一家，在家庭页点“拟合同”。"))
        return redirect("crm:families")
    customer, booking, renews = _whose(request)
    if not ContractTemplate.objects.filter(state=ContractTemplate.State.APPROVED).exists():
        messages.error(request, _("还没有批准的合同模板，先写一份，再请园长批准。"))
        return redirect("reception:contract_templates") if member.may("reception.manage") else redirect("crm:family", customer.pk)
    form = TermsForm(request.POST or None, customer=customer, initial=_usual(customer, renews))
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            row = actions.draw_up(customer, form.cleaned_data["template"], form.terms(), by=member, at=timezone.now(), booking=booking,
                                  renews=renews)
            messages.success(request, _("拟好了 %(number)s，逐条讲完就可以签") % {"number": row.number})
            return redirect("reception:contract", row.pk)
    return page(request, "crm/form.html", {"title": _("%(name)s · 拟合同") % {"name": customer.name}, "crumb": _("合同"), "form": form,
                                           "submit": _("拟好"), "back": customer}, status=422 if form.errors else 200)


def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract: its clauses with their ticks, what the family asked, the next step."""
    return _shown(request, access.contract_seen(request.member, pk))


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Tick a clause, write down what was asked, give a link, make void."""
    row = access.contract_for(request.member, pk)
    if verb not in VERBS:
        raise Refused(_("没有这个操作。"))
    try:
        VERBS[verb](request, row)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _shown(request, access.contract_for(request.member, pk), status=refusal.status)
    if request.htmx:
        return _shown(request, access.contract_for(request.member, pk))
    return redirect("reception:contract", pk)


def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The tablet, turned round to the parent: the whole text, the field for the name."""
    row = access.contract_for(request.member, pk)
    form = SignForm(request.POST or None, initial={"signer": row.papers()["guardian"]})
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            actions.sign(row, form.signing(Contract.Where.TABLET), by=request.member, at=timezone.now())
            messages.success(request, _("签好了，正在盖章"))
            return redirect("reception:contract", pk)
    elif request.method != "POST":
        access.contract_seen(request.member, pk)
    return page(request, "reception/contracts/sign.html", {"title": _("签合同"), "crumb": _("合同"), "contract": row, "form": form,
                                                           "papers": row.papers()}, status=422 if form.errors else 200)


def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sealed original, or a draft that says so on every page."""
    row = access.contract_seen(request.member, pk, "reception.contract_downloaded")
    return pdf_answer(row)


def pdf_answer(row: Contract) -> FileResponse:
    answer = FileResponse(BytesIO(actions.file_of(row)), content_type="application/pdf", filename=f"{row.number}.pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


# -- templates ------------------------------------------------------------------------------------------------------------
def template_list(request: HttpRequest) -> HttpResponse:
    need(request, "reception.manage")
    rows = ContractTemplate.objects.select_related("proposed_by", "approved_by").order_by("name", "-number")
    return page(request, "reception/contracts/templates.html", {"title": _("合同模板"), "rows": rows})


def template_write(request: HttpRequest) -> HttpResponse:
    """A new template, or the next version of one that is in use."""
    member = need(request, "reception.manage")
    known = ContractTemplate.objects.filter(name=request.GET.get("name", "")).order_by("-number").first()
    first = {name: getattr(known, name) for name in ("name", *templates.TEXTS)} if known else {"body": EXAMPLE}
    form = TemplateForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            said = form.cleaned_data
            row = templates.write(said["name"], {name: said[name] for name in templates.TEXTS}, by=member)
            return redirect("reception:contract_template", row.pk)
    return page(request, "reception/contracts/write.html", {
        "title": _("写合同模板"), "crumb": _("合同模板"), "form": form, "blanks": [f"{{{name}}}" for name in BLANKS],
        "remark": known.remark if known else ""}, status=422 if form.errors else 200)


def template(request: HttpRequest, pk: int) -> HttpResponse:
    """One version as families will read it, and its way to approval."""
    row = access.template_for(request.member, pk)
    return page(request, "reception/contracts/template.html", {
        "title": str(row), "crumb": _("合同模板"), "row": row, "may_approve": request.member.may("reception.approve"),
        "is_own": row.proposed_by_id == request.member.pk})


@require_POST
def template_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    right = "reception.manage" if verb == "submit" else "reception.approve"
    row = access.template_for(request.member, pk, right)
    if verb not in TEMPLATE_VERBS:
        raise Refused(_("没有这个操作。"))
    with Telling(on_the_next_page(request)):
        TEMPLATE_VERBS[verb](request, row)
    return redirect("reception:contract_template", pk)


# -- what they share -----------------------------------------------------------------------------------------------------
EXAMPLE = """## 第一条 服务内容
{机构}{园所}为{孩子姓名}提供保育教育服务，自{开始日期}至{结束日期}。
## 第二条 费用
每月 {每月费用}，按月交纳，不跨学期预收。
## 第三条 退费
因病因事请假和中途退园的退费办法见收费标准说明。
## 第四条 接送和安全

## 第五条 合同的变更和解除
"""


def _whose(request: HttpRequest) -> tuple[Customer, Booking | None, Contract | None]:
    """Whose contract it is, by the visit, the family or the contract before it that the address names."""
    member, words = request.member, request.GET
    if before := as_id(words.get("renews", "")):
        row = access.contract_for(member, before)
        return row.customer, None, row
    if visit := as_id(words.get("visit", "")):
        booking = visits.visit_for(member, visit)
        if booking.lead is None or booking.lead.customer is None:
            raise Refused(_("先做信息登记，再拟合同。"), code="not_registered")
        return customer_for(member, booking.lead.customer_id), booking, None
    return customer_for(member, as_id(words.get("family", "")) or 0), None, None


def _usual(customer: Customer, renews: Contract | None) -> dict[str, Any]:
    """What is likely: the only template and child; a renewal goes on the day after, at the same fee."""
    if renews is not None:
        begins = renews.ends_on + timedelta(days=1)
        enrolled = Enrolment.objects.on(renews.ends_on).filter(child=renews.child).first()
        return {"child": renews.child_id, "class_group": enrolled.class_group_id if enrolled else None, "starts_on": begins,
                "ends_on": school_year_end(begins), "fee_fen": f"{renews.fee_fen / 100:g}", "template": _only_template()}
    begins, children = timezone.localdate(), list(customer.family.children.values_list("pk", flat=True)[:2])
    return {"template": _only_template(), "child": children[0] if len(children) == 1 else None, "starts_on": begins,
            "ends_on": school_year_end(begins)}


def _only_template() -> int | None:
    rows = list(ContractTemplate.objects.filter(state=ContractTemplate.State.APPROVED).values_list("pk", flat=True)[:2])
    return rows[0] if len(rows) == 1 else None


def _shown(request: HttpRequest, row: Contract, status: int = 200) -> HttpResponse:
    papers = row.papers()
    clauses = [(number, title, text, str(number) in row.explained) for number, (title, text) in enumerate(papers["clauses"], 1)]
    link = request.session.pop(f"contract-link:{row.pk}", "")
    return page(request, "reception/contracts/contract.html", {
        "title": row.number, "crumb": _("合同"), "contract": row, "papers": papers, "clauses": clauses, "left": len(row.left_to_explain),
        "link": link, "code": qr(link) if link else "", "may_void": request.member.may("reception.approve"),
        "ends_soon": row.ends_on - timezone.localdate() <= SOON}, status=status)


def _explain(request: HttpRequest, row: Contract) -> None:
    actions.explain(row, as_id(request.POST.get("number", "")) or 0, done=request.POST.get("done") == "1", by=request.member,
                    at=timezone.now())


def _link(request: HttpRequest, row: Contract) -> None:
    """Shown once, to whoever gives it to the parent."""
    token = actions.open_link(row, by=request.member, at=timezone.now())
    request.session[f"contract-link:{row.pk}"] = request.build_absolute_uri(f"/c/{token}/")


def _void(request: HttpRequest, row: Contract) -> None:
    need(request, "reception.approve")
    actions.void(row, request.POST.get("reason", ""), by=request.member, at=timezone.now())
    messages.success(request, _("已作废"))


VERBS = {"explain": _explain, "link": _link, "void": _void,
         "questions": lambda r, row: actions.note_questions(row, r.POST.get("questions", ""), by=r.member)}
TEMPLATE_VERBS = {
    "submit": lambda r, row: templates.submit(row, by=r.member),
    "approve": lambda r, row: templates.approve(row, by=r.member, at=timezone.now()),
    "back": lambda r, row: templates.send_back(row, r.POST.get("remark", ""), by=r.member),
    "retire": lambda r, row: templates.retire(row, by=r.member),
}

"""问卷 for the school: the list, one questionnaire with its versions, writing, sending, results, whom to call and the sheet itself."""
from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.asked import campus_asked, period_asked
from crm.models import Customer, Survey, SurveyResponse, SurveyVersion
from crm.queries import search
from crm.surveys import access, analysis, asking, sending, writing
from crm.surveys.forms import AnswerForm, CallBackForm, QuestionFormSet, SendForm, SheetForm, SurveyForm, rows_of
from tenancy.access import campuses_of
from tenancy.qr import qr
from tenancy.refusals import Refused, Telling
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

PAGE = 30
RIGHT = asking.RIGHT


def surveys(request: HttpRequest) -> HttpResponse:
    """Every questionnaire, when it is asked, how many families answered."""
    member = need(request, RIGHT)
    return page(request, "crm/surveys/list.html", {"title": _("问卷"), "rows": analysis.listed(member, timezone.now())})


def new(request: HttpRequest) -> HttpResponse:
    member = need(request, RIGHT)
    form = SurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            row = writing.begin(**form.cleaned_data, by=member)
            return redirect("crm:survey_write", row.pk)
    return page(request, "crm/form.html", {"title": _("新问卷"), "crumb": _("问卷"), "form": form, "submit": _("接着写问题")},
                status=422 if form.errors else 200)


def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """One questionnaire as parents see it; its draft beside, its older versions, what can be done with it."""
    row = access.survey_for(request.member, pk)
    versions = list(row.versions.select_related("by").prefetch_related("questions"))
    chosen = as_id(request.GET.get("version", ""))
    shown = next((one for one in versions if one.number == chosen), None) or _current(versions)
    return page(request, "crm/surveys/survey.html", {
        "title": row.name, "crumb": _("问卷"), "survey": row, "versions": versions, "version": shown,
        "draft": next((one for one in versions if one.state == SurveyVersion.State.DRAFT), None),
        "form": AnswerForm(version=shown) if shown else None})


def _current(versions: list[SurveyVersion]) -> SurveyVersion | None:
    in_use = next((one for one in versions if one.state == SurveyVersion.State.PUBLISHED), None)
    return in_use or next(iter(versions), None)


def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The settings and the questions of the next version; two empty rows more whenever they are wanted."""
    row = access.survey_for(request.member, pk)
    before = row.versions.filter(state=SurveyVersion.State.DRAFT).first() or _current(list(row.versions.all()))
    posted = request.POST if request.method == "POST" else None
    settings = SurveyForm(posted, initial={"name": row.name, "occasion": row.occasion, "after_days": row.after_days}, prefix="s")
    sheet = SheetForm(posted, initial={"greeting": before.greeting, "thanks": before.thanks} if before else None, prefix="v")
    questions = QuestionFormSet(posted, initial=rows_of(before), prefix="q")
    if posted is not None and settings.is_valid() and sheet.is_valid() and questions.is_valid():
        with Telling(settings.refuse):
            writing.change(row, **settings.cleaned_data, by=request.member)
            writing.write(row, questions.asked(), **sheet.cleaned_data, by=request.member)
            if "more" in posted:
                return redirect(f"{request.path}#more")
            messages.success(request, _("存好了，发布以后才会用"))
            return redirect("crm:survey", row.pk)
    wrong = settings.errors or sheet.errors or questions.total_error_count()
    return page(request, "crm/surveys/write.html", {
        "title": _("写问卷：%(name)s") % {"name": row.name}, "crumb": _("问卷"), "survey": row, "settings": settings, "sheet": sheet,
        "questions": questions}, status=422 if wrong else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Publish, throw the draft away, switch on and off."""
    row = access.survey_for(request.member, pk)
    if verb not in VERBS:
        raise Refused(_("没有这个操作。"))
    with Telling(on_the_next_page(request)):
        messages.success(request, VERBS[verb](request, row))
    return redirect("crm:survey", pk)


def _publish(request: HttpRequest, row: Survey) -> str:
    made = writing.publish(row, by=request.member, at=timezone.now())
    return _("第 %(n)s 版开始用了") % {"n": made.number}


def _discard(request: HttpRequest, row: Survey) -> str:
    writing.discard(row, by=request.member)
    return _("草稿丢掉了")


def _switch(on: bool) -> Callable[[HttpRequest, Survey], str]:
    def do(request: HttpRequest, row: Survey) -> str:
        writing.switch(row, on=on, by=request.member)
        return _("开始用了") if on else _("停用了，发出去的链接还能答")
    return do


VERBS: dict[str, Callable[[HttpRequest, Survey], str]] = {
    "publish": _publish, "discard": _discard, "on": _switch(True), "off": _switch(False)}


def send(request: HttpRequest, pk: int) -> HttpResponse:
    """发给一批家庭: the families of a campus or a class, each once a day at most."""
    member, row = request.member, access.survey_for(request.member, pk)
    form = SendForm(request.POST or None, campuses=campuses_of(member))
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            count = sending.send_to(row, form.cleaned_data["campus"], form.cleaned_data["class_group"], by=member, at=timezone.now())
            messages.success(request, _("发给 %(n)s 家，回答会出现在结果里") % {"n": count})
            return redirect("crm:survey", pk)
    return page(request, "crm/form.html", {"title": _("发问卷：%(name)s") % {"name": row.name}, "crumb": _("问卷"), "form": form,
                                           "submit": _("发出去")}, status=422 if form.errors else 200)


def results(request: HttpRequest) -> HttpResponseBase:
    """What parents answered (R33): weak points first, then question by question, by topic and by host."""
    member = need(request, RIGHT)
    everything = list(Survey.objects.all())
    chosen = as_id(request.GET.get("survey", ""))
    row = next((one for one in everything if one.pk == chosen), None) or next(iter(everything), None)
    first, last = period_asked(request.GET, analysis.LOOKED_BACK)
    campus = campus_asked(member, request.GET)
    context = {"title": _("满意度"), "crumb": _("问卷"), "first": first, "last": last, "campus": campus, "campuses": campuses_of(member),
               "surveys": everything, "survey": row}
    if row is None:
        return page(request, "crm/surveys/results.html", context)
    found = analysis.findings(member, row, first, last, campus)
    form = request.GET.get("export", "")
    if form in FORMATS:
        record(member, "crm.exported")
        return as_file(form, row.name, analysis.header(), analysis.cells(found), reader=member.name)
    said = analysis.words_of(analysis.of_period(member, row, first, last, campus))
    record(member, "crm.responses_listed", ids=[one.response_id for one in said])
    return page(request, "crm/surveys/results.html", context | {"found": found, "said": said})


def call_backs(request: HttpRequest) -> HttpResponse:
    """电话回访 (R32b): who was asked and has not answered yet, the longest wait first; of one questionnaire, or by name."""
    member, now, words = need(request, "crm.log"), timezone.now(), request.GET.get("q", "")
    rows = access.responses(member).filter(state=SurveyResponse.State.OPEN, asked_at__lte=now, until__gt=now)
    waiting = list(rows.order_by("version__survey").values_list("version__survey", "version__survey__name").annotate(n=Count("pk")))
    chosen = as_id(request.GET.get("survey", ""))
    found = rows.filter(version__survey=chosen) if chosen else rows
    found = found.filter(customer__in=search(Customer.objects.all(), words)) if words.strip() else found
    shown = Paginator(found.order_by("asked_at", "id"), PAGE).get_page(request.GET.get("page"))
    record(member, "crm.responses_listed", ids=[one.pk for one in shown])
    return page(request, "crm/surveys/call_backs.html", {
        "title": _("回访"), "rows": shown, "waiting": waiting, "chosen": chosen, "q": words,
        "total": sum(n for _pk, _name, n in waiting)})


def response(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: asked on the telephone or face to face, or read once it is answered."""
    row = access.response_for(request.member, pk) if request.method == "POST" else access.response_seen(request.member, pk)
    form = CallBackForm(request.POST or None, version=row.version, initial={"channel": request.GET.get("by", "phone")})
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            asking.answer(row, form.given(), channel=form.cleaned_data["channel"], by=request.member, at=timezone.now())
            messages.success(request, _("记下了，往来里也有"))
            return redirect("crm:call_backs")
    is_open = row.state == SurveyResponse.State.OPEN
    link = asking.link_of(row) if is_open and row.until > timezone.now() else ""  # by voice it can be asked longer
    return page(request, "crm/surveys/response.html", {
        "title": row.version.survey.name, "crumb": _("回访"), "row": row, "form": form, "is_open": is_open,
        "guardians": row.customer.family.guardians.order_by("-decides", "id") if getattr(row.customer, "family", None) else (),
        "answers": row.answers.select_related("question"), "link": link, "code": qr(link) if link else ""},
        status=422 if form.errors else 200)


@require_POST
def response_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The family does not want to; or it was written down by mistake."""
    row = access.response_for(request.member, pk)
    if verb not in ("decline", "reopen"):
        raise Refused(_("没有这个操作。"))
    with Telling(on_the_next_page(request)):
        if verb == "decline":
            asking.decline(row, by=request.member, at=timezone.now())
            messages.success(request, _("记下了，不再问这一家"))
        else:
            asking.reopen(row, by=request.member, at=timezone.now())
            messages.success(request, _("撤回了，可以重新问"))
    return redirect("crm:response", pk)

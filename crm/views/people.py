"""交接 and 代班, and what somebody changed today."""
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.models import Entry
from crm import handover, queries, undoing
from crm.access import customers
from crm.forms import SchoolForm
from crm.models import Customer, TimelineEntry
from tenancy.access import find
from tenancy.models import Membership
from tenancy.refusals import Refused, Telling
from tenancy.site import need, page


class HandoverForm(SchoolForm):
    to = forms.ModelChoiceField(Membership.objects.none(), label=gettext_lazy("接手的同事"), required=False)

    def __init__(self, *args: object, leaver: Membership, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Membership.objects.filter(is_active=True).exclude(pk=leaver.pk)


def member_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A colleague's families, and the three acts: leave, stand in, end standing in."""
    member = need(request, "tenancy.members")
    colleague = find(member, Membership.objects.select_related("user", "stands_in"), pk, "tenancy.members")
    form = HandoverForm(request.POST or None, leaver=colleague)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            messages.success(request, _act(request, colleague, form.cleaned_data["to"]))
            return redirect("crm:member", pk)
    owned = Customer.objects.present().filter(owner=colleague).count()
    return page(request, "crm/member.html", {"title": colleague.name, "crumb": _("成员"), "colleague": colleague, "form": form,
                                             "owned": owned}, status=422 if form.errors else 200)


def _act(request: HttpRequest, colleague: Membership, to: Membership | None) -> str:
    verb = request.POST.get("verb")
    if verb == "leave":
        moved = handover.let_go(colleague, to, on=timezone.localdate(), by=request.member)
        return _("已登记离岗，%(n)s 户交给了接手的同事") % {"n": moved}
    if verb == "stand_in":
        handover.stand_in(colleague, to, by=request.member)
        return _("已安排代班") if to else _("代班结束")
    if to is None:
        raise Refused(_("请选一位接手的同事。"), "to")
    return _("已交接 %(n)s 户") % {"n": handover.hand_over(colleague, to, by=request.member)}


def my_day(request: HttpRequest) -> HttpResponse:
    """今天我改了什么: every act of the member today, with the way back where there is one."""
    member, today = need(request, "crm.view"), timezone.localdate()
    undone = undoing.undone_of(member, today)
    rows = queries.acts_of(member, today)
    names = queries.whom(rows)
    acts = [{"pk": row.pk, "at": row.at, "what": queries.VERBS[row.verb], "whom": names.get(row.pk, ""), "link": queries.place(row),
             "undone": row.pk in undone, "way": row.verb in undoing.WAYS and row.pk not in undone} for row in rows]
    return page(request, "crm/my_day.html", {"title": _("今天我做了什么"), "acts": acts})


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    member = need(request, "crm.view")
    entry = find(member, Entry.objects.filter(actor=member), pk, "crm.view")
    undoing.undo(entry, by=member, at=timezone.now())
    messages.success(request, _("已撤销：%(what)s") % {"what": queries.VERBS[entry.verb]})
    return redirect("crm:my_day")


@require_POST
def unlog(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销 beside an entry of the timeline: the same way back, found by what was written."""
    member = need(request, "crm.log")
    entry = find(member, TimelineEntry.objects.filter(customer__in=customers(member)), pk, "crm.log")
    made = Entry.objects.filter(actor=member, verb="crm.contact_logged", object_id=entry.pk).first()
    if made is None:
        raise Refused(_("只能撤销自己今天做的事。"))
    undoing.undo(made, by=member, at=timezone.now())
    messages.success(request, _("已撤销"))
    return redirect("crm:family", entry.customer_id)


@require_POST
def undo_last(request: HttpRequest) -> HttpResponse:
    """Ctrl+Z: the newest act of today that can be taken back."""
    member, today = need(request, "crm.view"), timezone.localdate()
    undone = undoing.undone_of(member, today)
    last = next((row for row in queries.acts_of(member, today) if row.verb in undoing.WAYS and row.pk not in undone), None)
    if last is None:
        raise Refused(_("今天没有可以撤销的事。"))
    return undo(request, last.pk)


def lists(request: HttpRequest) -> HttpResponse:
    """名单: every list of the archive in one place; each can be searched, filtered and exported."""
    need(request, "crm.view")
    return page(request, "crm/lists.html", {"title": _("名单"), "crumb": _("家庭"), "groups": queries.LISTS})

"""Reads worth a name: search, the family list, what a family's page shows."""
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from crm.access import customers
from crm.models import (
    Attendance,
    Consent,
    Customer,
    Enrolment,
    EntryKind,
    Guardian,
    ImportRun,
    Payment,
    Promise,
    SearchToken,
    TimelineEntry,
)
from crm.naming import syllables
from crm.parse import Unreadable, half_width, parse_phone
from tenancy.models import Membership
from tenancy.plans import whole_sets
from tenancy.remembered import newest, remembered, seen_by
from tenancy.sealing import blind_index

SEARCH_LIMIT = 200
OF_THE_NIGHT = (EntryKind.PROMISE_BROKEN, EntryKind.NOTE)  # what nobody wrote is of these kinds where it is no import
QUIET = 90  # days without a word: the first page names such families


def search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Customers whose names, pinyin, initials, reference, phone or last four digits match; at most 200.

    Every word must match. A range on (tenant, token) serves it: no pattern operator, which row-level security
    would keep from the index.
    """
    bare = half_width(text).lower()
    words = [re.sub(r"[\s-]", "", bare)] if re.fullmatch(r"\+?[\d\s-]{7,}", bare.strip()) else bare.split()
    for word in words:
        found = SearchToken.objects.filter(_matches(word)).values("customer_id")[:5000]
        rows = rows.filter(pk__in=found)
    return rows


def _matches(word: str) -> Q:
    try:
        return Q(token=f"#{blind_index(parse_phone(word))}")
    except Unreadable:
        pass
    if re.fullmatch(r"\d{4}", word):
        return Q(token=word)
    return Q(token__gte=word, token__lt=word + "\U0010ffff")


def with_children(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("type", "campus", "owner").prefetch_related("family__children", "family__guardians")


def addressee(customer: Customer) -> Guardian | None:
    """Whom to write to: who decides, else the first with a number."""
    family = getattr(customer, "family", None)
    rows = family.guardians.exclude(phone_sealed=None).order_by("-decides", "id") if family else Guardian.objects.none()
    return rows.first()


def enrolled_now(customer_ids: list[int], day: date) -> dict[int, list[Enrolment]]:
    """The enrolments in force on a day of each customer, for lists."""
    rows = Enrolment.objects.on(day).filter(child__family__customer_id__in=customer_ids)
    found: dict[int, list[Enrolment]] = {}
    for row in rows.select_related("child__family", "class_group", "campus"):
        found.setdefault(row.child.family.customer_id, []).append(row)
    return found


def class_on(group: Any, day: date) -> list[tuple[Any, str]]:
    """The children of a class on a day, each with what was marked; present where nothing was."""
    children = [e.child for e in Enrolment.objects.on(day).filter(class_group=group).select_related("child")]
    marked = dict(Attendance.objects.filter(day=day, child__in=children).values_list("child_id", "status"))
    return [(child, marked.get(child.pk, Attendance.Status.PRESENT)) for child in sorted(children, key=lambda c: syllables(c.name))]


def spend_of_a_year(customer: Any, day: date) -> int:
    """What was paid in the year up to a day, refunds taken off, in 分."""
    paid = Payment.objects.filter(customer=customer, paid_on__gt=day - timedelta(days=365), paid_on__lte=day)
    return paid.aggregate(total=Sum("amount_fen"))["total"] or 0


def consent_on(customer: Any, day: date) -> Consent | None:
    """The answer in force at the end of a day (B24)."""
    rows = Consent.objects.filter(family__customer=customer, at__date__lte=day).select_related("guardian")
    return rows.filter(Q(withdrawn_at=None) | Q(withdrawn_at__date__gt=day)).order_by("-at", "-id").first()


VERBS = {"crm.family_added": _("新建家庭"), "crm.contact_logged": _("记一次往来"), "crm.undone": _("撤销一步"),
         "crm.partner_added": _("新建合作机构"), "crm.address_changed": _("改住址"),
         "crm.attendance_taken": _("登记考勤"), "crm.lessons_sold": _("登记课时包"), "crm.lessons_used": _("消课"),
         "crm.extras_written": _("填自定义资料"), "crm.consent_withdrawn": _("撤回同意"),
         "crm.anniversary_kept": _("记纪念日"), "crm.anniversary_dropped": _("去掉纪念日"),
         "crm.enrolment_ended": _("登记离园"), "crm.enrolled": _("登记入园"), "crm.payment_taken": _("登记缴费"),
         "crm.refunded": _("退费"), "crm.family_deleted": _("删除家庭"), "crm.family_restored": _("恢复家庭"),
         "crm.imported": _("导入"), "crm.import_undone": _("撤销导入"), "crm.merged": _("合并"), "crm.merge_undone": _("撤销合并"),
         "crm.classes_promoted": _("升班"), "crm.promotion_undone": _("撤销升班"), "crm.phone_revealed": _("显示号码"),
         "crm.restored": _("恢复旧值"), "crm.referral_added": _("登记推荐"), "crm.consent_answered": _("登记同意"),
         "crm.guardian_saved": _("改家里人"), "crm.child_added": _("加孩子"), "crm.intent_rated": _("评合作意向"),
         "crm.assessed": _("评信用与需求"), "crm.satisfaction_answered": _("登记满意度"), "crm.class_changed": _("转班"),
         "crm.listed": _("看列表"), "crm.child_viewed": _("看孩子的资料"), "crm.child_exported": _("导出孩子的资料"),
         "crm.exported": _("导出"), "crm.import_uploaded": _("上传表格"), "crm.refused_rows_downloaded": _("下载要改的行"),
         "crm.not_duplicate": _("不是同一家"), "crm.handed_over": _("交接家庭"),
         "crm.entrusted": _("换人带一家"), "crm.member_left": _("登记离岗"),
         "crm.stand_in": _("安排代班"), "crm.week_kept": _("改园历"), "crm.calendar_parted": _("园所自己的园历"),
         "crm.calendar_joined": _("园所跟回园历"), "crm.days_added": _("加特别的日子"), "crm.days_removed": _("删特别的日子"),
         "crm.notice_entered": _("导入放假安排"), "crm.lead_filed": _("预约建档"),
         "crm.promised": _("登记承诺"), "crm.promise_kept": _("承诺已兑现"), "crm.promise_dropped": _("承诺不用了"),
         "crm.promise_put_off": _("承诺改日期"), "crm.promise_reopened": _("承诺重新打开"), "crm.promises_listed": _("看承诺台账"),
         "crm.consulted": _("记咨询"), "crm.consultation_rewritten": _("改咨询记录"),
         "crm.survey_written": _("写问卷"), "crm.survey_published": _("发布问卷"), "crm.survey_discarded": _("丢掉问卷草稿"),
         "crm.survey_switched": _("启用或停用问卷"), "crm.survey_sent": _("发问卷"), "crm.survey_asked": _("问一家"),
         "crm.survey_answered": _("问卷有回答"), "crm.survey_declined": _("问卷不想答"), "crm.survey_reopened": _("撤回问卷回答"),
         "crm.responses_listed": _("看回访名单"), "crm.response_viewed": _("看答卷"),
         "crm.training_noted": _("记培训"), "crm.training_removed": _("删培训"),
         "crm.disputes_listed": _("看撞单"), "crm.dispute_seen": _("看撞单的证据"), "crm.dispute_raised": _("提撞单"),
         "crm.dispute_decided": _("裁决撞单"), "crm.dispute_dropped": _("不是撞单"), "crm.dispute_undone": _("撤销裁决"),
         "crm.ownership_rules_kept": _("改撞单规则"),
         "crm.concerns_listed": _("看投诉与意见"), "crm.concern_taken": _("登记投诉或意见"), "crm.concern_received": _("意见箱收到"),
         "crm.concern_put": _("把意见挂到一家"), "crm.concern_closed": _("办结投诉或意见"), "crm.concern_reopened": _("重开投诉或意见"),
         "crm.concern_phone": _("看留下的号码"),
         "crm.improvement_opened": _("提改进项"), "crm.improvement_done": _("改进项改好了"), "crm.improvement_dropped": _("改进项不改了"),
         "crm.improvement_put_off": _("改进项改日期"), "crm.improvement_reopened": _("改进项重新打开"),
         "crm.child_forgotten": _("到期删除孩子的信息"),
         "crm.child_changed": _("改孩子资料"), "crm.customer_changed": _("改客户资料"), "crm.family_changed": _("改家庭资料"),
         "crm.guardian_changed": _("改监护人资料"), "crm.payment_changed": _("改缴费")}
# where an act can be looked at and taken back: object type → (address, whether the object's own id is in it)
PLACES = {"crm.customer": "crm:family", "crm.importrun": "crm:import", "crm.merge": "crm:duplicates", "crm.promotion": "crm:promote",
          "crm.child": "admin:crm_child_history", "crm.payment": "admin:crm_payment_history",
          "crm.enrolment": "admin:crm_enrolment_history", "crm.guardian": "admin:crm_guardian_history"}
LOOKS = {"crm.listed", "crm.child_viewed", "crm.promises_listed", "crm.responses_listed", "crm.response_viewed"}
WHOLE_PAGE = {"crm:duplicates", "crm:promote"}


def acts_of(member: Any, day: date) -> list[Entry]:
    """What a member did on a day, newest first; looks are kept apart."""
    return list(Entry.objects.filter(actor=member, verb__in=set(VERBS) - LOOKS, at__date=day).order_by("-id")[:200])


def whom(rows: Iterable[Entry]) -> dict[int, str]:
    """The customer each act was about, by the act's id; acts about nobody are not in it."""
    about = {row.pk: row.data.get("customer") or (row.object_id if row.object_type == "crm.customer" else None) for row in rows}
    names = dict(Customer.objects.filter(pk__in=set(about.values()) - {None}).values_list("pk", "name"))
    return {pk: names[customer] for pk, customer in about.items() if customer in names}


def place(row: Entry) -> str:
    """The page where an act can be seen; empty when there is none."""
    if "customer" in row.data:
        return reverse("crm:family", args=[row.data["customer"]])
    name = PLACES.get(row.object_type, "")
    if not name:
        return ""
    return reverse(name) if name in WHOLE_PAGE else reverse(name, args=[row.object_id])


def waiting_imports(member: Any) -> list[ImportRun]:
    """Imports that were tried and wait for somebody's word, for whoever may give it."""
    rows = ImportRun.objects.in_campuses(member.campus_ids()).filter(state=ImportRun.State.CHECKED)
    return list(rows[:5]) if member.may("crm.import") else []


def quiet(rows: QuerySet[Any], day: date) -> tuple[int, dict[int, date | None]]:
    """很久没联系: how many families nobody spoke to for 90 days, and of the first eight the day of the last word.

    Only families with a child enrolled can be missed; those who left are not counted.
    """
    enrolled = Enrolment.objects.on(day).values("child__family__customer_id")
    told = TimelineEntry.objects.filter(customer=OuterRef("pk"))
    missed = rows.filter(~Exists(told.filter(day__gte=day - timedelta(days=QUIET))), pk__in=enrolled)
    longest = missed.annotate(last=Subquery(told.order_by("-day").values("day")[:1])).order_by(F("last").asc(nulls_first=True), "id")
    with whole_sets():
        first = list(longest.annotate(of=Window(Count("*"))).values_list("pk", "last", "of")[:8])
    return first[0][2] if first else 0, {pk: last for pk, last, _of in first}


def today_figures(member: Membership, day: date) -> dict[str, Any]:
    """What the first page says: how many families, who was not spoken to for 90 days, what came in."""
    rows = customers(member)
    key = seen_by(member, "quiet", day, newest(TimelineEntry), newest(Enrolment))
    count, last = remembered(key, lambda: quiet(rows, day))
    known = with_children(rows).in_bulk(last)
    return {"families": rows.count(),
            "contacts": TimelineEntry.objects.filter(customer__in=rows, day=day).exclude(by=None, kind__in=OF_THE_NIGHT).count(),
            "quiet": count, "quiet_first": [(known[pk], spoken) for pk, spoken in last.items() if pk in known],
            "fresh": list(with_children(rows).order_by("-since", "-id")[:6])}


def promises_shown(rows: QuerySet[Any], show: str, day: date, words: str = "") -> QuerySet[Any]:
    """One part of the ledger: what is open by its day, what is closed the newest first; of a family or with a word in it."""
    if words.strip():
        rows = rows.filter(Q(customer__in=search(Customer.objects.all(), words)) | Q(text__contains=words.strip()))
    if show in Promise.State.values and show != Promise.State.OPEN:
        return rows.filter(state=show).order_by("-closed_on", "-id")
    if show == "overdue":
        return rows.overdue(day).order_by("due_on", "id")
    return rows.order_by("-made_on", "-id") if show == "all" else rows.open().order_by("due_on", "id")


def promise_figures(rows: QuerySet[Any], day: date) -> dict[str, int]:
    """How many are open, late, due within a week; and of those whose day was in the last 90 days, how many were kept in time."""
    late, week = Q(state="open", due_on__lt=day), Q(state="open", due_on__range=(day, day + timedelta(days=7)))
    judged = Q(due_on__gte=day - timedelta(days=QUIET), due_on__lt=day) & ~Q(state="dropped")
    found = rows.aggregate(open=Count("pk", filter=Q(state="open")), late=Count("pk", filter=late), week=Count("pk", filter=week),
                           judged=Count("pk", filter=judged),
                           in_time=Count("pk", filter=judged & Q(state="kept", closed_on__lte=F("due_on"))))
    return found | {"share": round(100 * found["in_time"] / found["judged"]) if found["judged"] else -1}


def owed(member: Membership, day: date) -> list[Promise]:
    """What a member has to do for families within a week, the latest first, for the first page."""
    rows = Promise.objects.open().filter(owner=member, due_on__lte=day + timedelta(days=7), customer__in=customers(member))
    return list(rows.select_related("customer").order_by("due_on", "id")[:8])


LISTS = [
    (_("人"), [(_("客户"), "admin:crm_customer_changelist"), (_("孩子"), "admin:crm_child_changelist"),
              (_("监护人"), "admin:crm_guardian_changelist"), (_("合作机构"), "admin:crm_partner_changelist"),
              (_("监护人同意"), "admin:crm_consent_changelist")]),
    (_("在园"), [(_("报名"), "admin:crm_enrolment_changelist"), (_("考勤"), "admin:crm_attendance_changelist"),
                (_("课时包"), "admin:crm_lessonpackage_changelist"), (_("缴费"), "admin:crm_payment_changelist")]),
    (_("往来"), [(_("往来"), "admin:crm_timelineentry_changelist"), (_("投诉与意见"), "admin:crm_concern_changelist"),
                (_("转介绍"), "admin:crm_referral_changelist")]),
    (_("评分"), [(_("合作意向"), "admin:crm_intentrating_changelist"), (_("信用与需求"), "admin:crm_assessment_changelist"),
                (_("满意度"), "admin:crm_satisfaction_changelist")]),
]

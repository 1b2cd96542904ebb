"""Payments, referrals, the timeline, ratings and answers, complaints and suggestions."""
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter, RangeDateTimeFilter

from crm.admin.base import ArchiveAdmin, HistoryAdmin
from crm.models import Assessment, Concern, IntentRating, Payment, Referral, Satisfaction, TimelineEntry
from tenancy.site import site


def in_yuan(fen: int) -> Decimal:
    """分 as 元 with both decimals, so that a column of them stands aligned; exports keep it a number."""
    return (Decimal(fen) / 100).quantize(Decimal("0.01"))


@admin.register(Payment, site=site)
class PaymentAdmin(HistoryAdmin):
    """The amount is not edited: what was wrong is refunded and entered anew, so that the sums stay explained."""

    change_right = "crm.refund"
    campus_path = "customer__campus_id"
    list_display = ["paid_on", "customer", "child", "fee_kind", "amount", "list_price", "method", "receipt"]
    list_select_related = ["customer", "child", "fee_kind"]
    list_filter = ["fee_kind", "method", ("paid_on", RangeDateFilter)]
    fields = ["fee_kind", "paid_on", "list_fen", "method", "receipt", "remark"]

    @admin.display(description=_("金额（元）"), ordering="amount_fen")
    def amount(self, payment: Payment) -> Decimal:
        return in_yuan(payment.amount_fen)

    @admin.display(description=_("挂牌价（元）"), ordering="list_fen")
    def list_price(self, payment: Payment) -> Decimal | None:
        return None if payment.list_fen is None else in_yuan(payment.list_fen)


@admin.register(Referral, site=site)
class ReferralAdmin(HistoryAdmin):
    """What came of an introduction is entered here; whether it counts is a column of its own (B21)."""

    customer_path = "referrer"
    campus_path = "referrer__campus_id"
    list_display = ["referred_on", "referrer", "referred_name", "result", "converted_on", "counts", "flag"]
    list_select_related = ["referrer"]
    list_filter = ["result", "counts", ("referred_on", RangeDateFilter), ("converted_on", RangeDateFilter)]
    fields = ["result", "converted_on", "counts", "flag"]


class ToldAdmin(ArchiveAdmin):
    """Facts as they were told: looked through here, entered on the family's page, never edited."""

    campus_path = "customer__campus_id"
    list_select_related = ["customer"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(TimelineEntry, site=site)
class TimelineAdmin(ToldAdmin):
    list_display = ["at", "customer", "kind", "channel", "title", "by"]
    list_select_related = ["customer", "by"]
    list_filter = ["kind", "channel", ("day", RangeDateFilter)]


@admin.register(IntentRating, site=site)
class IntentRatingAdmin(ToldAdmin):
    list_display = ["rated_on", "customer", "philosophy", "teaching", "co_education", "eagerness", "likelihood", "evidence"]
    list_filter = [("rated_on", RangeDateFilter)]


@admin.register(Assessment, site=site)
class AssessmentAdmin(ToldAdmin):
    list_display = ["assessed_on", "customer", "about", "score", "ground"]
    list_filter = ["about", "score", ("assessed_on", RangeDateFilter)]


@admin.register(Satisfaction, site=site)
class SatisfactionAdmin(ToldAdmin):
    list_display = ["answered_on", "customer", "score", "channel", "comment"]
    list_filter = ["score", "channel", ("answered_on", RangeDateFilter)]


@admin.register(Concern, site=site)
class ConcernAdmin(HistoryAdmin):
    change_right = "crm.log"
    campus_path = "customer__campus_id"
    list_display = ["opened_at", "kind", "customer", "closed_at"]
    list_select_related = ["customer"]
    list_filter = ["kind", ("opened_at", RangeDateTimeFilter), ("closed_at", admin.EmptyFieldListFilter)]
    fields = ["kind", "text", "answer", "closed_at"]

"""Payments, referrals and the timeline."""
from typing import Any

from django.db import models
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm import actions
from crm.access import customers
from crm.api.base import OfCustomers, Scoped, Writable
from crm.days import happened
from crm.forms import CONTACT_KINDS
from crm.models import Channel, Child, Customer, FeeKind, Payment, Referral, TimelineEntry
from tenancy.api import TenantSerializer


def of_one_family(values: dict[str, Any]) -> dict[str, Any]:
    """The named child must be a child of the named customer."""
    if values["child"] is not None and values["child"].family.customer_id != values["customer"].pk:
        raise serializers.ValidationError({"child": ["这个孩子不在这一家。"]})
    return values


class PaymentSerializer(TenantSerializer):
    fee_kind = serializers.CharField(source="fee_kind.name")

    class Meta:
        model = Payment
        fields = ["id", "customer", "child", "fee_kind", "paid_on", "amount_fen", "list_fen", "method", "receipt"]


class NewPayment(serializers.Serializer[Any]):
    """Money in integer 分."""

    customer = Scoped(Customer, customers)
    child = Scoped(Child, lambda member: Child.objects.filter(family__customer__in=customers(member)), default=None, allow_null=True)
    fee_kind = serializers.SlugRelatedField("name", queryset=FeeKind.objects)
    amount_fen = serializers.IntegerField(min_value=1, max_value=10**11)
    paid_on = serializers.DateField(validators=[happened])
    method = serializers.CharField(max_length=20, default="", allow_blank=True)
    receipt = serializers.CharField(max_length=40, default="", allow_blank=True)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        return of_one_family(values)


class Payments(Writable, OfCustomers):
    rights = {"GET": "crm.view", "POST": "crm.money"}
    related = ("fee_kind",)
    serializer_class = PaymentSerializer
    input_class = NewPayment
    queryset = models.QuerySet(Payment)
    filterset_fields = ["customer", "paid_on", "fee_kind__name"]

    @extend_schema(request=NewPayment, responses={201: PaymentSerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)

    def make(self, values: dict[str, Any], by: Any) -> Payment:
        return actions.take_payment(values.pop("customer"), **values, by=by, today=timezone.localdate())


class ReferralSerializer(TenantSerializer):
    class Meta:
        model = Referral
        fields = ["id", "referrer", "referred", "referred_on", "result", "converted_on", "counts", "flag"]


class NewReferral(serializers.Serializer[Any]):
    referrer = Scoped(Customer, customers)
    name = serializers.CharField(max_length=40)
    phone = serializers.CharField(max_length=40)
    referred_on = serializers.DateField(validators=[happened])


class Referrals(Writable, OfCustomers):
    rights = {"GET": "crm.view", "POST": "crm.change"}
    owner_field = "referrer"
    serializer_class = ReferralSerializer
    input_class = NewReferral
    queryset = models.QuerySet(Referral)
    filterset_fields = ["referrer", "result", "counts"]

    @extend_schema(request=NewReferral, responses={201: ReferralSerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)

    def make(self, values: dict[str, Any], by: Any) -> Referral:
        return actions.add_referral(values["referrer"], name=values["name"], phone=values["phone"], on=values["referred_on"], by=by)


class EntrySerializer(TenantSerializer):
    class Meta:
        model = TimelineEntry
        fields = ["id", "customer", "child", "kind", "channel", "at", "day", "title", "text"]
        read_only_fields = ["day"]


class NewEntry(serializers.Serializer[Any]):
    """One fact that somebody tells; what the product itself writes (定级, 报名状态) is not told here."""

    customer = Scoped(Customer, customers)
    child = Scoped(Child, lambda member: Child.objects.filter(family__customer__in=customers(member)), default=None, allow_null=True)
    kind = serializers.ChoiceField([(kind, str(name)) for kind, name in CONTACT_KINDS])
    channel = serializers.ChoiceField(Channel.choices, default="", allow_blank=True)
    at = serializers.DateTimeField(validators=[happened])
    title = serializers.CharField(max_length=80, default="", allow_blank=True)
    text = serializers.CharField(max_length=2000, default="", allow_blank=True)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        return of_one_family(values)


class Activities(Writable, OfCustomers):
    """The timeline; a POST adds one fact to it."""

    rights = {"GET": "crm.view", "POST": "crm.log"}
    serializer_class = EntrySerializer
    input_class = NewEntry
    queryset = models.QuerySet(TimelineEntry)
    filterset_fields = ["customer", "kind", "day"]

    @extend_schema(request=NewEntry, responses={201: EntrySerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)

    def make(self, values: dict[str, Any], by: Any) -> TimelineEntry:
        return actions.log_contact(values.pop("customer"), **values, by=by)

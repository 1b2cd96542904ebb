"""The archive's API: families with their people, payments, referrals, activities. Phones stay masked."""
from typing import Any

from django.db import models
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from audit.actions import looked, record
from crm import queries
from crm.access import customers
from crm.models import Child, Customer, Guardian, Payment, Referral, TimelineEntry
from tenancy.api import TenantSerializer


class ChildSerializer(TenantSerializer):
    class Meta:
        model = Child
        fields = ["id", "name", "nickname", "sex", "born_on"]


class GuardianSerializer(TenantSerializer):
    class Meta:
        model = Guardian
        fields = ["id", "name", "relation", "phone_mask", "decides", "pays", "picks_up"]


class FamilySerializer(TenantSerializer):
    """A customer with its people."""

    type = serializers.CharField(source="type.code")
    campus = serializers.CharField(source="campus.code")
    children = serializers.SerializerMethodField()
    guardians = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = ["id", "external_ref", "name", "type", "campus", "owner", "since", "source", "children", "guardians"]

    @extend_schema_field(ChildSerializer(many=True))
    def get_children(self, customer: Any) -> Any:
        family = getattr(customer, "family", None)
        return ChildSerializer(family.children.all(), many=True).data if family else []

    @extend_schema_field(GuardianSerializer(many=True))
    def get_guardians(self, customer: Any) -> Any:
        family = getattr(customer, "family", None)
        return GuardianSerializer(family.guardians.all(), many=True).data if family else []


class ReadOnly(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """Lists are one audit row with their ids."""

    lookup_value_regex = r"\d{1,18}"

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().list(request, *args, **kwargs)
        record(request.auth, "crm.listed", ids=[row["id"] for row in answer.data["results"]])
        return answer


class Families(ReadOnly):
    rights = {"GET": "crm.view"}
    serializer_class = FamilySerializer
    queryset = models.QuerySet(Customer)
    filterset_fields = ["type__code", "campus__code", "owner", "external_ref"]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        rows = queries.with_children(customers(self.request.auth)).order_by("id")
        return queries.search(rows, self.request.query_params["q"]) if self.request.query_params.get("q") else rows

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        customer = self.get_object()
        looked(request.auth, "crm.child_viewed", Child.objects.filter(family__customer=customer))
        return super().retrieve(request, *args, **kwargs)


class PaymentSerializer(TenantSerializer):
    fee_kind = serializers.CharField(source="fee_kind.name")

    class Meta:
        model = Payment
        fields = ["id", "customer", "child", "fee_kind", "paid_on", "amount_fen", "list_fen", "method", "receipt"]


class OfCustomers(ReadOnly):
    """Facts of the customers the member may see, newest first."""

    rights = {"GET": "crm.view"}
    related: tuple[str, ...] = ()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        rows = self.queryset.model.objects.filter(**{f"{self.owner_field}__in": customers(self.request.auth)})
        return rows.select_related(*self.related).order_by("-id")


class Payments(OfCustomers):
    owner_field = "customer"
    related = ("fee_kind",)
    serializer_class = PaymentSerializer
    queryset = models.QuerySet(Payment)
    filterset_fields = ["customer", "paid_on"]


class ReferralSerializer(TenantSerializer):
    class Meta:
        model = Referral
        fields = ["id", "referrer", "referred", "referred_on", "result", "converted_on", "counts", "flag"]


class Referrals(OfCustomers):
    owner_field = "referrer"
    serializer_class = ReferralSerializer
    queryset = models.QuerySet(Referral)
    filterset_fields = ["referrer", "result", "counts"]


class EntrySerializer(TenantSerializer):
    class Meta:
        model = TimelineEntry
        fields = ["id", "customer", "child", "kind", "channel", "at", "day", "title", "text"]
        read_only_fields = ["day"]


class Activities(mixins.CreateModelMixin, OfCustomers):
    """The timeline; a POST adds one fact to it."""

    rights = {"GET": "crm.view", "POST": "crm.log"}
    owner_field = "customer"
    serializer_class = EntrySerializer
    queryset = models.QuerySet(TimelineEntry)
    filterset_fields = ["customer", "kind", "day"]

    def perform_create(self, serializer: Any) -> None:
        values = serializer.validated_data
        allowed = customers(self.request.auth).filter(pk=values["customer"].pk).exists()
        if not allowed or (values.get("child") and values["child"].family.customer_id != values["customer"].pk):
            raise serializers.ValidationError({"customer": ["没有这个客户。"]})
        entry = serializer.save(by=self.request.auth, day=timezone.localdate(values["at"]))
        record(self.request.auth, "crm.contact_logged", entry, customer=entry.customer_id)

"""Families, their children, guardians and enrolments."""
from typing import Any

from django.db import models
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from audit.actions import looked
from crm import actions, facts, queries
from crm.access import customers
from crm.api.base import OfCustomers, ReadOnly, Scoped, Writable
from crm.days import born, planned
from crm.models import Child, ClassGroup, Customer, Enrolment, Guardian, Outcome, Relation, Sex
from tenancy.api import TenantSerializer
from tenancy.models import Campus


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


class NewFamily(serializers.Serializer[Any]):
    """What a first contact says (K4)."""

    guardian = serializers.CharField(max_length=40)
    phone = serializers.CharField(max_length=40)
    relation = serializers.ChoiceField(Relation.choices, default=Relation.OTHER)
    child = serializers.CharField(max_length=40, default="", allow_blank=True)
    born_on = serializers.DateField(default=None, allow_null=True, validators=[born])
    campus = serializers.SlugRelatedField("code", queryset=Campus.objects)
    source = serializers.CharField(max_length=30, default="", allow_blank=True)
    address = serializers.CharField(max_length=200, default="", allow_blank=True)
    occupation = serializers.CharField(max_length=40, default="", allow_blank=True)
    note = serializers.CharField(max_length=2000, default="", allow_blank=True)

    def validate_campus(self, campus: Campus) -> Campus:
        own = self.context["request"].auth.campus_ids()
        if own is not None and campus.pk not in own:
            raise serializers.ValidationError("没有这个园所。")
        return campus


class Families(Writable, ReadOnly):
    rights = {"GET": "crm.view", "POST": "crm.change"}
    serializer_class = FamilySerializer
    input_class = NewFamily
    queryset = models.QuerySet(Customer)
    filterset_fields = ["type__code", "campus__code", "owner", "external_ref"]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        rows = queries.with_children(customers(self.request.auth)).order_by("id")
        return queries.search(rows, self.request.query_params["q"]) if self.request.query_params.get("q") else rows

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        customer = self.get_object()
        looked(request.auth, "crm.child_viewed", customer.family.children.all() if hasattr(customer, "family") else ())
        return Response(self.get_serializer(customer).data)

    @extend_schema(request=NewFamily, responses={201: FamilySerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)

    def make(self, values: dict[str, Any], by: Any) -> Customer:
        made = actions.add_family(**values, by=by, at=timezone.now())
        return queries.with_children(Customer.objects.filter(pk=made.pk)).get()


class NewChild(serializers.Serializer[Any]):
    customer = Scoped(Customer, customers)
    name = serializers.CharField(max_length=40)
    born_on = serializers.DateField(default=None, allow_null=True, validators=[born])
    sex = serializers.ChoiceField([("", ""), *Sex.choices], default="")

    def validate_customer(self, customer: Customer) -> Customer:
        if getattr(customer, "family", None) is None:
            raise serializers.ValidationError("这个客户不是家庭，没有孩子。")
        return customer


class ChildOfFamilySerializer(ChildSerializer):
    customer = serializers.IntegerField(source="family.customer_id", read_only=True)

    class Meta(ChildSerializer.Meta):
        fields = [*ChildSerializer.Meta.fields, "customer"]


class Children(Writable, OfCustomers):
    rights = {"GET": "crm.view", "POST": "crm.change"}
    owner_field = "family__customer"
    related = ("family",)
    serializer_class = ChildOfFamilySerializer
    input_class = NewChild
    queryset = models.QuerySet(Child)
    filterset_fields = ["family__customer", "born_on"]

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        child = self.get_object()
        looked(request.auth, "crm.child_viewed", [child])
        return Response(self.get_serializer(child).data)

    @extend_schema(request=NewChild, responses={201: ChildOfFamilySerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)

    def make(self, values: dict[str, Any], by: Any) -> Child:
        return facts.add_child(values.pop("customer"), **values, by=by)


class GuardianOfFamilySerializer(GuardianSerializer):
    customer = serializers.IntegerField(source="family.customer_id", read_only=True)

    class Meta(GuardianSerializer.Meta):
        fields = [*GuardianSerializer.Meta.fields, "customer"]


class Guardians(OfCustomers):
    owner_field = "family__customer"
    related = ("family",)
    serializer_class = GuardianOfFamilySerializer
    queryset = models.QuerySet(Guardian)
    filterset_fields = ["family__customer", "relation"]


class EnrolmentSerializer(TenantSerializer):
    class Meta:
        model = Enrolment
        fields = ["id", "child", "campus", "class_group", "from_on", "until_on", "outcome"]


def _children(member: Any) -> Any:
    return Child.objects.filter(family__customer__in=customers(member)).select_related("family__customer")


def _campuses(member: Any) -> Any:
    own = member.campus_ids()
    return Campus.objects.all() if own is None else Campus.objects.filter(pk__in=own)


class NewEnrolment(serializers.Serializer[Any]):
    child = Scoped(Child, _children)
    campus = Scoped(Campus, _campuses)
    class_group = Scoped(ClassGroup, lambda member: ClassGroup.objects.filter(closed_on=None), default=None, allow_null=True)
    from_on = serializers.DateField(validators=[planned])


class EndOfEnrolment(serializers.Serializer[Any]):
    until_on = serializers.DateField(validators=[planned])
    outcome = serializers.ChoiceField(Outcome.choices)


class Enrolments(Writable, OfCustomers):
    rights = {"GET": "crm.view", "POST": "crm.change"}
    owner_field = "child__family__customer"
    related = ("child__family__customer",)
    serializer_class = EnrolmentSerializer
    input_class = NewEnrolment
    queryset = models.QuerySet(Enrolment)
    filterset_fields = ["child", "campus", "class_group", "outcome", "from_on", "until_on"]

    @extend_schema(request=NewEnrolment, responses={201: EnrolmentSerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)

    def make(self, values: dict[str, Any], by: Any) -> Enrolment:
        return actions.enrol(**values, by=by)

    @extend_schema(request=EndOfEnrolment, responses={200: EnrolmentSerializer})
    @action(detail=True, methods=["post"])
    def end(self, request: Any, pk: Any = None) -> Response:
        """离园: the enrolment ends on a day for a reason."""
        enrolment = self.get_object()
        form = EndOfEnrolment(data=request.data)
        form.is_valid(raise_exception=True)
        actions.end_enrolment(enrolment, **form.validated_data, by=request.auth, at=timezone.now())
        return Response(self.get_serializer(enrolment).data)

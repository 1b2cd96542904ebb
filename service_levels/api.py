"""The API of service levels: requests are read and taken down, contacts owed are read."""
from typing import Any, cast

from django.db import models
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.access import customers
from crm.api.base import ReadOnly, Scoped, Writable
from crm.models import Concern, Customer
from crm.parse import parse_phone
from service_levels import access
from service_levels.models import ServiceRequest, Touch
from service_levels.requests import working
from service_levels.requests.forms import WAYS
from service_levels.requests.working import Wish
from tenancy.access import campuses_of
from tenancy.api import TenantSerializer
from tenancy.models import Campus, Membership


class RequestSerializer(TenantSerializer):
    class Meta:
        model = ServiceRequest
        fields = ["id", "number", "kind", "channel", "about", "customer", "campus", "text", "plan", "priority", "department", "owner",
                  "opened_at", "replied_at", "paused_at", "pause_why", "resolved_at", "result", "confirmed_at", "score", "due_at"]


class NewRequest(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ServiceRequest.Kind.choices)
    text = serializers.CharField(max_length=2000)
    channel = serializers.ChoiceField(choices=WAYS, required=False, default="")
    about = serializers.ChoiceField(choices=Concern.About.choices, required=False, default="")
    customer = Scoped(Customer, customers, required=False, default=None)
    campus = Scoped(Campus, campuses_of, required=False, default=None)
    caller = serializers.CharField(max_length=40, required=False, default="")
    phone = serializers.CharField(max_length=40, required=False, default="")


class Requests(Writable, ReadOnly):
    """服务请求 of the member's campuses, the latest first; POST takes one down, and its clocks begin to run."""

    rights = {"GET": access.VIEW, "POST": "crm.log"}
    serializer_class = RequestSerializer
    input_class = NewRequest
    queryset = models.QuerySet(ServiceRequest)
    filterset_fields = {"customer": ["exact"], "kind": ["exact"], "resolved_at": ["isnull"], "due_at": ["lt"], "opened_at": ["gte", "lt"]}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return access.requests(cast(Membership, self.request.auth)).order_by("-opened_at", "-id")

    @extend_schema(request=NewRequest, responses={201: RequestSerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)

    def make(self, values: dict[str, Any], by: Any) -> ServiceRequest:
        customer, phone = values.pop("customer"), values.pop("phone")
        wish = Wish(**values, phone=parse_phone(phone) if phone else "")
        return working.open_request(wish, customer=customer, by=by, at=timezone.now())


class TouchSerializer(TenantSerializer):
    class Meta:
        model = Touch
        fields = ["id", "customer", "line", "text", "occasion", "opens_on", "due_on", "kept_on"]


class Touches(ReadOnly):
    """应触达 of the customers the member works for, the latest first."""

    rights = {"GET": access.VIEW}
    serializer_class = TouchSerializer
    queryset = models.QuerySet(Touch)
    filterset_fields = {"customer": ["exact"], "due_on": ["gte", "lte"], "kept_on": ["isnull"]}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return access.touches(cast(Membership, self.request.auth)).order_by("-due_on", "-id")

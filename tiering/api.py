"""The tier engine's API: standings and batches."""
from typing import Any

from django.db import models

from crm.access import customers
from crm.api.base import OfCustomers, ReadOnly
from tenancy.api import TenantSerializer
from tiering.models import Batch, Standing


class StandingSerializer(TenantSerializer):
    class Meta:
        model = Standing
        fields = ["id", "customer", "scheme", "label", "score", "from_on", "until_on", "batch"]


class Standings(OfCustomers):
    rights = {"GET": "tiering.view"}
    owner_field = "customer"
    serializer_class = StandingSerializer
    queryset = models.QuerySet(Standing)
    filterset_fields = ["customer", "label", "until_on"]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return Standing.objects.filter(customer__in=customers(self.request.auth)).order_by("-id")


class BatchSerializer(TenantSerializer):
    class Meta:
        model = Batch
        fields = ["id", "version", "as_of", "state", "size", "digest", "computed_at", "published_at"]


class Batches(ReadOnly):
    rights = {"GET": "tiering.view"}
    serializer_class = BatchSerializer
    queryset = models.QuerySet(Batch)
    filterset_fields = ["state", "as_of"]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return Batch.objects.order_by("-id")

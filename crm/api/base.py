"""What the archive's API views share: reading within one's campuses, and writing through the same verbs as the screens."""
from typing import Any

from django.db import models
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.response import Response

from audit.actions import record
from crm.access import customers
from crm.parse import Unreadable
from tenancy.refusals import Refused, spoken


class Scoped(serializers.PrimaryKeyRelatedField):
    """An id among the rows the member may see; another school's id, another campus's and a missing one read the same."""

    def __init__(self, model: type[models.Model], rows: Any, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(queryset=models.QuerySet(model), **kwargs)

    def get_queryset(self) -> Any:
        return self.rows(self.context["request"].auth)


class ReadOnly(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """Lists are one audit row with their ids."""

    lookup_value_regex = r"\d{1,18}"
    rights = {"GET": "crm.view"}

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().list(request, *args, **kwargs)
        record(request.auth, "crm.listed", list=self.basename, ids=[row["id"] for row in answer.data["results"]])
        return answer


class OfCustomers(ReadOnly):
    """Facts of the customers the member may see, newest first."""

    related: tuple[str, ...] = ()
    owner_field = "customer"

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        rows = self.queryset.model.objects.filter(**{f"{self.owner_field}__in": customers(self.request.auth)})
        return rows.select_related(*self.related).order_by("-id")


class Writable:
    """A POST that checks its own form, ``input_class``, and hands the values to ``make``, which calls one verb."""

    input_class: type[serializers.Serializer[Any]]

    def make(self, values: dict[str, Any], by: Any) -> Any:
        raise LookupError(f"{type(self).__name__} 没有说怎么写")

    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        form = self.input_class(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        try:
            made = self.make(form.validated_data, request.auth)
        except Unreadable as doubt:
            raise Refused(spoken(doubt.said)) from None
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)  # type: ignore[attr-defined]

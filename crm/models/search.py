"""Search tokens: names, pinyin, initials and phone ends as rows, so that search is a range on one index."""
from django.db import models

from crm.models.customers import Customer
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey


class SearchToken(TenantModel):
    """One way to find a customer. Phones are blind indexes and last four digits, never the number."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=64, db_collation="C")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "token", "customer"], name="search_token_once")]


class Counter(TenantModel):
    """The last number drawn of a kind (``F-0417``)."""

    name = models.CharField(max_length=10)
    value = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="counter_name")]

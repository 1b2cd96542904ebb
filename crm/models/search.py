"""Search tokens: names, pinyin, initials and phone ends as rows, so that search is a range on one index."""
from django.db import models

from tenancy.base import TenantModel


class SearchToken(TenantModel):
    """One way to find a customer. Phones are blind indexes and last four digits, never the number.

    An index that is re-derived from the archive at any time, so it carries no link: twenty foreign key checks a family
    were more than half of an import. A token without its customer finds nobody.
    """

    linked = False

    pk = models.CompositePrimaryKey("tenant_id", "token", "customer_id")
    customer_id = models.BigIntegerField()
    token = models.CharField(max_length=64, db_collation="C")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "customer_id"], name="search_token_customer")]


class Counter(TenantModel):
    """The last number drawn of a kind (``F-0417``)."""

    name = models.CharField(max_length=10)
    value = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="counter_name")]

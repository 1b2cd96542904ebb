"""审计: rows are inserted unchained and sealed into a hash chain per tenant a minute later.

Entries hold ids and numbers, never text about a person, so erasing a family leaves the chain whole.
"""
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey, TenantOneToOneField
from tenancy.models import Membership

CURRENT_TRANSACTION = Cast(Cast(models.Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField())


class Entry(TenantModel):
    """One act or one look. ``actor`` is empty when the product itself acted."""

    app_may = "SELECT, INSERT"

    at = models.DateTimeField(_("时间"))
    actor = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))
    verb = models.CharField(_("做了什么"), max_length=60)
    object_type = models.CharField(_("对象"), max_length=40, blank=True)
    object_id = models.BigIntegerField(_("编号"), null=True)
    data = models.JSONField(_("细节"), default=dict)
    transaction = models.BigIntegerField(db_default=CURRENT_TRANSACTION)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("审计记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["tenant", "object_type", "object_id"], name="audit_object"),
                   models.Index(fields=["tenant", "at"], name="audit_at")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Seal(TenantModel):
    """A link of the chain: sha256 over the previous seal and the entry."""

    app_may = "SELECT, INSERT"

    entry = TenantOneToOneField(Entry, related_name="seal")
    number = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="audit_seal_number")]

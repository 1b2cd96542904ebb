"""收费项目 and 缴费, in integer 分."""
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.days import happened
from crm.history import tracked
from crm.models.customers import Child, Customer
from crm.models.imports import Imported
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey


class FeeKind(TenantModel):
    """收费项目 (K7). ``warning`` says where the law limits this kind of fee for this kind of school (SPEC §4)."""

    class Group(models.TextChoices):
        TUITION = "tuition", _("学费 / 保教费")
        MEALS = "meals", _("餐费 / 伙食费")
        INTEREST = "interest", _("兴趣班费")
        OTHER = "other", _("其他")

    name = models.CharField(_("名称"), max_length=40)
    group = models.CharField(_("归类"), max_length=10, choices=Group, default=Group.OTHER)
    counts = models.BooleanField(_("计入消费金额"), default=True)
    warning = models.CharField(_("提醒"), max_length=120, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("收费项目")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="fee_kind_name",
                                               violation_error_message=_("已经有同名的收费项目。"))]

    def __str__(self) -> str:
        return self.name


@tracked()
class Payment(Imported, TenantModel):
    """缴费: one line. Refunds are negative. ``list_fen`` is the price before a waiver (B18)."""

    customer = TenantForeignKey(Customer, related_name="payments", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.SET_NULL, null=True, blank=True, related_name="payments", verbose_name=_("孩子"))
    fee_kind = TenantForeignKey(FeeKind, related_name="+", verbose_name=_("收费项目"))
    paid_on = models.DateField(_("缴费日期"), validators=[happened])
    amount_fen = models.BigIntegerField(_("金额（分）"))
    list_fen = models.BigIntegerField(_("挂牌价（分）"), null=True, blank=True)
    quantity = models.DecimalField(_("数量"), max_digits=8, decimal_places=2, null=True, blank=True)
    method = models.CharField(_("支付方式"), max_length=20, blank=True)
    receipt = models.CharField(_("票据号"), max_length=40, blank=True)
    remark = models.CharField(_("备注"), max_length=100, blank=True)
    import_key = models.CharField(max_length=32, null=True, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("缴费")
        ordering = ["-paid_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "import_key"], name="payment_import_key")]
        indexes = [models.Index(fields=["tenant", "customer", "paid_on"], name="payment_customer_day",
                                include=["amount_fen", "list_fen", "fee_kind_id"])]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.fee_kind} {self.amount_fen / 100:,.2f} 元"

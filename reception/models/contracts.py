"""合同: approved templates, contracts drawn up from them, and the school's seal."""
import json
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models import Child, ClassGroup, Customer, Enrolment, Relation
from reception.contracts.clauses import Clause, split
from reception.models.bookings import Booking
from tenancy.base import TenantModel
from tenancy.fields import Sealed, TenantForeignKey, TenantOneToOneField
from tenancy.models import Campus, Membership


class ContractTemplate(TenantModel):
    """合同模板 (R25): one version of a text. A draft is written on; what was approved never changes, a change is a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PENDING = "pending", _("待批准")
        APPROVED = "approved", _("已批准")
        RETIRED = "retired", _("不再使用")

    name = models.CharField(_("名称"), max_length=40)
    number = models.PositiveSmallIntegerField(_("版本"), default=1)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    body = models.TextField(_("条款"), max_length=20000)
    fees = models.TextField(_("收费标准说明"), max_length=4000, blank=True)
    commitments = models.TextField(_("后续服务承诺"), max_length=4000, blank=True)
    proposed_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("提交人"))
    approved_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("批准人"))
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    remark = models.CharField(_("退回原因"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("合同模板")
        ordering = ["name", "-number"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name", "number"], name="contract_template_version"),
                       models.UniqueConstraint(fields=["tenant", "name"], condition=Q(state__in=["draft", "pending"]),
                                               name="contract_template_draft",
                                               violation_error_message=_("这个模板已经有一份没批准的草稿。")),
                       models.CheckConstraint(condition=~Q(state__in=["approved", "retired"]) | ~Q(approved_by=None),
                                              name="contract_template_approved")]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    def clauses(self) -> tuple[Clause, ...]:
        return split(self.body)


class Contract(TenantModel):
    """合同 (R24–R29): one family's, its text frozen when it was drawn up. ``reception.contracts.actions`` alone changes it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("待签")
        SIGNED = "signed", _("已签")
        VOID = "void", _("已作废")

    class Where(models.TextChoices):
        TABLET = "tablet", _("园里平板")
        PHONE = "phone", _("家长手机")

    number = models.CharField(_("合同编号"), max_length=20)
    template = TenantForeignKey(ContractTemplate, related_name="+", verbose_name=_("合同模板"))
    customer = TenantForeignKey(Customer, related_name="+", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.SET_NULL, null=True, related_name="+", verbose_name=_("孩子"))
    booking = TenantForeignKey(Booking, models.SET_NULL, null=True, related_name="contracts", verbose_name=_("到访"))
    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    class_group = TenantForeignKey(ClassGroup, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("班级"))
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    fee_fen = models.BigIntegerField(_("每月费用"), validators=[MinValueValidator(0), MaxValueValidator(10**9)])
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT)
    text_sealed = models.BinaryField(null=True, editable=False)
    text = Sealed("text_sealed")
    explained = models.JSONField(default=dict)  # clause number → [who, when]
    questions = models.TextField(_("家长问了什么"), max_length=1000, blank=True)
    renews = TenantForeignKey("self", models.SET_NULL, null=True, related_name="renewals", verbose_name=_("续签自"))
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("经办人"))
    created_at = models.DateTimeField(_("拟定时间"))
    signer = models.CharField(_("签字人"), max_length=40, blank=True)
    relation = models.CharField(_("与孩子关系"), max_length=12, choices=Relation, blank=True)
    signature_sealed = models.BinaryField(null=True, editable=False)
    signature = Sealed("signature_sealed")
    signed_at = models.DateTimeField(_("签订时间"), null=True)
    signed_where = models.CharField(_("在哪里签的"), max_length=8, choices=Where, blank=True)
    pdf_sealed = models.BinaryField(null=True, editable=False)
    pdf = Sealed("pdf_sealed")  # base64
    digest = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    token_hash = models.CharField(max_length=64, null=True, editable=False)
    link_serial = models.PositiveSmallIntegerField(default=0, editable=False)
    link_until = models.DateTimeField(null=True, editable=False)
    enrolment = TenantOneToOneField(Enrolment, models.SET_NULL, null=True, editable=False, related_name="+")
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)
    voided_at = models.DateTimeField(_("作废时间"), null=True)
    voided_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁作废的"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("合同")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="contract_number"),
            models.UniqueConstraint(fields=["tenant", "token_hash"], name="contract_token"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="contract_term",
                                   violation_error_message=_("结束日期要晚于开始日期。")),
            models.CheckConstraint(condition=~Q(state="signed") | ~Q(signed_at=None) & ~Q(signature_sealed=None), name="contract_signed"),
            models.CheckConstraint(condition=~Q(state="void") | ~Q(voided_at=None), name="contract_voided")]
        indexes = [models.Index(fields=["tenant", "customer", "state"], name="contract_customer"),
                   models.Index(fields=["tenant", "state", "ends_on"], name="contract_ends")]

    def __str__(self) -> str:
        return self.number

    def papers(self) -> dict[str, Any]:
        """The frozen text: clauses, fee statement, commitments, and who concludes it."""
        return dict(json.loads(self.text))

    def clauses(self) -> list[Clause]:
        return [Clause(*pair) for pair in self.papers()["clauses"]]

    @property
    def left_to_explain(self) -> list[int]:
        return [number for number in range(1, len(self.clauses()) + 1) if str(number) not in self.explained]


class SchoolSeal(TenantModel):
    """电子印章: the key with which a school seals its contracts, and the certificate that names it."""

    key_sealed = models.BinaryField(null=True, editable=False)
    key = Sealed("key_sealed")  # PEM
    certificate = models.TextField(editable=False)  # PEM
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("电子印章")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="school_seal_once")]

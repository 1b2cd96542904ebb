"""客户、家庭、监护人、孩子、合作机构、监护人同意."""
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.days import born, happened
from crm.history import tracked
from crm.models.imports import Imported
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import Sealed, TenantForeignKey, TenantOneToOneField
from tenancy.models import Campus, Membership


class Half(models.TextChoices):
    FAMILY = "family", _("家庭")
    PARTNER = "partner", _("合作机构")


class CustomerType(TenantModel):
    """客户类型 (K2): parents, learners, partners, and whatever else the school adds."""

    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=40)
    half = models.CharField(_("资料页"), max_length=10, choices=Half, default=Half.FAMILY)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("客户类型")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="customer_type_code",
                                               violation_error_message=_("这个代码已经有客户类型在用，换一个。"))]

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(TenantQuerySet):
    def present(self) -> "CustomerQuerySet":
        """Neither deleted nor erased."""
        return self.filter(deleted_at=None, erased_at=None)


@tracked()
class Customer(Imported, TenantModel):
    """客户: who is tiered. Family and Partner are its halves; payments, referrals and standings hang here."""

    type = TenantForeignKey(CustomerType, related_name="+", verbose_name=_("客户类型"))
    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    owner = TenantForeignKey(Membership, null=True, blank=True, related_name="+", verbose_name=_("维护人"))
    external_ref = models.CharField(_("编号"), max_length=40)
    name = models.CharField(_("称呼"), max_length=80)
    since = models.DateField(_("建档日期"), validators=[happened])
    source = models.CharField(_("来源"), max_length=30, blank=True)
    version = models.IntegerField(default=1, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = TenantManager.from_queryset(CustomerQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("客户")
        constraints = [models.UniqueConstraint(fields=["tenant", "external_ref"], name="customer_external_ref",
                                               violation_error_message=_("这个编号已经有客户在用。"))]
        indexes = [models.Index(fields=["tenant", "type", "campus"], name="customer_type_campus"),
                   models.Index(fields=["tenant", "since", "id"], name="customer_since")]

    def __str__(self) -> str:
        return self.name


@tracked("address_sealed")
class Family(TenantModel):
    """家庭: the household of one or more children. A prospect is a family without an enrolment."""

    customer = TenantOneToOneField(Customer, related_name="family", verbose_name=_("客户"))
    address_sealed = models.BinaryField(null=True, editable=False)
    address = Sealed("address_sealed")
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("家庭")

    def __str__(self) -> str:
        return self.customer.name


class Relation(models.TextChoices):
    FATHER = "father", _("爸爸")
    MOTHER = "mother", _("妈妈")
    PATERNAL_GRANDFATHER = "grandpa_p", _("爷爷")
    PATERNAL_GRANDMOTHER = "grandma_p", _("奶奶")
    MATERNAL_GRANDFATHER = "grandpa_m", _("外公")
    MATERNAL_GRANDMOTHER = "grandma_m", _("外婆")
    SELF = "self", _("本人")
    OTHER = "other", _("其他监护人")


@tracked("phone_sealed", "phone_index")
class Guardian(Imported, TenantModel):
    """监护人. One phone may serve several people; decision maker, payer and pick-up person may differ."""

    family = TenantForeignKey(Family, models.CASCADE, related_name="guardians", verbose_name=_("家庭"))
    name = models.CharField(_("姓名"), max_length=40)
    relation = models.CharField(_("与孩子关系"), max_length=12, choices=Relation, default=Relation.OTHER)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.CharField(max_length=32, blank=True, editable=False)
    phone_tail = models.CharField(max_length=4, blank=True, editable=False)
    phone_mask = models.CharField(_("手机"), max_length=20, blank=True, editable=False)
    phone = Sealed("phone_sealed")
    wechat = models.CharField(_("微信昵称"), max_length=40, blank=True)
    occupation = models.CharField(_("职业"), max_length=40, blank=True)
    decides = models.BooleanField(_("决策人"), default=False)
    pays = models.BooleanField(_("付款人"), default=False)
    picks_up = models.BooleanField(_("接送人"), default=False)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("监护人")
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "phone_index"], name="guardian_phone")]

    def __str__(self) -> str:
        return self.name


class Sex(models.TextChoices):
    BOY = "m", _("男")
    GIRL = "f", _("女")


@tracked("health_sealed")
class Child(Imported, TenantModel):
    """孩子. Health notes are sealed; without a guardian's consent the record is kept minimal."""

    family = TenantForeignKey(Family, models.CASCADE, related_name="children", verbose_name=_("家庭"))
    name = models.CharField(_("姓名"), max_length=40)
    nickname = models.CharField(_("乳名"), max_length=20, blank=True)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True, validators=[born])
    health_sealed = models.BinaryField(null=True, editable=False)
    health = Sealed("health_sealed")

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("孩子")
        ordering = ["born_on", "id"]
        indexes = [models.Index(fields=["tenant", "name", "born_on"], name="child_name_born")]

    def __str__(self) -> str:
        return self.name

    def age_on(self, day: date) -> tuple[int, int] | None:
        """Completed years and months on a day (K4b)."""
        if self.born_on is None or self.born_on > day:
            return None
        months = (day.year - self.born_on.year) * 12 + day.month - self.born_on.month - (day.day < self.born_on.day)
        return divmod(months, 12)


@tracked("phone_sealed")
class Partner(TenantModel):
    """合作机构 (K2c)."""

    customer = TenantOneToOneField(Customer, related_name="partner", verbose_name=_("客户"))
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone = Sealed("phone_sealed")
    field = models.CharField(_("合作内容"), max_length=100, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("合作机构")

    def __str__(self) -> str:
        return self.customer.name


class Consent(TenantModel):
    """监护人同意: what a guardian answered to which version of the privacy notice; withdrawal ends it, the record stays."""

    family = TenantForeignKey(Family, models.CASCADE, related_name="consents", verbose_name=_("家庭"))
    guardian = TenantForeignKey(Guardian, models.SET_NULL, null=True, related_name="+", verbose_name=_("监护人"))
    notice_version = models.CharField(_("告知书版本"), max_length=20)
    granted = models.BooleanField(_("同意"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("监护人同意")
        ordering = ["-at"]
        indexes = [models.Index(fields=["tenant", "family"], condition=Q(withdrawn_at=None), name="consent_in_force")]

    def __str__(self) -> str:
        return f"{_('同意') if self.granted else _('不同意')} {self.notice_version}"


class ExtraField(TenantModel):
    """自定义资料项 (K4g, "等"): what else this school writes down about its customers."""

    class Kind(models.TextChoices):
        TEXT = "text", _("文字")
        DATE = "date", _("日期")
        CHOICE = "choice", _("选项")

    name = models.CharField(_("名称"), max_length=30)
    kind = models.CharField(_("怎么填"), max_length=6, choices=Kind, default=Kind.TEXT)
    choices = models.CharField(_("选项（用顿号隔开）"), max_length=200, blank=True)
    is_open = models.BooleanField(_("还在用"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("自定义资料项")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="extra_field_name",
                                               violation_error_message=_("已经有同名的资料项。"))]

    def __str__(self) -> str:
        return self.name

    def options(self) -> list[str]:
        return [option.strip() for option in self.choices.replace("，", "、").replace(",", "、").split("、") if option.strip()]


class ExtraValue(TenantModel):
    """What was written into one 自定义资料项 of one customer; sealed, since nobody knows beforehand how personal it is."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="extras")
    field = TenantForeignKey(ExtraField, related_name="+")
    value_sealed = models.BinaryField(null=True, editable=False)
    value = Sealed("value_sealed")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "customer", "field"], name="extra_value_once")]

"""部门 (C3, C5, C8–C11): who collects, analyses and puts right; a colleague's department follows from their role."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churn.models.cases import Area, ChurnCase
from crm.days import happened
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership
from tenancy.roles import Role


class Department(models.TextChoices):
    """部门"""

    MARKETING = "marketing", _("市场")
    TEACHING = "teaching", _("教学")
    SERVICE = "service", _("客服")
    ADMINISTRATION = "admin", _("行政")
    OPERATIONS = "operations", _("运营")


DEPARTMENT_OF = {
    Role.MARKETING: Department.MARKETING, Role.PLANNER: Department.MARKETING, Role.TEACHER: Department.TEACHING,
    Role.AGENT: Department.SERVICE, Role.RELATIONS: Department.SERVICE, Role.RECEPTION: Department.SERVICE,
    Role.FRONT_DESK: Department.SERVICE, Role.ADMINISTRATION: Department.ADMINISTRATION, Role.OPERATIONS: Department.OPERATIONS}

ANSWERS_FOR = {Area.MARKET: Department.MARKETING, Area.TEACHING: Department.TEACHING, Area.SERVICE: Department.SERVICE,
               Area.FACILITIES: Department.ADMINISTRATION}


def department_of(role: str) -> str:
    """Empty for the management, which belongs to none."""
    return str(DEPARTMENT_OF.get(Role(role), ""))


class Matter(models.TextChoices):
    """什么事 (C8–C11): what each department looks into, in the words of the rule; which ones are whose stands in ``MATTERS_OF``."""

    CHANNEL = "channel", _("推广渠道")
    CAMPAIGN = "campaign", _("营销活动")
    PREPARING = "preparing", _("备课")
    LESSON = "lesson", _("上课")
    FOLLOWING = "following", _("课后反馈")
    COURSE = "course", _("课程设置")
    ATTITUDE = "attitude", _("服务态度")
    EFFICIENCY = "efficiency", _("服务效率")
    PROCESS = "process", _("流程漏洞")
    ENVIRONMENT = "environment", _("环境")
    SAFETY = "safety", _("安全设施")
    NEED = "need", _("家长和孩子需要、还没有的设施")


MATTERS_OF = {
    Department.MARKETING: (Matter.CHANNEL, Matter.CAMPAIGN),
    Department.TEACHING: (Matter.PREPARING, Matter.LESSON, Matter.FOLLOWING, Matter.COURSE),
    Department.SERVICE: (Matter.ATTITUDE, Matter.EFFICIENCY, Matter.PROCESS),
    Department.ADMINISTRATION: (Matter.ENVIRONMENT, Matter.SAFETY, Matter.NEED)}
COLLECTORS = [(department.value, department.label) for department in MATTERS_OF]


class FindingQuerySet(TenantQuerySet):
    def open(self) -> "FindingQuerySet":
        return self.filter(settled_on=None)


class Finding(TenantModel):
    """部门发现的问题: what a department saw in its own work that drives families away, and what became of it (C8–C11)."""

    department = models.CharField(_("部门"), max_length=10, choices=COLLECTORS)
    matter = models.CharField(_("哪方面"), max_length=12, choices=Matter)
    on = models.DateField(_("哪天"), validators=[happened])
    campus = TenantForeignKey(Campus, null=True, blank=True, related_name="+", verbose_name=_("园所"))
    text = models.CharField(_("看到什么"), max_length=300)
    families = models.PositiveSmallIntegerField(_("牵涉几家"), null=True, blank=True)
    case = TenantForeignKey(ChurnCase, models.SET_NULL, null=True, blank=True, related_name="findings", verbose_name=_("流失个案"))
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁"))
    settled_on = models.DateField(_("哪天解决的"), null=True)
    settled = models.CharField(_("怎么解决的"), max_length=300, blank=True)
    settled_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁解决的"))

    objects = TenantManager.from_queryset(FindingQuerySet)()  # type: ignore[django-manager-missing]

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("部门发现的问题")
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(name="finding_settled", condition=Q(settled_on=None) | ~Q(settled=""))]
        indexes = [models.Index(fields=["tenant", "department", "on"], name="finding_department")]


class Confirmation(TenantModel):
    """数据确认 (C22a): a department says of a week that what it entered is true and complete."""

    department = models.CharField(_("部门"), max_length=10, choices=COLLECTORS)
    week_on = models.DateField(_("哪一周"))  # its Monday
    at = models.DateTimeField(_("时间"))
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("数据确认")
        ordering = ["-week_on", "department"]
        constraints = [models.UniqueConstraint(fields=["tenant", "department", "week_on"], name="confirmation_once"),
                       models.CheckConstraint(condition=Q(week_on__iso_week_day=1), name="confirmation_monday")]

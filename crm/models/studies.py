"""班级、报名、考勤、课时包: what a child attends and how."""
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.days import happened, planned
from crm.history import tracked
from crm.models.customers import Child, Customer
from crm.models.imports import Imported
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


class ClassGroup(Imported, TenantModel):
    """班级"""

    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    name = models.CharField(_("名称"), max_length=30)
    grade = models.CharField(_("年级"), max_length=20, blank=True)
    capacity = models.PositiveSmallIntegerField(_("额定人数"), null=True, blank=True)
    closed_on = models.DateField(_("结束日期"), null=True, blank=True, validators=[planned])
    teacher = TenantForeignKey(Membership, null=True, blank=True, related_name="+", verbose_name=_("班主任"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("班级")
        ordering = ["campus", "name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "campus", "name"], name="class_group_name",
                                               violation_error_message=_("这个园所已经有同名的班级。"))]

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    """How an enrolment ended; the first five are natural and never count as churn (B22)."""

    GRADUATED = "graduated", _("毕业")
    AGED_OUT = "aged_out", _("超龄")
    MOVED = "moved", _("搬迁")
    POLICY = "policy", _("政策原因")
    CAMPUS = "campus", _("转到其他园所")
    PROMOTED = "promoted", _("升班")
    TRANSFERRED = "transferred", _("转园")
    WITHDREW = "withdrew", _("退园")
    COMPLETED = "completed", _("结课未续")


NATURAL_OUTCOMES = (Outcome.GRADUATED, Outcome.AGED_OUT, Outcome.MOVED, Outcome.POLICY, Outcome.CAMPUS)
CHURN_OUTCOMES = (Outcome.TRANSFERRED, Outcome.WITHDREW, Outcome.COMPLETED)


class EnrolmentQuerySet(TenantQuerySet):
    def on(self, day: object) -> "EnrolmentQuerySet":
        """In force on a day; ``until_on`` is the last day of attendance."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day)


@tracked()
class Enrolment(Imported, TenantModel):
    """报名 / 在园: one child in one class from a day to a day."""

    child = TenantForeignKey(Child, models.CASCADE, related_name="enrolments", verbose_name=_("孩子"))
    campus = TenantForeignKey(Campus, related_name="+", verbose_name=_("园所"))
    class_group = TenantForeignKey(ClassGroup, null=True, blank=True, related_name="enrolments", verbose_name=_("班级"))
    from_on = models.DateField(_("入园日期"), validators=[planned])
    until_on = models.DateField(_("离园日期"), null=True, blank=True, validators=[planned])
    outcome = models.CharField(_("离园原因"), max_length=12, choices=Outcome, blank=True)

    objects = TenantManager.from_queryset(EnrolmentQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("报名")
        ordering = ["-from_on"]
        constraints = [models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="enrolment_span",
                                              violation_error_message=_("离园日期不能早于入园日期。"))]
        indexes = [models.Index(fields=["tenant", "child", "from_on"], name="enrolment_child")]

    def __str__(self) -> str:
        return f"{self.from_on} – {self.until_on or ''}"


class Attendance(Imported, TenantModel):
    """考勤: one child, one day."""

    class Status(models.TextChoices):
        PRESENT = "present", _("出勤")
        LEAVE = "leave", _("请假")
        ABSENT = "absent", _("缺勤")

    child = TenantForeignKey(Child, models.CASCADE, related_name="attendance", verbose_name=_("孩子"))
    day = models.DateField(_("日期"), validators=[happened])
    status = models.CharField(_("情况"), max_length=8, choices=Status)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("考勤")
        constraints = [models.UniqueConstraint(fields=["tenant", "child", "day"], name="attendance_day",
                                               violation_error_message=_("这一天已经登记过考勤。"))]


@tracked()
class LessonPackage(Imported, TenantModel):
    """课时包: lessons bought, given and left."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="packages", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.CASCADE, null=True, blank=True, related_name="packages", verbose_name=_("孩子"))
    course = models.CharField(_("课程"), max_length=60)
    bought_on = models.DateField(_("购买日期"), validators=[happened])
    bought = models.PositiveIntegerField(_("购买课时"))
    gifted = models.PositiveIntegerField(_("赠送课时"), default=0)
    used = models.PositiveIntegerField(_("已上课时"), default=0)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("课时包")
        constraints = [models.CheckConstraint(condition=Q(used__lte=F("bought") + F("gifted")), name="lessons_not_overdrawn",
                                              violation_error_message=_("已上课时不能多于购买和赠送之和。"))]

    def __str__(self) -> str:
        return _now("%(course)s，剩 %(left)s 课时") % {"course": self.course, "left": self.left}

    @property
    def left(self) -> int:
        return self.bought + self.gifted - self.used

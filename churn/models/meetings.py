"""每周例会: who came, what was said to each item, and for how long (SPEC C3, C4, C12, B16)."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churn.models.cases import ChurnCase
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership


class Item(models.TextChoices):
    """议程: five items in this order."""

    DECIDED = "decided", _("上次决定")
    CASES = "cases", _("新流失个案")
    CAUSES = "causes", _("主因与金额")
    EFFECTS = "effects", _("措施有没有用")
    DECISIONS = "decisions", _("新决定")


class MeetingQuerySet(TenantQuerySet):
    def open(self) -> "MeetingQuerySet":
        return self.filter(ended_at=None)


class Meeting(TenantModel):  # type: ignore[django-manager-missing]
    """一次例会: one a week for the school; ``spent`` holds the seconds of each item that is over."""

    week_on = models.DateField(_("哪一周"))  # its Monday
    host = TenantForeignKey(Membership, related_name="+", verbose_name=_("主持"))
    opened_at = models.DateTimeField(_("开始"))
    item = models.CharField(_("正在议"), max_length=10, choices=Item, default=Item.DECIDED)
    item_at = models.DateTimeField(_("从什么时候起"))
    spent = models.JSONField(default=dict)
    ended_at = models.DateTimeField(_("结束"), null=True)
    figures = models.JSONField(default=dict)  # what the agenda said when it ended, so that minutes stay as they were
    summary = models.CharField(_("小结"), max_length=500, blank=True)

    objects = TenantManager.from_queryset(MeetingQuerySet)()  # type: ignore[django-manager-missing]

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("流失例会")
        ordering = ["-week_on"]
        constraints = [models.UniqueConstraint(fields=["tenant", "week_on"], name="meeting_one_a_week"),
                       models.CheckConstraint(condition=Q(week_on__iso_week_day=1), name="meeting_monday")]

    def __str__(self) -> str:
        return f"{self.week_on}"


class MeetingPresence(TenantModel):
    """到会"""

    class State(models.TextChoices):
        HERE = "here", _("到了")
        EXCUSED = "excused", _("请假")
        MISSING = "missing", _("没到")

    meeting = TenantForeignKey(Meeting, models.CASCADE, related_name="presences", verbose_name=_("例会"))
    member = TenantForeignKey(Membership, models.CASCADE, related_name="+", verbose_name=_("谁"))
    state = models.CharField(_("到会"), max_length=8, choices=State)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("到会")
        constraints = [models.UniqueConstraint(fields=["tenant", "meeting", "member"], name="meeting_presence_once")]


class MeetingNote(TenantModel):
    """记录: one line of the minutes, to an item and to a case where it is about one."""

    meeting = TenantForeignKey(Meeting, models.CASCADE, related_name="notes", verbose_name=_("例会"))
    item = models.CharField(_("议程"), max_length=10, choices=Item)
    case = TenantForeignKey(ChurnCase, models.SET_NULL, null=True, related_name="meeting_notes", verbose_name=_("个案"))
    text = models.CharField(_("说了什么"), max_length=500)
    at = models.DateTimeField(_("时间"))
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁记的"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("会议记录")
        ordering = ["id"]

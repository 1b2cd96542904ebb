"""改进项 (R34): a weak point that somebody puts right by a day, with what came of it."""
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.surveys import Survey, Topic
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Campus, Membership


class ImprovementQuerySet(TenantQuerySet):
    def open(self) -> "ImprovementQuerySet":
        return self.filter(state=Improvement.State.OPEN)

    def overdue(self, day: date) -> "ImprovementQuerySet":
        """Open and past their day."""
        return self.open().filter(due_on__lt=day)


class Improvement(TenantModel):
    """改进项. ``level`` is how the question stood when it was opened: 0 to 100 of its scale, from so many answers."""

    class State(models.TextChoices):
        OPEN = "open", _("改进中")
        DONE = "done", _("改好了")
        DROPPED = "dropped", _("不改了")

    title = models.CharField(_("改什么"), max_length=60)
    why = models.CharField(_("为什么"), max_length=300, blank=True)
    topic = models.CharField(_("方面"), max_length=14, choices=Topic, default=Topic.OTHER)
    campus = TenantForeignKey(Campus, null=True, blank=True, related_name="+", verbose_name=_("园所"))
    survey = TenantForeignKey(Survey, models.SET_NULL, null=True, editable=False, related_name="+")
    line = models.PositiveIntegerField(null=True, editable=False)
    level = models.PositiveSmallIntegerField(null=True, editable=False)
    answers = models.PositiveIntegerField(default=0, editable=False)
    owner = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁来改"))
    due_on = models.DateField(_("最晚哪天"))
    opened_on = models.DateField(_("提出日期"))
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁提的"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    result = models.CharField(_("改了什么"), max_length=300, blank=True)
    closed_on = models.DateField(_("了结日期"), null=True)

    objects = TenantManager.from_queryset(ImprovementQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("改进项")
        ordering = ["due_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(state="open", closed_on=None) | ~Q(state="open") & ~Q(closed_on=None),
                                              name="improvement_closed")]
        indexes = [models.Index(fields=["tenant", "state", "due_on"], name="improvement_due")]

    def __str__(self) -> str:
        return self.title

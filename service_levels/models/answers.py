"""常见问题 and 答复模板: what families ask again and again, and the words in which they are answered (S14)."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Concern
from service_levels.models.requests import ServiceRequest
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership


class FaqQuerySet(TenantQuerySet):
    def published(self) -> "FaqQuerySet":
        return self.filter(is_on=True)


class Faq(TenantModel):
    """常见问题: a question that families ask, with its answer. ``words``: what else people call it, so that it is found."""

    question = models.CharField(_("问题"), max_length=80)
    answer = models.TextField(_("回答"), max_length=1000)
    words = models.CharField(_("还会怎么说"), max_length=120, blank=True)
    about = models.CharField(_("关于什么"), max_length=10, choices=Concern.About, default=Concern.About.SERVICE)
    is_on = models.BooleanField(_("家长看得到"), default=True)
    edited_at = models.DateTimeField(_("改的时间"))
    edited_by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁改的"))

    objects = TenantManager.from_queryset(FaqQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("常见问题")
        ordering = ["about", "question"]
        constraints = [models.UniqueConstraint(fields=["tenant", "question"], name="faq_question",
                                               violation_error_message=_("已经有这个问题了。"))]

    def __str__(self) -> str:
        return self.question


class FaqDay(TenantModel):
    """一天里一条常见问题: how often it was shown to somebody who was about to write, how often it was all they needed."""

    linked = False

    faq = TenantForeignKey(Faq, models.CASCADE, related_name="days", verbose_name=_("常见问题"))
    day = models.DateField(_("哪天"))
    shown = models.PositiveIntegerField(_("给人看了几次"), default=0)
    helped = models.PositiveIntegerField(_("解决了几次"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("常见问题的一天")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["tenant", "faq", "day"], name="faq_day_once")]

    def __str__(self) -> str:
        return f"{self.faq_id} {self.day}"


class AnswerTemplate(TenantModel):
    """答复模板: words to begin an answer with; blanks in braces are filled from the request."""

    name = models.CharField(_("名称"), max_length=30)
    text = models.TextField(_("内容"), max_length=1000)
    kind = models.CharField(_("用在哪一类"), max_length=10, choices=ServiceRequest.Kind, blank=True)  # nothing: in all

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("答复模板")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="answer_template_name",
                                               violation_error_message=_("已经有同名的模板。")),
                       models.CheckConstraint(condition=~Q(text=""), name="answer_template_says_something")]

    def __str__(self) -> str:
        return self.name

"""推荐: what can be recommended and to whom it suits, and each time that it was (K23)."""
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.days import happened
from crm.models import Child, Customer
from tenancy.base import TenantManager, TenantModel, TenantQuerySet
from tenancy.fields import TenantForeignKey
from tenancy.models import Membership

OLDEST = 18 * 12


class CourseOffer(TenantModel):
    """推荐的服务: a value-added service or a special course, and for which age it is."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("增值服务")
        COURSE = "course", _("特色课程")

    kind = models.CharField(_("哪一类"), max_length=7, choices=Kind, default=Kind.COURSE)
    name = models.CharField(_("叫什么"), max_length=40)
    says = models.CharField(_("怎么跟家长说"), max_length=300)
    from_months = models.PositiveSmallIntegerField(_("从几个月大"), default=0, validators=[MaxValueValidator(OLDEST)])
    until_months = models.PositiveSmallIntegerField(_("到几个月大"), default=OLDEST,
                                                    validators=[MinValueValidator(1), MaxValueValidator(OLDEST)])
    here_days = models.PositiveSmallIntegerField(_("入园满多少天"), default=60, validators=[MaxValueValidator(2000)])
    is_on = models.BooleanField(_("现在推荐"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("推荐的服务")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="course_offer_name",
                                               violation_error_message=_("已经有同名的了。")),
                       models.CheckConstraint(condition=Q(until_months__gt=F("from_months")), name="course_offer_ages",
                                              violation_error_message=_("到几个月大，要比从几个月大大。"))]

    def __str__(self) -> str:
        return self.name


class RecommendationQuerySet(TenantQuerySet):
    def waiting(self) -> "RecommendationQuerySet":
        return self.filter(answer="")


class Recommendation(TenantModel):  # type: ignore[django-manager-missing]
    """推荐了一次: to the family of one child, and what it said."""

    class Answer(models.TextChoices):
        WAITING = "", _("家长在考虑")
        ACCEPTED = "accepted", _("要了")
        DECLINED = "declined", _("不要")

    linked = False

    offer = TenantForeignKey(CourseOffer, models.CASCADE, related_name="recommendations", verbose_name=_("推荐的服务"))
    customer = TenantForeignKey(Customer, models.CASCADE, related_name="recommendations", verbose_name=_("客户"))
    child = TenantForeignKey(Child, models.CASCADE, related_name="+", verbose_name=_("孩子"))
    on = models.DateField(_("哪天推荐的"), validators=[happened])
    by = TenantForeignKey(Membership, related_name="+", verbose_name=_("谁推荐的"))
    answer = models.CharField(_("家长怎么说"), max_length=8, choices=Answer, blank=True, default=Answer.WAITING)
    words = models.CharField(_("原话"), max_length=200, blank=True)
    answered_on = models.DateField(_("哪天答的"), null=True)

    objects = TenantManager.from_queryset(RecommendationQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("推荐")
        ordering = ["-on", "-id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "offer", "child"], condition=Q(answer=""),
                                               name="recommendation_waits_once"),
                       models.CheckConstraint(condition=Q(answer="", answered_on=None) | ~Q(answer="") & Q(answered_on__isnull=False),
                                              name="recommendation_answered")]
        indexes = [models.Index(fields=["tenant", "offer", "answer"], name="recommendation_offer"),
                   models.Index(fields=["tenant", "customer", "-on"], name="recommendation_customer"),
                   models.Index(fields=["tenant", "child", "offer", "-on"], name="recommendation_child")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.on}"

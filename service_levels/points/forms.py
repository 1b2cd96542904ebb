"""What is typed about 积分: a prize that is handed over, points for what no rule counts, the rule, a prize."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import RowForm, SchoolForm
from service_levels.models import PointsRules, Prize
from service_levels.points.booking import MOST


class GiveForm(SchoolForm):
    points = forms.IntegerField(label=_("几分，减就写负数"), min_value=-MOST, max_value=MOST)
    words = forms.CharField(label=_("为什么"), max_length=100)


class PointsRulesForm(RowForm):
    class Meta:
        model = PointsRules
        fields = ["an_event", "months", "since"]
        help_texts = {"since": _("这天以后参加的活动才有积分，每天夜里自动加上。")}


class PrizeForm(RowForm):
    class Meta:
        model = Prize
        fields = ["name", "points", "stock", "is_on"]
        help_texts = {"stock": _("空着就是不限。换一份自动少一份。")}

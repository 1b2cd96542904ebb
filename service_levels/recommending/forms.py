"""What is typed about 推荐: a service, and what a family said."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import RowForm, SchoolForm
from service_levels.models import CourseOffer, Recommendation
from service_levels.recommending.working import Word


class OfferForm(RowForm):
    class Meta:
        model = CourseOffer
        fields = ["kind", "name", "says", "from_months", "until_months", "here_days", "is_on"]
        widgets = {"says": forms.Textarea(attrs={"rows": 3, "class": "mp-input"})}
        help_texts = {"says": _("对孩子有什么好处，一两句；推荐的时候照着说。"), "here_days": _("刚来的家庭先熟悉，不急着推荐。")}


class AnswerForm(SchoolForm):
    answer = forms.ChoiceField(label=_("家长怎么说"), choices=[choice for choice in Recommendation.Answer.choices if choice[0]])
    words = forms.CharField(label=_("原话"), max_length=200, required=False)

    def word(self) -> Word:
        return Word(self.cleaned_data["answer"], self.cleaned_data["words"])

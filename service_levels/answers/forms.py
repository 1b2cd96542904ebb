"""What is typed about 常见问题 and 答复模板."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import RowForm
from service_levels.models import AnswerTemplate, Faq


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "mp-input"})


class FaqForm(RowForm):
    class Meta:
        model = Faq
        fields = ["question", "answer", "words", "about", "is_on"]
        widgets = {"answer": _text(5)}
        help_texts = {"words": _("家长可能用的别的说法，用逗号隔开，例如：退餐费，伙食费"), "question": _("用家长的话问，一句话")}


class TemplateForm(RowForm):
    class Meta:
        model = AnswerTemplate
        fields = ["name", "kind", "text"]
        widgets = {"text": _text(5)}
        help_texts = {"text": _("可以用 {家长} {编号} {机构} {我}，用的时候自动换成真的。")}

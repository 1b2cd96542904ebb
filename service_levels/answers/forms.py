"""What is typed about 常见问题 and 答复模板."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import SchoolForm
from service_levels.models import AnswerTemplate, Faq
from tenancy.site import SchoolForm as ModelForm


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "mp-input"})


class _RowForm(SchoolForm, ModelForm):
    def row(self) -> Any:
        """The row as it was typed; the verb that keeps it writes it."""
        return self.save(commit=False)


class FaqForm(_RowForm):
    class Meta:
        model = Faq
        fields = ["question", "answer", "words", "about", "is_on"]
        widgets = {"answer": _text(5)}
        help_texts = {"words": _("家长可能用的别的说法，用逗号隔开，例如：退餐费，伙食费"), "question": _("用家长的话问，一句话")}


class TemplateForm(_RowForm):
    class Meta:
        model = AnswerTemplate
        fields = ["name", "kind", "text"]
        widgets = {"text": _text(5)}
        help_texts = {"text": _("可以用 {家长} {编号} {机构} {我}，用的时候自动换成真的。")}

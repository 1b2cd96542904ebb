"""What is typed for surveys: the answers, a questionnaire's settings and its questions, to whom it is sent."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import SchoolForm, campus_field
from crm.models import Channel, ClassGroup, Occasion, Question, QuestionKind, SurveyVersion, Topic
from crm.surveys.asking import Given
from crm.surveys.results import SCALES
from crm.surveys.writing import MOST, Asked

ANSWER = _("请回答这一题。")
BY_VOICE = [(Channel.PHONE.value, Channel.PHONE.label), (Channel.FACE.value, Channel.FACE.label)]


class AnswerForm(forms.Form):
    """The questions of one version, answered by a parent."""

    use_required_attribute = False  # what is missing is said by us, at its question, in the parent's language

    def __init__(self, *args: Any, version: SurveyVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(version.questions.all())
        for question in self.questions:
            self.fields[f"q{question.pk}"] = _field(question)

    @property
    def asked(self) -> list[tuple[Question, Any]]:
        return [(question, self[f"q{question.pk}"]) for question in self.questions]

    def given(self) -> dict[int, Given]:
        return {question.pk: _given(question, self.cleaned_data.get(f"q{question.pk}")) for question in self.questions}

    refuse = SchoolForm.refuse


class CallBackForm(AnswerForm):
    """The same questions, asked by a colleague."""

    channel = forms.ChoiceField(label=_("怎么问的"), choices=BY_VOICE, initial=Channel.PHONE.value, widget=forms.RadioSelect)


def _field(question: Question) -> forms.Field:
    common: dict[str, Any] = {"label": question.text, "required": question.is_required, "error_messages": {"required": ANSWER}}
    if question.kind in SCALES:
        numbers = [(number, str(number)) for number in SCALES[question.kind]]
        return forms.TypedChoiceField(choices=numbers, coerce=int, empty_value=None, widget=forms.RadioSelect, **common)
    places = [(place, option) for place, option in enumerate(question.options)]
    if question.kind == QuestionKind.ONE:
        return forms.TypedChoiceField(choices=places, coerce=int, empty_value=None, widget=forms.RadioSelect, **common)
    if question.kind == QuestionKind.SEVERAL:
        return forms.TypedMultipleChoiceField(choices=places, coerce=int, widget=forms.CheckboxSelectMultiple, **common)
    return forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}), **common)


def _given(question: Question, value: Any) -> Given:
    if value in (None, "", []):
        return Given()
    if question.kind in SCALES:
        return Given(number=value)
    if question.kind == QuestionKind.TEXT:
        return Given(words=value.strip())
    return Given(chosen=tuple(value) if isinstance(value, list) else (value,))


class SurveyForm(SchoolForm):
    """A questionnaire's name and when it is asked."""

    name = forms.CharField(label=_("名称"), max_length=30)
    occasion = forms.ChoiceField(label=_("什么时候问"), choices=Occasion.choices, initial=Occasion.VISIT)
    after_days = forms.IntegerField(label=_("过几天发"), min_value=0, max_value=366, initial=0, required=False,
                                    help_text=_("0 是当天；自己发的不用填。"))

    def clean_after_days(self) -> int:
        return self.cleaned_data.get("after_days") or 0


class SheetForm(SchoolForm):
    """What stands before the questions and after them."""

    greeting = forms.CharField(label=_("开头的话"), max_length=200, required=False)
    thanks = forms.CharField(label=_("答完以后的话"), max_length=200, required=False)


class QuestionForm(SchoolForm):
    """One question of the draft. An empty text leaves the row out."""

    line = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("问什么"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("怎么答"), choices=QuestionKind.choices, initial=QuestionKind.FIVE)
    topic = forms.ChoiceField(label=_("方面"), choices=Topic.choices, initial=Topic.OTHER)
    options = forms.CharField(label=_("选项，用顿号隔开"), max_length=300, required=False)
    low = forms.CharField(label=_("最低分表示"), max_length=12, required=False)
    high = forms.CharField(label=_("最高分表示"), max_length=12, required=False)
    is_required = forms.BooleanField(label=_("必答"), required=False)
    is_overall = forms.BooleanField(label=_("总体满意度"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("is_overall") and told.get("kind") != QuestionKind.FIVE:
            self.add_error("is_overall", _("总体满意度要用 1 到 5 分。"))
        return told

    def asked(self) -> Asked:
        told = self.cleaned_data
        options = tuple(part for part in told["options"].replace("，", "、").replace(",", "、").split("、") if part.strip())
        return Asked(told["text"], told["kind"], told["topic"], told["line"] or 0, options, told["low"], told["high"],
                     told["is_required"], told["is_overall"])


class QuestionRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The questions in the order the page numbers them."""

    def asked(self) -> list[Asked]:
        return [form.asked() for form in self.ordered_forms if form.cleaned_data.get("text", "").strip()]


QuestionFormSet = forms.formset_factory(QuestionForm, formset=QuestionRows, extra=2, can_order=True, can_delete=True, max_num=MOST + 10,
                                        absolute_max=MOST + 30)


def rows_of(version: SurveyVersion | None) -> list[dict[str, Any]]:
    """The questions of a version as the page's rows."""
    return [{"line": one.line, "text": one.text, "kind": one.kind, "topic": one.topic, "options": "、".join(one.options), "low": one.low,
             "high": one.high, "is_required": one.is_required, "is_overall": one.is_overall}
            for one in (version.questions.all() if version else ())]


class SendForm(SchoolForm):
    """发给谁: the families of a campus with a child enrolled, or of one class."""

    campus = campus_field()
    class_group = forms.ModelChoiceField(ClassGroup.objects.none(), label=_("班级"), required=False)

    def __init__(self, *args: Any, campuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = campuses
        self.fields["class_group"].queryset = ClassGroup.objects.filter(closed_on=None, campus__in=campuses)
        self.fields["class_group"].empty_label = _("全园")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        group = told.get("class_group")
        if group is not None and told.get("campus") and group.campus_id != told["campus"].pk:
            self.add_error("class_group", _("这个班不在选的园所。"))
        return told

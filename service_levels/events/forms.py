"""What is typed about 活动: the event, an item of its list, an answer, a part, a look back, an interest."""
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.days import planned
from crm.forms import RowForm, SchoolForm, yuan_field
from service_levels.events.inviting import Reply
from service_levels.models import Event, EventTask, Interest, Invitation
from service_levels.models.events import DEAREST, MOST_PEOPLE
from tenancy.models import Membership


class EventForm(RowForm):
    """One day, from when until when, at the campus's time. ``plans`` are those in force; none chosen means all families."""

    field_order = ["kind", "title", "about", "campus", "place", "on", "starts", "ends", "seats", "plans", "interest", "priority_days"]
    on = forms.DateField(label=_("哪天"), validators=[planned])
    starts = forms.TimeField(label=_("几点开始"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    ends = forms.TimeField(label=_("几点结束"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    plans = forms.MultipleChoiceField(label=_("为哪些方案的家庭"), required=False, widget=forms.CheckboxSelectMultiple,
                                      help_text=_("都不选就是所有家庭。家长看不到这一项。"))

    class Meta:
        model = Event
        fields = ["kind", "title", "about", "campus", "place", "seats", "plans", "interest", "priority_days"]
        widgets = {"about": forms.Textarea(attrs={"rows": 4, "class": "mp-input"})}
        help_texts = {"about": _("写给家长看：内容、意义、怎么参加。"), "seats": _("空着就是不限；满了自动候补。"),
                      "campus": _("不选就是全机构。"), "interest": _("有这项兴趣的家庭排在前面。"),
                      "priority_days": _("方案里写了优先的家庭先收到，其余的晚几天。")}

    def __init__(self, *args: Any, campuses: Any, plans: dict[str, str], is_free: bool, **kwargs: Any) -> None:
        """``is_free``: whoever types works for every campus and may plan for the whole school."""
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = campuses
        self.fields["campus"].required = not is_free
        self.fields["plans"].choices = list(plans.items())
        if self.instance.pk:
            here = timezone.localtime(self.instance.starts_at)
            self.initial.update(on=here.date(), starts=here.time(), ends=timezone.localtime(self.instance.ends_at).time())

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        on, starts, ends = (typed.get(name) for name in ("on", "starts", "ends"))
        if on and starts and ends:
            if ends <= starts:
                self.add_error("ends", _("结束要晚于开始。"))
            self.instance.starts_at = timezone.make_aware(datetime.combine(on, starts))
            self.instance.ends_at = timezone.make_aware(datetime.combine(on, ends))
        return typed


class TaskForm(RowForm):
    fen = yuan_field(_("花多少（元）"), required=False)

    class Meta:
        model = EventTask
        fields = ["kind", "what", "member", "due_on", "fen"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = Membership.objects.filter(is_active=True).order_by("name")
        self.fields["member"].empty_label = _("策划的人自己")
        if self.instance.pk and self.instance.fen:
            self.initial["fen"] = f"{self.instance.fen / 100:.2f}"

    def clean_fen(self) -> int:
        fen = self.cleaned_data["fen"] or 0
        if not 0 <= fen <= DEAREST:
            raise forms.ValidationError(_("金额太大了，看看是不是多打了零。"))
        return int(fen)


class ReplyForm(SchoolForm):
    answer = forms.ChoiceField(label=_("来不来"), choices=[(Invitation.Answer.YES, _("来")), (Invitation.Answer.NO, _("不来"))],
                               error_messages={"required": _("请选来还是不来。")})
    people = forms.IntegerField(label=_("几个人来"), min_value=1, max_value=MOST_PEOPLE, initial=2, required=False)
    words = forms.CharField(label=_("想说的"), max_length=200, required=False)

    def reply(self) -> Reply:
        typed = self.cleaned_data
        return Reply(typed["answer"], typed["people"] or 2, typed["words"])


class PartForm(SchoolForm):
    part = forms.ChoiceField(label=_("请来做什么"), choices=Invitation.Part.choices, required=False)
    topic = forms.CharField(label=_("讲什么，做什么"), max_length=60, required=False)


class CancelForm(SchoolForm):
    why = forms.CharField(label=_("为什么取消"), max_length=200, help_text=_("家长会收到“取消了”的消息；原因同事看。"))


class CloseForm(SchoolForm):
    effect = forms.CharField(label=_("效果怎么样"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    lessons = forms.CharField(label=_("下次怎么做"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
                              help_text=_("下次办同一类活动，这段话会显示在最前面。"))


class InterestForm(SchoolForm):
    name = forms.CharField(label=_("兴趣或需要"), max_length=20)


class FamilyInterestsForm(SchoolForm):
    interests: Any = forms.ModelMultipleChoiceField(None, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["interests"].queryset = Interest.objects.all()

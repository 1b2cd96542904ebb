"""What is typed about the team: a profile, the rules, a leave, a training plan, a training that was held."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.days import happened, planned
from crm.forms import RowForm, SchoolForm
from service_levels.models import Leave, StaffProfile, StaffRules, TrainingPlan
from service_levels.models.team import Skill
from service_levels.team.training import Held
from tenancy.models import Membership
from tenancy.roles import Role

MANAGERS_ONLY = ("is_senior", "minutes_week")


def in_work() -> Any:
    return Membership.objects.filter(is_active=True).order_by("name")


class ProfileForm(RowForm):
    skills = forms.MultipleChoiceField(label=_("擅长"), choices=Skill.choices, required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = StaffProfile
        fields = ["title", "started_on", "is_senior", "education", "background", "skills", "languages", "minutes_week"]
        help_texts = {"title": _("园里怎么叫这个岗位，可以不写。"), "languages": _("普通话、方言、外语，用顿号隔开。"),
                      "minutes_week": _("空着按规则算；写 0 就是不带家庭。"), "is_senior": _("年头不够也算有经验。")}

    def __init__(self, *args: Any, manages: bool, **kwargs: Any) -> None:
        """``manages``: whoever types manages the members, and so says who is senior and how many minutes there are."""
        super().__init__(*args, **kwargs)
        for name in () if manages else MANAGERS_ONLY:
            del self.fields[name]


class StaffRulesForm(RowForm):
    class Meta:
        model = StaffRules
        fields = ["years", "minutes_week"]
        help_texts = {"minutes_week": _("十五小时写 900。哪个同事不一样，在档案里单独写。")}


class LeaveForm(RowForm):
    from_on = forms.DateField(label=_("从哪天"), validators=[planned])
    until_on = forms.DateField(label=_("到哪天"), validators=[planned])

    class Meta:
        model = Leave
        fields = ["from_on", "until_on", "cover"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cover"].queryset = in_work().exclude(pk=self.instance.member_id)


class TrainingPlanForm(RowForm):
    roles = forms.MultipleChoiceField(label=_("谁要练"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple,
                                      help_text=_("都不选就是所有人。"))

    class Meta:
        model = TrainingPlan
        fields = ["about", "subject", "every_months", "roles", "is_on"]


class HeldForm(SchoolForm):
    on = forms.DateField(label=_("日期"), validators=[happened])
    trainer: Any = forms.ModelChoiceField(None, label=_("谁带的"))
    notes = forms.CharField(label=_("要点"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    members: Any = forms.ModelMultipleChoiceField(None, label=_("谁参加了"), widget=forms.CheckboxSelectMultiple,
                                                  error_messages={"required": _("请勾上参加的同事。")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trainer"].queryset = self.fields["members"].queryset = in_work()

    def held(self) -> Held:
        typed = self.cleaned_data
        return Held(typed["on"], typed["trainer"], typed["members"], typed["notes"])


class AssignForm(SchoolForm):
    to: Any = forms.ModelChoiceField(None, label=_("交给谁"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = in_work()

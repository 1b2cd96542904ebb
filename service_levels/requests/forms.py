"""What is typed about requests."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churn.models.departments import Department
from crm.access import customers
from crm.forms import RowForm, SchoolForm, phone_field
from crm.models import Channel, Concern
from crm.queries import search
from service_levels.models import ClockRules, ServiceRequest
from service_levels.requests.working import Wish
from tenancy.models import Membership

WAYS = [(one.value, one.label) for one in (Channel.PHONE, Channel.FACE, Channel.WECHAT, Channel.ONLINE, Channel.OTHER)]
ANSWERS = [*((one.value, one.label) for one in (Channel.PHONE, Channel.WECHAT, Channel.FACE, Channel.SMS)),
           (Channel.ONLINE.value, _("写在家长的查询页上"))]
SCORES = [("", _("没有问")), *((str(n), str(n)) for n in range(5, 0, -1))]


def words(label: Any, most: int = 2000, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows, "class": "mp-input"}), **more)


class WishForm(SchoolForm):
    """A new request; of a family that is known, or of whoever calls."""

    kind = forms.ChoiceField(label=_("哪一类"), choices=ServiceRequest.Kind.choices)
    channel = forms.ChoiceField(label=_("从哪里来"), choices=WAYS)
    about = forms.ChoiceField(label=_("关于什么"), choices=[("", "—"), *Concern.About.choices], required=False)
    campus: Any = forms.ModelChoiceField(None, label=_("哪个园所"), required=False, empty_label=_("不限"))
    text = words(_("什么事"))
    caller = forms.CharField(label=_("怎么称呼"), max_length=40, required=False)
    phone = phone_field(_("手机"), required=False)

    def __init__(self, *args: Any, campuses: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = campuses
        for name in ("campus", "caller", "phone") if known else ():
            del self.fields[name]

    def wish(self) -> Wish:
        return Wish(**self.cleaned_data)


class ReplyForm(SchoolForm):
    text = words(_("怎么答复的"), help_text=_("写在查询页上的，家长一字不差地看到；别的方式只看到您联系过。"))
    channel = forms.ChoiceField(label=_("怎么联系的"), choices=ANSWERS)


class HeardForm(SchoolForm):
    text = words(_("家长说了什么"), rows=2)
    channel = forms.ChoiceField(label=_("从哪里来"), choices=WAYS)


class NoteForm(SchoolForm):
    text = words(_("写给同事"), rows=2)


class PauseForm(SchoolForm):
    why = forms.CharField(label=_("在等什么"), max_length=80)


class HandForm(SchoolForm):
    department = forms.ChoiceField(label=_("转给哪个部门"), choices=[("", "—"), *Department.choices], required=False)
    to = forms.ModelChoiceField(Membership.objects.none(), label=_("转给哪位同事"), required=False)
    text = forms.CharField(label=_("交代一句"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Membership.objects.filter(is_active=True).order_by("name")


class ResolveForm(SchoolForm):
    result = words(_("怎么处理的，能讲给家长听"))
    told = forms.BooleanField(label=_("发消息请家长看结果、打分"), required=False, initial=True)


class ReopenForm(SchoolForm):
    why = forms.CharField(label=_("为什么重开"), max_length=200)


class KnownForm(SchoolForm):
    """Whose request it is, by name, number or telephone; cleaned, ``customer`` is the one that is meant."""

    who = forms.CharField(label=_("姓名、手机或客户编号"), max_length=40)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("who"):
            found = list(search(customers(self.member), typed["who"]).order_by("pk")[:4])
            if len(found) == 1:
                return {"customer": found[0]}
            names = "、".join(f"{one.name} {one.external_ref}" for one in found[:3])
            self.add_error("who", _("有几家都像：%(names)s。写全一点，或写客户编号。") % {"names": names} if found
                           else _("没有找到，换个写法；还没建档的先登记家庭。"))
        return {}


class ConfirmForm(SchoolForm):
    score = forms.ChoiceField(label=_("家长打几分（5 最满意）"), choices=SCORES, required=False)
    text = forms.CharField(label=_("家长怎么说"), max_length=500, required=False)

    def clean_score(self) -> int | None:
        return int(self.cleaned_data["score"]) if self.cleaned_data["score"] else None


class ClockRulesForm(RowForm):
    class Meta:
        model = ClockRules
        fields = ["warn", "first_to", "second_after", "second_to", "third_after", "third_to"]
        help_texts = {"second_after": _("60 是一个工作小时；不填，就没有第二次、第三次"),
                      "third_after": _("从逾期算起，比第二次晚；不填，就没有第三次")}

"""What a parent types: what it is about, who they are, one thing more, how content they are."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.concerns.forms import WhereForm
from crm.forms import SchoolForm, phone_field
from crm.models import Channel, Concern
from service_levels.events.inviting import Reply
from service_levels.models import Invitation, ServiceRequest
from service_levels.models.events import MOST_PEOPLE
from service_levels.requests.files import ACCEPTS, File, checked
from service_levels.requests.working import Wish
from tenancy.refusals import Refused

Kind = ServiceRequest.Kind
ASKS = [(Kind.ENQUIRY, _("想问一件事")), (Kind.SERVICE, _("请园里办一件事")), (Kind.COMPLAINT, _("不满意，要投诉")),
        (Kind.SUGGESTION, _("提个意见")), (Kind.REFUND, _("想退费")), (Kind.DISPUTE, _("说法不一样，要弄清楚"))]
SCORES = [("5", _("很满意")), ("4", _("满意")), ("3", _("一般")), ("2", _("不满意")), ("1", _("很不满意"))]
LONGEST_KEY = 43


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files, each of which may be kept; cleaned, they are ``File``s."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> tuple[File, ...]:
        uploads = [super(FilesField, self).clean(one, initial) for one in data or []]
        try:
            return checked(uploads)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None


def _files() -> FilesField:
    return FilesField(label=_("照片或 PDF"), required=False, allow_empty_file=True, widget=_Files(attrs={"accept": ACCEPTS}))


def _said(label: Any, rows: int = 5, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows, "class": "input"}), **more)


class _ParentsForm(SchoolForm):
    """In the look of parents' pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.RadioSelect):
                field.widget.attrs["class"] = "input"


class WhatForm(_ParentsForm):
    """第一步: what kind of thing it is, and what."""

    kind = forms.ChoiceField(label=_("是什么事"), choices=ASKS, widget=forms.RadioSelect, error_messages={"required": _("请选是什么事。")})
    text = _said(_("说说看"), error_messages={"required": _("请写几句，是什么事。")})


class FeedbackForm(_ParentsForm, WhereForm):
    """第二步: the rest of it. Only whoever leaves a suggestion need not say how to be reached."""

    kind = forms.ChoiceField(choices=ASKS, widget=forms.HiddenInput)
    sent_key = forms.CharField(max_length=LONGEST_KEY, min_length=16, widget=forms.HiddenInput)
    text = _said(_("什么事"), error_messages={"required": _("请写几句，是什么事。")})
    files: Any = _files()
    about = forms.ChoiceField(label=_("关于什么"), choices=[("", _("不好说")), *Concern.About.choices], required=False)
    caller = forms.CharField(label=_("怎么称呼您"), max_length=40, required=False)
    phone = phone_field(_("手机"), required=False)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("kind") and typed["kind"] != Kind.SUGGESTION and "phone" not in self.errors and not typed.get("phone"):
            self.add_error("phone", _("请留手机号，园里要答复您。只提意见可以不留。"))
        return typed

    def wish(self) -> Wish:
        typed = self.cleaned_data
        where = typed.get("campus") or self.only
        return Wish(typed["kind"], typed["text"], Channel.ONLINE, typed["about"], where, typed["caller"], typed["phone"], typed["files"],
                    typed["sent_key"])


class MoreForm(_ParentsForm):
    """One thing more."""

    text = _said(_("补充一句"), 3, error_messages={"required": _("请写几句。")})
    files: Any = _files()


class RateForm(_ParentsForm):
    score = forms.ChoiceField(label=_("这件事办得怎么样"), choices=SCORES, widget=forms.RadioSelect,
                              error_messages={"required": _("请选一项。")})
    text = forms.CharField(label=_("想说的话（可不写）"), max_length=500, required=False)

    def clean_score(self) -> int:
        return int(self.cleaned_data["score"])


class AgainForm(_ParentsForm):
    why = forms.CharField(label=_("哪里还没解决"), max_length=200, error_messages={"required": _("请写一句哪里还没解决。")})


# -- events ------------------------------------------------------------------------------------------------------------------
class ComingForm(_ParentsForm):
    answer = forms.ChoiceField(label=_("来不来"), choices=[(Invitation.Answer.YES, _("来")), (Invitation.Answer.NO, _("这次不来"))],
                               widget=forms.RadioSelect, error_messages={"required": _("请选来还是不来。")})
    people = forms.IntegerField(label=_("一共几个人，连孩子"), min_value=1, max_value=MOST_PEOPLE, required=False,
                                widget=forms.NumberInput(attrs={"inputmode": "numeric"}))
    words = forms.CharField(label=_("想跟老师说的"), max_length=200, required=False)

    def reply(self) -> Reply:
        typed = self.cleaned_data
        return Reply(typed["answer"], typed["people"] or 2, typed["words"])


class EventRateForm(_ParentsForm):
    score = forms.TypedChoiceField(label=_("这次活动怎么样"), choices=SCORES, coerce=int, widget=forms.RadioSelect,
                                   error_messages={"required": _("请选一项。")})
    opinion = _said(_("哪里好，下次怎么办更好"), 3, required=False)

    def clean_opinion(self) -> str:
        return str(self.cleaned_data["opinion"])[:500]


class HereForm(_ParentsForm):
    phone = phone_field(_("手机"), error_messages={"required": _("请填登记在园里的手机号。")})

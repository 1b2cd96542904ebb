"""What people type into the 园历."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.days import planned
from crm.forms import ReadField, SchoolForm
from crm.hours import Run, parse_shifts, read_notice, say_shifts
from crm.models import WEEKDAYS, DayKind, WorkCalendar
from crm.opening import week_of
from crm.parse import Unreadable
from tenancy.refusals import spoken

YEARS = {"min_value": 2000, "max_value": 2099}
LARGEST_NOTICE = 200_000  # characters; the longest notice of a year has two thousand


class ShiftsField(ReadField):
    """``8:00-12:00 14:00-17:30``; cleaned, it is the shifts. Empty is closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read=parse_shifts, max_length=80, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        return super().clean(value) or ()


class WeekForm(SchoolForm):
    """The seven days and the rules of one calendar; cleaned, ``week`` holds the shifts of Monday to Sunday."""

    keeps_holidays = forms.BooleanField(label=_("法定节假日放假"), required=False)
    works_make_up = forms.BooleanField(label=_("调休日上班"), required=False)
    make_up_like = forms.TypedChoiceField(label=_("调休日按周几的班次"), choices=WEEKDAYS, coerce=int)
    quiet_from = forms.TimeField(label=_("静默时段从"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    quiet_until = forms.TimeField(label=_("静默时段到"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, calendar: WorkCalendar, **kwargs: Any) -> None:
        week = week_of(calendar)
        initial = {name: getattr(calendar, name) for name in self.base_fields}
        super().__init__(*args, initial=initial | {f"day_{n}": say_shifts(shifts) for n, shifts in enumerate(week)}, **kwargs)
        for number, word in WEEKDAYS:
            self.fields[f"day_{number}"] = ShiftsField(label=word)
            self.fields[f"day_{number}"].widget.attrs |= {"class": "mp-input", "placeholder": _("休息")}

    def seven(self) -> list[forms.BoundField]:
        return [self[f"day_{number}"] for number, _word in WEEKDAYS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["week"] = [cleaned.pop(f"day_{number}", ()) for number, _word in WEEKDAYS]
        return cleaned


class SpecialDaysForm(SchoolForm):
    first = forms.DateField(label=_("从"), validators=[planned])
    last = forms.DateField(label=_("到"), validators=[planned], required=False, help_text=_("只有一天就留空"))
    kind = forms.ChoiceField(label=_("是什么日子"), choices=DayKind.choices, initial=DayKind.CLOSURE)
    name = forms.CharField(label=_("名称"), max_length=40, required=False)
    hours = forms.CharField(label=_("班次"), max_length=80, required=False, help_text=_("只有加开和调休上班要写，例如 9:00-12:00"))

    def clean_hours(self) -> str:
        try:
            return say_shifts(parse_shifts(self.cleaned_data["hours"]))
        except Unreadable as doubt:
            raise forms.ValidationError(spoken(doubt.said)) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["last"] = cleaned.get("last") or cleaned.get("first")
        return cleaned


class NoticeForm(SchoolForm):
    """A year and its notice, pasted or as a file."""

    year = forms.IntegerField(label=_("哪一年"), **YEARS)
    text = forms.CharField(label=_("放假通知"), max_length=LARGEST_NOTICE, required=False, widget=forms.Textarea(attrs={"rows": 10}),
                           help_text=_("可以粘贴通知原文，或每行写：日期 名称 休，日期 班"))
    file = forms.FileField(label=_("或选一个文件"), required=False, help_text=_("文字、CSV 或 JSON 文件"))

    def runs(self) -> list[Run] | None:
        """What the notice says; None with the doubt at its field when it cannot be read."""
        if not self.is_valid():
            return None
        try:
            return read_notice(self._words(), self.cleaned_data["year"])
        except Unreadable as doubt:
            self.add_error("text", spoken(doubt.said))
        return None

    def _words(self) -> str:
        """The pasted words, else the file's; a file shows in the text box afterwards, so that it can be put right there."""
        upload = self.cleaned_data.get("file")
        if self.cleaned_data["text"].strip() or not upload:
            return self.cleaned_data["text"]
        raw = upload.read(LARGEST_NOTICE)
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                words = raw.decode(encoding).replace("\x00", "")
                break
            except UnicodeDecodeError:
                continue
        else:
            raise Unreadable("这个文件不是文字，请选文字、CSV 或 JSON 文件")
        self.data = self.data.copy()
        self.data["text"] = words
        return words


class DueForm(SchoolForm):
    """From when, how many working hours."""

    since = forms.DateTimeField(label=_("从"), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
                                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    hours = forms.DecimalField(label=_("几个工作小时"), min_value=0, max_value=2000, max_digits=6, decimal_places=2)

    def clean_since(self) -> Any:
        """As the campus's clock shows it, whatever the server's is."""
        since = self.cleaned_data["since"].replace(tzinfo=None)
        planned(since.date())
        return since

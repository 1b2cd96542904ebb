"""What is typed about plans: the grid, one plan with its lines, a new plan's name, staff and budget."""
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from churn.models.risk import Level
from crm.forms import SchoolForm, yuan_field
from crm.models import Channel
from crm.parse import half_width
from service_levels.plans.book import BANDS, LONGEST, UNRATED, Book, Line, Occasion, People, Plan, Section, Solution, Unit
from service_levels.words import OCCASIONS, PEOPLE, SECTIONS, SOLUTIONS, UNITS

BLANK = 3  # empty lines at the end of a plan
HOW_OFTEN = [(Unit.ALWAYS.value, _("一直")), *((code.value, word) for code, word in UNITS.items())]
WAYS = [(one.value, one.label) for one in (Channel.PHONE, Channel.WECHAT, Channel.FACE)]


class GridForm(SchoolForm):
    """A plan for every tier at every risk, and for those who are not rated."""

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:
        self.labels = (*book.labels, UNRATED)
        self.names = {(label, str(band)): f"cell-{place}-{band}" for place, label in enumerate(self.labels) for band in BANDS}
        super().__init__(*args, initial={self.names[label, band]: code for label, band, code in book.pairs()}, **kwargs)
        choices = [(plan.code, plan.name) for plan in book.plans]
        for (label, band), name in self.names.items():
            tier = _("%(tier)s 级") % {"tier": label} if label else _("未定级")
            attrs = {"class": "mp-input", "aria-label": f"{tier}，{Level(band).label}"}
            self.fields[name] = forms.ChoiceField(choices=choices, widget=forms.Select(attrs=attrs))

    @property
    def rows(self) -> list[tuple[str, list[Any]]]:
        """(tier, its fields from high to low)."""
        return [(label, [self[self.names[label, str(band)]] for band in reversed(BANDS)]) for label in self.labels]

    def cells(self) -> dict[tuple[str, str], str]:
        return {where: self.cleaned_data[name] for where, name in self.names.items()}


class PlanForm(SchoolForm):
    """A plan without its lines."""

    name = forms.CharField(label=_("名称"), max_length=20)
    people = forms.ChoiceField(label=_("谁来服务"), choices=[(code.value, word) for code, word in PEOPLE.items()])
    solution = forms.ChoiceField(label=_("怎么解决"), choices=[(code.value, word) for code, word in SOLUTIONS.items()])
    priority = forms.IntegerField(label=_("优先级，1 最先"), min_value=1, max_value=4)
    respond = forms.IntegerField(label=_("多久答复（工作分钟）"), min_value=1, max_value=LONGEST)
    resolve = forms.IntegerField(label=_("多久解决（工作分钟）"), min_value=1, max_value=LONGEST)

    letter = forms.CharField(label=_("换到这个方案时，告诉家长的开头"), max_length=60, required=False,
                             help_text=_("例如“谢谢您一直以来的支持，”。后面接着说多了哪些服务；不要提等级。"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("respond") and typed.get("resolve") and typed["respond"] > typed["resolve"]:
            self.add_error("resolve", _("解决不能比答复还早。"))
        return typed


class LineForm(SchoolForm):
    """One line; an empty one is none. ``now``: the line as it stands, None for an empty row."""

    now: Line | None = None
    section = forms.ChoiceField(label=_("哪一部分"), choices=[(code.value, word) for code, word in SECTIONS.items()])
    text = forms.CharField(label=_("做什么"), max_length=80, required=False)
    unit = forms.ChoiceField(label=_("多久"), choices=HOW_OFTEN)
    times = forms.IntegerField(label=_("几次"), min_value=1, max_value=60, initial=1)
    minutes = forms.IntegerField(label=_("每次分钟"), min_value=0, max_value=600, initial=0)
    fen = yuan_field(_("每次花费（元）"), required=False)
    by = forms.MultipleChoiceField(label=_("怎么联系"), choices=WAYS, required=False, widget=forms.CheckboxSelectMultiple)
    ruled = forms.BooleanField(label=_("要有规则、预算和审批"), required=False)
    told = forms.BooleanField(label=_("告诉家长"), required=False)
    occasion = forms.ChoiceField(label=_("逢什么"), choices=[(code.value, word) for code, word in OCCASIONS.items()],
                                 initial=Occasion.RHYTHM.value)
    tool = forms.CharField(label=_("用什么设备"), max_length=20, required=False)
    source = forms.CharField(widget=forms.HiddenInput, max_length=12, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("section") == Section.CADENCE and typed.get("unit") == Unit.ALWAYS:
            self.add_error("unit", _("联系的节奏要写多久一次。"))
        if isinstance(typed.get("fen"), int) and typed["fen"] < 0:
            self.add_error("fen", _("花费不能是负数。"))
        return typed

    def line(self) -> Line:
        typed = self.cleaned_data
        return Line(Section(typed["section"]), typed["text"].strip(), typed["source"], Unit(typed["unit"]), typed["times"],
                    typed["minutes"], typed["fen"] if typed["fen"] != "" else 0, tuple(typed["by"]), typed["ruled"], typed["told"],
                    Occasion(typed["occasion"]), typed["tool"].strip())


class BaseLines(BaseFormSet):
    """The lines of a plan as they stand, and some empty ones."""

    def lines(self) -> tuple[Line, ...]:
        """Those that say something and are not dropped, in their order."""
        kept = [form for form in self.forms if form.cleaned_data.get("text", "").strip() and not form.cleaned_data.get("DELETE")]
        return tuple(form.line() for form in kept)


Lines = formset_factory(LineForm, formset=BaseLines, extra=BLANK, can_delete=True, max_num=60, validate_max=True)


def lines_of(plan: Plan, posted: Any = None) -> BaseLines:
    rows = [{"section": line.section, "text": line.text, "unit": line.unit, "times": line.times, "minutes": line.minutes,
             "fen": f"{line.fen / 100:.2f}" if line.fen else "", "by": list(line.by), "ruled": line.ruled, "told": line.told,
             "occasion": line.occasion, "tool": line.tool, "source": line.source} for line in plan.lines]
    made: Any = Lines(posted, initial=rows, prefix="l")
    for form, line in zip(made.forms, plan.lines, strict=False):  # what it says now, beside what is typed
        form.now = line
    return made


def edited(plan: Plan, form: PlanForm, lines: BaseLines) -> Plan:
    """The plan as it was typed."""
    typed = form.cleaned_data
    return Plan(plan.code, typed["name"].strip(), People(typed["people"]), Solution(typed["solution"]), typed["priority"], typed["respond"],
                typed["resolve"], lines.lines(), typed["letter"].strip())


class NewPlanForm(SchoolForm):
    code = forms.ChoiceField(label=_("照着哪一个"))
    name = forms.CharField(label=_("新方案的名称"), max_length=20)

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [(plan.code, plan.name) for plan in book.plans]  # type: ignore[attr-defined]


class MeansForm(SchoolForm):
    """What there is for keeping the promises."""

    hours_week = forms.IntegerField(label=_("每周能用来联系和服务的人手（小时）"), min_value=0, max_value=100_000)
    budget_fen = yuan_field(_("每年的礼品和优惠预算（元）"))
    tools = forms.CharField(label=_("设备，每周能用几次"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
                            help_text=_("一行一样，名称和次数之间空一格，例如：视力检测仪 10"))

    def clean_tools(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in filter(str.strip, self.cleaned_data["tools"].splitlines()):
            name, _space, times = half_width(line).strip().rpartition(" ")
            if not name.strip() or not times.isascii() or not times.isdigit() or len(times) > 5:
                raise forms.ValidationError(_("“%(line)s”看不懂：写名称，空一格，再写每周几次。") % {"line": line.strip()[:40]})
            found[name.strip()[:20]] = int(times)
        return found

    def clean_budget_fen(self) -> int:
        fen: int = self.cleaned_data["budget_fen"]
        if fen < 0:
            raise forms.ValidationError(_("预算不能是负数。"))
        return fen


class WordsForm(SchoolForm):
    words = forms.CharField(label=_("要改什么"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))

"""预警规则 as it is typed: three steps for each sign, from mild to severe, and where the bands begin."""
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from churn.risk.rules import FALLING, MOST, SIGNS, Steps, Weights, faults
from churn.risk.words import HUNDREDTHS, NAMES, UNITS
from crm.forms import SchoolForm

STEPS, HUNDRED = 3, 100
LARGEST = 10_000  # no sign is counted in more


class WeightsForm(SchoolForm):
    """Steps are typed in the unit that stands beside the sign; an empty row is no step, a sign without steps is not looked at."""

    watch = forms.IntegerField(label=gettext_lazy("留意从几分起"), min_value=1, max_value=MOST - 1)
    high = forms.IntegerField(label=gettext_lazy("高风险从几分起"), min_value=2, max_value=MOST)
    note = forms.CharField(label=gettext_lazy("为什么改"), max_length=200, required=False)
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in SIGNS:
            for number in range(STEPS):
                self.fields[f"{code}_{number}_at"] = forms.DecimalField(
                    required=False, min_value=0, max_value=LARGEST, decimal_places=1 if code in HUNDREDTHS else 0, label=NAMES[code])
                self.fields[f"{code}_{number}_points"] = forms.IntegerField(required=False, min_value=1, max_value=MOST, label=NAMES[code])

    def rows(self) -> list[dict[str, Any]]:
        """For the page: each sign with its three pairs of fields and what is wrong with it."""
        return [{"name": NAMES[code], "unit": UNITS[code], "falling": code in FALLING, "faults": self._faults(code),
                 "pairs": [(self[f"{code}_{n}_at"], self[f"{code}_{n}_points"]) for n in range(STEPS)]} for code in SIGNS]

    def _faults(self, code: str) -> list[str]:
        names = [f"{code}_{n}_{half}" for n in range(STEPS) for half in ("at", "points")] if self.is_bound else []
        return list(dict.fromkeys(str(error) for name in names for error in self.errors.get(name, ())))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code in [code for code in SIGNS if any(self._is_half(code, n, cleaned) for n in range(STEPS))]:
            said = _("“%(name)s”有一格只填了一半：到多少、加几分，要么都填，要么都空着。")
            self.add_error(f"{code}_0_at", said % {"name": NAMES[code]})
        if not self.errors:
            self._told(faults(self.weights()))
        return cleaned

    def _is_half(self, code: str, number: int, cleaned: dict[str, Any]) -> bool:
        at, points = f"{code}_{number}_at", f"{code}_{number}_points"
        readable = at not in self.errors and points not in self.errors
        return readable and (cleaned.get(at) is None) != (cleaned.get(points) is None)

    def weights(self) -> Weights:
        """What was typed, once it is clean."""
        steps = {code: rows for code in SIGNS if (rows := self._steps(code))}
        return Weights(steps, self.cleaned_data["watch"], self.cleaned_data["high"])

    def _steps(self, code: str) -> Steps:
        scale = HUNDRED if code in HUNDREDTHS else 1
        typed = [(self.cleaned_data.get(f"{code}_{n}_at"), self.cleaned_data.get(f"{code}_{n}_points")) for n in range(STEPS)]
        return tuple((int(at * scale), points) for at, points in typed if at is not None and points is not None)

    def _told(self, found: list[str]) -> None:
        for fault in found:
            what, _colon, code = fault.partition(":")
            if what == "cutoffs":
                self.add_error("high", _("高风险的分数要比留意的高。"))
            elif code in FALLING:
                said = _("“%(name)s”越少越重：从左到右数字要一格比一格小，分数一格比一格大。")
                self.add_error(f"{code}_0_at", said % {"name": NAMES[code]})
            else:
                self.add_error(f"{code}_0_at", _("“%(name)s”要从轻到重：从左到右数字和分数都要一格比一格大。") % {"name": NAMES[code]})


def typed(weights: Weights, after: int) -> dict[str, Any]:
    """Weights as the form shows them before anything is typed."""
    shown: dict[str, Any] = {"watch": weights.watch, "high": weights.high, "after": after}
    for code, rows in weights.steps.items():
        for number, (bound, points) in enumerate(rows[:STEPS]):
            value = bound / HUNDRED if code in HUNDREDTHS else bound
            shown |= {f"{code}_{number}_at": f"{value:g}", f"{code}_{number}_points": points}
    return shown

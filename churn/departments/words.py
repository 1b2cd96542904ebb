"""The steps from asking to attending in words, for every page that shows them."""
from django.utils.translation import gettext as _

from churn.departments.funnel import STEPS, Line


def names() -> dict[str, str]:
    return dict(zip(STEPS, (_("咨询"), _("到访"), _("报名"), _("上课")), strict=True))


def steps(whole: Line) -> list[tuple[str, int, int]]:
    """(word, families, per cent of those who asked), from the first step to the last."""
    return [(word, int(getattr(whole, step)), whole.per_cent(step)) for step, word in names().items()]


def widest(whole: Line) -> str:
    """The step on the way to which most families were lost; empty where none were."""
    return names().get(whole.widest, "")

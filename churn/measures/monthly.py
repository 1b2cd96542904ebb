"""向管理层汇报 (C6d): on the first of every month the management learns what last month's evaluations came to."""
from collections import Counter
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from churn.groups import management
from churn.models import Evaluation
from notifications import actions


def tell(today: date, *, at: datetime) -> None:
    """Once a month, and not where nothing was evaluated."""
    if today.day != 1:
        return
    last = today - timedelta(days=1)
    first = last.replace(day=1)
    found = Counter(Evaluation.objects.filter(on__gte=first, on__lte=last, is_final=True).values_list("verdict", flat=True))
    if found:
        words = {str(code): str(label) for code, label in Evaluation.Outcome.choices}
        said = "，".join(_("%(word)s %(n)s 项") % {"word": words[code], "n": found[code]} for code in words if found[code])
        actions.tell(management(), _("上个月的措施效果：%(said)s") % {"said": said}, key=f"effects-{first}",
                     link=f"churn/effects/?from={first}&to={last}", at=at)

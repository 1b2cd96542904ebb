"""每天夜里: once a quarter whoever writes 市场信息 hears that families wait for it and there is none (S11c)."""
from datetime import date, datetime

from django.utils.translation import gettext as _

from crm.days import quarter
from notifications.actions import tell
from service_levels.access import INFORM
from service_levels.market.queries import told
from service_levels.models import Touch
from service_levels.plans.book import Occasion
from tenancy.access import holders


def nightly(day: date, *, at: datetime) -> None:
    """Running twice changes nothing more."""
    if told(day):
        return
    waiting = Touch.objects.shown(day).filter(occasion=Occasion.NEWS).values("customer").distinct().count()
    if waiting:
        said = _("%(n)s 户等着这一季的市场信息，还没有写") % {"n": waiting}
        tell(holders(INFORM, None), said, key=f"market-{quarter(day)}", link="service/market/", at=at)

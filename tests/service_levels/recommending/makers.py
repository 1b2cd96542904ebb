"""What the tests of recommending share: a service, and a child whom it suits."""
from datetime import date

from service_levels.models import CourseOffer
from tests.churn.conftest import DAY
from tests.service_levels.conftest import derive, family

PAINTING = {"name": "小画家班", "says": "手眼协调，敢画敢说", "from_months": 48, "until_months": 72, "here_days": 60}


def offer(**more) -> CourseOffer:
    return CourseOffer.objects.create(**PAINTING | more)


def fits(number: int = 1, born_on: date = date(2021, 11, 20), **more):
    """A child of five whose family is served by a plan that promises recommendations."""
    customer = family(number, "B", "low", born_on=born_on, **more)
    derive(DAY)
    return customer.family.children.get()

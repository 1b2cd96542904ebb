"""变化通知 as rows: one of a kind waits for a family, and those alike are found together."""
import pytest
from django.db import IntegrityError, transaction

from service_levels.models import PlanVersion, ServiceNotice
from tests.churn.conftest import DAY
from tests.service_levels.conftest import family


def notice(customer, kind="more", lines=("家长讲座",), **more) -> ServiceNotice:
    return ServiceNotice.objects.create(customer=customer, kind=kind, on=DAY, version=PlanVersion.objects.get(), plan="quality", had=[],
                                        has=list(lines), lines=list(lines), **more)


def test_one_of_a_kind_waits_for_a_family(miao):
    home = family(1)
    notice(home), notice(home, "less"), notice(home, state="sent")

    with pytest.raises(IntegrityError), transaction.atomic():
        notice(home)


def test_those_that_say_the_same_are_alike(miao):
    homes = [family(number) for number in range(1, 6)]
    same = [notice(homes[0]), notice(homes[1])]
    notice(homes[2], lines=("小礼物",)), notice(homes[3], "less"), notice(homes[4], state="dropped")

    assert set(ServiceNotice.objects.all().like(same[0])) == set(same)
    assert str(same[0]) == "more 2026-11-20"

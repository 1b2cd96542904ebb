"""A new school has causes in all four areas; one that has its own keeps them."""
from churn.cases.furnish import CAUSES, furnish, guide
from churn.models import Area, Cause
from tests.churn.cases.conftest import cause


def test_every_area_has_causes_from_the_first_day(miao):
    assert {area for area, _name in Cause.objects.values_list("area",
            "name")} == set(Area.values) == {str(area) for area in CAUSES}


def test_a_school_that_has_its_own_keeps_them(miao):
    Cause.objects.exclude(name="停车难").delete()
    furnish(miao)

    assert [row.name for row in Cause.objects.all()] == ["停车难"]
    assert str(cause("停车难")) == "硬件：停车难"


def test_the_guide_asks_six_things():
    assert len(set(guide())) == 6 and all(question.endswith("？") for question in guide())

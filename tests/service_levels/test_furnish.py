"""What a new school begins with, and that an older one keeps what it has."""
import pytest

from service_levels.furnish import TEMPLATES, furnish
from service_levels.models import AnswerTemplate, PlanVersion
from service_levels.plans.presets import BY_SCHEME
from tenancy.scope import tenant_scope
from tests.conftest import make_school


@pytest.mark.parametrize(("slug", "kind", "code"), [
    ("one", "kindergarten", "kg-ad"),
    ("two", "nursery", "kg-ad"),
    ("three", "training", "svc-14"),
])
def test_each_trade_begins_with_the_plans_of_its_tiers(db, slug, kind, code):
    school = make_school(slug, kind)
    with tenant_scope(school):
        row = PlanVersion.objects.get()

        assert (row.scheme.code, row.as_book(), row.in_force_since) == (code, BY_SCHEME[code], school.created_at)


def test_again_changes_nothing(miao):
    furnish(miao)
    furnish(miao)

    assert PlanVersion.objects.count() == 1


def test_a_school_that_wrote_its_own_keeps_it(miao):
    PlanVersion.objects.update(state="retired")
    furnish(miao)

    assert list(PlanVersion.objects.values_list("state", flat=True)) == ["retired"]


def test_a_school_from_before_there_were_plans_gets_them(miao):
    PlanVersion.objects.all().delete()
    furnish(miao)

    assert PlanVersion.objects.get().state == "in_force"


def test_a_school_begins_with_words_for_answers_and_keeps_its_own(miao):
    assert AnswerTemplate.objects.count() == len(TEMPLATES)
    AnswerTemplate.objects.exclude(name="收到了").delete()

    furnish(miao)

    assert list(AnswerTemplate.objects.values_list("name", flat=True)) == ["收到了"]

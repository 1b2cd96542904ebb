"""What the worker does for churn: new rules and a click judge everybody anew."""
from churn.consumers import swept
from churn.models import RiskStanding
from tenancy.scope import tenant_scope
from tests.churn.conftest import home


def test_everybody_is_judged_now(school, on_the_day):
    with tenant_scope(school):
        home(1, transfer=2)
        swept({})

        assert [(row.band, str(row.from_on)) for row in RiskStanding.objects.all()] == [("high", "2026-11-20")]

"""What the tests of reasons and changes share: a school whose scope is open, its head, an agent and a cause."""
import pytest

from churn.models import Cause
from tests.service_levels.concessions.makers import colleague


@pytest.fixture
def inside(miao, on_the_day):
    return miao


@pytest.fixture
def chief(inside):
    return inside.head


@pytest.fixture
def gao(inside):
    return colleague("agent", "高敏")


@pytest.fixture
def cause(inside) -> Cause:
    return Cause.objects.order_by("pk").first()

"""What the tests of winning back share: a school whose scope is open, its head, and who works on cases."""
import pytest

from tests.service_levels.concessions.makers import colleague


@pytest.fixture
def inside(miao, on_the_day):
    return miao


@pytest.fixture
def chief(inside):
    return inside.head


@pytest.fixture
def lead(inside):
    """家长关系维护: by the rule they lead the group while the school has put none together."""
    return colleague("relations", "高敏")

"""What the tests of events share: a school whose scope is open, and who heads it."""
import pytest


@pytest.fixture
def inside(miao, on_the_day):
    return miao


@pytest.fixture
def chief(inside):
    """The head, inside."""
    return inside.head

"""What the tests of the team share: a school whose scope is open, and its head."""
import pytest


@pytest.fixture
def inside(miao, on_the_day):
    return miao


@pytest.fixture
def chief(inside):
    return inside.head

"""Counters in the cache: raised together, each with a life of its own, and a Redis client that is kept."""
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache

from tenancy.counting import count_down, count_up


def life(key):
    return cache._cache.get_client(None).ttl(cache.make_key(key))


def test_each_counter_begins_at_one_and_is_raised_by_one():
    assert [count_up({"a": 60, "b": 600}), count_up({"b": 600}), count_up({"a": 60, "b": 600})] == [[1, 1], [2], [2, 3]]


def test_a_counter_lives_from_its_first_count_on_and_a_later_one_does_not_prolong_it():
    count_up({"a": 60})
    cache.touch("a", 20)
    count_up({"a": 60})

    assert 0 < life("a") <= 20


def test_many_at_once_lose_no_count():
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: count_up({"a": 60})[0], range(200)))

    assert sorted(told) == list(range(1, 201))


def test_a_count_of_each_is_taken_back():
    count_up({"a": 60, "b": 60})
    count_up({"a": 60, "b": 60, "c": 60})
    count_down(["a", "c"])

    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2, "c": 0}


def test_taking_a_count_back_does_not_prolong_the_counter():
    count_up({"a": 60})
    cache.touch("a", 20)
    count_down(["a"])

    assert 0 < life("a") <= 20


def test_a_counter_that_has_run_out_stays_away():
    count_down(["a"])

    assert cache.get("a") is None and count_up({"a": 60}) == [1]


@pytest.mark.parametrize("value", [7, "字", {"a": [1]}, b"\x00"])
def test_it_is_still_the_cache(value):
    cache.set("k", value, 60)

    assert cache.get("k") == value and cache.get_many(["k", "none"]) == {"k": value}


def test_one_redis_client_serves_a_thread():
    assert cache._cache.get_client(None) is cache._cache.get_client("k", write=True)

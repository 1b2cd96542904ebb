"""The cache, with counters that many requests raise at once: any number of them in one round trip, each with its window."""
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

DOWN = "for _, key in ipairs(KEYS) do if redis.call('EXISTS', key) == 1 then redis.call('DECR', key) end end"


class Client(RedisCacheClient):  # type: ignore[misc]
    """Django's client makes a Redis client anew for every command, which costs more than the command; this one keeps it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        index = self._get_connection_pool_index(write)
        if index not in self._kept:
            self._kept[index] = super().get_client(key, write=True)
        return self._kept[index]

    def count_up(self, windows: Mapping[str, int]) -> list[int]:
        pipeline = self.get_client(None, write=True).pipeline(transaction=False)
        for key, seconds in windows.items():
            pipeline.set(key, 0, ex=seconds, nx=True)
            pipeline.incr(key)
        return [int(count) for count in pipeline.execute()[1::2]]

    def count_down(self, keys: Iterable[str]) -> None:
        named = list(keys)
        self.get_client(None, write=True).eval(DOWN, len(named), *named)


class CountingCache(RedisCache):  # type: ignore[misc]
    """Django's Redis cache and one verb more."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client

    def count_up(self, windows: Mapping[str, int]) -> list[int]:
        """Raise each counter by one and return what they say now. A counter that is not there begins, and ends after its seconds."""
        return cast(list[int], self._cache.count_up({self.make_and_validate_key(key): seconds for key, seconds in windows.items()}))

    def count_down(self, keys: Iterable[str]) -> None:
        self._cache.count_down(self.make_and_validate_key(key) for key in keys)


def count_up(windows: Mapping[str, int]) -> list[int]:
    """The counters' new values, in the order given; ``windows`` says how many seconds each lives from its first count on."""
    return cast(CountingCache, cache).count_up(windows)


def count_down(keys: Iterable[str]) -> None:
    """Take one count of each back; a counter that has run out stays away."""
    cast(CountingCache, cache).count_down(keys)

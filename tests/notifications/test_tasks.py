"""What the worker is asked for by name, and how it is noticed that nobody is there."""
import pytest
from celery.signals import beat_init, worker_ready
from django.core.cache import cache

from config.celery import app
from notifications import tasks


@pytest.mark.parametrize(("name", "task"), [
    ("notifications.consume", tasks.consume_row),
    ("notifications.give_up", tasks.give_up_all),
    ("notifications.heartbeat", tasks.heartbeat),
])
def test_a_task_is_known_by_the_name_that_stands_in_the_brokers_messages(name, task):
    assert app.tasks[name].run is task.run


def heart(name):
    """The sign of life and for how many seconds it stands."""
    return cache.get(f"up:{name}"), cache._cache.get_client(None).ttl(cache.make_key(f"up:{name}"))


@pytest.mark.parametrize(("beat", "hearts"), [
    (tasks.heartbeat, {"worker", "beat"}),
    (lambda: worker_ready.send(None), {"worker"}),
    (lambda: beat_init.send(None), {"beat"}),
])
def test_a_sign_of_life_stands_for_a_minute_and_a_half(beat, hearts):
    beat()
    found = {name: heart(name) for name in ("worker", "beat")}

    assert {name for name, (sign, _left) in found.items() if sign == 1} == hearts
    assert all(89 <= left <= 90 for sign, left in found.values() if sign)

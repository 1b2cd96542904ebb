"""The relay finds due outbox rows across tenants, with the poller's few columns, and publishes their ids.

A row that was published but not done within a minute is published again: a flushed broker loses nothing.
A row whose work failed five times waits for a person.
"""
from collections.abc import Callable
from typing import Any

from django.db import connections

DUE = """
UPDATE notifications_outbox SET sent_at = now()
WHERE id IN (SELECT id FROM notifications_outbox
             WHERE done_at IS NULL AND attempts < 5 AND due_at <= now() AND (sent_at IS NULL OR sent_at < now() - interval '60 seconds')
             ORDER BY due_at LIMIT 500 FOR UPDATE SKIP LOCKED)
RETURNING tenant_id, id
"""


def publish_due(publish: Callable[[int, int], Any]) -> int:
    """Publish what is due; returns how many. ``publish(tenant_id, outbox_id)`` hands one to the broker."""
    connection = connections["poller"]
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        rows = cursor.fetchall()
    for tenant_id, outbox_id in rows:
        publish(tenant_id, outbox_id)
    return len(rows)

"""How the database plans what we ask: help where its statistics cannot know."""
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def whole_sets() -> Iterator[None]:
    """Statements that join one large set with another, both written a moment ago.

    No statistics know a batch of this minute, so the planner takes it for one row and walks it once for every row of the
    other set: seconds at 2,000 families, most of an hour at 100,000. Without nested loops it hashes or merges. Inside a
    transaction only, as everything in a school is; where a statement fails, the setting goes with the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")

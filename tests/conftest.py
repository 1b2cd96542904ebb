"""Fixtures: two schools under row-level security, their people, and clients that are signed in."""
import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import psycopg2
import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache as shared
from django.test import Client, TransactionTestCase
from django.test.client import ClientHandler
from hypothesis import HealthCheck
from hypothesis import settings as examples
from psycopg2.errors import DeadlockDetected, LockNotAvailable

from tenancy.actions import create_tenant
from tenancy.models import Membership, Tenant, User
from tenancy.scope import tenant_scope
from tests.database import _administrator, forget_statistics
from tests.kept import keep

examples.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("steady")  # how long an example takes says nothing of the product, and differs from machine to machine
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the collector of garbage need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.collect()  # what it counts as old is counted anew, so that what a test leaves behind goes soon


@pytest.fixture(scope="session")
def django_db_setup():
    """The plugin made the database; nothing is created or destroyed here."""


EMPTY = """
    DO $$ DECLARE one text; BEGIN
        SET LOCAL lock_timeout = '20s';
        SET LOCAL session_replication_role = replica;
        EXECUTE (SELECT 'LOCK TABLE ' || string_agg(quote_ident(tablename), ', ') || ' IN ACCESS EXCLUSIVE MODE' FROM pg_tables
                 WHERE schemaname = 'public' AND tablename NOT IN ('django_migrations', 'django_content_type'));
        FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
                   AND tablename NOT IN ('django_migrations', 'django_content_type') LOOP
            EXECUTE format('DELETE FROM %I', one);
        END LOOP;
    END $$"""


def _emptied(self) -> None:
    """Django's flush is refused to the app role, so the server's administrator empties the tables, past policies and triggers.

    To truncate them would write two thousand files anew for a handful of rows. Ids go on: a school that is kept comes with its own.
    """
    name = settings.DATABASES["default"]["NAME"]
    for last in (False, False, False, False, True):
        try:
            _administrator(EMPTY, name)
            forget_statistics(name)
            return
        except (DeadlockDetected, LockNotAvailable):  # a running product's worker was at the same tables: one more time
            if last:
                raise


TransactionTestCase._fixture_teardown = _emptied


_chains: dict[tuple[str, ...], dict] = {}


def _load_once(self, load=ClientHandler.load_middleware) -> None:
    """All clients of a worker go through one chain of middleware, as all requests to a server do; to build it takes longer than a page."""
    wanted = tuple(settings.MIDDLEWARE)
    if wanted not in _chains:
        load(self)
        _chains[wanted] = {name: value for name, value in vars(self).items() if name.endswith("_middleware") or name == "_middleware_chain"}
    vars(self).update(_chains[wanted])


ClientHandler.load_middleware = _load_once


@pytest.fixture(autouse=True)
def _fresh_cache():
    shared.clear()


@pytest.fixture
def owner_connection():
    connection = psycopg2.connect(settings.DATABASES["owner"]["HOST"] and _dsn("owner"))
    connection.autocommit = True
    yield connection
    connection.close()


def _dsn(alias: str) -> str:
    d = settings.DATABASES[alias]
    return f"postgresql://{d['USER']}:{d['PASSWORD']}@{d['HOST']}:{d['PORT']}/{d['NAME']}"


def make_school(slug: str, kind: str = "kindergarten", **campuses: str) -> Tenant:
    campuses = campuses or {"main": "本部"}
    return keep((slug, kind, *campuses.items()), lambda: create_tenant(slug, kind=kind, name=f"{slug}机构", campuses=campuses))


@pytest.fixture
def school(db) -> Tenant:
    return make_school("miao")


@pytest.fixture
def other_school(db) -> Tenant:
    return make_school("qi", "training")


@cache
def _hashed() -> str:
    """One password for everybody, hashed once: the hash is slow on purpose."""
    return make_password("correct-horse-9")


def make_member(tenant: Tenant, role: str, name: str = "", campuses=()) -> Membership:
    username = f"{role}{name}@{tenant.slug}"
    user = User.objects.filter(username=username).first() or User.objects.create(username=username, password=_hashed())
    with tenant_scope(tenant):
        member = Membership.objects.create(user=user, role=role, name=name or role)
        for campus in campuses:
            member.campus_links.create(campus=campus)
        return member


@pytest.fixture
def head(school) -> Membership:
    return make_member(school, "head")


@pytest.fixture
def deputy(school) -> Membership:
    return make_member(school, "deputy")


@pytest.fixture
def miao(school, head) -> Iterator[Tenant]:
    """The school with its scope open and its head at hand, for tests that stay inside one school."""
    with tenant_scope(school):
        school.head = head
        yield school


@pytest.fixture
def at(school) -> str:
    """Where the school's pages begin."""
    return f"/s/{school.slug}"


@pytest.fixture
def api(school) -> str:
    return f"/s/{school.slug}/api/v1"


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend="tenancy.backends.StaffBackend")
    return client


@pytest.fixture
def head_client(head) -> Client:
    return signed_in(head)


@pytest.fixture
def on_the_day() -> Iterator[None]:
    """The clock of this process stands at NOW and runs on from there, so that a test never crosses midnight."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def now() -> datetime:
    return NOW

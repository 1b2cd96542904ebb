"""I1 for the doors without a sign-in: every public route is known here, and a foreign token answers as one that never was."""
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from reception.booking import book
from tenancy.scope import tenant_scope
from tests.laws.catalog import walk
from tests.laws.test_isolation import scrub, snapshot
from tests.reception.makers import slot, wish

OF_A_SCHOOL = {
    "box",
    "feedback",
    "answers",
    "helped",
    "choose",
    "details",
    "wish",
    "lost",
    "public-campuses",
    "public-notice",
    "public-slots",
    "public-holds",
    "public-hold",
    "public-codes",
    "public-bookings",
    "public-waitlist",
}
OF_A_TOKEN = {"own", "change", "own-act", "public-booking", "public-calendar", "public-accept", "own-contract",
        "own-copy", "own-survey", "own-request", "own-request-act", "own-file", "own-invitation", "own-invitation-act", "event-here"}
METHODS = ["get", "post", "patch", "delete"]


def public_routes() -> dict[str, str]:
    """Every route that opens a school by its address alone."""
    paths = {name: path for name, path in walk(get_resolver(settings.ROOT_URLCONF))}
    return {name: path for name, path in paths.items() if path.startswith(("t/", "b/", "c/", "q/", "f/", "e/", "api/v1/public/"))}


def put(tenant) -> str:
    """A booking in a school, by its token."""
    now = timezone.now()
    with tenant_scope(tenant):
        return book(slot(2, now + timedelta(days=2)), wish(), cutoff=now, channel="online", at=now).token


def filled(path: str, token: str = "", slug: str = "") -> str:
    words = {"<str:token>": token, "<str:hold>": token or "x", "<slug:slug>": slug, "<str:verb>": "cancel", "<int:pk>": "1"}
    for blank, word in words.items():
        path = path.replace(blank, word)
    return f"/{path}"


def test_every_public_route_is_in_the_inventory():
    assert set(public_routes()) == OF_A_SCHOOL | OF_A_TOKEN


@pytest.mark.parametrize("method", METHODS)
def test_another_schools_secret_answers_as_one_that_never_was(school, other_school, method):
    mine, theirs = put(school), put(other_school)
    before, secret = snapshot(other_school), theirs.partition("_")[2]
    leaks = []

    for name in OF_A_TOKEN:
        answers = [
            getattr(Client(), method)(filled(public_routes()[name], f"{school.public_id}_{word}"))
            for word in (secret, "x" * len(secret))
        ]
        if len({(a.status_code, scrub(a)) for a in answers}) > 1 or answers[0].status_code not in (404, 405):
            leaks.append((name, [a.status_code for a in answers]))

    assert leaks == [] and snapshot(other_school) == before
    assert Client().get(filled(public_routes()["own"], mine)).status_code == 200  # the control: one's own opens


@pytest.mark.parametrize("method", METHODS)
def test_a_school_that_is_closed_answers_as_one_that_never_was(school, other_school, method):
    type(other_school).objects.filter(pk=other_school.pk).update(is_active=False)
    different = []

    for name in OF_A_SCHOOL:
        closed, none = (getattr(Client(), method)(filled(public_routes()[name],
                slug=slug)) for slug in (other_school.slug, "nowhere"))
        if (closed.status_code, scrub(closed)) != (none.status_code, scrub(none)) or closed.status_code != 404:
            different.append((name, closed.status_code, none.status_code))

    assert different == []


def test_no_public_page_tells_another_schools_name(school, other_school):
    tokens = [put(school), put(other_school)]

    pages = [Client().get(filled(public_routes()["own"], token)).content.decode() for token in tokens]

    assert school.name in pages[0] and other_school.name not in pages[0]
    assert other_school.name in pages[1] and school.name not in pages[1]

"""F-1, S-2: whatever is written into an address or a form, no page breaks, and nothing written comes back as markup."""
import os
import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.test import Client
from django.utils import timezone

from config.school_urls import site
from crm.acts import ActForm
from crm.forms import SchoolForm
from crm.views import families
from service_levels.events import inviting, links, planning
from service_levels.models import Event
from service_levels.requests.links import token_of
from service_levels.requests.working import Wish, open_request
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.laws.test_isolation import NAMED_BY, Ids, fill, school_routes
from tests.laws.test_public_doors import OF_A_SCHOOL, OF_A_TOKEN, filled, public_routes

SCRIPT = "<script>alert(1)</script>"
ODD = ["", "0001-01-01", "9999-12-31", "99999999999999999999", "NaN", "\x00", SCRIPT, "苗" * 5000, "²", "2026-02-30"]
if "MIAOPU_FUZZ" in os.environ:  # the long run
    ODD += ["-1", "0", "1e400", '"><img src=x onerror=alert(1)>', "'; DROP TABLE crm_child; --", "\u202e\u0301\ud7ff", "[]"]
IN_AN_ADDRESS = 400  # characters of one word: a longer address no server takes
ASKED = re.compile(r"(?:request\.(?:GET|POST)|\bwords|\btyped)(?:\.get(?:list)?\(|\[)\s*\"(\w+)\"")
FIELD = re.compile(r'<(?:input|select|textarea)\b[^>]*?\bname="([^"]+)"')
APPS = ("audit", "notifications", "tenancy", "crm", "tiering", "churn", "reception", "service_levels", "config")
SHARED = [Path(settings.BASE_DIR, name) for name in ("tenancy", "crm/asked.py", "crm/queries.py")]  # what every page may read
OF_ROUTES = {"service": "service_levels"}  # the app behind the first word of a route's name, where the two differ


def source(app: str) -> list[Path]:
    """The files that a page of an app reads its address and its forms in; of a page of no app all there are."""
    places = [Path(settings.BASE_DIR, one) for one in ([app] if app else APPS)] + SHARED
    return [path for place in places for path in (place.rglob("*.py") if place.is_dir() else [place])]


def forms_below(form: type) -> set[type]:
    return {form}.union(*(forms_below(below) for below in form.__subclasses__()))


@cache
def names(app: str = "") -> frozenset[str]:
    """Every name a page of an app reads from its address or a form, found in the source; not ``export``, which answers with a file."""
    asked = {name for path in source(app) for name in ASKED.findall(path.read_text())}
    fields = {name for form in forms_below(SchoolForm) | forms_below(ActForm) if form.__module__.startswith(app)
              for name, field in form.base_fields.items() if not isinstance(field, forms.FileField)}
    return frozenset(asked - {"export"} | fields) | {"page", "o", "q", "all", "child-²", "class-²", "column-²", "class-0", "child-0"}


def names_of(route: str) -> frozenset[str]:
    space, colon, _name = route.partition(":")
    app = OF_ROUTES.get(space, space)
    return names(app if colon and app in APPS else "")


def broken(client, school, mine, method, odd) -> list[tuple[str, int]]:
    """Routes that fell over, also when looked at again after something was posted, or gave the odd words back as markup."""
    found = []
    for name, path in school_routes():
        if name in ("schema", "docs", "tenancy:link"):
            continue
        url = f"/s/{school.slug}/{fill(path, getattr(mine, NAMED_BY.get(name) or '', 1))}"
        if method == "get":
            answers = [client.get(url, dict.fromkeys(names_of(name), odd[:IN_AN_ADDRESS]))]
        else:
            answers = [client.post(url, dict.fromkeys(names_of(name) | offered(client.get(url)), odd))]
            if not 400 <= answers[0].status_code < 500:  # what was refused is kept nowhere, so that there is nothing new to look at
                answers.append(client.get(url))
        found += [(name, answer.status_code) for answer in answers if answer.status_code >= 500 or is_markup(answer)]
    return found


def offered(answer) -> set[str]:
    """The names of the fields on a page, those made for a row or an indicator among them; nothing that deletes it."""
    return {name for name in FIELD.findall(html(answer)) if not name.startswith(("csrf", "drop-", "_"))}


def html(answer) -> str:
    return answer.content.decode() if answer.headers.get("Content-Type", "").startswith("text/html") else ""


def is_markup(answer) -> bool:
    return SCRIPT in html(answer) or "<img src=x" in html(answer)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd)[:30])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_breaks_on_odd_words(school, method, odd):
    mine = Ids(school)
    client = signed_in(mine.head)
    client.raise_request_exception = False

    assert broken(client, school, mine, method, odd) == []
    assert len(names()) >= 60 and {"q", "campus", "tab", "score"} <= names("service_levels")


def asked(school) -> str:
    """A request, by its token."""
    with tenant_scope(school):
        return token_of(open_request(Wish("service", "x"), by=None, at=timezone.now()))


def went(school) -> dict[str, str]:
    """An event that is going on and to which a family came: by the family's link, and by the poster at the door."""
    member = make_member(school, "planner")
    with tenant_scope(school):
        now = timezone.now()
        event = planning.keep(Event(title="x", about="x", place="x", starts_at=now, ends_at=now + timedelta(hours=1)), by=member,
                              at=now - timedelta(days=1))
        inviting.invite(event, [makers.family()], by=member, at=now - timedelta(days=1))
        planning.open_invitations(event, by=member, at=now - timedelta(days=1))
        guest = event.invitations.get()
        return {"e/<str:token>/": links.token_of(guest), "e/<str:token>/here/": links.door_token(event)}


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd)[:30])
def test_no_page_for_parents_breaks_on_odd_words(school, odd):
    tokens = {"f/": asked(school), **went(school)}
    token = tokens["f/"]
    client, found = Client(raise_request_exception=False), []
    for path in (path for name, path in public_routes().items() if name in OF_A_SCHOOL | OF_A_TOKEN and not path.startswith("api/")):
        url = filled(path, next((tokens[begin] for begin in sorted(tokens, reverse=True) if path.startswith(begin)), token), school.slug)
        for answer in (client.get(url, dict.fromkeys(names("service_levels"), odd)), client.post(url, {}),
                       client.post(url, dict.fromkeys(names("service_levels") | offered(client.get(url)), odd)), client.get(url)):
            if answer.status_code >= 500 or is_markup(answer):
                found.append((path, answer.status_code))

    assert found == []
    assert [client.get(f"/{begin[0]}/{tokens[begin]}/{begin[14:]}").status_code for begin in tokens] == [200, 200, 200]


@pytest.mark.parametrize("odd", [SCRIPT, "2026-02-30"], ids=ascii)
def test_a_planted_fault_is_found(school, monkeypatch, odd):
    mine = Ids(school)
    client = signed_in(mine.head)
    client.raise_request_exception = False
    monkeypatch.setattr(families, "page", lambda request, *a,
            **k: families.HttpResponse(request.GET["q"] if odd == SCRIPT else 1 // 0))

    assert ("crm:families", 200 if odd == SCRIPT else 500) in broken(client, school, mine, "get", odd)


def test_what_is_posted_to_the_scheme_editor_is_all_of_its_fields(school):
    mine = Ids(school)
    client = signed_in(mine.head)
    (path,) = (path for name, path in school_routes() if name == "tiering:scheme")

    assert {"weight-spend", "edge-spend", "label", "gate-tier",
            "min_days"} <= offered(client.get(f"/s/{school.slug}/{fill(path, mine.scheme)}"))


# -- the admin's forms ------------------------------------------------------------------------------------------------
def spelled(form, odd) -> dict[str, str]:
    """A form as somebody fills it who chooses what there is to choose and types odd words everywhere else."""
    found = {}
    for bound in form:
        field = bound.field
        if isinstance(field, forms.ModelChoiceField):
            found[bound.html_name] = str(getattr(field.queryset.first(), "pk", ""))
        elif isinstance(field, forms.ChoiceField):
            found[bound.html_name] = str(next((value for value, _ in field.choices if value), ""))
        elif isinstance(field, forms.DateField):
            found[bound.html_name] = "2026-09-01"
        elif isinstance(field, forms.IntegerField):
            found[bound.html_name] = "1"
        else:
            found[bound.html_name] = odd
    return found


def after_saving(client, school, odd) -> list[tuple[str, int]]:
    """Addresses of the admin that fell over: adding, changing what is there, and every look at it afterwards."""
    found = []
    for model in site._registry:
        base = f"/s/{school.slug}/admin/{model._meta.app_label}/{model._meta.model_name}/"
        with tenant_scope(school):
            newest = model.objects.order_by("-pk").values_list("pk", flat=True).first()
        for url in (f"{base}add/", f"{base}{newest}/change/"):
            shown = client.get(url)
            form = getattr((shown.context or {}).get("adminform"), "form", None) if shown.status_code == 200 else None
            with tenant_scope(school):
                filled = [spelled(form, value) for value in (odd, odd[:8], odd[:30])] if form else []
            answers = [shown, *(client.post(url, values) for values in filled)]
            answers += [client.get(base), client.get(url), client.get(f"{base}{newest}/history/")]
            found += [(url, answer.status_code) for answer in answers if answer.status_code >= 500 or is_markup(answer)]
    return found


@pytest.mark.parametrize("odd", ODD if "MIAOPU_FUZZ" in os.environ else ["", SCRIPT, "苗" * 5000],
        ids=lambda odd: ascii(odd)[:30])
def test_no_form_of_the_admin_breaks_on_odd_words_nor_any_page_that_shows_them(school, odd):
    mine = Ids(school)
    client = signed_in(mine.head)
    client.raise_request_exception = False

    assert after_saving(client, school, odd) == []
    assert broken(client, school, mine, "get", "") == []

"""The rights and duties of families stand wherever parents say yes, sign, or speak their mind (C23, C24)."""
import re
from datetime import timedelta

import pytest
from django.test import Client

from crm.concerns.duties import DUTIES, RIGHTS
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.reception.makers import slot, soon


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def place(school):
    """A time that parents can book."""
    with tenant_scope(school):
        return slot(1, soon(timedelta(days=2)))


@pytest.mark.parametrize("sentence", [*RIGHTS, *DUTIES])
def test_rights_and_duties_stand_where_parents_consent(place, sentence):
    page = text(Client().get("/t/miao/book/details/", {"slot": f"s{place.pk}"}))

    assert str(sentence) in page


@pytest.mark.parametrize("sentence", [*RIGHTS, *DUTIES])
def test_they_stand_at_the_suggestion_box(school, sentence):
    assert str(sentence) in text(Client().get("/t/miao/box/"))


def test_a_colleague_who_writes_a_consent_down_is_reminded_of_them(school, at, head):
    with tenant_scope(school):
        family = makers.family()
    page = text(signed_in(make_member(school, "frontdesk")).get(f"{at}/families/{family.pk}/record/consent/"))

    assert "答复前把家长的权利和义务给他看过。" in page

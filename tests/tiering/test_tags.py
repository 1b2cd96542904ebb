"""Names of facts in templates, and where the records behind a bar are listed."""
import pytest
from django.template import Context, Template
from django.urls import set_script_prefix, set_urlconf

from tiering.rules import FACTS
from tiering.templatetags.tiers import evidence, fact_name


@pytest.mark.parametrize("code", FACTS)
def test_every_fact_has_a_name(code):
    assert str(fact_name(code)) != code


def test_an_unknown_fact_is_called_by_its_code():
    assert fact_name("shoe_size") == "shoe_size"


@pytest.fixture
def in_school(settings):
    set_urlconf(settings.SCHOOL_URLCONF)
    set_script_prefix("/s/miao/")
    yield
    set_script_prefix("/")
    set_urlconf(None)


@pytest.mark.parametrize(("code", "there"), [("spend", True), ("contacts", True), ("tenure", False), ("known", False)])
def test_a_bar_leads_to_its_records_where_there_are_any(in_school, code, there):
    assert bool(evidence(7, code)) is there


def test_a_template_writes_both(in_school):
    page = Template("{% load tiers %}{{ 'spend'|fact_name }} {% evidence 7 'spend' %}").render(Context())

    assert page == "消费金额 /s/miao/admin/crm/payment/?customer__id__exact=7"

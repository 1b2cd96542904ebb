"""园所: who works for one campus sees the families of that campus, on every page that names any."""
from datetime import date

import pytest

from crm.duplicates import candidates, merge
from crm.models import ImportRun
from crm.queries import waiting_imports
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


@pytest.fixture
def campuses(school):
    with tenant_scope(school):
        return Campus.objects.get(), Campus.objects.create(code="west", name="西园")


@pytest.fixture
def western(school, campuses):
    return make_member(school, "marketing", "西", [campuses[1]])


@pytest.fixture
def twins(school, campuses):
    """In each campus two families with one number."""
    with tenant_scope(school):
        return [[makers.family(f"{name}{n}", phone, at=campus, born_on=date(2021, 5, n)) for n in (1, 2)]
                for campus, name, phone in zip(campuses, ("东孩", "西孩"), ("13800138001", "13800138002"), strict=True)]


def test_duplicates_of_another_campus_are_not_named(school, western, head, twins):
    with tenant_scope(school):
        mine, all_of_them = candidates(western), candidates(head)

    assert [(p.first, p.second) for p in mine] == [tuple(twins[1])] and len(all_of_them) == 2


def test_a_pair_across_two_campuses_is_for_who_sees_both(school, western, head, campuses):
    with tenant_scope(school):
        for name, campus in zip(("东孩", "西孩"), campuses, strict=True):
            makers.family(name, "13800138003", at=campus, born_on=None)

        assert (candidates(western), len(candidates(head))) == ([], 1)


def test_merges_of_another_campus_are_not_on_the_page(school, western, head, twins, now):
    with tenant_scope(school):
        merge(*twins[0], take=[], by=head, at=now)
        merge(*twins[1], take=[], by=head, at=now)
    page = signed_in(western).get(f"/s/{school.slug}/duplicates/").content.decode()

    assert "西孩1一家" in page and "东孩1一家" not in page


@pytest.mark.parametrize(("role", "seen"), [("head", ["东.xlsx", "西.xlsx"]), ("marketing", ["西.xlsx"]), ("teacher", [])])
def test_imports_that_wait_are_told_to_who_may_carry_them_out(school, campuses, role, seen):
    with tenant_scope(school):
        for name, campus in zip("东西", campuses, strict=True):
            ImportRun.objects.create(kind="roster", filename=f"{name}.xlsx", campus=campus, state="checked")
    member = make_member(school, role, campuses=() if role == "head" else [campuses[1]])

    with tenant_scope(school):
        assert sorted(run.filename for run in waiting_imports(member)) == seen


@pytest.mark.parametrize("place", ["families/", "admin/crm/child/", "admin/crm/guardian/", "admin/crm/enrolment/",
        "admin/crm/customer/",
                                   "duplicates/", "families/?export=csv", "admin/crm/child/?export=csv"])
def test_no_list_names_a_child_of_another_campus(school, western, twins, place):
    answer = signed_in(western).get(f"/s/{school.slug}/{place}")
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8-sig")

    assert answer.status_code == 200 and "东孩" not in text and "西孩" in text

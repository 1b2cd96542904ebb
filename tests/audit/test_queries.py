"""历史 of a table without row history: what the audit knows of the row, in words."""
from audit.actions import record
from audit.queries import SHOWN, acts_on
from tenancy.models import Campus
from tenancy.scope import tenant_scope


def test_acts_on_a_row_are_told_newest_first_and_only_of_this_row(school, head):
    with tenant_scope(school):
        row, other = Campus.objects.get(), Campus.objects.create(code="west", name="西园")
        record(head, "tenancy.campus_added", row)
        record(None, "tenancy.campus_changed", row)
        record(head, "tenancy.campus_changed", other)

        told = [(act.who, act.what) for act in acts_on(row)]

    assert told == [("", "改园所"), ("head", "新建园所")]


def test_a_long_past_is_cut_at_its_newest_end(school, head):
    with tenant_scope(school):
        row = Campus.objects.get()
        for _ in range(SHOWN + 1):
            record(head, "tenancy.campus_changed", row)

        assert len(acts_on(row)) == SHOWN


def test_the_history_page_says_who_did_what(school, head_client):
    with tenant_scope(school):
        number = Campus.objects.get().pk
    place = f"/s/{school.slug}/admin/tenancy/campus/{number}/"
    head_client.post(f"{place}change/", {"code": "main", "name": "新本部", "address": ""})

    page = head_client.get(f"{place}history/").content.decode()

    assert "改园所" in page and "head" in page and "历史：新本部" in page


def test_the_history_of_a_row_that_is_not_there_is_not_found(school, head_client):
    assert head_client.get(f"/s/{school.slug}/admin/tenancy/campus/999999/history/").status_code == 404

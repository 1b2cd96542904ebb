"""The family list as a file: what stands in it, whose numbers, and what the log keeps."""
import pytest

from audit.models import Entry
from crm.exports import families_file
from crm.models import Child, Customer, Guardian
from tenancy.scope import tenant_scope
from tests import makers


@pytest.fixture
def miao(school, head):
    with tenant_scope(school):
        school.head, school.customer = head, makers.family("周小满", "13800138000", owner=head)
        yield school


def rows(miao, form="csv"):
    content = b"".join(families_file(miao.head, Customer.objects.present(), form).streaming_content)
    return [line.split(",") for line in content.decode("utf-8-sig").splitlines()]


def test_a_family_is_one_row_with_its_people_and_owner(miao):
    assert rows(miao)[1] == ["F-0001", "周小满一家", "幼儿家长", "本部", "周小满", "罗女士", "138****8000", "head",
            "2024-09-01"]


def test_several_people_stand_in_one_cell(miao):
    Child.objects.create(family=miao.customer.family, name="周小树")
    Guardian.objects.create(family=miao.customer.family, name="周先生")

    assert set(rows(miao)[1][4].split("、")) == {"周小满", "周小树"}
    assert rows(miao)[1][5] == "罗女士、周先生"


def test_no_number_is_whole(miao):
    assert "13800138000" not in str(rows(miao))


@pytest.mark.parametrize("name", ["=1+1", "+SUM(A1)", "@x", "-x", "＝1"])
def test_a_name_that_a_spreadsheet_would_run_is_kept_as_text(miao, name):
    Customer.objects.update(name=name)

    assert rows(miao)[1][1] == f"'{name}"


def test_each_child_and_the_export_are_in_the_log(miao):
    rows(miao)

    assert sorted(Entry.objects.values_list("verb", "data")) == [("crm.child_exported", {}),
            ("crm.exported", {"families": 1})]


def test_of_nobody_only_the_header_is_written(miao):
    Customer.objects.update(name="x")
    content = b"".join(families_file(miao.head, Customer.objects.none(), "csv").streaming_content)

    assert len(content.decode("utf-8-sig").splitlines()) == 1

"""Search as front-line people expect it."""
import pytest

from crm.models import Customer
from crm.naming import surname, syllables, tokens
from crm.queries import search
from tenancy.scope import tenant_scope
from tests import makers


@pytest.mark.parametrize("typed", ["张三", "三", "zhangsan", "zs", "zhang", "san", "13800138000", "138 0013 8000",
        "8000", "罗女士", "女士", "F-0001"])
def test_a_family_is_found_by_any_part_people_know(school, typed):
    with tenant_scope(school):
        wanted = makers.family("张三", "13800138000")
        makers.family("李四", "13900139123", guardian="王先生")

        found = list(search(Customer.objects.present(), typed))

    assert found == [wanted]


def test_what_is_not_there_is_not_found_and_every_word_must_match(school):
    with tenant_scope(school):
        makers.family("张三", "13800138000")

        assert list(search(Customer.objects.present(), "赵六")) == []
        assert list(search(Customer.objects.present(), "张三 9999")) == []
        assert search(Customer.objects.present(), "张三 8000").count() == 1


def test_surnames_are_read_as_surnames():
    assert ["".join(syllables(n)) for n in ("单雄", "尉迟恭", "解珍", "曾国")] == ["shanxiong", "yuchigong",
            "xiezhen", "zengguo"]
    assert [surname(n) for n in ("欧阳小满", "周小满")] == ["欧阳", "周"]


def test_tokens_hold_every_ending_of_name_pinyin_and_initials():
    assert tokens("张三") == {"张三", "三", "zhangsan", "san", "zs", "s"}

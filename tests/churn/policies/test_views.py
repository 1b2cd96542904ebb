"""流失管理制度 as people read it."""
import pytest

from churn.models import Cause, Policy
from tenancy.scope import tenant_scope
from tests.churn.cases.test_views import text
from tests.churn.conftest import DAY
from tests.conftest import make_member, signed_in


@pytest.fixture
def desk(school):
    return signed_in(make_member(school, "frontdesk", "小陆"))


@pytest.fixture
def published(boss, at, desk, on_the_day):
    boss.post(f"{at}/churn/policy/publish/", {"effective_on": str(DAY), "note": "头一版"})
    return boss


def test_before_it_is_published_the_text_is_there_to_be_read(desk, at, on_the_day):
    page = text(desk.get(f"{at}/churn/policy/"))

    assert "流失管理制度还没有发布" in page
    assert "指导原则：以学员为中心" in page
    assert "发布新版" not in page


def test_the_head_publishes_and_everybody_confirms(published, desk, at, school):
    with tenant_scope(school):
        pk = Policy.objects.get().pk
    page = text(published.get(f"{at}/churn/policy/"))
    assert "流失管理制度第 1 版" in page and "2 位还没确认" in page and "小陆" in page

    assert "已确认，您读过这一版" in text(desk.post(f"{at}/churn/policy/{pk}/read/", follow=True))
    assert "1 位还没确认" in text(published.get(f"{at}/churn/policy/"))
    assert "您已确认" in text(desk.get(f"{at}/churn/policy/"))


def test_what_has_changed_since_is_said_clause_by_clause(published, at, school):
    with tenant_scope(school):
        Cause.objects.filter(name="停车难").update(is_open=False)
    page = text(published.get(f"{at}/churn/policy/"))

    assert "设置改过了，制度还没跟上" in page and "新的条文 1 条，原来的 1 条不再是这样。" in page


def test_an_old_version_stays_to_be_read(published, at, school):
    with tenant_scope(school):
        old = Policy.objects.get().pk
        Cause.objects.create(area="market", name="广告夸大")
    published.post(f"{at}/churn/policy/publish/", {"effective_on": str(DAY), "note": "第二版"})

    assert "广告夸大" in text(published.get(f"{at}/churn/policy/"))
    assert "广告夸大。" not in text(published.get(f"{at}/churn/policy/{old}/")).split("各版")[0].split("看哪些变了")[-1]


@pytest.mark.parametrize("typed", [{"note": ""}, {"effective_on": "2020-01-01"}, {"effective_on": "x"}])
def test_what_is_wrong_comes_back(boss, at, school, on_the_day, typed):
    answer = boss.post(f"{at}/churn/policy/publish/", {"effective_on": str(DAY), "note": "x"} | typed)

    assert answer.status_code == 422 and 'role="alert"' in text(answer)


def test_the_desk_publishes_nothing(desk, at, on_the_day):
    assert desk.post(f"{at}/churn/policy/publish/", {"effective_on": str(DAY), "note": "x"}).status_code == 403
    assert desk.post(f"{at}/churn/policy/publish/", {}).status_code == 403


@pytest.mark.parametrize(("form", "start"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_it_leaves_as_a_file(published, desk, at, school, form, start):
    with tenant_scope(school):
        pk = Policy.objects.get().pk
    assert b"".join(desk.get(f"{at}/churn/policy/{pk}/file/{form}/").streaming_content).startswith(start)
    assert desk.get(f"{at}/churn/policy/{pk}/file/exe/").status_code == 409


def test_a_version_that_is_not_there_is_not_found(desk, at, school):
    assert desk.get(f"{at}/churn/policy/999999/").status_code == 404
    assert desk.post(f"{at}/churn/policy/999999/read/").status_code == 404

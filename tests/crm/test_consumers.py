"""What the worker does with an upload: it ends done, or failed with a reason, and whoever began it is told which."""
import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile

from crm.consumers import carry_out, check, progress_key
from crm.imports.runs import APPLY, new_run
from crm.models import Customer, FeeKind, ImportRun
from notifications.models import Message
from tenancy.scope import tenant_scope

ROSTER = "幼儿姓名,联系电话\n周小满,13800138000\n李小树,1380013\n"


@pytest.fixture
def run(school, head, now):
    with tenant_scope(school):
        yield new_run("roster", "名单.csv", campus=None, by=head, at=now, file=ContentFile(ROSTER.encode()))


def seen(run: ImportRun) -> tuple[str, str, int, list[str]]:
    run.refresh_from_db()
    return run.state, run.error, Customer.objects.count(), list(Message.objects.order_by("id").values_list("title",
            flat=True))


def test_a_check_counts_and_writes_nothing(run):
    check({"run": run.pk})

    assert seen(run) == ("checked", "", 0, [])
    assert {name: run.counts[name] for name in ("rows", "new", "refused")} == {"rows": 2, "new": 1, "refused": 1}


def test_an_import_is_told_when_it_is_done(run):
    carry_out({"run": run.pk})

    assert seen(run) == ("done", "", 1, ["花名册 导入好了"])


def test_who_stops_it_is_told_that_nothing_was_written_and_may_begin_again(run):
    cache.set(f"{progress_key(run)}:stop", True)
    carry_out({"run": run.pk})
    stopped = seen(run)
    carry_out({"run": run.pk})

    assert stopped == ("failed", "已按您的要求停下，什么都没有写入。", 0, ["花名册 没有导入，什么都没写"])
    assert seen(run)[2:] == (1, ["花名册 没有导入，什么都没写", "花名册 导入好了"])


def test_a_sheet_without_a_phone_column_asks_for_it(school, head, now):
    with tenant_scope(school):
        run = new_run("roster", "名单.csv", campus=None, by=head, at=now,
                file=ContentFile("幼儿姓名,班级\n周小满,小一班\n".encode()))
        check({"run": run.pk})

        assert seen(run)[:2] == ("mapping", "还缺这几列：手机号（加密）。请在“对应列”里选好。")


# -- promises nobody checked for -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("work", "state"), [(check, "failed"), (carry_out, "failed")])
def test_a_broken_promise_ends_the_run_with_its_words_and_never_hangs(run, monkeypatch, work, state):
    """A planted fault: the importer writes the same fee twice."""
    def broken(ledger, rows):
        for _ in range(2):
            FeeKind.objects.create(name="重名")
    monkeypatch.setitem(APPLY, "roster", broken)
    work({"run": run.pk})
    run.refresh_from_db()

    assert (run.state, run.error, FeeKind.objects.filter(name="重名").count()) == (state,
            "没有写入：已经有同名的收费项目。", 0)

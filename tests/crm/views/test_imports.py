"""Pages of an import: upload, columns, dry run, corrections, the refused rows as a file, undo; each in its state."""
import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audit.models import Entry
from crm.consumers import carry_out, check, progress_key
from crm.imports.columns import FIELDS
from crm.models import Child, ImportKind, ImportRun
from crm.views.imports import _importable
from notifications.models import Message, Outbox
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in

ROSTER = "幼儿姓名,联系电话,家庭住址\n周小满,13800138000,河畔里 12 号\n李四,1390013900,\n"


@pytest.fixture
def at(school):
    return f"/s/{school.slug}/imports"


@pytest.fixture
def upload(school, at, head_client):
    """Upload a text; the run that was made."""
    def upload(text=ROSTER, kind="roster", client=None, **values):
        with tenant_scope(school):
            campus = Campus.objects.order_by("id").first().pk
        file = SimpleUploadedFile("花名册.csv", text.encode() if isinstance(text, str) else text)
        (client or head_client).post(f"{at}/", {"kind": kind, "campus": campus, "file": file} | values)
        with tenant_scope(school):
            return ImportRun.objects.order_by("-id").first()
    return upload


@pytest.fixture
def worked(school):
    """What the worker does with the run, in a scope of its own."""
    def worked(run, work=check):
        with tenant_scope(school):
            work({"run": run.pk})
            return ImportRun.objects.get(pk=run.pk)
    return worked


def told(answer):
    return answer.content.decode()


def test_a_sheet_of_nothing_but_its_header_says_so_and_offers_no_import(at, head_client, upload, worked):
    run = worked(upload("幼儿姓名,联系电话\n"))
    page = told(head_client.get(f"{at}/{run.pk}/"))

    assert "表头下面没有一行数据" in page and "导入 0 行" not in page


def test_where_no_row_can_be_imported_the_button_rests(at, head_client, upload, worked):
    run = worked(upload("幼儿姓名,联系电话\n周小满,1380\n"))

    assert '<button class="mp-btn is-primary" disabled>导入 0 行' in told(head_client.get(f"{at}/{run.pk}/"))


# -- upload ------------------------------------------------------------------------------------------------------------
def test_an_upload_is_handed_to_the_worker_and_watched(school, at, head, head_client, upload):
    run = upload()
    page = told(head_client.get(f"{at}/{run.pk}/"))

    with tenant_scope(school):
        assert (run.state, run.by_id, run.filename, Outbox.objects.get().topic) == ("checking", head.pk, "花名册.csv",
                "crm.import_check")
        assert Entry.objects.get(verb="crm.import_uploaded").object_id == run.pk
    assert "progress" in page


@pytest.mark.parametrize("values", [{"kind": "horoscope"}, {"campus": "999"}, {"file": ""}, {"kind": ""}])
def test_an_upload_that_is_none_says_what_is_missing(school, at, head_client, upload, values):
    assert upload(**values) is None


def test_a_file_that_is_too_large_is_refused(school, at, head_client, upload, monkeypatch):
    monkeypatch.setattr("crm.views.imports.MAX_UPLOAD", 10)

    assert upload() is None


def test_the_page_begins_with_the_kind_it_was_opened_for(at, head_client):
    assert head_client.get(f"{at}/?kind=payments").context["form"].initial == {"kind": "payments"}


@pytest.mark.parametrize(("role", "status"), [("marketing", 200), ("admin", 200), ("supervisor", 200), ("frontdesk",
        403), ("teacher", 403), ("inspector", 403)])
def test_who_may_import_finds_the_page(school, at, role, status):
    assert signed_in(make_member(school, role)).get(f"{at}/").status_code == status


@pytest.mark.parametrize("kind", ImportKind.values)
def test_there_is_a_template_of_each_kind_with_its_columns(at, head_client, kind):
    answer = head_client.get(f"{at}/template/{kind}/")
    header = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active[1]]

    assert header == [field.words[0] + ("*" if field.required else "") for field in FIELDS[kind]]


def test_a_template_of_nothing_is_not_found(at, head_client):
    assert head_client.get(f"{at}/template/horoscope/").status_code == 404


# -- dry run ------------------------------------------------------------------------------------------------------------
def test_after_the_dry_run_the_page_says_what_would_happen(at, head_client, upload, worked):
    run = worked(upload())
    page = head_client.get(f"{at}/{run.pk}/")

    assert (run.state, run.counts["new"], run.counts["refused"], page.context["good"]) == ("checked", 1, 1, 1)
    assert "少了 1 位" in told(page)
    assert [issue.number for issue, _name in page.context["issues"]] == [3]


def test_columns_are_shown_with_masked_samples(at, head_client, upload, worked):
    run = worked(upload())
    columns = head_client.get(f"{at}/{run.pk}/").context["columns"]

    assert [(title, samples, field) for _n, title, samples, field in columns] == [
        ("幼儿姓名", ["周小满", "李四"], "child_name"), ("联系电话", ["138****8000", "139****3900"], "phone"),
        ("家庭住址", ["河畔里 …"], "address")]


def test_columns_that_were_not_understood_are_asked_for(at, head_client, upload, worked):
    run = worked(upload("娃,打这个,住哪\n幼儿姓名,周小满,13800138000\n"))

    assert run.state in ("mapping", "failed")
    assert head_client.get(f"{at}/{run.pk}/").status_code == 200


def test_chosen_columns_are_tried_again(school, at, head_client, upload, worked):
    run = worked(upload("幼儿姓名,班级,妈妈的号\n周小满,小一班,13800138000\n"))
    before = run.state
    head_client.post(f"{at}/{run.pk}/map/", {"column-0": "child_name", "column-2": "phone", "column-1": "nonsense",
            "column-x": "sex"})
    after = worked(run)

    assert (before, after.state, after.counts["new"], after.mapping["columns"]) == ("mapping", "checked", 1,
            {"child_name": 1, "phone": 3})


def test_a_file_that_is_none_fails_with_what_to_do(at, head_client, upload, worked):
    run = worked(upload(b"PK\x03\x04 this is no workbook"))
    page = told(head_client.get(f"{at}/{run.pk}/"))

    assert (run.state, "读不了这个文件" in run.error, "读不了这个文件" in page) == ("failed", True, True)


# -- corrections ----------------------------------------------------------------------------------------------------------
def test_a_refused_row_is_corrected_in_place(at, head_client, upload, worked):
    run = worked(upload())
    head_client.post(f"{at}/{run.pk}/fix/3/", {"field": "phone", "value": "13900139000"})
    run = worked(run)

    assert (run.state, run.counts["new"], run.counts["refused"]) == ("checked", 2, 0)


@pytest.mark.parametrize("field", ["nonsense", "", "phone_sealed"])
def test_a_column_that_is_not_there_is_not_corrected(at, head_client, upload, worked, field):
    run = worked(upload())

    assert head_client.post(f"{at}/{run.pk}/fix/3/", {"field": field, "value": "x"}).status_code == 409


def test_the_refused_rows_are_a_file_with_the_reason_and_the_download_is_counted(school, at, head_client, upload, worked):
    run = worked(upload())
    answer = head_client.get(f"{at}/{run.pk}/refused/")
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active]

    assert rows[1] == [3, "手机号（加密）", "少了 1 位，手机号是 11 位", "李四", "1390013900", None]
    with tenant_scope(school):
        assert Entry.objects.get(verb="crm.refused_rows_downloaded").data == {"rows": 1}


def test_a_run_without_refused_rows_gives_an_empty_file(at, head_client, upload, worked):
    run = worked(upload("幼儿姓名,联系电话\n周小满,13800138000\n"))

    assert head_client.get(f"{at}/{run.pk}/refused/").status_code == 200


# -- the import itself -----------------------------------------------------------------------------------------------------
def test_it_begins_only_after_the_dry_run(at, head_client, upload):
    run = upload()
    answer = head_client.post(f"{at}/{run.pk}/start/")

    assert answer.status_code == 409 and "先看过试运行的结果" in told(answer)


def test_it_is_carried_out_once_and_told(school, at, head_client, upload, worked):
    run = worked(upload())
    first, second = (head_client.post(f"{at}/{run.pk}/start/").status_code for _ in range(2))
    run = worked(run, carry_out)

    assert (first, second, run.state) == (302, 409, "done")
    assert "花名册 导入好了" in run_messages(school)
    with tenant_scope(school):
        assert list(Child.objects.values_list("name", flat=True)) == ["周小满"]


def run_messages(school):
    with tenant_scope(school):
        return list(Message.objects.values_list("title", flat=True))


def test_while_it_runs_the_page_moves_and_at_rest_it_reloads(school, at, head_client, upload, worked):
    run = worked(upload())
    head_client.post(f"{at}/{run.pk}/start/")
    cache.set(progress_key(run), 1200, 60)
    moving = head_client.get(f"{at}/{run.pk}/progress/")
    worked(run, carry_out)
    resting = head_client.get(f"{at}/{run.pk}/progress/")

    assert "1200" in told(moving).replace(",", "") and resting["HX-Refresh"] == "true"


def test_a_run_is_stopped_on_request_and_nothing_is_written(school, at, head_client, upload, worked):
    run = worked(upload())
    head_client.post(f"{at}/{run.pk}/start/")
    head_client.post(f"{at}/{run.pk}/progress/")
    run = worked(run, carry_out)

    assert (run.state, run.error) == ("failed", "已按您的要求停下，什么都没有写入。")
    with tenant_scope(school):
        assert not Child.objects.exists()


def test_a_done_import_is_undone_from_its_page(school, at, head_client, upload, worked):
    run = worked(upload())
    head_client.post(f"{at}/{run.pk}/start/")
    run = worked(run, carry_out)
    offered = head_client.get(f"{at}/{run.pk}/").context["undoable"]
    page = told(head_client.post(f"{at}/{run.pk}/undo/", follow=True))

    with tenant_scope(school):
        assert (offered, ImportRun.objects.get().state, Child.objects.exists()) == (True, "undone", False)
    assert "已撤销这一批" in page
    assert "已撤销：导入过的 1 行都退回去了" in page
    assert "已导入" not in page


@pytest.mark.parametrize(("kind", "good"), [("roster", 6), ("attendance", 6), ("payments", 8)])
def test_doubled_rows_come_in_among_payments_only(school, kind, good):
    """Two equal payments may both be meant; a second word about the same child or day is not taken."""
    with tenant_scope(school):
        run = ImportRun(kind=kind, counts={"rows": 10, "refused": 2, "doubled": 2})

    assert _importable(run) == good


def test_after_a_week_it_is_not_offered(school, at, head_client, upload, worked):
    run = worked(upload())
    head_client.post(f"{at}/{run.pk}/start/")
    worked(run, carry_out)
    with tenant_scope(school):
        ImportRun.objects.update(finished_at=timezone.now() - timedelta(days=8))

    assert head_client.get(f"{at}/{run.pk}/").context["undoable"] is False


# -- whose ------------------------------------------------------------------------------------------------------------------
def test_a_run_of_another_campus_is_not_there(school, at, upload, worked):
    run = worked(upload())
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    client = signed_in(make_member(school, "marketing", campuses=[west]))

    assert [client.get(f"{at}/{run.pk}/{place}").status_code for place in ("", "refused/", "progress/")] == [404] * 3
    assert "花名册.csv" not in told(client.get(f"{at}/"))


@pytest.mark.parametrize("place", ["", "refused/", "progress/"])
def test_a_run_that_is_not_there_is_not_found(at, head_client, place):
    assert head_client.get(f"{at}/999999/{place}").status_code == 404


@pytest.mark.parametrize("verb", ["map", "fix/2", "start", "undo"])
def test_acts_need_a_post(at, head_client, upload, verb):
    assert head_client.get(f"{at}/{upload().pk}/{verb}/").status_code == 405

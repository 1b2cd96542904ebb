"""The other kinds of sheets, corrections in place, undo, GBK and hostile files."""
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command

from crm.imports.runs import fix, new_run, start, understand
from crm.imports.sheet import read_rows
from crm.imports.undo import undo
from crm.models import (
    Attendance,
    Child,
    Customer,
    Enrolment,
    Family,
    FeeKind,
    Guardian,
    ImportRow,
    LessonPackage,
    Partner,
    Payment,
    TimelineEntry,
    WorkingGroup,
)
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, make_school

ROSTER = "幼儿姓名,出生日期,家长姓名,联系电话,家庭住址,班级,入园时间,职业\n周小满,2021-05-01,罗女士,13800138000,河畔里3号,小一班,2024-09-01,教师\n"


def bring(school, tmp_path, kind, text, encoding="utf-8", **more):
    path = tmp_path / f"{kind}.csv"
    path.write_bytes(text.encode(encoding))
    with tenant_scope(school):
        sheet = understand(kind, path)
        run = new_run(kind, path.name, campus=None, by=None, at=more["now"])
        start(run, sheet, at=more["now"])
    return run


def test_address_and_occupation_come_in_and_the_address_is_sealed(school, tmp_path, now):
    bring(school, tmp_path, "roster", ROSTER, now=now)

    with tenant_scope(school):
        family, guardian = Family.objects.get(), Guardian.objects.get()
        assert (family.address, guardian.occupation) == ("河畔里3号", "教师")
        assert "河畔".encode() not in bytes(family.address_sealed)


def test_a_sheet_in_gbk_with_title_rows_and_totals_is_read(school, tmp_path, now):
    text = "某园花名册,,,,\n,,,,\n" + ROSTER + "合计,1,,,\n"
    run = bring(school, tmp_path, "roster", text, "gbk", now=now)

    assert (run.counts["rows"], run.counts["new"], run.counts["classes"]) == (1, 1, ["小一班"])


def test_sign_ins_stand_on_the_timeline_once(school, tmp_path, now):
    with tenant_scope(school):
        makers.family()
    sheet = "活动日期,家长电话,活动名称\n2026-09-13,13800138000,中秋灯会\n2026-09-13,13800138001,中秋灯会\n"
    first, second = (bring(school, tmp_path, "activities", sheet, now=now) for _ in range(2))

    with tenant_scope(school):
        assert list(TimelineEntry.objects.values_list("kind", "channel", "title")) == [("event", "sign_in", "中秋灯会")]
    assert [(r.counts["new"], r.counts["refused"]) for r in (first, second)] == [(1, 1), (0, 1)]


def test_a_lead_becomes_a_prospect_with_its_consultation(school, tmp_path, now):
    bring(school, tmp_path, "leads", "咨询日期,家长姓名,电话,幼儿姓名,来源,咨询内容\n2026-11-01,吴女士,13900139000,吴小溪,小红书,问学费\n", now=now)

    with tenant_scope(school):
        customer = Customer.objects.get()
        assert (customer.name, customer.source, Enrolment.objects.count()) == ("吴小溪一家", "小红书", 0)
        assert TimelineEntry.objects.get(customer=customer).text == "问学费"


def test_partners_are_customers_of_their_own_type(school, tmp_path, now):
    sheet = "机构名称,联系人,电话,合作内容\n区图书馆,王老师,0571-88888888,绘本借阅\n"
    bring(school, tmp_path, "partners", sheet, now=now)
    again = bring(school, tmp_path, "partners", sheet, now=now)

    with tenant_scope(school):
        partner = Partner.objects.get()
        assert (partner.customer.type.code, partner.phone, partner.field, again.counts["new"]) == ("partner",
                "057188888888", "绘本借阅", 0)


def test_attendance_lessons_and_enrolments_find_the_child(school, tmp_path, now):
    with tenant_scope(school):
        makers.family(enrolled=False)
    bring(school, tmp_path, "attendance", "日期,家长电话,幼儿姓名,情况\n2026-11-02,13800138000,周小满,请假\n", now=now)
    bring(school, tmp_path, "lessons", "购买日期,家长电话,课程,购买课时,赠送课时,已上课时\n2026-09-01,13800138000,围棋,20,4,7\n", now=now)
    bring(school, tmp_path, "enrolments",
            "家长电话,幼儿姓名,班级,入园日期,离园日期,离园原因\n13800138000,周小满,小一班,2024-09-01,2026-07-10,毕业\n", now=now)

    with tenant_scope(school):
        assert Attendance.objects.get().status == "leave"
        assert LessonPackage.objects.get().left == 17
        assert (Enrolment.objects.get().class_group.name, Enrolment.objects.get().outcome) == ("小一班", "graduated")


def test_a_refused_row_is_corrected_in_place(school, tmp_path, now):
    path = tmp_path / "r.csv"
    path.write_text(ROSTER.replace("13800138000", "1380013800"))
    with tenant_scope(school):
        sheet = understand("roster", path)
        run = new_run("roster", "r.csv", campus=None, by=None, at=now)
        fix(run, 2, "phone", "13800138000")
        start(run, sheet, at=now)

        assert (run.counts["refused"], Guardian.objects.get().phone) == (0, "13800138000")


def test_equal_payment_lines_are_kept_and_listed_and_zero_amounts_too(school, tmp_path, now):
    with tenant_scope(school):
        makers.family()
    lines = "缴费日期,家长电话,收费项目,金额\n" + "2026-09-01,13800138000,保教费,800\n" * 2 + "2026-09-01,13800138000,伙食费,0\n"
    run = bring(school, tmp_path, "payments", lines, now=now)
    again = bring(school, tmp_path, "payments", lines, now=now)

    with tenant_scope(school):
        assert (Payment.objects.count(), run.counts["doubled"], again.counts["new"]) == (3, 1, 0)
        assert ImportRow.objects.filter(run=run).get().reason.startswith("和前面一行完全相同")


def test_a_whole_import_is_taken_back_within_seven_days(school, tmp_path, now):
    run = bring(school, tmp_path, "roster", ROSTER, now=now)
    with tenant_scope(school):
        with pytest.raises(Refused, match="7 天"):
            undo(run, by=None, at=now + timedelta(days=8))
        undo(run, by=None, at=now + timedelta(days=6))

        assert [m.objects.count() for m in (Customer, Family, Guardian, Child, Enrolment)] == [0] * 5


def test_an_import_is_not_taken_back_from_under_later_work(school, tmp_path, now):
    run = bring(school, tmp_path, "roster", ROSTER, now=now)
    with tenant_scope(school):
        makers.entry(Customer.objects.get())
        with pytest.raises(Refused, match="不能整批撤销"):
            undo(run, by=None, at=now)


def test_an_update_by_import_is_put_back_by_undo(school, tmp_path, now):
    bring(school, tmp_path, "roster", ROSTER, now=now)
    changed = bring(school, tmp_path, "roster", ROSTER.replace("小一班", "中一班"), now=now)
    with tenant_scope(school):
        during = Enrolment.objects.get().class_group.name
        undo(changed, by=None, at=now)

        assert (changed.counts["changed"], during, Enrolment.objects.get().class_group.name) == (1, "中一班", "小一班")


@pytest.mark.parametrize("content,said", [(b"", "空的"), (b"PK\x03\x04rubbish", "读不了"),
        (b"\xd0\xcf\x11\xe0rubbish", "读不了")])
def test_a_file_that_is_none_says_what_to_do(tmp_path, content, said):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)

    with pytest.raises(Refused, match=said):
        read_rows(path)


def test_a_zip_bomb_is_refused_by_its_declared_size(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number in range(4):
            bundle.writestr(f"{number}.xml", b"0" * (100 * 1024 * 1024))

    with pytest.raises(Refused, match="解压后太大"):
        read_rows(path)


def test_a_sheet_without_a_header_says_so(school, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("1,2,3\n4,5,6\n")

    with tenant_scope(school), pytest.raises(Refused, match="没找到表头"):
        understand("roster", path)


def test_several_campuses_must_be_chosen_from(db, tmp_path):
    make_school("two", a="一部", b="二部")
    path = tmp_path / "r.csv"
    path.write_text(ROSTER)

    with pytest.raises(Exception, match="多个园所"):
        call_command("import_archive", str(path), "--tenant", "two", "--kind", "roster", stdout=io.StringIO())
    out = io.StringIO()
    call_command("import_archive", str(path), "--tenant", "two", "--kind", "roster", "--campus", "b", stdout=out)
    assert json.loads(out.getvalue())["new"] == 1


def test_fee_kinds_carry_the_laws_limits_as_warnings(school, other_school):
    with tenant_scope(school):
        kindergarten = FeeKind.objects.get(name="兴趣班费").warning
    with tenant_scope(other_school):
        training = FeeKind.objects.get(name="课程费").warning

    assert "禁止" in kindergarten and "3 个月" in training


def test_a_working_group_has_kind_leader_and_members(school, head):
    colleague = make_member(school, "teacher")
    with tenant_scope(school):
        group = WorkingGroup.objects.create(kind="win_back", name="挽回小组", leader=head, cadence="每周")
        group.members.create(member=colleague)

        assert (group.leader, group.get_kind_display(), [m.member for m in group.members.all()]) == (head,
                "客户挽回小组", [colleague])

"""The head's whole story: import the school's own sheets, re-tier, see who and why, a second person publishes, the report."""
from pathlib import Path

import pytest

from tests.conftest import make_member, make_school

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "kindergarten"


@pytest.fixture
def schools(transactional_db):
    mine, other = make_school("miao"), make_school("qi")
    for role in ("head", "deputy", "relations"):
        make_member(mine, role)
    make_member(other, "head")
    return mine, other


def import_sheet(someone, kind, name, expected):
    someone.go("imports/")
    someone.page.select_option("#id_kind", kind)
    someone.page.set_input_files("#id_file", DATA / name)
    someone.press("上传并试运行")
    someone.sees(expected)
    someone.page.get_by_role("button", name="导入", exact=False).last.click()
    someone.sees("7 天内可以整批撤销")


def test_from_messy_spreadsheets_to_a_published_report(schools, person):
    head = person("miao").sign_in("head@miao")
    head.sees("档案还是空的")

    import_sheet(head, "roster", "花名册.xlsx", "300 行可以导入，6 行要改")
    import_sheet(head, "payments", "收费流水.xlsx", "9948 行可以导入")
    import_sheet(head, "referrals", "推荐登记.csv", "60 行可以导入")

    head.go("tiering/batches/")
    head.page.fill("#b-day", "2026-10-31")
    head.press("冻结并计算")
    head.sees("242 户")
    head.press("提交复核")
    head.sees("您是提交人，不能审批自己的批次")
    batch = head.page.url

    relations = person("miao").sign_in("relations@miao")
    relations.go("inbox/")
    relations.page.get_by_text("定级批次等您复核").click()
    relations.press("同意")
    relations.sees("已记下您的复核意见")

    deputy = person("miao").sign_in("deputy@miao")
    deputy.page.goto(batch)
    deputy.press("批准并发布…")
    deputy.press("批准并发布")
    deputy.sees("已发布 242 户的等级")

    head.page.goto(batch)
    head.page.locator("table.mp-table a").first.click()
    head.sees("最近的路")

    head.go("tiering/report/")
    head.sees("等级分布")
    with head.page.expect_download() as pdf:
        head.page.get_by_role("link", name="A4 打印版").click()
    assert Path(pdf.value.path()).read_bytes().startswith(b"%PDF")
    head.page.fill("#summary", "A 级家庭稳，D 级要补量表。")
    head.press("签发报告")
    head.sees("签发")

    stranger = person("qi").sign_in("head@qi")
    stranger.go("families/")
    stranger.sees("还没有家庭")
    assert stranger.page.goto(batch).status == 404


def test_a_head_changes_a_weight_adds_a_gate_and_runs_the_sandbox_without_help(schools, person):
    head = person("miao").sign_in("head@miao")
    import_sheet(head, "roster", "花名册.xlsx", "300 行可以导入")

    head.go("tiering/schemes/")
    head.page.get_by_role("link", name="编辑草案").first.click()
    head.page.wait_for_selector("#weight-word:text-is('正好')")
    head.page.clock.install()
    head.page.fill("[name=weight-spend]", "25")
    head.press("保存草案")
    head.sees("权重合计 95，少了 5，要正好 100。")
    head.page.wait_for_selector("#weight-word:text-is('少了 5')")
    head.sees("草案已保存")
    head.page.clock.fast_forward(9_000)
    head.page.wait_for_selector(".mp-toast", state="detached")
    head.page.fill("[name=weight-activities]", "10")
    head.page.locator("[name=gate-fact]").last.select_option("activities")
    head.page.locator("[name=gate-least]").last.fill("2")
    head.press("保存并试算")

    head.sees("若改用草案")
    head.sees("消费金额 30 → 25")
    head.press("提交审批")
    head.sees("您是提交人，请另一位同事审批")

    deputy = person("miao").sign_in("deputy@miao")
    deputy.page.goto(head.page.url)
    deputy.press("批准并生效")
    deputy.sees("第 2 版已生效")

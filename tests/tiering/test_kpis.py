"""K44 as it is written: what families answered, natural leavers out of both, first enrolments over the start, the tier of the day."""
from datetime import date

import pytest
from scipy import stats

from crm.models import Enrolment, Satisfaction
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.tiering.test_batches import published
from tiering import queries, reports
from tiering.charts import wilson
from tiering.models import Scheme, Standing
from tiering.stays import Mean, Rate

START, END = date(2026, 6, 30), date(2026, 9, 30)


@pytest.fixture
def kindergarten(school, head, deputy):
    school.head, school.deputy, school.teacher = head, deputy, make_member(school, "relations")
    return school


def leave(customer, on, outcome):
    Enrolment.objects.filter(child__family__customer=customer).update(until_on=on, outcome=outcome)


def test_retention_leaves_natural_leavers_out_of_both(kindergarten):
    with tenant_scope(kindergarten):
        families = [makers.family(f"孩{n}子", f"1380013800{n}") for n in range(4)]
        leave(families[0], date(2026, 7, 10), "graduated")
        leave(families[1], date(2026, 8, 1), "transferred")
        rates = queries.stays().retention(START, END, {families[1].pk: "D", families[2].pk: "A", families[3].pk: "A"})

    assert (rates[""], rates["A"], rates["D"]) == (Rate(2, 3), Rate(2, 2), Rate(0, 1))


def test_growth_is_first_enrolments_over_those_enrolled_at_the_start(kindergarten):
    with tenant_scope(kindergarten):
        for n in range(4):
            makers.family(f"老{n}生", f"1380013800{n}", date(2024, 9, 1))
        makers.family("新同学", "13800138009", date(2026, 9, 1))

        assert queries.stays().growth(START, END) == Rate(1, 4)


def answered(customer, score, on):
    Satisfaction.objects.create(customer=customer, answered_on=on, score=score, channel="phone")


def test_an_answer_counts_for_the_tier_of_its_day(kindergarten):
    with tenant_scope(kindergarten):
        scheme = Scheme.objects.get(code="kg-ad")
        home, other = makers.family("周小满", "13800138001"), makers.family("吴小禾", "13800138002")
        Standing.objects.create(scheme=scheme, customer=home, tier=0, label="A", score=1, from_on=START, until_on=date(2026, 8, 1))
        Standing.objects.create(scheme=scheme, customer=home, tier=1, label="B", score=1, from_on=date(2026, 8, 1))
        for score, day in ((5, date(2026, 7, 31)), (3, date(2026, 8, 1)), (1, START), (1, date(2026, 10, 1))):
            answered(home, score, day)
        answered(other, 4, END)

        found = queries.satisfaction_by_tier(START, END)

    assert found == {"": Mean(12, 3), "A": Mean(5, 1), "B": Mean(3, 1), "?": Mean(4, 1)}
    assert (found[""].score, Mean(0, 0).score) == (4.0, None)


def test_where_nobody_answered_there_is_no_score(kindergarten):
    with tenant_scope(kindergarten):
        assert queries.satisfaction_by_tier(START, END) == {"": Mean(0, 0)}


def test_the_report_says_how_satisfied_each_tier_was(kindergarten, now):
    with tenant_scope(kindergarten):
        home = makers.family("周小满", "13800138001")
        batch = published(kindergarten, now, END)
        answered(home, 4, END)
        made = reports.build(batch)

    assert made.satisfaction[""] == Mean(4, 1) and made.satisfaction_before == Mean(0, 0)


def test_a_referral_counts_for_the_tier_of_its_day(kindergarten, now):
    with tenant_scope(kindergarten):
        customer = makers.family("周小满", "13800138000", date(2023, 9, 1))
        published(kindergarten, now, START)
        makers.referral(customer, date(2026, 7, 15), date(2026, 9, 1))
        makers.referral(customer, date(2026, 5, 15), date(2026, 9, 2), "13900139001")

        assert dict(queries.referred_by_tier(START, END)) == {queries.labels_now([customer.pk])[customer.pk]: 1, "": 1}


def test_a_report_is_written_signed_and_then_closed(kindergarten, now):
    with tenant_scope(kindergarten):
        makers.family("周小满", "13800138000", date(2023, 9, 1))
        batch = published(kindergarten, now, END)
        with pytest.raises(Refused, match="先写一段"):
            reports.sign(batch, by=kindergarten.head, at=now)
        reports.write_summary(batch, "A 级稳。", by=kindergarten.head)
        reports.sign(batch, by=kindergarten.head, at=now)
        with pytest.raises(Refused, match="不能再改"):
            reports.write_summary(batch, "改一下", by=kindergarten.head)
        stored = reports.report_of(batch)

    assert stored.summary == "A 级稳。" and stored.figures["retention"][""] == [1, 1]
    assert stored.figures["distribution"] == [["A", 0], ["B", 0], ["C", 0], ["D", 1]]


def test_page_pdf_and_workbook_are_made_and_say_nobodys_phone(kindergarten, now):
    with tenant_scope(kindergarten):
        makers.family("周小满", "13800138000", date(2023, 9, 1))
        batch = published(kindergarten, now, END)
    client = signed_in(kindergarten.head)
    address = f"/s/miao/tiering/batches/{batch.pk}/"

    page = client.get(address + "report/").content
    pdf = b"".join(client.get(address + "report.pdf").streaming_content)
    book = b"".join(client.get(address + "report.xlsx").streaming_content)

    assert (pdf[:4], book[:2]) == (b"%PDF", b"PK") and b"13800138000" not in page


def test_the_interval_is_wilsons():
    expected = stats.binomtest(68, 89).proportion_ci(method="wilson")

    assert wilson(68, 89) == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert wilson(0, 0) == (0.0, 1.0)

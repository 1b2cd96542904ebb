"""What is known of a customer, written down: people, ratings, answers, classes, attendance, lessons, extras."""
from datetime import date, timedelta

import pytest

from audit.models import Entry
from crm import facts
from crm.models import (
    Assessment,
    Attendance,
    Child,
    ClassGroup,
    Consent,
    Customer,
    Enrolment,
    ExtraField,
    ExtraValue,
    Guardian,
    IntentRating,
    LessonPackage,
    Satisfaction,
)
from crm.parse import Unreadable
from crm.queries import search
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers

TODAY = date(2026, 11, 20)


@pytest.fixture
def miao(school, head):
    with tenant_scope(school):
        school.head = head
        school.family = makers.family("周小满", "13800138000", date(2025, 9, 1))
        yield school


# -- people ------------------------------------------------------------------------------------------------------------
def test_somebody_is_added_to_a_family_and_found(miao):
    made = facts.save_guardian(miao.family, None, name=" 周 爸爸 ", relation="father", phone="139 0013 9000", by=miao.head)

    assert (made.name, made.phone, made.phone_mask, made.family.customer_id) == ("周爸爸", "13900139000",
            "139****9000", miao.family.pk)
    assert list(search(Customer.objects.present(),
            "9000")) == [miao.family] == list(search(Customer.objects.present(), "周爸爸"))


def test_somebody_without_a_number_is_added(miao):
    made = facts.save_guardian(miao.family, None, name="外婆", relation="grandma_m", phone="", by=miao.head)

    assert (made.phone, made.phone_index, Guardian.objects.count()) == ("", "", 2)


def test_a_correction_keeps_the_number_where_none_is_given(miao):
    guardian = Guardian.objects.get()
    facts.save_guardian(miao.family, guardian, name="罗妈妈", relation="mother", phone=" ", by=miao.head)

    assert (Guardian.objects.get().name, Guardian.objects.get().phone) == ("罗妈妈", "13800138000")


def test_a_new_number_finds_the_family_and_the_old_one_no_longer(miao):
    facts.save_guardian(miao.family, Guardian.objects.get(), name="罗女士", relation="mother", phone="13900139000",
            by=miao.head)

    assert list(search(Customer.objects.present(), "13900139000")) == [miao.family]
    assert not search(Customer.objects.present(), "13800138000")


@pytest.mark.parametrize(("name", "phone", "error"), [("罗女士", "1390", Refused), ("", "13900139000", Unreadable),
        ("名" * 41, "", Unreadable)])
def test_a_name_or_number_that_is_none_changes_nothing(miao, name, phone, error):
    with pytest.raises(error):
        facts.save_guardian(miao.family, None, name=name, relation="mother", phone=phone, by=miao.head)

    assert Guardian.objects.count() == 1


def test_a_child_is_added_once(miao):
    made = facts.add_child(miao.family, name=" 周 小树 ", born_on=date(2023, 1, 1), sex="m", by=miao.head)
    with pytest.raises(Refused, match="同名同生日"):
        facts.add_child(miao.family, name="周小树", born_on=date(2023, 1, 1), sex="", by=miao.head)

    assert (made.name, Child.objects.count(), list(search(Customer.objects.present(), "zxs"))) == ("周小树", 2,
            [miao.family])


def test_twins_in_name_only_are_two_children(miao):
    for born in (date(2023, 1, 1), date(2024, 1, 1), None):
        facts.add_child(miao.family, name="周小树", born_on=born, sex="", by=miao.head)

    assert Child.objects.filter(name="周小树").count() == 3


# -- ratings and answers -------------------------------------------------------------------------------------------------
def test_an_intent_rating_keeps_its_five_answers_and_evidence(miao):
    scores = {"philosophy": 5, "teaching": 4, "co_education": 3, "eagerness": 2, "likelihood": 1}
    facts.rate_intent(miao.family, scores=scores, evidence="家访", on=TODAY, by=miao.head)
    rating = IntentRating.objects.get()

    assert {name: getattr(rating, name) for name in scores} == scores
    assert (rating.evidence, rating.by_id) == ("家访", miao.head.pk)


@pytest.mark.parametrize("about", Assessment.About.values)
def test_an_assessment_keeps_its_ground(miao, about):
    facts.assess(miao.family, about=about, score=4, ground="按时缴费", on=TODAY, by=miao.head)

    assert Assessment.objects.values_list("about", "score", "ground", "assessed_on").get() == (about, 4, "按时缴费", TODAY)


def test_an_answer_keeps_its_channel_and_words(miao):
    facts.answer(miao.family, score=5, channel="wechat", comment="老师很好", on=TODAY, by=miao.head)

    assert Satisfaction.objects.values_list("score", "channel", "comment").get() == (5, "wechat", "老师很好")


# -- classes ---------------------------------------------------------------------------------------------------------------
@pytest.fixture
def classes(miao):
    first, second = (ClassGroup.objects.create(campus=miao.family.campus, name=name) for name in ("小一班", "小二班"))
    Enrolment.objects.update(class_group=first)
    return first, second


def test_a_child_changes_class_from_a_day(miao, classes):
    made = facts.change_class(Child.objects.get(), to=classes[1], on=date(2026, 9, 1), by=miao.head)
    old = Enrolment.objects.exclude(pk=made.pk).get()

    assert (old.until_on, old.outcome, made.from_on, made.class_group) == (date(2026, 8, 31), "promoted",
            date(2026, 9, 1), classes[1])


def test_another_campus_is_another_reason(miao, classes):
    west = ClassGroup.objects.create(campus=Campus.objects.create(code="west", name="西园"), name="小一班")
    made = facts.change_class(Child.objects.get(), to=west, on=date(2026, 9, 1), by=miao.head)

    assert (Enrolment.objects.exclude(pk=made.pk).get().outcome, made.campus_id) == ("campus", west.campus_id)


@pytest.mark.parametrize(("to", "on", "field"), [(0, date(2026, 9, 1), "to"), (1, date(2025, 9, 1), "on"), (1,
        date(2025, 8, 31), "to")])
def test_a_change_that_is_none_is_refused(miao, classes, to, on, field):
    with pytest.raises(Refused) as refusal:
        facts.change_class(Child.objects.get(), to=classes[to], on=on, by=miao.head)

    assert (refusal.value.field, Enrolment.objects.count()) == (field, 1)


def test_who_has_left_changes_no_class(miao, classes):
    Enrolment.objects.update(until_on=date(2026, 6, 30), outcome="moved")
    with pytest.raises(Refused, match="这一天不在园"):
        facts.change_class(Child.objects.get(), to=classes[1], on=date(2026, 9, 1), by=miao.head)


# -- attendance ----------------------------------------------------------------------------------------------------------------
def test_a_class_is_marked_and_marked_again(miao, classes):
    child = Child.objects.get()
    counts = [facts.take_attendance(classes[0], TODAY, {child.pk: status}, today=TODAY,
            by=miao.head) for status in ("leave", "absent")]

    assert (counts, Attendance.objects.get().status) == ([1, 1], "absent")


@pytest.mark.parametrize("marks", [{}, {10**9: "leave"}])
def test_nobody_of_another_class_is_marked(miao, classes, marks):
    assert (facts.take_attendance(classes[0], TODAY, marks, today=TODAY, by=miao.head),
            Attendance.objects.count()) == (0, 0)


@pytest.mark.parametrize("word", ["", "sick", "PRESENT"])
def test_a_word_nobody_knows_marks_nobody(miao, classes, word):
    assert facts.take_attendance(classes[0], TODAY, {Child.objects.get().pk: word}, today=TODAY, by=miao.head) == 0


def test_tomorrow_is_not_marked(miao, classes):
    with pytest.raises(Refused, match="还没到") as refusal:
        facts.take_attendance(classes[0], TODAY + timedelta(days=1), {}, today=TODAY, by=miao.head)

    assert refusal.value.field == "day"


# -- lessons --------------------------------------------------------------------------------------------------------------------
def package(miao, **values):
    known = dict(child=None, course=" 钢琴 ", bought=10, gifted=2, on=TODAY, expires_on=None, by=miao.head)
    return facts.sell_lessons(miao.family, **(known | values))


def test_a_package_counts_what_was_bought_given_and_used(miao):
    made = package(miao)
    facts.use_lessons(made, 3, by=miao.head)
    kept = LessonPackage.objects.get()

    assert (kept.course, kept.used, kept.left, str(kept)) == ("钢琴", 3, 9, "钢琴，剩 9 课时")


@pytest.mark.parametrize("uses", [[13], [12, 1], [5, 5, 3], [0], [-1]])
def test_a_package_is_never_overdrawn(miao, uses):
    made = package(miao)
    with pytest.raises(Refused, match="“钢琴”只剩"):
        for count in uses:
            facts.use_lessons(made, count, by=miao.head)

    assert 0 <= LessonPackage.objects.get().used <= 12


@pytest.mark.parametrize(("expires_on", "taken"), [(TODAY, True), (TODAY - timedelta(days=1), False), (None, True)])
def test_a_package_does_not_end_before_it_was_bought(miao, expires_on, taken):
    try:
        package(miao, expires_on=expires_on)
    except Refused as refusal:
        assert refusal.field == "expires_on"

    assert LessonPackage.objects.exists() is taken


# -- extras -----------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def fields(miao):
    return [ExtraField.objects.create(name=name, is_open=is_open) for name,
            is_open in (("过敏", True), ("车牌", True), ("旧项", False))]


def written(miao):
    return {row.field.name: row.value for row in ExtraValue.objects.filter(customer=miao.family).select_related("field")}


def test_extras_are_written_replaced_and_taken_away(miao, fields):
    first, second, _closed = (field.pk for field in fields)
    found = []
    for values in ({first: " 花生 ", second: "浙A12345"}, {first: "海鲜"}, {second: " "}):
        facts.write_extras(miao.family, values, by=miao.head)
        found.append(written(miao))

    assert found == [{"过敏": "花生", "车牌": "浙A12345"}, {"过敏": "海鲜", "车牌": "浙A12345"}, {"过敏": "海鲜"}]


@pytest.mark.parametrize("which", ["closed", "missing"])
def test_a_field_that_is_closed_or_missing_takes_nothing(miao, fields, which):
    facts.write_extras(miao.family, {fields[2].pk if which == "closed" else 10**9: "x"}, by=miao.head)

    assert written(miao) == {}


def test_extras_never_reach_the_log(miao, fields):
    facts.write_extras(miao.family, {fields[0].pk: "花生"}, by=miao.head)

    assert Entry.objects.get(verb="crm.extras_written").data == {"customer": miao.family.pk}


# -- consent ------------------------------------------------------------------------------------------------------------------------
def test_a_withdrawal_ends_the_answer_in_force(miao, now):
    Consent.objects.create(family=miao.family.family, notice_version="v1", granted=True, at=now)
    facts.withdraw_consent(miao.family.family, by=miao.head, at=now)
    with pytest.raises(Refused, match="没有可以撤回的同意"):
        facts.withdraw_consent(miao.family.family, by=miao.head, at=now)

    assert Consent.objects.get().withdrawn_at == now

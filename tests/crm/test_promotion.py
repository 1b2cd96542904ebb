"""升班 moves every class up on one day, and can be taken back."""
from datetime import date

import pytest

from crm.models import ClassGroup, Enrolment
from crm.promotion import promote, propose, target_of, undo
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers

DAY = date(2026, 9, 1)


@pytest.fixture
def classes(school):
    with tenant_scope(school):
        groups = {name: ClassGroup.objects.create(campus=makers.campus(), name=name) for name in ("小一班", "大一班",
                "向日葵班")}
        for number, group in enumerate(groups.values()):
            customer = makers.family(f"孩{number}子", f"1380013800{number}", date(2025, 9, 1))
            Enrolment.objects.filter(child__family__customer=customer).update(class_group=group)
    return groups


def plan(groups):
    return {groups["小一班"].pk: "中一班", groups["大一班"].pk: "毕业", groups["向日葵班"].pk: "不动"}


def test_a_class_goes_up_a_grade_the_oldest_graduate_and_a_flower_stays():
    assert [target_of(name) for name in ("托一班", "小二班", "中一班", "大三班", "向日葵班")] == ["小一班", "中二班",
            "大一班", "毕业", "不动"]


def test_the_preview_says_who_goes_where_and_writes_nothing(school, classes):
    with tenant_scope(school):
        steps = {s.group.name: (s.children, s.target) for s in propose(makers.campus(), DAY)}

        assert steps == {"小一班": (1, "中一班"), "大一班": (1, "毕业"), "向日葵班": (1, "不动")}
        assert Enrolment.objects.exclude(until_on=None).count() == 0


def test_promoting_ends_and_opens_enrolments_and_undo_puts_all_back(school, head, classes, now):
    with tenant_scope(school):
        made = promote(makers.campus(), plan(classes), on=DAY, by=head, at=now)
        after = sorted(Enrolment.objects.on(DAY).values_list("class_group__name", flat=True))
        outcomes = sorted(Enrolment.objects.exclude(outcome="").values_list("outcome", flat=True))
        undo(made, by=head, at=now)
        back = sorted(Enrolment.objects.on(DAY).values_list("class_group__name", flat=True))

    assert (after, outcomes) == (["中一班", "向日葵班"], ["graduated", "promoted"])
    assert back == sorted(classes)


def test_a_second_promotion_in_the_year_is_refused(school, head, classes, now):
    with tenant_scope(school):
        promote(makers.campus(), plan(classes), on=DAY, by=head, at=now)
        with pytest.raises(Refused, match="已经升过班"):
            promote(makers.campus(), plan(classes), on=DAY, by=head, at=now)


def test_undo_is_refused_when_a_child_has_left_since(school, head, classes, now):
    with tenant_scope(school):
        made = promote(makers.campus(), plan(classes), on=DAY, by=head, at=now)
        Enrolment.objects.filter(class_group__name="中一班").update(until_on=date(2026, 10, 1))
        with pytest.raises(Refused, match="离园或转班"):
            undo(made, by=head, at=now)


@pytest.mark.parametrize(("name", "target"), [("托班", "小班"), ("小二班", "中二班"), ("中班", "大班"), ("大三班",
        "毕业"), ("大大班", "毕业"), ("向日葵班", "不动"), ("", "不动"), ("小", "中")])
def test_a_name_says_where_its_class_goes(name, target):
    assert target_of(name) == target


def test_a_class_that_is_missing_is_made_with_its_grade(school, head, classes, now):
    with tenant_scope(school):
        promote(makers.campus(), {classes["小一班"].pk: "中一班"}, on=DAY, by=head, at=now)

        assert ClassGroup.objects.get(name="中一班").grade == "中班"


def test_a_class_that_is_not_named_stays(school, head, classes, now):
    with tenant_scope(school):
        promote(makers.campus(), {classes["小一班"].pk: "中一班"}, on=DAY, by=head, at=now)

        assert Enrolment.objects.filter(class_group=classes["大一班"], until_on=None).count() == 1


def test_last_day_and_first_day_meet_without_a_gap(school, head, classes, now):
    with tenant_scope(school):
        made = promote(makers.campus(), {classes["小一班"].pk: "中一班"}, on=DAY, by=head, at=now)
        old, new = (Enrolment.objects.get(pk=pk) for pk in made.moves[0])

    assert (old.until_on, old.outcome, new.from_on, new.until_on) == (date(2026, 8, 31), "promoted", DAY, None)


def test_who_comes_on_that_very_day_is_not_moved(school, head, classes, now):
    with tenant_scope(school):
        Enrolment.objects.filter(class_group=classes["小一班"]).update(from_on=DAY)
        made = promote(makers.campus(), plan(classes), on=DAY, by=head, at=now)

    assert len(made.moves) == 1


def test_who_has_left_before_is_not_moved(school, head, classes, now):
    with tenant_scope(school):
        Enrolment.objects.filter(class_group=classes["小一班"]).update(until_on=date(2026, 6, 30), outcome="moved")
        made = promote(makers.campus(), plan(classes), on=DAY, by=head, at=now)

        assert len(made.moves) == 1
        assert [step.group.name for step in propose(makers.campus(), date(2026, 9, 2))] == ["向日葵班"]


def test_another_year_is_another_promotion(school, head, classes, now):
    with tenant_scope(school):
        promote(makers.campus(), {classes["小一班"].pk: "中一班"}, on=date(2025, 9, 2), by=head, at=now)
        again = promote(makers.campus(), {ClassGroup.objects.get(name="中一班").pk: "大一班"}, on=DAY, by=head, at=now)

        assert len(again.moves) == 1
        assert Enrolment.objects.filter(class_group__name="大一班", until_on=None).count() == 2


def test_undone_it_can_be_done_again(school, head, classes, now):
    with tenant_scope(school):
        for _ in range(2):
            undo(promote(makers.campus(), plan(classes), on=DAY, by=head, at=now), by=head, at=now)

        assert Enrolment.objects.filter(until_on=None).count() == 3
        assert Enrolment.objects.count() == 3

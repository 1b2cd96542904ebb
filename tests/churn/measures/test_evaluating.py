"""Evaluations: renewed every morning, the last word kept and told, never typed."""
import pytest

from churn.measures import evaluating, rules
from churn.measures.verdict import Count, Verdict
from churn.models import EffectRules, Evaluation, Measure
from crm.models import Satisfaction, WorkingGroup
from notifications.models import Message
from tenancy.models import Campus
from tests import makers
from tests.churn.conftest import AT, DAY, ONE, home
from tests.churn.measures.makers import measure

SPAN = 30


@pytest.fixture
def short(miao, head, on_the_day):
    return rules.keep(formula="start", satisfied=4, least=30, span_days=SPAN, by=head)


def answered(campus, good_before, good_after, of=40, start=DAY - SPAN * ONE):
    """So many of forty families of a campus were satisfied before, and so many after."""
    for number in range(of):
        customer = makers.family(f"{campus.code}{number}", f"139{campus.pk % 1000:03d}{number:05d}", at=campus)
        for day, good in ((start - 3 * ONE, good_before), (start + 3 * ONE, good_after)):
            Satisfaction.objects.create(customer=customer, answered_on=day, score=5 if number < good else 2)


@pytest.fixture
def west(miao):
    return Campus.objects.create(code="west", name="西园")


@pytest.fixture
def helped(relations, short, head, west):
    """Thirty days ago one campus began something; since then ten of forty became thirty, beside it nothing changed."""
    main = Campus.objects.get(code="main")
    answered(main, 10, 30)
    answered(west, 20, 20)
    return measure(head, DAY - SPAN * ONE, due_on=DAY, campus=main, indicator="satisfaction")


def test_what_helped_is_found_effective_beside_who_was_left_as_they_were(helped):
    done = evaluating.renew(DAY, at=AT)
    row = Evaluation.objects.get()
    seen = evaluating.seen(row)

    assert (done, row.is_final, row.days, row.verdict, row.control, row.is_worse) == (1, True, SPAN, "effective",
            "西园", False)
    assert (seen.treated.before, seen.treated.after, seen.control.before, seen.control.after) == (Count(10, 40),
            Count(30, 40), Count(20, 40), Count(20, 40))
    assert round(seen.found.net, 3) == 0.5 and seen.found.low > 0


def test_what_happened_to_everybody_is_not_credited_to_the_measure(short, head, west):
    main = Campus.objects.get(code="main")
    answered(main, 10, 30)
    answered(west, 10, 30)
    measure(head, DAY - SPAN * ONE, due_on=DAY, campus=main, indicator="satisfaction")
    evaluating.renew(DAY, at=AT)

    assert Evaluation.objects.get().verdict == "ineffective"


def test_what_made_it_worse_says_so(short, head, west):
    main = Campus.objects.get(code="main")
    answered(main, 38, 5)
    answered(west, 20, 20)
    measure(head, DAY - SPAN * ONE, due_on=DAY, campus=main, indicator="satisfaction")
    evaluating.renew(DAY, at=AT)

    row = Evaluation.objects.get()
    assert (row.verdict, row.is_worse) == ("ineffective", True)


def test_too_few_families_conclude_nothing_however_good_it_looks(short, head):
    main = Campus.objects.get(code="main")
    answered(main, 0, 29, of=29)
    measure(head, DAY - SPAN * ONE, due_on=DAY, indicator="satisfaction")
    evaluating.renew(DAY, at=AT)

    assert Evaluation.objects.get().verdict == "too_few"


def test_until_its_days_are_full_it_is_renewed_and_not_told(helped):
    for day in range(SPAN - 3, SPAN):
        assert evaluating.renew(DAY - (SPAN - day) * ONE, at=AT) == 0
    running = list(Evaluation.objects.values_list("is_final", "days"))
    Message.objects.all().delete()
    last = [evaluating.renew(DAY + n * ONE, at=AT) for n in (0, 0, 1, 30)]

    assert running == [(False, SPAN - 1)] and last == [1, 0, 0, 0]
    assert list(Evaluation.objects.values_list("is_final", "days")) == [(True, SPAN)]


def test_a_morning_that_was_missed_still_counts_the_same_days(helped):
    evaluating.renew(DAY + 9 * ONE, at=AT)

    row = Evaluation.objects.get()
    assert (row.days, row.verdict, row.is_final) == (SPAN, "effective", True)


def test_the_owner_and_the_groups_leader_learn_of_the_last_word(helped, head, relations):
    WorkingGroup.objects.create(kind="improvement", name="x", leader=relations)
    evaluating.renew(DAY, at=AT)

    assert sorted((m.member_id, m.title) for m in Message.objects.filter(title__contains="评估")) == sorted(
        (pk, "“主班一年不换”评估出来了：有效") for pk in (head.pk, relations.pk))


def test_what_has_not_begun_or_is_decided_is_not_counted(short, head):
    measure(head, DAY)
    measure(head, DAY + 9 * ONE)
    Measure.objects.filter(starts_on=DAY).update(starts_on=DAY - 5 * ONE, state="stopped", lesson="x", decided_on=DAY)

    assert evaluating.renew(DAY, at=AT) == 0 and not Evaluation.objects.exists()


def test_what_has_not_begun_cannot_be_counted(short, head):
    with pytest.raises(ValueError, match="has not begun"):
        evaluating.evaluate(measure(head, DAY), DAY, how=rules.in_force(), at=AT)


def test_a_verdict_keeps_the_rules_it_was_made_by(helped, head):
    evaluating.renew(DAY, at=AT)
    rules.keep(formula="end", satisfied=5, least=300, span_days=90, by=head)
    row = Evaluation.objects.get()

    assert (row.formula, row.satisfied, row.least, evaluating.seen(row).found.verdict) == ("start", 4, 30,
            Verdict.EFFECTIVE)


def test_it_is_counted_again_by_the_rules_in_force_and_both_words_stay(helped, head):
    evaluating.renew(DAY, at=AT)
    rules.keep(formula="end", satisfied=5, least=300, span_days=SPAN, by=head)
    evaluating.again(helped, day=DAY, by=head, at=AT)

    assert sorted(Evaluation.objects.values_list("verdict", "least")) == [("effective", 30), ("too_few", 300)]


def test_every_indicator_is_seen_with_its_own_first(helped):
    evaluating.renew(DAY, at=AT)
    found = evaluating.all_seen(Evaluation.objects.get())

    assert [one.indicator for one in found] == ["satisfaction", "loyalty", "renewal", "referral", "churn"]
    assert [one.more_is_better for one in found] == [True, True, True, True, False]
    assert found[4].treated.after == Count(0, 40) and found[2].treated.before == Count(0, 40)


def test_a_measure_without_anybody_to_compare_with_is_compared_with_itself(short, head):
    home(1)
    measure(head, DAY - SPAN * ONE, due_on=DAY)
    evaluating.renew(DAY, at=AT)
    row = Evaluation.objects.get()

    assert set(row.counts) == {"before", "after"}
    assert evaluating.seen(row).control is None
    assert row.control == ""


# -- rules -------------------------------------------------------------------------------------------------------------------------
def test_a_school_that_has_changed_nothing_is_judged_as_shipped(miao):
    row = rules.in_force()

    assert (row.formula, row.satisfied, row.least, row.span_days) == ("start", 4, 50, 90)
    assert not EffectRules.objects.exists()


def test_there_is_one_row_of_rules_however_often_they_change(short, head):
    rules.keep(formula="average", satisfied=3, least=60, span_days=60, by=head)

    assert list(EffectRules.objects.values_list("formula", "satisfied", "least", "span_days")) == [("average", 3, 60, 60)]

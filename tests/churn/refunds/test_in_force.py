"""Which refund rules hold for a school, and who may choose others."""
import pytest

from audit.models import Entry
from churn.models import RefundRules
from churn.refunds.in_force import choose, in_force
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import AT
from tests.conftest import make_member

OWN = {"tuition": {"method": "days", "clause": "合同第三条"}, "meals": {"method": "none", "clause": "不退"}}


def test_the_only_pack_of_a_trade_holds_without_being_chosen(miao):
    assert in_force("training").pack.code == "training" and in_force("training").row is None


@pytest.mark.parametrize("kind", ["kindergarten", "nursery", "x"])
def test_where_there_are_several_or_none_nothing_holds_until_one_is_chosen(miao, kind):
    assert in_force(kind) is None


def test_a_chosen_pack_holds_and_the_choice_is_on_record(head, miao):
    row = choose("hefei", {}, "", kind="kindergarten", by=head, at=AT)

    assert (in_force("kindergarten").pack.name, in_force("kindergarten").row) == ("合肥幼儿园", row)
    assert Entry.objects.get(verb="churn.refund_rules_kept").data == {"pack": "hefei"}


def test_the_newest_choice_holds_and_older_ones_stay(head, miao):
    for code in ("hefei", "taian"):
        choose(code, {}, "", kind="kindergarten", by=head, at=AT)

    assert in_force("kindergarten").pack.code == "taian" and RefundRules.objects.count() == 2


def test_a_school_writes_its_own_clauses(head, miao):
    choose("own", OWN, "入园协议第三条", kind="kindergarten", by=head, at=AT)

    pack = in_force("kindergarten").pack

    assert (pack.name, pack.basis, pack.rules["tuition"].method, pack.rules["meals"].clause) == ("本校的退费规则",
            "入园协议第三条", "days", "不退")


@pytest.mark.parametrize(("code", "own", "basis", "field"), [
    ("x", {}, "", "pack"),
    ("", {}, "", "pack"),
    ("training", {}, "", "pack"),
    ("own", OWN, " ", "basis"),
    ("own", {"tuition": {"method": "x", "clause": "x"}}, "x", "method_tuition"),
    ("own", {"tuition": {"method": "attendance", "clause": "x"}}, "x", "method_tuition"),
    ("own", {"tuition": {"method": "days", "clause": " "}}, "x", "clause_tuition"),
    ("own", {"x": {"method": "days", "clause": "x"}}, "x", "method_x"),
])
def test_what_is_not_sound_is_refused_at_its_field(head, miao, code, own, basis, field):
    with pytest.raises(Refused) as refusal:
        choose(code, own, basis, kind="kindergarten", by=head, at=AT)

    assert refusal.value.field == field and RefundRules.objects.count() == 0


def test_who_may_not_change_rules_is_refused(school):
    teacher = make_member(school, "teacher")

    with pytest.raises(Forbidden):
        choose("hefei", {}, "", kind="kindergarten", by=teacher, at=AT)

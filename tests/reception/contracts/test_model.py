"""A contract against a model: whatever is tried in whatever order, it is a draft, then signed, then void, and nothing else changes."""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.models import Enrolment
from reception.contracts import actions
from reception.contracts.actions import explain, open_link, seal_contract, sign, void
from reception.models import Contract
from tenancy.refusals import Refused
from tests.conftest import make_member
from tests.reception.contracts.makers import contract, prospect, signing, template
from tests.reception.makers import NOW

ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("explain"), st.integers(0, 4), st.booleans()),
        st.tuples(st.just("sign")),
        st.tuples(st.just("void")),
        st.tuples(st.just("link")),
        st.tuples(st.just("seal")),
    ),
    max_size=14,
)
QUICK = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass
class Model:
    """What a contract with three clauses should be."""

    state: str = "draft"
    explained: set[int] = field(default_factory=set)
    is_sealed: bool = False
    was_signed: bool = False

    def may(self, act: tuple) -> bool:
        return {
            "explain": lambda: self.state == "draft" and 1 <= act[1] <= 3,
            "sign": lambda: self.state == "draft" and self.explained == {1, 2, 3},
            "void": lambda: self.state != "void",
            "link": lambda: self.state == "signed" or self.state == "draft" and self.explained == {1, 2, 3},
            "seal": lambda: True,
        }[act[0]]()

    def do(self, act: tuple) -> None:
        if act[0] == "explain":
            (self.explained.add if act[2] else self.explained.discard)(act[1])
        elif act[0] == "sign":
            self.state, self.was_signed = "signed", True
        elif act[0] == "void":
            self.state = "void"
        elif act[0] == "seal" and self.state != "draft" and self.was_signed:
            self.is_sealed = True


def do(row: Contract, act: tuple, by) -> None:
    {
        "explain": lambda: explain(row, act[1], done=act[2], by=by, at=NOW),
        "sign": lambda: sign(row, signing(), by=by, at=NOW),
        "void": lambda: void(row, "换一份", by=by, at=NOW),
        "link": lambda: open_link(row, by=by, at=NOW),
        "seal": lambda: seal_contract(row.pk, at=NOW),
    }[act[0]]()


@pytest.fixture
def tang(school):
    return make_member(school, "supervisor", "唐主任")


@pytest.fixture
def text(tang, miao):
    return template(tang, miao.head)


def differs(text, tang, acts) -> list:
    """Where the contract and the model part, if they do; nothing of it stays."""
    found, model = [], Model()
    with transaction.atomic():
        row = contract(text, tang, prospect())
        for act in acts:
            allowed = model.may(act)
            try:
                with transaction.atomic():
                    do(Contract.objects.get(pk=row.pk), act, tang)
                done = True
            except Refused:
                done = False
            if allowed:
                model.do(act)
            kept = Contract.objects.get(pk=row.pk)
            here = (kept.state, {int(n) for n in kept.explained}, bool(kept.digest), Enrolment.objects.count())
            if (done, here) != (allowed, (model.state, model.explained, model.is_sealed, int(model.state == "signed"))):
                found.append((act, done, here, model))
        transaction.set_rollback(True)
    return found


@given(ACTS)
@QUICK
def test_random_sequences_equal_the_model(text, tang, acts):
    assert differs(text, tang, acts) == []


FULL = [("explain", 1, True), ("explain", 2, True), ("sign",), ("explain", 3, True), ("sign",), ("link",), ("seal",),
        ("void",), ("sign",)]


@pytest.mark.parametrize(
    "planted",
    [
        ("_must_be_explained", lambda row: None),
        ("_enrol", lambda row, by: None),
        ("_draft", lambda row: Contract.objects.get(pk=row.pk)),
    ],
    ids=lambda planted: planted[0],
)
def test_a_planted_fault_is_seen(text, tang, monkeypatch, planted):
    assert differs(text, tang, FULL) == []

    monkeypatch.setattr(actions, *planted)

    assert differs(text, tang, FULL) != []

"""Rules of warning: kept as versions, tried before they are kept, refused where they say nothing new."""
from collections import Counter

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from churn.models import WeightsVersion
from churn.risk.rules import SHIPPED, Weights
from churn.risk.weighing import SWEEP, Preview, in_force, keep, preview
from notifications.models import Outbox
from tenancy.models import Campus
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.conftest import DAY, home, signalled
from tests.conftest import make_school

HARD = Weights({"transfer": ((1, 90),)}, 20, 60)


def kept(school, weights=HARD, after=0, by=None, at=None, note=" 看转园 "):
    return keep(weights, after=after, note=note, by=by or school.head, at=at)


def test_a_school_that_changed_nothing_uses_what_is_shipped(miao):
    assert in_force() == (0, SHIPPED)


def test_what_is_kept_is_in_force_and_everybody_is_judged_anew(miao, now):
    version = kept(miao, at=now)

    assert in_force() == (1, HARD) and version.note == "看转园" and version.by == miao.head
    assert Outbox.objects.filter(topic=SWEEP).count() == 1


def test_every_version_stays_and_the_newest_counts(miao, now):
    kept(miao, at=now)
    kept(miao, SHIPPED, after=1, at=now)

    assert in_force() == (2, SHIPPED)
    assert [version.as_weights() for version in WeightsVersion.objects.all()] == [SHIPPED, HARD]


def test_a_kept_version_cannot_be_changed_by_the_application(miao, now):
    kept(miao, at=now)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE churn_weightsversion SET high = 99")


def test_who_changed_an_older_version_is_told_that_a_newer_one_is_there(miao, now):
    kept(miao, at=now)

    with pytest.raises(Refused) as refusal:
        kept(miao, SHIPPED, after=0, at=now)
    assert refusal.value.code == "stale" and in_force() == (1, HARD)


def test_the_same_rules_again_make_no_version(miao, now):
    with pytest.raises(Refused) as refusal:
        kept(miao, SHIPPED, at=now)

    assert refusal.value.code == "same" and not WeightsVersion.objects.exists()


@pytest.mark.parametrize("weights", [Weights({}, 50, 50), Weights({"run": ((5, 8), (3, 16))}),
        Weights({"flying": ((1, 1),)})])
def test_rules_that_cannot_be_right_are_refused(miao, now, weights):
    with pytest.raises(Refused) as refusal:
        kept(miao, weights, at=now)

    assert refusal.value.code == "faulty" and not WeightsVersion.objects.exists()


def test_who_may_not_rule_is_refused(relations, miao, now):
    with pytest.raises(Forbidden):
        kept(miao, by=relations, at=now)


@pytest.mark.parametrize("bands", [{"watch": 0, "high": 50}, {"watch": 50, "high": 50}, {"watch": 20, "high": 101}])
def test_the_database_itself_refuses_bands_that_cannot_be(miao, bands):
    with pytest.raises(IntegrityError, match="weights_version_bands"), transaction.atomic():
        WeightsVersion.objects.create(number=1, steps={}, **bands)


def test_another_schools_rules_are_not_ours(school, head, now):
    other = make_school("qi")
    with tenant_scope(school):
        keep(HARD, after=0, note="", by=head, at=now)
    with tenant_scope(other):
        assert in_force() == (0, SHIPPED)


# -- trying --------------------------------------------------------------------------------------------------------------------
def test_a_trial_counts_who_changes_and_writes_nothing(miao):
    home(1), home(2, transfer=1), home(3, transfer=2), home(4, complaints=2)

    tried = preview(Weights({"transfer": ((1, 90),), "complaints": ((2, 10),)}, 20, 60), DAY)

    assert tried == Preview(4, Counter(low=2, watch=1, high=1), Counter(low=2, high=2), worse=1, better=0)
    assert not WeightsVersion.objects.exists() and not Outbox.objects.filter(topic=SWEEP).exists()


def test_milder_rules_are_counted_as_better(miao):
    home(1, transfer=1), home(2, transfer=2)

    tried = preview(Weights({}, 20, 60), DAY)

    assert (tried.worse, tried.better, tried.after) == (0, 2, Counter(low=2))


def test_a_trial_counts_only_the_readers_campuses(miao):
    west = Campus.objects.create(code="west", name="西园")
    home(1, transfer=2)
    signalled(makers.family("孩4", "13800138004", at=west, since=DAY.replace(year=2025)), transfer=2)

    assert (preview(HARD, DAY, [west.pk]).families, preview(HARD, DAY).families,
            preview(HARD, DAY, []).families) == (1, 2, 0)
